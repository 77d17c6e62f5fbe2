"""CONVERT and SEARCH as cells: alone, nested in queries, in each other, with small models for speed."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from embed_world import DIM, PixelEncoder, age, write_picture

from thanosql_kernel.engine.embed import vectors as vectors_module
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import DataError, ModelError, UnknownName
from thanosql_kernel.models import registry
from thanosql_kernel.statements.results import TableResult

COUNT = 12


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A database with the table ``photos``: pictures 0 to 11, NULL, and a file that is not there."""
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())
    names = [f"p{number}.png" for number in range(COUNT)]
    for number, name in enumerate(names):
        age(write_picture(tmp_path / name, seed=number))
    session = Session(tmp_path / "db", working_folder=tmp_path)
    table = pa.table(
        {"id": pa.array(range(COUNT + 2), pa.int64()), "image_path": [*names, None, "absent.png"]}
    )
    session.database.tables.store.append("photos", table)
    return session


def run(session: Session, cell: str) -> TableResult:
    results: list[TableResult] = []
    session.run(cell, emit=results.append)
    return results[-1]


def column(session: Session, cell: str, name: str) -> list:
    return run(session, cell).rows.column(name).to_pylist()


def test_a_plain_convert_adds_the_column_to_its_table(session: Session) -> None:
    result = run(session, "CONVERT USING mini AS SELECT * FROM photos")
    assert [column.name for column in result.columns][:2] == ["image_path", "mini_clipmini"]
    assert "12 pictures embedded" in result.notices[0]
    assert "absent.png: missing" in "\n".join(result.notices)
    table = session.catalog.table("photos")
    made = table.column("mini_clipmini")
    assert made is not None
    assert made.type == f"FLOAT[{DIM}]"
    assert made.generated is not None
    assert made.generated.weights.fingerprint == PixelEncoder().fingerprint
    vectors = column(session, "SELECT mini_clipmini FROM photos", "mini_clipmini")
    assert [vector is None for vector in vectors] == [False] * COUNT + [True, True]


def test_rows_without_a_vector_can_be_asked_for(session: Session) -> None:
    run(session, "CONVERT USING mini AS SELECT * FROM photos")
    cell = "SELECT id FROM photos WHERE mini_clipmini IS NULL ORDER BY id"
    assert column(session, cell, "id") == [COUNT, COUNT + 1]


@pytest.mark.parametrize("spool_from", [0, 1 << 30])
def test_a_convert_inside_a_query_is_a_table(
    session: Session, monkeypatch: pytest.MonkeyPatch, spool_from: int
) -> None:
    monkeypatch.setattr(vectors_module, "SPOOL_FROM_BYTES", spool_from)
    cell = """SELECT id, mini_clipmini FROM (CONVERT USING mini AS SELECT * FROM photos WHERE id % 2 = 1)
              WHERE mini_clipmini IS NOT NULL ORDER BY id DESC"""
    result = run(session, cell)
    assert result.rows.column("id").to_pylist() == [11, 9, 7, 5, 3, 1]
    assert result.columns[1].type == f"FLOAT[{DIM}]"
    stored = {}
    run(session, "CONVERT USING mini AS SELECT * FROM photos")
    for row in run(session, "SELECT id, mini_clipmini FROM photos").rows.to_pylist():
        stored[row["id"]] = row["mini_clipmini"]
    assert all(stored[row["id"]] == row["mini_clipmini"] for row in result.rows.to_pylist())


def test_a_search_inside_a_query_sorts_and_filters(session: Session) -> None:
    run(session, "CONVERT USING mini AS SELECT * FROM photos")
    search = "SEARCH IMAGE image='p7.png' USING mini AS SELECT * FROM photos"
    best = run(
        session, f"SELECT id, mini_clipmini_similarity1 AS sim FROM ({search}) ORDER BY sim DESC LIMIT 1"
    )
    assert best.rows.to_pylist() == [{"id": 7, "sim": pytest.approx(1.0, abs=1e-6)}]
    none = column(session, f"SELECT id FROM ({search}) WHERE mini_clipmini_similarity1 IS NULL", "id")
    assert none == [COUNT, COUNT + 1]


def test_whole_rows_sorted_by_similarity_are_the_right_rows(session: Session) -> None:
    run(session, "CONVERT USING mini AS SELECT * FROM photos")
    search = (
        "SEARCH IMAGE images=['p3.png', 'p4.png'] USING mini OPTIONS(result_col='s') AS SELECT * FROM photos"
    )
    everything = {row["id"]: row for row in run(session, search).rows.to_pylist()}
    cell = f"SELECT * FROM ({search}) ORDER BY s2 DESC NULLS LAST LIMIT 3"
    rows = run(session, cell).rows.to_pylist()
    ordered = sorted((r for r in everything.values() if r["s2"] is not None), key=lambda row: -row["s2"])[:3]
    assert rows == ordered
    assert rows[0]["id"] == 4


def test_the_newer_form_ranks(session: Session) -> None:
    run(session, "CONVERT USING mini AS SELECT * FROM photos")
    options = "search_by='image', search_input='p5.png', emb_col='mini_clipmini', result_col='score', top_k=3"
    result = run(session, f"SEARCH IMAGE USING mini OPTIONS({options}) AS SELECT * FROM photos")
    assert result.total == 3
    assert result.rows.column("id").to_pylist()[0] == 5
    scores = result.rows.column("score").to_pylist()
    assert scores == sorted(scores, reverse=True)


