"""UPDATE and DELETE: which rows a condition holds for, and what expressions over them give."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.duck.catalogues import read_alone, reads_catalogues
from thanosql_kernel.duck.errors import Place, SqlFailure, translate
from thanosql_kernel.duck.expressions import expression_tree, sees_whole_rows
from thanosql_kernel.duck.tree import walk
from thanosql_kernel.engine.query.casts import exact_cast, misfit
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.errors import ParseError, ThanoSQLError
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import Query

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class MatchedRows:
    """The rows that a condition holds for.

    Attributes:
        positions: int64 (k,), ascending.
        values: New values of the assigned columns (k rows), in order of ``positions``.
        changed: For the assigned columns that were asked for: bool (k,), where the new value is not the old one.
    """

    positions: NDArray[np.int64]
    values: pa.Table
    changed: Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class _Expression:
    """An expression that is known to be valid over the table's rows."""

    sql: str
    place: Place
    tree: dict[str, Any] | None
    type: str = "BOOLEAN"


def find_rows(
    queries: Queries,
    target: StoredRelation,
    where: Query | None,
    assignments: Mapping[str, Query] | None = None,
    *,
    compared: Collection[str] = (),
) -> MatchedRows:
    """Which rows a condition holds for, and what expressions over them give.

    Args:
        queries: The statement's.
        target: The whole table; of its columns those are read that the texts name.
        where: The condition; all rows without one.
        assignments: By column, the expression for its new value.
        compared: Assigned columns whose new values are compared with the old ones.

    Raises:
        ThanoSQLError: The condition or an expression is not valid, with its place.
    """
    return _Matching(queries, target, where, assignments or {}).find(compared)


