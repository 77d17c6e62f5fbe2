"""Complete queries bound by DuckDB: what they give, or the first thing that is wrong with them, in the words of a run.

A query is bound only where all columns of all that it reads are known; of any other nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import chain
from typing import NamedTuple, Protocol

from thanosql_kernel.analysis.meaning.pivots import filled
from thanosql_kernel.analysis.meaning.queries import ParsedSql, parse_query, parse_sql
from thanosql_kernel.catalog import Column
from thanosql_kernel.duck import old_names
from thanosql_kernel.duck.binder import bind
from thanosql_kernel.duck.catalogues import read_alone, reads_catalogues
from thanosql_kernel.duck.cheap import is_shallow
from thanosql_kernel.duck.errors import NO_MATCH, Place, SqlFailure, translate
from thanosql_kernel.duck.lineage import with_provenance
from thanosql_kernel.duck.tree import Tree, value_rows
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import PLACEHOLDER, Query, placeholder
from thanosql_kernel.statements.foresight import Columns, Foresight, Named, are_all
from thanosql_kernel.statements.statement import called_before

#: Types that a column of unknown type is taken to have, one after the other, beside none.
_GUESSES = ("VARCHAR", "BIGINT", "FLOAT[3]")
#: Mistakes that no type of a column mends: NULL, which stands for unknown types, fits every function.
_UNTYPED = frozenset(("COLUMN_NOT_FOUND", "MISSING_ENTRY", NO_MATCH))
#: Most letters of names and types of all columns that are read: queries in each other can double them many times.
_MOST_TEXT = 100_000
#: Rows of VALUES that are looked at one by one.
_MOST_ROWS = 100
_VALUE = "SELECT (\n"

Sources = dict[str, tuple[Column, ...]]


class Tables(Foresight, Protocol):
    """What is known, with the columns of what FROM can name."""

    def table_columns(self, name: str) -> Columns:
        """The columns of a table or view; None where they are not known, or there is none."""
        ...


class Binding(NamedTuple):
    """What binding a query has shown: its columns, or what is wrong with it."""

    columns: Columns
    problem: ThanoSQLError | None = None


def bind_query(
    query: Query, known: Tables, ctes: Sources | None = None, *, for_table: bool = False
) -> Binding | None:
    """A query bound where it stands.

    Args:
        query: It; its problem's place is one of the cell.
        known: What is known there.
        ctes: What WITH names around it, by name in small letters.
        for_table: Whether its rows go to a table's columns, so that those of VALUES may be of several types.

    Returns:
        None where that cannot be told: it does not parse, or not all that it reads is known.
    """
    parsed = parse_query(query)
    if query.form != "query" or not parsed.can_bind or not is_shallow(query.tokens):
        return None
    if not parsed.node:
        return _bound_pivot(query, known, ctes or {}) if parsed.failure is None else None
    if parsed.may_read_catalogues:
        names = _rows_read(parsed, known, ctes or {})
        if reads_catalogues(parsed.node, names):
            return _bound_catalogues(query, parsed, known, names)
    sources = _sources(query, parsed, known, ctes or {})
    if sources is None:
        return None
    found = _bound(query, parsed, known, sources)
    if for_table and found is not None and found.problem is not None and (values := value_rows(parsed.tree)):
        return _bound_values(query, known, sources, values)
    return found


def bind_expression(query: Query, known: Tables, target: Named, *, is_value: bool = False) -> Binding | None:
    """An expression over a table's rows, bound as a condition or as a value; None where that cannot be told."""
    columns = _all(target.columns)
    parsed = parse_query(query)
    if columns is None or parsed.failure is not None or parsed.node:
        return None
    if not parsed.can_bind or not is_shallow(query.tokens):
        return None
    sources = _sources(query, parsed, known, {})
    if sources is None or (is_value and [token.upper for token in query.tokens] == ["DEFAULT"]):
        return None
    sources = {target.name.lower(): columns, **sources}
    prefix = f"SELECT 1 FROM {quote(target.name)} WHERE (\n"
    return _bound(query, parsed, known, sources, prefix, "\n) IS NULL" if is_value else "\n)")


def _bound(
    query: Query, parsed: ParsedSql, known: Tables, sources: Sources, prefix: str = "", suffix: str = ""
) -> Binding | None:
    sql, node = query.sql(), parsed.node
    try:
        columns = bind(sql, sources, prefix=prefix, suffix=suffix)
    except SqlFailure as failure:
        if node and not suffix:
            try:
                again = _named_anew(query, node, known, sources, failure)
            except ThanoSQLError as error:
                return Binding(None, error)
            if again is not None and again.bound is not None:
                return Binding(with_provenance(again.node, _typed(again.bound, sources), sources))
            if again is not None and again.failure is not None:
                is_certain = _is_certain(again.failure, again.sql, sources)
                return Binding(None, translate(again.failure, again.place)) if is_certain else None
        if suffix:
            clause = "SET" if suffix.endswith("NULL") else "WHERE"
            failure.message = failure.message.replace("WHERE clause", clause)
        if not _is_certain(failure, sql, sources, prefix, suffix):
            return None
        return Binding(None, translate(failure, _place(query, known, sources, len(prefix.encode()))))
    if columns is None:
        return None
    return Binding(with_provenance(node, _typed(columns, sources), sources) if node else columns)


