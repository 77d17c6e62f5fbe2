"""Rows far into a table, and how many it has, are found without reading what comes before."""

from __future__ import annotations

from typing import Any

import pytest

QUERIES = {
    "SELECT id, name FROM t LIMIT 3 OFFSET 4000": [4000, 4001, 4002],
    "SELECT * EXCLUDE (name) FROM t LIMIT 3 OFFSET 4000": [4000, 4001, 4002],
    "SELECT id + 0 AS id FROM t LIMIT 3 OFFSET 4000": [4000, 4001, 4002],
    "SELECT * FROM w LIMIT 3 OFFSET 4000": [4000, 4001, 4002],
    "SELECT id FROM w LIMIT 3 OFFSET 4998": [4998, 4999],
    "SELECT id + 0 AS id FROM t LIMIT 3 OFFSET 5000": [],
    "SELECT id + 0 AS id FROM bounded LIMIT 3 OFFSET 8": [18, 19],
    "SELECT id + 0 AS id FROM filtered LIMIT 2 OFFSET 2000": [4000, 4002],
}


@pytest.fixture
def table(world: Any) -> Any:
    world.run("CREATE TABLE t AS SELECT range AS id, '이름 ' || range AS name FROM range(5100)")
    world.run("DELETE FROM t WHERE id >= 5000")
    world.run("CREATE VIEW w AS SELECT id, name FROM t")
    world.run("CREATE VIEW bounded AS SELECT id, name FROM t LIMIT 10 OFFSET 10")
    world.run("CREATE VIEW filtered AS SELECT id, name FROM t WHERE id % 2 = 0")
    return world


@pytest.mark.parametrize("query", QUERIES)
def test_an_offset_leaves_out_the_rows_before_it(query: str, table: Any) -> None:
    assert [row["id"] for row in table.rows(query)] == QUERIES[query]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) AS n FROM t",
        "SELECT count(*) AS n FROM t AS x",
        "SELECT count() AS n FROM (SELECT * FROM t)",
        "SELECT * EXCLUDE (name) FROM t LIMIT 3 OFFSET 4000",
        "SELECT upper(name) AS n FROM w LIMIT 3 OFFSET 4000",
    ],
)
def test_nothing_is_scanned_for_it(query: str, table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import lance

    expected = table.rows(query)
    monkeypatch.setattr(lance.LanceDataset, "scanner", None)
    assert table.rows(query) == expected


def test_a_count_is_that_of_the_rows_that_are_left(table: Any) -> None:
    assert table.rows("SELECT count(*) FROM t") == [{"count_star()": 5000}]
    table.run("INSERT INTO t VALUES (9999, '새 이름'); DELETE FROM t WHERE id < 10")
    assert table.rows("SELECT count(*) AS n FROM t") == [{"n": 4991}]
    assert table.rows("SELECT count(*) FILTER (id > 4000) AS n FROM t") == [{"n": 1000}]
    assert table.rows("WITH t AS (SELECT 1) SELECT count(*) AS n FROM t") == [{"n": 1}]
    assert table.rows("SELECT count(*) AS n FROM t WHERE id > 4000") == [{"n": 1000}]
    assert table.rows("SELECT count(*) AS n FROM t GROUP BY id % 2 ORDER BY n") == [{"n": 2495}, {"n": 2496}]
    assert table.rows("SELECT count(*) AS n FROM t LIMIT 0") == []
    assert table.rows("SELECT count(*) + 1 AS n FROM t") == [{"n": 4992}]
    assert table.rows("SELECT n FROM (SELECT count(*) AS n FROM t)") == [{"n": 4991}]
