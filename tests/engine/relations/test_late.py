"""Wide rows are read late only where that is known to be right, and then they are the rows that DuckDB gives."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.engine.relations import late
from thanosql_kernel.engine.relations.sql import SqlRelation

COLUMNS = [
    Column("id", "INTEGER"),
    Column("d", "VARCHAR"),
    Column("이름", "VARCHAR"),
    Column("info", "STRUCT(a INTEGER)"),
    Column("tags", "VARCHAR[]"),
    Column("v", "FLOAT[4]"),
]
ROWS = 300


def planned(sql: str) -> late.RowByRow | None:
    (statement,) = parsed(sql)["statements"]
    return late.read(statement["node"], {"t": COLUMNS, "u": COLUMNS})


@pytest.mark.parametrize(
    "sql",
    [
        "FROM t",
        "SELECT * FROM t WHERE d LIKE '%7' ORDER BY id DESC LIMIT 5 OFFSET 2",
        "SELECT x.v, x.id + 1 AS n FROM t AS x WHERE x.이름 IS NOT NULL ORDER BY n, 이름",
        "SELECT * EXCLUDE (d) REPLACE (upper(이름) AS 이름) FROM t",
        "SELECT info.a, tags[1], CASE WHEN id IN (1, 2) THEN 'x' END FROM t WHERE id BETWEEN 1 AND 5",
        "SELECT * FROM (FROM t) AS q WHERE q.id = 1",
        "SELECT v FROM t ORDER BY 1",
    ],
)
def test_a_query_of_single_rows_of_one_table_is_read_late(sql: str) -> None:
    assert planned(sql) is not None


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM t WHERE length(d) > (SELECT avg(length(d)) FROM t)",
        "SELECT * FROM t WHERE id IN (SELECT id FROM u LIMIT 5)",
        "SELECT * FROM t WHERE EXISTS (FROM u WHERE u.id = t.id)",
        "SELECT * FROM t ORDER BY ntile(2) OVER (ORDER BY id)",
        "SELECT v, row_number() OVER () FROM t",
        "SELECT * FROM t QUALIFY row_number() OVER (ORDER BY id) < 3",
        "SELECT *, (SELECT 1) FROM t",
        "SELECT * FROM t ORDER BY (SELECT max(id) FROM t)",
        "SELECT max(v) FROM t",
        "SELECT v, count(*) FROM t GROUP BY ALL",
        "SELECT v FROM t HAVING true",
        "SELECT DISTINCT v FROM t",
        "SELECT DISTINCT ON (d) * FROM t",
        "SELECT * FROM t USING SAMPLE 5",
        "SELECT * FROM t TABLESAMPLE 10%",
        "SELECT * FROM t, u",
        "SELECT * FROM t JOIN u USING (id)",
        "SELECT * FROM t UNION ALL FROM u",
        "WITH c AS (FROM t) FROM c",
        "WITH t AS (FROM u LIMIT 1) FROM t",
        "SELECT * FROM t AS x(a, b)",
        "SELECT * FROM (FROM t LIMIT 3)",
        "SELECT * FROM (FROM t TABLESAMPLE 10%)",
        "SELECT * FROM unknown",
        "SELECT * FROM t WHERE random() < 0.5",
        "SELECT * FROM t ORDER BY random()",
        "SELECT v, uuid() FROM t",
        "SELECT v, now() FROM t",
        "SELECT v, current_date FROM t",
        "SELECT v, unnest(tags) FROM t",
        "SELECT v, list_transform(tags, x -> x || '!') FROM t",
        "SELECT COLUMNS('i.*') FROM t",
        "SELECT * FROM t WHERE COLUMNS(*) IS NOT NULL",
        "SELECT * FROM t ORDER BY ALL",
        "SELECT * FROM t LIMIT 10%",
        "SELECT * FROM t LIMIT (SELECT 3)",
        "SELECT * FROM t LIMIT 9223372036854775808",
        "SELECT * FROM t LIMIT 5 OFFSET 9223372036854775808",
        "SELECT nothing_of_the_kind(v) FROM t",
        "SELECT rowid, v FROM t",
        "SELECT u.v FROM t",
        "VALUES (1)",
    ],
)
def test_any_other_query_is_not(sql: str) -> None:
    assert planned(sql) is None


def test_a_column_that_is_called_as_a_function_is_a_column() -> None:
    (statement,) = parsed('SELECT "current_date", v FROM t')["statements"]
    columns = [Column("current_date", "DATE"), Column("v", "FLOAT[4]")]
    assert late.read(statement["node"], {"t": columns}) is not None


def rows_of(count: int) -> pa.Table:
    rng = np.random.default_rng(3)
    vectors = pa.FixedSizeListArray.from_arrays(
        pa.array(rng.standard_normal(count * 4).astype(np.float32)), 4
    )
    texts = ["글" * int(size) for size in rng.integers(0, 9, count)]
    return pa.table(
        {
            "id": pa.array(range(count), pa.int32()),
            "image_path": [f"{n}.jpg" for n in range(count)],
            "d": texts,
            "v": vectors,
        }
    )


@pytest.fixture
def converted(world):
    """A table with vectors, ``t``."""
    world.put("t", rows_of(ROWS))
    return world


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM t WHERE length(d) > (SELECT avg(length(d)) FROM t)",
        "SELECT * FROM t WHERE id IN (SELECT id FROM (SELECT id, v[1] AS s FROM t) ORDER BY s DESC, id LIMIT 5)",
        "SELECT * FROM t ORDER BY ntile(2) OVER (ORDER BY id DESC), id",
        "SELECT * FROM t WHERE id > (SELECT max(id) - 3 FROM t) LIMIT 2",
        "SELECT *, count(*) OVER () AS n FROM t WHERE id % 7 = 0",
        "SELECT * FROM t WHERE id % 2 = 0 ORDER BY d, id LIMIT 7 OFFSET 3",
        "SELECT upper(d) AS d, v FROM t WHERE d <> '' ORDER BY d, id DESC LIMIT 9",
        "SELECT id AS d, d AS id, v FROM t ORDER BY d LIMIT 4",
    ],
)
def test_a_wide_table_gives_what_duckdb_gives(converted, query: str) -> None:
    plain = duckdb.connect()
    plain.register("t", rows_of(ROWS))
    expected = plain.sql(query).to_arrow_table()
    (result,) = converted.run(query)
    assert result.total == expected.num_rows
    assert result.rows.to_pylist() == expected.slice(0, result.rows.num_rows).to_pylist()


def test_a_nested_search_in_where_chooses_its_rows_once(world, monkeypatch) -> None:
    from thanosql_kernel.models import registry

    class Encoder:
        name, revision, dim, fingerprint, preprocess = "random", "0", 4, "0" * 64, None

        def encode_texts(self, texts: list[str]) -> Any:
            return np.ones((len(texts), 4), np.float32)

    monkeypatch.setattr(registry, "load", lambda model, **settings: Encoder())
    world.put("t", rows_of(ROWS))
    search = "SEARCH TEXT text='a cat' USING mini OPTIONS(emb_col='v', result_col='s') AS SELECT * FROM t"
    vectors = np.array(rows_of(ROWS)["v"].to_pylist())
    best = np.argsort(-(vectors.sum(axis=1) / np.linalg.norm(vectors, axis=1)))[:5]
    (result,) = world.run(
        f"SELECT * FROM t WHERE id IN (SELECT id FROM ({search}) ORDER BY s DESC LIMIT 5) ORDER BY id"
    )
    assert result.rows.column("id").to_pylist() == sorted(best.tolist())
    assert result.total == 5


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM t WHERE CAST(image_path AS INTEGER) = 1",
        "SELECT * FROM t WHERE CAST(image_path AS INTEGER) = 1 LIMIT 5",
        "SELECT * FROM t ORDER BY CAST(image_path AS INTEGER) LIMIT 5",
        "SELECT CAST(image_path AS INTEGER), v FROM t LIMIT 5",
    ],
)
def test_errors_of_reading_late_are_those_of_the_query(converted, query: str) -> None:
    error = converted.fail(query)
    assert error.code == "TS301"
    assert "'0.jpg'" in error.message


def test_rows_are_taken_by_position_and_the_query_is_not_run_over_them(converted, monkeypatch) -> None:
    ran: list[str] = []
    fetch_late = SqlRelation._fetch_late

    def watched(self: SqlRelation, columns: Any, limit: int | None) -> pa.Table:
        table = self.duck.table
        monkeypatch.setattr(self.duck, "table", lambda sql: ran.append(sql) or table(sql))
        return fetch_late(self, columns, limit)

    monkeypatch.setattr(SqlRelation, "_fetch_late", watched)
    (result,) = converted.run("SELECT * FROM t WHERE id % 3 = 1 ORDER BY id DESC LIMIT 2")
    assert result.rows.column("id").to_pylist() == [298, 295]
    first, second, *_ = ran
    assert "% 3" in first
    assert "% 3" not in second
    assert "ORDER" not in second


@pytest.mark.parametrize("columns", ["id, d", "id, d, v"])
def test_equals_at_a_limit_are_the_same_rows_in_every_read(converted, columns: str) -> None:
    query = f"SELECT {columns} FROM t ORDER BY length(d) LIMIT 50"
    converted.session.settings["display.rows"] = 3
    (result,) = converted.run(query, number=3)
    shown = result.rows.column("id").to_pylist()
    converted.session.settings["display.rows"] = 60
    again = converted.rows("SELECT id FROM _3")
    assert len(shown) == 3
    assert [row["id"] for row in again][:3] == shown
    assert len(again) == 50
