"""Paths in tables: looked for in the database's own folder, then in the working folder, whoever asks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from thanosql_kernel.catalog.location import locate
from thanosql_kernel.catalog.paths import PathFinder


@pytest.fixture
def finder(tmp_path: Path) -> PathFinder:
    """Of a database in ``work``, asked from ``work/노트``."""
    (tmp_path / "work" / "노트").mkdir(parents=True)
    location = locate(tmp_path / "work" / ".thanosql")
    return PathFinder.of(location, tmp_path / "work" / "노트")


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_the_databases_own_folder_comes_first_and_the_working_folder_second(
    tmp_path: Path, finder: PathFinder
) -> None:
    beside_notebook = touch(tmp_path / "work" / "노트" / "사진" / "a.png")
    assert finder.find("사진/a.png") == beside_notebook
    own = touch(tmp_path / "work" / "사진" / "a.png")
    assert finder.find("사진/a.png") == own
    assert finder.look("사진/a.png")[0] == str(own)


def test_what_is_nowhere_is_named_as_in_the_databases_own_folder(tmp_path: Path, finder: PathFinder) -> None:
    assert finder.find("없음.png") == tmp_path / "work" / "없음.png"
    with pytest.raises(FileNotFoundError):
        finder.look("없음.png")


def test_a_file_that_may_not_be_looked_at_is_not_missing(
    tmp_path: Path, finder: PathFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, real = str(tmp_path / "work" / "a.png"), os.stat

    def refuse(path: str, **options: object) -> os.stat_result:
        if path == own:
            raise PermissionError
        return real(path, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "stat", refuse)
    with pytest.raises(PermissionError):
        finder.look("a.png")


def test_what_is_in_no_folder_is_gone_and_what_cannot_be_looked_at_in_one_is_not(
    tmp_path: Path, finder: PathFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [tmp_path / "work" / "a.png", tmp_path / "work" / "노트" / "a.png"]
    real = os.stat
    assert finder.is_gone("a.png")
    for place in places:

        def refuse(path: str, place: Path = place, **options: object) -> os.stat_result:
            if str(path) == str(place):
                raise PermissionError
            return real(path, **options)  # type: ignore[call-overload]

        with monkeypatch.context() as patch:
            patch.setattr(os, "stat", refuse)
            assert not finder.is_gone("a.png")
    touch(places[1])
    assert not finder.is_gone("a.png")


def test_what_is_behind_a_link_that_leads_nowhere_is_not_gone(tmp_path: Path, finder: PathFinder) -> None:
    away, work = tmp_path / "disk", tmp_path / "work"
    work.mkdir(exist_ok=True)
    (work / "link").symlink_to(away)
    (work / "ring").symlink_to(work / "ring")
    assert not any(map(finder.is_gone, ("link", "link/a.png", "link/b/a.png", "ring", "ring/a.png")))
    away.mkdir()
    assert all(map(finder.is_gone, ("link/a.png", "link/b/a.png", "other/a.png")))
    touch(away / "a.png")
    assert finder.is_gone("link/a.png/b.png")
    assert not finder.is_gone("link/a.png")


def test_absolute_paths_and_the_home_folder_are_themselves(
    tmp_path: Path, finder: PathFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert finder.find("~/사진/a.png") == tmp_path / "사진" / "a.png"
    assert finder.find(str(tmp_path / "b.png")) == tmp_path / "b.png"


@pytest.mark.parametrize(
    "written", ["a/b.png", "./a/b.png", "a//b.png", "a/./b.png", "c/../a/b.png", "a/b.png/"]
)
def test_spellings_of_one_path_are_one(tmp_path: Path, written: str) -> None:
    assert PathFinder.over(tmp_path).candidates(written) == [str(tmp_path / "a" / "b.png")]


@pytest.mark.parametrize("name", ["a..b.png", ".숨김/a.png", "a/.b.png", "..a.png"])
def test_names_with_dots_are_left_alone(tmp_path: Path, name: str) -> None:
    assert PathFinder.over(tmp_path).candidates(name)[0] == str(tmp_path / name)


def test_a_name_that_no_file_can_have_is_told_as_such(tmp_path: Path, finder: PathFinder) -> None:
    with pytest.raises(ValueError, match="null"):
        finder.look("a\0.png")
    assert finder.find("a\0.png") == tmp_path / "work" / "a\0.png"


def test_a_remote_database_has_no_folder_of_its_own(tmp_path: Path) -> None:
    assert PathFinder.of(locate("s3://bucket/db"), tmp_path).folders == (str(tmp_path),)


def test_one_folder_is_not_tried_twice(tmp_path: Path) -> None:
    assert PathFinder.of(locate(tmp_path / ".thanosql"), tmp_path).folders == (str(tmp_path),)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("사진/a.png", "노트/사진/a.png"),
        ("../사진/a.png", "사진/a.png"),
        ("/data/a.png", "/data/a.png"),
        ("~/a.png", "~/a.png"),
    ],
)
def test_what_is_written_elsewhere_is_kept_so_that_the_own_folder_finds_it(
    tmp_path: Path, finder: PathFinder, written: str, kept: str
) -> None:
    assert finder.shortened(written, tmp_path / "work" / "노트") == kept
    assert finder.shortened(written, tmp_path / "work") == written


def test_what_is_written_outside_is_kept_whole(tmp_path: Path, finder: PathFinder) -> None:
    assert finder.shortened("../../밖/a.png", tmp_path / "work" / "노트") == str(tmp_path / "밖" / "a.png")
