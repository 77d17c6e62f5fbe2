"""A table's own rows with a column beside them, stored in that very table: CONVERT and SEARCH over a plain table."""

from __future__ import annotations

from typing import cast

from thanosql_kernel.catalog import Table
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.engine.relations.beside import BesideRelation
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store.add_column import ColumnPart, put_column
from thanosql_kernel.engine.store.arrow_types import storable_schema
from thanosql_kernel.engine.store.failures import Conflict
from thanosql_kernel.engine.store.identity import table_identity
from thanosql_kernel.engine.store.provenance import with_generated
from thanosql_kernel.engine.store.tables import Tables
from thanosql_kernel.engine.work import Advancing, Work
from thanosql_kernel.wording import answers
from thanosql_kernel.wording.data import TS503


def is_own_rows(rows: Relation, table: Table) -> bool:
    """Whether these are all rows and columns of a table as it was read, with at most one column beside."""
    if isinstance(rows, BesideRelation):
        return rows.positions is None and len(rows.added_columns) == 1 and _is_whole(rows.base, table)
    return _is_whole(rows, table)


def _is_whole(rows: Relation, table: Table) -> bool:
    return (
        isinstance(rows, StoredRelation)
        and rows.is_whole
        and not rows.is_past
        and rows.table.storage_name == table.storage_name
        and rows.columns == rows.table.columns
    )


def put_own_column(tables: Tables, rows: Relation, work: Work) -> None:
    """Store the column beside a table's own rows in the table, whose lock must be held; without one nothing is to do.

    Raises:
        Conflict: The table was changed since the rows were read, and nothing is written.
    """
    base = cast(StoredRelation, rows.base if isinstance(rows, BesideRelation) else rows)
    present = tables.store.open(base.table.storage_name)
    if table_identity(present) != table_identity(base.dataset):
        raise Conflict(TS503.CHANGED())
    if isinstance(rows, BesideRelation):
        with work.progress(answers.STORING(name=base.table.name), None, "rows") as bar:
            parts = _put(tables, rows, base, work, bar)
        rows.added.stored(base.dataset, parts)
        tables.refresh()


def _put(
    tables: Tables, rows: BesideRelation, base: StoredRelation, work: Work, bar: Advancing
) -> list[ColumnPart]:
    (column,) = rows.added_columns
    old = find_column(base.columns, column.name)
    return put_column(
        tables.store,
        base.dataset,
        with_generated(storable_schema(rows.added.schema), [column]).field(0),
        lambda start, size: rows.added.slice(start, size).column(0).combine_chunks(),
        in_place_of=None if old is None else old.name,
        changed=rows.added.changed,
        check=work.check,
        advance=bar.advance,
    )
