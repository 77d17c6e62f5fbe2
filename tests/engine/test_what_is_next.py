"""COPY and CONVERT answer first what was done and what may be next, then with a few rows."""

import pyarrow as pa
import pyarrow.csv
import pytest
from PIL import Image

from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.wording import set_language


@pytest.fixture
def photos(world):
    """The table 사진: seven pictures and six columns more."""
    for number in range(7):
        Image.new("RGB", (40, 30), (number * 30, 90, 200)).save(world.folder / f"{number}.png")
    columns = {name: [f"{name}{number}" for number in range(7)] for name in "abcdef"}
    paths = [f"{number}.png" for number in range(6)] + ["gone.png"]
    pyarrow.csv.write_csv(pa.table({**columns, "image_path": paths}), world.folder / "사진.csv")
    return world


def following(text: str) -> str:
    """The statement that is offered."""
    return text.splitlines()[1].partition(": ")[2]


def test_what_they_offer_runs_one_after_the_other(photos):
    copied = photos.run("COPY 사진 FROM '사진.csv'")[-1]
    assert copied.text.splitlines()[0] == "7 rows of 7 columns stored as 사진"
    assert following(copied.text) == "CONVERT USING mini AS SELECT * FROM 사진"
    converted = photos.run(following(copied.text))[-1]
    assert converted.heading.splitlines()[0] == "6 pictures are ready"
    printed = photos.run(following(converted.heading))[-1]
    assert len(printed.items) == 7
    assert "best first" in printed.notices


def test_few_rows_are_shown_with_the_new_column_in_sight(photos):
    photos.run("COPY 사진 FROM '사진.csv'")
    shown = photos.run("CONVERT USING mini AS SELECT * FROM 사진")[-1]
    assert [column.name for column in shown.columns] == ["image_path", "mini_clipmini", "a", "b", "c", "d"]
    assert (shown.rows.num_rows, shown.total) == (5, 7)
    assert "not shown: e, f" in shown.notices
    assert [column.name for column in photos.run("SELECT * FROM _")[-1].columns][-1] == "mini_clipmini"


def test_the_copied_rows_are_no_result_for_later_queries(photos):
    photos.run("SELECT 1 AS one")
    photos.run("COPY 사진 FROM '사진.csv'")
    assert photos.rows("SELECT * FROM _") == [{"one": 1}]


def test_a_table_without_pictures_is_to_be_looked_at(world):
    (world.folder / "a.csv").write_text("name,price\nx,1\n", encoding="utf-8")
    copied = world.run("COPY a FROM 'a.csv'")[-1]
    assert following(copied.text) == "SELECT * FROM a"
    assert copied.sample.rows.to_pylist() == [{"name": "x", "price": 1}]


def test_new_rows_of_a_converted_table_want_its_own_convert(photos):
    photos.run("COPY 사진 FROM '사진.csv'")
    photos.run("CONVERT USING mini OPTIONS(result_col='벡터') AS SELECT * FROM 사진")
    copied = photos.run("COPY 사진 OPTIONS(if_exists='append') FROM '사진.csv'")[-1]
    assert photos.run(following(copied.text))[-1].heading.startswith("12 pictures are ready")


def test_a_column_in_the_result_only_offers_no_search(photos):
    photos.run("COPY 사진 FROM '사진.csv'")
    shown = photos.run("CONVERT USING mini AS SELECT * FROM 사진 LIMIT 1")[-1]
    assert shown.heading == "1 picture is ready"


def test_one_of_several_columns_of_a_model_is_named(photos):
    photos.run("COPY 사진 FROM '사진.csv'")
    photos.run("CONVERT USING mini AS SELECT * FROM 사진")
    shown = photos.run("CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM 사진")[-1]
    assert "OPTIONS(emb_col='v')" in following(shown.heading)
    assert photos.run(following(shown.heading))[-1].total == 7


def test_front_ends_show_the_words_above_the_rows(photos):
    bundle = mime_bundle(photos.run("COPY 사진 FROM '사진.csv'")[-1])
    for form in ("text/plain", "text/html"):
        assert (
            bundle[form].index("next: CONVERT")
            < bundle[form].index("image_path")
            < bundle[form].index("5 of 7")
        )


def test_korean_says_it_in_korean(photos):
    set_language("ko")
    try:
        photos.run("COPY 사진 FROM '사진.csv'")
        heading = photos.run("CONVERT USING mini AS SELECT * FROM 사진")[-1].heading
    finally:
        set_language("en")
    assert heading.splitlines()[0] == "사진 6장이 준비되었습니다"
