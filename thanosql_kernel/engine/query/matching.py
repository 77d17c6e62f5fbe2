"""UPDATE and DELETE: which rows a condition holds for, and what expressions over them give."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.query.expressions import Expression, Expressions, Rows, RowsOf
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.errors import Span, TypeMismatch
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Target
from thanosql_kernel.wording import Wording
from thanosql_kernel.wording.values import TS301

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class MatchedRows:
    """The rows that a condition holds for.

    Attributes:
        positions: int64 (k,), ascending.
        values: New values of the assigned columns (k rows), in order of ``positions``.
        changed: For the assigned columns that were asked for: bool (k,), where the new value is not the old one.
        made: Generated columns whose new vectors their model has made of the new value of the column that it reads.
    """

    positions: NDArray[np.int64]
    values: pa.Table
    changed: Mapping[str, NDArray[np.bool_]]
    made: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Search:
    """Which rows are meant, and what they become.

    Attributes:
        where: The condition; all rows without one.
        tables: What the condition and the expressions may name beside the table.
        assignments: By column, the expression for its new value.
        compared: Assigned columns whose new values are compared with the old ones.
    """

    where: Query | None
    tables: Query | None = None
    assignments: Mapping[str, Query] | None = None
    compared: Collection[str] = ()


def find_rows(queries: Queries, target: StoredRelation, aim: Target, search: Search) -> MatchedRows:
    """Which rows a condition holds for, and what expressions over them give.

    Args:
        queries: The statement's.
        target: The whole table; of its columns those are read that the texts name.
        aim: What the statement says of it.
        search: What to find.

    Raises:
        ThanoSQLError: The condition or an expression is not valid, with its place; or a row would get several values.
    """
    return _Matching(queries, target, aim, search).find(search.compared)


class _Matching:
    def __init__(self, queries: Queries, target: StoredRelation, aim: Target, search: Search) -> None:
        given = search.assignments or {}
        self._target = target
        self._parts = parts = Expressions(
            queries, target, aim, [search.where, search.tables, *given.values()]
        )
        beside = "" if search.tables is None else f",\n{parts.tables(search.tables)[0]}\n"
        self._beside, source = beside, parts.empty_rows + beside
        self._where = None if search.where is None else parts.condition(search.where, source)
        self._assigned = {
            target.column(name).name: parts.value(query, source) for name, query in given.items()
        }

    def find(self, compared: Collection[str]) -> MatchedRows:
        position = next(self._parts.free)
        old = {name: next(self._parts.free) for name in self._assigned if name in compared}
        changed = {
            next(self._parts.free): f"CAST({quote(name)} AS {self._target.column(name).type})"
            f" IS DISTINCT FROM {quote(alias)}"
            for name, alias in old.items()
        }
        items = [self._parts.cast(name, value) for name, value in self._assigned.items()]
        items = [quote(position), *items, *(f"{sql} AS {quote(alias)}" for alias, sql in changed.items())]
        inner = self._inner_sql(position, old)
        found = self._parts.run(f"SELECT {', '.join(items)} FROM (\n{inner}\n)", self._assigned)
        found = self._one_each(found.sort_by(position), position)
        return MatchedRows(
            found.column(position).to_numpy().astype(np.int64),
            found.select(list(self._assigned)),
            {
                name: found.column(alias).to_numpy().astype(np.bool_)
                for name, alias in zip(old, changed, strict=True)
            },
        )

    def _inner_sql(self, position: str, old: Mapping[str, str]) -> str:
        """Position, new values and old values of the rows that fit, before anything is cast."""
        rows = self._rows(position)
        alias = rows.alias(0)
        items = [f"{alias}.{quote(position)}"]
        items += [f"{rows.value(value)} AS {quote(name)}" for name, value in self._assigned.items()]
        items += [f"{alias}.{quote(name)} AS {quote(shown)}" for name, shown in old.items()]
        condition = "" if self._where is None else f" WHERE {rows.holds(self._where)}"
        return f"SELECT {', '.join(items)} FROM {rows.source(0)}{self._beside}{condition}"

    def _rows(self, position: str) -> RowsOf:
        parts = self._parts
        own = Rows(parts.name, self._target.columns, parts.numbered(position))
        pieces: list[Expression | None] = [self._where, *self._assigned.values()]
        return parts.of_rows(pieces, own)

    def _one_each(self, found: pa.Table, position: str) -> pa.Table:
        """The rows without those that say of one row of the table what another one says.

        Raises:
            TypeMismatch: Two say different things of one row.
        """
        if not self._beside or not _repeats(found.column(position).to_numpy()):
            return found
        duck = self._parts.queries.duck
        name = duck.scratch_name()
        duck.register(name, found)
        found = duck.table(f"SELECT DISTINCT * FROM {name}").sort_by(position)
        numbers = found.column(position).to_numpy()
        if _repeats(numbers):
            twice = int(numbers[1:][numbers[1:] == numbers[:-1]][0])
            raise several_values(self._target, twice, self._parts.aim.span, TS301.OTHER_VALUES)
        return found


def _repeats(numbers: NDArray[np.int64]) -> bool:
    return bool((numbers[1:] == numbers[:-1]).any())


def several_values(
    target: StoredRelation, position: int, span: Span | None, told: Wording = TS301.MATCHED_AGAIN
) -> TypeMismatch:
    """The error for a row that is to become several things at once."""
    message = told(table=target.table.name, row=told_row(target, position))
    return TypeMismatch(message, span=span, hint=TS301.MATCH_ONCE())


def told_row(target: StoredRelation, position: int) -> str:
    """A row as an error names it: its first few values."""
    names = [column.name for column in target.columns if not column.type.endswith("]")][:_TOLD]
    row = target.take([position], names).to_pylist()[0]
    return ", ".join(f"{name} = {told_value(value)}" for name, value in row.items())


def told_value(value: object) -> str:
    """A value as an error shows it."""
    text = "NULL" if value is None else f"{value!r}" if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


_TOLD = 3
_LONGEST = 40
