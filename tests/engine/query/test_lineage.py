"""What is known of a vector column goes with it, and with the column that it was made of, wherever a query takes them."""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pyarrow as pa
import pytest

from thanosql_kernel.catalog import Column, GeneratedColumn, Weights
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.runtime import StatementRuntime
from thanosql_kernel.errors import ThanoSQLError


def facts(source: str, model: str = "clip") -> GeneratedColumn:
    return GeneratedColumn(model, f"{model}en", "image", source, Weights("mini", "1", "f" * 64), 4)


V, W = facts("path"), facts("제목", "other")


@pytest.fixture
def made(world):
    """Tables t and u with vectors v of path and w of 제목; in each row all numbers of v are the path's number."""
    vector = pa.list_(pa.float32(), 4)
    for name, first in (("t", 0), ("u", 3)):
        ids = range(first, first + 6)
        rows = pa.table(
            {
                "id": pa.array(ids, pa.int64()),
                "path": [f"{n}.jpg" for n in ids],
                "제목": [f"{n}번" for n in ids],
                "v": pa.array([[float(n)] * 4 for n in ids], vector),
                "w": pa.array([[float(n)] * 4 for n in ids], vector),
            }
        )
        types = {"id": "BIGINT", "path": "VARCHAR", "제목": "VARCHAR"}
        known = {"v": V, "w": W}
        columns = [Column(c, types.get(c, "FLOAT[4]"), known.get(c)) for c in rows.column_names]
        runtime = StatementRuntime(world.session.database, world.folder)
        runtime.changes.store(name, ArrowRelation(rows, columns), if_exists="replace")
        runtime.close()
    return world


def known(world, query: str) -> dict[str, GeneratedColumn]:
    (result,) = world.run(query)
    return {column.name: column.generated for column in result.columns if column.generated}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * FROM t WHERE id > 1", {"v": V, "w": W}),
        ("SELECT path AS 사진, v FROM t", {"v": facts("사진")}),
        ("SELECT v FROM t", {"v": V}),
        ("SELECT 'x' AS path, v FROM t", {"v": facts("")}),
        ("SELECT upper(path) AS path, * EXCLUDE (path, w) FROM t", {"v": facts("")}),
        ("SELECT q.p, q.v AS x FROM (SELECT path AS p, v FROM t) q", {"x": facts("p")}),
        ("WITH c(p, x) AS (SELECT path, v FROM t) SELECT * FROM c", {"x": facts("p")}),
        ("SELECT a.path, b.v FROM t a JOIN t b ON a.id <> b.id", {"v": facts("")}),
        ("SELECT a.path, a.v, b.v AS x FROM t a JOIN t b ON a.id = b.id", {"v": V, "x": facts("")}),
        ("SELECT a.*, b.path AS other FROM t a LEFT JOIN u b USING (id)", {"v": V, "w": W}),
        ("SELECT * FROM t JOIN u USING (path)", {"v": V, "w": W, "v_1": V, "w_1": facts("제목_1", "other")}),
        ("SELECT * FROM t a JOIN u b ON a.id = b.id", {"v": V, "w": W, "v_1": facts("path_1"), "w_1": facts("제목_1", "other")}),
        ("SELECT * FROM t SEMI JOIN u USING (id)", {"v": V, "w": W}),
        ("SELECT * FROM (SELECT id FROM u) NATURAL JOIN t", {"v": V, "w": W}),
        ("SELECT path, v FROM t UNION ALL SELECT path, v FROM u", {"v": V}),
        ("SELECT path AS p, v FROM t UNION SELECT path, v FROM u", {"v": facts("p")}),
        ("SELECT path, v FROM t UNION ALL SELECT 'x' AS path, v FROM u", {}),
        ("SELECT v AS a, w AS b FROM t UNION ALL SELECT w AS b, v AS a FROM u", {}),
        ("SELECT v FROM t UNION ALL BY NAME SELECT v FROM u", {}),
        ("SELECT path, v FROM t GROUP BY ROLLUP (v, path)", {}),
        ("SELECT path, v FROM t GROUP BY path, v", {"v": V}),
        ("SELECT t.path, t.v, x FROM t, unnest([1, 2]) q(x)", {"v": V}),
        ("SELECT * FROM unnest([1]) q(v), t", {}),
        ("SELECT v::FLOAT[4] AS v, w AS x FROM t", {"x": W}),
    ],
)  # fmt: skip
def test_a_vector_names_the_column_it_was_made_of_only_where_that_is_its_rows_own(made, query, expected):
    assert known(made, query) == expected


@pytest.mark.parametrize(
    ("query", "moved", "left"),
    [
        ("SELECT path AS p, v FROM t", "p", 5),
        ("SELECT * FROM t JOIN u USING (path)", "path", 2),
        ("SELECT path, v FROM t UNION ALL SELECT path, v FROM u", "path", 10),
        ("SELECT 'x' AS path, v FROM t", "path", 6),
    ],
)
def test_a_stored_copy_loses_a_vector_with_its_own_source(made, query, moved, left):
    made.run(
        f"CREATE TABLE c AS {query}; UPDATE c SET {moved} = '새.jpg' WHERE v[1] = 4 OR {moved} = '4.jpg'"
    )
    assert made.rows("SELECT count(v) AS n FROM c") == [{"n": left}]


