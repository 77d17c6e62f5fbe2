"""What the names in a query's text may stand for, told before anything of it runs."""

from __future__ import annotations

from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.duck.tree import visible_ctes
from thanosql_kernel.errors import Span, Unsupported
from thanosql_kernel.sql.lexer import read_tokens
from thanosql_kernel.sql.query import Nested, Query, placeholder
from thanosql_kernel.sql.table_places import names_of_with, table_places
from thanosql_kernel.wording.refusals import TS600


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
    own = names_of_with(tokens)
    places = table_places(tokens)
    for index, token in enumerate(tokens):
        is_whole = index == len(tokens) - 1 and index > 0 and tokens[index - 1].upper == "AS"
        name = token.name.lower() if token.is_name and (index in places or is_whole) else ""
        if name in names - own:
            start = nested.span.start + token.start
            raise Unsupported(
                TS600.READS_STORED_TABLES(statement=tokens[0].upper, name=token.name),
                span=Span(start, start + token.end - token.start),
                hint=TS600.STORE_IT_FIRST(name=token.name),
            )
