"""The names that a query can use at a place: columns, what the select list calls them, tables, fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from thanosql_kernel.analysis.features.completion.all_columns import all_columns
from thanosql_kernel.analysis.features.completion.items import (
    Completion,
    Tier,
    column_item,
    is_vector,
    table_item,
)
from thanosql_kernel.analysis.features.completion.joins import conditions, partner
from thanosql_kernel.analysis.features.completion.position import Position
from thanosql_kernel.analysis.features.completion.ranking import Recent, closeness
from thanosql_kernel.analysis.features.completion.select_list import SelectList, find_select_list
from thanosql_kernel.analysis.meaning.place import Place
from thanosql_kernel.analysis.meaning.sources import Source, find_source
from thanosql_kernel.analysis.text.clauses import Tokens, closing
from thanosql_kernel.analysis.text.struct_types import element, fields
from thanosql_kernel.analysis.text.words import quoted
from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.catalog.unknown import made_by_search
from thanosql_kernel.wording import editor

#: Added to the order of what comes in front of its tier, or behind all others in it.
_FIRST, _LAST = -10_000, 10_000
_WITHOUT_ALIASES = frozenset({"FROM", "ON", "USING", "VALUES", "SET"})


class SqlNames:
    """The names at one place.

    Args:
        place: The caret.
        position: Where in the query it stands.
        recent: What was used before.
    """

    def __init__(self, place: Place, position: Position, recent: Recent) -> None:
        self._place = place
        self._position = position
        self._query = position.query
        self._clause = position.clause or self._query.clause
        self._recent = recent

    @cached_property
    def _list(self) -> SelectList:
        return find_select_list(self._query)

    # -- values ----------------------------------------------------------------------------------------------------
    def values(self) -> Iterator[Completion]:
        """All that a value can be named by."""
        if self._position.clause == "ON" and not self._position.part and not self._place.quote:
            yield from self._conditions()
        yield from self._aliases()
        yield from self._columns()
        yield from self._qualifiers()

    @cached_property
    def own(self) -> tuple[Source, ...]:
        """The sources of the innermost query."""
        return self._place.scope.sources[: self._query.source_count or None]

    @cached_property
    def _in_clause(self) -> frozenset[str]:
        """The names that stand in the clause already, in small letters."""
        return frozenset(
            token.name.lower() for token in (self._position.part or self._query.part) if token.is_name
        )

    def _aliases(self) -> Iterator[Completion]:
        """What the select list calls its items, where they can be named: later in it and in the clauses behind."""
        if self._clause in _WITHOUT_ALIASES:
            return
        for number, item in enumerate(self._list.before):
            if item.is_alias and item.can_be_named(self._clause):
                tier = Tier.FAR if self._clause == "SELECT" else Tier.EXPECTED
                if self._clause in ("GROUP", "ORDER") and item.name.lower() in self._in_clause:
                    tier = Tier.UNLIKELY
                text = quoted(item.name, self._place.quote)
                yield Completion(
                    text, "column", str(editor.NAMED_ABOVE), typed_as=item.name, tier=tier, order=number
                )

    def _columns(self) -> Iterator[Completion]:
        for at, source in enumerate(self._place.scope.sources):
            is_own = at < len(self.own)
            for number, column in enumerate(source.columns or ()):
                tier, order = self._rank(column, number, source)
                is_doubled = is_own and source.name and column.name.lower() in self._doubled
                yield column_item(
                    column,
                    quote=self._place.quote,
                    table=source.name or "",
                    owner=source.name or "" if is_doubled and not self._place.quote else "",
                    tier=tier if is_own else max(tier, Tier.FAR),
                    order=order,
                )

    @cached_property
    def _doubled(self) -> frozenset[str]:
        """Names that two tables have, so that alone they mean neither."""
        if self._position.opener == "USING":
            return frozenset()
        seen: set[str] = set()
        twice: set[str] = set()
        for source in self.own:
            names = {column.name.lower() for column in source.columns or ()}
            twice |= seen & names
            seen |= names
        return frozenset(twice - set(_merged(self._query.all))) if twice else frozenset()

    def _rank(self, column: Column, number: int, source: Source) -> tuple[Tier, int]:
        """How likely a column is, and its place among those that are as likely."""
        name = column.name.lower()
        if self._position.opener == "USING":
            return self._rank_shared(name), number
        if self._is_said(name):
            return Tier.UNLIKELY, number
        if self._is_scored(column, source):
            return self._rank_scored(name), _FIRST + number
        if column.generated is not None and is_vector(column):
            return Tier.UNLIKELY, number
        if self._clause == "GROUP" and self._list.has(name):
            return Tier.EXPECTED, number
        if self._clause in ("ORDER", "HAVING") and self._list.has(name):
            return Tier.NEAR, _FIRST + number
        return Tier.NEAR, number + (_LAST if self._clause == "SELECT" and name in self._in_clause else 0)

    def _is_said(self, name: str) -> bool:
        """Whether naming it again would say nothing new."""
        if self._clause == "SELECT":
            return self._position is self._query and self._list.has(name)
        return self._clause in ("GROUP", "ORDER", "PARTITION") and name in self._in_clause

    def _is_scored(self, column: Column, source: Source) -> bool:
        """Whether it is a similarity that a SEARCH gives."""
        if made_by_search(column.name, ()) is not None:
            return True
        return column.type == "FLOAT" and source.table is None and self._searches

    @cached_property
    def _searches(self) -> bool:
        tokens = (*self._place.before, *self._query.after)
        return any(token.upper == "SEARCH" for token in tokens)

    def _rank_scored(self, name: str) -> Tier:
        if self._clause == "GROUP" or (self._clause == "SELECT" and name in self._in_clause):
            return Tier.FAR
        is_likely = self._clause in ("ORDER", "SELECT") or self._list.has(name) or self._recent.is_used(name)
        return Tier.EXPECTED if is_likely else Tier.NEAR

    def _rank_shared(self, name: str) -> Tier:
        """Of a column behind USING: only what both sides have can stand there."""
        sides = sum(find_column(tuple(source.columns or ()), name) is not None for source in self.own)
        return Tier.EXPECTED if sides > 1 else Tier.UNLIKELY

    def _qualifiers(self) -> Iterator[Completion]:
        typed = self._place.text.strip('"').lower()
        for number, source in enumerate(self._place.scope.sources):
            if source.name and source.name.lower() != typed and self._position.opener != "USING":
                text = quoted(source.name, self._place.quote)
                detail = source.table or ""
                yield Completion(
                    text, "table", detail, typed_as=source.name, tier=Tier.QUALIFIER, order=number
                )

    def _conditions(self) -> Iterator[Completion]:
        """Whole conditions for the JOIN in front of the caret."""
        count = replace(self._position, after=()).source_count
        if count > 1:
            for number, text in enumerate(conditions(self.own[: count - 1], self.own[count - 1])):
                yield Completion(text, "condition", str(editor.JOIN), tier=Tier.EXPECTED, order=number)

    # -- what follows a dot ----------------------------------------------------------------------------------------
    def behind_dot(self) -> Iterator[Completion]:
        """The columns of what stands in front of the dot, or its fields."""
        chain = dotted(self._position.before)
        source = find_source(self._place.scope.sources, chain[0]) if chain else None
        if source is not None and len(chain) == 1:
            yield from self._columns_of(source)
        elif source is not None:
            yield from self._fields(source.columns or (), chain[1:])
        elif chain:
            everywhere = [column for one in self._place.scope.sources for column in one.columns or ()]
            yield from self._fields(tuple(everywhere), chain)

    def _columns_of(self, source: Source) -> Iterator[Completion]:
        wanted = partner(self._position.before, self._place.scope.sources, source)
        for number, column in enumerate(source.columns or ()):
            tier, order = self._rank(column, number, source)
            if wanted is not None:
                tier = Tier.EXPECTED if column.name == wanted else max(tier, Tier.FAR)
            yield column_item(column, quote=self._place.quote, tier=tier, order=order)

    def _fields(self, columns: tuple[Column, ...], path: list[str]) -> Iterator[Completion]:
        """The fields at the end of a path that begins with a column's name; "" in it is an element of a list."""
        column = find_column(columns, path[0])
        sql_type = column.type if column is not None else ""
        for step in path[1:]:
            field = find_column(fields(sql_type), step)
            sql_type = (field.type if field is not None else "") if step else element(sql_type)
        for number, field in enumerate(fields(sql_type)):
            yield replace(column_item(field, quote=self._place.quote, order=number), kind="field")

    # -- tables ----------------------------------------------------------------------------------------------------
    def tables(self) -> Iterator[Completion]:
        """What FROM can name: those with the columns asked for first, then those used last."""
        named = [item.name for item in self._list.before if item.name and not item.is_alias]
        fitting = all_columns(self._place.known.catalog).tables_with(named)
        wanted = self._place.typed.lower()
        there = {source.table.lower() for source in self.own if source.table}
        for name in self._place.scope.ctes:
            order = self._recent.order(name)
            text = quoted(name, self._place.quote)
            yield Completion(text, "table", "WITH", typed_as=name, tier=Tier.EXPECTED, order=order)
        for table in self._place.known.readable():
            if closeness(table.name, wanted) is None:
                continue
            has_all = table.name in fitting
            tier = Tier.FAR if table.name.lower() in there else Tier.EXPECTED if has_all else Tier.NEAR
            yield table_item(table, quote=self._place.quote, tier=tier, order=self._recent.order(table.name))


def dotted(tokens: Tokens) -> list[str]:
    """The names joined by dots in front of a caret, ``[…]`` behind one as ""; none where no dot stands."""
    found: list[str] = []
    at = len(tokens)
    while at > 1 and tokens[at - 1].text == ".":
        at -= 2
        while tokens[at].text == "]":
            opening = next((i for i in range(at, -1, -1) if closing(tokens, i) == at), 0)
            found.insert(0, "")
            at = opening - 1
        if at < 0 or not tokens[at].is_name:
            return []
        found.insert(0, tokens[at].name)
    return found


def _merged(tokens: Tokens) -> Iterator[str]:
    """The names behind USING, in small letters: of both sides, they are one."""
    for index, token in enumerate(tokens[:-1]):
        if token.upper == "USING" and tokens[index + 1].text == "(":
            yield from (
                it.name.lower() for it in tokens[index + 2 : closing(tokens, index + 1)] if it.is_name
            )
