"""DELETE MODEL: forget a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.foresight import Foresight, Makes, without_model
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, statements


@dataclass(frozen=True)
class DeleteModel(Statement):
    """``DELETE MODEL m``."""

    heads = (("DELETE", "MODEL"), ("DROP", "MODEL"))
    syntax = "DELETE MODEL model"
    help = statements.DELETE_MODEL
    example = "DELETE MODEL my_clip"

    model: Name

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows DELETE MODEL."""
        start = cursor.start_of(words)
        model = cursor.name("model")
        return cls(cursor.span_from(start), words, model)

    def run(self, runtime: Runtime) -> Message:
        """Forget it and say which columns it made."""
        catalog = runtime.catalog
        model = catalog.model(self.model.text, self.model.span)
        made = [
            f"{table.name}.{column.name}"
            for table in catalog.tables.values()
            for column in table.columns
            if column.generated is not None and column.generated.model == model.name
        ]
        runtime.forget_model(model.name, self.model.span)
        lines = [answers.MODEL_DELETED(name=model.name)]
        if made:
            lines.append(answers.COLUMNS_STAY(columns=", ".join(sorted(made))))
        return Message("\n".join(lines))

    def makes(self, known: Foresight) -> Makes:
        """The model is gone."""
        return Makes(without_model(known.catalog, self.model.text))
