"""Rows with their positions beside them, for DuckDB to choose from."""

from __future__ import annotations

from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.sql.identifiers import quote


def numbered(duck: Duck, name: str, position: str) -> str:
    """A view of rows whose last column is the row's position among them; returns its name.

    DuckDB numbers rows in the order in which they are scanned: a window without PARTITION BY and ORDER BY is a
    streaming operator, for which one thread reads the source in order.

    Args:
        duck: The connection that knows the rows.
        name: What they are called there.
        position: What to call the column.
    """
    view = duck.scratch_name()
    duck.create_view(view, f"SELECT *, row_number() OVER () - 1 AS {quote(position)} FROM {quote(name)}")
    return view
