"""RETURNING: what is given of the rows that a statement adds, changes or deletes, computed before it commits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from thanosql_kernel.duck.errors import Place
from thanosql_kernel.duck.parser import parsed, unparsed
from thanosql_kernel.duck.tree import walk
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.query.expressions import Expression, Expressions
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store.edit import Change, Positions
from thanosql_kernel.errors import Unsupported
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Target
from thanosql_kernel.wording.refusals import TS600

if TYPE_CHECKING:
    import pyarrow as pa

_ACTION = "merge_action"


def returned(
    queries: Queries,
    target: StoredRelation,
    aim: Target,
    deleted: Positions,
    changes: Sequence[Change],
    new: SqlRelation | None,
    *,
    tells_action: bool = False,
) -> SqlRelation | None:
    """What RETURNING gives: rows that go as they were, others as they will be, first those of the table, in its order.

    Args:
        queries: The statement's.
        target: The table before.
        aim: What the statement says of it.
        deleted: Rows that go.
        changes: New values of others.
        new: Rows that are added.
        tells_action: Whether there is a column ``merge_action``, which ``*`` leaves out.
    """
    if aim.returning is None:
        return None
    parts = Expressions(queries, target, aim, [aim.returning])
    action = f", CAST('' AS VARCHAR) AS {_ACTION}" if tells_action else ""
    empty = f"(SELECT *{action} FROM {parts.empty}) AS {quote(parts.name)}"
    items = parts.items(aim.returning, empty)
    _check_of_rows(parts, items, empty)
    names = _needed(target, parts.name, aim.returning, items)
    rows = _Rows(queries, target, names, tells_action)
    sql = rows.union(deleted, changes, new)
    kept = parts.keep(f"SELECT\n{_written(items, tells_action)}\nFROM ({sql}) AS {quote(parts.name)}")
    columns = queries.duck.describe(f"FROM {kept}")
    place = Place("", aim.returning.span.start)
    return SqlRelation(queries.duck, f"FROM {kept}", columns, place=place, repeatable=True)


def _check_of_rows(parts: Expressions, items: Expression, empty: str) -> None:
    """Refuse aggregates, which give a row of none, and windows.

    Raises:
        Unsupported: With its place.
    """
    windows = any(part.get("class") == "WINDOW" for part in walk(items.tree))
    if windows or parts.run(f"SELECT\n{items.sql}\nFROM {empty}").num_rows:
        raise Unsupported(TS600.ROW_BY_ROW(), span=items.place.whole, hint=TS600.QUERY_THE_TABLE())


def _needed(target: StoredRelation, called: str, returning: Query, items: Expression) -> list[str]:
    """The table's columns that RETURNING may name."""
    named = {token.name.lower() for token in returning.tokens if token.is_name}
    has_star = items.tree is None or any(part.get("class") == "STAR" for part in walk(items.tree))
    whole = has_star or called.lower() in named
    return [name for name in target.names if whole or name.lower() in named]


def _written(items: Expression, tells_action: bool) -> str:
    """The items as they run: a star leaves the action out."""
    if not tells_action or items.tree is None or "*" not in items.sql:
        return items.sql
    tree = parsed(f"SELECT {items.sql}")
    for item in tree["statements"][0]["node"]["select_list"]:
        if item["class"] == "STAR" and not item["columns"]:
            item["exclude_list"] = [*item["exclude_list"], _ACTION]
    return unparsed(tree).removeprefix("SELECT ")


class _Rows:
    """The rows that change, as SQL."""

    def __init__(
        self, queries: Queries, target: StoredRelation, names: Sequence[str], tells_action: bool
    ) -> None:
        self._queries = queries
        self._target = target
        self._names = list(names)
        self._tells_action = tells_action

    def union(self, deleted: Positions, changes: Sequence[Change], new: SqlRelation | None) -> str:
        changed = _positions(changes)
        tables = [*self._of_table(deleted, "DELETE"), *self._changed(changed, changes)]
        parts = [f"SELECT {self._items()} FROM {self._in_order(tables)}"] if tables else []
        if new is not None or not parts:
            source = f"(\n{new.sql}\n)" if new is not None else f"({self._nothing()})"
            items = self._items("'INSERT'")
            parts.append(f"SELECT {items} FROM {source}")
        return " UNION ALL ".join(parts)

    def _items(self, action: str = _ACTION) -> str:
        items = [
            f"CAST({quote(name)} AS {self._target.column(name).type}) AS {quote(name)}"
            for name in self._names
        ]
        return ", ".join([*items, f"{action} AS {_ACTION}"] if self._tells_action else items) or "1 AS _"

    def _nothing(self) -> str:
        empty = self._queries.duck.scratch_name()
        self._queries.duck.register(empty, self._target.dataset.schema.empty_table())
        return f"FROM {empty}"

    def _of_table(self, positions: Positions, action: str) -> Iterator[tuple[Positions, pa.Table]]:
        """Rows of the table as they are, with what happens to them."""
        import pyarrow as pa

        if len(positions):
            rows = self._target.take(positions.tolist(), self._names or self._target.names[:1])
            yield positions, rows.append_column(_ACTION, pa.array([action] * len(positions)))

    def _changed(
        self, positions: Positions, changes: Sequence[Change]
    ) -> Iterator[tuple[Positions, pa.Table]]:
        for _, rows in self._of_table(positions, "UPDATE"):
            for change in changes:
                for name in change.values.column_names:
                    if name in self._names:
                        rows = _with_values(rows, name, np.searchsorted(positions, change.positions), change)
            yield positions, rows

    def _in_order(self, tables: Sequence[tuple[Positions, pa.Table]]) -> str:
        """The name of all these rows, in the order of the table."""
        import pyarrow as pa

        rows = pa.concat_tables([table for _, table in tables])
        order = np.argsort(np.concatenate([positions for positions, _ in tables]))
        name = self._queries.duck.scratch_name()
        self._queries.duck.register(name, rows.take(pa.array(order)))
        return name


def _positions(changes: Sequence[Change]) -> Positions:
    found = [change.positions for change in changes]
    return np.unique(np.concatenate([*found, np.empty(0, np.int64)])).astype(np.int64)


def _with_values(rows: pa.Table, name: str, places: Any, change: Change) -> pa.Table:
    """Rows with new values of a column in some places."""
    import pyarrow as pa

    index = rows.schema.get_field_index(name)
    field = rows.schema.field(index)
    choice = np.arange(len(rows))
    choice[places] = len(rows) + np.arange(len(change.positions))
    both = pa.concat_arrays(
        [rows.column(index).combine_chunks(), change.values.column(name).combine_chunks().cast(field.type)]
    )
    return rows.set_column(index, field, both.take(pa.array(choice)))
