"""Columns in a select list that has no FROM yet: those of all tables, and the FROM that each of them needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from thanosql_kernel.analysis.features.completion.all_columns import AllColumns, Owned, all_columns
from thanosql_kernel.analysis.features.completion.items import Completion, Edit, Tier, column_item, is_vector
from thanosql_kernel.analysis.features.completion.position import Position
from thanosql_kernel.analysis.features.completion.ranking import Recent, closeness
from thanosql_kernel.analysis.features.completion.select_list import find_select_list
from thanosql_kernel.analysis.meaning.place import Place
from thanosql_kernel.analysis.text.clauses import top
from thanosql_kernel.analysis.text.words import quoted
from thanosql_kernel.catalog import Readable
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.brackets import CLAUSES

#: More are not made: nobody reads as many, and another letter asks again.
_MOST = 201


def is_before_from(position: Position) -> bool:
    """Whether the caret is in a select list whose query names no table yet."""
    query = position.query
    return query.clause == "SELECT" and not query.has("FROM")


def columns_before_from(
    place: Place, position: Position, recent: Recent, owner: Sequence[str] = ()
) -> Iterator[Completion]:
    """The columns of all tables that fit what is typed, each with the edit that writes its FROM.

    Args:
        place: The caret.
        position: Where in the query it stands.
        recent: What was used before.
        owner: What stands in front of a dot before the caret: a table, or a name that FROM will give to one.
    """
    if len(owner) > 1:
        return
    names = {item.name.lower() for item in find_select_list(position.query).before if item.name}
    columns = all_columns(place.known.catalog)
    table = place.known.catalog.find(owner[0]) if owner else None
    alias = owner[0] if owner and table is None else ""
    end = _list_end(position.query, place.span)
    fitting = columns.tables_with(names) if names else columns.catalog.readable
    tables = (
        [table]
        if table is not None
        else sorted(
            columns.catalog.readable.values(),
            key=lambda one: (one.name not in fitting, recent.order(one.name)),
        )
    )
    also: dict[str, tuple[Edit, ...]] = {}
    for order, one in enumerate(islice(_ordered(columns, tables, place.typed.lower()), _MOST)):
        if one.table.name not in also:
            also[one.table.name] = _from(end, one.table.name, alias)
        is_unlikely = one.column.name.lower() in names or (
            one.column.generated is not None and is_vector(one.column)
        )
        yield column_item(
            one.column,
            quote=place.quote,
            table=one.table.name,
            also=also[one.table.name],
            tier=Tier.UNLIKELY if is_unlikely else Tier.NEAR if one.table.name in fitting else Tier.FAR,
            order=order,
        )


def _ordered(columns: AllColumns, tables: Sequence[Readable], wanted: str) -> Iterator[Owned]:
    """The columns that fit what is typed: the closest first, each name once before any again, in the tables' order."""
    close: dict[int, set[str]] = {}
    for name in columns.by_name:
        if (found := closeness(name, wanted)) is not None:
            close.setdefault(found, set()).add(name)
    for _, names in sorted(close.items()):
        first = {id(one.column): one for one in _each_once(tables, names)}
        yield from first.values()
        yield from (one for one in _named(tables, names) if id(one.column) not in first)


def _each_once(tables: Sequence[Readable], names: set[str]) -> Iterator[Owned]:
    missing = set(names)
    for table in tables:
        if not missing:
            return
        for one in _named((table,), missing):
            missing.discard(one.column.name.lower())
            yield one


def _named(tables: Sequence[Readable], names: set[str]) -> Iterator[Owned]:
    for table in tables:
        for number, column in enumerate(table.columns):
            if column.name.lower() in names:
                yield Owned(column, table, number)


def _list_end(query: Position, word: Span) -> int:
    """Where the select list ends."""
    behind = next((index for index, token in top(query.after) if token.upper in CLAUSES), len(query.after))
    return query.after[behind - 1].end if behind else word.end


def _from(end: int, table: str, alias: str) -> tuple[Edit, ...]:
    """`` FROM table``, and the other name that it is called by already."""
    return (Edit(Span(end, end), f" FROM {' '.join(quoted(name) for name in (table, alias) if name)}"),)
