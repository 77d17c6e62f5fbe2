"""Brackets in SQL, and where one that is left open would be closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from thanosql_kernel.errors import Fix
from thanosql_kernel.sql.edits import insertion
from thanosql_kernel.sql.lexer import Token

CLOSING = {"(": ")", "[": "]", "{": "}"}

CLAUSES = frozenset("SELECT FROM WHERE GROUP HAVING QUALIFY WINDOW ORDER LIMIT OFFSET".split())


def closing_fix(opening: Token, inside: Sequence[Token], *, holds_query: bool) -> Fix:
    """The bracket closed in front of the next clause if it holds an expression, else at the end."""
    sign = CLOSING[opening.text]
    clause = next((index for index, token in outer(inside) if token.upper in CLAUSES), 0)
    if clause and not holds_query:
        end, following = inside[clause - 1].end, inside[clause].upper
        return insertion(sign, end, following=following)
    return insertion(sign, inside[-1].end if inside else opening.end)


def outer(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """The tokens outside all brackets among them."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.text in CLOSING) - (token.text in CLOSING.values())
        if depth == 0:
            yield index, token
