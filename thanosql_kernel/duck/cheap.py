"""Whether DuckDB can read and bind a query without computing much, told beforehand: nothing stops it in between.

It works some constants out while it binds: arguments of table functions, what LIMIT and COLUMNS are given, and whatever
a function wants to know first (a format, a field). And it writes some things out: a macro's body for its call, an
expression for its alias, columns for a star, each maybe several times: thirty of them in each other are billions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.tree import Tree, walk
from thanosql_kernel.duck.words import macros
from thanosql_kernel.sql.lexer import Token

#: Functions whose values may be far larger than what they are given.
_GROWING = frozenset(
    "range generate_series repeat lpad rpad list_resize array_resize bar format printf sleep_ms".split()
)
#: Table functions that run a text, or a tree, as a query.
_RUNNING = frozenset(("query", "json_execute_serialized_sql"))
#: Functions whose type has those of all arguments in it.
_HOLDING = frozenset(
    "struct_pack row struct_insert struct_update struct_concat map list_value list_zip".split()
)
#: Most values that may be made beforehand.
_MOST_VALUES = 100_000
#: Most expressions, columns and fields that a query may be when all is written out, for an editor.
_MOST_PARTS = 5_000
#: So few names and stars cannot stand for more: shared out among themselves in threes they are 3 ** 5 tables' columns.
_FEW_REFERENCES = 15
#: What a stored table, or anything of which no columns are known here, counts as.
_COLUMNS_OF_A_TABLE = 20

_MOST_BRACKETS = 60
#: Brackets in each other of which each doubles what is in it, or more.
_MOST_DOUBLINGS = 9
_DOUBLING_CALLS = frozenset(("NULLIF", "IFNULL"))
_DOUBLING_WORDS = frozenset(("BETWEEN", "LAMBDA", "->"))

Sizes = dict[str, int]


def is_shallow(tokens: Sequence[Token]) -> bool:
    """Whether brackets are in each other as deep as people write them: DuckDB binds by recursion."""
    depth = 0
    for token in tokens:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if depth > _MOST_BRACKETS:
            return False
    return True


def can_parse(tokens: Sequence[Token]) -> bool:
    """Whether what doubles its arguments is in each other seldom enough for DuckDB's parser."""
    if sum(token.text in ("(", "[") for token in tokens) < _MOST_DOUBLINGS:
        return True
    levels = [[0, 0]]
    for index, token in enumerate(tokens):
        if token.text in ("(", "["):
            doubles = index > 0 and tokens[index - 1].is_name and _doubles(tokens[index - 1])
            levels.append([int(doubles), 0])
        elif token.text in (")", "]") and len(levels) > 1:
            own, inside = levels.pop()
            levels[-1][1] = max(levels[-1][1], own + inside)
        elif token.upper in _DOUBLING_WORDS:
            levels[-1][0] = 1
    return max(own + inside for own, inside in levels) <= _MOST_DOUBLINGS


def _doubles(called: Token) -> bool:
    return called.upper in _DOUBLING_CALLS or called.name.lower() in macros()


def is_cheap(tree: Tree, parts: Sequence[Tree]) -> bool:
    """Whether binding the query takes little, whatever is in it.

    Args:
        tree: The query's.
        parts: Every object in it, as `tree.walk` gives them.
    """
    called = {_name(part) for part in parts}
    values = 1
    for call in _worked_out(tree) if called & _GROWING else ():
        values *= _value_size(call)
        if values > _MOST_VALUES:
            return False
    if called & _RUNNING and any(_runs_text(part) for part in parts):
        return False
    if sum(part.get("class") in ("COLUMN_REF", "STAR") for part in parts) <= _FEW_REFERENCES:
        return True
    try:
        return not is_over(_MOST_PARTS, tree, {})
    except RecursionError:
        return False


def is_over(most: int, tree: Tree, sources: Mapping[str, Sequence[Column]]) -> bool:
    """Whether a query may be more expressions, columns and fields than that when all is written out.

    Args:
        most: How many are not too many.
        tree: The query's.
        sources: The columns of what it reads, by name in lower case, as far as they are known.

    Raises:
        RecursionError: Its queries are in each other too deep to tell.
    """
    known = {
        name: {column.name.lower(): _fields(column.type) for column in columns}
        for name, columns in sources.items()
    }
    writing = _Writing(most)
    try:
        for statement in tree.get("statements", ()):
            writing.fit(writing.columns(statement["node"], known))
    except _TooMuch:
        return True
    return False


def _fields(sql_type: str) -> int:
    return 1 if "ENUM(" in sql_type else 1 + sql_type.count(",")


# -- constants -------------------------------------------------------------------------------------------------
def _runs_text(part: Tree) -> bool:
    function = part.get("function") or {}
    return part.get("type") == "TABLE_FUNCTION" and str(function.get("function_name")).lower() in _RUNNING


def _worked_out(tree: Tree) -> Iterator[Tree]:
    """The calls of growing functions whose values DuckDB may want while it binds."""
    waiting: list[tuple[object, bool]] = [(tree, False)]
    while waiting:
        part, is_wanted = waiting.pop()
        if isinstance(part, list):
            waiting.extend((item, is_wanted) for item in part)
        elif isinstance(part, dict):
            if is_wanted and _name(part) in _GROWING:
                yield part
            is_wanted = is_wanted or _wants(part)
            waiting.extend((value, is_wanted) for key, value in part.items() if key != "function")
            if isinstance(function := part.get("function"), dict):
                waiting.append((function.get("arguments"), True))


