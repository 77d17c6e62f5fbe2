"""A search for what the model cannot read never answers with arbitrary pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

import thanosql_kernel
from thanosql_kernel.errors import ModelError
from thanosql_kernel.python.connection import Connection


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory):
    """Three pictures with vectors of the model in the package."""
    folder = tmp_path_factory.mktemp("photos")
    (folder / "사진").mkdir()
    for name in ("red", "green", "blue"):
        Image.new("RGB", (64, 64), name).save(folder / "사진" / f"{name}.png")
    with thanosql_kernel.connect(folder / "db", working_folder=Path(folder), progress=False) as connection:
        connection.sql("COPY photos FROM '사진'; CONVERT USING mini AS SELECT * FROM photos")
        yield connection


@pytest.mark.parametrize(
    ("text", "named"),
    [("🐱", "🐱"), ("חתול", "Hebrew"), ("γάτα", "Greek"), ("बिल्ली", "Devanagari"), ("பூனை", "Tamil")],
)
def test_a_text_that_mini_was_not_taught_is_refused_by_name(
    photos: Connection, text: str, named: str
) -> None:
    with pytest.raises(ModelError) as caught:
        photos.sql(f"SEARCH IMAGE text='{text}' USING mini AS SELECT * FROM photos")
    assert (caught.value.code, caught.value.message) == ("TS403", f"mini cannot read {named}")
    assert caught.value.hint


def test_what_is_passed_over_in_a_text_is_told_each_time(photos: Connection) -> None:
    for _ in range(2):
        result = photos.sql(
            "SEARCH IMAGE text='파란 🐱 바다' USING mini OPTIONS(result_col='sim') AS SELECT * FROM photos"
        )
        assert "mini cannot read 🐱; only the rest of the text counts" in result.notices
        assert all(row["sim"] is not None for row in result.arrow().to_pylist())


def test_texts_that_mini_reads_are_searched_without_a_word(photos: Connection) -> None:
    shown = photos.sql("SEARCH IMAGE text='파란 바다' USING mini AS SELECT * FROM photos")
    assert shown.notices == ("best first",)


def test_texts_that_mini_cannot_read_get_no_vector(photos: Connection) -> None:
    photos.sql("CREATE OR REPLACE TABLE words AS SELECT unnest(['cat', '🐱', 'γάτα', '고양이']) AS word")
    photos.sql("CONVERT USING mini OPTIONS(text_col='word', result_col='v') AS SELECT * FROM words")
    rows = photos.sql("SELECT word, v IS NULL AS is_empty FROM words").arrow().to_pylist()
    assert {row["word"]: row["is_empty"] for row in rows} == {
        "cat": False,
        "🐱": True,
        "γάτα": True,
        "고양이": False,
    }


@pytest.mark.parametrize("label", ["🐱", "חתול", "…"])
def test_a_label_that_mini_cannot_read_is_refused_whatever_the_prompt_says_around_it(
    photos: Connection, label: str
) -> None:
    with pytest.raises(ModelError) as caught:
        photos.sql(f"PREDICT USING mini OPTIONS(labels=['red', '{label}']) AS SELECT * FROM photos")
    assert caught.value.code == "TS403"


def test_what_is_passed_over_in_labels_and_in_columns_of_texts_is_told(photos: Connection) -> None:
    result = photos.sql("PREDICT USING mini OPTIONS(labels=['red 🐱', 'blue']) AS SELECT * FROM photos")
    assert "mini cannot read 🐱; only the rest of the text counts" in result.notices
    photos.sql(
        "CREATE OR REPLACE TABLE words AS SELECT unnest(['cat', '🐱', 'dog γάτα', '고양이 ㅋㅋ']) AS word"
    )
    result = photos.sql("CONVERT USING mini OPTIONS(text_col='word', result_col='w') AS SELECT * FROM words")
    assert "mini cannot read Greek, ㅋ; only the rest of those texts counts" in result.notices


def test_what_no_piece_of_a_wordpiece_tokenizer_stands_for_is_refused(
    multilingual_folder: Path, photos: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THANOSQL_CLIP_MULTILINGUAL", str(multilingual_folder))
    photos.sql("CONVERT USING clip_multilingual AS SELECT * FROM photos")
    search = "SEARCH IMAGE text='{}' USING clip_multilingual AS SELECT * FROM photos"
    with pytest.raises(ModelError) as caught:
        photos.sql(search.format("ΓΆΤΑ 猫"))
    assert caught.value.message == "clip_multilingual cannot read ΓΆΤΑ, 猫"
    assert (
        "clip_multilingual cannot read 猫; only the rest of the text counts"
        in photos.sql(search.format("cat 猫")).notices
    )
