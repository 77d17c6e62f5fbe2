"""Brackets in SQL, and where one that is left open would be closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from thanosql_kernel.errors import Fix, Replace, Span
from thanosql_kernel.sql.lexer import Token

CLOSING = {"(": ")", "[": "]", "{": "}"}

CLAUSES = frozenset("SELECT FROM WHERE GROUP HAVING QUALIFY WINDOW ORDER LIMIT OFFSET".split())

QUERY_WORDS = {"SELECT", "WITH", "FROM", "VALUES", "TABLE", "("}


def closing_fix(tokens: Sequence[Token], opening: Token) -> Fix:
    """The bracket closed in front of the next clause if it holds an expression, else at the end."""
    sign = CLOSING[opening.text]
    inside = [token for token in tokens if token.start >= opening.end]
    clause = next((index for index, token in _outer(inside) if token.upper in CLAUSES), 0)
    end, where = inside[-1].end if inside else opening.end, "at the end"
    if clause and inside[0].upper not in QUERY_WORDS:
        end, where = inside[clause - 1].end, f"in front of {inside[clause].upper}"
    return Fix(f"insert {sign} {where}", Replace(Span(end, end), sign), is_preferred=False)


def _outer(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """The tokens outside all brackets among them."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.text in CLOSING) - (token.text in CLOSING.values())
        if depth == 0:
            yield index, token
