"""Random queries whose results are known, in our dialect and in DuckDB's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.differential.random_parts import Parts, Relation


@dataclass
class Query:
    """A query, what it gives, and what may be compared.

    Attributes:
        sql: Its text; ``«n»`` stands for nested SEARCH number n.
        columns: Name -> kind.
        key: A column in which no two rows agree.
        compare: "list" if it has a total order, "bag" if not, "part" if it gives any ``LIMIT`` rows of `whole`.
        whole: For "part": the query whose rows it gives some of.
        exact_count: For "part": whether the number of rows is known.
    """

    sql: str
    columns: dict[str, str]
    key: str | None = None
    compare: str = "bag"
    whole: str = ""
    exact_count: bool = True


class Maker(Parts):
    """Makes queries over a database's tables."""

    def query(self) -> Query:
        """Any query."""
        self.ours, self.plain, self.names = [], [], 0
        self.database.drop_oldest_views()
        if self.rng.random() < 0.2:
            self._make_whole_view()
        shapes: list[Callable[[], Query]] = [
            *[self._rows_of_one] * 8,
            self._counted,
            *[self._grouped] * 2,
            *[self._set_operation] * 2,
            *[self._joined] * 2,
            self._distinct_on,
            self._qualified,
            self._with,
            self._sampled,
            self._over_subquery,
            *[self._over_view] * 3,
            self._pivoted,
            self._volatile,
        ]
        return self.rng.choice(shapes)()

    def written(self, sql: str) -> tuple[str, str]:
        """A query's text for us and for DuckDB."""
        ours = plain = sql
        for number in reversed(range(len(self.ours))):
            ours = ours.replace(f"«{number}»", self.ours[number])
            plain = plain.replace(f"«{number}»", self.plain[number])
        return ours, plain

    # -- shapes of queries -----------------------------------------------------------------------------------
    def _rows_of_one(self) -> Query:
        """SELECT … FROM one [WHERE] [ORDER BY] [LIMIT]: what may be read late."""
        source = self._source()
        items, columns = self._items(source)
        where = self._where([source])
        text = f"SELECT {items} FROM {source.sql}{where}"
        return self._ended(text, source, columns)

    def _ended(self, text: str, source: Relation, columns: dict[str, str]) -> Query:
        """With ORDER BY and LIMIT, or without."""
        kind = self.rng.choice(("list", "list", "bag", "part", "ties"))
        if kind == "bag" or source.key is None:
            return Query(text, columns, _kept(source.key, columns))
        bound = self._bound()
        if kind in ("part", "ties"):
            order = f" ORDER BY {self._order_term(source)}" if kind == "ties" else ""
            return Query(text + order + bound, columns, compare="part", whole=text)
        terms = [self._order_term(source) for _ in range(self.rng.randint(0, 2))]
        order = ", ".join([*terms, f"{source.alias}.{source.key}{self.rng.choice(('', ' DESC'))}"])
        return Query(f"{text} ORDER BY {order}{bound}", columns, _kept(source.key, columns), "list")

    def _counted(self) -> Query:
        """How many rows something has."""
        source = self._source()
        item = self.rng.choice(
            ("count(*)", "count()", "count(*) FILTER (id > 3)", f"count({source.alias}.id)")
        )
        return Query(
            f"SELECT {item} AS c FROM {source.sql}{self.rng.choice(('', self._where([source])))}", {}
        )

    def _grouped(self) -> Query:
        source = self._source()
        group = self._pick(source, ("text", "bool", "int", "date")) or f"{source.alias}.id"
        aggregates = self.rng.sample(
            (
                "count(*) AS c",
                f"sum({self.number([source], 1)}) AS s",
                f"max({self.text([source], 1)}) AS m",
                f"min({self.number([source], 1)}) AS l",
                f"avg({self.number([source], 1)}) AS a",
                f"list({source.alias}.id ORDER BY {source.alias}.id) AS ids",
                f"count(DISTINCT {self.text([source], 1)}) FILTER ({self.condition([source], 1)}) AS f",
            ),
            2,
        )
        having = self.rng.choice(("", "", " HAVING count(*) > 1"))
        where = self._where([source])
        text = (
            f"SELECT {group} AS g, {', '.join(aggregates)} FROM {source.sql}{where} GROUP BY {group}{having}"
        )
        if self.rng.random() < 0.6:
            return Query(f"{text} ORDER BY g NULLS FIRST{self._bound()}", {}, compare="list")
        return Query(text, {})

    def _set_operation(self) -> Query:
        """UNION and its like, by position and by name, with stars of tables whose columns agree."""
        one, two = self._source(), self._source()
        operator = self.rng.choice(
            ("UNION", "UNION ALL", "INTERSECT", "EXCEPT", "UNION BY NAME", "UNION ALL BY NAME")
        )
        left = f"SELECT {one.alias}.id, {self.text([one], 1)} AS t FROM {one.sql}{self._where([one])}"
        names = ("t", "id") if "NAME" in operator else ("id", "t")
        values = {"id": f"{two.alias}.id", "t": self.text([two], 1)}
        right = f"SELECT {', '.join(f'{values[name]} AS {name}' for name in names)} FROM {two.sql}{self._where([two])}"
        text = f"{left} {operator} {right}"
        if self.rng.random() < 0.2 and one.columns.keys() == two.columns.keys():
            text = f"FROM {one.sql} {'UNION ALL' if 'NAME' not in operator else 'UNION ALL BY NAME'} FROM {two.sql}"
            return Query(text, {})
        if self.rng.random() < 0.5:
            return Query(f"{text} ORDER BY ALL{self._bound()}", {}, compare="list")
        return Query(text, {})

    def _joined(self) -> Query:
        one, two = self._source(), self._source()
        kind = self.rng.choice(("JOIN", "LEFT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN", ","))
        matching = self.rng.choice(
            (
                f"{one.alias}.id = {two.alias}.id",
                f"{one.alias}.label = {two.alias}.label AND {two.alias}.id % 3 = 0",
            )
        )
        both = [one] if kind in ("SEMI JOIN", "ANTI JOIN") else [one, two]
        if kind == ",":
            source = f"{one.sql}, {two.sql} WHERE {matching} AND {self.condition(both, 1)}"
        else:
            source = f"{one.sql} {kind} {two.sql} ON {matching}{self._where(both)}"
        star = self.rng.random() < 0.3
        items = ", ".join(f"{item.alias}.id AS id{item.alias}" for item in both)
        items = f"{one.alias}.*, {items}" if star else f"{items}, {self.text(both, 1)} AS t"
        text = f"SELECT {items} FROM {source}"
        if self.rng.random() < 0.6:
            order = ", ".join(f"{item.alias}.id" for item in both)
            return Query(f"{text} ORDER BY {order}{self._bound()}", {}, compare="list")
        return Query(text, {})

    def _distinct_on(self) -> Query:
        source = self._source()
        order = f"{source.alias}.label, {source.alias}.id"
        items, columns = self._items(source)
        text = f"SELECT DISTINCT ON ({source.alias}.label) {items} FROM {source.sql}{self._where([source])} ORDER BY {order}"
        return Query(text + self._bound(), columns, compare="list")

    def _qualified(self) -> Query:
        source = self._source()
        items, columns = self._items(source)
        window = self._window(source)
        text = f"SELECT {items} FROM {source.sql}{self._where([source])}"
        if self.rng.random() < 0.5:
            return Query(
                f"{text} ORDER BY {window}, {source.alias}.id{self._bound()}", columns, compare="list"
            )
        return Query(
            f"{text} QUALIFY {window} <= 2 ORDER BY {source.alias}.id{self._bound()}", columns, compare="list"
        )

    def _with(self) -> Query:
        inner = self._rows_of_one()
        while inner.compare == "part":
            inner = self._rows_of_one()
        name = self.rng.choice(("c", "photos", "묶음"))
        how = self.rng.choice(("", "MATERIALIZED ", "NOT MATERIALIZED "))
        searches = len(self.ours)
        source = Relation(f"{name} AS w", "w", inner.columns, inner.key)
        items, columns = self._items(source)
        where = self._where([source])
        if len(self.ours) > searches:  # a nested SEARCH never reads what WITH names: see check_nested
            name, source = "묶음", replace(source, sql="묶음 AS w")
        text = f"WITH {name} AS {how}({inner.sql}) SELECT {items} FROM {source.sql}{where}"
        return self._ended(text, source, columns)

    def _sampled(self) -> Query:
        source = self._source()
        items, columns = self.rng.choice(
            (("*", source.columns), (f"{self.number([source], 1)} AS x, id", {}))
        )
        text = f"SELECT {items} FROM {source.sql}"
        size = self.rng.choice(
            ("3 ROWS", "reservoir(5 ROWS) REPEATABLE (42)", "bernoulli(40%)", "system(50%)")
        )
        exact = "ROWS" in size
        return Query(f"{text} USING SAMPLE {size}", columns, compare="part", whole=text, exact_count=exact)

    def _over_subquery(self) -> Query:
        inner = self._rows_of_one()
        while inner.compare == "part":
            inner = self._rows_of_one()
        source = Relation(f"({inner.sql}) AS q", "q", inner.columns, inner.key)
        items, columns = self._items(source)
        return self._ended(f"SELECT {items} FROM {source.sql}{self._where([source])}", source, columns)

    def _over_view(self) -> Query:
        """Any query as a view, maybe one of views."""
        inner = self._rows_of_one()
        while inner.compare == "part":
            inner = self._rows_of_one()
        view = self.database.make_view(*self.written(inner.sql), inner.columns, inner.key, is_whole=False)
        alias = self.rng.choice((view.name, self._alias()))
        named = view.name if alias == view.name else f"{view.name} AS {alias}"
        source = Relation(named, alias, view.columns, view.key)
        items, columns = self._items(source)
        return self._ended(f"SELECT {items} FROM {source.sql}{self._where([source])}", source, columns)

    def _make_whole_view(self) -> None:
        """A view with all columns of a table: of all its rows or of some, of a SEARCH, of another view."""
        source = self._source()
        order = self.rng.choice(("", "", f" ORDER BY {source.alias}.id DESC"))
        text = f"SELECT * FROM {source.sql}{self._where([source])}{order}"
        self.database.make_view(*self.written(text), source.columns, source.key, is_whole=True)

    def _volatile(self) -> Query:
        """Chance that changes nothing: the query is run once, and read several times."""
        source = self._source()
        items, columns = self._items(source)
        text = f"SELECT {items} FROM {source.sql} WHERE random() >= 0 ORDER BY {source.alias}.id"
        return Query(text, columns, compare="list")

    def _pivoted(self) -> Query:
        source = self._table()
        return Query(
            f"PIVOT (SELECT id % 3 AS k, coalesce(label, '-') AS l FROM {source.sql}) ON l USING count(*) GROUP BY k",
            {},
        )


def _kept(key: str | None, columns: dict[str, str]) -> str | None:
    return key if key in columns else None
