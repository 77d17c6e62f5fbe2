"""What can be told about a query from its tree (DuckDB's ``json_serialize_sql``) before it runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from thanosql_kernel.catalog import Column, GeneratedColumn
from thanosql_kernel.duck import words

Tree = dict[str, Any]
Facts = dict[str, GeneratedColumn | None]


def walk(tree: object) -> Iterator[Tree]:
    """Every object in the tree."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from walk(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from walk(item)


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


def provenance(
    node: Tree, sources: Mapping[str, Sequence[Column]], ctes: Mapping[str, Facts] | None = None
) -> Facts:
    """Which result columns are generated columns of the sources, by name in lower case.

    Args:
        node: A query's tree.
        sources: The columns of stored tables and placeholders, by name in lower case.
        ctes: What is known of the common table expressions around.

    Returns:
        Facts for columns that come unchanged from a source; None where two sources disagree. Others are absent.
    """
    known = dict(ctes or {})
    for entry in (node.get("cte_map") or {}).get("map", []):
        known[entry["key"].lower()] = provenance(entry["value"]["query_node"], sources, known)
    if node.get("type") == "SET_OPERATION_NODE":
        return _agreed([provenance(child, sources, known) for child in _children(node)])
    if node.get("type") != "SELECT_NODE":
        return {}
    return _selected(node["select_list"], list(_inputs(node.get("from_table") or {}, sources, known)))


def _children(node: Tree) -> list[Tree]:
    children = node.get("children") or [node.get("left"), node.get("right")]
    return [child for child in children if child]


def _agreed(parts: list[Facts]) -> Facts:
    if not parts:
        return {}
    first, rest = parts[0], parts[1:]
    return {name: facts for name, facts in first.items() if all(part.get(name) == facts for part in rest)}


def _inputs(
    source: Tree, sources: Mapping[str, Sequence[Column]], ctes: Mapping[str, Facts]
) -> Iterator[tuple[str, Facts]]:
    """Name and facts of each thing in FROM."""
    kind, alias = source.get("type"), str(source.get("alias") or "").lower()
    if source.get("column_name_alias"):
        return
    if kind == "BASE_TABLE":
        name = source["table_name"].lower()
        yield alias or name, ctes[name] if name in ctes else _facts(sources.get(name, ()))
    elif kind == "SUBQUERY":
        yield alias, provenance(source["subquery"]["node"], sources, ctes)
    elif kind == "JOIN":
        yield from _inputs(source["left"], sources, ctes)
        yield from _inputs(source["right"], sources, ctes)


def _facts(columns: Sequence[Column]) -> Facts:
    vectors = [column for column in columns if column.type.endswith("]")]
    return {column.name.lower(): column.generated for column in vectors}


def _selected(items: Sequence[Tree], inputs: list[tuple[str, Facts]]) -> Facts:
    result: Facts = {}
    for item in items:
        if item["class"] == "STAR":
            for name, facts in _starred(item, inputs).items():
                result[name] = facts if result.get(name, facts) == facts else None
        elif item["class"] == "COLUMN_REF":
            *qualifier, column = [part.lower() for part in item["column_names"]]
            name = (item["alias"] or column).lower()
            result[name] = _looked_up(qualifier[-1] if qualifier else None, column, inputs)
        elif item.get("alias"):
            result[item["alias"].lower()] = None
    return result


def _starred(item: Tree, inputs: list[tuple[str, Facts]]) -> Facts:
    wanted = str(item.get("relation_name") or "").lower()
    left_out = {str(name).lower() for name in item.get("exclude_list") or ()}
    if item.get("replace_list") or item.get("rename_list") or item.get("expr"):
        return {}
    merged: Facts = {}
    for alias, facts in inputs:
        if not wanted or alias == wanted:
            for name in facts.keys() - left_out:
                merged[name] = facts[name] if merged.get(name, facts[name]) == facts[name] else None
    return merged


def _looked_up(qualifier: str | None, column: str, inputs: list[tuple[str, Facts]]) -> GeneratedColumn | None:
    found = [facts[column] for alias, facts in inputs if column in facts and qualifier in (None, alias)]
    return found[0] if found and all(item == found[0] for item in found) else None
