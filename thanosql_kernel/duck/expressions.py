"""Expressions of SQL, which DuckDB parses only within a query."""

from __future__ import annotations

from typing import Any

from thanosql_kernel.duck.errors import SqlFailure, parse_location
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.duck.tree import walk
from thanosql_kernel.errors import Span
from thanosql_kernel.visible import without_halves

Tree = dict[str, Any]

_PREFIX = "SELECT 1 WHERE\n"
#: How many bytes stand in front of the expression where its tree is made.
EXPRESSION_PREFIX = len(_PREFIX)
_TYPE_PREFIX = "SELECT CAST(NULL AS\n"


def expression_tree(sql: str) -> Tree | None:
    """The tree of a text that is to be an expression; None where DuckDB parses it but cannot describe it (PIVOT).

    A query (``SELECT true``) is none, though it would be one in parentheses; nor is what closes a parenthesis that it
    has not opened, or goes on behind a comma. What may follow a WHERE (``true LIMIT 1``) is not told from one here:
    between parentheses it does not parse.

    Raises:
        SqlFailure: It is none, with the place in bytes of the text.
    """
    tree = parsed(_PREFIX + sql)
    if not tree.get("error"):
        return dict(tree["statements"][0]["node"].get("where_clause") or {})
    if tree.get("error_type") == "not implemented":
        return None
    offset, length = parse_location(tree)
    offset = None if offset is None else max(0, offset - len(_PREFIX.encode()))
    raise SqlFailure("ParserException", str(tree.get("error_message")), offset, length)


def sees_whole_rows(tree: Tree | None, table: str, columns: set[str]) -> bool:
    """Whether an expression over a table may name the row as a whole: ``COLUMNS(*)``, or the table's name alone.

    Args:
        tree: The expression's, as `expression_tree` gives it.
        table: The name that the rows go by.
        columns: The table's columns, in lower case.
    """
    if tree is None:
        return True
    for part in walk(tree):
        if part.get("class") == "STAR":
            return True
        if part.get("class") == "COLUMN_REF":
            first, *rest = (str(name).lower() for name in part["column_names"])
            if first == table.lower() and not (rest and rest[0] in columns):
                return True
    return False


def is_type(sql: str) -> bool:
    """Whether a text is a type's and nothing else, as far as can be told without knowing all types."""
    return wrong_in_type(sql) is None


def wrong_in_type(sql: str) -> Span | None:
    """Where a text is no type's any more, as far as can be told without knowing all types; None if it is one."""
    tree, whole = parsed(f"{_TYPE_PREFIX}{sql}\n)"), Span(0, len(sql))
    if tree.get("error"):
        offset, length = parse_location(tree)
        at, data = max(0, (offset or 0) - len(_TYPE_PREFIX)), without_halves(sql).encode()
        start, end = (len(data[:place].decode(errors="ignore")) for place in (at, at + length))
        # A type of one line is wrong as a whole; what follows it by mistake begins on another.
        return Span(start, end) if "\n" in sql[:start] else whole
    return None if _is_bare_cast(tree) else whole


def _is_bare_cast(tree: Tree) -> bool:
    node = tree["statements"][0]["node"]
    items = node.get("select_list") or []
    is_bare = len(items) == 1 and not items[0]["alias"] and node["from_table"]["type"] == "EMPTY"
    return is_bare and items[0]["class"] == "CAST" and items[0]["child"].get("class") == "CONSTANT"
