"""Columns of a table that are to be added, renamed or dropped: whether they can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from thanosql_kernel.catalog import Column, Table
from thanosql_kernel.catalog.unknown import no_column, no_type
from thanosql_kernel.duck.binder import known_type
from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.engine.store.arrow_types import storable_schema
from thanosql_kernel.engine.store.names import check_column_name
from thanosql_kernel.errors import Span, UnknownName
from thanosql_kernel.wording.names import TS204

if TYPE_CHECKING:
    import pyarrow as pa


def field_of(duck: Duck, column: str, sql_type: str, span: Span | None) -> tuple[pa.Field, str]:
    """The Arrow field of a column as it is stored, and DuckDB's own name of its type.

    Raises:
        TypeMismatch: TS300 there is no such type.
    """
    import pyarrow as pa

    known = known_type(sql_type)
    if known is None:
        raise no_type(sql_type, span)
    schema = duck.table(f"SELECT CAST(NULL AS {sql_type}) AS value LIMIT 0").schema
    return pa.field(column, storable_schema(schema).field(0).type), known


def check_free(table: Table, column: str, span: Span | None) -> None:
    """Refuse a column name that is taken or cannot be stored."""
    check_column_name(column, span)
    taken = table.column(column)
    if taken is not None:
        raise UnknownName(TS204.COLUMN_EXISTS(table=table.name, column=taken.name), span=span)


def existing_column(table: Table, column: str, span: Span | None) -> Column:
    """The column of that name.

    Raises:
        UnknownName: TS202.
    """
    found = table.column(column)
    if found is None:
        raise no_column(column, span, (item.name for item in table.columns), table.name)
    return found
