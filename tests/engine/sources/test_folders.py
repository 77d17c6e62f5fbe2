"""COPY of a folder: its columns, its options, and what is said of the files that became no rows."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import ExifTags, Image

from thanosql_kernel.errors import DataError, Interrupted, ParseError
from thanosql_kernel.folders.columns import folder_columns
from thanosql_kernel.folders.walk import FolderGone, Walk

TAKEN_AT = datetime(2024, 5, 4, 12, 13, 14, 500000)


def photo() -> bytes:
    """A JPEG of 48 x 32 pixels that stands upright as 32 x 48, taken in Seoul."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Apple", "iPhone 12", 6
    exif.get_ifd(ExifTags.IFD.Exif).update({0x9003: "2024:05:04 12:13:14", 0x9291: "5", 0x9011: "+09:00"})
    place = {1: "N", 2: (37.0, 30.0, 0.0), 3: "E", 4: (127.0, 0.0, 0.0)}
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(place)
    stream = io.BytesIO()
    Image.new("RGB", (48, 32)).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


PHOTO = photo()


def put(copies: Any, *names: str) -> None:
    for name in names:
        path = copies.write(f"여행/{name}", PHOTO if name.lower().endswith(("jpg", "heic")) else b"x")
        os.utime(path, ns=(0, 1_700_000_000_123_456_000))


def left_out(copies: Any) -> str:
    """The one line about it."""
    (line,) = [notice for notice in copies.notices if notice.startswith("left out")]
    return str(line)


# -- columns -------------------------------------------------------------------------------------------------
def test_a_row_says_when_where_and_with_what_it_was_taken(copies):
    put(copies, "a.jpg", "a.MOV")
    (row,) = copies.copy("여행")
    assert row == {
        "image_path": "여행/a.jpg",
        "taken_at": TAKEN_AT,
        "taken_offset": "+09:00",
        "width": 32,
        "height": 48,
        "camera": "Apple iPhone 12",
        "latitude": 37.5,
        "longitude": 127.0,
        "size_bytes": len(PHOTO),
        "modified_at": datetime.fromtimestamp(1_700_000_000, UTC).replace(microsecond=123456),
        "kind": "image",
        "motion_path": "여행/a.MOV",
    }
    declared = {column.name: column.type for column in folder_columns("image")}
    assert copies.types() == declared


def test_what_is_not_known_is_null(copies):
    put(copies, "깨짐.png")
    (row,) = copies.copy("여행")
    known = {name: value for name, value in row.items() if value is not None}
    assert known.keys() == {"image_path", "size_bytes", "modified_at", "kind"}


def test_many_files_are_read_each_into_its_row_in_natural_order(copies):
    for number in range(300):
        stream = io.BytesIO()
        Image.new("RGB", (number + 1, 2)).save(stream, "JPEG")
        copies.write(f"여행/{number}.jpg", stream.getvalue())
    rows = copies.copy("여행")
    assert [(row["image_path"], row["width"]) for row in rows] == [
        (f"여행/{number}.jpg", number + 1) for number in range(300)
    ]


def test_the_paths_alone(copies):
    put(copies, "a.jpg", "b.jpg")
    rows = copies.copy("여행", "if_exists='replace', metadata=False")
    assert rows == [{"image_path": "여행/a.jpg"}, {"image_path": "여행/b.jpg"}]


@pytest.mark.parametrize("media", ["video", "audio"])
def test_films_and_sounds_have_what_is_cheap(copies, media):
    put(copies, "a.mov", "b.mp3")
    (row,) = copies.copy("여행", f"if_exists='replace', media='{media}'")
    path = "여행/a.mov" if media == "video" else "여행/b.mp3"
    modified = datetime.fromtimestamp(1_700_000_000, UTC).replace(microsecond=123456)
    assert row == {f"{media}_path": path, "size_bytes": 1, "modified_at": modified, "kind": media}


def test_all_kinds_have_a_column_of_paths_each(copies):
    put(copies, "a.heic", "a.mov", "b.mov", "c.mp3")
    rows = copies.copy("여행", "if_exists='replace', media='all'")
    paths = [(row["image_path"], row["video_path"], row["audio_path"], row["motion_path"]) for row in rows]
    assert paths == [
        ("여행/a.heic", None, None, "여행/a.mov"),
        (None, "여행/b.mov", None, None),
        (None, None, "여행/c.mp3", None),
    ]
    assert [row["kind"] for row in rows] == ["image", "video", "audio"]
    assert not [notice for notice in copies.notices if notice.startswith("left out")]


# -- what is taken -------------------------------------------------------------------------------------------
def test_pictures_are_taken_although_there_are_more_films(copies):
    put(copies, "1.HEIC", "2.HEIC", "3.HEIC", "1.MOV", "4.MOV", "5.MOV", "6.MOV", "7.MOV")
    assert copies.paths("여행") == ["여행/1.HEIC", "여행/2.HEIC", "여행/3.HEIC"]
    assert "4 video files" in left_out(copies)
    assert "media='all'" in left_out(copies)


def test_films_alone_are_taken(copies):
    put(copies, "1.MOV", "2.MP4")
    assert [row["video_path"] for row in copies.copy("여행")] == ["여행/1.MOV", "여행/2.MP4"]


def test_music_is_taken_although_its_cover_lies_beside_it(copies):
    put(copies, "1.mp3", "2.mp3", "cover.jpg")
    assert [row["audio_path"] for row in copies.copy("여행")] == ["여행/1.mp3", "여행/2.mp3"]
    assert "1 image file" in left_out(copies)


def test_films_of_live_photos_are_films_where_films_are_asked_for(copies):
    put(copies, "1.HEIC", "1.MOV", "2.MOV")
    rows = copies.copy("여행", "if_exists='replace', media='video'")
    assert [row["video_path"] for row in rows] == ["여행/1.MOV", "여행/2.MOV"]