@pytest.mark.parametrize(
    ("insert", "fits"),
    [
        ("INSERT INTO t SELECT * FROM u", True),
        ("INSERT INTO t (v, path) SELECT v, path FROM u", True),
        ("INSERT INTO t (v, path) SELECT x, p FROM (SELECT path AS p, v AS x FROM u)", True),
        ("INSERT INTO t (id, path, v) VALUES (7, '7.jpg', NULL)", True),
        ("INSERT INTO t (id, path) SELECT id, path FROM u", True),
        ("INSERT INTO t (v, path) SELECT v, 'x' FROM u WHERE false", True),
        ("INSERT INTO t (v, path) SELECT v, 'x.jpg' FROM u", False),
        ("INSERT INTO t (v) SELECT v FROM u", False),
        ("INSERT INTO t (path, v) SELECT a.path, b.v FROM u a JOIN u b ON a.id <> b.id", False),
        ("INSERT INTO t (id, path, v) VALUES (7, '7.jpg', [1, 2, 3, 4])", False),
        ("INSERT INTO t (path, v) SELECT 제목, w FROM u", True),
    ],
)
def test_a_vector_is_added_only_with_the_value_that_it_was_made_of(made, insert, fits):
    before = made.session.catalog.table("t").version
    if fits:
        made.run(insert)
    else:
        assert "column v holds vectors that clip made of path" in str(made.fail(insert))
        assert made.session.catalog.table("t").version == before
    assert made.session.catalog.table("t").column("v").generated == V


def test_a_renamed_source_is_still_the_source(made):
    made.run("ALTER TABLE t RENAME COLUMN path TO 사진")
    assert made.session.catalog.table("t").column("v").generated == facts("사진")
    made.run("UPDATE t SET 사진 = '새.jpg' WHERE id = 1")
    assert [row["id"] for row in made.rows("SELECT id FROM t WHERE v IS NULL")] == [1]


def test_a_new_column_of_a_dropped_sources_name_is_not_the_source(made):
    made.run(
        "ALTER TABLE t DROP COLUMN path; ALTER TABLE t ADD COLUMN path VARCHAR; UPDATE t SET path = '새.jpg'"
    )
    assert made.session.catalog.table("t").column("v").generated == replace(V, source="")
    assert made.rows("SELECT count(v) AS n FROM t") == [{"n": 6}]


# -- random queries --------------------------------------------------------------------------------------------
QUERIES = int(os.environ.get("THANOSQL_LINEAGES", "60"))

SOURCES = [
    "t a",
    "u a",
    "t a JOIN u b USING (id)",
    "t a JOIN u b USING (path)",
    "t a JOIN u b ON a.id <> b.id",
    "t a LEFT JOIN u b ON a.id = b.id",
    "t a FULL JOIN u b USING (path)",
    "(SELECT path AS 제목, 제목 AS path, v, w FROM t) a",
    "(SELECT * FROM t UNION ALL SELECT * FROM u) a",
    "(SELECT v, path FROM t UNION ALL SELECT w, 제목 || '' FROM u) a",
    "(SELECT * EXCLUDE (path), 'x9' AS path FROM t) a",
    "t a NATURAL JOIN (SELECT id FROM u) b",
    "t a POSITIONAL JOIN u b",
    "t a SEMI JOIN u b USING (path)",
]
ITEMS = [
    "*",
    "a.*",
    "path",
    "a.path",
    "a.v",
    "v",
    "제목",
    "a.path AS p",
    "a.v AS x",
    "'9' AS path",
    "w",
    "upper(a.path) AS 제목",
]


def random_query(chance: random.Random) -> str:
    items = ", ".join(chance.sample(ITEMS, chance.randrange(1, 5)))
    query = f"SELECT {items} FROM {chance.choice(SOURCES)}"
    kind = chance.random()
    if kind < 0.25:
        return f"SELECT * FROM ({query}) q"
    if kind < 0.4:
        names = ", ".join(chance.sample(["p1", "p2", "path", "v"], chance.randrange(1, 4)))
        return f"WITH c({names}) AS ({query}) SELECT * FROM c"
    if kind < 0.6:
        return f"{query} UNION ALL {query}"
    return query


def number_of(text: str | None) -> float | None:
    digits = "".join(char for char in text or "" if char.isdigit())
    return float(digits) if digits else None


@pytest.mark.parametrize("seed", range(3))
def test_what_names_its_source_was_made_of_it_in_every_row(made, seed):
    chance, checked = random.Random(seed), 0
    for _ in range(QUERIES):
        query = random_query(chance)
        try:
            (result,) = made.run(query)
        except ThanoSQLError:
            continue  # no such column, or one that is ambiguous
        names = {column.name.lower(): column.name for column in result.columns}
        for column in result.columns:
            source = names.get(column.generated.source.lower()) if column.generated else None
            if source is None:
                continue
            for row in result.rows.to_pylist():
                vector = row[column.name]
                assert vector is None or vector[0] == number_of(row[source]), (query, column.name, source)
                checked += 1
    assert checked > QUERIES
