"""INSERT, DELETE, UPDATE and ALTER: what SQL says, in one commit, with rows in order and vectors as they were."""

from __future__ import annotations

import pyarrow as pa
import pytest

from thanosql_kernel.catalog import Column, GeneratedColumn, Weights
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.runtime import StatementRuntime


def ids(world, name="t"):
    return [row["id"] for row in world.rows(f"SELECT id FROM {name}")]


def test_delete_removes_the_rows_that_fit_and_keeps_the_others_in_order(photos):
    (result,) = photos.run("DELETE FROM t WHERE label = 'cat'")
    assert result.text == "2 rows deleted from t"
    assert ids(photos) == [2, 4, 5, 6]


def test_delete_takes_subqueries_and_nested_statements(photos):
    photos.run(
        "DELETE FROM t WHERE id IN (SELECT 번호 FROM 사진) OR id = (SELECT count(*) FROM (LIST TABLE))"
    )
    assert ids(photos) == [4, 5, 6]


def test_delete_of_nothing_writes_nothing(photos):
    before = photos.session.catalog.table("t").version
    (result,) = photos.run("DELETE FROM t WHERE id > 100")
    assert result.text.startswith("0 rows")
    assert photos.session.catalog.table("t").version == before


def test_delete_without_a_condition_leaves_an_empty_table_with_its_columns(photos):
    names = [column.name for column in photos.session.catalog.table("t").columns]
    photos.run("DELETE FROM t")
    assert ids(photos) == []
    assert [column.name for column in photos.session.catalog.table("t").columns] == names


def test_a_null_condition_deletes_nothing(photos):
    photos.run("DELETE FROM t WHERE score > 0.9")
    assert ids(photos) == [1, 2, 3, 5, 6]


def test_update_changes_the_rows_that_fit_and_nothing_else(photos):
    before = photos.session.database.table("t").fetch()
    (result,) = photos.run("UPDATE t SET label = upper(label), score = score * 2 WHERE id IN (1, 4)")
    after = photos.session.database.table("t").fetch()
    assert result.text == "2 rows of t updated"
    assert after.column("label").to_pylist() == ["CAT", "dog", "cat", None, "bird", "dog"]
    assert after.column("score").to_pylist() == [1.0, 0.25, None, 2.0, 0.125, 0.75]
    assert after.column("v").equals(before.column("v"))
    assert after.column("id").equals(before.column("id"))


def test_update_sees_the_old_row_in_every_expression(photos):
    photos.run("CREATE TABLE s AS SELECT 1 AS a, 2 AS b; UPDATE s SET a = b, b = a")
    assert photos.rows("SELECT * FROM s") == [{"a": 2, "b": 1}]


def test_update_takes_correlated_subqueries(photos):
    photos.run("UPDATE t SET label = (SELECT 이름 FROM 사진 s WHERE s.번호 = t.id) WHERE id <= 3")
    assert [row["label"] for row in photos.rows("SELECT label FROM t")][:3] == ["고양이", "강아지", None]


def test_update_casts_to_the_columns_type_or_fails_whole(photos):
    photos.run("UPDATE t SET score = '7' WHERE id = 1")
    assert photos.rows("SELECT score FROM t WHERE id = 1") == [{"score": 7.0}]
    cell = "UPDATE t SET score = 0, path = '가', id = label || 'x' WHERE id < 3"
    error = photos.fail(cell)
    assert error.code == "TS301"
    assert photos.rows("SELECT score FROM t WHERE id = 1") == [{"score": 7.0}]


@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("UPDATE t SET nope = 1", "TS202", "nope"),
        ("UPDATE t SET label = '가' || lable WHERE id = 1", "TS202", "lable"),
        ("UPDATE t SET label = '가' WHERE '나' = lable", "TS202", "lable"),
        ("DELETE FROM t WHERE '가' = nam AND id = 1", "TS202", "nam"),
        ("DELETE FROM tt WHERE id = 1", "TS201", "tt"),
        ("INSERT INTO tt VALUES (1)", "TS201", "tt"),
        ("INSERT INTO t (id, nope) VALUES (1, 2)", "TS202", "nope"),
        ("ALTER TABLE t DROP COLUMN nope", "TS202", "nope"),
        ("ALTER TABLE t RENAME COLUMN id TO PATH", "TS204", None),
        ("ALTER TABLE t ADD COLUMN Id BIGINT", "TS204", None),
        ("ALTER TABLE t ADD COLUMN x NOTATYPE", "TS300", None),
        ("ALTER TABLE t RENAME TO 사진", "TS204", None),
        ("DROP TABLE tt", "TS201", "tt"),
    ],
)
def test_a_wrong_change_is_marked_and_changes_nothing(photos, cell, code, marked):
    before = photos.session.catalog.tables
    error = photos.fail(cell)
    assert error.code == code
    if marked is not None:
        assert cell[slice(*error.span)] == marked
    assert photos.session.catalog.tables == before


def test_insert_fills_what_is_left_out_with_null_and_casts(photos):
    photos.run("INSERT INTO t (label, id) VALUES ('new', '7'), ('two', '8')")
    rows = photos.rows("SELECT * FROM t WHERE id > 6")
    assert rows[0] == {"id": 7, "path": None, "label": "new", "score": None, "v": None}
    assert len(rows) == 2


def test_insert_takes_vectors_as_lists(photos):
    photos.run("INSERT INTO t (id, v) VALUES (7, [1, 2.5, 3, 4])")
    assert photos.rows("SELECT v FROM t WHERE id = 7") == [{"v": [1.0, 2.5, 3.0, 4.0]}]
    assert photos.fail("INSERT INTO t (id, v) VALUES (8, [1, 2])").code in ("TS300", "TS301")


