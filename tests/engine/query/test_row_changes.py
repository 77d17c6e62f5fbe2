"""INSERT … ON CONFLICT, MERGE, UPDATE … FROM, DELETE … USING and RETURNING: one commit, or an error and none."""

from __future__ import annotations

import pyarrow as pa
import pytest

from thanosql_kernel.catalog import Column, GeneratedColumn, Weights
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.runtime import StatementRuntime
from thanosql_kernel.engine.store.failures import Conflict

ROWS = [
    {"k": 1, "이름": "하나", "n": 10},
    {"k": 2, "이름": "둘", "n": 20},
    {"k": None, "이름": "없음", "n": 30},
]


@pytest.fixture
def shop(world, monkeypatch):
    """Tables 재고 (a row without key among them), 주문 and an empty one; nobody looks after them."""
    monkeypatch.setattr(world.session.database, "maintain", lambda *cancelled: None)
    world.run(
        "CREATE TABLE 재고 AS SELECT * FROM (VALUES (1, '하나', 10), (2, '둘', 20), (NULL, '없음', 30)) v(k, 이름, n);"
        "CREATE TABLE 주문 AS SELECT * FROM (VALUES (1, '일', 1), (3, '셋', 3), (NULL, '무', 5)) v(k, 이름, n);"
        "CREATE TABLE 빈 AS SELECT * FROM 주문 LIMIT 0"
    )
    return world


def stock(world) -> list[tuple]:
    return [tuple(row.values()) for row in world.rows("SELECT * FROM 재고")]


def version(world, name: str = "재고") -> int:
    return world.session.catalog.table(name).version


BEFORE = [tuple(row.values()) for row in ROWS]
FIRST, SECOND, LAST = BEFORE


# -- INSERT ------------------------------------------------------------------------------------------------------------
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
    before = version(shop)
    error = shop.fail(cell)
    assert error.code == code
    if marked is not None:
        assert cell[slice(*error.span)] == marked
    assert (stock(shop), version(shop)) == (BEFORE, before)


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


# -- MERGE -------------------------------------------------------------------------------------------------------------
MERGE = "MERGE INTO 재고 USING 주문 ON 재고.k = 주문.k "


