"""What the names in a query's text may stand for, told before anything of it runs."""

from __future__ import annotations

from collections.abc import Sequence

from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.duck.tree import visible_ctes
from thanosql_kernel.errors import Span, Unsupported
from thanosql_kernel.sql.lexer import Token, read_tokens
from thanosql_kernel.sql.query import Nested, Query, placeholder


def check_nested(query: Query) -> None:
    """Refuse a nested statement that reads what WITH names around it: it sees stored tables alone.

    A stored table of the same name would be read instead, without a word.

    Raises:
        Unsupported: With the name in the nested statement.
    """
    if not query.nested or not any(token.upper == "WITH" for token in query.tokens):
        return
    tree = parsed(query.sql())
    if tree.get("error"):
        return
    visible = dict(visible_ctes(tree))
    for number, nested in enumerate(query.nested, start=1):
        _check(query, nested, visible.get(placeholder(number), frozenset()))


def _check(query: Query, nested: Nested, names: frozenset[str]) -> None:
    tokens = list(read_tokens(query.source[nested.span.start : nested.span.end])) if names else []
    own = {
        token.name.lower()
        for token, after, body in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if after.upper == "AS" and (body.text == "(" or body.upper in ("MATERIALIZED", "NOT"))
    }
    places = table_places(tokens)
    for index, token in enumerate(tokens):
        is_whole = index == len(tokens) - 1 and index > 0 and tokens[index - 1].upper == "AS"
        name = token.name.lower() if token.is_name and (index in places or is_whole) else ""
        if name in names - own:
            start = nested.span.start + token.start
            raise Unsupported(
                f"{tokens[0].upper} reads stored tables, not what WITH calls {token.name}",
                span=Span(start, start + token.end - token.start),
                hint=f"write its query here, or store it first: CREATE TABLE … AS, with another name than {token.name}",
            )


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
