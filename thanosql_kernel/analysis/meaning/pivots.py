"""PIVOT without a list of values: DuckDB reads rows to find them, and describes only queries that have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from thanosql_kernel.errors import Span
from thanosql_kernel.sql.lexer import Token, read_tokens
from thanosql_kernel.sql.query import Shift

_BEHIND_ON = frozenset(("USING", "GROUP", "ORDER", "LIMIT", "OFFSET"))
_BEHIND_PIVOT = frozenset(("ORDER", "LIMIT", "OFFSET"))
_DEEPER, _HIGHER = ("(", "[", "{"), (")", "]", "}")
_BEFORE, _VALUES = "(", ") IN ('')"


@dataclass(frozen=True, slots=True)
class Filled:
    """A query whose PIVOTs have values.

    Attributes:
        sql: Its text.
        shifts: What stands in it that the user has not written.
        spans: The PIVOTs in the user's text, without ORDER BY, which may name what they make.
    """

    sql: str
    shifts: tuple[Shift, ...]
    spans: tuple[Span, ...]


def filled(sql: str) -> Filled | None:
    """The query with a value for each expression that is pivoted on; None if there is none without one."""
    tokens = list(read_tokens(sql))
    inserted: list[tuple[int, str]] = []
    spans: list[Span] = []
    for index, token in enumerate(tokens):
        if token.upper == "PIVOT" and (items := list(_pivoted(tokens, index))):
            spans.append(Span(token.start, _end(tokens, index, _BEHIND_PIVOT)))
            for first, last in items:
                inserted += ((first.start, _BEFORE), (last.end, _VALUES))
    if not inserted:
        return None
    return Filled(*_with(sql, sorted(inserted)), tuple(spans))


def _pivoted(tokens: Sequence[Token], pivot: int) -> Iterator[tuple[Token, Token]]:
    """First and last token of each expression between ON and what follows it, if it has no values."""
    on = next((index for index in _level(tokens, pivot) if tokens[index].upper == "ON"), None)
    if on is None or any(tokens[index].upper == "JOIN" for index in _level(tokens, pivot)):
        return
    end = _end(tokens, on, _BEHIND_ON)
    first, has_values = on + 1, False
    for index in _level(tokens, on):
        token = tokens[index]
        if token.text == "," or token.end == end:
            last = index if token.text != "," else index - 1
            if first <= last and not has_values:
                yield tokens[first], tokens[last]
            first, has_values = index + 1, False
        has_values = has_values or token.upper == "IN"
        if token.end >= end:
            return


def _level(tokens: Sequence[Token], start: int) -> Iterator[int]:
    """The tokens behind one that are in the same brackets, closing brackets of deeper ones counted in."""
    depth = 0
    for index in range(start + 1, len(tokens)):
        text = tokens[index].text
        depth -= text in _HIGHER
        if depth < 0:
            return
        if depth == 0:
            yield index
        depth += text in _DEEPER


def _end(tokens: Sequence[Token], start: int, words: frozenset[str]) -> int:
    """Where what begins at a token ends: in front of one of the words."""
    end = tokens[start].end
    for index in _level(tokens, start):
        if tokens[index].upper in words:
            break
        end = tokens[index].end
    return end


def _with(sql: str, inserted: Sequence[tuple[int, str]]) -> tuple[str, tuple[Shift, ...]]:
    parts: list[str] = []
    shifts: list[Shift] = []
    at = longer = 0
    for place, text in inserted:
        parts += (sql[at:place], text)
        shifts.append(Shift(place + longer, len(text), 0))
        at, longer = place, longer + len(text)
    return "".join((*parts, sql[at:])), tuple(shifts)