@pytest.mark.parametrize(
    ("cell", "after"),
    [
        (MERGE + "WHEN MATCHED THEN UPDATE SET n = 주문.n", [(1, "하나", 1), SECOND, LAST]),
        (MERGE + "WHEN MATCHED THEN UPDATE", [(1, "일", 1), SECOND, LAST]),
        (MERGE + "WHEN MATCHED THEN UPDATE SET *", [(1, "일", 1), SECOND, LAST]),
        (MERGE + "WHEN MATCHED THEN DELETE", [SECOND, LAST]),
        (MERGE + "WHEN MATCHED AND 주문.n > 5 THEN DELETE WHEN MATCHED THEN DO NOTHING", BEFORE),
        (MERGE + "WHEN NOT MATCHED THEN INSERT", [*BEFORE, (3, "셋", 3), (None, "무", 5)]),
        (MERGE + "WHEN NOT MATCHED AND k = 3 THEN INSERT (n, k) VALUES (n + 1, k)", [*BEFORE, (3, None, 4)]),
        (
            MERGE + "WHEN NOT MATCHED BY TARGET AND n = 5 THEN INSERT DEFAULT VALUES "
            "WHEN NOT MATCHED THEN INSERT BY NAME",
            [*BEFORE, (3, "셋", 3), (None, None, None)],
        ),
        (MERGE + "WHEN NOT MATCHED BY SOURCE THEN DELETE", [FIRST]),
        (
            MERGE + "WHEN NOT MATCHED BY SOURCE AND n > 20 THEN UPDATE SET n = -n",
            [FIRST, SECOND, (None, "없음", -30)],
        ),
        (
            "MERGE INTO 재고 AS a USING (SELECT k, n FROM 주문) b USING (k) "
            "WHEN MATCHED THEN UPDATE SET n = a.n + b.n + k WHEN NOT MATCHED THEN INSERT BY NAME",
            [(1, "하나", 12), SECOND, LAST, (3, None, 3), (None, None, 5)],
        ),
        (
            "WITH q AS (SELECT 2 AS k) MERGE INTO 재고 USING q ON 재고.k = q.k WHEN MATCHED THEN DELETE",
            [FIRST, LAST],
        ),
        (
            "MERGE INTO 재고 USING (VALUES (1, 5)) v(k, m) ON v.k = 재고.k WHEN MATCHED THEN UPDATE SET n = m",
            [(1, "하나", 5), SECOND, LAST],
        ),
        ("MERGE INTO 재고 USING 빈 ON true WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT", BEFORE),
        ("MERGE INTO 재고 USING 빈 ON true WHEN NOT MATCHED BY SOURCE THEN DELETE", []),
        (
            "MERGE INTO 재고 USING 재고 AS o ON o.k = 재고.k + 1 WHEN MATCHED THEN UPDATE SET n = o.n",
            [(1, "하나", 20), SECOND, LAST],
        ),
        (
            "MERGE INTO 재고 USING (SELECT name FROM (LIST TABLE)) l ON l.name = 재고.이름 "
            "WHEN NOT MATCHED AND name = '빈' THEN INSERT (이름) VALUES (name)",
            [*BEFORE, (None, "빈", None)],
        ),
        (
            MERGE + "WHEN MATCHED THEN UPDATE SET 이름 = (SELECT max(이름) FROM 주문 o WHERE o.n > 주문.n)",
            [(1, "셋", 10), SECOND, LAST],
        ),
        (
            MERGE + "WHEN MATCHED AND CASE WHEN 재고.n = 10 THEN true ELSE false END THEN DELETE",
            [SECOND, LAST],
        ),
        (
            MERGE + "WHEN MATCHED THEN UPDATE SET 이름 = CAST(재고 AS VARCHAR)",
            [(1, "{'k': 1, '이름': 하나, 'n': 10}", 10), SECOND, LAST],
        ),
    ],
)
def test_merge_does_what_the_first_when_says(shop, cell, after):
    before = version(shop)
    shop.run(cell)
    assert stock(shop) == after
    assert version(shop) == before + (after != BEFORE)


def test_merge_into_an_empty_table_inserts(shop):
    (result,) = shop.run(
        "MERGE INTO 빈 USING 재고 s ON s.k = 빈.k WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT"
    )
    assert result.text == "3 rows added to 빈, 0 updated, 0 deleted"
    assert [tuple(row.values()) for row in shop.rows("FROM 빈")] == BEFORE


def test_one_merge_changes_deletes_and_adds_in_one_commit(shop):
    before = version(shop)
    (result,) = shop.run(
        "MERGE INTO 재고 t USING 주문 s ON t.k = s.k WHEN MATCHED THEN UPDATE SET n = s.n, 이름 = s.이름 "
        "WHEN NOT MATCHED BY SOURCE AND t.k = 2 THEN DELETE WHEN NOT MATCHED BY SOURCE THEN UPDATE SET n = 0 "
        "WHEN NOT MATCHED AND s.k IS NOT NULL THEN INSERT RETURNING merge_action, *, t.n + 1 AS m"
    )
    assert [tuple(row.values()) for row in result.rows.to_pylist()] == [
        ("UPDATE", 1, "일", 1, 2),
        ("DELETE", 2, "둘", 20, 21),
        ("UPDATE", None, "없음", 0, 1),
        ("INSERT", 3, "셋", 3, 4),
    ]
    assert result.notices == ("1 row added to 재고, 2 updated, 1 deleted",)
    assert stock(shop) == [(1, "일", 1), (None, "없음", 0), (3, "셋", 3)]
    assert version(shop) == before + 1


