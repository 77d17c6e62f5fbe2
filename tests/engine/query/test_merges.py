"""MERGE: one commit, or an error and none."""

from __future__ import annotations

import pytest

from tests.engine.query.shop import BEFORE, FIRST, LAST, MERGE, SECOND, assert_refused, stock, version


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
    assert_refused(shop, cell, code, marked)