@pytest.mark.parametrize(
    "name", ["a.HIF", "a.mpo", "a.jpe", "a.jfif", "a.CR2", "a.nef", "a.psd", "a.qoi", "a.avif"]
)
def test_every_ending_that_a_decoder_reads_is_taken(copies, name):
    put(copies, name)
    assert copies.paths("여행") == [f"여행/{name}"]


def test_one_line_says_what_was_left_out_and_why_by_ending(copies):
    put(copies, "a.jpg", "b.xmp", "c.xmp", "d.aae", "e.svg", "이름만", "f.mp3", ".g.jpg", "._a.jpg")
    put(copies, "@eaDir/1.jpg", "@eaDir/2.jpg", "하루/@eaDir/3.jpg", "초안/h.jpg")
    assert copies.paths("여행", "if_exists='replace', exclude=['초안']") == ["여행/a.jpg"]
    assert left_out(copies) == (
        "left out: 1 audio file (OPTIONS(media='all') takes them too); 1 .svg (pictures of kinds that are not read); "
        "2 .xmp, 1 .aae, 1 without an ending; 1 by the options; 1 hidden; 1 ._* of macOS; 3 in @eaDir"
    )


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("recursive=False", ["a.jpg"]),
        ("pattern='*.jpg', exclude=['하루']", ["a.jpg"]),
        ("pattern='하루/*'", ["하루/b.jpg", "하루/c.heic"]),
        ("exclude='*.jpg'", ["하루/c.heic"]),
    ],
)
def test_options_choose_files(copies, options, names):
    put(copies, "a.jpg", "하루/b.jpg", "하루/c.heic")
    assert copies.paths("여행", f"if_exists='replace', {options}") == [f"여행/{name}" for name in names]


def test_an_empty_choice_says_what_there_is(copies):
    put(copies, "a.mov")
    error = copies.error("여행", "if_exists='replace', media='image'")
    assert error.code == "TS500"


# -- which options go with what ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "option",
    [
        "media='all'",
        "metadata=False",
        "recursive=False",
        "pattern='*'",
        "exclude=['a']",
        "follow_links=False",
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.xlsx", "a.parquet", "a.csv.gz"])
def test_an_option_of_folders_is_refused_for_a_table(copies, name, option):
    copies.write(name, b"x,y\n1,2\n")
    error = copies.error(name, option)
    assert isinstance(error, ParseError)
    assert option.partition("=")[0] in error.message
    assert any("taken out" in str(fix) or fix for fix in error.fixes)


def test_a_wrong_value_names_the_right_ones(copies):
    put(copies, "a.jpg")
    error = copies.error("여행", "media='images'")
    assert "'image', 'video', 'audio', 'all'" in error.message
    assert error.meant == "image"


# -- tables that are there already ---------------------------------------------------------------------------
@pytest.mark.parametrize("if_exists", ["append", "refresh"])
def test_a_table_of_paths_alone_goes_on_taking_paths(copies, if_exists):
    put(copies, "a.jpg")
    copies.copy("여행", "metadata=False")
    copies.connection.sql("ALTER TABLE t ADD COLUMN kind VARCHAR; UPDATE t SET kind = 'cat'")
    put(copies, "b.jpg")
    if if_exists == "append":
        copies.write("더/b.jpg", PHOTO)
    rows = copies.copy("더" if if_exists == "append" else "여행", f"if_exists='{if_exists}'")
    assert [row["kind"] for row in rows] == ["cat", None]
    assert rows[0].keys() == {"image_path", "kind"}
    # A refresh goes on as the table was made; an append may want more than it has.
    assert any("taken_at" in notice for notice in copies.notices) == (if_exists == "append")


def test_a_table_with_some_of_the_columns_takes_those(copies):
    put(copies, "a.jpg")
    copies.copy("여행")
    copies.connection.sql("ALTER TABLE t DROP COLUMN camera")
    rows = copies.copy("여행", "if_exists='append'")
    assert [row["taken_at"] for row in rows] == [TAKEN_AT, TAKEN_AT]
    assert any(notice.endswith("left out: camera") for notice in copies.notices)


# -- what goes wrong -----------------------------------------------------------------------------------------
def test_a_folder_that_goes_away_meanwhile_is_told_and_nothing_is_stored(copies, monkeypatch):
    put(copies, "a.jpg")
    monkeypatch.setattr(Walk, "_check_there", lambda self, first: (_ for _ in ()).throw(FolderGone()))
    with pytest.raises(DataError) as caught:
        copies.copy("여행")
    assert (caught.value.code, caught.value.message) == (
        "TS500",
        "여행 went away while it was looked through",
    )
    assert not copies.connection.session.catalog.tables


def test_a_file_that_goes_away_meanwhile_has_nothing_to_say(copies, monkeypatch):
    put(copies, "a.jpg", "b.jpg")
    walk = Walk.walk

    def vanishing(self: Walk) -> None:
        walk(self)
        (copies.folder / "여행" / "a.jpg").unlink()

    monkeypatch.setattr(Walk, "walk", vanishing)
    rows = copies.copy("여행")
    assert [row["camera"] for row in rows] == [None, "Apple iPhone 12"]


def test_reading_stops_when_the_user_asks(copies, monkeypatch):
    import threading

    from thanosql_kernel.engine.sources.media import looking

    put(copies, "a.jpg")
    released = threading.Event()
    monkeypatch.setattr(looking, "read_open", lambda *_: released.wait(60))
    asked: list[None] = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 20

    try:
        with pytest.raises(Interrupted):
            copies.connection.session.run("COPY t FROM '여행'", emit=lambda result: None, cancelled=cancelled)
    finally:
        released.set()
