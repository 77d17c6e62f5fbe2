"""Query bodies read by DuckDB's own parser, which needs no table to exist: syntax errors, and the names in a query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from thanosql_kernel.duck.errors import SqlFailure, parse_location
from thanosql_kernel.duck.expressions import expression_tree
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.duck.tree import Tree, walk
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.query import PLACEHOLDER, Form, Query

_NOWHERE = 2**63
_EXPRESSION = "SELECT 1 WHERE ("

#: Words that DuckDB's parser takes for columns and its binder knows better.
BUILT_IN = frozenset(
    "rowid current_date current_time current_timestamp localtime localtimestamp current_user current_role "
    "current_schema current_catalog session_user user excluded".split()
)


class Reference(NamedTuple):
    """A name in a query: a table, or the parts of a column's name, and where it stands in the SQL."""

    parts: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ParsedSql:
    """What DuckDB's parser says about SQL text. Spans count from the start of that text, in code points.

    Attributes:
        failure: Why it does not parse, None if it does.
        node: The tree of a query; empty for expressions, and for what DuckDB takes and cannot describe (PIVOT).
        tables: Names that stand where tables do, those of common table expressions left out.
        columns: Names that stand where columns do, without those that parameters of lambdas have.
        aliases: Every name given with AS, in small letters.
    """

    failure: SqlFailure | None = None
    node: Tree = field(default_factory=dict)
    tables: tuple[Reference, ...] = ()
    columns: tuple[Reference, ...] = ()
    aliases: frozenset[str] = frozenset()


#: What stands around SQL that is no whole query and no expression, for DuckDB to parse it.
_AROUND: Mapping[Form, tuple[str, str]] = {
    "tables": ("FROM ", ""),
    "items": ("SELECT ", ""),
    "with": ("", "\nSELECT 1"),
}


def parse_query(query: Query) -> ParsedSql:
    """What DuckDB says about SQL of a statement, with a name in the place of every nested one."""
    if query.bare_name is not None and query.form == "query":
        return ParsedSql(tables=(Reference((query.bare_name,), Span(0, len(query.text))),))
    if query.form in _AROUND:
        return _parsed_part(query.sql(), *_AROUND[query.form])
    return _parsed_expression(query.sql()) if query.is_expression else _parsed_query(query.sql())


@lru_cache(maxsize=128)
def _parsed_part(sql: str, before: str, behind: str) -> ParsedSql:
    tree = parsed(f"{before}{sql}{behind}")
    if not tree.get("error"):
        return _NamesOf(_Ruler(before, sql)).found(tree, {})
    if tree.get("error_type") == "not implemented":
        return ParsedSql()
    offset, length = parse_location(tree)
    offset = None if offset is None else offset - len(before)
    return ParsedSql(SqlFailure("ParserException", str(tree.get("error_message")), offset, length))


@lru_cache(maxsize=128)
def _parsed_query(sql: str) -> ParsedSql:
    tree = parsed(sql)
    if not tree.get("error"):
        return _NamesOf(_Ruler("", sql)).found(tree, tree["statements"][0]["node"])
    if tree.get("error_type") == "not implemented":
        return ParsedSql()
    offset, length = parse_location(tree)
    return ParsedSql(SqlFailure("ParserException", str(tree.get("error_message")), offset, length))


@lru_cache(maxsize=128)
def _parsed_expression(sql: str) -> ParsedSql:
    try:
        expression_tree(sql)
    except SqlFailure as failure:
        return ParsedSql(failure)
    tree = parsed(f"{_EXPRESSION}{sql}\n)")
    if not tree.get("error"):
        return _NamesOf(_Ruler(_EXPRESSION, sql)).found(tree, {})
    if tree.get("error_type") == "not implemented":
        return ParsedSql()
    offset, length = parse_location(tree)
    offset = None if offset is None else offset - len(_EXPRESSION)
    return ParsedSql(SqlFailure("ParserException", str(tree.get("error_message")), offset, length))


class _Ruler:
    """Turns DuckDB's places, in UTF-8 bytes of all that it read, into code points of the SQL."""

    def __init__(self, prefix: str, sql: str) -> None:
        self.sql = sql
        self._before = len(prefix.encode())
        self._data = None if sql.isascii() else sql.encode()

    def offset(self, place: int) -> int:
        at = min(max(0, place - self._before), len(self._data or self.sql))
        return at if self._data is None else len(self._data[:at].decode(errors="ignore"))

    def span(self, place: int, length: int) -> Span:
        start = self.offset(place)
        return Span(start, max(start, self.offset(place + length)))


class _NamesOf:
    """Collects the names in DuckDB's tree of a query."""

    def __init__(self, ruler: _Ruler) -> None:
        self._ruler = ruler
        self._tables: list[Reference] = []
        self._columns: list[Reference] = []
        self._aliases: set[str] = set()
        self._given: set[str] = set()
        self._loose = False

    def found(self, tree: Tree, node: Tree) -> ParsedSql:
        """The names in a tree."""
        for part in walk(tree):
            self._collect(part)
        tables = tuple(table for table in self._tables if table.parts[0].lower() not in self._given)
        columns = tuple(column for column in self._columns if column.parts[0].lower() not in self._given)
        return ParsedSql(None, node, tables, () if self._loose else columns, frozenset(self._aliases))

    def _collect(self, node: dict[str, Any]) -> None:
        kind = node.get("type")
        if node.get("alias"):
            self._aliases.add(str(node["alias"]).lower())
        if kind == "COLUMN_REF":
            self._add(self._columns, node, node["column_names"])
        elif kind == "BASE_TABLE" and not node.get("schema_name") and not node.get("catalog_name"):
            self._add(self._tables, node, [node["table_name"]])
        elif kind == "LAMBDA":
            self._given |= {name.lower() for name in _lambda_parameters(node.get("lhs"))}
        elif kind == "PIVOT":
            self._loose = True
        for entry in (node.get("cte_map") or {}).get("map", ()):
            self._given.add(str(entry["key"]).lower())

    def _add(self, to: list[Reference], node: dict[str, Any], parts: list[str]) -> None:
        place = node.get("query_location", _NOWHERE)
        if place < _NOWHERE and not PLACEHOLDER.match(parts[0]):
            to.append(Reference(tuple(parts), self._ruler.span(place, node.get("query_location_length", 0))))


def _lambda_parameters(node: Any) -> Iterator[str]:
    """The names in front of the arrow; ``(x, y) -> …`` is a row of them."""
    for part in walk(node):
        if part.get("type") == "COLUMN_REF":
            yield part["column_names"][0]