def _name(part: Tree) -> str:
    return str(part.get("function_name", "")).lower() if part.get("class") == "FUNCTION" else ""


def _wants(part: Tree) -> bool:
    """Whether values in it may be worked out beforehand."""
    is_call = part.get("class") == "FUNCTION" and not part.get("is_operator") and _name(part) != "unnest"
    return is_call or part.get("class") == "STAR" or str(part.get("type")).startswith("LIMIT")


def _value_size(call: Tree) -> int:
    """How much it makes at most of arguments that are plain values and columns; far too much of any others."""
    count = length = 1
    for argument in call.get("arguments", ()):
        given = argument.get("expression", argument)
        literal = given.get("literal") or {}
        text = str(literal.get("text", ""))
        if literal.get("kind") == "INTEGER" and text.isdecimal():
            count = max(count, int(text))
        elif literal.get("kind") == "STRING":
            length = max(length, len(text))
        elif given.get("class") != "COLUMN_REF":
            return _MOST_VALUES + 1
    return count * length


# -- what is written out ---------------------------------------------------------------------------------------
class _TooMuch(Exception):
    pass


class _Writing:
    """What a query is when all is written out, up to so many expressions, columns and fields.

    Args:
        most: Of them at once.

    Raises:
        _TooMuch: There are more.
    """

    def __init__(self, most: int) -> None:
        self._most = most

    def fit(self, sizes: Sizes) -> Sizes:
        if sum(sizes.values()) > self._most:
            raise _TooMuch
        return sizes

    def columns(self, node: Tree, ctes: dict[str, Sizes]) -> Sizes:
        """The columns of a query by name, and how large their types may be."""
        for entry in (node.get("cte_map") or {}).get("map", []):
            ctes = {**ctes, str(entry["key"]).lower(): self.columns(_body(entry["value"]), ctes)}
        if node.get("type") == "SELECT_NODE":
            return self._selected(node, ctes)
        if node.get("type") == "RECURSIVE_CTE_NODE":
            first = self.columns(node["left"], ctes)
            self.columns(node["right"], {**ctes, str(node["cte_name"]).lower(): first})
            return first
        found: Sizes = {}
        for side in (node.get("left"), node.get("right"), *node.get("children", ())):
            if isinstance(side, dict):
                found = {**found, **self.columns(_body(side), ctes)}
        return found

    def _selected(self, node: Tree, ctes: dict[str, Sizes]) -> Sizes:
        source = self._source(node.get("from_table") or {}, ctes)
        written: Sizes = {}
        found: Sizes = {}
        for number, item in enumerate(node.get("select_list", ())):
            if item.get("class") == "STAR":
                found = self._joined(found, source)
                continue
            name = str(item.get("alias") or (item.get("column_names") or [f" {number}"])[-1]).lower()
            for query in _queries(item):
                self.columns(query, ctes)
            parts = list(walk(item))
            written[name] = _expressions(parts, source, written)
            found = self._joined(found, {name: _type_size(parts, source, found)})
            self.fit(written)
        return found

    def _joined(self, left: Sizes, right: Sizes) -> Sizes:
        found = dict(left)
        for name, size in right.items():
            found[name if name not in found else f"{name} {len(found)}"] = size
        return self.fit(found)

    def _source(self, part: Tree, ctes: dict[str, Sizes]) -> Sizes:
        """The columns of what stands in FROM."""
        if part.get("type") == "JOIN":
            return self._joined(self._source(part["left"], ctes), self._source(part["right"], ctes))
        if part.get("type") == "SUBQUERY":
            return self.columns(_body(part["subquery"]), ctes)
        named = ctes.get(str(part.get("table_name", "")).lower())
        return {"": _COLUMNS_OF_A_TABLE} if named is None else named


def _queries(item: Tree) -> Iterator[Tree]:
    """The queries in an expression, but for those in each other."""
    waiting: list[object] = [item]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict) and isinstance(part.get("subquery"), dict):
            yield _body(part["subquery"])
        elif isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def _expressions(parts: Sequence[Tree], source: Sizes, aliases: Sizes) -> int:
    """How many expressions an item is when those stand in it that its aliases are for."""
    count = 0
    for part in parts:
        if part.get("class") == "COLUMN_REF":
            name = str(part["column_names"][-1]).lower()
            count += 1 if name in source else aliases.get(name, 1)
        count += "class" in part
    return count


def _body(value: Tree) -> Tree:
    """The query in what holds one."""
    body: Tree = (
        value.get("query_node") or (value.get("query") or {}).get("node") or value.get("node") or value
    )
    return body


def _type_size(parts: Sequence[Tree], source: Sizes, found: Sizes) -> int:
    names = [str(part["column_names"][-1]).lower() for part in parts if part.get("class") == "COLUMN_REF"]
    sizes = [source.get(name, found.get(name, 1)) for name in names]
    holds = any(_name(part) in _HOLDING for part in parts)
    return max(1, sum(sizes) if holds else max(sizes, default=1))
