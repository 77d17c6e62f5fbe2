"""Hover tells the types of what queries make, and completion offers it: aliases, stars, subqueries, CTEs, functions."""

from __future__ import annotations

import sys
from pathlib import Path
from types import MappingProxyType

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog, Column, Table


def table(name, **columns):
    return Table(name, tuple(Column(column, kind) for column, kind in columns.items()), 3, name, 1)


TABLES = (
    table("photos", id="BIGINT", label="VARCHAR", price="DOUBLE", day="DATE", tags="VARCHAR[]",
          st="STRUCT(x INTEGER, y VARCHAR)", m="MAP(VARCHAR, INTEGER)", vec="FLOAT[3]"),
    table("labels", id="INTEGER", label="VARCHAR", rank="INTEGER"),
    table("사진", 번호="INTEGER", 이름="VARCHAR"),
)  # fmt: skip
CATALOG = Catalog(tables=MappingProxyType({item.name: item for item in TABLES}))
W = "WITH w AS (SELECT label, count(*) AS n FROM photos GROUP BY ALL)"

#: ``^`` stands behind the word that is pointed at; then what is told of it.
HOVERED = [
    ("SELECT price * 2 AS twice^ FROM photos", "DOUBLE"),
    ("SELECT price * 2 AS twice, twice^ + 1 FROM photos", "DOUBLE"),
    ("SELECT n^: count(*) FROM photos", "BIGINT"),
    ("SELECT upper(이름) 큰이름^ FROM 사진", "VARCHAR"),
    ("SELECT label, count(*) AS n FROM photos GROUP BY label HAVING n^ > 1", "BIGINT"),
    ("SELECT label, avg(price) AS n FROM photos GROUP BY label ORDER BY n^", "DOUBLE"),
    ("SELECT id, row_number() OVER (ORDER BY id) AS rn^ FROM photos", "BIGINT"),
    ("SELECT CASE WHEN id > 1 THEN day END AS d^ FROM photos", "DATE"),
    ("SELECT {'a': id, 'b': label} AS s^ FROM photos", "STRUCT(a BIGINT, b VARCHAR)"),
    ("SELECT list_transform(tags, lambda t: len(t)) AS lengths^ FROM photos", "BIGINT[]"),
    ("SELECT s.twice^ FROM (SELECT price * 2 AS twice FROM photos) s", "DOUBLE"),
    ("SELECT s.a FROM (SELECT day + 1 AS a^ FROM photos) s", "DATE"),
    ("SELECT (SELECT max(rank) AS best^ FROM labels) FROM photos", "INTEGER"),
    ("SELECT s^.twice FROM (SELECT price * 2 AS twice FROM photos) s", "twice DOUBLE"),
    (f"{W} SELECT n^ FROM w", "BIGINT"),
    (f"{W} SELECT w^.n FROM w", "label VARCHAR\n- n BIGINT"),
    (f"{W} SELECT * FROM w^", "label VARCHAR\n- n BIGINT"),
    ("WITH w(a, b) AS (SELECT label, count(*) FROM photos GROUP BY ALL) SELECT b^ FROM w", "BIGINT"),
    ("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n^ FROM r", "INTEGER"),
    ("SELECT i^ FROM range(5) t(i)", "BIGINT"),
    ("SELECT range^ FROM range(5)", "BIGINT"),
    ("SELECT d^ FROM generate_series(DATE '2024-01-01', DATE '2024-02-01', INTERVAL 1 DAY) g(d)", "TIMESTAMP"),
    ("SELECT u.v^ FROM unnest(['a']) u(v)", "VARCHAR"),
    ("SELECT tag^ FROM (SELECT unnest(tags) AS tag FROM photos)", "VARCHAR"),
    ("SELECT b^ FROM (VALUES (1, 'x')) t(a, b)", "VARCHAR"),
    ("SELECT q.mean^ FROM labels JOIN (SELECT label, avg(price) AS mean FROM photos GROUP BY 1) q USING (label)", "DOUBLE"),
    ("SELECT column_name^ FROM (DESCRIBE photos)", "VARCHAR"),
    ("SELECT st.x^ FROM photos", "INTEGER"),
    ("UPDATE photos SET price = id^ + 1", "BIGINT"),
    ("CREATE TABLE made AS SELECT id, label || 'x' AS lx FROM photos;\nSELECT lx^ FROM made", "VARCHAR"),
    ("SELECT *^ FROM labels", "columns\n- id INTEGER\n- label VARCHAR\n- rank INTEGER"),
    ("SELECT *^ EXCLUDE (rank) FROM labels", "columns\n- id INTEGER\n- label VARCHAR"),
    ("SELECT p.id, l.*^ FROM photos p JOIN labels l USING (id)", "columns\n- id INTEGER\n- label VARCHAR\n- rank INTEGER"),
    ("SELECT *^ FROM (SELECT price * 2 AS twice FROM photos)", "columns\n- twice DOUBLE"),
    (f"{W} SELECT *^ FROM w", "columns\n- label VARCHAR\n- n BIGINT"),
    ("SELECT *^ FROM range(3) t(i)", "columns\n- i BIGINT"),
]  # fmt: skip