def test_search_over_convert_needs_no_table_in_between(session: Session) -> None:
    cell = """SEARCH IMAGE image='p2.png' USING mini OPTIONS(top_k=1)
              AS SELECT * FROM (CONVERT USING mini AS SELECT * FROM photos)"""
    assert column(session, cell, "id") == [2]


def test_other_weights_than_the_columns_are_refused(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(session, "CONVERT USING mini AS SELECT * FROM photos")
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder(seed=1))
    cell = "SEARCH IMAGE text='a cat' USING mini AS SELECT * FROM photos"
    with pytest.raises(ModelError) as caught:
        run(session, cell)
    assert caught.value.code == "TS401"
    assert caught.value.hint is not None
    run(session, caught.value.hint.removeprefix("run again: "))
    assert run(session, cell).total == COUNT + 2


def test_on_error_fail_leaves_the_table_as_it_was(session: Session) -> None:
    with pytest.raises(DataError, match=r"absent\.png"):
        run(session, "CONVERT USING mini OPTIONS(on_error='fail') AS SELECT * FROM photos")
    assert [item.name for item in session.catalog.table("photos").columns] == ["id", "image_path"]


def test_texts_are_converted_and_searched(session: Session) -> None:
    run(
        session,
        "CREATE TABLE 글 AS SELECT * FROM (VALUES (1, '고양이'), (2, '개'), (3, NULL)) AS t(id, text)",
    )
    run(session, "CONVERT USING mini OPTIONS(text_col='text') AS SELECT * FROM 글")
    cell = "SEARCH TEXT text='개' USING mini OPTIONS(result_col='s') AS SELECT * FROM 글"
    assert column(session, f"SELECT id FROM ({cell}) ORDER BY s DESC NULLS LAST", "id") == [2, 1, 3]


def test_a_similarity_outside_of_its_search_says_where_it_comes_from(session: Session) -> None:
    run(session, "CONVERT USING mini AS SELECT * FROM photos")
    with pytest.raises(UnknownName) as caught:
        run(session, "SELECT * FROM photos WHERE mini_clipmini_similarity1 > 0.3")
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("a SEARCH makes it")


def test_a_search_says_how_many_rows_have_no_vector_and_what_gives_them_one(session: Session) -> None:
    run(session, "CONVERT USING mini AS SELECT * FROM photos")
    search = "SEARCH IMAGE image='p7.png' USING mini AS SELECT * FROM photos"
    ranked = f"SELECT id FROM ({search}) ORDER BY mini_clipmini_similarity1 DESC LIMIT 1"
    run(session, "DELETE FROM photos WHERE image_path IS NULL OR image_path = 'absent.png'")
    assert run(session, search).notices == ("best first",)
    write_picture(session.working_folder / "새 사진.png", seed=50)
    run(session, "INSERT INTO photos (id, image_path) VALUES (50, '새 사진.png')")
    remedy = "CONVERT USING mini OPTIONS(image_col='image_path', result_col='mini_clipmini') AS SELECT * FROM photos"
    told = f"1 row has no vector: run {remedy}"
    assert run(session, search).notices == (told, "best first")
    assert run(session, ranked).notices == (told,)
    run(session, "INSERT INTO photos (id, image_path) VALUES (51, '새 사진.png')")
    assert run(session, search).notices[0] == f"2 rows have no vector: run {remedy}"
    assert run(session, remedy).notices[0].startswith("1 picture embedded")
    assert run(session, search).notices == ("best first",)


def test_options_of_earlier_versions_are_taken_and_said_to_do_nothing(session: Session) -> None:
    result = run(
        session,
        "CONVERT USING mini OPTIONS(max_epochs=5, file_name='id') AS SELECT * FROM photos WHERE id < 3",
    )
    assert [text for text in result.notices if "no effect" in text] == [
        f"{name} has no effect: it is an option of earlier versions" for name in ("max_epochs", "file_name")
    ]


def test_that_other_weights_stand_in_is_told_once_a_session_and_model(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(model, *, notice, **settings):
        notice(f"mini stands in for {model.name}")
        return PixelEncoder()

    def told(session: Session, cell: str) -> list[str]:
        results: list = []
        session.run(cell, emit=results.append)
        return [text for result in results for text in result.notices if "stands in" in text]

    monkeypatch.setattr(registry, "load", load)
    search = "SEARCH IMAGE text='가' USING {} AS (CONVERT USING {} AS SELECT * FROM photos WHERE id < 3)"
    with pytest.raises(UnknownName):
        run(session, f"SELECT nothing FROM ({search.format('mini', 'mini')})")
    assert told(session, search.format("mini", "mini")) == ["mini stands in for mini"]
    assert told(session, search.format("mini", "mini")) == []
    session.run("GET THANOSQL MODEL mini AS other", emit=lambda result: None)
    assert told(session, search.format("other", "other")) == ["mini stands in for other"]
    another = Session(session.database.location.uri, working_folder=session.working_folder)
    assert told(another, search.format("mini", "mini")) == ["mini stands in for mini"]
    another.close()
