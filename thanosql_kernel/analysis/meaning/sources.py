"""What FROM gives: sources of columns, what can be named at the places of a query, and what its select list gives."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from thanosql_kernel.analysis.text.clauses import NO_ALIAS, Tokens, closing, split_commas, top
from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.statements.foresight import Columns, Some, are_all, some

#: Columns of one query; stars over joins in each other would be millions.
_MOST_COLUMNS = 5_000


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


def item_columns(item: Tokens, sources: tuple[Source, ...]) -> Columns:
    """The columns of one item of a select list."""
    while item and item[0].upper in ("DISTINCT", "ALL"):
        item = item[1:]
    if not item:
        return ()
    if item[0].upper == "COLUMNS":
        return None
    if item[0].text == "*":
        return _star(item[1:], all_columns(sources))
    if len(item) >= 3 and item[1].text == "." and item[2].text == "*":
        owner = find_source(sources, item[0].name)
        return _star(item[3:], owner.columns if owner else None)
    alias = explicit_alias(item)
    value = item[:-2] if alias and len(item) > 2 and item[-2].upper == "AS" else item[:-1] if alias else item
    column = _column_of(value, sources)
    if column is not None:
        return (replace(column, name=alias or column.name),)
    if alias is not None or all(token.is_name or token.text == "." for token in value):
        return (Column(alias or value[-1].name, ""),)
    return Some((Column("".join(token.text for token in item), ""),))


def _star(rest: Tokens, columns: Columns) -> Columns:
    """``* EXCLUDE (a, b)`` leaves columns out."""
    if columns is None or not rest:
        return columns
    if rest[0].upper != "EXCLUDE":
        return some(columns)
    left_out = {token.name.lower() for token in rest[1:] if token.is_name}
    kept = tuple(column for column in columns if column.name.lower() not in left_out)
    return kept if are_all(columns) and rest[-1].text == ")" else Some(kept)


def _column_of(value: Tokens, sources: tuple[Source, ...]) -> Column | None:
    if len(value) == 1 and value[0].is_name:
        return next((c for s in sources if s.columns and (c := find_column(s.columns, value[0].name))), None)
    if len(value) == 3 and value[1].text == "." and value[2].is_name:
        owner = find_source(sources, value[0].name)
        return find_column(owner.columns, value[2].name) if owner and owner.columns else None
    return None


def all_columns(sources: Sequence[Source]) -> Columns:
    """The columns of all that is read."""
    return joined(source.columns for source in sources)


def joined(parts: Iterable[Columns]) -> Columns:
    """All the columns; some of them where not all are known or they are too many, None where none is."""
    found: list[Column] = []
    complete = True
    for columns in parts:
        complete = complete and are_all(columns)
        found += columns or ()
        if len(found) > _MOST_COLUMNS:
            return Some(found[:_MOST_COLUMNS])
    return tuple(found) if complete else Some(found) or None


def explicit_alias(item: Tokens) -> str | None:
    """The name that an item of a select list gets, if it is given one."""
    if len(item) >= 3 and item[-2].upper == "AS" and item[-1].is_name:
        return item[-1].name
    if (
        len(item) >= 2
        and item[-1].is_name
        and item[-1].upper not in NO_ALIAS | {"END", "NULL", "TRUE", "FALSE"}
    ):
        before = item[-2]
        if before.is_name or before.kind in ("string", "number") or before.text in (")", "]"):
            return item[-1].name
    return None


def alias_of(rest: Tokens) -> str | None:
    """The name that a source gets by what stands behind it."""
    rest = rest[1:] if rest and rest[0].upper == "AS" else rest
    if len(rest) > 1 and rest[0].upper == "AT" and rest[1].text == "(":
        return None
    return rest[0].name if rest and rest[0].is_name and rest[0].upper not in NO_ALIAS else None
