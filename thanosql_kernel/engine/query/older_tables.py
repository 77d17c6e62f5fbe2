"""Rows of a folder for a table that was made when folders gave fewer columns."""

from __future__ import annotations

from collections.abc import Callable

from thanosql_kernel.catalog import Table
from thanosql_kernel.engine.relations.arrow import ArrowRelation, FolderRelation
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.folders.columns import columns_for
from thanosql_kernel.wording import media as told


def rows_for(table: Table, rows: Relation, notice: Callable[[str], None]) -> Relation:
    """Rows of a folder with the columns that the table takes; others as they are.

    Args:
        table: Where they go.
        rows: The rows.
        notice: Told which columns are left out.
    """
    if not isinstance(rows, FolderRelation):
        return rows
    taken = columns_for(table.columns, rows.columns)
    left_out = [column.name for column in rows.columns if column not in taken]
    if not left_out:
        return rows
    notice(told.COLUMNS_LEFT_OUT(table=table.name, names=", ".join(left_out)))
    return ArrowRelation(rows.fetch([column.name for column in taken]), taken)
