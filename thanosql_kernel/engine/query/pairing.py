"""INSERT … ON CONFLICT and MERGE: the rows of a table beside those of a source, and what becomes of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.errors import Place
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.query.expressions import Expression, Expressions, Rows
from thanosql_kernel.engine.query.generated import compared_columns
from thanosql_kernel.engine.query.matching import MatchedRows
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.errors import ParseError, Span
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Target
from thanosql_kernel.wording.grammar import TS105

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RowsToBe:
    """What a statement makes of a table's rows.

    Attributes:
        deleted: int64 (k,), ascending: those that go.
        matched: Those that change, each in one of these.
        new: Rows with the table's columns to add; None for none.
        kept: The names of DuckDB's tables that all of it was made in.
    """

    deleted: Positions = field(default_factory=lambda: np.empty(0, np.int64))
    matched: Sequence[MatchedRows] = ()
    new: SqlRelation | None = None
    kept: Sequence[str] = ()


class Pairs:
    """A table's rows beside a source's, and the expressions over both.

    Args:
        queries: The statement's.
        target: The table.
        aim: What the statement says of it.
        source: The other rows.
        alias: What expressions call them.
        texts: All SQL of the statement.

    Attributes:
        parts: The expressions.
        source: The name of a table with the source's rows, numbered as they came.
        columns: Theirs.
        number: The column with their numbers.
        position: The column with the positions of the table's rows, where they stand beside the source's.
    """

    def __init__(
        self,
        queries: Queries,
        target: StoredRelation,
        aim: Target,
        source: Relation,
        alias: str,
        texts: Sequence[Query | None],
    ) -> None:
        self.parts = Expressions(queries, target, aim, texts)
        self.target = target
        self.alias = alias
        self.columns = source.columns
        self.number, self.position = next(self.parts.free), next(self.parts.free)
        names = ", ".join(quote(column.name) for column in source.columns)
        numbered = f"row_number() OVER () - 1 AS {quote(self.number)}"
        self.source = self.parts.keep(f"SELECT *, {numbered} FROM {rows_of(source, queries)} AS _q({names})")
        self._pairs = self._taken = ""

    # -- who stands beside whom ------------------------------------------------------------------------------
    def pair(self, condition: Expression | str, kind: str, columns: Sequence[Column]) -> None:
        """Find the pairs.

        DuckDB 2.0 loses the lengths of arrays in outer joins: only positions and numbers come out of this one.

        Args:
            condition: When rows are a pair; our own SQL, with the aliases of both, or the user's.
            kind: The join: INNER, or with the rows of one side, or of both, that have no partner.
            columns: Those of the table that expressions over the pairs need.
        """
        own = Rows(self.parts.name, self.target.columns, self.parts.numbered(self.position))
        told = condition if isinstance(condition, Expression) else None
        rows = self.parts.of_rows([told], own, Rows(self.alias, self.columns, self.source))
        holds = condition if isinstance(condition, str) else rows.holds(condition)
        self._pairs = self.parts.keep(
            f"SELECT {rows.alias(0)}.{quote(self.position)}, {rows.alias(1)}.{quote(self.number)}"
            f" FROM {rows.source(0)} {kind} JOIN {rows.source(1)} ON {holds}"
        )
        self._read([column.name for column in columns])

    def _read(self, names: Sequence[str]) -> None:
        """Read columns of the table's rows that stand in pairs."""
        import pyarrow as pa

        position = quote(self.position)
        sql = f"SELECT DISTINCT {position} FROM {self._pairs} WHERE {position} IS NOT NULL ORDER BY 1"
        found = self.parts.run(sql).column(0)
        positions = pa.table({self.position: found.cast(pa.int64())})
        taken = self.target.take(found.to_pylist(), names) if names else positions.select([])
        for name in names:
            positions = positions.append_column(taken.schema.field(name), taken.column(name))
        duck = self.parts.queries.duck
        self._taken = duck.scratch_name()
        duck.register(self._taken, positions)

    def own_where(self, condition: str) -> str:
        """The table's rows in the pairs that fit, for FROM."""
        joined = f"SELECT * FROM {self._pairs} JOIN {self._taken} USING ({quote(self.position)})"
        return f"({joined} WHERE {condition})"

    @property
    def numbers(self) -> str:
        """The numbers of the source's rows that have a partner."""
        return f"SELECT {quote(self.number)} FROM {self._pairs} WHERE {self.are_pairs}"

    @property
    def lone_numbers(self) -> str:
        """The numbers of those that have none."""
        return f"SELECT {quote(self.number)} FROM {self._pairs} WHERE {quote(self.position)} IS NULL"

    def needed(
        self,
        texts: Sequence[Query | None],
        expressions: Sequence[Expression | None],
        others: Sequence[str] = (),
    ) -> list[Column]:
        """The table's columns that texts may name, and those of other names."""
        rows = Rows(self.parts.name, self.target.columns, "")
        if self.parts.of_rows(expressions, rows).is_wide:
            return list(self.target.columns)
        named = {token.name.lower() for text in texts if text for token in text.tokens if token.is_name}
        named |= {name.lower() for name in others}
        return [column for column in self.target.columns if column.name.lower() in named]

    @property
    def are_pairs(self) -> str:
        """That a pair has both sides."""
        return f"{quote(self.position)} IS NOT NULL AND {quote(self.number)} IS NOT NULL"

    def repeated(self, column: str) -> int | None:
        """A position or number that stands in several pairs."""
        sql = (
            f"SELECT {quote(column)} FROM {self._pairs} WHERE {self.are_pairs} GROUP BY 1 HAVING count(*) > 1"
        )
        found = self.parts.run(f"{sql} ORDER BY 1 LIMIT 1").column(0).to_pylist()
        return int(found[0]) if found else None

    # -- what becomes of them --------------------------------------------------------------------------------
    def changed(self, source: str, assigned: dict[str, Expression], values: Sequence[str]) -> MatchedRows:
        """The rows of the table that get new values.

        Args:
            source: What stands behind FROM: each row of the table once at most.
            assigned: By column, its new value.
            values: The same as it is written there.
        """
        position = quote(self.position)
        items = [f"{sql} AS {quote(name)}" for name, sql in zip(assigned, values, strict=True)]
        inner = f"SELECT {', '.join([position, *items])} FROM {source}"
        casts = [self.parts.cast(name, value) for name, value in assigned.items()]
        found = self.parts.run(f"SELECT {', '.join([position, *casts])} FROM (\n{inner}\n)", assigned)
        found = found.sort_by(self.position)
        positions = found.column(0).to_numpy().astype(np.int64)
        new = found.select(list(assigned))
        compared = sorted(compared_columns(self.target.columns, tuple(assigned)))
        return MatchedRows(positions, new, self._changed(positions, new, compared), self._made(assigned))

    def _changed(
        self, positions: Positions, new: object, compared: Sequence[str]
    ) -> dict[str, NDArray[np.bool_]]:
        """Where new values of columns are not the old ones."""
        if not compared or not len(positions):
            return {name: np.zeros(len(positions), np.bool_) for name in compared}
        duck = self.parts.queries.duck
        after, before = duck.scratch_name(), duck.scratch_name()
        duck.register(after, new)
        duck.register(before, self.target.take(positions.tolist(), compared))
        items = ", ".join(
            f"CAST(a.{quote(name)} AS {self.target.column(name).type}) IS DISTINCT FROM b.{quote(name)}"
            for name in compared
        )
        found = duck.table(f"SELECT {items} FROM {after} AS a POSITIONAL JOIN {before} AS b")
        return {
            name: np.asarray(column.to_numpy()).astype(np.bool_)
            for name, column in zip(compared, found.columns, strict=True)
        }

    def _made(self, assigned: dict[str, Expression]) -> frozenset[str]:
        """Generated columns that get the source's own vectors, with the values that these were made of."""
        came_from = {
            name.lower(): origin for name, value in assigned.items() if (origin := self.origin(value))
        }
        found = set()
        for column in self.target.columns:
            origin, mine = came_from.get(column.name.lower()), column.generated
            theirs = origin.generated if origin is not None else None
            if mine is None or theirs is None or not mine.is_made_like(theirs):
                continue
            read = came_from.get(mine.source.lower())
            if mine.kind == theirs.kind and read is not None and read.name.lower() == theirs.source.lower():
                found.add(column.name)
        return frozenset(found)

    def origin(self, value: Expression, *, is_alone: bool = False) -> Column | None:
        """The source's column that an expression is and nothing else.

        Args:
            value: The expression.
            is_alone: Whether it can name nothing but the source's columns.
        """
        tree = value.tree or {}
        names = [str(name).lower() for name in tree.get("column_names") or ()]
        if tree.get("class") != "COLUMN_REF" or names[:-1] not in ([self.alias.lower()], []):
            return None
        if (
            len(names) == 1
            and not is_alone
            and any(column.name.lower() == names[0] for column in self.target.columns)
        ):
            return None
        return next((column for column in self.columns if column.name.lower() == names[-1]), None)


