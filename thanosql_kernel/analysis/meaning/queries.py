"""Query bodies read by DuckDB's own parser, which needs no table to exist: syntax errors, and the names in a query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from thanosql_kernel.duck.errors import parse_location, told
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.duck.tree import walk
from thanosql_kernel.errors import Fix, ParseError, Replace, Span, nearest
from thanosql_kernel.sql.lexer import read_tokens
from thanosql_kernel.sql.query import PLACEHOLDER, Form, Query

_NOWHERE = 2**63

_KEYWORDS = (
    "SELECT FROM WHERE GROUP ORDER HAVING LIMIT OFFSET JOIN UNION EXCEPT INTERSECT DISTINCT BETWEEN LIKE ILIKE "
    "CASE WHEN THEN ELSE END DESC ASC VALUES USING"
).split()

_BEHIND_SELECTION = frozenset("FROM WHERE GROUP HAVING ORDER LIMIT UNION )".split())

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
        error: The syntax error, None if there is none.
        tables: Names that stand where tables do, those of common table expressions left out.
        columns: Names that stand where columns do, without those that parameters of lambdas have.
        aliases: Every name given with AS, in small letters.
    """

    error: ParseError | None = None
    tables: tuple[Reference, ...] = ()
    columns: tuple[Reference, ...] = ()
    aliases: frozenset[str] = frozenset()


#: What stands around SQL that is no whole query, for DuckDB to parse it.
_AROUND: Mapping[Form, tuple[str, str]] = {
    "query": ("", ""),
    "expression": ("SELECT 1 WHERE (", "\n)"),
    "tables": ("FROM ", ""),
    "items": ("SELECT ", ""),
    "with": ("", "\nSELECT 1"),
}


def parse_query(query: Query) -> ParsedSql:
    """What DuckDB says about SQL of a statement, with a name in the place of every nested one."""
    if query.bare_name is not None and query.form == "query":
        return ParsedSql(tables=(Reference((query.bare_name,), Span(0, len(query.text))),))
    before, behind = _AROUND[query.form]
    return parse_sql(before, query.sql(), behind)


@lru_cache(maxsize=128)
def parse_sql(prefix: str, sql: str, suffix: str) -> ParsedSql:
    """What DuckDB says about ``sql`` where it stands between two texts."""
    tree = parsed(prefix + sql + suffix)
    ruler = _Ruler(prefix, sql)
    if tree.get("error"):
        return ParsedSql(error=_error(tree, ruler))
    names = _NamesOf(ruler)
    names.visit(tree, has_from=bool(prefix))
    return names.found()


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


def _error(tree: dict[str, Any], ruler: _Ruler) -> ParseError | None:
    if tree.get("error_type") == "not implemented":
        return None
    place, length = parse_location(tree)
    if place is None:
        return ParseError(told(str(tree.get("error_message"))), code="TS105", span=_bare_select(ruler.sql))
    span = ruler.span(place, length)
    if span.start >= len(ruler.sql):
        last = list(read_tokens(ruler.sql))[-1:]
        span = last[0].span if last else span
    text = ruler.sql[span.start : span.end]
    message = f'SQL syntax error at or near "{text}"' if text else str(tree.get("error_message"))
    hint, fixes = _keyword_meant(ruler.sql, span)
    return ParseError(message, code="TS105", span=span, hint=hint, fixes=fixes)


def _bare_select(sql: str) -> Span:
    """The SELECT that nothing to select follows, where DuckDB says only that there is one; else the last word."""
    tokens = list(read_tokens(sql))
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        nothing = following is None or following.upper in _BEHIND_SELECTION
        if token.upper == "SELECT" and nothing:
            return token.span
    return tokens[-1].span if tokens else Span(0, 0)


def _keyword_meant(sql: str, span: Span) -> tuple[str | None, list[Fix]]:
    """The keyword that the word at the error, or the one in front of it, is a slip of."""
    tokens = [token for token in read_tokens(sql) if token.start <= span.start][-2:]
    for token in reversed(tokens):
        if token.kind == "word" and token.upper not in _KEYWORDS and len(token.text) > 2:
            meant = nearest(token.text, _KEYWORDS)
            if meant is not None:
                return f"did you mean {meant}?", [Fix(f"write {meant}", Replace(token.span, meant))]
    return None, []


class _NamesOf:
    """Collects the names in DuckDB's tree of a query."""

    def __init__(self, ruler: _Ruler) -> None:
        self._ruler = ruler
        self._tables: list[Reference] = []
        self._columns: list[Reference] = []
        self._aliases: set[str] = set()
        self._given: set[str] = set()
        self._sourceless: list[Reference] = []
        self._loose = False

    def found(self) -> ParsedSql:
        missing = self._without_from()
        if missing is not None:
            return ParsedSql(error=missing)
        tables = tuple(table for table in self._tables if table.parts[0].lower() not in self._given)
        columns = tuple(column for column in self._columns if column.parts[0].lower() not in self._given)
        return ParsedSql(None, tables, () if self._loose else columns, frozenset(self._aliases))

    def _without_from(self) -> ParseError | None:
        """The error that a query selects columns from nothing, which DuckDB finds out only when it runs it."""
        for name in self._sourceless:
            if name.parts[0].lower() not in self._given | self._aliases | BUILT_IN:
                return self._no_from(name.span)
        return None

    def _no_from(self, span: Span) -> ParseError:
        """The error, at the end of the text where FROM could still follow; at the name if another query does."""
        tokens = list(read_tokens(self._ruler.sql))
        meant = None
        if not any(token.upper == "FROM" and token.start > span.start for token in tokens):
            span = tokens[-1].span
            meant = nearest(tokens[-1].text, ["FROM"])
        hint = "put FROM in front of the table"
        return ParseError("FROM is missing", code="TS105", span=span, hint=hint, meant=meant)

    def visit(self, node: Any, *, has_from: bool) -> None:
        """Go through a part of the tree.

        Args:
            node: The part.
            has_from: Whether a query around it has a FROM clause.
        """
        waiting = [(node, has_from)]
        while waiting:
            node, has_from = waiting.pop()
            if isinstance(node, list):
                waiting.extend((item, has_from) for item in reversed(node))
            elif isinstance(node, dict):
                has_from = self._visit_object(node, has_from)
                # What ORDER BY behind a UNION names are the columns of its first query.
                left_out = "modifiers" if node.get("type") == "SET_OPERATION_NODE" else None
                parts = [value for key, value in node.items() if key != left_out]
                waiting.extend((part, has_from) for part in reversed(parts))

    def _visit_object(self, node: dict[str, Any], has_from: bool) -> bool:
        """Look at one object; whether a query around what is in it has a FROM clause."""
        if node.get("type") == "SELECT_NODE":
            has_from = has_from or node["from_table"]["type"] != "EMPTY"
        self._collect(node)
        if not has_from and node.get("type") in ("COLUMN_REF", "STAR"):
            self._add(self._sourceless, node, node.get("column_names") or ["*"])
        return has_from

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
