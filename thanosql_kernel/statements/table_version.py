"""A table as it was at a version, where SQL names a table: ``FROM t VERSION 3``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.errors import ParseError
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name, Value
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.foresight import Columns, Foresight, Makes, some
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording.grammar import TS103


@dataclass(frozen=True)
class TableVersionRead(Statement):
    """``t VERSION 3``, or ``t AT (VERSION => 3)``."""

    table_valued = True
    reads_stored = True

    table: Name
    version: int | None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read the table's name and what says of which version it is."""
        start = cursor.here().start
        table = cursor.name("table", at_version=True)
        in_brackets = cursor.accept("AT") is not None and cursor.expect("(") is not None
        cursor.expect("VERSION")
        if in_brackets:
            cursor.expect("=")
            cursor.expect(">")
        version = version_number(cursor)
        if in_brackets:
            cursor.expect(")")
        return cls(cursor.span_from(start), words, table, version)

    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows that it had."""
        assert self.version is not None, "parameters have values when a statement runs"
        return runtime.table_at_version(self.table.text, self.version, self.span)

    def makes(self, known: Foresight) -> Makes:
        """Rows with columns of its own: those of today are known, and may have been others."""
        return Makes(known.catalog, lambda: self._columns(known))

    def _columns(self, known: Foresight) -> Columns:
        table = known.catalog.find_table(self.table.text)
        if table is None or not table.columns:
            return None
        return some(table.columns)


def version_number(cursor: Cursor) -> int | None:
    """Read the number of a version; None for a parameter that has no value yet.

    Raises:
        ParseError: TS103, it is none.
    """
    value: Value = cursor.value("version")
    if value.form == "parameter":
        return None
    if not isinstance(value.value, int) or isinstance(value.value, bool) or value.value < 1:
        raise ParseError(TS103.NO_VERSION_NUMBER(), span=value.span)
    return value.value
