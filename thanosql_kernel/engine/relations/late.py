"""Reading wide rows late: first which rows, over the narrow columns; then the wide columns of those rows alone.

A vector column of 512 numbers is 2 kB a row. DuckDB reads all columns of every row that it looks at, even where ten
rows are wanted: 1.4 s for a LIKE over 300,000 rows, against 0.03 s this way.

It is allowed where each row of the result can be told to stand for one row of one source, and what it holds to depend
on nothing else: by a list of what is known to be so. Rows are taken by their position in the source, then the select
list is evaluated; WHERE and ORDER BY never see the chosen rows again, for there a subquery or a window would give
something else. See docs/decisions/0015.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck import words
from thanosql_kernel.duck.deep_json import copied, dumps
from thanosql_kernel.duck.tree import MAX_BOUND, Tree, is_bare_star, walk

MAX_ROWS = 10_000

#: What a SELECT and its FROM may hold, and what of it must be empty.
_SELECT = frozenset({"type", "select_list", "from_table", "where_clause", "modifiers"})
_EMPTY: dict[str, object] = {"cte_map": {"map": []}, "aggregate_handling": "STANDARD_HANDLING"}
_TABLE = frozenset(
    {"type", "alias", "table_name", "qualified_name", "query_location", "query_location_length"}
)
_FUNCTION = frozenset(
    "class type alias query_location query_location_length function_name is_operator arguments qualified_name".split()
)
_STAR = frozenset(
    "class type alias query_location query_location_length relation_name exclude_list replace_list".split()
)
_PLAIN = frozenset(
    "COLUMN_REF CONSTANT COMPARISON CONJUNCTION BETWEEN CASE CAST TYPE COLLATE OPERATOR FUNCTION".split()
)
_OPERATORS = frozenset(
    "ARRAY_EXTRACT ARRAY_SLICE ARRAY_CONSTRUCTOR STRUCT_EXTRACT COMPARE_IN COMPARE_NOT_IN OPERATOR_NOT "
    "OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_COALESCE".split()
)


@dataclass(frozen=True, slots=True)
class RowByRow:
    """A SELECT each of whose rows stands for one row of its one source.

    Attributes:
        table: The source's name, as written.
        node: The query's tree.
        columns: Names of the source's columns.
        limit: Its own LIMIT; None for all rows.
        offset: Its own OFFSET.
    """

    table: str
    node: Tree
    columns: tuple[str, ...]
    limit: int | None
    offset: int

    @property
    def sorts(self) -> bool:
        """Whether it has an ORDER BY; without one its rows are in the source's order."""
        return bool(self.orders)

    @property
    def filters(self) -> bool:
        """Whether it has a WHERE."""
        return bool(self.node["where_clause"])

    @property
    def is_filter(self) -> bool:
        """Whether its rows are those of the source of which a condition is true, in its order."""
        return self.filters and not self.sorts and self.limit is None and not self.offset

    @property
    def is_run(self) -> bool:
        """Whether its rows are a run of the source's: no WHERE, no ORDER BY."""
        return not self.sorts and not self.filters

    @property
    def position(self) -> str:
        """A name for a column of positions that neither the source nor the query has."""
        taken, name = f"{self.columns}{dumps(self.node)}".lower(), "_position"
        while name in taken:
            name += "_"
        return name

    @property
    def plain_columns(self) -> tuple[str, ...] | None:
        """The source's columns, as written, if the select list is nothing but columns or ``*``; else None."""
        items = self.node["select_list"]
        if len(items) == 1 and is_bare_star(items[0]):
            return self.columns
        if all(item["class"] == "COLUMN_REF" and not item["alias"] for item in items):
            names = [item["column_names"] for item in items]
            return tuple(name[0] for name in names) if all(len(name) == 1 for name in names) else None
        return None

    def wanted(self, limit: int | None) -> int | None:
        """How many rows the first ``limit`` rows are at most; None for no bound."""
        bounds = [bound for bound in (limit, self.limit) if bound is not None]
        return min(bounds, default=None)

    def needed(self) -> list[str]:
        """The source's columns that the select list reads."""
        items = self.node["select_list"]
        if any(item["class"] == "STAR" for item in items):
            return list(self.columns)
        read = {name.lower() for part in walk(items) for name in part.get("column_names", ())}
        return [name for name in self.columns if name.lower() in read] or list(self.columns[:1])

    def positions(self, view: str, limit: int | None) -> Tree:
        """The query for the position of each of the first rows, in order, and for nothing else.

        Args:
            view: What to read: the source and, as its last column, `position`.
            limit: At most so many rows.
        """
        node = self._over(view, self.position)
        node["select_list"].append(_column(self.position))
        self._bound(node, self.wanted(limit))
        return _statement(_only(self.position, node))

    def positions_where(self, view: str, condition: Tree) -> Tree:
        """The query for the position of each row of which a condition is true; see `positions`."""
        node = self._over(view, self.position)
        node["select_list"], node["where_clause"] = [_column(self.position)], copied(condition)
        node["modifiers"] = []
        return _statement(node)

    def of_taken(self, view: str) -> Tree:
        """The select list over rows that were taken already: ``view`` holds them, in their order."""
        node = self._over(view)
        node["where_clause"] = None
        node["modifiers"] = []
        return _statement(node)

    def in_order(self, view: str) -> Tree:
        """The whole query, rows that ORDER BY finds equal in the source's order; see `positions`."""
        node = self._over(view, self.position)
        self._bound(node, self.limit)
        return _statement(node)

    @property
    def orders(self) -> list[Tree]:
        """What it sorts by."""
        return [
            order
            for item in self.node["modifiers"]
            if item["type"] == "ORDER_MODIFIER"
            for order in item["orders"]
        ]

    def _over(self, view: str, position: str | None = None) -> Tree:
        """The query over another name, which has a last column that ``*`` must not give."""
        node = copied(self.node)
        table = node["from_table"]
        table["alias"] = table["alias"] or table["table_name"]
        table["table_name"], table["qualified_name"] = view, {"path": [view]}
        if position is not None:
            for item in node["select_list"]:
                if item["class"] == "STAR":
                    item["exclude_list"].append(position)
            order = {"type": "ASCENDING", "null_order": "ORDER_DEFAULT", "expression": _column(position)}
            orders = [*copied(self.orders), order]
            node["modifiers"] = [{"type": "ORDER_MODIFIER", "orders": orders}]
        return node

    def _bound(self, node: Tree, limit: int | None) -> None:
        if limit is None and not self.offset:
            return
        bound = {
            "type": "LIMIT_MODIFIER",
            "limit": None if limit is None else _number(limit),
            "offset": _number(self.offset) if self.offset else None,
            "limit_type": "ROW_COUNT",
        }
        node["modifiers"].append(bound)


