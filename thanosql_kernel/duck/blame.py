"""Which part of a query is to blame, where DuckDB marks more than that, less, or nothing.

By the names in its messages and the tokens of the query; the words around those names are not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from thanosql_kernel.errors import Span
from thanosql_kernel.sql.lexer import Token

Tokens = Sequence[Token]

_QUOTED = re.compile(r"\"([^\"]+)\"|'([^']+)'")
_CALLED = re.compile(r"(\w+)(?:\(|: )")


def says(token: Token, name: str) -> bool:
    """Whether a token is that name, given in small letters, or a text that may stand for one (``st['x']``)."""
    if token.is_name:
        return token.name.lower() == name
    return token.kind == "string" and token.text[1:-1].lower() == name


def named(tokens: Tokens, name: str, within: Span, *, first: bool) -> Span | None:
    """Where the name itself stands in what is marked: ``t.name`` or ``name(…)`` as a whole."""
    found = [
        token for token in tokens if within.start <= token.start < within.end and says(token, name.lower())
    ]
    names = [token for token in found if token.is_name] or found
    return names[0 if first else -1].span if names else None


def told_names(tokens: Tokens, message: str, *, of_rows: bool) -> Span | None:
    """Where something stands that a message without a place has in quotes, or a function that it names.

    Args:
        tokens: The query's.
        message: DuckDB's, without its suggestions.
        of_rows: Whether it may tell a value of some row, which has nothing to do with a text in the query.
    """
    for match in _QUOTED.finditer(message):
        quoted = (match[1] or match[2]).lower()
        found = [index for index, token in enumerate(tokens) if says(token, quoted)]
        if len(found) == 1 or (found and not of_rows):
            fields = [index for index in found if tokens[index - 1].text == "."]
            return tokens[(fields or found)[0]].span
    for match in _CALLED.finditer(message):
        for index, (token, after) in enumerate(pairwise(tokens)):
            if after.text == "(" and says(token, match[1].lower()):
                return Span(token.start, tokens[_closing(tokens, index + 1)].end)
    return None


def column_behind(tokens: Tokens, owner: str, at: int) -> Token | None:
    """The column of ``owner.column`` if the owner is there, and a subquery: DuckDB may say that the owner is not."""
    columns = {
        token.start: column
        for token, dot, column in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if dot.text == "." and column.is_name
    }
    is_there = any(says(token, owner.lower()) and token.start not in columns for token in tokens)
    has_subquery = any(
        before.text == "(" and token.upper in ("SELECT", "FROM") for before, token in pairwise(tokens)
    )
    return columns.get(at) if is_there and has_subquery else None


def with_operands(tokens: Tokens, marked: Span, is_reserved: Callable[[str], bool]) -> Span:
    """An operator, as DuckDB marks it, with what stands on both sides of it; any other mark as it is."""
    index = next((index for index, token in enumerate(tokens) if token.start == marked.start), 0)
    sign = tokens[index]
    is_sign = sign.kind == "symbol" or (sign.kind == "word" and is_reserved(sign.text))
    if index == 0 or not is_sign or not _is_operand(tokens[index - 1], is_reserved):
        return marked
    first, last = _left(tokens, index - 1), index
    while last < len(tokens) - 1 and tokens[last].end < marked.end:
        last += 1
    if marked.end <= tokens[index].end and index + 1 < len(tokens):
        last = _right(tokens, index + 1)
    return Span(tokens[first].start, max(marked.end, tokens[last].end))


def _is_operand(token: Token, is_reserved: Callable[[str], bool]) -> bool:
    """Whether what is in front of an operator may end there."""
    is_value = token.text in (")", "]") or token.kind in ("number", "string", "quoted", "parameter")
    return is_value or (token.is_name and not is_reserved(token.text))


def _left(tokens: Tokens, last: int) -> int:
    """Where the operand begins that ends at a token: a name and what stands in front of its dots, a call, a value."""
    first = _opening(tokens, last) if tokens[last].text in (")", "]") else last
    while first > 1 and tokens[first - 1].text == ".":
        first -= 2
        first = _opening(tokens, first) if tokens[first].text in (")", "]") else first
    return first


def _right(tokens: Tokens, first: int) -> int:
    """Where the operand ends that begins at a token."""
    last = _closing(tokens, first) if tokens[first].text in ("(", "[") else first
    while last + 1 < len(tokens) and tokens[last + 1].text in (".", "(", "["):
        last = last + 2 if tokens[last + 1].text == "." else _closing(tokens, last + 1)
    return min(last, len(tokens) - 1)


def _closing(tokens: Tokens, opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].text in ("(", "[")) - (tokens[index].text in (")", "]"))
        if depth == 0:
            return index
    return len(tokens) - 1


def _opening(tokens: Tokens, closing: int) -> int:
    """Where a bracket opens, the name of the function or list in front of it counted in."""
    depth = 0
    for index in range(closing, -1, -1):
        depth += (tokens[index].text in (")", "]")) - (tokens[index].text in ("(", "["))
        if depth == 0:
            return index - 1 if index and tokens[index - 1].is_name else index
    return 0
