"""The items of a select list around a caret: what they are called, and where that may be named."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from thanosql_kernel.analysis.features.completion.position import Position
from thanosql_kernel.analysis.text.clauses import Tokens, clauses, split_commas, top
from thanosql_kernel.duck.vocabulary import is_aggregate
from thanosql_kernel.sql.brackets import CLAUSES


@dataclass(frozen=True, slots=True)
class Item:
    """One item.

    Attributes:
        name: What it is called; "" where it has no name of its own.
        is_alias: Whether AS, or the place behind it, calls it so.
        is_aggregate: Whether it is made of many rows.
        is_window: Whether OVER makes it.
    """

    name: str
    is_alias: bool
    is_aggregate: bool
    is_window: bool

    def can_be_named(self, clause: str) -> bool:
        """Whether a clause can name it: WHERE and GROUP BY run before rows are made one."""
        if clause in ("WHERE", "GROUP"):
            return not self.is_aggregate and not self.is_window
        return clause != "HAVING" or not self.is_window


@dataclass(frozen=True, slots=True)
class SelectList:
    """The select list of the query around a caret; the item that the caret is in is left out.

    Attributes:
        before: Items in front of the caret; all of them where it stands in another clause.
        after: Items behind the caret.
    """

    before: tuple[Item, ...]
    after: tuple[Item, ...] = ()

    def has(self, name: str) -> bool:
        """Whether an item is called so, letter case ignored."""
        wanted = name.lower()
        return any(item.name.lower() == wanted for item in (*self.before, *self.after))


def find_select_list(query: Position) -> SelectList:
    """The select list of a query."""
    if query.clause != "SELECT":
        found = next((part for word, part in clauses(query.all) if word == "SELECT"), ())
        return SelectList(_items(found[1:]))
    commas = [index for index, token in top(query.part) if token.text == ","]
    before = _items(query.part[: commas[-1]]) if commas else ()
    behind = query.after[: _next_clause(query.after)]
    comma = next((index for index, token in top(behind) if token.text == ","), len(behind))
    return SelectList(before, _items(behind[comma + 1 :]))


def _next_clause(tokens: Tokens) -> int:
    return next((index for index, token in top(tokens) if token.upper in CLAUSES), len(tokens))


def _items(tokens: Tokens) -> tuple[Item, ...]:
    return tuple(_item(part) for part in split_commas(tokens) if part)


def _item(tokens: Tokens) -> Item:
    if tokens[0].upper == "DISTINCT":
        tokens = tokens[1:] or tokens
    last, before = tokens[-1], tokens[-2] if len(tokens) > 1 else None
    is_alias = before is not None and before.text != "." and _may_follow_value(tokens)
    is_plain = last.is_name and (before is None or before.text == ".")
    calls = pairwise(tokens)
    return Item(
        last.name if is_alias or is_plain else "",
        is_alias,
        any(
            after.text == "(" and token.kind == "word" and is_aggregate(token.text) for token, after in calls
        ),
        any(token.upper == "OVER" for token in tokens),
    )


def _may_follow_value(tokens: Tokens) -> bool:
    """Whether the last token is the name given to what stands in front of it."""
    last, before = tokens[-1], tokens[-2]
    if not last.is_name or last.upper in ("END", "NULL", "TRUE", "FALSE"):
        return False
    return before.upper == "AS" or before.kind in ("string", "number", "quoted") or before.text in (")", "]")