def read(node: Tree, sources: Mapping[str, Sequence[Column]]) -> RowByRow | None:
    """A query as one that may be read late; None where that is not known to be right.

    Args:
        node: A query's tree.
        sources: The columns of what it may read, by name in lower case.
    """
    node = _flattened(node)
    if node.get("type") != "SELECT_NODE" or not _has_only(node, _SELECT, **_EMPTY):
        return None
    table = node.get("from_table") or {}
    if table.get("type") != "BASE_TABLE" or not _has_only(table, _TABLE):
        return None
    name = str(table["table_name"])
    columns = sources.get(name.lower())
    bounds = _bounds(node["modifiers"])
    if columns is None or bounds is None or not _is_row_by_row(node, _Names.of(node, name, columns)):
        return None
    return RowByRow(name, node, tuple(column.name for column in columns), *bounds)


def counted(node: Tree) -> str | None:
    """The name of the table, as written, if the query is its ``count(*)`` and nothing else."""
    node = _flattened(node)
    table, items = node.get("from_table") or {}, node.get("select_list") or [{}]
    is_plain = (
        node.get("type") == "SELECT_NODE"
        and _has_only(node, _SELECT - {"where_clause", "modifiers"}, **_EMPTY)
        and table.get("type") == "BASE_TABLE"
        and _has_only(table, _TABLE)
        and len(items) == 1
        and items[0].get("function_name") == "count_star"
        and _has_only(items[0], _FUNCTION - {"arguments"}, order_bys=_NO_ORDER)
    )
    return str(table["table_name"]) if is_plain else None


@dataclass(frozen=True, slots=True)
class _Names:
    """What names may mean, in lower case.

    Attributes:
        columns: The source's columns.
        made: Names that the select list gives to its items.
        source: The name of the source in the query.
    """

    columns: Collection[str]
    made: Collection[str]
    source: str

    @staticmethod
    def of(node: Tree, table: str, columns: Sequence[Column]) -> _Names:
        made = {str(item.get("alias")).lower() for item in node["select_list"] if item.get("alias")}
        known = {column.name.lower() for column in columns}
        return _Names(known, made, str(node["from_table"]["alias"] or table).lower())

    def have(self, written: Sequence[str]) -> bool:
        first, *rest = (name.lower() for name in written)
        is_qualified = first == self.source and bool(rest) and rest[0] in self.columns
        return first in self.columns or is_qualified or (first in self.made and not rest)


