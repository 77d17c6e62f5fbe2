"""INSERT … ON CONFLICT (key) DO NOTHING | DO UPDATE: no table has a declared key, the statement names one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from thanosql_kernel.duck.errors import Place
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.query.expressions import Rows
from thanosql_kernel.engine.query.matching import MatchedRows, told_value
from thanosql_kernel.engine.query.pairing import Pairs, RowsToBe
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.errors import TypeMismatch
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.statements.changes import OnConflict, Target
from thanosql_kernel.wording import Wording
from thanosql_kernel.wording.values import TS301

if TYPE_CHECKING:
    import pyarrow as pa

_EXCLUDED = "excluded"


def upserted(
    queries: Queries, target: StoredRelation, aim: Target, rows: Relation, conflict: OnConflict
) -> RowsToBe:
    """What becomes of a table when rows are added that may be there already.

    Args:
        queries: The statement's.
        target: The table.
        aim: What the statement says of it.
        rows: The new rows, with the table's columns.
        conflict: What tells that a row is there, and what to do then.

    Raises:
        TypeMismatch: TS301, a row of the table would be updated by several new rows, or several by one.
    """
    return _Upsert(queries, target, aim, rows, conflict).planned()


class _Upsert:
    def __init__(
        self,
        queries: Queries,
        target: StoredRelation,
        aim: Target,
        rows: Relation,
        conflict: OnConflict,
    ) -> None:
        given = conflict.assignments or {}
        texts = [*given.values(), conflict.where]
        self._pairs = Pairs(queries, target, aim, rows, _EXCLUDED, texts)
        self._parts = self._pairs.parts
        self._target = target
        self._conflict = conflict
        self._key = [quote(target.column(name).name) for name in conflict.key]
        source = f"{self._parts.empty_rows}, {self._excluded(f'{self._pairs.source} LIMIT 0')}"
        self._where = None if conflict.where is None else self._parts.condition(conflict.where, source)
        self._assigned = {
            target.column(name).name: self._parts.value(query, source) for name, query in given.items()
        }
        needed = self._pairs.needed(texts, [self._where, *self._assigned.values()])
        on = " AND ".join(f"{quote(self._parts.name)}.{key} = {_EXCLUDED}.{key}" for key in self._key)
        self._pairs.pair(on, "INNER", needed)
        self._needed = needed

    def planned(self) -> RowsToBe:
        if self._conflict.assignments is None:
            return RowsToBe(new=self._new(only_first=True), kept=self._parts.kept)
        self._check_once()
        new = self._new(only_first=False)
        return RowsToBe(matched=[self._updated()], new=new, kept=self._parts.kept)

    def _excluded(self, source: str) -> str:
        """The new rows, each in one column: what is not qualified is the table's own."""
        fields = ", ".join(
            f"'{column.name.replace(chr(39), chr(39) * 2)}': {quote(column.name)}"
            for column in self._pairs.columns
        )
        number = quote(self._pairs.number)
        alias = quote(next(self._parts.free))
        return f"(SELECT {number}, {{{fields}}} AS {_EXCLUDED} FROM {source}) AS {alias}"

    def _updated(self) -> MatchedRows:
        own = Rows(self._parts.name, self._needed, self._pairs.own_where("true"))
        rows = self._parts.of_rows([self._where, *self._assigned.values()], own)
        other = self._excluded(self._pairs.source)
        source = f"{rows.source(0)} JOIN {other} USING ({quote(self._pairs.number)})"
        if self._where is not None:
            source += f" WHERE {rows.holds(self._where)}"
        values = [rows.value(value) for value in self._assigned.values()]
        return self._pairs.changed(source, self._assigned, values)

    def _new(self, *, only_first: bool) -> SqlRelation:
        """The new rows that are not there, of those with one key the first: what is NULL is no other's equal."""
        number, source = quote(self._pairs.number), self._pairs.source
        names = ", ".join(quote(column.name) for column in self._pairs.columns)
        sql = f"SELECT {names} FROM {source} WHERE {number} NOT IN ({self._pairs.numbers})"
        if only_first:
            is_null = " OR ".join(f"{key} IS NULL" for key in self._key)
            first = f"row_number() OVER (PARTITION BY {', '.join(self._key)} ORDER BY {number}) = 1"
            sql += f" QUALIFY {is_null} OR {first}"
        place = Place("", self._parts.aim.span.start)
        return SqlRelation(
            self._parts.queries.duck,
            f"{sql} ORDER BY {number}",
            self._pairs.columns,
            place=place,
            repeatable=True,
        )

    # -- once each -------------------------------------------------------------------------------------------
    def _check_once(self) -> None:
        """Refuse what would update one row twice, or two with one.

        Raises:
            TypeMismatch: With the key.
        """
        keys, number = ", ".join(self._key), quote(self._pairs.number)
        known = " AND ".join(f"{key} IS NOT NULL" for key in self._key)
        twice = self._parts.run(
            f"SELECT {keys} FROM {self._pairs.source} WHERE {known} GROUP BY ALL HAVING count(*) > 1"
            f" ORDER BY min({number}) LIMIT 1"
        )
        if twice.num_rows:
            raise self._refused(twice, TS301.TWICE_IN_NEW, TS301.KEEP_ONE)
        met = self._pairs.repeated(self._pairs.number)
        if met is not None:
            found = self._parts.run(f"SELECT {keys} FROM {self._pairs.source} WHERE {number} = {met}")
            raise self._refused(found, TS301.TWICE_IN_TABLE, TS301.ANOTHER_KEY)

    def _refused(self, row: pa.Table, told: Wording, hint: Wording) -> TypeMismatch:
        names = [self._target.column(name).name for name in self._conflict.key]
        values = row.to_pylist()[0].values()
        key = ", ".join(f"{name} = {told_value(value)}" for name, value in zip(names, values, strict=True))
        message = told(row=key, table=self._target.table.name)
        return TypeMismatch(message, span=self._conflict.span, hint=hint())
