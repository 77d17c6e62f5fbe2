"""What can be told about a query from its tree (DuckDB's ``json_serialize_sql``) before it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from thanosql_kernel.catalog import Column, GeneratedColumn

Tree = dict[str, Any]
Facts = dict[str, GeneratedColumn | None]

#: Functions that give something else on every call; the clock is among them, for two reads are two moments.
VOLATILE = frozenset(
    "random rand setseed uuid gen_random_uuid uuidv4 uuidv7 nextval currval now get_current_timestamp "
    "get_current_time today current_localtime current_localtimestamp transaction_timestamp clock_timestamp".split()
)
_CLOCK = frozenset({"current_timestamp", "current_date", "current_time", "localtime", "localtimestamp"})
_AGGREGATE_FREE = frozenset({"ORDER_MODIFIER", "LIMIT_MODIFIER"})


@dataclass(frozen=True, slots=True)
class Run:
    """``SELECT * | columns FROM t [LIMIT n] [OFFSET m]``: a run of rows that LanceDB itself can give.

    Attributes:
        table: As written.
        columns: Names as written; None for ``*``.
        limit: At most so many rows; None for all.
        offset: Rows left out at the start.
    """

    table: str
    columns: tuple[str, ...] | None
    limit: int | None
    offset: int


def walk(tree: object) -> Iterator[Tree]:
    """Every object in the tree."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from walk(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from walk(item)


def is_volatile(tree: Tree) -> bool:
    """Whether the query may give other rows when it runs again."""
    for node in walk(tree):
        if node.get("sample"):
            return True
        if node.get("type") == "FUNCTION" and str(node.get("function_name")).lower() in VOLATILE:
            return True
        if node.get("type") == "COLUMN_REF" and [n.lower() for n in node["column_names"]][-1:] in [
            [c] for c in _CLOCK
        ]:
            return True
    return False


def plain_source(node: Tree) -> str | None:
    """The one stored table or placeholder that a SELECT reads row by row, else None.

    Row by row: no join, grouping, DISTINCT, aggregate or window, so that each row of the result stands for one of the
    source and the rows keep the source's order unless ORDER BY says otherwise.
    """
    source = node.get("from_table") or {}
    if (
        node.get("type") != "SELECT_NODE"
        or source.get("type") != "BASE_TABLE"
        or source.get("column_name_alias")
    ):
        return None
    if node["cte_map"]["map"] or node["group_expressions"] or node["having"] or node["qualify"]:
        return None
    if any(modifier["type"] not in _AGGREGATE_FREE for modifier in node["modifiers"]):
        return None
    if source.get("at_clause") or source.get("schema_name") or any(map(_joins_rows, node["select_list"])):
        return None
    return str(source["table_name"])


def keeps_order(node: Tree) -> bool:
    """Whether a query with a `plain_source` gives rows in the source's order: not sorted, no join by IN or EXISTS."""
    sorts = any(modifier["type"] == "ORDER_MODIFIER" for modifier in node["modifiers"])
    return not sorts and not any(part.get("class") == "SUBQUERY" for part in walk(node["where_clause"]))


def flattened(node: Tree) -> Tree:
    """``FROM (FROM x)``, which is what a nested statement becomes, as ``FROM x``; any other query as it is.

    Reading late then sees through it: ``SELECT *`` over a SEARCH of 250,000 rows takes 0.08 s instead of 1.0.
    """
    source = node.get("from_table") or {}
    if source.get("type") != "SUBQUERY" or source.get("column_name_alias") or source.get("sample"):
        return node
    inner = source["subquery"]["node"]
    if plain_source(inner) is None or inner["where_clause"] or inner["modifiers"] or inner.get("sample"):
        return node
    if len(inner["select_list"]) != 1 or not is_bare_star(inner["select_list"][0]):
        return node
    base = inner["from_table"]
    return {**node, "from_table": {**base, "alias": source["alias"] or base["alias"]}}


def _joins_rows(expression: Tree) -> bool:
    """Whether an expression of the select list looks beyond its row (unknown functions are asked of DuckDB's names)."""
    for part in walk(expression):
        kind = str(part.get("class", ""))
        if kind in ("WINDOW", "SUBQUERY"):
            return True
        if (
            kind == "FUNCTION"
            and str(part.get("function_name")).lower() not in _ROW_FUNCTIONS
            and not part.get("is_operator")
        ):
            return True
    return False


#: Functions of one row that notebooks use; any other in a select list makes the query an ordinary one.
_ROW_FUNCTIONS = frozenset(
    "lower upper round abs floor ceil trim ltrim rtrim length substr substring replace concat concat_ws coalesce "
    "regexp_extract regexp_matches regexp_replace split_part contains starts_with ends_with strftime left right "
    "list_extract array_extract struct_extract json_extract json_extract_string ->> -> || + - * / % ~~ ~~*".split()
)


def limits(node: Tree) -> tuple[int | None, int] | None:
    """LIMIT and OFFSET of a SELECT; None if they are not plain numbers."""
    limit, offset = None, 0
    for modifier in node["modifiers"]:
        if modifier["type"] == "LIMIT_MODIFIER":
            if modifier.get("limit_type") != "ROW_COUNT":
                return None
            numbers = [_whole_number(modifier["limit"]), _whole_number(modifier["offset"])]
            if -1 in numbers:
                return None
            limit, offset = numbers[0], numbers[1] or 0
    return limit, offset


def _whole_number(expression: Tree | None) -> int | None:
    """A literal's value; None for nothing, -1 for anything else."""
    if expression is None:
        return None
    literal = expression.get("literal") or {}
    if expression.get("class") != "CONSTANT" or literal.get("kind") != "INTEGER":
        return -1
    return int(literal["text"])


def as_run(node: Tree) -> Run | None:
    """The query as a run of a table's rows, if it is no more than that."""
    table = plain_source(node)
    if table is None or node["where_clause"] or any(m["type"] == "ORDER_MODIFIER" for m in node["modifiers"]):
        return None
    bounds = limits(node)
    if bounds is None or node.get("sample") or node["from_table"].get("sample"):
        return None
    items = node["select_list"]
    if len(items) == 1 and is_bare_star(items[0]):
        return Run(table, None, *bounds)
    if all(
        item["class"] == "COLUMN_REF" and len(item["column_names"]) == 1 and not item["alias"]
        for item in items
    ):
        return Run(table, tuple(item["column_names"][0] for item in items), *bounds)
    return None


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