def rows_of(rows: Relation, queries: Queries) -> str:
    """Rows as they stand behind FROM on the statement's connection."""
    if isinstance(rows, SqlRelation) and rows.duck is queries.duck:
        return f"(\n{rows.own_types_sql()}\n)"
    name = queries.duck.scratch_name()
    rows.register(queries.duck, name)
    return name


def renamed(rows: Relation, names: Sequence[str], queries: Queries, span: Span) -> Relation:
    """Rows with other names for their first columns.

    Raises:
        ParseError: There are more names than columns.
    """
    if not names:
        return rows
    if len(names) > len(rows.columns):
        raise ParseError(TS105.TOO_MANY_NAMES(names=len(names), columns=len(rows.columns)), span=span)
    new = [*names, *rows.names[len(names) :]]
    called = dict(zip((name.lower() for name in rows.names), new, strict=True))
    columns = [_called(column, name, called) for column, name in zip(rows.columns, new, strict=True)]
    sql = f"SELECT * FROM {rows_of(rows, queries)} AS _q({', '.join(map(quote, new))})"
    place = Place("", span.start)
    return SqlRelation(queries.duck, sql, columns, place=place, snapshots=rows.snapshots, repeatable=True)


def _called(column: Column, name: str, called: Mapping[str, str]) -> Column:
    made = column.generated
    if made is not None and made.source.lower() in called:
        made = replace(made, source=called[made.source.lower()])
    return replace(column, name=name, generated=made)
