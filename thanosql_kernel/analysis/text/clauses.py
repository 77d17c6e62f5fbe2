"""The parts of half-typed SQL that survive any typing: brackets, the words that begin clauses, commas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from thanosql_kernel.sql.brackets import CLAUSES, CLOSING
from thanosql_kernel.sql.lexer import Token

Tokens = Sequence[Token]

_CLOSES = frozenset(CLOSING.values())

SET_WORDS = frozenset("UNION EXCEPT INTERSECT".split())
JOINS = frozenset({"JOIN"})
JOIN_SIDES = frozenset("LEFT RIGHT INNER OUTER CROSS FULL NATURAL POSITIONAL ASOF SEMI ANTI".split())
NO_ALIAS = (
    CLAUSES
    | SET_WORDS
    | JOINS
    | JOIN_SIDES
    | frozenset("ON USING AS WITH AND OR NOT IN BY TABLESAMPLE PIVOT UNPIVOT".split())
)


def closing(tokens: Tokens, opening: int) -> int:
    """Index of the bracket that closes the one at ``opening``; the length if none does."""
    depth = 0
    for index in range(opening, len(tokens)):
        text = tokens[index].text
        depth += (text in CLOSING) - (text in _CLOSES)
        if depth == 0:
            return index
    return len(tokens)


def matching(tokens: Tokens) -> dict[int, int]:
    """Index of each opening bracket -> index of the one that closes it; those left open are left out."""
    found: dict[int, int] = {}
    open_at: list[int] = []
    for index, token in enumerate(tokens):
        if token.text in CLOSING:
            open_at.append(index)
        elif token.text in _CLOSES and open_at:
            found[open_at.pop()] = index
    return found


def top(tokens: Tokens) -> Iterator[tuple[int, Token]]:
    """The tokens outside all parentheses, the opening ones included."""
    at = 0
    while at < len(tokens):
        yield at, tokens[at]
        at = closing(tokens, at) + 1 if tokens[at].text in CLOSING else at + 1


def cut(tokens: Tokens, starts: Sequence[int]) -> Iterator[Tokens]:
    """The tokens in parts that begin at these indexes."""
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        yield tokens[start:end]


def cores(tokens: Tokens) -> Iterator[Tokens]:
    """The queries between UNION, EXCEPT and INTERSECT."""
    starts = [0]
    for index, token in top(tokens):
        if token.upper in SET_WORDS:
            after = index + 1
            while after < len(tokens) and tokens[after].upper in ("ALL", "DISTINCT", "BY", "NAME"):
                after += 1
            starts.append(after)
    for part in cut(tokens, starts):
        while part and part[-1].upper in SET_WORDS | {"ALL", "DISTINCT"}:
            part = part[:-1]
        yield part


def clauses(core: Tokens) -> list[tuple[str, Tokens]]:
    """The clauses of one query, each from its word on."""
    starts = [i for i, token in top(core) if token.upper in CLAUSES]
    return [(part[0].upper, part) for part in cut(core, starts)] if starts else []


def split_commas(tokens: Tokens) -> Iterator[Tokens]:
    """The parts between commas outside parentheses."""
    start = 0
    for index, token in top(tokens):
        if token.text == ",":
            yield tokens[start:index]
            start = index + 1
    yield tokens[start:]


def from_items(tokens: Tokens) -> Iterator[Tokens]:
    """The tables and subqueries of a FROM clause, without join words and conditions."""
    for part in split_commas(tokens):
        starts = [0, *(index + 1 for index, token in top(part) if token.upper in JOINS)]
        for item in cut(part, starts):
            ends = [i for i, token in top(item) if token.upper in JOINS | JOIN_SIDES | {"ON", "USING"}]
            yield item[: ends[0]] if ends else item


def enclosing(tokens: Tokens, offset: int) -> int | None:
    """Index of the outermost parenthesis that is open at ``offset``; None if none is."""
    for index, token in top(tokens):
        if token.text == "(" and token.end <= offset:
            end = closing(tokens, index)
            if end >= len(tokens) or offset <= tokens[end].start:
                return index
    return None


def statement_at(tokens: Tokens, offset: int, begins: Callable[[Tokens], bool]) -> Tokens:
    """The tokens of the innermost dialect statement around ``offset``.

    Args:
        tokens: Those of a whole statement.
        offset: A place in it.
        begins: Whether tokens begin a statement that may be nested.
    """
    found, rest = tokens, tokens
    while rest:
        opening = enclosing(rest, offset)
        behind = behind_as(rest, offset)
        if behind is not None and begins(rest[behind:]) and (opening is None or opening >= behind):
            found = rest = rest[behind:]
        elif opening is not None:
            rest = rest[opening + 1 : closing(rest, opening)]
            found = rest if begins(rest) else found
        else:
            return found
    return found


def behind_as(tokens: Tokens, offset: int) -> int | None:
    """Index of the first token behind the first AS outside parentheses, if the place is behind it."""
    for index, token in top(tokens):
        if token.upper == "AS" and index + 1 < len(tokens) and tokens[index + 1].start <= offset:
            return index + 1
    return None


def query_of(tokens: Tokens) -> Tokens:
    """The tokens of a statement's query: all of them, or those behind AS, or behind the table of an INSERT."""
    if not tokens or tokens[0].upper in ("SELECT", "WITH", "FROM", "VALUES", "("):
        return tokens
    if tokens[0].upper in ("UPDATE", "DELETE", "MERGE"):
        return ()
    if tokens[0].upper == "EXPORT":
        ends = [index for index, token in top(tokens) if token.upper == "TO"]
        return tokens[1 : ends[-1]] if ends else tokens[1:]
    for index, token in top(tokens):
        if token.upper == "AS" and tokens[0].upper != "INSERT":
            return tokens[index + 1 :]
        if tokens[0].upper == "INSERT" and token.upper in ("SELECT", "WITH", "FROM", "VALUES"):
            return tokens[index:]
    return ()
