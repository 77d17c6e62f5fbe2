"""Statements that change rows in an editor: what can be named at each place, and nothing right is called wrong."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import at_caret, catalog

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.analysis.meaning.occurrences import occurrences

KNOWN = catalog(재고="k INT, 이름 VARCHAR, n INT", orders="k INT, 수량 INT", more="x INT")


def texts(text):
    return [item.text for item in complete(*at_caret(text, KNOWN))]


def found(text):
    return [(d.code, text[slice(*d.span)]) for d in diagnose(Document(text, KNOWN))]


@pytest.mark.parametrize(
    ("text", "offered", "not_offered"),
    [
        ("INSERT INTO 재고 ‸", {"AS", "BY", "DEFAULT"}, {"수량"}),
        ("INSERT INTO 재고 (k) VALUES (1) ‸", {"ON", "RETURNING"}, set()),
        ("INSERT INTO 재고 VALUES (1) ON ‸", {"CONFLICT"}, set()),
        ("INSERT INTO 재고 VALUES (1) ON CONFLICT (‸", {"k", "이름", "n"}, {"수량"}),
        ("INSERT INTO 재고 VALUES (1) ON CONFLICT (k) DO ‸", {"NOTHING", "UPDATE"}, set()),
        ("INSERT INTO 재고 VALUES (1) ON CONFLICT (k) DO UPDATE SET ‸", {"k", "이름", "n"}, {"수량"}),
        (
            "INSERT INTO 재고 FROM orders ON CONFLICT (k) DO UPDATE SET n = excluded.‸",
            {"k", "이름", "n"},
            {"수량"},
        ),
        ("INSERT INTO 재고 AS s FROM orders ON CONFLICT (k) DO UPDATE SET n = s.‸", {"이름"}, {"수량"}),
        ("INSERT INTO 재고 FROM orders RETURNING ‸", {"k", "이름"}, {"수량", "excluded"}),
        ("INSERT INTO 재고 SELECT ‸ FROM orders", {"수량"}, {"이름"}),
        ("MERGE INTO ‸", {"재고", "orders"}, set()),
        ("MERGE INTO 재고 ‸", {"AS", "USING"}, set()),
        ("MERGE INTO 재고 USING ‸", {"재고", "orders"}, set()),
        ("MERGE INTO 재고 USING orders o ‸", {"ON", "USING"}, set()),
        ("MERGE INTO 재고 USING orders o USING (‸", {"k"}, set()),
        ("MERGE INTO 재고 t USING orders AS o ON t.‸", {"이름", "n"}, {"수량"}),
        ("MERGE INTO 재고 t USING orders AS o ON o.‸", {"수량"}, {"이름"}),
        ("MERGE INTO 재고 USING orders o ON 재고.k = o.k ‸", {"WHEN"}, set()),
        ("MERGE INTO 재고 USING orders o ON true WHEN ‸", {"MATCHED", "NOT"}, set()),
        ("MERGE INTO 재고 USING orders o ON true WHEN MATCHED ‸", {"AND", "THEN"}, set()),
        (
            "MERGE INTO 재고 USING orders o ON true WHEN NOT MATCHED THEN ‸",
            {"INSERT", "DO", "ERROR"},
            {"DELETE", "UPDATE"},
        ),
        (
            "MERGE INTO 재고 USING orders o ON true WHEN MATCHED THEN ‸",
            {"UPDATE", "DELETE", "DO"},
            {"INSERT"},
        ),
        ("MERGE INTO 재고 USING orders o ON true WHEN MATCHED THEN UPDATE SET ‸", {"n"}, {"수량"}),
        ("MERGE INTO 재고 USING orders o ON true WHEN MATCHED THEN UPDATE SET n = ‸", {"n", "수량"}, set()),
        ("UPDATE 재고 ‸", {"AS", "SET"}, set()),
        ("UPDATE 재고 SET n = 1 FROM ‸", {"orders"}, set()),
        ("UPDATE 재고 a SET n = o.‸ FROM orders o", {"수량"}, {"이름"}),
        ("UPDATE 재고 AS a SET n = a.‸ FROM orders o", {"이름"}, {"수량"}),
        ("UPDATE 재고 SET n = 1 FROM orders o JOIN more m ON m.‸", {"x"}, {"이름", "수량"}),
        ("UPDATE 재고 SET n = (SELECT max(‸) FROM more)", {"x", "n"}, {"수량"}),
        ("UPDATE 재고 SET n = 1 FROM orders RETURNING ‸", {"k", "이름"}, {"수량"}),
        ("UPDATE 재고 SET n = 1 FROM orders RETURNING (SELECT max(‸) FROM more)", {"x", "이름"}, {"수량"}),
        ("WITH q AS (SELECT 수량 AS 개수 FROM orders) UPDATE 재고 SET n = q.‸ FROM q", {"개수"}, {"이름"}),
        ("WITH q AS (SELECT 수량 AS 개수 FROM orders) UPDATE 재고 SET ‸", {"이름"}, {"개수"}),
        ("WITH q AS (SELECT 1 AS 하나) ‸", {"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"}, set()),
        ("DELETE FROM 재고 ‸", {"USING", "WHERE", "RETURNING", "AS"}, set()),
        ("DELETE FROM 재고 AS t USING orders o WHERE o.‸", {"수량"}, {"이름"}),
        ("DELETE FROM 재고 USING ‸", {"orders"}, set()),
        ("DELETE FROM 재고 USING orders RETURNING ‸", {"k", "이름"}, {"수량"}),
        ("TRUNCATE ‸", {"TABLE", "재고"}, set()),
        ("ALTER TABLE 재고 ‸", {"RENAME", "ADD", "DROP", "ALTER"}, set()),
        ("ALTER TABLE 재고 ALTER ‸", {"COLUMN", "k", "이름"}, set()),
        ("ALTER TABLE 재고 ALTER n ‸", {"TYPE", "SET"}, set()),
        ("CREATE TABLE t ‸", {"AS"}, set()),
        ("DROP TABLE 재고 ‸", {"CASCADE", "RESTRICT"}, set()),
    ],
)
def test_what_fits_is_offered(text, offered, not_offered):
    names = set(texts(text))
    assert offered - names == set()
    assert not_offered & names == set()


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO 재고 AS s SELECT k, '', 수량 FROM orders ON CONFLICT (k) DO UPDATE SET n = s.n + excluded.n WHERE s.n < excluded.n RETURNING *, n + 1 AS m",
        "WITH q AS (SELECT k, 수량 FROM orders), r AS (FROM q) INSERT INTO 재고 (k, n) SELECT k, 수량 FROM r",
        "WITH q AS (SELECT k, 수량 AS 개수 FROM orders) UPDATE 재고 SET n = 개수 FROM q WHERE q.k = 재고.k AND 재고.n IN (SELECT 개수 FROM q)",
        "UPDATE 재고 a SET (n, 이름) = (o.수량, a.이름 || m.x) FROM orders o JOIN more m ON m.x = o.k WHERE a.k = o.k RETURNING a.n, 이름",
        "UPDATE 재고 SET n = q.b FROM (SELECT k AS a, 수량 AS b FROM orders) AS q WHERE a = 재고.k",
        "UPDATE 재고 SET n = v.b FROM (VALUES (1, 2)) v(a, b) WHERE v.a = k",
        "DELETE FROM 재고 AS t USING orders, more m WHERE t.k = orders.k AND m.x = 수량 RETURNING t.*",
        "WITH q AS (SELECT 1 AS z) DELETE FROM 재고 USING q WHERE z = k",
        "MERGE INTO 재고 AS t USING orders ON t.k = orders.k WHEN MATCHED AND 수량 > n THEN UPDATE SET n = 수량 "
        "WHEN NOT MATCHED AND 수량 > 1 THEN INSERT (k, n) VALUES (k, 수량 + 1) "
        "WHEN NOT MATCHED BY SOURCE AND n > 1 THEN DELETE RETURNING merge_action, n",
        "MERGE INTO 재고 USING (SELECT k, 수량 AS 개수 FROM orders) AS s USING (k) WHEN MATCHED THEN UPDATE SET n = s.개수",
        "WITH q AS (FROM orders) MERGE INTO 재고 USING q ON q.k = 재고.k WHEN MATCHED THEN UPDATE SET n = q.수량",
        "MERGE INTO 재고 USING (VALUES (1, 2)) v(a, b) ON v.a = k WHEN MATCHED THEN UPDATE SET n = b",
        "ALTER TABLE 재고 ALTER n TYPE VARCHAR USING n || 이름",
        "CREATE TABLE t (a INT); INSERT INTO t (a) VALUES (1); ALTER TABLE t ADD b INT DEFAULT 5; SELECT b FROM t",
        "CREATE TABLE t (가, 나) AS SELECT k, n FROM 재고; SELECT 가, 나 FROM t",
        "TRUNCATE 재고",
    ],
)
def test_what_is_right_is_not_wrong(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ("INSERT INTO 재고 BY NAME SELECT k, 수량 FROM orders", "TS202", "SELECT k, 수량 FROM orders"),
        ("INSERT INTO 재고 FROM 재고 ON CONFLICT (키) DO NOTHING", "TS202", "키"),
        (
            "INSERT INTO 재고 FROM 재고 ON CONFLICT (k) DO UPDATE SET n = excluded.수량",
            "TS202",
            "수량",
        ),
        ("INSERT INTO 재고 FROM 재고 ON CONFLICT DO NOTHING", "TS105", "ON CONFLICT"),
        ("INSERT INTO 재고 FROM 재고 RETURNING 수량", "TS202", "수량"),
        ("UPDATE 재고 SET n = o.이름 FROM orders o", "TS202", "이름"),
        ("UPDATE 재고 SET n = 1 FROM oders", "TS201", "oders"),
        ("UPDATE 재고 a SET n = 재고.n", "TS201", "재고"),
        ("WITH q AS (SELECT 1 AS z) UPDATE 재고 SET n = q.y FROM q", "TS202", "y"),
        ("DELETE FROM 재고 USING orders WHERE 재고.수량 = 1", "TS202", "수량"),
        ("DELETE FROM 재고 USING orders RETURNING 수량", "TS202", "수량"),
        ("MERGE INTO 재고 USING orders ON 재고.k = orders.id WHEN MATCHED THEN DELETE", "TS202", "id"),
        (
            "MERGE INTO 재고 USING orders USING (k) WHEN NOT MATCHED THEN INSERT (k) VALUES (이름)",
            "TS202",
            "이름",
        ),
        ("MERGE INTO 재고 USING orders USING (k) WHEN MATCHED THEN UPDATE SET 수량 = 1", "TS202", "수량"),
        (
            "MERGE INTO 재고 USING orders USING (k) WHEN MATCHED THEN DELETE WHEN MATCHED THEN DELETE",
            "TS105",
            "WHEN MATCHED THEN DELETE",
        ),
        ("MERGE INTO 재고 USING oders USING (k) WHEN MATCHED THEN DELETE", "TS201", "oders"),
        ("CREATE TABLE t (a INT PRIMARY KEY)", "TS600", "PRIMARY KEY"),
        ("ALTER TABLE 재고 ALTER n TYPE VARCHAR USING 수량", "TS202", "수량"),
    ],
)
def test_what_is_wrong_is_marked(text, code, marked):
    assert found(text) == [(code, marked)]


def test_names_are_what_they_stand_for():
    text = "MERGE INTO 재고 AS t USING orders o ON t.k = o.k WHEN MATCHED THEN UPDATE SET n = o.수량 + t.n"
    (part,) = Document(text, KNOWN).parts
    kinds = {
        (text[slice(*item.span)], item.kind, item.table.name if item.table else None)
        for item in occurrences(part)
        if item.kind in ("table", "column", "alias")
    }
    assert ("수량", "column", "orders") in kinds
    assert ("재고", "table", "재고") in kinds
    assert ("orders", "table", "orders") in kinds
    assert ("t", "alias", None) in kinds
