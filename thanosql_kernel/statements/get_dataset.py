"""GET THANOSQL DATASET: fetch photos to try things on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.statements.options import OVERWRITE
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import statements


@dataclass(frozen=True)
class GetDataset(Statement):
    """``GET THANOSQL DATASET d [OPTIONS(overwrite=…)]``."""

    heads = (("GET", "THANOSQL", "DATASET"),)
    syntax = "GET THANOSQL DATASET dataset [OPTIONS(overwrite=True)]"
    help = statements.GET_DATASET
    example = "GET THANOSQL DATASET sample_photos"
    option_specs = (OVERWRITE,)

    dataset: Name
    given: tuple[Assignment, ...]

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows GET THANOSQL DATASET."""
        start = cursor.start_of(words)
        dataset = cursor.name("data set")
        given = cursor.options()
        return cls(cursor.span_from(start), words, dataset, given)

    def run(self, runtime: Runtime) -> Message:
        """Fetch it; what is there already is not fetched again."""
        overwrite = self.options.flag("overwrite")
        return Message(runtime.fetch_dataset(self.dataset.text, overwrite=overwrite, span=self.dataset.span))
