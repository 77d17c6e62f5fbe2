"""GET THANOSQL DATASET: fetch photos to try things on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.errors import ParseError, ThanoSQLError
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.statements.foresight import Foresight
from thanosql_kernel.statements.options import OVERWRITE, Option, removal
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import datasets, statements
from thanosql_kernel.wording.grammar import TS102, TS103

_UNSPLASH = "unsplash_data"
_MOST_WORKERS = 16
LIMIT = Option("limit", "integer", datasets.LIMIT, default=1000, none=True, minimum=1)
WIDTH = Option("width", "integer", datasets.WIDTH, default=640, minimum=16)
WORKERS = Option("workers", "integer", datasets.WORKERS, default=8, minimum=1)


@dataclass(frozen=True)
class GetDataset(Statement):
    """``GET THANOSQL DATASET d [OPTIONS(limit=…, width=…, workers=…, overwrite=…)]``."""

    heads = (("GET", "THANOSQL", "DATASET"),)
    syntax = "GET THANOSQL DATASET dataset [OPTIONS(limit=1000, overwrite=True)]"
    help = statements.GET_DATASET
    example = "GET THANOSQL DATASET sample_photos"
    option_specs = (OVERWRITE, LIMIT, WIDTH, WORKERS)

    dataset: Name
    given: tuple[Assignment, ...]

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows GET THANOSQL DATASET."""
        start = cursor.start_of(words)
        dataset = cursor.name("data set")
        given = cursor.options()
        return cls(cursor.span_from(start), words, dataset, given)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Options that the data set does not have, and more workers than a server should have to bear."""
        yield from super().check(known)
        for option in (LIMIT, WIDTH, WORKERS):
            given = self.options.assignment(option.name)
            if given is not None and self.dataset.text.lower() != _UNSPLASH:
                message = TS102.NOT_OF_THIS(name=option.name, whole=self.dataset.text)
                yield ParseError(message, span=given.name_span, fixes=[removal(given)])
        workers = self.options.integer("workers")
        if workers is not None and workers > _MOST_WORKERS:
            message = TS103.AT_MOST(name="workers", maximum=_MOST_WORKERS)
            yield ParseError(message, span=self.options.given_span("workers"))

    def run(self, runtime: Runtime) -> Message:
        """Fetch it; what is there already is not fetched again."""
        told = runtime.fetch_dataset(
            self.dataset.text,
            overwrite=self.options.flag("overwrite"),
            limit=self.options.integer("limit"),
            width=self.options.integer("width") or 640,
            workers=self.options.integer("workers") or 8,
            span=self.dataset.span,
        )
        return Message(told)
