"""A folder of photos that changes: a refresh adds and drops rows, and keeps the others with all that was added to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import thanosql_kernel
from thanosql_kernel.errors import DataError, Unsupported
from thanosql_kernel.python.connection import Connection

REFRESH = "COPY photos OPTIONS(if_exists='refresh') FROM '여행'"


def paint(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (32, 32), (sum(map(ord, name)) % 256, 60, 90)).save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    paint(tmp_path / "여행", "a", "b", "하루/c", "하루/d")
    return tmp_path


@pytest.fixture
def photos(folder: Path) -> Iterator[Connection]:
    """A table of four photos with vectors and a column of one's own."""
    with thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False) as connection:
        connection.sql(REFRESH)
        connection.sql("CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM photos")
        connection.sql("ALTER TABLE photos ADD COLUMN stars INTEGER")
        connection.sql("UPDATE photos SET stars = 5 WHERE image_path LIKE '%c.png'")
        yield connection


def rows(
    connection: Connection, columns: str = "image_path, stars, v IS NULL AS is_new"
) -> list[tuple[object, ...]]:
    found = connection.sql(f"SELECT {columns} FROM photos").arrow().to_pylist()
    return [tuple(row.values()) for row in found]


def test_new_files_come_gone_ones_go_and_the_others_keep_their_columns(
    folder: Path, photos: Connection
) -> None:
    vectors = dict(rows(photos, "image_path, v"))
    (folder / "여행" / "a.png").unlink()
    paint(folder / "여행", "하루/e", "0")
    told = str(photos.sql(REFRESH))
    assert "2 added, 1 removed in photos; 3 kept" in told
    assert rows(photos) == [
        ("여행/b.png", None, False),
        ("여행/하루/c.png", 5, False),
        ("여행/하루/d.png", None, False),
        ("여행/0.png", None, True),
        ("여행/하루/e.png", None, True),
    ]
    kept = dict(rows(photos, "image_path, v"))
    assert all(kept[path] == vectors[path] for path in ("여행/b.png", "여행/하루/c.png", "여행/하루/d.png"))
    told = str(photos.sql("CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM photos").notices)
    assert "2 pictures embedded" in told


def test_nothing_is_written_when_nothing_changed(folder: Path, photos: Connection) -> None:
    before = photos.session.catalog.tables["photos"].version
    assert "nothing new in photos; 4 kept" in str(photos.sql(REFRESH))
    assert photos.session.catalog.tables["photos"].version == before


def test_photos_of_other_folders_and_rows_without_a_path_stay(folder: Path, photos: Connection) -> None:
    paint(folder / "여행2", "x")
    photos.sql("COPY photos OPTIONS(if_exists='append') FROM '여행2'; INSERT INTO photos (stars) VALUES (1)")
    (folder / "여행2" / "x.png").unlink()
    for path in (folder / "여행" / "하루").iterdir():
        path.unlink()
    photos.sql(REFRESH)
    paths = [path for path, *_ in rows(photos)]
    assert paths == ["여행/a.png", "여행/b.png", "여행2/x.png", None]


def test_every_photo_may_be_another_one(folder: Path, photos: Connection) -> None:
    for name in ("a", "b", "하루/c", "하루/d"):
        (folder / "여행" / f"{name}.png").unlink()
    paint(folder / "여행", "new")
    photos.sql(REFRESH)
    assert rows(photos) == [("여행/new.png", None, True)]


def test_what_cannot_be_seen_is_not_gone(folder: Path, photos: Connection) -> None:
    """A sub-folder that is a link is not looked into, and its files are there."""
    (folder / "여행" / "하루").rename(folder / "elsewhere")
    (folder / "여행" / "하루").symlink_to(folder / "elsewhere")
    photos.sql(REFRESH)
    assert len(rows(photos)) == 4


def test_a_folder_that_is_away_takes_no_row(folder: Path, photos: Connection) -> None:
    (folder / "여행").rename(folder / "away")
    with pytest.raises(DataError):
        photos.sql(REFRESH)
    assert len(rows(photos)) == 4


def test_a_file_of_rows_is_not_refreshed(folder: Path, photos: Connection) -> None:
    (folder / "a.csv").write_text("image_path\nx.png\n")
    with pytest.raises(Unsupported) as caught:
        photos.sql("COPY photos OPTIONS(if_exists='refresh') FROM 'a.csv'")
    assert "'replace'" in (caught.value.hint or "")


def test_a_table_without_paths_is_not_refreshed(folder: Path, photos: Connection) -> None:
    photos.sql("CREATE OR REPLACE TABLE photos AS SELECT 1 AS n")
    with pytest.raises(Unsupported):
        photos.sql(REFRESH)
    assert rows(photos, "n") == [(1,)]
