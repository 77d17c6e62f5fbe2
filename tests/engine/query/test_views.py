"""Views: a name in FROM that stands for a query, as if that stood there in parentheses."""

from __future__ import annotations

import json

import pytest

from thanosql_kernel.duck.tree import walk
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.runtime import StatementRuntime
from thanosql_kernel.statements.cell import parse_statement


def test_a_view_gives_the_rows_of_its_query(views):
    assert views.rows("SELECT id, label FROM 고양이") == [
        {"id": 1, "label": "cat"},
        {"id": 3, "label": "cat"},
    ]
    assert views.rows("FROM pairs") == [{"번호": 1, "이름": "cat"}, {"번호": 3, "이름": "cat"}]
    assert views.rows("SELECT 번호 FROM Pairs p WHERE p.번호 > 1") == [{"번호": 3}]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM t JOIN 고양이 USING (id)",
        "SELECT id FROM t WHERE id IN (SELECT id FROM 고양이)",
        "WITH c AS (SELECT * FROM 고양이) SELECT id FROM c",
        "SELECT a.id FROM (고양이 a JOIN 고양이 b USING (id))",
        "SELECT id FROM t, pairs WHERE id = 번호",
        "SELECT id FROM (FROM (FROM 고양이))",
    ],
)
def test_a_view_may_stand_wherever_a_table_may(views, query):
    assert [row["id"] for row in views.rows(f"{query} ORDER BY id")] == [1, 3]


def test_a_view_is_read_as_things_are_then(views):
    views.run("INSERT INTO t (id, label) VALUES (7, 'cat')")
    assert [row["번호"] for row in views.rows("FROM pairs")] == [1, 3, 7]
    views.run("ALTER TABLE t ADD COLUMN extra INTEGER")
    assert "extra" in views.rows("SELECT * FROM 고양이")[0]
    views.run("DROP TABLE t; CREATE TABLE t AS SELECT 'cat' AS label, 9 AS id")
    assert views.rows("FROM pairs") == [{"번호": 9, "이름": "cat"}]


@pytest.mark.parametrize(
    "cell", ["FROM pairs", "SELECT count(*) FROM pairs WHERE 번호 > 1", "EXPORT pairs TO 'x.csv'"]
)
def test_a_table_that_is_gone_is_named_with_the_view_that_reads_it(views, cell):
    views.run("DROP TABLE t")
    error = views.fail(cell)
    assert (error.code, cell[slice(*error.span)]) == ("TS201", "pairs")
    assert error.message == "no table named t, which the view 고양이 reads"
    assert "CREATE OR REPLACE VIEW 고양이" in error.hint


def test_a_name_of_with_is_no_view_and_no_view_is_asked_for_it(views):
    views.run("DROP TABLE t")
    assert views.rows("WITH pairs AS (SELECT 5 AS x) SELECT x FROM pairs") == [{"x": 5}]
    assert views.rows("SELECT pairs FROM (SELECT 6 AS pairs)") == [{"pairs": 6}]


def test_a_name_of_with_around_a_view_is_nothing_to_the_view(views):
    assert views.rows("WITH t AS (SELECT 'cat' AS label, 99 AS id) SELECT v.id FROM 고양이 AS v, t") == [
        {"id": 1},
        {"id": 3},
    ]


def test_a_view_of_its_own_name_given_by_with_is_no_circle(world):
    world.run("CREATE VIEW z AS WITH z AS (SELECT 5 AS i) SELECT * FROM z")
    world.run(
        "CREATE VIEW r AS WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 3) FROM r"
    )
    assert world.rows("SELECT i, n FROM z, r") == [{"i": 5, "n": 1}, {"i": 5, "n": 2}, {"i": 5, "n": 3}]


# -- what goes wrong in a view's text ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("SELECT * FROM broken", "broken"),
        ("SELECT    n + 1 FROM broken WHERE id > -1", "broken"),
        ("SELECT 번호 FROM 사진, above", "above"),
    ],
)
def test_a_value_that_fails_in_a_view_is_told_where_the_cell_names_the_view(views, query, marked):
    views.run("CREATE VIEW broken AS SELECT id, CAST(label AS INTEGER) AS n FROM t")
    views.run("CREATE VIEW above AS SELECT * FROM broken WHERE n > 0")
    error = views.fail(query)
    assert (error.code, query[slice(*error.span)]) == ("TS301", marked)
    assert error.message.endswith("(in the view broken)")


def test_a_column_that_fails_and_is_not_read_does_no_harm(views):
    views.run("CREATE VIEW broken AS SELECT id, CAST(label AS INTEGER) AS n FROM t")
    assert len(views.rows("SELECT id FROM broken")) == 6


def test_a_column_that_a_view_lost_is_told_with_the_view(views):
    views.run("ALTER TABLE t DROP COLUMN label")
    error = views.fail("SELECT 번호 FROM pairs")
    assert (error.code, error.message) == ("TS202", "no column named label (in the view 고양이)")


