"""CONVERT and SEARCH over results of earlier cells."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder, age, write_picture

from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.models import registry

COUNT = 30


@pytest.fixture
def session(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())
    names = [f"p{number}.png" for number in range(COUNT)]
    for number, name in enumerate(names):
        age(write_picture(tmp_path / name, seed=number))
    session = Session(tmp_path / "db", working_folder=tmp_path)
    session.database.tables.store.append("photos", pa.table({"id": list(range(COUNT)), "image_path": names}))
    yield session
    session.close()


def rows(session, cell, **options):
    results = []
    session.run(cell, emit=results.append, **options)
    return results[-1].rows.to_pylist()


def test_a_chain_of_cells_gives_what_one_nested_statement_gives(session):
    nested = rows(
        session,
        "SELECT id, s FROM (SEARCH IMAGE image='p7.png' USING mini OPTIONS(result_col='s', top_k=20) AS "
        "CONVERT USING mini AS SELECT * FROM photos WHERE id > 3) ORDER BY s DESC, id LIMIT 5",
    )
    session.run("SET display.rows = 3; SELECT * FROM photos WHERE id > 3", emit=lambda result: None)
    session.run("CONVERT USING mini AS SELECT * FROM _", emit=lambda result: None, number=4)
    search = "SEARCH IMAGE image='p7.png' USING mini OPTIONS(result_col='s', top_k=20) AS SELECT * FROM _4"
    session.run(search, emit=lambda result: None)
    session.run("SET display.rows = 20", emit=lambda result: None)
    chained = rows(session, "SELECT id, s FROM _ ORDER BY s DESC, id LIMIT 5")
    assert chained == nested
    assert chained[0]["id"] == 7
    assert [row["id"] for row in rows(session, "SELECT count(*) AS id FROM _4")] == [COUNT - 4]


def test_a_converted_result_is_in_that_result_only(session):
    results = []
    session.run("SELECT * FROM photos LIMIT 25; CONVERT USING mini AS SELECT * FROM _", emit=results.append)
    assert any("is in this result only" in notice for notice in results[-1].notices)
    assert [column.name for column in session.catalog.table("photos").columns] == ["id", "image_path"]
    assert list(session.catalog.tables) == ["photos"]


def test_a_search_over_an_unconverted_result_says_what_to_run(session):
    session.run("SELECT * FROM photos", emit=lambda result: None)
    with pytest.raises(ThanoSQLError) as caught:
        session.run("SEARCH IMAGE image='p7.png' USING mini AS SELECT * FROM _", emit=lambda result: None)
    assert (
        caught.value.hint
        == "run first: CONVERT USING mini OPTIONS(image_col='image_path') AS SELECT * FROM _"
    )


def test_a_search_whose_query_leaves_the_vectors_out_names_their_column(session):
    session.run("CONVERT USING mini AS SELECT * FROM photos", emit=lambda result: None)
    cell = "SEARCH IMAGE image='p7.png' USING mini AS SELECT id, image_path AS 사진 FROM photos"
    with pytest.raises(ThanoSQLError) as caught:
        session.run(cell, emit=lambda result: None)
    assert caught.value.code == "TS402"
    assert caught.value.message == "the query leaves out mini_clipmini, the vectors of mini"
    assert caught.value.hint == "select mini_clipmini too"


def test_converting_a_table_that_is_not_there_marks_its_name(session):
    cell = "CONVERT USING mini AS SELECT * FROM fotos"
    with pytest.raises(ThanoSQLError) as caught:
        session.run(cell, emit=lambda result: None)
    assert (caught.value.code, cell[slice(*caught.value.span)]) == ("TS201", "fotos")
    assert caught.value.hint == "did you mean photos?"


def test_a_search_over_a_result_uses_the_vectors_in_memory(session, monkeypatch):
    session.run(
        "CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM photos", emit=lambda result: None
    )
    search = "SEARCH IMAGE image='p7.png' USING mini OPTIONS(emb_col='v', result_col='s', top_k=3) AS SELECT * FROM {}"
    expected = rows(session, search.format("photos"))
    session.run("SET display.rows = 1; SELECT * FROM photos", emit=lambda result: None, number=9)
    monkeypatch.setattr(StoredRelation, "batches", None)
    session.run("SET display.rows = 20", emit=lambda result: None)
    assert rows(session, search.format("_9")) == expected
