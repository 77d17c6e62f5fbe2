"""SEARCH in a table's earlier version compares the vectors that it had then."""

import pytest

KEEP = "SELECT id, sim FROM (SEARCH TEXT text='바다' USING mini OPTIONS(result_col='sim') AS SELECT * FROM t{}) ORDER BY id"


@pytest.fixture
def texts(world):
    world.run(
        "CREATE TABLE t AS SELECT * FROM (VALUES (1, 'a beach'), (2, 'a dog'), (3, '바다')) AS v(id, text)"
    )
    world.run("CONVERT USING mini OPTIONS(text_col='text') AS SELECT * FROM t")
    return world


def test_scores_are_those_of_the_version_also_when_all_of_it_is_resident(texts):
    version = texts.rows("SELECT max(version) AS n FROM (SHOW VERSIONS t)")[0]["n"]
    before = texts.rows(KEEP.format(""))
    texts.run(
        "UPDATE t SET text = 'a red car' WHERE id = 3; DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (4, 'sea', NULL)"
    )
    texts.run("CONVERT USING mini OPTIONS(text_col='text') AS SELECT * FROM t")
    present = texts.rows(KEEP.format(""))
    for _ in range(2):
        assert texts.rows(KEEP.format(f" VERSION {version}")) == before
        assert texts.rows(KEEP.format("")) == present
    assert [row["id"] for row in present] == [2, 3, 4]
    assert {row["sim"] for row in before} != {row["sim"] for row in present}


def test_a_version_before_the_vectors_has_none(texts):
    error = texts.fail(KEEP.format(" VERSION 1"))
    assert error.code == "TS402"


def test_the_column_that_convert_makes_of_a_version_is_not_stored(texts):
    (shown,) = texts.run("CONVERT USING mini OPTIONS(text_col='text') AS SELECT * FROM t VERSION 1")
    assert any("in this result only" in notice for notice in shown.notices)
    texts.run(
        "DELETE FROM t WHERE id = 2; CONVERT USING mini OPTIONS(text_col='text', table_name='t') AS SELECT id, text FROM t VERSION 1"
    )
    assert texts.rows("SELECT count(*) AS n FROM t") == [{"n": 3}]
    (told,) = texts.run("EXPLAIN SEARCH TEXT text='바다' USING mini AS SELECT * FROM t VERSION 2")
    assert "t VERSION 2" in told.text


def test_weights_of_a_version_are_told_with_its_columns(texts):
    version = texts.rows("SELECT max(version) AS n FROM (SHOW VERSIONS t)")[0]["n"]
    made = texts.rows(f"SELECT made_by FROM (DESCRIBE t VERSION {version}) WHERE made_by IS NOT NULL")
    assert made == texts.rows("SELECT made_by FROM (DESCRIBE t) WHERE made_by IS NOT NULL") != []
