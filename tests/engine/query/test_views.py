"""Views: a name in FROM that stands for a query, as if that stood there in parentheses."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from thanosql_kernel.duck.tree import walk
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.runtime import StatementRuntime
from thanosql_kernel.statements.cell import parse_statement


@pytest.fixture
def views(photos):
    """The photos with some views."""
    photos.run("CREATE VIEW 고양이 AS SELECT * FROM t WHERE label = 'cat'")
    photos.run("CREATE VIEW pairs (번호, 이름) AS SELECT id, label FROM 고양이")
    return photos


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


# -- names that tables and views share -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("CREATE VIEW t AS SELECT 1 AS a", "TS204", "t"),
        ("CREATE OR REPLACE VIEW T AS SELECT 1 AS a", "TS204", "T"),
        ("CREATE VIEW 고양이 AS SELECT 1 AS a", "TS204", "고양이"),
        ("CREATE TABLE pairs AS SELECT 1 AS a", "TS204", "pairs"),
        ("CREATE OR REPLACE TABLE Pairs AS SELECT 1 AS a", "TS204", "Pairs"),
        ("COPY pairs FROM '[{\"a\": 1}]'", "TS204", "pairs"),
        ("ALTER TABLE t RENAME TO pairs", "TS204", "pairs"),
        ("ALTER VIEW pairs RENAME TO t", "TS204", "t"),
        ("ALTER VIEW pairs RENAME TO 고양이", "TS204", "고양이"),
        ("DROP TABLE pairs", "TS220", "pairs"),
        ("DROP TABLE IF EXISTS pairs", "TS220", "pairs"),
        ("DROP VIEW t", "TS220", "t"),
        ("DROP VIEW IF EXISTS t", "TS220", "t"),
        ("ALTER VIEW t RENAME TO u", "TS220", "t"),
        ("ALTER TABLE pairs RENAME TO u", "TS220", "pairs"),
        ("ALTER TABLE pairs DROP COLUMN 번호", "TS220", "pairs"),
        ("INSERT INTO pairs VALUES (1, 'x')", "TS220", "pairs"),
        ("UPDATE pairs SET 번호 = 1", "TS220", "pairs"),
        ("DELETE FROM pairs", "TS220", "pairs"),
        ("VACUUM pairs", "TS220", "pairs"),
        ("RESTORE pairs", "TS220", "pairs"),
        ("SHOW VERSIONS pairs", "TS220", "pairs"),
        ("DROP VIEW nix", "TS201", "nix"),
        ("DESCRIBE nix", "TS201", "nix"),
    ],
)
def test_names_are_shared_and_each_kind_has_its_own_statements(views, cell, code, marked):
    before = views.session.catalog
    assert views.marked(cell) == (code, marked)
    assert views.fail(cell).hint
    assert views.session.catalog == before


def test_what_may_be_there_already_is_left_as_it_is(views):
    for cell in (
        "CREATE VIEW IF NOT EXISTS pairs AS SELECT 1 AS a",
        "CREATE TABLE IF NOT EXISTS pairs AS SELECT 1 AS a",
    ):
        assert views.run(cell)[0].text == "view pairs exists already; nothing was done"
    assert views.run("CREATE VIEW IF NOT EXISTS t AS SELECT 1 AS a")[0].text.startswith("table t exists")
    assert views.run("DROP VIEW IF EXISTS nix")[0].text == "there is no view nix; nothing was done"
    assert len(views.rows("FROM pairs")) == 2


def test_a_view_is_replaced_renamed_and_dropped(views):
    views.run(
        "CREATE OR REPLACE VIEW 고양이 AS SELECT * FROM t WHERE label = 'dog'; ALTER VIEW pairs RENAME TO 짝"
    )
    assert [row["번호"] for row in views.rows("FROM 짝")] == [2, 6]
    views.run("DROP VIEW 짝")
    assert views.fail("FROM 짝").code == "TS201"
    assert sorted(views.session.catalog.tables) == ["empty", "t", "사진"]


# -- circles -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("CREATE VIEW self AS SELECT * FROM (SELECT * FROM Self)", "the view self reads itself"),
        (
            "CREATE OR REPLACE VIEW 고양이 AS FROM pairs",
            "views read each other in a circle: 고양이 → pairs → 고양이",
        ),
        (
            "CREATE OR REPLACE VIEW 고양이 AS SELECT * FROM t WHERE id IN (SELECT 번호 FROM pairs)",
            "views read each other in a circle: 고양이 → pairs → 고양이",
        ),
        (
            "CREATE OR REPLACE VIEW 고양이 AS SELECT column_name AS id, type AS label FROM (DESCRIBE pairs)",
            "views read each other in a circle: 고양이 → pairs → 고양이",
        ),
    ],
)
def test_views_cannot_be_made_to_read_each_other(views, cell, told):
    error = views.fail(cell)
    assert (error.code, error.message) == ("TS221", told)
    assert len(views.rows("FROM pairs")) == 2


def test_a_view_cannot_be_renamed_into_a_circle(world):
    world.run(
        "CREATE TABLE b AS SELECT 1 AS x; CREATE VIEW a AS FROM b; CREATE VIEW c AS FROM a; DROP TABLE b"
    )
    error = world.fail("ALTER VIEW c RENAME TO b")
    assert (error.code, error.message) == ("TS221", "views read each other in a circle: b → a → b")


def by_hand(world, **texts):
    """Views written into the catalogue's file by somebody."""
    path = world.session.location.internal / "catalog.json"
    data = json.loads(path.read_text("utf-8"))
    data["format"] = 2
    data["views"] = [{"name": name, "sql": sql} for name, sql in texts.items()]
    path.write_text(json.dumps(data), "utf-8")