def test_an_error_of_the_cell_keeps_its_place_beside_a_view(views):
    assert views.marked("SELECT 번호, nix FROM pairs") == ("TS202", "nix")
    assert views.marked("SELECT CAST(이름 AS INTEGER) FROM pairs") == ("TS301", "CAST(이름 AS INTEGER)")


# -- reading it is reading its query -------------------------------------------------------------------------
def evaluated(world, text):
    """The relation of a query, and what lets its statement go."""
    runtime = StatementRuntime(world.session.database, world.folder)
    return runtime.evaluate(parse_statement(text).queries[0]), runtime


def test_a_view_that_is_all_of_a_table_is_that_table(photos):
    photos.run("CREATE VIEW alle AS SELECT * FROM t; CREATE VIEW wieder AS (FROM (SELECT * FROM alle))")
    rows, runtime = evaluated(photos, "SELECT * FROM wieder")
    assert isinstance(rows, StoredRelation)
    runtime.close()


@pytest.mark.parametrize(
    "view",
    [
        "SELECT * FROM t WHERE label = 'cat'",
        "SELECT *, random() AS chance FROM t",
        "SELECT * FROM (SELECT * FROM t) USING SAMPLE 100%",
    ],
)
def test_vectors_are_not_read_where_nobody_asks_for_them(photos, view):
    photos.run(f"CREATE VIEW 보기 AS {view}")
    assert not scans(photos, "SELECT id FROM 보기 LIMIT 5", "v")
    assert not scans(photos, "SELECT count(*) AS n FROM 보기", "v")
    assert scans(photos, "SELECT id, v FROM 보기", "v")


def scans(world, query, column):
    """Whether DuckDB's plan of a query, as it is written, reads a column of a stored table."""
    rows, runtime = evaluated(world, query)
    assert isinstance(rows, SqlRelation)
    plan = json.loads(runtime.duck.execute(f"EXPLAIN (FORMAT JSON) {rows.sql}")[0][1])
    found = [part for part in walk(plan) if "ARROW_SCAN" in str(part.get("name"))]
    runtime.close()
    read = [part["extra_info"].get("Projections", []) for part in found]
    assert read
    return any(column in ([names] if isinstance(names, str) else names) for names in read)


def test_chance_is_drawn_anew_by_each_reading_and_once_by_one(photos):
    photos.run("CREATE VIEW dice AS SELECT id, random() AS r FROM t")
    once = photos.rows("SELECT r FROM dice ORDER BY id")
    assert photos.rows("SELECT r FROM dice ORDER BY id") != once
    twice = photos.rows("SELECT a.r = b.r AS same FROM dice a JOIN dice b USING (id)")
    assert [row["same"] for row in twice] == [False] * 6
    photos.session.settings["display.rows"] = 2
    shown = photos.run("SELECT * FROM dice WHERE r >= 0 ORDER BY r", number=7)[0].rows.to_pylist()
    assert photos.rows("SELECT * FROM _7 ORDER BY r LIMIT 2") == shown


def test_generated_columns_are_known_through_views(photos):
    photos.run("CONVERT USING mini OPTIONS(text_col='label', result_col='뜻') AS SELECT * FROM t")
    photos.run(
        "CREATE VIEW cats AS SELECT * FROM t WHERE label = 'cat'; CREATE VIEW n (글, m) AS SELECT label, 뜻 FROM cats"
    )
    described = {row["column_name"]: row["made_by"] for row in photos.rows("DESCRIBE n")}
    assert described == {"글": None, "m": "mini (mini) from 글"}
    found = photos.rows(
        "SEARCH TEXT text='cat' USING mini OPTIONS(emb_col='m', result_col='s') AS SELECT * FROM n"
    )
    assert len(found) == 2
    assert found[0]["s"] > 0.9


def test_a_search_may_be_a_view(photos):
    photos.run("CONVERT USING mini OPTIONS(text_col='label', result_col='뜻') AS SELECT * FROM t")
    search = "SEARCH TEXT text='고양이' USING mini OPTIONS(emb_col='뜻', result_col='s') AS SELECT * FROM t"
    photos.run(
        f"CREATE VIEW near AS {search}; CREATE VIEW best AS SELECT id, s FROM ({search}) WHERE s > 0.3"
    )
    wanted = photos.rows(f"SELECT id, s FROM ({search}) ORDER BY s DESC NULLS LAST, id LIMIT 3")
    assert photos.rows("SELECT id, s FROM near ORDER BY s DESC NULLS LAST, id LIMIT 3") == wanted
    assert photos.rows("SELECT * FROM best ORDER BY s DESC, id LIMIT 3") == wanted
    photos.run("INSERT INTO t (id, label) VALUES (8, '고양이')")
    assert photos.run("SELECT count(*) FROM near")[0].notices  # one more row without a vector


