"""SHOW INDEXES."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.catalog import Column
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.foresight import Foresight, Makes
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import indexes

_TYPES = {
    "name": "VARCHAR",
    "table": "VARCHAR",
    "column": "VARCHAR",
    "kind": "VARCHAR",
    "rows": "BIGINT",
    "recall": "DOUBLE",
    "state": "VARCHAR",
}


@dataclass(frozen=True)
class ShowIndexes(Statement):
    """``SHOW INDEXES [ON t]``."""

    heads = (("SHOW", "INDEXES"), ("LIST", "INDEX"))
    syntax = "SHOW INDEXES [ON table]"
    help = indexes.SHOW_INDEXES
    example = "SHOW INDEXES"
    table_valued = True

    table: Name | None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows SHOW INDEXES."""
        start = cursor.start_of(words)
        has_table = cursor.accept("ON") is not None
        table = cursor.name("table") if has_table else None
        return cls(cursor.span_from(start), words, table)

    def evaluate(self, runtime: Runtime) -> Relation:
        """One row an index."""
        import pyarrow as pa

        found = runtime.indexes(*((self.table.text, self.table.span) if self.table else ()))
        aliases = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "DOUBLE": pa.float64()}
        columns = {
            name: pa.array([getattr(item, name) for item in found], aliases[kind])
            for name, kind in _TYPES.items()
        }
        return runtime.rows(pa.table(columns))

    def makes(self, known: Foresight) -> Makes:
        """Rows with always the same columns."""
        columns = tuple(Column(name, kind) for name, kind in _TYPES.items())
        return Makes(known.catalog, lambda: columns)
