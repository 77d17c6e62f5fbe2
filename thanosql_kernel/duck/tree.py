"""What can be told about a query from its tree (DuckDB's ``json_serialize_sql``) before it runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from thanosql_kernel.duck import words

Tree = dict[str, Any]

#: The largest LIMIT and OFFSET.
MAX_BOUND = 2**63 - 1


def walk(tree: object) -> Iterator[Tree]:
    """Every object in the tree, outer ones first; trees are as deep as sums are long."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting.extend(reversed(part.values()))
        elif isinstance(part, list):
            waiting.extend(reversed(part))


def is_volatile(tree: Tree, columns: Collection[str] = ()) -> bool:
    """Whether the query may give other rows when it runs again: chance, the clock, or any rows up to a limit.

    Args:
        tree: A query's tree.
        columns: The columns of its sources, in lower case: a column may be called ``current_date`` too.
    """
    return any(_may_change(part, columns) for part in walk(tree))


def _may_change(part: Tree, columns: Collection[str]) -> bool:
    if part.get("sample") or part.get("type") in ("LIMIT_MODIFIER", "SHOW_REF"):
        return True
    if part.get("class") == "FUNCTION":
        return not words.is_consistent(str(part["function_name"]))
    if part.get("class") == "COLUMN_REF":
        name = str(part["column_names"][-1]).lower()
        return name not in columns and words.is_function(name) and not words.is_consistent(name)
    return False


def is_grouped(tree: Tree) -> bool:
    """Whether all rows of the query are made before it gives the first: GROUP BY, and neither ORDER BY nor LIMIT."""
    is_select = tree.get("type") == "SELECT_NODE"
    return is_select and bool(tree["group_expressions"]) and not tree["modifiers"]


def tables_read(tree: object) -> list[str]:
    """The names that stand for tables and views in a tree, as written and in order; not those that WITH gives."""
    found = [
        (part["query_location"], str(part["table_name"]))
        for part, names in base_tables(tree)
        if not part.get("schema_name") and str(part["table_name"]).lower() not in names
    ]
    return list(dict.fromkeys(name for _, name in sorted(found)))


def base_tables(tree: object) -> Iterator[tuple[Tree, frozenset[str]]]:
    """Each name in a tree that stands where tables do, and the names that WITH gives there, in lower case."""
    waiting: list[tuple[object, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        part, names = waiting.pop()
        if isinstance(part, list):
            waiting.extend((item, names) for item in reversed(part))
        elif isinstance(part, dict):
            if part.get("type") == "BASE_TABLE":
                yield part, names
            waiting.extend(reversed(list(_inside(part, names))))


def _inside(part: Tree, names: frozenset[str]) -> Iterator[tuple[object, frozenset[str]]]:
    """What an object holds, and the names that WITH gives in it: each of its queries sees those in front of it."""
    if part.get("cte_name"):  # WITH RECURSIVE: its query reads what it has given so far
        names |= {str(part["cte_name"]).lower()}
    for entry in (part.get("cte_map") or {}).get("map", []):
        yield entry["value"], names
        names |= {str(entry["key"]).lower()}
    yield from ((value, names) for key, value in part.items() if key != "cte_map")


def visible_ctes(tree: object) -> Iterator[tuple[str, frozenset[str]]]:
    """Each table in a tree, and the names that WITH gives where it stands, in lower case."""
    for part, names in base_tables(tree):
        yield str(part["table_name"]).lower(), names


def given_names(tree: Tree) -> Iterator[str]:
    """The names that WITH gives anywhere in a query, in lower case."""
    for part in walk(tree):
        names = part.get("cte_map")
        if isinstance(names, dict):
            yield from (str(item["key"]).lower() for item in names.get("map", []))


def bounds(tree: Tree) -> Iterator[Tree]:
    """The numbers that stand in LIMIT and OFFSET, wherever in the query."""
    for part in walk(tree):
        if part.get("type") == "LIMIT_MODIFIER":
            numbers = (part["limit"], part["offset"])
            yield from (number for number in numbers if number and number.get("class") == "CONSTANT")


def is_bare_star(item: Tree) -> bool:
    """Whether a select item is ``*`` and nothing else."""
    changes = (
        "relation_name",
        "exclude_list",
        "replace_list",
        "rename_list",
        "expr",
        "columns",
        "qualified_exclude_list",
    )
    return item["class"] == "STAR" and not any(item.get(key) for key in changes)


def value_rows(tree: Tree) -> list[list[Tree]]:
    """The rows of a query that is VALUES and nothing else."""
    node = tree["statements"][0]["node"] if not tree.get("error") else {}
    source = node.get("from_table") or {}
    is_plain = (
        source.get("type") == "EXPRESSION_LIST"
        and not node["modifiers"]
        and not node["where_clause"]
        and not node["cte_map"]["map"]
        and len(node["select_list"]) == 1
        and is_bare_star(node["select_list"][0])
    )
    return list(source["values"]) if is_plain else []
