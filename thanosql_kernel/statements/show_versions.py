"""SHOW VERSIONS: what RESTORE can bring back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.catalog import Column
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.foresight import Foresight, Makes
from thanosql_kernel.statements.results import Result
from thanosql_kernel.statements.runtime import Runtime, TableVersion
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, statements

HOURS = 24
"""How long what a change took away stays."""


@dataclass(frozen=True)
class ShowVersions(Statement):
    """``SHOW VERSIONS t``."""

    heads = (("SHOW", "VERSIONS"),)
    syntax = "SHOW VERSIONS table"
    help = statements.SHOW_VERSIONS
    example = "SHOW VERSIONS photos"
    table_valued = True

    table: Name

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows SHOW VERSIONS."""
        start = cursor.start_of(words)
        table = cursor.name("table")
        return cls(cursor.span_from(start), words, table)

    def evaluate(self, runtime: Runtime) -> Relation:
        """One row a version."""
        import pyarrow as pa

        found = runtime.table_versions(self.table.text, self.table.span)
        return runtime.rows(
            pa.table(
                {
                    "version": pa.array([item.number for item in found], pa.int64()),
                    "written": pa.array([item.written for item in found], pa.timestamp("us", "UTC")),
                    "rows": pa.array([item.rows for item in found], pa.int64()),
                    "columns": pa.array([", ".join(item.columns) for item in found], pa.string()),
                    "state": pa.array([_state(item, found[0]) for item in found], pa.string()),
                }
            )
        )

    def run(self, runtime: Runtime) -> Result:
        """Show them, and say how long they stay."""
        rows = self.evaluate(runtime)
        table = quote_if_needed(runtime.catalog.named_table(self.table.text).name)
        runtime.notice(answers.VERSIONS_STAY(table=table, hours=HOURS))
        return runtime.preview(rows)

    def makes(self, known: Foresight) -> Makes:
        """Rows with always the same columns."""
        types = ("BIGINT", "TIMESTAMP WITH TIME ZONE", "BIGINT", "VARCHAR", "VARCHAR")
        names = ("version", "written", "rows", "columns", "state")
        columns = tuple(Column(name, kind) for name, kind in zip(names, types, strict=True))
        return Makes(known.catalog, lambda: columns)


def _state(version: TableVersion, newest: TableVersion) -> str:
    state = str(answers.PRESENT if version is newest else answers.EARLIER)
    return state if version.problem is None else answers.DAMAGED_VERSION(state=state, problem=version.problem)
