"""A database that has been used for a while, and the same tables as plain DuckDB tables beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

import thanosql_kernel
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.models import registry

DIM = 512
MOST_VIEWS = 5
LABELS = ("고양이", "강아지", "새", "cat", "it's", "", None)
COMBINED = "산, and no black cat"
TEXTS = ("바다 위의 배", "a black cat", "산", COMBINED)


@dataclass(frozen=True)
class Shape:
    """What is known of a table.

    Attributes:
        name: As written in SQL.
        columns: Name -> kind: int, float, text, date, bool, list, struct, vector.
        search: The column of embeddings, if it has one.
    """

    name: str
    columns: dict[str, str]
    search: str | None = None


@dataclass(frozen=True)
class ViewShape:
    """What is known of a view.

    Attributes:
        name: As written in SQL.
        columns: Name -> kind.
        key: A column in which no two rows agree; None if none is known.
        plain: Its query as DuckDB reads it.
        is_whole: Whether it has all columns of a table, so that any query can read it as one.
        searches: Whether a SEARCH is nested in it.
    """

    name: str
    columns: dict[str, str]
    key: str | None
    plain: str
    is_whole: bool
    searches: bool


class WrongSimilarities(Exception):
    """A SEARCH does not give what NumPy gives."""


class UsedDatabase:
    """Tables of ours, their twins in DuckDB, and statements that change both alike.

    Every table has an integer column ``id`` in which no two rows agree.

    Attributes:
        ours: The connection that is tested.
        other: Another one to the same database, which changes it too.
        writer: The one that makes changes now.
        plain: DuckDB with the same rows in memory.
        shapes: The tables by name.
        views: The views by name, those that are read by others first.
    """

    def __init__(self, folder: Path, rng: Random) -> None:
        self.rng = rng
        self.ours = thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False)
        self.other = thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False)
        self.writer = self.ours
        self.plain = duckdb.connect()
        self.shapes: dict[str, Shape] = {}
        self.views: dict[str, ViewShape] = {}
        self._next_id = 0
        self._next_view = 0
        self._known: set[str] = set()
        for shape in (
            Shape("사진", {**_WIDE, "v": "vector"}, "v"),
            Shape("photos", dict(_WIDE)),
            Shape("small", {"id": "int", "label": "text", "v": "vector"}, "v"),
        ):
            self._make(shape, rows=rng.randint(0, 160) if shape.name != "small" else rng.randint(1, 8))

    def close(self) -> None:
        self.ours.close()
        self.other.close()
        self.plain.close()

    def both(self, statement: str, **tables: pa.Table) -> None:
        """Run a statement on both sides."""
        self.writer.sql(statement, tables)
        for name, table in tables.items():
            self.plain.register(name, _with_lists(table))
        self.plain.execute(statement)
        self._known.clear()

    # -- changes ---------------------------------------------------------------------------------------------
    def use(self) -> None:
        """One change, such as people make."""
        shape = self.rng.choice(list(self.shapes.values()))
        change = self.rng.choice(
            (
                self._insert,
                self._insert,
                self._delete,
                self._update,
                self._rename,
                self._swap,
                self._remake,
                self._run_again,
                self._alter,
                self._vectors,
                self._reversed,
                self._vacuum,
                self._restored,
            )
        )
        self.writer = self.rng.choice((self.ours, self.ours, self.other))
        change(shape)
        self._look_at_views()

    # -- views -----------------------------------------------------------------------------------------------
    def make_view(
        self, ours: str, plain: str, columns: dict[str, str], key: str | None, *, is_whole: bool
    ) -> ViewShape:
        """A view, on both sides."""
        self._next_view += 1
        name = f"{self.rng.choice(('뷰', 'view'))}{self._next_view}"
        self.rng.choice((self.ours, self.other)).sql(f"CREATE VIEW {name} AS {ours}")
        self.plain.execute(f"CREATE VIEW {name} AS {plain}")
        self.views[name] = ViewShape(name, columns, key, plain, is_whole, "SEARCH" in ours)
        return self.views[name]

    def drop_oldest_views(self) -> None:
        """Leave room for new ones."""
        while len(self.views) >= MOST_VIEWS:
            self.drop_view(next(iter(self.views)))

    def drop_view(self, name: str) -> None:
        """Forget a view; one that reads it cannot be read any more, and goes with it."""
        del self.views[name]
        self.both(f"DROP VIEW IF EXISTS {name}")
        for other in [view.name for view in self.views.values() if name in view.plain]:
            if other in self.views:
                self.drop_view(other)

    def _look_at_views(self) -> None:
        """DuckDB's views are made again over the changed tables; ours stay, and read them as they are now."""
        for view in list(self.views.values()):
            if view.name not in self.views:
                continue
            if view.searches:
                self.drop_view(view.name)
                continue
            try:
                self.plain.execute(f"CREATE OR REPLACE VIEW {view.name} AS {view.plain}")
                described = self.plain.execute(f"FROM {view.name} LIMIT 0").description
            except duckdb.Error:
                self._refused(view)
                self.drop_view(view.name)
                continue
            kinds = {name: kind for shape in self.shapes.values() for name, kind in shape.columns.items()}
            columns = {item[0]: view.columns.get(item[0], kinds.get(item[0], "int")) for item in described}
            self.views[view.name] = replace(view, columns=columns)

    def _refused(self, view: ViewShape) -> None:
        try:
            self.ours.sql(f"SELECT * FROM {view.name}")
        except ThanoSQLError as error:
            if error.code == "TS900":
                raise WrongSimilarities(f"{view.plain}: {error}") from error
        else:
            raise WrongSimilarities(f"{view.name} is read though DuckDB refuses it: {view.plain}")

    def _make(self, shape: Shape, rows: int) -> None:
        self.both(f"CREATE TABLE {shape.name} AS SELECT * FROM given", given=self._rows(shape, rows))
        self.shapes[shape.name] = shape

    def _insert(self, shape: Shape) -> None:
        names = ", ".join(shape.columns)
        rows = self._rows(shape, self.rng.choice((1, 3, 20)))
        self.both(f"INSERT INTO {shape.name} ({names}) SELECT {names} FROM given", given=rows)

    def _delete(self, shape: Shape) -> None:
        condition = self.rng.choice(("id % 7 = 3", "label IS NULL", "label = '새' OR id % 11 = 0"))
        self.both(f"DELETE FROM {shape.name} WHERE {condition}")

    def _update(self, shape: Shape) -> None:
        value = self.rng.choice(("'cat'", "upper(label)", "NULL"))
        self.both(f"UPDATE {shape.name} SET label = {value} WHERE id % 5 = {self.rng.randrange(5)}")

    def _rename(self, shape: Shape) -> None:
        name = self.rng.choice(
            [n for n in ("사진", "photos", "small", "여행", "old") if n not in self.shapes]
        )
        self.both(f"ALTER TABLE {shape.name} RENAME TO {name}")
        del self.shapes[shape.name]
        self.shapes[name] = replace(shape, name=name)

    def _swap(self, shape: Shape) -> None:
        """Two tables change names: what is held of one must not be taken for the other's."""
        other = self.rng.choice([found for found in self.shapes.values() if found.name != shape.name])
        for old, new in ((shape.name, "aside"), (other.name, shape.name), ("aside", other.name)):
            self.both(f"ALTER TABLE {old} RENAME TO {new}")
        self.shapes[shape.name] = replace(other, name=shape.name)
        self.shapes[other.name] = replace(shape, name=other.name)

    def _run_again(self, shape: Shape) -> None:
        """A notebook that makes its table, searches it and is run again over other rows, as many as before."""
        rows = self.rng.choice((3, 40))
        for _ in range(2):
            self._remake(shape, rows)
            if shape.search:
                self.similarities(shape, self.rng.choice(TEXTS))

    def _remake(self, shape: Shape, rows: int | None = None) -> None:
        self.both(f"DROP TABLE {shape.name}")
        self._make(shape, rows=self.rng.choice((0, 2, 60)) if rows is None else rows)

    def _alter(self, shape: Shape) -> None:
        columns = dict(shape.columns)
        if columns.pop("extra", None):
            self.both(f"ALTER TABLE {shape.name} DROP COLUMN extra")
        else:
            columns["extra"] = "int"
            self.both(f"ALTER TABLE {shape.name} ADD COLUMN extra INTEGER")
            self.both(f"UPDATE {shape.name} SET extra = id % 4 WHERE id % 2 = 0")
        self.shapes[shape.name] = replace(shape, columns=columns)

    def _vectors(self, shape: Shape) -> None:
        if shape.search:
            change = f"{shape.search} = list_reverse({shape.search})"  # no two rows become equally similar
            self.both(f"UPDATE {shape.name} SET {change} WHERE id % 3 = {self.rng.randrange(3)}")

    def _reversed(self, shape: Shape) -> None:
        self.both(f"CREATE OR REPLACE TABLE {shape.name} AS SELECT * FROM {shape.name} ORDER BY id DESC")

    def _vacuum(self, shape: Shape) -> None:
        """Rows lie elsewhere afterwards, and are the same."""
        self.writer.sql(f"VACUUM {shape.name}")

    def _restored(self, shape: Shape) -> None:
        """What is deleted by mistake comes back."""
        latest = self.writer.sql(f"SHOW VERSIONS {shape.name}").arrow()["version"].to_pylist()[0]
        self.writer.sql(f"DELETE FROM {shape.name} WHERE id % 3 > 0")
        if shape.search:
            self.ours.sql(search(shape, TEXTS[0], f"SELECT * FROM {shape.name}"))
        self.writer.sql(f"RESTORE {shape.name} TO VERSION {latest}")

    # -- searches --------------------------------------------------------------------------------------------
    def similarities(self, shape: Shape, text: str) -> str:
        """The name of a table in DuckDB with ``id`` and ``sim``: our similarities, held against NumPy's."""
        name = f"_sims_{list(self.shapes).index(shape.name)}_{TEXTS.index(text)}"
        if name not in self._known:
            query = f"SELECT id, sim FROM ({search(shape, text, f'SELECT * FROM {shape.name}')})"
            found = self.ours.sql(query).arrow()
            self._check(shape, text, found)
            self.plain.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM found")
            self._known.add(name)
        return name

    def _check(self, shape: Shape, text: str, found: pa.Table) -> None:
        stored = self.plain.execute(f"SELECT id, {shape.search} FROM {shape.name}").fetchall()
        vectors = dict(stored)
        query = _query_vector(self.ours, text)
        if sorted(found["id"].to_pylist()) != sorted(vectors):
            raise WrongSimilarities(f"a SEARCH of {shape.name} gives other rows than it has")
        for number, similarity in zip(found["id"].to_pylist(), found["sim"].to_pylist(), strict=True):
            vector = vectors[number]
            right = None if vector is None else np.array(vector, np.float64) @ query / np.linalg.norm(vector)
            if (right is None) != (similarity is None) or abs((similarity or 0) - (right or 0)) > 1e-5:
                raise WrongSimilarities(f"{shape.name}: id {number} is {right} like {text}, not {similarity}")

    # -- rows ------------------------------------------------------------------------------------------------
    def _rows(self, shape: Shape, count: int) -> pa.Table:
        ids = list(range(self._next_id, self._next_id + count))
        self.rng.shuffle(ids)
        self._next_id += count
        return pa.table(
            {
                name: pa.array(ids, pa.int32()) if name == "id" else self._values(kind, count)
                for name, kind in shape.columns.items()
            }
        )

    def _values(self, kind: str, count: int) -> pa.Array:
        values = [None if self.rng.random() < 0.15 else self._value(kind) for _ in range(count)]
        return pa.array(values, _ARROW[kind])

    def _value(self, kind: str) -> Any:
        rng = self.rng
        if kind == "vector":
            return (
                np.random.default_rng(rng.randrange(2**32)).standard_normal(DIM).astype(np.float32).tolist()
            )
        return {
            "int": lambda: rng.randint(-5, 5),
            "float": lambda: rng.choice((0.5, -1.25, 3.0, 1e6)),
            "text": lambda: rng.choice(LABELS),
            "bool": lambda: rng.random() < 0.5,
            "date": lambda: rng.randint(18_000, 18_040),
            "list": lambda: [rng.choice(("a", "나", None)) for _ in range(rng.randint(0, 3))],
            "struct": lambda: {"a": rng.randint(0, 3), "b": rng.choice(LABELS)},
        }[kind]()