@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("MERGE INTO 재고 USING 주문 ON true WHEN MATCHED THEN DELETE", "TS301", "ON true"),
        ("MERGE INTO 재고 USING 주문 ON true WHEN MATCHED THEN UPDATE SET n = 1", "TS301", "ON true"),
        (
            MERGE + "WHEN MATCHED THEN ERROR '없어야 할 ' || 재고.k",
            "TS301",
            "WHEN MATCHED THEN ERROR '없어야 할 ' || 재고.k",
        ),
        (MERGE + "WHEN MATCHED THEN UPDATE SET n = n", "TS105", "n"),
        (MERGE + "WHEN MATCHED THEN UPDATE SET m = 1", "TS202", "m"),
        (MERGE + "WHEN NOT MATCHED THEN INSERT (k) VALUES (재고.k)", "TS201", "재고"),
        (
            MERGE + "WHEN NOT MATCHED THEN INSERT VALUES (1)",
            "TS300",
            "WHEN NOT MATCHED THEN INSERT VALUES (1)",
        ),
        (MERGE + "WHEN NOT MATCHED THEN INSERT (n) VALUES (주문.이름)", "TS301", "주문.이름"),
        (
            MERGE + "WHEN MATCHED THEN DELETE WHEN MATCHED THEN DO NOTHING",
            "TS105",
            "WHEN MATCHED THEN DO NOTHING",
        ),
        ("MERGE INTO 재고 USING 재고 ON true WHEN MATCHED THEN DELETE", "TS105", "재고"),
        ("MERGE INTO 재고 USING (FROM 주문) ON true WHEN MATCHED THEN DELETE", "TS105", "(FROM 주문)"),
        (MERGE, "TS100", None),
    ],
)
def test_a_wrong_merge_is_marked_and_writes_nothing(shop, cell, code, marked):
    before = version(shop)
    error = shop.fail(cell)
    assert error.code == code
    if marked is not None:
        assert cell[slice(*error.span)] == marked
    assert (stock(shop), version(shop)) == (BEFORE, before)


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
    before = version(shop)
    error = shop.fail(cell)
    assert error.code == code
    if marked is not None:
        assert cell[slice(*error.span)].strip('"') == marked
    assert (stock(shop), version(shop)) == (BEFORE, before)


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


# -- vectors and what they were made of --------------------------------------------------------------------------------
def facts(source: str = "path", fingerprint: str = "f" * 64) -> GeneratedColumn:
    return GeneratedColumn("clip", "clipen", "image", source, Weights("mini", "1", fingerprint), 2)


def put_photos(
    world, name: str, rows: list[tuple[int, str, float | None]], made: GeneratedColumn | None
) -> None:
    table = pa.table(
        {
            "id": [row[0] for row in rows],
            "path": [row[1] for row in rows],
            "v": pa.array(
                [None if row[2] is None else [row[2]] * 2 for row in rows], pa.list_(pa.float32(), 2)
            ),
        }
    )
    columns = [Column("id", "BIGINT"), Column("path", "VARCHAR"), Column("v", "FLOAT[2]", made)]
    runtime = StatementRuntime(world.session.database, world.folder)
    runtime.changes.store(name, ArrowRelation(table, columns), if_exists="replace")
    runtime.close()


@pytest.fixture
def albums(world):
    """Albums 사진 and 새것, whose vectors hold the number in the path that they were made of."""
    put_photos(world, "사진", [(1, "1.jpg", 1.0), (2, "2.jpg", 2.0), (3, "3.jpg", 3.0)], facts())
    put_photos(world, "새것", [(1, "1.jpg", 1.0), (2, "22.jpg", 22.0), (4, "4.jpg", 4.0)], facts())
    return world


def vectors(world) -> list[tuple]:
    rows = world.rows("SELECT id, path, v[1] AS v FROM 사진")
    return [tuple(row.values()) for row in rows]


def generated(world) -> GeneratedColumn | None:
    return world.session.catalog.table("사진").column("v").generated


TAKEN = [(1, "1.jpg", 1.0), (2, "22.jpg", 22.0), (3, "3.jpg", 3.0), (4, "4.jpg", 4.0)]