def test_making_and_describing_a_view_runs_none_of_what_is_nested(photos, monkeypatch):
    photos.run("CONVERT USING mini OPTIONS(text_col='label', result_col='뜻') AS SELECT * FROM t")

    def refuse(*_, **__):
        raise AssertionError("a search ran")

    monkeypatch.setattr(StatementRuntime, "similarity", refuse)
    monkeypatch.setattr(StatementRuntime, "embed", refuse)
    photos.run(
        "CREATE VIEW near AS SEARCH TEXT text='x' USING mini OPTIONS(emb_col='뜻') AS SELECT id, 뜻 FROM t"
    )
    photos.run(
        "CREATE VIEW made AS SELECT * FROM (CONVERT USING mini OPTIONS(text_col='label') AS SELECT label FROM t)"
    )
    assert [row["column_name"] for row in photos.rows("DESCRIBE near")] == [
        "id",
        "뜻",
        "mini_clipmini_similarity1",
    ]
    assert [row["type"] for row in photos.rows("DESCRIBE SELECT * FROM made")] == ["VARCHAR", "FLOAT[512]"]
    assert {row["name"] for row in photos.rows("LIST VIEW")} == {"made", "near"}


def test_convert_over_a_view_says_what_is_not_kept(photos):
    photos.run("CREATE VIEW alle AS SELECT * FROM t; CREATE VIEW cats AS SELECT * FROM t WHERE label = 'cat'")
    cell = "CONVERT USING mini OPTIONS(text_col='label', result_col='m') AS SELECT * FROM {}"
    notices = photos.run(cell.format("alle"))[0].notices
    assert any("alle is a view" in text and "AS SELECT * FROM t stores it there" in text for text in notices)
    notices = photos.run(cell.format("cats"))[0].notices
    assert any(text.startswith("cats is a view") and "table_name='…'" in text for text in notices)
    assert photos.session.catalog.table("t").column("m") is None
    error = photos.fail("SEARCH TEXT text='x' USING mini AS SELECT * FROM alle")
    assert "table_name='t') AS SELECT * FROM t" in error.hint
    photos.run(
        "CONVERT USING mini OPTIONS(text_col='label', result_col='m', table_name='t') AS SELECT * FROM alle"
    )
    assert photos.session.catalog.table("t").column("m").generated.model == "mini"


# -- where views are told of ---------------------------------------------------------------------------------
def test_lists_tell_views_from_tables(views):
    rows = {row["name"]: row for row in views.rows("LIST TABLE")}
    assert rows["pairs"] == {"name": "pairs", "kind": "view", "rows": None, "columns": "번호, 이름"}
    assert (rows["t"]["kind"], rows["t"]["rows"]) == ("table", 6)
    assert views.rows("SELECT query FROM (SHOW VIEWS) WHERE name = 'pairs'") == [
        {"query": "SELECT id, label FROM 고양이"}
    ]
    assert [row["type"] for row in views.rows("DESCRIBE pairs")] == ["BIGINT", "VARCHAR"]
    assert [row["column_name"] for row in views.rows("SUMMARIZE pairs")] == ["번호", "이름"]


def test_catalogues_of_sql_know_views(views):
    views.run("CREATE VIEW names AS SELECT name FROM (LIST TABLE)")
    kinds = views.rows("SELECT table_name AS n, table_type AS k FROM information_schema.tables ORDER BY n")
    assert {row["n"]: row["k"] for row in kinds} == {
        **dict.fromkeys(("t", "사진", "empty"), "BASE TABLE"),
        **dict.fromkeys(("고양이", "pairs", "names"), "VIEW"),
    }
    texts = views.rows("SELECT view_name AS n, sql FROM duckdb_views() WHERE NOT internal")
    assert {row["n"]: row["sql"] for row in texts} == {
        "고양이": "CREATE VIEW 고양이 AS SELECT * FROM t WHERE label = 'cat'",
        "pairs": "CREATE VIEW pairs (번호, 이름) AS SELECT id, label FROM 고양이",
        "names": "CREATE VIEW names AS SELECT name FROM (LIST TABLE)",
    }
    columns = views.rows(
        "SELECT column_name AS c, data_type AS k FROM information_schema.columns WHERE table_name = 'pairs' ORDER BY c"
    )
    assert columns == [{"c": "번호", "k": "BIGINT"}, {"c": "이름", "k": "VARCHAR"}]


def test_results_exports_and_changes_read_views(views):
    views.run("SELECT * FROM pairs", number=4)
    views.run("INSERT INTO t (id, label) VALUES (7, 'cat')")
    assert [row["번호"] for row in views.rows("SELECT * FROM _4")] == [1, 3]
    views.run(
        "EXPORT pairs TO 'pairs.csv'; UPDATE t SET label = 'tiger' WHERE id IN (SELECT 번호 FROM pairs WHERE 번호 > 3)"
    )
    assert (views.folder / "pairs.csv").read_text("utf-8-sig").split() == [
        "번호,이름",
        "1,cat",
        "3,cat",
        "7,cat",
    ]
    views.run("DELETE FROM t WHERE id IN (SELECT 번호 FROM pairs)")
    assert views.rows("SELECT id, label FROM t ORDER BY id")[-1] == {"id": 7, "label": "tiger"}
    views.run(
        "CREATE TABLE kept AS SELECT * FROM pairs; INSERT INTO kept SELECT id, label FROM t; DROP VIEW pairs"
    )
    assert len(views.rows("FROM kept")) == 5