def _with_lists(table: pa.Table) -> pa.Table:
    """The rows with vectors as lists of any length.

    DuckDB 2.0 loses the lengths of arrays that are filtered below an outer join: ``FROM a LEFT JOIN (FROM b WHERE id > 1)
    AS b ON … WHERE b.v IS NULL`` ends in "Cannot cast list with length 94883844855553 to array with length 512".
    """
    kinds = [
        pa.field(
            field.name, pa.list_(pa.float32()) if pa.types.is_fixed_size_list(field.type) else field.type
        )
        for field in table.schema
    ]
    return table.cast(pa.schema(kinds))


_WIDE = {
    "id": "int",
    "label": "text",
    "score": "float",
    "n": "int",
    "tags": "list",
    "day": "date",
    "ok": "bool",
    "info": "struct",
}
_ARROW = {
    "int": pa.int32(),
    "float": pa.float64(),
    "text": pa.string(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "list": pa.list_(pa.string()),
    "struct": pa.struct([("a", pa.int32()), ("b", pa.string())]),
    "vector": pa.list_(pa.float32(), DIM),
}
_QUERY_VECTORS: dict[str, Any] = {}


def search(shape: Shape, text: str, query: str, top_k: int | None = None) -> str:
    """A SEARCH whose similarities are column ``sim``."""
    options = f"emb_col='{shape.search}', result_col='sim'"
    weights = ", weights=[1, -0.5]" if text == COMBINED else ""
    texts = "[(SELECT '산'), 'a black cat']" if weights else f"'{text}'"
    if top_k is None:
        name = "texts" if weights else "text"
        return f"SEARCH TEXT {name}={texts}{weights} USING mini OPTIONS({options}) AS {query}"
    options += f", search_by='text', search_input={texts}{weights}, top_k={top_k}"
    return f"SEARCH TEXT USING mini OPTIONS({options}) AS {query}"


def _query_vector(ours: Any, text: str) -> Any:
    if text not in _QUERY_VECTORS:
        encoder = registry.load(ours.session.catalog.model("mini"), notice=print)
        parts = {"산": 1.0, "a black cat": -0.5} if text == COMBINED else {text: 1.0}
        vectors = encoder.encode_texts(list(parts)).astype(np.float64)
        vector = np.array(list(parts.values())) @ vectors
        _QUERY_VECTORS[text] = vector / np.linalg.norm(vector)
    return _QUERY_VECTORS[text]
