"""MERGE INTO: each pair, and each row without a partner, becomes what the first WHEN says that holds for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.errors import Place
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.query.expressions import Expression, Rows, RowsOf, place_of
from thanosql_kernel.engine.query.fitting import fitting_rows
from thanosql_kernel.engine.query.matching import MatchedRows, several_values
from thanosql_kernel.engine.query.pairing import Pairs, RowsToBe
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store.columns import existing_column
from thanosql_kernel.errors import TypeMismatch
from thanosql_kernel.sql.identifiers import quote, unique_names
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Group, Merge, Target, When
from thanosql_kernel.wording.values import TS300, TS301

_ACTION = "action"


@dataclass(frozen=True)
class _Clause:
    """A WHEN, its expressions checked.

    Attributes:
        when: What the statement says.
        condition: Which of the group's rows it is about; all of them without one.
        assigned: By column of the table, what goes into it.
        message: What an ERROR says beside that it is one.
    """

    when: When
    condition: Expression | None
    assigned: dict[str, Expression] = field(default_factory=dict)
    message: Expression | None = None

    @property
    def expressions(self) -> list[Expression | None]:
        return [self.condition, self.message, *self.assigned.values()]


def merged(queries: Queries, target: StoredRelation, aim: Target, source: Relation, merge: Merge) -> RowsToBe:
    """What becomes of a table that rows are merged into.

    Args:
        queries: The statement's.
        target: The table.
        aim: What the statement says of it.
        source: The rows.
        merge: What to do with them.

    Raises:
        ThanoSQLError: An expression is not valid, or a row of the table would be changed by several of the source.
    """
    return _Merging(queries, target, aim, source, merge).planned()


class _Merging:
    def __init__(
        self, queries: Queries, target: StoredRelation, aim: Target, source: Relation, merge: Merge
    ) -> None:
        texts: list[Query | None] = [merge.on, *(text for when in merge.whens for text in when.texts)]
        self._pairs = pairs = Pairs(queries, target, aim, source, merge.alias, texts)
        self._parts, self._target, self._merge = pairs.parts, target, merge
        on = None if merge.on is None else self._parts.condition(merge.on, self._source_of("matched"), "ON")
        self._clauses = [self._checked(when) for when in merge.whens]
        said = [expression for clause in self._clauses for expression in clause.expressions]
        self._needed = pairs.needed(texts, said, merge.using)
        pairs.pair(on or self._on_equals(), self._join(), self._needed)

    def _join(self) -> str:
        groups = {when.group for when in self._merge.whens}
        left, right = "unmatched" in groups, "new" in groups
        return "FULL" if left and right else "LEFT" if left else "RIGHT" if right else "INNER"

    def _on_equals(self) -> str:
        own, other = quote(self._parts.name), quote(self._merge.alias)
        return " AND ".join(f"{own}.{quote(name)} = {other}.{quote(name)}" for name in self._merge.using)

    # -- checking --------------------------------------------------------------------------------------------
    def _source_of(self, group: Group) -> str:
        """What a group's expressions may name, where they are checked."""
        own, other = self._parts.empty_rows, f"{self._pairs.source} AS {quote(self._merge.alias)}"
        if group == "new":
            return other
        if group == "unmatched":
            return own
        using = f" USING ({', '.join(map(quote, self._merge.using))})" if self._merge.using else ""
        return f"{own} JOIN {other}{using}" if using else f"{own}, {other}"

    def _checked(self, when: When) -> _Clause:
        source = self._source_of(when.group)
        condition = None if when.condition is None else self._parts.condition(when.condition, source, "WHEN")
        message = None if when.message is None else self._parts.value(when.message, source, "ERROR")
        if when.action not in ("update", "insert") or when.by == "default":
            return _Clause(when, condition, {}, message)
        if when.by:
            return _Clause(when, condition, self._of_source(when))
        table, clause = self._target.table, "SET" if when.action == "update" else "VALUES"
        names = when.columns or self._target.names
        if len(names) != len(when.values):
            raise _other_count(table.name, len(names), len(when.values), when)
        assigned = {
            existing_column(table, name, when.span).name: self._parts.value(value, source, clause)
            for name, value in zip(names, when.values, strict=True)
        }
        return _Clause(when, condition, assigned)

    def _of_source(self, when: When) -> dict[str, Expression]:
        """The source's columns, each to the table's of its name or place."""
        columns, table = self._pairs.columns, self._target.table
        names = [column.name for column in columns] if when.by == "name" else self._target.names
        if len(names) != len(columns):
            raise _other_count(table.name, len(names), len(columns), when)
        return {
            existing_column(table, name, when.span).name: self._taken(column, when)
            for name, column in zip(names, columns, strict=True)
        }

    def _taken(self, column: Column, when: When) -> Expression:
        """A column of the source as an expression."""
        names = [self._merge.alias, column.name]
        tree = {"class": "COLUMN_REF", "column_names": names}
        return Expression(".".join(map(quote, names)), place_of(when.span), tree, column.type)

    # -- what becomes of the rows ----------------------------------------------------------------------------
    def planned(self) -> RowsToBe:
        gone: list[NDArray[np.int64]] = []
        matched: list[MatchedRows] = []
        new: list[tuple[_Clause, str]] = []
        for group in ("matched", "unmatched", "new"):
            clauses = [clause for clause in self._clauses if clause.when.group == group]
            if not clauses:
                continue
            chosen = self._chosen(group, clauses)
            self._refuse(group, clauses, chosen)
            for number, clause in enumerate(clauses):
                if clause.when.action == "delete":
                    gone.append(self._positions(chosen, [number]))
                elif clause.when.action == "update":
                    matched.append(self._updated(group, clause, chosen, number))
                elif clause.when.action == "insert":
                    new.append((clause, self._inserted(clause, chosen, number)))
        deleted = np.sort(np.concatenate([*gone, np.empty(0, np.int64)]))
        return RowsToBe(deleted, matched, self._new(new) if new else None, self._parts.kept)

    def _rows(self, group: Group, condition: str, expressions: Sequence[Expression | None]) -> RowsOf:
        """The rows of a group that a condition on positions and numbers holds for."""
        number, lone = quote(self._pairs.number), self._pairs.lone_numbers
        of_source = f"(SELECT * FROM {self._pairs.source} WHERE {number} IN ({lone}) AND {condition})"
        is_whole = self._pairs.are_pairs if group == "matched" else f"{number} IS NULL"
        own = Rows(self._parts.name, self._needed, self._pairs.own_where(f"{is_whole} AND {condition}"))
        other = Rows(self._merge.alias, self._pairs.columns, self._pairs.source)
        if group == "new":
            return self._parts.of_rows(expressions, Rows(other.name, other.columns, of_source))
        return self._parts.of_rows(expressions, *([own, other] if group == "matched" else [own]))

    def _from(self, group: Group, rows: RowsOf) -> str:
        if group != "matched":
            return rows.source(0)
        using = ", ".join(map(quote, (self._pairs.number, *self._merge.using)))
        return f"{rows.source(0)} JOIN {rows.source(1)} USING ({using})"

    def _keys(self, group: Group) -> list[str]:
        keys = {"matched": (self._pairs.position, self._pairs.number), "new": (self._pairs.number,)}
        return [quote(key) for key in keys.get(group, (self._pairs.position,))]

    def _chosen(self, group: Group, clauses: Sequence[_Clause]) -> str:
        """The name of a table with the keys of a group's rows, and the number of the clause that they fall under."""
        rows = self._rows(group, "true", [clause.condition for clause in clauses])
        cases = " ".join(
            f"WHEN {rows.holds(clause.condition)} THEN {number}" for number, clause in enumerate(clauses)
        )
        keys = ", ".join(self._keys(group))
        return self._parts.keep(
            f"SELECT {keys}, CASE {cases} END AS {_ACTION} FROM {self._from(group, rows)}"
        )

    def _positions(self, chosen: str, numbers: Sequence[int]) -> NDArray[np.int64]:
        among = ", ".join(map(str, numbers))
        found = self._parts.run(
            f"SELECT {quote(self._pairs.position)} FROM {chosen} WHERE {_ACTION} IN ({among})"
        )
        return np.sort(found.column(0).to_numpy().astype(np.int64))

    def _among(self, group: Group, chosen: str, number: int) -> str:
        """The condition that rows fall under a clause."""
        keys = ", ".join(self._keys(group))
        return f"({keys}) IN (SELECT {keys} FROM {chosen} WHERE {_ACTION} = {number})"

    def _refuse(self, group: Group, clauses: Sequence[_Clause], chosen: str) -> None:
        """Stop where a clause says so, or where a row of the table would become several things.

        Raises:
            TypeMismatch: TS301, with the row, or with what the clause says.
        """
        for number, clause in enumerate(clauses):
            if clause.when.action == "error":
                self._stop(group, clause, chosen, number)
        if group == "matched":
            acting = [n for n, clause in enumerate(clauses) if clause.when.action in ("update", "delete")]
            positions = self._positions(chosen, acting) if acting else np.empty(0, np.int64)
            twice = positions[1:][positions[1:] == positions[:-1]]
            if len(twice):
                raise several_values(self._target, int(twice[0]), self._merge.span)

    def _stop(self, group: Group, clause: _Clause, chosen: str, number: int) -> None:
        rows = self._rows(group, self._among(group, chosen, number), [clause.message])
        said = "NULL" if clause.message is None else rows.value(clause.message)
        first = f"SELECT CAST({said} AS VARCHAR) FROM {self._from(group, rows)} LIMIT 1"
        found = self._parts.run(first).column(0).to_pylist()
        if found:
            told = TS301.MERGE_STOPS if found[0] is None else TS301.MERGE_STOPS_WITH
            raise TypeMismatch(told(message=found[0]), span=clause.when.span)

    def _updated(self, group: Group, clause: _Clause, chosen: str, number: int) -> MatchedRows:
        rows = self._rows(group, self._among(group, chosen, number), list(clause.assigned.values()))
        values = [rows.value(value) for value in clause.assigned.values()]
        return self._pairs.changed(self._from(group, rows), clause.assigned, values)

    # -- new rows --------------------------------------------------------------------------------------------
    def _inserted(self, clause: _Clause, chosen: str, number: int) -> str:
        """The name of a table with new rows of a clause as the table stores them, and their numbers."""
        rows = self._rows("new", self._among("new", chosen, number), list(clause.assigned.values()))
        key, assigned = quote(self._pairs.number), clause.assigned
        origins = [self._pairs.origin(value, is_alone=True) for value in assigned.values()]
        names = unique_names([self._pairs.number, *(o.name if o else "_value" for o in origins)])[1:]
        items = [
            f"{rows.value(value)} AS {quote(name)}"
            for name, value in zip(names, assigned.values(), strict=True)
        ]
        kept = self._parts.keep(f"SELECT {', '.join([key, *items])} FROM {self._from('new', rows)}")
        columns = [Column(self._pairs.number, "BIGINT")]
        columns += [
            Column(name, value.type, origin.generated if origin else None)
            for name, value, origin in zip(names, assigned.values(), origins, strict=True)
        ]
        duck, span = self._parts.queries.duck, clause.when.span
        relation = SqlRelation(duck, f"FROM {kept}", columns, place=Place("", span.start), repeatable=True)
        fitting = fitting_rows(
            relation, self._target.table, duck, span, targets=[self._pairs.number, *assigned], beside=1
        )
        return self._parts.keep(fitting.sql, assigned, place_of(span))

    def _new(self, parts: Sequence[tuple[_Clause, str]]) -> SqlRelation:
        """The new rows of all clauses, in the order of the source."""
        names = ", ".join(quote(name) for name in self._target.names)
        union = " UNION ALL ".join(f"SELECT * FROM {name}" for _, name in parts)
        sql = f"SELECT {names} FROM ({union}) ORDER BY {quote(self._pairs.number)}"
        place = Place("", parts[0][0].when.span.start)
        return SqlRelation(self._parts.queries.duck, sql, self._target.columns, place=place, repeatable=True)


def _other_count(table: str, wanted: int, given: int, when: When) -> TypeMismatch:
    message = TS300.OTHER_COUNT(table=table, given=given, wanted=wanted)
    return TypeMismatch(message, span=when.span, hint=TS300.BY_NAME())
