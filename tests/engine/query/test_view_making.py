"""Views are made, replaced, renamed and dropped: names, circles, and what a view cannot hold."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest


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
        world, **{f"v{n}": f"SELECT * FROM v{n - 1}" if n > 1 else "SELECT 1 AS x" for n in range(1, 100)}
    )
    assert world.fail("FROM v99").code == "TS221"
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
