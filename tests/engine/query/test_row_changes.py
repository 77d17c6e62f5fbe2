"""UPDATE … FROM, DELETE … USING, RETURNING, and what changes have in common: one commit, or an error and none."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tests.engine.query.shop import BEFORE, FIRST, LAST, MERGE, SECOND, assert_refused, stock, version
from thanosql_kernel.engine.store.failures import Conflict


# -- UPDATE … FROM, DELETE … USING -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "after"),
    [
        ("UPDATE 재고 SET n = o.n FROM 주문 o WHERE o.k = 재고.k", [(1, "하나", 1), SECOND, LAST]),
        (
            "UPDATE 재고 t SET n = o.n, 이름 = t.이름 || o.이름 FROM 주문 AS o WHERE o.k = t.k",
            [(1, "하나일", 1), SECOND, LAST],
        ),
        ("UPDATE 재고 AS t SET (n, 이름) = ROW(0, '새') WHERE t.k = 2", [FIRST, (2, "새", 0), LAST]),
        (
            "UPDATE 재고 SET n = m.n FROM 주문 o JOIN 주문 m ON m.n = o.n + 2 WHERE o.k = 재고.k",
            [(1, "하나", 3), SECOND, LAST],
        ),
        (
            "WITH q AS (SELECT 2 AS k)\nUPDATE 재고 SET n = 0 FROM q WHERE q.k = 재고.k",
            [FIRST, (2, "둘", 0), LAST],
        ),
        (
            "WITH q AS (SELECT 7 AS n) UPDATE 재고 SET n = (SELECT n FROM q) WHERE k IN (SELECT k FROM 주문)",
            [(1, "하나", 7), SECOND, LAST],
        ),
        (
            "UPDATE 재고 SET n = v.n FROM (VALUES (1, 5), (1, 5)) v(k, n) WHERE v.k = 재고.k",
            [(1, "하나", 5), SECOND, LAST],
        ),
        ("UPDATE 재고 t SET n = o.n FROM 재고 o WHERE o.k = t.k + 1", [(1, "하나", 20), SECOND, LAST]),
        ("UPDATE 재고 SET n = 0 FROM 빈", BEFORE),
        ("UPDATE 재고 SET n = 1 WHERE 이름 IS DISTINCT FROM '둘' AND k = 1", [(1, "하나", 1), SECOND, LAST]),
        (
            "UPDATE 재고 SET n = (재고.이름 IS DISTINCT FROM '둘')::INT FROM 주문 o WHERE o.k = 재고.k",
            [(1, "하나", 1), SECOND, LAST],
        ),
        ("DELETE FROM 재고 USING 주문 WHERE 주문.k = 재고.k", [SECOND, LAST]),
        ("DELETE FROM 재고 AS t USING 주문 a, 주문 b WHERE a.k < b.k AND t.k = a.k", [SECOND, LAST]),
        ("DELETE FROM 재고 t USING 재고 o WHERE o.n > t.n", [LAST]),
        ("WITH q AS (SELECT 2 AS k) DELETE FROM 재고 USING q WHERE q.k = 재고.k", [FIRST, LAST]),
        ("WITH q AS (SELECT 2 AS k) DELETE FROM 재고 WHERE k IN (FROM q)", [FIRST, LAST]),
        ("DELETE FROM 재고 USING 빈", BEFORE),
        ("DELETE FROM 재고 USING 주문", []),
        ("TRUNCATE 재고", []),
        ("TRUNCATE TABLE 재고", []),
    ],
)
def test_other_tables_say_which_rows_change(shop, cell, after):
    before = version(shop)
    shop.run(cell)
    assert stock(shop) == after
    assert version(shop) == before + (after != BEFORE)


@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("UPDATE 재고 SET n = v.n FROM (VALUES (1, 5), (1, 6)) v(k, n) WHERE v.k = 재고.k", "TS301", "재고"),
        ("UPDATE 재고 SET n = 이름 FROM 주문 WHERE 주문.k = 재고.k", "TS105", "이름"),
        ("UPDATE 재고 SET n = o.n FROM 주분 o WHERE o.k = 재고.k", "TS201", "주분"),
        ("UPDATE 재고 SET n = o.m FROM 주문 o WHERE o.k = 재고.k", "TS202", "m"),
        ("UPDATE 재고 t SET n = 재고.n + 1", "TS201", "재고"),
        ("UPDATE 재고 SET (n, k) = (1, 2, 3)", "TS105", None),
        ("UPDATE 재고 SET n = o.이름 FROM 주문 o WHERE o.k = 재고.k", "TS301", "o.이름"),
        ("DELETE FROM 재고 USING 주문 o JOIN 주문 p ON o.kk = p.k", "TS202", "kk"),
        ("DELETE FROM 재고 USING 주문 RETURNING 주문.k", "TS201", "주문"),
        ("DELETE FROM 재고 WHRE k = 1", "TS100", "WHRE"),
        ("TRUNCATE 재고들", "TS201", "재고들"),
    ],
)
def test_a_wrong_update_or_delete_is_marked_and_changes_nothing(shop, cell, code, marked):
    assert_refused(shop, cell, code, marked)


def test_a_row_that_would_get_two_values_is_told(shop):
    cell = "UPDATE 재고 SET n = v.n FROM (VALUES (2, 5), (2, 6)) v(k, n) WHERE v.k = 재고.k"
    assert "k = 2, 이름 = '둘', n = 20" in shop.fail(cell).message


@pytest.mark.parametrize(
    ("cell", "rows"),
    [
        ("INSERT INTO 재고 BY NAME SELECT 9 AS k RETURNING *, k + 1 AS 다음", [(9, None, None, 10)]),
        ("INSERT INTO 재고 VALUES (1, 'a', 1) ON CONFLICT (k) DO NOTHING RETURNING k", []),
        (
            "INSERT INTO 재고 VALUES (1, 'a', 1), (8, 'b', 2) ON CONFLICT (k) DO UPDATE SET n = 0 RETURNING k, n",
            [(1, 0), (8, 2)],
        ),
        (
            "UPDATE 재고 t SET n = t.n + 1 WHERE k = 2 RETURNING t.n, upper(이름), (SELECT sum(n) FROM 재고)",
            [(21, "둘", 60)],
        ),
        ("UPDATE 재고 SET n = 0 WHERE k = 7 RETURNING *", []),
        ("DELETE FROM 재고 WHERE n > 10 RETURNING n, k", [(20, 2), (30, None)]),
        ("DELETE FROM 재고 RETURNING *", BEFORE),
        ("DELETE FROM 재고 AS t USING 주문 WHERE t.k = 주문.k RETURNING t.*", [FIRST]),
        ("UPDATE 재고 SET n = 1 WHERE k = 1 RETURNING 7", [(7,)]),
    ],
)
def test_returning_gives_rows_as_they_are_now_and_deleted_ones_as_they_were(shop, cell, rows):
    (result,) = shop.run(cell)
    assert [tuple(row.values()) for row in result.rows.to_pylist()] == rows
    assert result.total == len(rows)
    assert len(result.notices) == 1


def test_what_returning_gave_is_there_for_later_queries(shop):
    shop.run("UPDATE 재고 SET n = n * 2 RETURNING k, n")
    assert [row["n"] for row in shop.rows("SELECT n FROM _ ORDER BY n DESC LIMIT 1")] == [60]


def test_returning_reads_chance_once(shop):
    (result,) = shop.run("INSERT INTO 재고 SELECT 50, uuid()::VARCHAR, 0 RETURNING 이름")
    assert shop.rows("SELECT 이름 FROM 재고 WHERE k = 50") == result.rows.to_pylist()


# -- what they cost, and who else is there -----------------------------------------------------------------------------
def test_a_merge_writes_what_it_changes_and_no_vector(world):
    vectors = pa.FixedSizeListArray.from_arrays(pa.array([0.5] * 512 * 4000, pa.float32()), 512)
    world.put("t", pa.table({"id": range(4000), "label": ["a"] * 4000, "v": vectors}))
    before = sum(
        file.stat().st_size for file in (world.folder / "db" / "t.lance").rglob("*") if file.is_file()
    )
    world.run(
        "MERGE INTO t USING (SELECT 10 AS id, 'b' AS label UNION ALL SELECT 4001, 'c' UNION ALL SELECT 20, NULL) s "
        "USING (id) WHEN MATCHED AND s.label IS NULL THEN DELETE WHEN MATCHED THEN UPDATE SET label = s.label "
        "WHEN NOT MATCHED THEN INSERT BY NAME"
    )
    after = sum(
        file.stat().st_size for file in (world.folder / "db" / "t.lance").rglob("*") if file.is_file()
    )
    assert after - before < 100_000  # the vectors take 8 million
    assert world.rows("SELECT count(*) AS n, count(*) FILTER (label = 'b') AS b FROM t") == [
        {"n": 4000, "b": 1}
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "INSERT INTO 재고 SELECT * FROM 주문 ON CONFLICT (k) DO UPDATE SET n = excluded.n",
        "INSERT INTO 재고 SELECT k + 10, 이름, n FROM 재고 WHERE k = 1 RETURNING *",
        MERGE + "WHEN MATCHED THEN UPDATE SET n = 주문.n WHEN NOT MATCHED THEN INSERT",
        "UPDATE 재고 SET n = o.n FROM 주문 o WHERE o.k = 재고.k",
        "DELETE FROM 재고 USING 주문 WHERE 주문.k = 재고.k",
    ],
)
def test_a_statement_that_was_overtaken_reads_again(shop, cell, monkeypatch):
    store = type(shop.session.database.tables.store)
    commits, overtaken = store._commit, []

    def late(self, dataset, operation, message=None):
        if not overtaken:
            overtaken.append(dataset)
            raise Conflict("somebody else changed the table meanwhile")
        return commits(self, dataset, operation, message)

    monkeypatch.setattr(store, "_commit", late)
    if "RETURNING" in cell:
        from thanosql_kernel.engine.session import Session

        other = Session(shop.folder / "db", working_folder=shop.folder)
        other.run("INSERT INTO 재고 VALUES (1, '새', 0)", emit=lambda result: None)
        other.close()
    shop.run(cell)
    assert overtaken
    assert len(stock(shop)) == {"INSERT INTO 재고 SELECT k": 6}.get(cell[:21], len(stock(shop)))
    assert stock(shop) != BEFORE


@pytest.mark.parametrize(
    "cell",
    [
        "INSERT INTO t SELECT id, n FROM t AS o ON CONFLICT (id) DO UPDATE SET n = excluded.n + 1",
        "MERGE INTO t USING t AS s ON s.id = t.id WHEN MATCHED THEN UPDATE SET n = s.n + 1",
        "UPDATE t SET n = s.n + 1 FROM t AS s WHERE s.id = t.id",
        "ALTER TABLE t ALTER n TYPE VARCHAR",
    ],
)
def test_a_stopped_change_changes_nothing(world, cell):
    from thanosql_kernel.errors import Interrupted

    world.run("CREATE TABLE t AS SELECT range AS id, range AS n FROM range(200000)")
    before, looks = world.session.catalog.table("t").version, iter(range(10**9))
    for stop in (1, 2, 4):
        start = next(looks)
        with pytest.raises(Interrupted):
            world.run(cell, cancelled=lambda start=start, stop=stop: next(looks) > start + stop)
    assert world.session.catalog.table("t").version == before
    assert world.rows("SELECT sum(n) AS s FROM t") == [{"s": 199999 * 100000}]
