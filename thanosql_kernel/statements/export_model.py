"""EXPORT MODEL: take a model that was trained here elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.errors import ModelError, ThanoSQLError
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name, Value
from thanosql_kernel.statements.foresight import Foresight
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.statements.templates import gap
from thanosql_kernel.wording import training
from thanosql_kernel.wording.training import TS404


@dataclass(frozen=True)
class ExportModel(Statement):
    """``EXPORT MODEL m TO 'folder'``."""

    heads = (("EXPORT", "MODEL"),)
    syntax = "EXPORT MODEL model TO 'folder'"
    help = training.EXPORT_MODEL
    example = "EXPORT MODEL my_classifier TO 'models/my_classifier'"

    model: Name
    path: Value

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows EXPORT MODEL."""
        start = cursor.start_of(words)
        model = cursor.name("model")
        cursor.expect("TO")
        path = cursor.text("path")
        return cls(cursor.span_from(start), words, model, path)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A model that was not trained here, a gap for the path."""
        yield from super().check(known)
        if self.path.form == "placeholder":
            yield gap(self.path.text, self.path.span)
        model = known.catalog.models.get(self.model.text)
        if known.has_database and model is not None and model.trained is None:
            yield ModelError(TS404.NO_HEAD(model=model.name), span=self.model.span)

    def run(self, runtime: Runtime) -> Message:
        """Write the folder."""
        model = runtime.catalog.model(self.model.text, self.model.span)
        runtime.export_model(model, self.path.text, span=self.path.span)
        return Message(training.EXPORTED(model=model.name, path=self.path.text))
