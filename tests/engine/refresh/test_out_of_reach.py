"""REFRESH takes nothing out of reach for gone: rows stay with all that was added to them, and it is told why."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from refresh_world import STARS, Photos, age, write_picture


# -- folders ---------------------------------------------------------------------------------------------------
def test_a_folder_that_was_renamed_is_an_error_and_its_new_name_takes_the_rows(embedded: Photos) -> None:
    before = embedded.rows("star, v")
    embedded.photos.rename(embedded.folder / "pictures")
    error = embedded.fail("REFRESH t")
    assert (error.code, embedded.rows()) == ("TS500", STARS)
    assert "REFRESH t FROM" in (error.hint or "")
    age(write_picture(embedded.folder / "pictures" / "new.png", 99, 8))
    assert embedded.told("REFRESH t FROM 'pictures'")[0] == "1 added, 4 renamed in t; 0 kept"
    assert embedded.rows()[:4] == [(path.replace("photos", "pictures"), star) for path, star in STARS]
    assert embedded.rows("star, v")[:4] == before
    assert embedded.told("REFRESH t")[0] == "nothing new in t; 5 kept"


def test_an_emptied_folder_is_not_believed(photos: Photos) -> None:
    shutil.rmtree(photos.photos)
    photos.photos.mkdir()
    error = photos.fail("REFRESH t")
    assert (error.code, photos.rows()) == ("TS500", STARS)
    assert "TRUNCATE t" in (error.hint or "")
    told = photos.told("REFRESH t OPTIONS(missing='keep')")
    assert told == ["nothing new in t; 4 kept", "4 rows stay though their files are missing"]


def test_of_two_folders_the_one_that_is_there_is_refreshed(photos: Photos) -> None:
    age(write_picture(photos.folder / "more" / "x.png", 5, 8))
    photos.sql("COPY t OPTIONS(if_exists='append') FROM 'more'")
    (photos.folder / "more").rename(photos.folder / "away")
    photos.paint("e")
    told = photos.told("REFRESH t")
    assert told[0] == "1 added in t; 5 kept"
    assert "more/" in told[1]
    (photos.folder / "away").rename(photos.folder / "more")
    (photos.folder / "more" / "x.png").rename(photos.folder / "more" / "y.png")
    photos.paint("f")
    assert photos.told("REFRESH t")[0] == "1 added, 1 renamed in t; 5 kept"


@pytest.mark.parametrize("error", [PermissionError, FileNotFoundError])
def test_rows_below_a_folder_that_cannot_be_read_stay(
    photos: Photos, monkeypatch: pytest.MonkeyPatch, error: type[OSError]
) -> None:
    scandir = os.scandir

    def refusing(path):
        if str(path).endswith("sub"):
            raise error
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    (photos.photos / "sub" / "c.png").unlink()
    (photos.photos / "a.png").unlink()
    told = photos.told("REFRESH t")
    assert told[0] == "1 removed in t; 3 kept"
    assert "sub" in told[1]
    assert photos.rows() == STARS[1:]


@pytest.mark.unprivileged
@pytest.mark.parametrize("mode", [0o000, 0o444, 0o111], ids=oct)
def test_rows_below_a_folder_that_may_not_be_read_stay(embedded: Photos, mode: int) -> None:
    before = embedded.rows("image_path, star, width, v")
    (embedded.photos / "sub").chmod(mode)
    told = embedded.told("REFRESH t")
    (embedded.photos / "sub").chmod(0o755)
    assert told == ["nothing new in t; 4 kept", "left out, for they cannot be read: sub"]
    assert embedded.rows("image_path, star, width, v") == before


@pytest.mark.unprivileged
@pytest.mark.parametrize("mode", [0o000, 0o444, 0o111], ids=oct)
def test_a_folder_that_may_not_be_read_is_an_error(photos: Photos, mode: int) -> None:
    for path in (photos.photos, *photos.photos.glob("*/")):
        path.chmod(mode)
        error = photos.fail("REFRESH t") if path == photos.photos else None
        path.chmod(0o755)
        assert error is None or (error.code, "Permission denied" in error.message) == ("TS500", True)
    assert photos.rows() == STARS


# -- files -----------------------------------------------------------------------------------------------------
@pytest.mark.unprivileged
@pytest.mark.parametrize("is_young", [False, True])
def test_what_is_known_of_a_photo_stays_while_it_may_not_be_read(photos: Photos, is_young: bool) -> None:
    """Of one that was written just before it was looked at, size and time do not tell what it became since."""
    path = photos.photos / "new.png"
    write_picture(path, 42, 8)
    if not is_young:
        age(path)
    photos.told("REFRESH t")
    photos.sql(
        "CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM t; UPDATE t SET star = 5 WHERE star IS NULL"
    )
    before, status = photos.rows("star, width, v"), path.stat()
    path.chmod(0)
    for _ in range(2):
        assert photos.told("REFRESH t")[0] == "nothing new in t; 5 kept"
        assert photos.rows("star, width, v") == before
    path.chmod(0o644)
    assert photos.told("REFRESH t")[0] == "nothing new in t; 5 kept"
    assert photos.rows("star, width, v") == before
    data = path.read_bytes()
    path.write_bytes(data[:-30] + bytes(10) + data[-20:])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (
        photos.told("REFRESH t")[0]
        == f"{'1 changed' if is_young else 'nothing new'} in t; {4 if is_young else 5} kept"
    )


# -- links -----------------------------------------------------------------------------------------------------
@pytest.fixture
def linked(photos: Photos) -> Photos:
    """Two photos on a disk, and one that has a link of its own."""
    disk = photos.folder / "disk"
    for seed, name in enumerate(("x.png", "y.png", "one.png"), 50):
        age(write_picture(disk / name, seed, 8))
    (disk / "one.png").rename(photos.folder / "one.png")
    (photos.photos / "linked").symlink_to(disk)
    (photos.photos / "one.png").symlink_to(photos.folder / "one.png")
    assert photos.told("REFRESH t")[0] == "3 added in t; 4 kept"
    photos.sql(
        "CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM t; UPDATE t SET star = 9 WHERE star IS NULL"
    )
    return photos


@pytest.mark.parametrize("missing", ["remove", "keep"])
def test_rows_behind_links_that_lead_nowhere_stay(linked: Photos, missing: str) -> None:
    before = linked.rows("image_path, star, v")
    linked.paint("b2", seed=77)
    (linked.photos / "b2.png").replace(linked.photos / "b.png")
    (linked.folder / "disk").rename(linked.folder / "away")
    (linked.folder / "one.png").rename(linked.folder / "away.png")
    told = linked.told(f"REFRESH t OPTIONS(missing='{missing}')")
    assert told[0] == "1 changed in t; 6 kept"
    assert "left out, for these links lead nowhere now: linked, one.png" in told
    found = linked.rows("image_path, star, v")
    assert [row for row in found if row[0] != "photos/b.png"] == [
        row for row in before if row[0] != "photos/b.png"
    ]
    (linked.folder / "away").rename(linked.folder / "disk")
    (linked.folder / "away.png").rename(linked.folder / "one.png")
    assert linked.told("REFRESH t") == ["nothing new in t; 7 kept"]


def test_rows_go_with_a_link_and_with_what_is_behind_one(linked: Photos) -> None:
    (linked.folder / "disk" / "x.png").unlink()
    assert linked.told("REFRESH t") == ["1 removed in t; 6 kept"]
    (linked.photos / "linked").unlink()
    (linked.photos / "one.png").unlink()
    assert linked.told("REFRESH t") == ["2 removed in t; 4 kept"]
    assert linked.rows() == STARS
