"""Query bodies read by DuckDB's own parser, which needs no table to exist: syntax errors, and the names in a query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from thanosql_kernel.analysis.meaning.pivots import filled
from thanosql_kernel.duck.blame import says
from thanosql_kernel.duck.catalogues import reads_catalogues
from thanosql_kernel.duck.cheap import can_parse, is_cheap
from thanosql_kernel.duck.errors import SqlFailure, parse_location
from thanosql_kernel.duck.expressions import expression_tree
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.duck.tree import Tree, base_tables, walk
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.lexer import read_tokens
from thanosql_kernel.sql.query import PLACEHOLDER, Form, Query

_NOWHERE = 2**63
_EXPRESSION = "SELECT 1 WHERE ("
_NO_NAMES: frozenset[str] = frozenset()

#: Where a query may say that its tables are.
OWN_SCHEMAS = frozenset(("", "main", "temp"))

#: Words that DuckDB's parser takes for columns and its binder knows better.
BUILT_IN = frozenset(
    "current_date current_time current_timestamp localtime localtimestamp current_user current_role "
    "current_schema current_catalog session_user user".split()
)


class Reference(NamedTuple):
    """A name in a query: a table, or the parts of a column's name, and where it stands in the SQL.

    Attributes:
        in_text: Whether it is written ``'t'``: DuckDB takes it for a name, a run here for that of a file at most.
    """

    parts: tuple[str, ...]
    span: Span
    in_text: bool = False

    @property
    def last(self) -> Span:
        """Where its last part stands, if no quotes are around it."""
        is_quoted = self.span.end - self.span.start != len(".".join(self.parts))
        return self.span if is_quoted else Span(self.span.end - len(self.parts[-1]), self.span.end)


@dataclass(frozen=True, slots=True)
class ParsedSql:
    """What DuckDB's parser says about SQL text. Spans count from the start of that text, in code points.

    Attributes:
        failure: Why it does not parse, None if it does.
        node: The tree of a query; empty for expressions, and for what DuckDB takes and cannot describe (PIVOT).
        tables: Names that stand where tables do, those of common table expressions left out.
        reads: All of those names in small letters, also where DuckDB does not tell the place.
        columns: Names that stand where columns do, without those that parameters of lambdas have.
        functions: Names of functions, and where they are called.
        aliases: Every name given with AS, in small letters.
        tree: All that DuckDB's parser gives.
        can_bind: Whether it is known that binding it takes little.
        may_read_catalogues: Whether it reads SQL's catalogues if no table has the name of one.
    """

    failure: SqlFailure | None = None
    node: Tree = field(default_factory=dict)
    tables: tuple[Reference, ...] = ()
    columns: tuple[Reference, ...] = ()
    aliases: frozenset[str] = frozenset()
    tree: Tree = field(default_factory=dict)
    reads: frozenset[str] = frozenset()
    functions: tuple[Reference, ...] = ()
    can_bind: bool = False
    may_read_catalogues: bool = False


#: What stands around SQL that is no whole query and no expression, for DuckDB to parse it.
_AROUND: Mapping[Form, tuple[str, str]] = {
    "tables": ("FROM ", ""),
    "items": ("SELECT ", ""),
    "with": ("", "\nSELECT 1"),
}


def parse_query(query: Query) -> ParsedSql:
    """What DuckDB says about SQL of a statement, with a name in the place of every nested one."""
    if query.bare_name is not None and query.form == "query":
        whole = Reference((query.bare_name,), Span(0, len(query.text)))
        return ParsedSql(tables=(whole,), can_bind=True, reads=frozenset({query.bare_name.lower()}))
    if not can_parse(query.tokens):
        return ParsedSql()
    if query.form in _AROUND:
        return _parsed_part(query.sql(), *_AROUND[query.form])
    return _parsed_expression(query.sql()) if query.is_expression else parse_sql(query.sql())


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
def parse_sql(sql: str) -> ParsedSql:
    """What DuckDB says about the text of a query."""
    tree = parsed(sql)
    if not tree.get("error"):
        return _NamesOf(_Ruler("", sql)).found(tree, tree["statements"][0]["node"])
    if tree.get("error_type") == "not implemented":
        return _parsed_pivot(sql)
    offset, length = parse_location(tree)
    return ParsedSql(SqlFailure("ParserException", str(tree.get("error_message")), offset, length))


def _parsed_pivot(sql: str) -> ParsedSql:
    """The tables of what DuckDB can describe only with values in it."""
    pivot, ruler = filled(sql), _Ruler("", sql)
    read = parse_sql(pivot.sql) if pivot is not None else ParsedSql()
    tables = (found for table in read.tables for found in ruler.named(table.parts[0], _NOWHERE))
    return ParsedSql(tables=tuple(tables), reads=read.reads, can_bind=read.can_bind)


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

    def named(self, name: str, place: int) -> list[Reference]:
        """A table's name behind a place, or the first of that name where DuckDB tells none (``SUMMARIZE t``)."""
        start = self.offset(place) if place < _NOWHERE else 0
        found = (token for token in read_tokens(self.sql, start) if says(token, name.lower()))
        return [
            Reference((name,), token.span, not token.is_name)
            for token in islice(found, 1)
            if not PLACEHOLDER.match(name)
        ]

    def span(self, place: int, length: int) -> Span:
        start = self.offset(place)
        return Span(start, max(start, self.offset(place + length)))


class _NamesOf:
    """Collects the names in DuckDB's tree of a query."""

    def __init__(self, ruler: _Ruler) -> None:
        self._ruler = ruler
        self._tables: list[Reference] = []
        self._reads: set[str] = set()
        self._functions: list[Reference] = []
        self._columns: list[Reference] = []
        self._aliases: set[str] = set()
        self._given: set[str] = set()
        self._loose = False

    def found(self, tree: Tree, node: Tree) -> ParsedSql:
        """The names in a tree."""
        parts = list(walk(tree))
        for part in parts:
            self._collect(part)
        has_ctes = any((part.get("cte_map") or {}).get("map") for part in parts)
        tables = ((part, _NO_NAMES) for part in parts if part.get("type") == "BASE_TABLE")
        for part, visible in base_tables(tree) if has_ctes else tables:
            self._collect_table(part, visible)
        columns = tuple(column for column in self._columns if column.parts[0].lower() not in self._given)
        return ParsedSql(
            None,
            node,
            tuple(self._tables),
            () if self._loose else columns,
            frozenset(self._aliases),
            tree,
            frozenset(self._reads),
            tuple(self._functions),
            is_cheap(tree, parts) and not any(table.in_text for table in self._tables),
            reads_catalogues(tree, ()),
        )

    def _collect_table(self, node: Tree, visible: frozenset[str]) -> None:
        name, schema = str(node["table_name"]), str(node.get("schema_name") or "").lower()
        if schema in OWN_SCHEMAS and not node.get("catalog_name") and (schema or name.lower() not in visible):
            self._reads.add(name.lower())
            self._tables += self._ruler.named(name, node.get("query_location", _NOWHERE))

    def _collect(self, node: dict[str, Any]) -> None:
        kind = node.get("type")
        if node.get("alias"):
            self._aliases.add(str(node["alias"]).lower())
        if kind == "COLUMN_REF":
            self._add(self._columns, node, node["column_names"])
        elif node.get("class") in ("FUNCTION", "WINDOW") and node.get("function_name"):
            self._add(self._functions, node, [node["function_name"]])
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
