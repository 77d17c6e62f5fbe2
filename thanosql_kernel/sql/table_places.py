"""Where the tokens of a query name tables, told without a parser: also of what DuckDB's cannot describe (PIVOT)."""

from __future__ import annotations

from collections.abc import Sequence

from thanosql_kernel.sql.lexer import Token


def table_places(tokens: Sequence[Token]) -> set[int]:
    """Where in the tokens a name may be a table's."""
    places, before = set(), ""
    listing = [False]  # at each depth of parentheses, whether a comma goes on with tables
    for index, token in enumerate(tokens):
        after = tokens[index + 1].text if index + 1 < len(tokens) else ""
        may_follow = listing[-1] if before == "," else before in _BEFORE_TABLES
        if may_follow and after not in ("(", ".", "->"):
            places.add(index)
        before = token.upper
        if before == "(":
            listing.append(listing[-1])
        elif before == ")":
            listing = listing[:-1] or [False]
        elif before in _BEFORE_TABLES or before in _AFTER_TABLES:
            listing[-1] = before in _BEFORE_TABLES
    return places


_BEFORE_TABLES = frozenset(("FROM", "JOIN", "PIVOT", "UNPIVOT", "SUMMARIZE", "TABLE"))
_AFTER_TABLES = frozenset(
    ("SELECT", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "QUALIFY", "VALUES", "SET")
)


def may_read(tokens: Sequence[Token]) -> bool:
    """Whether tables may be named; ``SELECT 1`` runs though the database may be out of reach."""
    return any(token.upper in _BEFORE_TABLES for token in tokens)


def names_of_with(tokens: Sequence[Token]) -> set[str]:
    """The names that WITH gives in a query, in lower case."""
    return {
        token.name.lower()
        for token, after, body in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if after.upper == "AS" and (body.text == "(" or body.upper in ("MATERIALIZED", "NOT"))
    }
