"""Random statements that change rows, in the forms that DuckDB has too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.differential.random_parts import Relation
from tests.differential.random_queries import Maker
from tests.differential.used_database import Shape, UsedDatabase

_SQL_TYPES = {
    "int": "INTEGER",
    "float": "DOUBLE",
    "text": "VARCHAR",
    "date": "DATE",
    "bool": "BOOLEAN",
    "list": "VARCHAR[]",
    "struct": "STRUCT(a INTEGER, b VARCHAR)",
}


@dataclass
class Change:
    """A statement.

    Attributes:
        shape: The table whose rows it changes.
        sql: Its text; ``«n»`` stands for nested SEARCH number n.
        key: Columns in which no two rows of the table may agree for DuckDB to run it.
        returns: Whether it gives rows.
        in_order: Whether the ids of new rows ascend.
        ids_stay: Whether rows are known again by their ids: none gets that of another, or of one that is deleted.
    """

    shape: Shape
    sql: str
    key: tuple[str, ...] = ()
    returns: bool = False
    in_order: bool = False
    ids_stay: bool = True


class ChangeMaker:
    """Makes statements over a database's tables.

    Args:
        database: The tables.
        rng: Where chance comes from.

    Attributes:
        maker: Makes the expressions.
    """

    def __init__(self, database: UsedDatabase, rng: Random) -> None:
        self.maker = Maker(database, rng, has_ties=True)
        self.rng = rng
        self.database = database

    def change(self) -> Change:
        """Any statement."""
        self.maker.ours, self.maker.plain, self.maker.names = [], [], 0
        shape = self.rng.choice(list(self.database.shapes.values()))
        kinds: list[Callable[[Shape], Change]] = [
            *[self._upsert] * 3,
            *[self._merge] * 4,
            *[self._update] * 3,
            *[self._delete] * 2,
            self._insert,
            self._values,
        ]
        return self.rng.choice(kinds)(shape)

    # -- statements ------------------------------------------------------------------------------------------
    def _insert(self, shape: Shape) -> Change:
        names = self._some(shape)
        given, rows = self._rows(shape, names)
        how = self.rng.choice((f"({', '.join(names)}) ", "BY NAME "))
        sql = f"{given}INSERT INTO {shape.name} {how}{rows}"
        own = Relation(shape.name, shape.name, shape.columns)
        return self._ended(Change(shape, sql, in_order=True), own)

    def _values(self, shape: Shape) -> Change:
        own = Relation(shape.name, shape.name, shape.columns)
        if self.rng.random() < 0.3:
            return self._ended(Change(shape, f"INSERT INTO {shape.name} DEFAULT VALUES"), own)
        numbers = self.rng.sample(range(400), 3)
        rows = ", ".join(f"({number}, {self._literal('text')})" for number in numbers)
        sql = f"INSERT INTO {shape.name} (id, label) VALUES {rows}"
        return self._on_conflict(Change(shape, sql, ("id",)), own)

    def _upsert(self, shape: Shape) -> Change:
        alias = self.rng.choice(("", "", "여기"))
        own = Relation(shape.name, alias or shape.name, shape.columns)
        names = self._some(shape)
        key = self.rng.choice((("id",), ("id",), ("id", "label") if "label" in names else ("id",)))
        given, rows = self._rows(shape, names, is_unique=len(key) > 1)
        called = f" AS {alias}" if alias else ""
        sql = f"{given}INSERT INTO {shape.name}{called} ({', '.join(names)}) {rows}"
        return self._on_conflict(Change(shape, sql, key, in_order=True), own)

    def _on_conflict(self, change: Change, own: Relation) -> Change:
        action = "NOTHING"
        if self.rng.random() < 0.7:
            both = [own, Relation("excluded", "excluded", own.columns)]
            names = [name for name in own.columns if name not in change.key and self.rng.random() < 0.5]
            names = names or [name for name in own.columns if name not in change.key][:1]
            where = f" WHERE {self.maker.condition(both, 0)}" if self.rng.random() < 0.4 else ""
            action = f"UPDATE SET {self._assignments(own, names, both, 0)}{where}"
        change.sql += f" ON CONFLICT ({', '.join(change.key)}) DO {action}"
        return self._ended(change, own)

    def _update(self, shape: Shape) -> Change:
        own = self._own(shape)
        names = [name for name in own.columns if name != "id" and self.rng.random() < 0.4] or ["label"]
        if self.rng.random() < 0.3:
            sql = f"UPDATE {own.sql} SET {self._assignments(own, names, [own], 2)}{self.maker._where([own])}"
            return self._ended(Change(shape, sql), own)
        given, beside, others = self._beside()
        on = self._matching(own, others[0])
        sql = f"{given}UPDATE {own.sql} SET {self._assignments(own, names, [own, *others], 1)} FROM {beside}"
        return self._ended(Change(shape, f"{sql} WHERE {on}{self._and([own, *others])}"), own)

    def _delete(self, shape: Shape) -> Change:
        own = self._own(shape)
        if self.rng.random() < 0.3:
            few = f"{own.alias}.id % 5 = {self.rng.randrange(5)}"
            sql = f"DELETE FROM {own.sql} WHERE {few} AND {self.maker.condition([own], 2)}"
            return self._ended(Change(shape, sql), own)
        given, beside, others = self._beside()
        on = f"{self._matching(own, others[0])} AND {own.alias}.id % 3 = 0"
        sql = f"{given}DELETE FROM {own.sql} USING {beside} WHERE {on}{self._and([own, *others])}"
        return self._ended(Change(shape, sql), own)

    def _merge(self, shape: Shape) -> Change:
        own, names = self._own(shape), self._some(shape)
        given, rows = self._rows(shape, names)
        columns = {name: shape.columns[name] for name in names}
        source = Relation(f"({rows}) AS 새", "새", columns)
        on = self.rng.choice(
            ("USING (id)", f"ON {own.alias}.id = 새.id", f"ON {self._matching(own, source)}")
        )
        whens = " ".join(self._whens(own, source))
        return self._ended(
            Change(
                shape,
                f"{given}MERGE INTO {own.sql} USING {source.sql} {on} {whens}",
                in_order=True,
                ids_stay=on.endswith(("(id)", "새.id", "새.id + 0")),
            ),
            own,
        )

    def _whens(self, own: Relation, source: Relation) -> list[str]:
        groups = {
            "MATCHED": ([own, source], ("UPDATE", "UPDATE", "DELETE", "DO NOTHING", "UPDATE BY NAME")),
            "NOT MATCHED": ([source], ("INSERT", "INSERT", "INSERT BY NAME", "DO NOTHING")),
            "NOT MATCHED BY SOURCE": ([own], ("UPDATE", "DELETE", "DO NOTHING")),
        }
        found = []
        for group, (rows, actions) in groups.items():
            if self.rng.random() < 0.35:
                continue
            for last in (False, True):
                if self.rng.random() < 0.6:
                    condition = "" if last else f" AND {self.maker.condition(rows, 0)}"
                    action = self._action(self.rng.choice(actions), own, rows)
                    found.append(f"WHEN {group}{condition} THEN {action}")
        return found or ["WHEN MATCHED THEN DO NOTHING"]

    def _action(self, action: str, own: Relation, rows: list[Relation]) -> str:
        if action == "UPDATE":
            names = [name for name in own.columns if name != "id" and self.rng.random() < 0.4] or ["label"]
            return f"UPDATE SET {self._assignments(own, names, rows, 0)}"
        if action == "INSERT":
            names = ["id", *(name for name in own.columns if name != "id" and self.rng.random() < 0.5)]
            values = [f"{rows[0].alias}.id", *(self._value(own.columns[name], rows, 0) for name in names[1:])]
            return f"INSERT ({', '.join(names)}) VALUES ({', '.join(values)})"
        return action

    # -- parts -----------------------------------------------------------------------------------------------
    def _own(self, shape: Shape) -> Relation:
        alias = self.rng.choice(("", "여기", "t0"))
        return Relation(
            f"{shape.name} AS {alias}" if alias else shape.name, alias or shape.name, shape.columns
        )

    def _some(self, shape: Shape) -> list[str]:
        names = [name for name in shape.columns if name == "id" or self.rng.random() < 0.7]
        self.rng.shuffle(names)
        return names

    def _rows(self, shape: Shape, names: list[str], *, is_unique: bool = False) -> tuple[str, str]:
        """New rows, in the order of their ids: some of them of ids that are there, some of none, rarely one twice.

        One id may be NULL: of several DuckDB takes one, as if they were equal, if they are new; PostgreSQL takes all.
        """
        source = self.maker._source()
        shift = self.rng.choice((0, 0, 1, 3, 40, 500))
        number = f"{source.alias}.id + {shift}"
        if not is_unique:
            number = self.rng.choice((number, number, number, f"{source.alias}.id // 2"))
        if self.rng.random() < 0.15:
            number = f"CASE WHEN {source.alias}.id = {self.rng.randrange(20)} THEN NULL ELSE {number} END"
        values = {
            name: number if name == "id" else self._value(shape.columns[name], [source], 1) for name in names
        }
        items = ", ".join(f"{value} AS {name}" for name, value in values.items())
        rows = f"SELECT {items} FROM {source.sql}{self.maker._where([source])} ORDER BY {source.alias}.id"
        if self.rng.random() < 0.2 and not self.maker.ours:
            given = f"WITH 묶음 AS ({rows}) "
            return given, f"SELECT {', '.join(names)} FROM 묶음 ORDER BY id"
        return "", rows

    def _beside(self) -> tuple[str, str, list[Relation]]:
        """What stands behind FROM or USING: WITH in front, the SQL, and what can be named."""
        one = self.maker._source()
        if not self.maker.ours and self.rng.random() < 0.2:
            named = Relation("묶음 AS q", "q", one.columns)
            return f"WITH 묶음 AS (SELECT * FROM {one.sql}) ", named.sql, [named]
        if self.rng.random() < 0.3:
            two = self.maker._table()
            return "", f"{one.sql} JOIN {two.sql} ON {one.alias}.id = {two.alias}.id", [one, two]
        return "", one.sql, [one]

    def _matching(self, own: Relation, other: Relation) -> str:
        if "label" in other.columns and self.rng.random() < 0.15:
            return f"{own.alias}.label = {other.alias}.label"
        return f"{own.alias}.id = {other.alias}.id + {self.rng.choice((0, 0, 0, 1, 7))}"

    def _and(self, rows: list[Relation]) -> str:
        return f" AND {self.maker.condition(rows, 1)}" if self.rng.random() < 0.4 else ""

    def _assignments(self, own: Relation, names: list[str], rows: list[Relation], depth: int) -> str:
        values = [self._value(own.columns[name], rows, depth) for name in names]
        if len(names) > 1 and self.rng.random() < 0.3:
            return f"({', '.join(names)}) = ({', '.join(values)})"
        return ", ".join(f"{name} = {value}" for name, value in zip(names, values, strict=True))

    def _value(self, kind: str, rows: list[Relation], depth: int) -> str:
        """A value of a column's own type: what ours refuses to round, DuckDB rounds."""
        rng = self.rng
        if rng.random() < 0.1:
            return "NULL"
        if kind in ("int", "float"):
            return f"CAST({self.maker.number(rows, depth)} AS {_SQL_TYPES[kind]})"
        if kind == "text":
            return self.maker.text(rows, depth)
        if kind == "bool":
            return f"({self.maker.condition(rows, 0)})"
        same = [f"{row.alias}.{name}" for row in rows for name, other in row.columns.items() if other == kind]
        if kind == "vector":
            return rng.choice(same) if same else "NULL"
        return rng.choice([*same, self._literal(kind)])

    def _literal(self, kind: str) -> str:
        return {
            "text": self.rng.choice(("'고양이'", "'it''s'", "NULL")),
            "date": "DATE '2020-02-29'",
            "list": "['a', NULL, '나']",
            "struct": "{'a': 7, 'b': '새'}",
        }[kind]

    def _ended(self, change: Change, own: Relation) -> Change:
        if self.rng.random() < 0.35:
            names = self.rng.sample(sorted(own.columns), min(3, len(own.columns)))
            items = self.rng.choice(
                ("*", ", ".join(names), f"{own.alias}.id, {self.maker.text([own], 0)} AS t")
            )
            change.sql += f" RETURNING {items}"
            change.returns = True
        return change
