"""Expressions of SQL, which DuckDB parses only within a query."""

from __future__ import annotations

from typing import Any

from thanosql_kernel.duck.errors import SqlFailure, parse_location
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.duck.tree import walk

Tree = dict[str, Any]

_PREFIX = "SELECT 1 WHERE\n"


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
    tree = parsed(f"SELECT CAST(NULL AS\n{sql}\n)")
    if tree.get("error"):
        return False
    node = tree["statements"][0]["node"]
    items = node.get("select_list") or []
    is_bare = len(items) == 1 and not items[0]["alias"] and node["from_table"]["type"] == "EMPTY"
    return is_bare and items[0]["class"] == "CAST" and items[0]["child"].get("class") == "CONSTANT"
