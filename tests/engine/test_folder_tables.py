"""CREATE TABLE … USING: a folder's pictures and their vectors become a table, as COPY and CONVERT make it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from embed_world import PixelEncoder, age, write_picture

from thanosql_kernel.errors import Interrupted
from thanosql_kernel.models import registry


@pytest.fixture
def encoder(monkeypatch):
    found = PixelEncoder()
    monkeypatch.setattr(registry, "load", lambda model, **settings: found)
    return found


@pytest.fixture
def photos(world, encoder):
    """The folder 사진: p0.PNG, p1.jpg, p2.PNG, p3.jpg, one below with signs of patterns in its name, one that is none."""
    for number in range(4):
        age(write_picture(world.folder / "사진" / f"p{number}.{'jpg' if number % 2 else 'PNG'}", number))
    age(write_picture(world.folder / "사진" / "아래" / "[1] a!.png", 9))
    (world.folder / "사진" / "bad.jpg").write_bytes(b"nothing")
    return world


def stored(world, name):
    world.run("SET display.rows = 1000")
    return world.rows(f"SELECT * FROM {name}")


def test_it_is_what_copy_and_convert_make(photos):
    photos.run("COPY 둘 FROM '사진'; CONVERT USING mini AS SELECT * FROM 둘")
    photos.run("CREATE TABLE 하나 USING mini FROM '사진'")
    assert stored(photos, "하나") == stored(photos, "둘")
    one, two = (photos.session.catalog.table(name) for name in ("하나", "둘"))
    assert one.columns == two.columns
    assert one.folders == two.folders


def test_it_is_one_commit(photos):
    photos.run("CREATE TABLE t USING mini FROM '사진'")
    assert len(photos.rows("SHOW VERSIONS t")) == 1


@pytest.mark.parametrize("endings", ["['.jpg']", "['jpg']", "'.JPG'", "['*.jpg']"])
def test_only_files_of_some_endings_are_taken(photos, endings):
    photos.run(f"CREATE TABLE t USING mini OPTIONS(file_type={endings}) FROM '사진/'")
    assert [Path(row["image_path"]).name for row in stored(photos, "t")] == ["bad.jpg", "p1.jpg", "p3.jpg"]


def test_several_endings_take_the_files_of_each(photos):
    photos.run("CREATE TABLE t USING mini OPTIONS(file_type=['.png', '.gif']) FROM '사진'")
    assert len(stored(photos, "t")) == 3


def test_one_file_is_one_row(photos):
    write_picture(photos.folder / "사진" / "아래" / "더" / "[1] a!.png", 10)
    photos.run("CREATE TABLE t USING mini OPTIONS(path_type='file') FROM '사진/아래/[1] a!.png'")
    assert [row["image_path"] for row in stored(photos, "t")] == ["사진/아래/[1] a!.png"]


def test_what_can_be_next_runs_for_models_of_pictures_alone_too(photos):
    for model in ("mini", "Color_Descriptor"):
        (result,) = photos.run(
            f"CREATE OR REPLACE TABLE t USING {model} OPTIONS(file_type=['.png']) FROM '사진'"
        )
        following = result.text.splitlines()[-1].removeprefix("next: ")
        assert len(photos.rows(following.removeprefix("PRINT IMAGE AS "))) == 3


def test_a_file_that_is_not_there_is_told(photos):
    for path in ("사진/none.png", "nowhere/none.png"):
        cell = f"CREATE TABLE t USING mini OPTIONS(path_type='file') FROM '{path}'"
        assert photos.marked(cell) == ("TS500", f"'{path}'")


def test_a_table_that_is_there_stays_unless_it_is_said(photos):
    photos.run("CREATE TABLE t AS SELECT 1 AS a")
    assert photos.marked("CREATE TABLE t USING mini FROM '사진'") == ("TS204", "t")
    photos.run("CREATE TABLE IF NOT EXISTS t USING mini FROM '사진'")
    assert stored(photos, "t") == [{"a": 1}]
    photos.run("CREATE TABLE t USING mini OPTIONS(overwrite=True) FROM '사진'")
    assert len(stored(photos, "t")) == 6
    photos.run("CREATE OR REPLACE TABLE t USING mini OPTIONS(file_type=['.jpg']) FROM '사진'")
    assert len(stored(photos, "t")) == 3


def test_what_cannot_be_read_stays_null_and_is_told(photos):
    (result,) = photos.run("CREATE TABLE t USING mini FROM '사진'")
    assert any("bad.jpg" in notice for notice in result.notices)
    assert [row["image_path"] for row in stored(photos, "t") if row["mini_clipmini"] is None] == [
        "사진/bad.jpg"
    ]


def test_refresh_follows_its_folder(photos):
    photos.run("CREATE TABLE t USING mini OPTIONS(file_type=['.jpg', '.gif']) FROM '사진'")
    (photos.folder / "사진" / "p1.jpg").unlink()
    for name in ("p7.jpg", "p8.png", "p9.gif"):
        age(write_picture(photos.folder / "사진" / name, 7))
    photos.run("REFRESH t")
    assert [Path(row["image_path"]).name for row in stored(photos, "t")] == [
        "bad.jpg",
        "p3.jpg",
        "p7.jpg",
        "p9.gif",
    ]


def test_stopped_it_makes_no_table_and_goes_on_where_it_was(photos, monkeypatch):
    stopping = PixelEncoder(after_batch=lambda it: None)
    monkeypatch.setattr(registry, "load", lambda model, **settings: stopping)
    with pytest.raises(Interrupted):
        photos.run("CREATE TABLE t USING mini FROM '사진'", cancelled=lambda: stopping.pictures > 0)
    assert photos.session.catalog.find_table("t") is None
    embedded = stopping.pictures
    photos.run("CREATE TABLE t USING mini FROM '사진'")
    assert stopping.pictures == embedded
    assert len(stored(photos, "t")) == 6


@pytest.mark.parametrize(
    ("statement", "code", "marked"),
    [
        ("CREATE TABLE t USING mini OPTIONS(data_type='video') FROM '사진'", "TS600", "'video'"),
        ("CREATE TABLE t USING mini OPTIONS(file_type=['.']) FROM '사진'", "TS103", "['.']"),
        ("CREATE TABLE t USING mini OPTIONS(file_type=['.tif']) FROM '사진'", "TS500", "'사진'"),
        ("CREATE TABLE t USING mini FROM '사진들'", "TS500", "'사진들'"),
        ("CREATE TABLE t USING minu FROM '사진'", "TS200", "minu"),
        ("CREATE TABLE t USING mini OPTIONS(top_k=1) FROM '사진'", "TS102", "top_k"),
        ("CREATE TABLE t USING mini FROM folder", "TS600", "folder"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(photos, statement, code, marked):
    assert photos.marked(statement) == (code, marked)
    assert photos.session.catalog.find_table("t") is None
