"""INSERT in all its forms, and ON CONFLICT: one commit, or an error and none."""

from __future__ import annotations

import pytest

from tests.engine.query.shop import BEFORE, FIRST, LAST, SECOND, assert_refused, stock, version


@pytest.mark.parametrize(
    ("cell", "new"),
    [
        ("INSERT INTO 재고 BY NAME SELECT 7 AS n, 9 AS K", (9, None, 7)),
        ("INSERT INTO 재고 BY POSITION SELECT 9, 'a', 7", (9, "a", 7)),
        ("INSERT INTO 재고 DEFAULT VALUES", (None, None, None)),
        ("INSERT INTO 재고 FROM 주문 WHERE k = 3", (3, "셋", 3)),
        ("INSERT INTO 재고 AS s (n) VALUES (4)", (None, None, 4)),
        ("WITH q AS (SELECT 5 AS k) INSERT INTO 재고 BY NAME FROM q", (5, None, None)),
        (
            "WITH q(a) AS (VALUES (5)), r AS (FROM q)\nINSERT INTO 재고\nSELECT a, '새', a FROM r",
            (5, "새", 5),
        ),
    ],
)
def test_insert_takes_duckdbs_forms(shop, cell, new):
    shop.run(cell)
    assert stock(shop) == [*BEFORE, new]


@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("INSERT INTO 재고 BY NAME SELECT 1 AS k, 2 AS 개수", "TS202", "SELECT 1 AS k, 2 AS 개수"),
        ("INSERT INTO 재고 (k) BY NAME SELECT 1 AS k", "TS105", "k"),
        ("INSERT INTO 재고 (k) DEFAULT VALUES", "TS105", "k"),
        ("INSERT INTO 재고 VALUES (1, 'a', 2) ON CONFLICT DO NOTHING", "TS105", "ON CONFLICT"),
        ("INSERT INTO 재고 VALUES (1, 'a', 2) ON CONFLICT (키) DO NOTHING", "TS202", "키"),
        (
            "INSERT INTO 재고 VALUES (1, 'a', 2) ON CONFLICT (k) DO UPDATE SET n = excluded.m",
            "TS202",
            "m",
        ),
        ("INSERT INTO 재고 VALUES (1, 'a', 2) ON CONFLICT (k) DO UPDATE SET n = 1, n = 2", "TS104", "n"),
        ("INSERT OR REPLACE INTO 재고 VALUES (1, 'a', 2)", "TS600", None),
        ("WITH q AS (SELECT 1) COPY 재고 FROM 'a.csv'", "TS105", None),
        ("INSERT INTO 재고 VALUES (4, 'a', 2) RETURNING 없는", "TS202", "없는"),
        ("INSERT INTO 재고 VALUES (4, 'a', 2) RETURNING count(*)", "TS600", "count(*)"),
        ("INSERT INTO 재고 VALUES (4, 'a', 2) RETURNING k ORDER BY k", "TS105", "k ORDER BY k"),
        ("INSERT INTO 재고 SELECT 4, 'a', 2 RETURNING CAST(이름 AS INTEGER)", "TS301", None),
    ],
)
def test_a_wrong_insert_is_marked_and_writes_nothing(shop, cell, code, marked):
    assert_refused(shop, cell, code, marked)


def test_insert_or_replace_says_how_a_key_is_named(shop):
    assert "ON CONFLICT (key) DO UPDATE" in str(
        shop.fail("INSERT OR REPLACE INTO 재고 VALUES (1, 'a', 2)").hint
    )
    assert "ON CONFLICT (key) DO NOTHING" in str(
        shop.fail("INSERT OR IGNORE INTO 재고 VALUES (1, 'a', 2)").hint
    )


def test_rows_that_are_there_stay_and_of_new_ones_with_one_key_the_first_comes(shop):
    (result,) = shop.run(
        "INSERT INTO 재고 VALUES (1, 'a', 1), (4, 'b', 1), (4, 'c', 1), (NULL, 'd', 1), (NULL, 'e', 1)"
        " ON CONFLICT (k) DO NOTHING"
    )
    assert result.text == "3 rows added to 재고"
    assert stock(shop) == [*BEFORE, (4, "b", 1), (None, "d", 1), (None, "e", 1)]


def test_rows_that_are_there_change_in_their_places_in_one_commit(shop):
    before = version(shop)
    cell = (
        "INSERT INTO 재고 AS s SELECT * FROM 주문 ON CONFLICT (k) "
        "DO UPDATE SET (이름, n) = (s.이름 || excluded.이름, n + excluded.n)"
    )
    (result,) = shop.run(cell)
    assert result.text == "2 rows added to 재고, 1 updated"
    assert stock(shop) == [(1, "하나일", 11), SECOND, LAST, (3, "셋", 3), (None, "무", 5)]
    assert version(shop) == before + 1


def test_a_name_alone_is_the_old_rows_and_where_chooses_among_them(shop):
    shop.run(
        "INSERT INTO 재고 VALUES (1, 'a', 5), (2, 'b', 25) ON CONFLICT (k) DO UPDATE SET n = excluded.n WHERE n > excluded.n"
    )
    assert stock(shop) == [(1, "하나", 5), SECOND, LAST]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("VALUES (9, 'a', 1), (9, 'b', 2)", "k = 9 comes more than once in the new rows"),
        ("VALUES (1, 'a', 1), (1, 'b', 2)", "k = 1 comes more than once in the new rows"),
        ("SELECT 2, 'a', 1", "k = 2 comes more than once in 재고"),
    ],
)
def test_a_key_that_comes_twice_is_named_and_nothing_is_written(shop, cell, told):
    shop.run("INSERT INTO 재고 VALUES (2, '또', 0)")
    before = version(shop)
    error = shop.fail(f"INSERT INTO 재고 {cell} ON CONFLICT (k) DO UPDATE SET n = excluded.n")
    assert (error.code, error.message) == ("TS301", told)
    assert version(shop) == before


def test_a_key_may_be_of_several_columns(shop):
    shop.run(
        "INSERT INTO 재고 VALUES (1, '하나', 0), (1, '둘', 0) ON CONFLICT (이름, k) DO UPDATE SET n = excluded.n"
    )
    assert stock(shop) == [(1, "하나", 0), SECOND, LAST, (1, "둘", 0)]


def test_a_table_may_be_its_own_source(shop):
    shop.run(
        "INSERT INTO 재고 SELECT k + 1, 이름, n FROM 재고 WHERE k IS NOT NULL ON CONFLICT (k) DO UPDATE SET n = excluded.n"
    )
    assert stock(shop) == [FIRST, (2, "둘", 10), LAST, (3, "둘", 20)]


def test_columns_of_any_name_can_be_excluded(world):
    world.run("""CREATE TABLE t AS SELECT 1 AS k, 2 AS "it's", 3 AS "select" """)
    world.run(
        """INSERT INTO t VALUES (1, 5, 6) ON CONFLICT (k) DO UPDATE SET "it's" = excluded."it's" + "select" """
    )
    assert world.rows("FROM t") == [{"k": 1, "it's": 8, "select": 3}]
