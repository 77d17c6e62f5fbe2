"""DESCRIBE: the columns of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.foresight import Foresight, Makes, text_columns
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words


@dataclass(frozen=True)
class Describe(Statement):
    """``DESCRIBE t``."""

    heads = (("DESCRIBE",), ("DESC",))
    syntax = "DESCRIBE table"
    help = "Show a table's columns, their types, and which model made the generated ones."
    example = "DESCRIBE photos"
    table_valued = True

    table: Name

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows DESCRIBE."""
        start = cursor.start_of(words)
        table = cursor.name("table")
        return cls(cursor.span_from(start), words, table)

    def evaluate(self, runtime: Runtime) -> Relation:
        """One row a column."""
        import pyarrow as pa

        table = runtime.catalog.table(self.table.text, self.table.span)
        made_by = [
            f"{made.model} ({made.weights.name}) from {made.source}" if (made := column.generated) else None
            for column in table.columns
        ]
        data = {
            "column_name": pa.array([column.name for column in table.columns], pa.string()),
            "type": pa.array([column.type for column in table.columns], pa.string()),
            "made_by": pa.array(made_by, pa.string()),
        }
        return runtime.rows(pa.table(data))

    def makes(self, known: Foresight) -> Makes:
        """Rows with always the same columns."""
        return Makes(known.catalog, lambda: text_columns("column_name", "type", "made_by"))