#: ``^`` is the caret; then the columns that are offered, with their types.
COMPLETED = [
    ("SELECT s.^ FROM (SELECT price * 2 AS twice FROM photos) s", {"twice": "DOUBLE"}),
    (f"{W} SELECT w.^ FROM w", {"label": "VARCHAR", "n": "BIGINT"}),
    ("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT r.^ FROM r", {"n": "INTEGER"}),
    ("SELECT t.^ FROM range(5) t(i)", {"i": "BIGINT"}),
    ("SELECT range.^ FROM range(5)", {"range": "BIGINT"}),
    ("SELECT u.^ FROM unnest(['a']) u(v)", {"v": "VARCHAR"}),
    ("SELECT t.^ FROM (VALUES (1, 'x')) t(a, b)", {"a": "INTEGER", "b": "VARCHAR"}),
    ("SELECT r.^ FROM (DESCRIBE photos) r", {"column_name": "VARCHAR", "type": "VARCHAR", "made_by": "VARCHAR"}),
    ("SELECT s.^ FROM (SELECT * RENAME (label AS 라벨) FROM labels) s", {"id": "INTEGER", "라벨": "VARCHAR", "rank": "INTEGER"}),
    ("SELECT s.^ FROM (SELECT * EXCLUDE (id, rank) FROM labels) s", {"label": "VARCHAR"}),
    ("SELECT x.^ FROM photos p, LATERAL (SELECT p.price AS a) x", {"a": ""}),
    ("SELECT s.^ FROM (SELECT unnest(tags) AS tag FROM photos) s", {"tag": "VARCHAR"}),
    ("SELECT s.^ FROM (SELECT label, sum(price) AS total FROM photos GROUP BY label) s", {"label": "VARCHAR", "total": "DOUBLE"}),
    ("SELECT u.^ FROM (SELECT id FROM photos UNION ALL SELECT rank FROM labels) u", {"id": "BIGINT"}),
    ("CREATE TABLE made AS SELECT id, label || 'x' AS lx FROM photos;\nSELECT made.^ FROM made", {"id": "BIGINT", "lx": "VARCHAR"}),
    ("SELECT st.^ FROM photos", {"x": "INTEGER", "y": "VARCHAR"}),
    ("SELECT p.st.^ FROM photos p", {"x": "INTEGER", "y": "VARCHAR"}),
    ("SELECT s.a.^ FROM (SELECT {'a': {'deep': 1}} AS s)", {"deep": "INTEGER"}),
    ("SELECT e.^ FROM (SELECT unnest(map_entries(m)) AS e FROM photos)", {"key": "VARCHAR", "value": "INTEGER"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), HOVERED)
def test_hover_tells_types(text, told):
    at = text.index("^")
    found = hover(Document(text.replace("^", "", 1), CATALOG), at)
    assert found is not None
    assert told in found.plain


@pytest.mark.parametrize(("text", "columns"), COMPLETED)
def test_completion_knows_columns(text, columns):
    at = text.index("^")
    found = complete(Document(text.replace("^", "", 1), CATALOG), at)
    assert {item.text: item.detail for item in found if item.kind in ("column", "field")} == columns


def test_columns_of_catalogues_and_summaries_are_offered():
    for text, name in (
        ("SELECT c.^ FROM information_schema.columns c", "table_name"),
        ("SELECT f.^ FROM duckdb_functions() f", "function_name"),
        ("SELECT s.^ FROM (SUMMARIZE photos) s", "approx_unique"),
    ):
        at = text.index("^")
        names = [item.text for item in complete(Document(text.replace("^", "", 1), CATALOG), at)]
        assert name in names
