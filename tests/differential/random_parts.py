"""What random queries are put together of: tables, select lists, conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.differential.used_database import TEXTS, Shape, UsedDatabase, search


@dataclass
class Relation:
    """Something that FROM can name.

    Attributes:
        sql: As written in FROM, alias included.
        alias: Its name.
        columns: Name -> kind.
        key: A column in which no two rows agree; None if none is known.
    """

    sql: str
    alias: str
    columns: dict[str, str]
    key: str | None = "id"


@dataclass
class Parts:
    """Makes parts of queries over a database's tables.

    Attributes:
        database: The tables.
        rng: Where chance comes from.
        ours: The nested searches of the last query, as we write them.
        plain: The same as DuckDB reads them.
        has_ties: Whether rows may be equally similar, so that nobody can say which of them are the best.
    """

    database: UsedDatabase
    rng: Random
    ours: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    names: int = 0
    has_ties: bool = False

    def _source(self) -> Relation:
        return self.rng.choice((self._table, self._table, self._table, self._search, self._subquery))()

    def _table(self) -> Relation:
        views = [view for view in self.database.views.values() if view.is_whole]
        shapes = [*self.database.shapes.values(), *self.rng.sample(views, min(len(views), 2))]
        shape = self.rng.choice(shapes)
        if self.rng.random() < 0.5:
            return Relation(shape.name, shape.name, shape.columns)
        alias = self._alias()
        return Relation(f"{shape.name} AS {alias}", alias, shape.columns)

    def _search(self) -> Relation:
        """A nested SEARCH; some of all rows, some of the best, some of a query's."""
        shape = self._searchable()
        if shape is None:
            return self._table()
        text, alias, top = self.rng.choice(TEXTS), self._alias(), self.rng.choice((None, None, 4))
        top = None if self.has_ties else top
        where = self.rng.choice(("", " WHERE id % 2 = 0", f" WHERE {shape.search} IS NOT NULL"))
        where = f" WHERE {shape.search} IS NOT NULL" if top else where
        rows = f"SELECT * FROM {shape.name}{where}"
        sims = self.database.similarities(shape, text)
        best = f" ORDER BY sim DESC LIMIT {top}" if top else ""
        self.ours.append(search(shape, text, rows, top))
        self.plain.append(f"SELECT b.*, s.sim FROM ({rows}) AS b JOIN {sims} AS s ON s.id = b.id{best}")
        return Relation(f"(«{len(self.ours) - 1}») AS {alias}", alias, {**shape.columns, "sim": "float"})

    def _searchable(self) -> Shape | None:
        shapes = [shape for shape in self.database.shapes.values() if shape.search]
        return self.rng.choice(shapes) if shapes else None

    def _subquery(self) -> Relation:
        inner, alias = self._table(), self._alias()
        items = self.rng.choice(("*", f"{inner.alias}.*"))
        text = f"(SELECT {items} FROM {inner.sql}{self._where([inner])}) AS {alias}"
        return Relation(text, alias, inner.columns, inner.key)

    def _alias(self) -> str:
        self.names += 1
        return f"{self.rng.choice(('a', 'b', '별'))}{self.names}"

    def _items(self, source: Relation) -> tuple[str, dict[str, str]]:
        """A select list and the columns that it gives."""
        choice = self.rng.randrange(7)
        if choice < 2 or not source.columns:
            return "*", source.columns
        if choice == 2:
            return f"{source.alias}.*, {self.number([source], 1)} AS x", {**source.columns, "x": "int"}
        if choice == 3 and len(source.columns) > 2:
            left = self.rng.choice(
                [name for name in source.columns if name not in ("id", "label")] or ["label"]
            )
            return f"* EXCLUDE ({left})", {n: k for n, k in source.columns.items() if n != left}
        names = [name for name in source.columns if self.rng.random() < 0.6] or ["id"]
        names = list(dict.fromkeys([*names, "id"])) if "id" in source.columns else names
        columns = {name: source.columns.get(name, "int") for name in names}
        items = [f"{source.alias}.{name}" for name in names]
        if self.rng.random() < 0.5:
            items.append(f"{self.text([source], 1)} AS t")
            columns["t"] = "text"
        if self.rng.random() < 0.15 and source.key:
            items.append(f"{self._window(source)} AS r")
            columns["r"] = "int"
        if self.rng.random() < 0.1:
            items.append(f"(SELECT max(id) FROM {self._table().sql}) AS top")
            columns["top"] = "int"
        return ", ".join(items), columns

    def _window(self, source: Relation) -> str:
        alias = source.alias
        part = f"PARTITION BY {alias}.label " if "label" in source.columns and self.rng.random() < 0.5 else ""
        function = self.rng.choice(("row_number()", "ntile(2)", "count(*)", f"lag({alias}.id, 1, 0)"))
        return f"{function} OVER ({part}ORDER BY {alias}.{source.key or 'id'})"

    def _where(self, sources: list[Relation]) -> str:
        return f" WHERE {self.condition(sources, 2)}" if self.rng.random() < 0.7 else ""

    def _bound(self) -> str:
        rng = self.rng
        return rng.choice(
            (
                "",
                " LIMIT 5",
                f" LIMIT {rng.randint(0, 40)}",
                f" LIMIT 7 OFFSET {rng.randint(0, 9)}",
                f" LIMIT 7 OFFSET {rng.randint(0, 200)}",
                " OFFSET 3",
                " LIMIT 10%",
            )
        )

    def _order_term(self, source: Relation) -> str:
        column = self._pick(source, ("text", "int", "float", "date", "bool"))
        term = self.rng.choice(
            (column or self.number([source], 1), self.number([source], 1), self.text([source], 1))
        )
        if term.lstrip("-").isdigit():
            term = f"{term} + 0"
        return term + self.rng.choice(("", " DESC", " NULLS FIRST", " DESC NULLS LAST"))

    def _pick(self, source: Relation, kinds: tuple[str, ...]) -> str | None:
        found = [name for name, kind in source.columns.items() if kind in kinds]
        return f"{source.alias}.{self.rng.choice(found)}" if found else None

    # -- expressions -----------------------------------------------------------------------------------------
    def _one_of(self, *ways: Callable[[], str]) -> str:
        return self.rng.choice(ways)()

    def number(self, sources: list[Relation], depth: int) -> str:
        rng, source = self.rng, self.rng.choice(sources)
        column = self._pick(source, ("int",)) or "1"
        if depth <= 0:
            return rng.choice((column, column, str(rng.randint(-3, 9))))
        return self._one_of(
            lambda: column,
            lambda: f"({self.number(sources, depth - 1)} + {self.number(sources, depth - 1)})",
            lambda: f"abs({column})",
            lambda: f"length({self.text(sources, depth - 1)})",
            lambda: f"coalesce({column}, 0)",
            lambda: f"CASE WHEN {self.condition(sources, depth - 1)} THEN {column} ELSE 0 END",
            lambda: f"year({self._pick(source, ('date',)) or 'DATE ' + chr(39) + '2024-01-01' + chr(39)})",
            lambda: f"len({self._pick(source, ('list',)) or '[1]'})",
            lambda: f"{column}::BIGINT",
        )

    def text(self, sources: list[Relation], depth: int) -> str:
        rng, source = self.rng, self.rng.choice(sources)
        column = self._pick(source, ("text",)) or "'글'"
        if depth <= 0:
            return rng.choice((column, column, "'고양이'"))
        struct = self._pick(source, ("struct",))
        return self._one_of(
            lambda: column,
            lambda: f"upper({column})",
            lambda: f"({column} || '!')",
            lambda: f"substr({column}, 1, 2)",
            lambda: f"coalesce({column}, '없음')",
            lambda: f"{struct}.b" if struct else column,
            lambda: f"list_reverse({self._pick(source, ('list',)) or '[]'})[1]::VARCHAR",
            lambda: f"CAST({self.number(sources, depth - 1)} AS VARCHAR)",
        )

    def condition(self, sources: list[Relation], depth: int) -> str:
        rng, source = self.rng, self.rng.choice(sources)
        vector = self._pick(source, ("vector",))
        plain = (
            f"{self.number(sources, 0)} {rng.choice(('<', '>=', '=', '<>'))} {self.number(sources, 0)}",
            f"{self.text(sources, 0)} {rng.choice(('LIKE', 'NOT LIKE'))} '%a%'",
            f"{self.text(sources, 0)} IS {rng.choice(('', 'NOT '))}NULL",
            f"{self.number(sources, 0)} BETWEEN -2 AND 4",
            f"{self.text(sources, 0)} IN ('cat', '새')",
            f"{vector} IS NOT NULL" if vector else "true",
            f"{vector}[1] > 0" if vector else "1 = 1",
        )
        if depth <= 0 or rng.random() < 0.5:
            return rng.choice(plain)
        return self._one_of(
            lambda: f"({self.condition(sources, depth - 1)} AND {self.condition(sources, depth - 1)})",
            lambda: f"({self.condition(sources, depth - 1)} OR {self.condition(sources, depth - 1)})",
            lambda: f"NOT ({self.condition(sources, depth - 1)})",
            lambda: self._with_subquery(sources),
            lambda: self._with_subquery(sources),
        )

    def _with_subquery(self, sources: list[Relation]) -> str:
        """A condition that looks beyond its row."""
        rng = self.rng
        other, outer = self._source(), self._pick(rng.choice(sources), ("int",)) or "1"
        aggregate, key = rng.choice(("avg", "max", "min")), f"{other.alias}.id"
        return self._one_of(
            lambda: f"{outer} {rng.choice(('>', '<='))} (SELECT {aggregate}({key}) FROM {other.sql})",
            lambda: f"{outer} IN (SELECT {key} FROM {other.sql} ORDER BY {key} DESC LIMIT 5)",
            lambda: f"{outer} NOT IN (SELECT {key} FROM {other.sql} WHERE {self.condition([other], 0)})",
            lambda: f"EXISTS (SELECT 1 FROM {other.sql} WHERE {key} = {outer})",
            lambda: f"{outer} <= (SELECT count(*) FROM {other.sql} WHERE {key} < {outer})",
            lambda: self._in_best(outer),
        )

    def _in_best(self, outer: str) -> str:
        source = self._search()
        is_ranked = "sim" in source.columns and not self.has_ties
        order = "sim DESC NULLS LAST, id" if is_ranked else "id"
        return f"{outer} IN (SELECT id FROM {source.sql} ORDER BY {order} LIMIT 5)"
