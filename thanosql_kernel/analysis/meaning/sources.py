"""What FROM gives: sources of columns, and what can be named at the places of a query."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from thanosql_kernel.analysis.text.clauses import NO_ALIAS, Tokens, closing, split_commas, top
from thanosql_kernel.catalog import Column
from thanosql_kernel.statements.foresight import Columns, Some, are_all


@dataclass(frozen=True, slots=True)
class Source:
    """One item of a FROM clause.

    Attributes:
        name: Its alias, else the table's name; None for an unnamed subquery.
        columns: Its columns; None when they cannot be known.
        table: The stored table it names, None for anything else.
    """

    name: str | None
    columns: Columns
    table: str | None = None

    def renamed(self, rest: Tokens) -> Source:
        """The source, its columns under the names that ``AS t(a, b)`` gives them; forgotten behind PIVOT."""
        if any(token.upper in ("PIVOT", "UNPIVOT") for _, token in top(rest)):
            return Source(self.name, None, self.table)
        behind = rest[2:] if rest and rest[0].upper == "AS" else rest[1:]
        if not behind or behind[0].text != "(" or alias_of(rest) is None:
            return self
        return Source(self.name, renamed(self.columns, behind), self.table)


@dataclass(frozen=True, slots=True)
class Scope:
    """What can be named at one place of a query.

    Attributes:
        clause: The clause the place is in: SELECT, FROM, WHERE, …; "" before the first.
        sources: The FROM items of the innermost query, then those of the queries around it.
        ctes: Common table expressions that FROM can name.
        aliases: Names given in the select list, usable in ORDER BY.
    """

    clause: str
    sources: tuple[Source, ...] = ()
    ctes: Mapping[str, Columns] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scopes:
    """The scopes of a query.

    Attributes:
        starts: Where each begins, in order.
        items: The scopes.
    """

    starts: tuple[int, ...]
    items: tuple[Scope, ...]

    def at(self, offset: int) -> Scope:
        """The scope of a place."""
        return self.items[max(0, bisect_right(self.starts, offset) - 1)]


def find_source(sources: Sequence[Source], name: str) -> Source | None:
    """The source of that name or alias."""
    return next((s for s in sources if s.name is not None and s.name.lower() == name.lower()), None)


def renamed(columns: Columns, names: Tokens) -> Columns:
    """The columns under other names, ``(a, b)`` or ``(a INT, b INT)``; those behind the last name keep theirs."""
    given = [part[0].name for part in split_commas(names[1 : closing(names, 0)]) if part]
    if not columns or not are_all(columns):
        return Some(tuple(Column(name, "") for name in given)) or None
    pairs = zip(columns, given, strict=False)
    return tuple(replace(column, name=name) for column, name in pairs) + columns[len(given) :]


def alias_of(rest: Tokens) -> str | None:
    """The name that a source gets by what stands behind it."""
    rest = rest[1:] if rest and rest[0].upper == "AS" else rest
    if len(rest) > 1 and rest[0].upper == "AT" and rest[1].text == "(":
        return None
    return rest[0].name if rest and rest[0].is_name and rest[0].upper not in NO_ALIAS else None