def _named_anew(
    query: Query, node: Tree, known: Tables, sources: Sources, failure: SqlFailure
) -> old_names.Mended[Columns] | None:
    """The query with names of today in the place of those of earlier generations; None where it has none."""
    called = called_before(query, known.catalog)
    named = old_names.Query(node, sources, called, lambda sql: bind(sql, sources))
    return named.mended(query.sql(), _place(query, known, sources, 0), node, failure)


def _is_certain(failure: SqlFailure, sql: str, sources: Sources, prefix: str = "", suffix: str = "") -> bool:
    """Whether a query is wrong whatever types the columns have whose types are unknown."""
    if failure.subtype in _UNTYPED or all(column.type for found in sources.values() for column in found):
        return True
    same = 0
    for guess in _GUESSES:
        typed = {
            name: tuple(column if column.type else replace(column, type=guess) for column in found)
            for name, found in sources.items()
        }
        try:
            bind(sql, typed, prefix=prefix, suffix=suffix)
            return False
        except SqlFailure as other:
            is_same = (other.message, other.offset) == (failure.message, failure.offset)
            if not is_same and other.subtype != NO_MATCH:
                return False
            same += is_same
    return same > 0


def _place(query: Query, known: Tables, sources: Sources, prefix: int) -> Place:
    names = tuple(column.name for found in sources.values() for column in found)
    return Place(query.sql(), query.span.start, prefix, tuple(known.catalog.readable), names)


def _bound_pivot(query: Query, known: Tables, ctes: Sources) -> Binding | None:
    """What is wrong in a PIVOT whose columns are values that it finds; of the query around it nothing is claimed."""
    pivot = filled(query.sql())
    parsed = parse_sql(pivot.sql) if pivot is not None else None
    can_bind = parsed is not None and parsed.node and parsed.can_bind
    sources = _sources(query, parsed, known, ctes) if parsed is not None and can_bind else None
    if pivot is None or sources is None:
        return None
    try:
        bind(pivot.sql, sources)
        return None
    except SqlFailure as failure:
        place = replace(
            _place(query, known, sources, 0), sql=pivot.sql, shifts=pivot.shifts, written=query.sql()
        )
        error = translate(failure, place)
        is_certain = _is_certain(failure, pivot.sql, sources)
    start, span = query.span.start, error.span
    inside = span is not None and any(
        found.start <= span.start - start and span.end - start <= found.end for found in pivot.spans
    )
    return Binding(None, error) if inside and is_certain else None


def _rows_read(parsed: ParsedSql, known: Tables, ctes: Sources) -> set[str]:
    """The names among those that a query reads which rows are known to have."""
    return {
        name
        for name in parsed.reads
        if name in ctes or PLACEHOLDER.match(name) or known.catalog.find(name) is not None
    }


def _bound_catalogues(
    query: Query, parsed: ParsedSql, known: Tables, names: Collection[str]
) -> Binding | None:
    """A query of SQL's catalogues, which name all tables and are read alone."""
    if names:
        return Binding(None, read_alone(query.span))
    tables = {name.lower(): _all(known.table_columns(name)) for name in known.catalog.readable}
    sources = {name: columns for name, columns in tables.items() if columns}
    complete = known.has_database and len(sources) == len(tables)
    found = _bound(query, parsed, known, sources)
    return found if complete or found is None or found.problem is None else None


def _bound_values(query: Query, known: Tables, sources: Sources, rows: list[list[Tree]]) -> Binding | None:
    """Rows of VALUES, each value by itself: DuckDB would give those of a column one type."""
    data = query.sql().encode()
    for cell in chain.from_iterable(rows[:_MOST_ROWS]):
        start, length = int(cell["query_location"]), int(cell["query_location_length"])
        if cell["class"] == "DEFAULT" or start >= len(data):
            continue
        value = data[start : start + length].decode(errors="ignore")
        try:
            bind(value, sources, prefix=_VALUE, suffix="\n)")
        except SqlFailure as failure:
            if failure.offset is not None:
                failure.offset += start
            return Binding(None, translate(failure, _place(query, known, sources, len(_VALUE))))
    return Binding(None)


def _typed(columns: tuple[Column, ...], sources: Sources) -> tuple[Column, ...]:
    """The columns; where some type is unknown, without the types that may follow from it."""
    read = [column for found in sources.values() for column in found]
    if all(column.type for column in read):
        return columns
    certain = {(column.name.lower(), column.type) for column in read}
    return tuple(
        column if (column.name.lower(), column.type) in certain else replace(column, type="")
        for column in columns
    )


def _sources(query: Query, parsed: ParsedSql, known: Tables, ctes: Sources) -> Sources | None:
    """All that a query reads, by name in small letters; None if not all of it is known."""
    found: Sources = {}
    for number, nested in enumerate(query.nested, start=1):
        if (columns := _all(nested.statement.makes(known).columns)) is None:
            return None
        found[placeholder(number)] = columns
    for name in parsed.reads - found.keys():
        if (columns := _all(ctes[name] if name in ctes else known.table_columns(name))) is None:
            return None
        found[name] = columns
    size = sum(len(column.name) + len(column.type) for columns in found.values() for column in columns)
    return found if size <= _MOST_TEXT else None


def _all(columns: Columns) -> Columns:
    """The columns if they are all there are, and there are some."""
    return columns if columns and are_all(columns) else None