@pytest.mark.parametrize(
    "cell",
    [
        "INSERT INTO 사진 FROM 새것 ON CONFLICT (id) DO UPDATE SET path = excluded.path, v = excluded.v",
        "MERGE INTO 사진 USING 새것 USING (id) WHEN MATCHED THEN UPDATE WHEN NOT MATCHED THEN INSERT",
        "MERGE INTO 사진 t USING 새것 s ON t.id = s.id WHEN MATCHED THEN UPDATE SET path = s.path, v = s.v "
        "WHEN NOT MATCHED THEN INSERT (id, path, v) VALUES (s.id, s.path, s.v)",
        "MERGE INTO 사진 USING 새것 AS s(id, path, w) USING (id) WHEN MATCHED THEN UPDATE SET v = w, path = s.path "
        "WHEN NOT MATCHED THEN INSERT VALUES (id, path, w)",
    ],
)
def test_vectors_that_come_with_what_they_were_made_of_are_known(albums, cell):
    albums.run(cell)
    assert vectors(albums) == TAKEN
    assert generated(albums) == facts()


@pytest.mark.parametrize(
    "cell",
    [
        "INSERT INTO 사진 FROM 새것 ON CONFLICT (id) DO UPDATE SET path = excluded.path",
        "MERGE INTO 사진 USING 새것 s USING (id) WHEN MATCHED THEN UPDATE SET path = s.path WHEN NOT MATCHED THEN INSERT",
    ],
)
def test_a_value_that_changes_takes_its_vector_along(albums, cell):
    (result,) = albums.run(cell)
    assert vectors(albums) == [(1, "1.jpg", 1.0), (2, "22.jpg", None), (3, "3.jpg", 3.0), (4, "4.jpg", 4.0)]
    assert generated(albums) == facts()
    assert result.notices[0].startswith("1 row of 사진 has no vector now: run CONVERT")


def test_an_update_from_another_table_takes_vectors_along_too(albums):
    albums.run("UPDATE 사진 SET path = s.path FROM 새것 s WHERE s.id = 사진.id")
    assert vectors(albums) == [(1, "1.jpg", 1.0), (2, "22.jpg", None), (3, "3.jpg", 3.0)]


def test_vectors_of_other_weights_are_refused_or_end_what_is_known(albums):
    put_photos(albums, "새것", [(2, "2.jpg", 9.0), (4, "4.jpg", 9.0)], facts(fingerprint="e" * 64))
    insert = "MERGE INTO 사진 USING 새것 USING (id) WHEN NOT MATCHED THEN INSERT"
    assert albums.fail(insert).code == "TS401"
    albums.run("MERGE INTO 사진 USING 새것 s USING (id) WHEN MATCHED THEN UPDATE SET v = s.v")
    assert generated(albums) is None


def test_vectors_of_another_value_are_refused(albums):
    cell = "MERGE INTO 사진 USING 새것 s ON s.id = 사진.id WHEN NOT MATCHED THEN INSERT VALUES (s.id, 'x.jpg', s.v)"
    assert "leave others out" in albums.fail(cell).message
    assert len(vectors(albums)) == 3


def test_tables_in_lances_first_format_are_merged_into(world):
    import lance

    uri = world.folder / "db" / "t.lance"
    uri.parent.mkdir()
    rows = pa.table({"id": [1, 2, 3, 4], "이름": ["a", None, "c", "d"], "l": [["x"], ["y"], [], ["z"]]})
    lance.write_dataset(rows, uri, data_storage_version="legacy", max_rows_per_file=3)
    world.run(
        "MERGE INTO t USING (VALUES (1, '새', ['w']), (3, NULL, NULL), (5, 'e', [])) s(id, 이름, l) USING (id) "
        "WHEN MATCHED AND s.이름 IS NULL THEN DELETE WHEN MATCHED THEN UPDATE WHEN NOT MATCHED THEN INSERT"
    )
    assert [tuple(row.values()) for row in world.rows("FROM t")] == [
        (1, "새", ["w"]),
        (2, None, ["y"]),
        (4, "d", ["z"]),
        (5, "e", []),
    ]
