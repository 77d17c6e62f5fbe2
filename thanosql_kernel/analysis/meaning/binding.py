"""Complete queries bound by DuckDB: what they give, or the first thing that is wrong with them, in the words of a run.

A query is bound only where all columns of all that it reads are known; of any other nothing is claimed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, Protocol

from thanosql_kernel.analysis.meaning.queries import ParsedSql, parse_query
from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.binder import bind
from thanosql_kernel.duck.errors import Place, SqlFailure, translate
from thanosql_kernel.duck.lineage import with_provenance
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import Query, placeholder
from thanosql_kernel.statements.foresight import Columns, Foresight, Named, are_all

#: Brackets in each other; DuckDB's binder goes down by recursion, and no person writes as many.
_MOST_DEPTH = 60

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
    query: Query, known: Tables, target: Named | None = None, ctes: Sources | None = None
) -> Binding | None:
    """A query, or an expression over a table's rows, bound where it stands.

    Args:
        query: It; its problem's place is one of the cell.
        known: What is known there.
        target: The table that an expression is about.
        ctes: What WITH names around it, by name in small letters.

    Returns:
        None where that cannot be told: it does not parse, or not all that it reads is known.
    """
    parsed = parse_query(query)
    is_bindable = bool(parsed.node) if query.form == "query" else target is not None
    if parsed.failure is not None or not is_bindable or _depth(query) > _MOST_DEPTH:
        return None
    sources = _sources(query, parsed, known, ctes or {})
    if sources is None or (target is not None and _all(target.columns) is None):
        return None
    return _bound(query, parsed, known, sources, target)


def _bound(
    query: Query, parsed: ParsedSql, known: Tables, sources: Sources, target: Named | None
) -> Binding | None:
    sql, prefix, suffix = query.sql(), "", ""
    if target is not None:
        sources = {target.name.lower(): target.columns or (), **sources}
        prefix, suffix = f"SELECT 1 FROM {quote(target.name)} WHERE (\n", "\n)"
    try:
        columns = bind(sql, sources, prefix=prefix, suffix=suffix)
    except SqlFailure as failure:
        names = tuple(column.name for found in sources.values() for column in found)
        place = Place(sql, query.span.start, len(prefix.encode()), tuple(known.catalog.readable), names)
        return Binding(None, translate(failure, place))
    if columns is None:
        return None
    return Binding(
        with_provenance(parsed.node, _typed(columns, sources), sources) if parsed.node else columns
    )


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
    for reference in parsed.tables:
        name = reference.parts[0].lower()
        if (columns := _all(ctes[name] if name in ctes else known.table_columns(name))) is None:
            return None
        found[name] = columns
    return found


def _all(columns: Columns) -> Columns:
    """The columns if they are all there are, and there are some."""
    return columns if columns and are_all(columns) else None


def _depth(query: Query) -> int:
    depth = deepest = 0
    for token in query.tokens:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        deepest = max(deepest, depth)
    return deepest
