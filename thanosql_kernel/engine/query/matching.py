"""UPDATE and DELETE: which rows a condition holds for, and what expressions over them give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.duck.errors import Place, SqlFailure, translate
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import Query

if TYPE_CHECKING:
    import pyarrow as pa

_POSITION = "_thanosql_position"
_TARGET = "_u"


@dataclass(frozen=True, slots=True)
class MatchedRows:
    """The rows that a condition holds for.

    Attributes:
        positions: int64 (k,), ascending.
        values: New values of the assigned columns (k rows), in order of ``positions``.
    """

    positions: NDArray[np.int64]
    values: pa.Table


def find_rows(
    queries: Queries,
    target: StoredRelation,
    where: Query | None,
    assignments: Mapping[str, Query] | None = None,
) -> MatchedRows:
    """Which rows a condition holds for, and what expressions over them give.

    Raises:
        ThanoSQLError: The condition or an expression is not valid, with its place.
    """
    duck = queries.duck
    target.register(duck, f"{_TARGET}0")
    duck.create_view(_TARGET, f"SELECT row_number() OVER () - 1 AS {_POSITION}, * FROM {_TARGET}0")
    source = f"FROM {_TARGET} AS {quote(target.table.name)}"
    items = [_POSITION]
    pieces: list[Place] = []
    for name, expression in (assignments or {}).items():
        column = target.column(name)
        sql, place = _checked(queries, target, expression, source)
        items.append(f"CAST((\n{sql}\n) AS {column.type}) AS {quote(column.name)}")
        pieces.append(place)
    condition = ""
    if where is not None:
        sql, place = _checked(queries, target, where, source, condition=True)
        condition = f" WHERE (\n{sql}\n)"
        pieces.append(place)
    found = _run(duck, f"SELECT {', '.join(items)} {source}{condition}", pieces)
    found = found.sort_by(_POSITION)
    positions = found.column(_POSITION).to_numpy().astype(np.int64)
    return MatchedRows(positions, found.drop_columns([_POSITION]))


def _checked(
    queries: Queries, target: StoredRelation, expression: Query, source: str, *, condition: bool = False
) -> tuple[str, Place]:
    """An expression's SQL, known to be valid over the table's rows."""
    sql, sources = queries.prepare(expression)
    head = f"SELECT 1 {source} WHERE (\n" if condition else "SELECT (\n"
    tail = "\n)" if condition else f"\n) {source}"
    known = {target.table.name.lower(): target, **sources}
    place = queries.place(expression, sql, known, prefix=len(head.encode()))
    try:
        queries.duck.execute(f"{head}{sql}{tail} LIMIT 0")
    except SqlFailure as failure:
        raise queries.explained(translate(failure, place), place) from failure
    return sql, place


def _run(duck: Duck, sql: str, pieces: Sequence[Place]) -> pa.Table:
    try:
        return duck.table(sql)
    except SqlFailure as failure:
        data = sql.encode()
        for place in pieces:
            start = data.find(place.sql.encode())
            if failure.offset is not None and 0 <= failure.offset - start <= len(place.sql.encode()):
                raise translate(failure, replace(place, prefix=start)) from failure
        blamed = pieces[0] if pieces else Place("", 0)
        raise translate(SqlFailure(failure.kind, failure.message, None, 0), blamed) from failure