class _Matching:
    def __init__(
        self,
        queries: Queries,
        target: StoredRelation,
        where: Query | None,
        assignments: Mapping[str, Query],
    ) -> None:
        self._queries = queries
        self._duck = queries.duck
        self._target = target
        self._name = target.table.name
        self._stored, self._empty = self._duck.scratch_name(), self._duck.scratch_name()
        target.register(self._duck, self._stored)
        self._duck.register(self._empty, target.dataset.schema.empty_table())
        texts = [query for query in (where, *assignments.values()) if query is not None]
        self._free = _free_names(target, texts)
        self._where = None if where is None else self._checked(where)
        self._assigned = {
            target.column(name).name: self._checked_value(query) for name, query in assignments.items()
        }

    def find(self, compared: Collection[str]) -> MatchedRows:
        position = next(self._free)
        old = {name: next(self._free) for name in self._assigned if name in compared}
        inner = self._inner_sql(position, old)
        items = {name: self._value_item(name) for name in self._assigned}
        changed = {
            next(
                self._free
            ): f"CAST({quote(name)} AS {self._target.column(name).type}) IS DISTINCT FROM {quote(alias)}"
            for name, alias in old.items()
        }
        selected = [quote(position), *items.values(), *(f"{sql} AS {quote(a)}" for a, sql in changed.items())]
        found = self._run(f"SELECT {', '.join(selected)} FROM (\n{inner}\n)", items)
        found = found.sort_by(position)
        return MatchedRows(
            found.column(position).to_numpy().astype(np.int64),
            found.select(list(self._assigned)),
            {
                name: found.column(alias).to_numpy().astype(np.bool_)
                for name, alias in zip(old, changed, strict=True)
            },
        )

    def _value_item(self, name: str) -> str:
        column = self._target.column(name)
        return f"{exact_cast(name, self._assigned[name].type, column.type)} AS {quote(name)}"

    def _inner_sql(self, position: str, old: Mapping[str, str]) -> str:
        """Position, new values and old values of the rows that fit, before anything is cast.

        The rows are numbered below everything else: a subquery becomes a join, which may turn rows round.
        """
        numbered = f"SELECT *, row_number() OVER () - 1 AS {quote(position)} FROM {self._stored}"
        known = {name.lower() for name in self._target.names}
        pieces = [piece for piece in (self._where, *self._assigned.values()) if piece is not None]
        whole = any(sees_whole_rows(piece.tree, self._name, known) for piece in pieces)
        alias = next(self._free) if whole else self._name
        scope = self._row_scope(alias) if whole else None
        items = [f"{quote(alias)}.{quote(position)}"]
        items += [f"{_value_in(piece.sql, scope)} AS {quote(name)}" for name, piece in self._assigned.items()]
        items += [f"{quote(alias)}.{quote(name)} AS {quote(shown)}" for name, shown in old.items()]
        condition = f" WHERE {_holds_in(self._where.sql, scope)}" if self._where is not None else ""
        return f"SELECT {', '.join(items)} FROM ({numbered}) AS {quote(alias)}{condition}"

    def _row_scope(self, alias: str) -> str:
        """One row of the table under the table's name, without its position, for what names the row as a whole."""
        columns = ", ".join(f"{quote(alias)}.{quote(name)} AS {quote(name)}" for name in self._target.names)
        return f"FROM (SELECT {columns}) AS {quote(self._name)}"

    # -- checking --------------------------------------------------------------------------------------------
    def _checked(self, query: Query, wrap: str = "") -> _Expression:
        """An expression that DuckDB takes as one, over the table's rows."""
        sql, sources = self._queries.prepare(query)
        known = {self._name.lower(): self._target, **sources}
        head = f"SELECT 1 {self._source} WHERE (\n"
        place = self._queries.place(query, sql, known, prefix=len(head.encode()))
        try:
            tree = expression_tree(sql)
        except SqlFailure as failure:
            raise translate(failure, replace(place, prefix=0)) from failure
        if tree is not None and reads_catalogues(tree, known):
            raise read_alone(place.whole)
        if tree is not None and tree.get("class") == "DEFAULT" and wrap:
            return _Expression("NULL", place, tree, '"NULL"')
        try:
            self._duck.execute(f"{head}{sql}\n){wrap} LIMIT 0")
        except SqlFailure as failure:
            failure.message = failure.message.replace("WHERE clause", "SET" if wrap else "WHERE")
            raise self._queries.explained(translate(failure, place), place) from failure
        return _Expression(sql, place, tree)

    def _checked_value(self, query: Query) -> _Expression:
        """An expression that gives one value a row; a WHERE takes neither aggregates nor windows, nor does SET."""
        found = self._checked(query, wrap=" IS NULL")
        try:
            columns = self._duck.describe(f"SELECT (\n{found.sql}\n) {self._source}")
        except SqlFailure as failure:
            raise translate(failure, replace(found.place, prefix=1 << 40)) from failure
        if len(columns) != 1:
            raise ParseError("SET takes one value", code="TS105", span=found.place.whole)
        return replace(found, type=columns[0].type)

    @property
    def _source(self) -> str:
        """No rows: what is checked only is not to open the table's files."""
        return f"FROM {self._empty} AS {quote(self._name)}"

    # -- running ---------------------------------------------------------------------------------------------
    def _run(self, sql: str, items: Mapping[str, str]) -> pa.Table:
        try:
            return self._duck.table(sql)
        except SqlFailure as failure:
            raise self._error(failure, sql, items) from failure

    def _error(self, failure: SqlFailure, sql: str, items: Mapping[str, str]) -> ThanoSQLError:
        """The user's error, at the expression that DuckDB's place lies in, or whose value it casts there."""
        pieces = [piece for piece in (self._where, *self._assigned.values()) if piece is not None]
        for piece in pieces:
            start = _place_in(failure, sql, f"(\n{piece.sql}\n)")
            if start is not None:
                return translate(failure, replace(piece.place, prefix=start + 2))
        for name, item in items.items():
            refused = failure.message.endswith(misfit(name, self._target.column(name).type))
            if refused or _place_in(failure, sql, item) is not None:
                return translate(_placeless(failure), self._assigned[name].place)
        inquiring = [piece for piece in pieces if any(p.get("class") == "SUBQUERY" for p in walk(piece.tree))]
        blamed = [piece.place for piece in (*inquiring, *pieces)]
        return translate(_placeless(failure), blamed[0] if blamed else Place("", 0))


def _place_in(failure: SqlFailure, sql: str, part: str) -> int | None:
    """Where a part of the SQL begins in it, in bytes, if what failed lies in the part."""
    data, wanted = sql.encode(), part.encode()
    start = data.find(wanted)
    inside = failure.offset is not None and start >= 0 and 0 <= failure.offset - start <= len(wanted)
    return start if inside else None


def _placeless(failure: SqlFailure) -> SqlFailure:
    return SqlFailure(failure.kind, failure.message, None, 0)


def _value_in(sql: str, scope: str | None) -> str:
    return f"(\n{sql}\n)" if scope is None else f"(SELECT (\n{sql}\n) {scope})"


def _holds_in(sql: str, scope: str | None) -> str:
    return f"(\n{sql}\n)" if scope is None else f"(SELECT true {scope} WHERE (\n{sql}\n))"


def _free_names(target: StoredRelation, texts: Sequence[Query]) -> Iterator[str]:
    """Names that neither the table's columns have nor the texts."""
    taken = {name.lower() for name in target.names} | {target.table.name.lower()}
    taken |= {token.name.lower() for query in texts for token in query.tokens if token.is_name}
    number = 0
    while True:
        number += 1
        name = f"_thanosql_{number}"
        if name not in taken:
            yield name