def _flattened(node: Tree) -> Tree:
    """``FROM (FROM x)``, which is what a nested statement becomes, as ``FROM x``; any other query as it is.

    ``SELECT *`` over a SEARCH of 250,000 rows takes 0.08 s so, instead of 1.0.
    """
    source = node.get("from_table") or {}
    if source.get("type") != "SUBQUERY" or source.get("column_name_alias") or source.get("sample"):
        return node
    inner = source["subquery"]["node"]
    if inner.get("type") != "SELECT_NODE" or not _has_only(inner, _SELECT - {"where_clause"}, **_EMPTY):
        return node
    table, items = inner["from_table"] or {}, inner["select_list"]
    if inner["modifiers"] or table.get("type") != "BASE_TABLE" or not _has_only(table, _TABLE):
        return node
    if len(items) != 1 or not is_bare_star(items[0]):
        return node
    return {**node, "from_table": {**table, "alias": source["alias"] or table["alias"]}}


def _has_only(part: Tree, allowed: Collection[str], **more: object) -> bool:
    """Whether nothing else is said: what is not known must be empty, or as ``more`` says."""
    return all(key in allowed or not value or more.get(key) == value for key, value in part.items())


def _bounds(modifiers: Sequence[Tree]) -> tuple[int | None, int] | None:
    """LIMIT and OFFSET; None if there is another modifier, or one that is not a plain number."""
    kinds = [modifier["type"] for modifier in modifiers]
    if not set(kinds) <= {"ORDER_MODIFIER", "LIMIT_MODIFIER"} or len(set(kinds)) < len(kinds):
        return None
    limit: int | None = None
    offset: int | None = 0
    for modifier in modifiers:
        if modifier["type"] == "LIMIT_MODIFIER":
            limit, offset = _whole(modifier["limit"], None), _whole(modifier["offset"], 0)
            if modifier["limit_type"] != "ROW_COUNT" or limit == _NO_NUMBER or offset in (_NO_NUMBER, None):
                return None
    return limit, offset or 0


_NO_NUMBER = -1


def _whole(expression: Tree | None, default: int | None) -> int | None:
    """A literal's value if it is one that a row can be counted by."""
    if expression is None:
        return default
    literal = expression.get("literal") or {}
    text = str(literal.get("text", ""))
    if expression.get("class") != "CONSTANT" or literal.get("kind") != "INTEGER" or not text.isdecimal():
        return _NO_NUMBER
    return int(text) if int(text) <= MAX_BOUND else _NO_NUMBER


def _is_row_by_row(node: Tree, names: _Names) -> bool:
    orders = [
        order
        for modifier in node["modifiers"]
        if modifier["type"] == "ORDER_MODIFIER"
        for order in modifier["orders"]
    ]
    expressions = [node["where_clause"] or {}, *(order["expression"] for order in orders)]
    for item in node["select_list"]:
        if item["class"] == "STAR":
            if not _has_only(item, _STAR) or str(item["relation_name"]).lower() not in ("", names.source):
                return False
            expressions += [change["value"] for change in item["replace_list"]]
        else:
            expressions.append(item)
    return all(_is_known(part, names) for expression in expressions for part in _parts(expression))


def _parts(expression: Tree) -> Iterator[Tree]:
    return (part for part in walk(expression) if part.get("class") or "type" in part)


def _is_known(part: Tree, names: _Names) -> bool:
    """Whether a part of an expression depends on its row alone; what we do not know does not."""
    kind = part.get("class")
    if kind == "COLUMN_REF":
        return names.have(part["column_names"])
    if kind == "OPERATOR":
        return part["type"] in _OPERATORS
    if kind == "FUNCTION":
        return _has_only(part, _FUNCTION, order_bys=_NO_ORDER) and words.is_of_one_row(part["function_name"])
    return kind in _PLAIN or (kind is None and part == _NO_ORDER)


_NO_ORDER: dict[str, Any] = {"type": "ORDER_MODIFIER", "orders": []}


def _column(name: str) -> Tree:
    return {"class": "COLUMN_REF", "type": "COLUMN_REF", "alias": "", "column_names": [name]}


def _number(value: int) -> Tree:
    literal = {"kind": "INTEGER", "text": str(value)}
    return {"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": "", "literal": literal}


def _only(column: str, node: Tree) -> Tree:
    """One column of a query; DuckDB does not compute the others."""
    return {
        "type": "SELECT_NODE",
        "select_list": [_column(column)],
        "from_table": {
            "type": "SUBQUERY",
            "alias": "",
            "sample": None,
            "subquery": {"node": node, "named_param_map": []},
            "column_name_alias": [],
        },
        "where_clause": None,
        "group_expressions": [],
        "group_sets": [],
        "aggregate_handling": "STANDARD_HANDLING",
        "having": None,
        "sample": None,
        "qualify": None,
        "modifiers": [],
        "cte_map": {"map": []},
    }


def _statement(node: Tree) -> Tree:
    return {"error": False, "statements": [{"node": node, "named_param_map": []}]}
