"""Queries over stored tables give what DuckDB gives over the same rows in memory, and errors point at the word."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hunts import rounds

QUERIES = [
    "SELECT * FROM t",
    "SELECT * FROM T LIMIT 2",
    "SELECT * FROM t LIMIT 2 OFFSET 3",
    "SELECT path, id FROM t LIMIT 3",
    "FROM t SELECT id ORDER BY id DESC LIMIT 2",
    "FROM t",
    "SELECT id, label FROM t WHERE label = 'cat'",
    "SELECT * FROM t WHERE path LIKE '%3%'",
    "SELECT * FROM t WHERE score > 0.2 ORDER BY score DESC LIMIT 2 OFFSET 1",
    "SELECT v, id FROM t ORDER BY id DESC LIMIT 1",
    "SELECT * FROM t ORDER BY score NULLS LAST LIMIT 3",
    "SELECT upper(label) AS l, * EXCLUDE (label) FROM t ORDER BY id",
    "SELECT label, count(*) AS n, avg(score) FROM t GROUP BY label ORDER BY label NULLS FIRST",
    "SELECT count(*) FROM t",
    "SELECT DISTINCT label FROM t ORDER BY 1 NULLS LAST",
    "SELECT a.id, b.id FROM t a JOIN t b ON a.label = b.label ORDER BY 1, 2",
    'SELECT t.path, s."이름" FROM t LEFT JOIN "사진" s ON t.id = s."번호" ORDER BY t.id',
    "SELECT 이름 FROM 사진 WHERE 번호 IN (SELECT id FROM t) ORDER BY 이름",
    "SELECT * FROM 사진 WHERE 이름 LIKE '고%'",
    "WITH c AS (SELECT label, max(id) AS top FROM t GROUP BY 1) SELECT * FROM c ORDER BY top",
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT * FROM r ORDER BY n",
    "WITH t AS (SELECT 42 AS x) SELECT * FROM t",
    "SELECT id, row_number() OVER (PARTITION BY label ORDER BY id) AS r FROM t ORDER BY id",
    "SELECT id, sum(score) OVER (ORDER BY id) AS s FROM t ORDER BY id",
    "SELECT id FROM t QUALIFY row_number() OVER (PARTITION BY label ORDER BY id) = 1 ORDER BY id",
    "SELECT id FROM t UNION ALL SELECT 번호 FROM 사진 ORDER BY 1",
    "SELECT id FROM t EXCEPT SELECT 번호 FROM 사진 ORDER BY 1",
    "SELECT * FROM empty",
    "SELECT count(*), max(id) FROM empty",
    "SELECT id, CASE WHEN score IS NULL THEN 'none' ELSE 'some' END AS has FROM t ORDER BY id",
    "SELECT v[1] AS first, array_cosine_similarity(v, [1, 0, 0, 0]::FLOAT[4]) AS s FROM t ORDER BY id LIMIT 2 OFFSET 1",
    "SELECT list(id ORDER BY id) AS ids FROM t",
    "SELECT {'a': id, 'b': label} AS s FROM t ORDER BY id LIMIT 1",
    "SELECT '{\"a\": [1, 2]}' ->> '$.a[1]' AS j",
    "SELECT ('{\"a\": {\"b\": 7}}'::JSON -> 'a' ->> 'b')::INT AS j",
    "SELECT regexp_extract(path, '[0-9]+')::INT AS n FROM t ORDER BY n DESC LIMIT 2",
    "VALUES (1, 'a'), (2, 'b')",
    "SELECT 1 AS a, 2 AS a",
    "SELECT * FROM (SELECT id AS x FROM t WHERE id > 2) q ORDER BY x LIMIT 2",
    "SELECT * FROM t, 사진 WHERE t.id = 사진.번호 ORDER BY t.id",
    "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM 사진 s WHERE s.번호 = t.id) ORDER BY id",
    "SELECT date '2024-01-31' + INTERVAL 1 MONTH AS d, 1.50::DECIMAL(5,2) AS n",
    "SELECT id -- the last words are a comment\nFROM t -- really",
    "SELECT * FROM ((SELECT id FROM t ORDER BY id LIMIT 1) UNION ALL (SELECT id FROM t ORDER BY id DESC LIMIT 1)) ORDER BY 1",
]


def in_memory(tables: dict[str, pa.Table], query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        return list(connection.execute(query).fetchall())


def as_tuples(table: pa.Table) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def normal(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [tuple(list(value) if isinstance(value, tuple) else value for value in row) for row in rows]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_gives_what_duckdb_gives_in_memory(photos, query):
    tables = {name: photos.session.database.table(name).fetch() for name in ("t", "사진", "empty")}
    (result,) = photos.run(query)
    expected = in_memory(tables, query)
    assert normal(as_tuples(result.rows)) == normal(expected)
    assert result.total == len(expected)
    assert [column.name for column in result.columns] == result.rows.column_names


@pytest.mark.hunt
@settings(
    max_examples=rounds(20, 500), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_filters_orders_and_limits_agree_with_duckdb_in_memory(photos, data):
    items = data.draw(
        st.sampled_from(["*", "id, v", "v, path", "id + 1 AS x, v", "* EXCLUDE (v)", "upper(label) AS u, v"])
    )
    condition = data.draw(
        st.sampled_from(["", "WHERE id > 2", "WHERE label LIKE 'c%'", "WHERE score IS NULL OR id = 1"])
    )
    order = data.draw(
        st.sampled_from(
            ["", "ORDER BY id", "ORDER BY id DESC", "ORDER BY label NULLS LAST, id", "ORDER BY -id"]
        )
    )
    limit = data.draw(
        st.sampled_from(
            ["", "LIMIT 1", "LIMIT 3", "LIMIT 0", "LIMIT 2 OFFSET 1", "OFFSET 4", "LIMIT 50 OFFSET 5"]
        )
    )
    query = f"SELECT {items} FROM t {condition} {order} {limit}"
    photos.session.settings["display.rows"] = data.draw(st.sampled_from([1, 2, 20]))
    expected = in_memory({"t": photos.session.database.table("t").fetch()}, query)
    (result,) = photos.run(query)
    assert result.total == len(expected)
    assert normal(as_tuples(result.rows)) == normal(expected[: photos.session.settings["display.rows"]])


CONDITIONS = [
    "v IS NULL",
    "v IS NOT NULL AND id IN (1, 2, 5)",
    "s.a = 1",
    "l IS NULL",
    "d = 2.00 OR d IS NULL",
    "b = 'x'::BLOB",
    "ts > TIMESTAMP '1970-01-01'",
    "tz > TIMESTAMPTZ '1970-01-01 00:00:00+00'",
    "dt = DATE '1970-01-02'",
    "bo AND f > 0.5",
    "한 = '가'",
    "한 IN ('가', '나')",
    '"with space" = 2 OR "Up" = 1',
    "u = 1 AND tm > TIME '00:00'",
    "id BETWEEN 2 AND 3",
    "v = [0, 1, 2, 3]::FLOAT[4]",
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_filter_that_duckdb_hands_down_is_obeyed(world, condition):
    """Lance itself refuses most of these once the table has a column of vectors, times or unsigned numbers."""
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(range(20), pa.float32()), 4)
    table = pa.table(
        {
            "id": range(6),
            "v": pa.concat_arrays([vectors, pa.nulls(1, vectors.type)]),
            "s": [{"a": 1}] * 6,
            "l": [["x"]] * 5 + [None],
            "d": pa.array([1, 2, 3, 4, 5, None], pa.decimal128(10, 2)),
            "b": [b"x"] * 6,
            "ts": pa.array([1] * 6, pa.timestamp("us")),
            "tz": pa.array([1] * 6, pa.timestamp("us", "UTC")),
            "dt": pa.array([1] * 6, pa.date32()),
            "bo": [True, None] * 3,
            "f": pa.array([1.0] * 6, pa.float32()),
            "한": ["가", "다"] * 3,
            "Up": range(6),
            "with space": range(6),
            "u": pa.array([1] * 6, pa.uint8()),
            "tm": pa.array([1] * 6, pa.time64("us")),
        }
    )
    world.put("w", table)
    query = f"SELECT id FROM w WHERE {condition} ORDER BY id"
    assert as_tuples(world.run(query)[0].rows) == in_memory({"w": table}, query)
    world.run(f"UPDATE w SET id = id + 100 WHERE {condition}; DELETE FROM w WHERE id >= 100")
    rest = f"SELECT id FROM w WHERE ({condition}) IS NOT TRUE ORDER BY id"
    assert as_tuples(world.run("SELECT id FROM w ORDER BY id")[0].rows) == in_memory({"w": table}, rest)


ERRORS = [
    ("SELECT '한글', nme FROM t", "TS202", "nme"),
    ("SELECT '한글😀', t.nme FROM t", "TS202", "nme"),
    ("SELECT 한글컬 FROM 사진", "TS202", "한글컬"),
    ('SELECT * FROM t WHERE label = "cat"', "TS202", '"cat"'),
    ("SELECT id FROM t;\nSELECT '가' AS 나, * FROM 사진들", "TS201", "사진들"),
    ("SELECT * FROM t JOIN nowhere USING (id)", "TS201", "nowhere"),
    ("SELECT x.id FROM t", "TS201", "x"),
    ("SELECT * FROM s.t", "TS201", "s.t"),
    ("SELECT '가나' + id FROM 사진 WHERE fooo(1)", "TS105", "fooo"),
    ("SELECT id FROM t WHERE id IN (SELECT nope FROM 사진)", "TS202", "nope"),
    ("SELECT '가', sum(id), label FROM t", "TS105", "label"),
    ("SELECT a.id FROM t a JOIN t b ON id = 1", "TS105", "id"),
    ("SELECT '가' || CAST(label AS INT) FROM t", "TS301", "CAST(label AS INT)"),
    ("SELECT lower(1, 2) FROM t", "TS300", "lower(1, 2)"),
    ("WITH a AS (SELECT '가' AS 나) SELECT 다 FROM a", "TS202", "다"),
    ("SELECT '가' AS 나 FROM t WHERE = 3", "TS105", "="),
    ("SELECT * FROM t ORDER BY 9", "TS105", "9"),
    ("SELECT * FROM read_csv('/etc/passwd')", "TS105", None),
    ("SELECT * FROM '/etc/passwd'", "TS201", None),
    ("SELECT 1 FROM t GROUP BY", "TS100", None),
]


@pytest.mark.parametrize(("cell", "code", "marked"), ERRORS)
def test_a_wrong_query_is_marked_at_the_word(photos, cell, code, marked):
    error = photos.fail(cell)
    assert error.code == code
    assert error.span is not None
    if marked is not None:
        assert cell[slice(*error.span)] == marked
    assert "_n1" not in error.message
    assert "LINE" not in error.message


def test_an_unknown_name_gets_the_nearest_as_hint(photos):
    assert photos.fail("SELECT lable FROM t").hint == "did you mean label?"
    assert photos.fail("SELECT * FROM emptyy").hint == "did you mean empty?"
    assert "COPY" in (photos.fail("SELECT * FROM 'photos.csv'").hint or "")
    assert "single quotes" in (photos.fail('SELECT * FROM t WHERE label = "cat"').hint or "")


def test_sql_cannot_reach_python_variables(photos):
    secret = pa.table({"x": [1]})
    assert photos.marked("SELECT * FROM secret") == ("TS201", "secret")
    assert secret.num_rows == 1


@pytest.mark.parametrize(
    "cell",
    ["SELECT * FROM glob('/*')", "SELECT read_text('/etc/passwd')", "SELECT * FROM sniff_csv('/etc/passwd')"],
)
def test_sql_cannot_reach_files(photos, cell):
    photos.fail(cell)


def test_a_random_query_gives_the_same_rows_to_preview_count_and_store(photos):
    (stored,) = photos.run(
        "CREATE TABLE r AS SELECT id, random() AS x FROM t WHERE random() < 0.5 ORDER BY random()"
    )
    assert len(photos.rows("SELECT * FROM r")) == int(stored.text.split()[0])
    photos.session.settings["display.rows"] = 3
    for _ in range(5):
        (result,) = photos.run("SELECT id FROM t WHERE random() < 0.5")
        assert result.rows.num_rows == min(3, result.total)


def test_now_is_one_moment_within_a_statement(photos):
    (result,) = photos.run("SELECT now() AS n FROM t")
    assert len(set(result.rows.column("n").to_pylist())) == 1


def test_columns_are_typed_as_duckdb_writes_them(photos):
    (result,) = photos.run("SELECT *, 1 AS i, 'x' AS s, [1] AS l, NULL AS n FROM t")
    types = [column.type for column in result.columns]
    assert types[:5] == ["BIGINT", "VARCHAR", "VARCHAR", "DOUBLE", "FLOAT[4]"]
    assert types[5:8] == ["INTEGER", "VARCHAR", "INTEGER[]"]


def test_values_of_odd_types_can_be_shown_and_stored(photos):
    query = (
        "SELECT INTERVAL 3 DAYS AS i, uuid() AS u, '101'::BIT AS b, NULL AS n, 1::HUGEINT AS h, 'x'::ENUM('x', 'y') AS e, "
        "MAP {'k': 1} AS m, time '01:02:03' AS t, timestamptz '2020-01-01 00:00:00+00' AS z, 'a'::BLOB AS bl, "
        "{'a': 1, 'b': ['x']} AS s, date '2020-01-02' AS d, '{}'::JSON AS j, [[1.0, 2.0]]::FLOAT[2][] AS f"
    )
    shown = photos.rows(query)
    photos.run(f"CREATE TABLE odd AS {query}")
    stored = photos.rows("SELECT * FROM odd")
    assert {**stored[0], "u": None} == {**shown[0], "u": None}
    assert stored[0]["i"] == "3 days"


def test_repeated_names_are_made_unique(photos):
    (result,) = photos.run("SELECT a.id, b.id, a.id AS ID FROM t a JOIN t b USING (id) LIMIT 1")
    assert len({name.lower() for name in result.rows.column_names}) == 3


def test_a_pivot_runs(photos):
    rows = photos.rows(
        "SELECT * FROM (PIVOT t ON label IN ('cat', 'dog') USING count(*) GROUP BY id) ORDER BY id"
    )
    assert rows[0] == {"id": 1, "cat": 1, "dog": 0}


def test_nested_statements_stand_in_from_join_and_in(photos):
    photos.run(
        "CREATE TABLE u AS SELECT name, rows FROM (LIST TABLE) WHERE name IN (SELECT name FROM (LIST TABLE))"
    )
    assert {row["name"] for row in photos.rows("SELECT name FROM u")} == {"empty", "t", "사진"}
    joined = photos.rows(
        "SELECT a.name FROM (LIST TABLE) a JOIN (LIST TABLE) b ON a.name = b.name ORDER BY 1"
    )
    assert [row["name"] for row in joined] == ["empty", "t", "u", "사진"]


def test_an_error_beside_a_nested_statement_is_marked_at_the_word(photos):
    assert photos.marked("SELECT '가', nam FROM (LIST TABLE) WHERE 1 = 1") == ("TS202", "nam")
    cell = "SELECT * FROM (LIST TABLE) a JOIN (LIST MODEL) b ON a.name = b.nmae"
    assert photos.marked(cell) == ("TS202", "nmae")


def test_placeholders_do_not_hide_tables_of_that_name(photos):
    photos.run("CREATE TABLE _n1 AS SELECT 'mine' AS name")
    rows = photos.rows("SELECT name FROM (LIST TABLE) WHERE name = '_n1' UNION ALL SELECT name FROM _n1")
    assert [row["name"] for row in rows] == ["_n1", "mine"]


def test_vectors_that_are_not_shown_are_not_read(world, monkeypatch):
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(np.zeros(2000 * 64, "f4")), 64)
    world.put("w", pa.table({"id": range(2000), "name": [f"n{i}" for i in range(2000)], "v": vectors}))
    from thanosql_kernel.engine.relations.stored import StoredRelation

    taken: list[int] = []
    take = StoredRelation.take
    monkeypatch.setattr(
        StoredRelation, "take", lambda self, at, columns=None: taken.extend(at) or take(self, at, columns)
    )
    (result,) = world.run("SELECT * FROM w WHERE name LIKE '%77' ORDER BY id DESC LIMIT 5")
    assert taken == [1977, 1877, 1777, 1677, 1577]
    assert result.rows.column("id").to_pylist() == [1977, 1877, 1777, 1677, 1577]
    assert result.total == 5


def test_an_interrupt_stops_a_query_and_the_next_one_runs(photos):
    from thanosql_kernel.errors import Interrupted

    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 6

    with pytest.raises(Interrupted):
        photos.run(
            "SELECT count(*) FROM range(100000) a, range(100000) b WHERE (a.range * b.range) % 7 = 3",
            cancelled=cancelled,
        )
    assert photos.rows("SELECT count(*) AS n FROM t") == [{"n": 6}]
