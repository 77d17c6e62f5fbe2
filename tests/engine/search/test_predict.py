"""PREDICT with labels: the label whose text is nearest to each row's vector, held against NumPy."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder, age, write_picture

from thanosql_kernel.models import registry

LABELS = ["고양이", "dog", "a bird"]
GIVEN = "labels=['고양이', 'dog', 'a bird']"
PICTURES = "SELECT number, image_path FROM 사진"


@pytest.fixture
def encoder(monkeypatch):
    found = PixelEncoder()
    monkeypatch.setattr(registry, "load", lambda model, **settings: found)
    return found


@pytest.fixture
def pictures(world, encoder):
    """The table 사진: eight pictures, one file that is not there, NULL."""
    for number in range(8):
        age(write_picture(world.folder / f"p{number}.png", seed=number))
    paths = [*(f"p{number}.png" for number in range(8)), "absent.png", None]
    values = ", ".join(f"({n}, {'NULL' if path is None else repr(path)})" for n, path in enumerate(paths))
    world.run(f"CREATE TABLE 사진 AS SELECT * FROM (VALUES {values}) AS t(number, image_path)")
    return world


def predict(options, query=PICTURES):
    return f"PREDICT USING mini OPTIONS({options}) AS {query}"


def expected(world, encoder, template, count=1):
    """By number: the best labels and their cosines."""
    prompts = encoder.encode_texts([template.replace("{}", label) for label in LABELS])
    rows = world.rows("SELECT number, mini_clipmini AS v FROM (CONVERT USING mini AS SELECT * FROM 사진)")
    found = {}
    for row in rows:
        scores = None if row["v"] is None else prompts @ np.asarray(row["v"], dtype=np.float32)
        best = None if scores is None else np.argsort(-scores, kind="stable")[:count]
        found[row["number"]] = None if best is None else ([LABELS[at] for at in best], scores[best])
    return found


def test_each_row_gets_the_label_that_is_nearest_in_cosine(pictures, encoder):
    rows = pictures.rows(predict(GIVEN))
    wanted = expected(pictures, encoder, "a photo of a {}")
    assert [row["number"] for row in rows] == list(range(10))
    for row in rows:
        if wanted[row["number"]] is None:
            assert (row["predict_result"], row["predict_score"]) == (None, None)
        else:
            labels, scores = wanted[row["number"]]
            assert row["predict_result"] == labels[0]
            assert row["predict_score"] == pytest.approx(scores[0], abs=1e-5)


def test_the_template_says_how_a_label_becomes_a_text(pictures, encoder):
    rows = pictures.rows(predict(f"{GIVEN}, template='{{}} 그림'"))
    wanted = expected(pictures, encoder, "{} 그림")
    assert [row["predict_result"] for row in rows[:8]] == [wanted[number][0][0] for number in range(8)]


def test_several_labels_a_row_come_as_lists_best_first(pictures, encoder):
    rows = pictures.rows(predict(f"{GIVEN}, top_k=2"))
    wanted = expected(pictures, encoder, "a photo of a {}", 2)
    assert [row["predict_result"] for row in rows[:8]] == [wanted[number][0] for number in range(8)]
    assert all(row["predict_score"][0] >= row["predict_score"][1] for row in rows[:8])
    assert rows[9]["predict_result"] is None


def test_more_labels_than_there_are_gives_all(pictures):
    assert len(pictures.rows(predict(f"{GIVEN}, top_k=9"))[0]["predict_result"]) == 3


def test_vectors_that_are_there_are_not_made_again(pictures, encoder):
    pictures.run("CONVERT USING mini AS SELECT * FROM 사진")
    before = encoder.pictures
    rows = pictures.rows(predict(GIVEN, "SELECT * FROM 사진"))
    assert encoder.pictures == before
    assert [row["predict_result"] for row in rows] == [
        row["predict_result"] for row in pictures.rows(predict(GIVEN))
    ]


def test_texts_are_compared_as_they_are(world, encoder):
    world.run("CREATE TABLE 글 AS SELECT unnest(['고양이', 'dog', NULL]) AS 본문")
    rows = world.rows(predict(f"{GIVEN}, text_col='본문', result_col='종류'", "SELECT * FROM 글"))
    assert [row["종류"] for row in rows] == ["고양이", "dog", None]
    assert [row["종류_score"] for row in rows[:2]] == pytest.approx([1, 1], abs=1e-5)


def test_it_stands_where_a_table_stands_and_can_be_stored(pictures):
    counted = pictures.rows(
        f"SELECT count(*) AS n FROM ({predict(GIVEN)}) WHERE predict_result IN ('고양이', 'dog', 'a bird')"
    )
    assert counted == [{"n": 8}]
    pictures.run(predict(f"{GIVEN}, table_name='종류'"))
    stored = pictures.session.catalog.table("종류")
    assert [(column.name, column.type) for column in stored.columns[-2:]] == [
        ("predict_result", "VARCHAR"),
        ("predict_score", "FLOAT"),
    ]


def test_of_no_rows_there_are_none(pictures):
    assert pictures.rows(predict(GIVEN, f"{PICTURES} WHERE false")) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("image_col='image_path'", "TS600"),
        ("labels=[]", "TS103"),
        ("labels=['고양이', ' ']", "TS103"),
        (f"{GIVEN}, template='a photo'", "TS103"),
        (f"{GIVEN}, top_k=0", "TS103"),
        (f"{GIVEN}, image_col='pth'", "TS202"),
        (f"{GIVEN}, text_col='본문'", "TS202"),
        (f"{GIVEN}, lables=['x']", "TS102"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(pictures, options, code):
    error = pictures.fail(predict(options))
    assert error.code == code
    assert error.span is not None


def test_rows_without_the_column_say_how_to_name_it(pictures):
    error = pictures.fail(predict(GIVEN, "SELECT number FROM 사진"))
    assert (error.code, "OPTIONS(image_col=" in (error.hint or "")) == ("TS202", True)