def test_insert_from_the_table_itself_doubles_it(photos):
    photos.run("INSERT INTO t SELECT * FROM t")
    assert ids(photos) == [1, 2, 3, 4, 5, 6] * 2


def test_columns_are_added_renamed_and_dropped(photos):
    photos.run("ALTER TABLE t ADD COLUMN 메모 VARCHAR; UPDATE t SET 메모 = '좋다' WHERE id = 2")
    photos.run("ALTER TABLE t RENAME COLUMN 메모 TO memo; ALTER TABLE t DROP COLUMN score")
    rows = photos.rows("SELECT * FROM t LIMIT 2")
    assert [row["memo"] for row in rows] == [None, "좋다"]
    assert "score" not in rows[0]
    assert rows[0]["v"] == [0.0, 1.0, 2.0, 3.0]


def test_the_last_column_cannot_be_dropped(photos):
    photos.run("CREATE TABLE one AS SELECT 1 AS x")
    assert photos.fail("ALTER TABLE one DROP COLUMN x").code == "TS206"


# -- what made a vector column ----------------------------------------------------------------------------------------
MADE = GeneratedColumn("clip", "clipen", "image", "path", Weights("mini", "1", "f" * 64), 4)


@pytest.fixture
def made(photos):
    """Table t whose column v is generated; u, the same with v made by other weights."""
    rows = photos.session.database.table("t").fetch()
    for name, fingerprint in (("t", "f" * 64), ("u", "0" * 64)):
        facts = GeneratedColumn("clip", "clipen", "image", "path", Weights("mini", "1", fingerprint), 4)
        columns = [
            Column(column.name, column.type, facts if column.name == "v" else None)
            for column in photos.session.catalog.table("t").columns
        ]
        runtime = StatementRuntime(photos.session.database, photos.folder)
        runtime.changes.store(name, ArrowRelation(rows, columns), if_exists="replace")
        runtime.close()
    return photos


def facts_of(world, query):
    (result,) = world.run(query)
    return {column.name: column.generated for column in result.columns if column.generated}


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("SELECT * FROM t", "v"),
        ("SELECT v AS w FROM t WHERE id > 1", "w"),
        ("SELECT t.v FROM t JOIN 사진 s ON t.id = s.번호", "v"),
        ("SELECT x.v AS 벡터 FROM (SELECT id, v FROM t) x", "벡터"),
        ("WITH c AS (SELECT v AS w FROM t) SELECT * FROM c", "w"),
        ("SELECT a.v FROM t a JOIN u b ON a.id = b.id", "v"),
        ("SELECT id, v FROM t UNION ALL SELECT id, v FROM t", "v"),
        ("SELECT * EXCLUDE (id) FROM t ORDER BY id", "v"),
    ],
)
def test_a_vector_column_keeps_what_made_it(made, query, column):
    assert facts_of(made, query) == {column: MADE}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT list_transform(v, lambda x: x * 2)::FLOAT[4] AS v FROM t",
        "SELECT v FROM (SELECT [1, 2, 3, 4]::FLOAT[4] AS v FROM t) q",
        "SELECT id, v FROM t UNION ALL SELECT id, v FROM u",
        "SELECT id AS v FROM t",
        "SELECT v[1:2] AS v FROM t",
    ],
)
def test_a_changed_or_doubtful_vector_column_does_not(made, query):
    assert facts_of(made, query) == {}


def test_stored_copies_renamed_columns_and_new_sessions_keep_the_facts(made):
    made.run(
        "CREATE TABLE c AS SELECT id, v AS w FROM t; ALTER TABLE c RENAME COLUMN w TO x; INSERT INTO c SELECT id, v FROM t"
    )
    made.run("UPDATE c SET id = id + 1; DELETE FROM c WHERE id = 2")
    made.session.database.tables._file.path.unlink()
    from thanosql_kernel.engine.session import Session

    table = Session(made.session.location.uri).catalog.table("c")
    assert table.column("x").generated == MADE


def test_other_values_in_a_generated_column_end_its_facts_and_null_does_not(made):
    made.run("UPDATE t SET v = NULL WHERE id = 1")
    assert made.session.catalog.table("t").column("v").generated == MADE
    made.run("UPDATE t SET v = [1, 2, 3, 4] WHERE id = 1")
    assert made.session.catalog.table("t").column("v").generated is None


def test_vectors_of_other_weights_are_not_mixed_in(made):
    assert made.fail("INSERT INTO t SELECT * FROM u").code == "TS401"
    assert made.session.catalog.table("t").rows == 6


def test_arrow_tables_of_many_types_survive_an_update(world):
    world.put(
        "m",
        pa.table(
            {
                "k": [1, 2, 3],
                "s": pa.array([{"a": 1}, None, {"a": 3}]),
                "l": pa.array([["x"], [], None]),
                "b": pa.array([b"x", None, b"z"]),
                "d": pa.array([None, 1.5, 2.5], pa.float32()),
            }
        ),
    )
    before = world.rows("SELECT * FROM m")
    world.run("UPDATE m SET k = k + 10, l = ['neu'] WHERE k = 2")
    after = world.rows("SELECT * FROM m")
    assert after == [before[0], {**before[1], "k": 12, "l": ["neu"]}, before[2]]


def test_a_column_of_nulls_alone_is_left_when_all_others_are_dropped(photos):
    photos.run("CREATE TABLE w AS SELECT {'a': 1, 'b': [1, 2]} AS s, 1 AS n FROM range(3)")
    photos.run("INSERT INTO w VALUES ({'a': 1, 'b': [2]}, 2); ALTER TABLE w ADD COLUMN 새것 INTEGER")
    photos.run("ALTER TABLE w DROP COLUMN n; ALTER TABLE w DROP COLUMN s")
    assert photos.rows("SELECT * FROM w") == [{"새것": None}] * 4
