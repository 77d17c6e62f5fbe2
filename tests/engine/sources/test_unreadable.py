"""Files and folders that may not be read: named, never passed over without a word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.unprivileged

NOTHING, NAMES_ALONE, NO_NAMES = 0o000, 0o444, 0o111
MODES = (NOTHING, NAMES_ALONE, NO_NAMES)


@contextmanager
def closed(path: Path, mode: int = NOTHING) -> Iterator[None]:
    """A file or folder that may not be read for a while."""
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(0o755)


# -- photos --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("mode", MODES, ids=oct)
def test_a_folder_that_may_not_be_read_is_named(copies, mode):
    for number, names in enumerate((["b.jpg", "c.jpg"], ["속/b.jpg"], ["b.jpg", "속/c.jpg", "메모"])):
        pics = copies.folder / f"pics{number}"
        for name in ("a.jpg", *(f"닫힘/{name}" for name in names)):
            copies.write(f"{pics.name}/{name}", b"x")
        with closed(pics / "닫힘", mode):
            assert copies.paths(pics.name) == [f"{pics.name}/a.jpg"]
        assert any("cannot be read: 닫힘" in notice for notice in copies.notices), names
        assert not any("lead to no file" in notice for notice in copies.notices), names


@pytest.mark.parametrize("mode", MODES, ids=oct)
def test_of_a_folder_that_may_not_be_read_itself_the_reason_is_told(copies, mode):
    copies.write("pics/a.jpg", b"x")
    with closed(copies.folder / "pics", mode):
        error = copies.error("pics")
    assert (error.code, error.message) == ("TS500", "pics cannot be read: Permission denied")


def test_a_photo_that_may_not_be_read_is_a_row_of_which_little_is_known(copies):
    copies.write("pics/a.jpg", b"x" * 7)
    with closed(copies.folder / "pics" / "a.jpg"):
        (row,) = copies.copy("pics")
    assert (row["image_path"], row["size_bytes"], row["width"]) == ("pics/a.jpg", 7, None)


def test_what_is_linked_and_may_not_be_read_is_named(copies):
    copies.write("pics/a.jpg", b"x")
    copies.write("밖/b.jpg", b"x")
    (copies.folder / "pics" / "링크").symlink_to(copies.folder / "밖")
    (copies.folder / "pics" / "b.jpg").symlink_to(copies.folder / "밖" / "b.jpg")
    with closed(copies.folder / "밖"):
        assert copies.paths("pics") == ["pics/a.jpg"]
    assert "left out, for they cannot be read: 링크" in copies.notices
    assert "left out, for these links lead nowhere now: b.jpg" in copies.notices


# -- tables --------------------------------------------------------------------------------------------------
def test_a_table_file_that_may_not_be_read_is_refused_by_name(copies):
    for name in ("표.csv", "표.json", "표.xlsx", "표.parquet", "표.csv.gz", "표.json.gz"):
        copies.write(name, b"a,b\n1,2\n")
        with closed(copies.folder / name):
            error = copies.error(name)
        assert (error.code, error.message) == ("TS501", f"{name} may not be read")


def test_one_of_several_table_files_that_may_not_be_read_is_refused_by_name(copies):
    for name in ("1.csv", "2.csv"):
        copies.write(f"표/{name}", b"a\n1\n")
    for source in ("표", "표/*.csv"):
        with closed(copies.folder / "표" / "2.csv"):
            error = copies.error(source)
        assert (error.code, error.message) == ("TS501", "2.csv may not be read")


@pytest.mark.parametrize("mode", MODES, ids=oct)
def test_a_folder_of_tables_that_may_not_be_read_is_named(copies, mode):
    copies.write("표/열림/1.csv", b"a\n1\n")
    copies.write("표/닫힘/깊이/2.csv", b"a\n2\n")
    patterns = ("표/*/*.csv", "표/**/*.csv", "표/??/*", f"{copies.folder}/표/*/*.csv")
    for source, named in (("표", "닫힘"), *((pattern, "표/닫힘") for pattern in patterns)):
        with closed(copies.folder / "표" / "닫힘", mode):
            assert {row["a"] for row in copies.copy(source)} == {1}
        said = [notice for notice in copies.notices if "cannot be read" in notice]
        assert named in "".join(said), source
        copies.copy(source)
        assert not any("cannot be read" in notice for notice in copies.notices), source


@pytest.mark.parametrize("mode", MODES, ids=oct)
def test_where_nothing_else_fits_a_pattern_the_reason_is_told(copies, mode):
    copies.write("표/닫힘/2.csv", b"a\n2\n")
    for source in ("표/닫힘/*.csv", "표/닫힘/*/*.csv", "**/?.csv"):
        with closed(copies.folder / "표" / "닫힘", mode):
            error = copies.error(source)
        assert (error.code, error.message) == ("TS500", "표/닫힘 cannot be read: Permission denied")


def test_a_file_whose_name_is_known_is_read_in_a_folder_that_may_not_be_listed(copies):
    copies.write("표/닫힘/2.csv", b"a\n2\n")
    for source in ("표/닫힘/2.csv", "표/닫*/2.csv"):
        with closed(copies.folder / "표" / "닫힘", NO_NAMES):
            assert copies.copy(source) == [{"a": 2}]