@pytest.mark.parametrize("cell", ["FROM a", "SELECT count(*) FROM a, t", "DESCRIBE a", "EXPORT a TO 'a.csv'"])
def test_a_circle_that_somebody_wrote_is_told_and_harms_nothing_else(photos, cell):
    by_hand(photos, a="SELECT * FROM b", b="SELECT * FROM a WHERE true", 사진첩="SELECT * FROM 사진")
    error = photos.fail(cell)
    assert (error.code, cell[slice(*error.span)]) == ("TS221", "a")
    assert len(photos.rows("FROM 사진첩")) == 3
    listed = {row["name"]: row["columns"] for row in photos.rows("LIST VIEW")}
    assert listed == {"a": "(cannot be read)", "b": "(cannot be read)", "사진첩": "번호, 이름, Id"}


def test_a_circle_of_descriptions_ends(photos):
    by_hand(photos, a="SELECT * FROM b", b="SELECT * FROM (DESCRIBE SELECT * FROM a)")
    assert [row["column_name"] for row in photos.rows("FROM a")] == ["column_name", "type", "made_by"]


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT * FROM", "TS105"),
        ("nix", "TS100"),
        ("SELECT 1; SELECT 2", "TS105"),
        ("CONVERT USING mini OPTIONS(text_col='label', table_name='t2') AS SELECT * FROM t", "TS104"),
        ("SELECT * FROM _", "TS201"),
    ],
)
def test_a_text_that_somebody_wrote_and_that_is_no_views_is_told(photos, sql, code):
    by_hand(photos, a=sql)
    photos.run("SELECT * FROM t LIMIT 1")
    error = photos.fail("SELECT * FROM a")
    assert (error.code, error.span) == (code, (14, 15))
    assert "t2" not in photos.session.catalog.tables


def test_views_may_stand_on_views_and_no_higher_than_can_be_read(world):
    world.run("CREATE VIEW v1 AS SELECT 1 AS x")
    for number in range(2, 33):
        world.run(f"CREATE VIEW v{number} AS SELECT * FROM v{number - 1} WHERE x > 0")
    assert world.rows("FROM v32") == [{"x": 1}]
    error = world.fail("CREATE VIEW v33 AS SELECT x + 1 AS x FROM v32")
    assert (error.code, "CREATE TABLE" in error.hint) == ("TS221", True)
    by_hand(
        world, **{f"v{n}": f"SELECT * FROM v{n - 1}" if n > 1 else "SELECT 1 AS x" for n in range(1, 500)}
    )
    assert world.fail("FROM v499").code == "TS221"
    assert world.rows("FROM v3") == [{"x": 1}]


# -- what views cannot hold ----------------------------------------------------------------------------------
def test_values_of_python_are_not_kept_in_a_view(views):
    cell = "CREATE VIEW y AS SELECT * FROM t WHERE id > $low"
    for parameters in (None, {"low": 2}):
        error = None
        try:
            views.run(cell, parameters=parameters)
        except Exception as found:
            error = found
        assert (error.code, cell[slice(*error.span)]) == ("TS105", "$low")


def test_a_view_reads_no_results_and_no_data_frames(views):
    views.run("SELECT 1 AS x", number=3)
    assert views.marked("CREATE VIEW y AS SELECT * FROM _3") == ("TS206", "_3")
    frames = {"df": pa.table({"x": [1]})}
    with pytest.raises(Exception, match="df is neither") as caught:
        views.run("CREATE VIEW y AS SELECT * FROM df", frames=frames)
    assert "CREATE TABLE" in caught.value.hint
    views.run("CREATE TABLE df AS SELECT 5 AS x; CREATE VIEW y AS SELECT * FROM df; DROP TABLE df")
    with pytest.raises(Exception, match="no table named df, which the view y reads"):
        views.run("SELECT * FROM y, df", frames=frames)


@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("CREATE VIEW y (a, b) AS SELECT 1 AS x", "TS300", "b"),
        ("CREATE VIEW y (a, A) AS SELECT 1 AS x, 2 AS y", "TS104", "A"),
        ("CREATE VIEW y AS SELECT nix FROM t", "TS202", "nix"),
        ("CREATE VIEW y AS SELECT * FROM nix", "TS201", "nix"),
        ("CREATE VIEW _thanosql_y AS SELECT 1 AS a", "TS206", "_thanosql_y"),
        ("CREATE TEMP VIEW y AS SELECT 1 AS a", "TS600", "CREATE TEMP VIEW y AS SELECT 1 AS a"),
        ("CREATE VIEW IF NOT EXIST y AS SELECT 1 AS a", "TS100", "EXIST"),
    ],
)
def test_a_view_that_is_wrong_is_not_made(views, cell, code, marked):
    assert views.marked(cell) == (code, marked)
    assert sorted(views.session.catalog.views) == ["pairs", "고양이"]


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
