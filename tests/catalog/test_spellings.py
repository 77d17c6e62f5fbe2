"""Names that a person would not tell apart lead to the same file; what the disk has comes first."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from thanosql_kernel.catalog import spellings
from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.catalog.spellings import is_ambiguous, respelt


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


FOLDER, PHOTO = "여름휴가", "élan 바다.jpg"
FORMS = [(one, other) for one in (nfc, nfd) for other in (nfc, nfd)]

pytestmark = pytest.mark.skipif(
    os.path.exists("/System/Library"), reason="the disks of a Mac do it themselves"
)


@pytest.fixture(params=FORMS, ids=["NFC", "NFC/NFD", "NFD/NFC", "NFD"])
def on_disk(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The path of a photo, as this disk has it."""
    one, other = request.param
    (tmp_path / one(FOLDER)).mkdir()
    (tmp_path / one(FOLDER) / other(PHOTO)).write_bytes(b"x")
    return f"{one(FOLDER)}/{other(PHOTO)}"


@pytest.mark.parametrize("typed", [form(FOLDER) + "/" + other(PHOTO) for form, other in FORMS])
def test_a_file_is_found_however_its_name_is_typed(tmp_path: Path, on_disk: str, typed: str):
    paths = PathFinder.over(tmp_path / "elsewhere", tmp_path)
    assert paths.look(typed)[0] == str(tmp_path / on_disk)
    assert paths.find(typed) == tmp_path / on_disk
    assert PathFinder.over(tmp_path).find(typed) == tmp_path / on_disk
    assert respelt(typed, tmp_path) == on_disk
    assert respelt(str(tmp_path / typed)) == str(tmp_path / on_disk)


def test_the_exact_spelling_comes_first(tmp_path: Path):
    for form in (nfc, nfd):
        (tmp_path / form(FOLDER)).mkdir()
        (tmp_path / form(FOLDER) / form(PHOTO)).write_text(form("가"))
    for form in (nfc, nfd):
        assert PathFinder.over(tmp_path).find(form(f"{FOLDER}/{PHOTO}")).read_text() == form("가")


def test_a_folder_of_that_spelling_without_the_file_does_not_hide_the_other(tmp_path: Path):
    (tmp_path / nfc(FOLDER)).mkdir()
    (tmp_path / nfd(FOLDER)).mkdir()
    (tmp_path / nfd(FOLDER) / nfc(PHOTO)).touch()
    assert respelt(nfc(f"{FOLDER}/{PHOTO}"), tmp_path) == f"{nfd(FOLDER)}/{nfc(PHOTO)}"


def test_what_is_not_there_stays_as_it_is_typed_behind_what_is(tmp_path: Path):
    (tmp_path / nfd(FOLDER)).mkdir()
    assert respelt(nfc(f"{FOLDER}/새/a.csv"), tmp_path) == nfd(FOLDER) + nfc("/새/a.csv")
    assert respelt(nfc("없음/a"), tmp_path) == nfc("없음/a")
    with pytest.raises(FileNotFoundError):
        PathFinder.over(tmp_path).look(nfc("없음.jpg"))


def test_a_file_that_comes_later_is_seen(tmp_path: Path):
    (tmp_path / nfd(FOLDER)).mkdir()
    os.utime(tmp_path / nfd(FOLDER), (1, 1))
    typed = f"{nfc(FOLDER)}/{nfc(PHOTO)}"
    assert respelt(typed, tmp_path) == f"{nfd(FOLDER)}/{nfc(PHOTO)}"
    (tmp_path / nfd(FOLDER) / nfd(PHOTO)).touch()
    assert respelt(typed, tmp_path) == f"{nfd(FOLDER)}/{nfd(PHOTO)}"


def test_a_name_that_looks_the_same_is_another_where_that_is_asked(tmp_path: Path):
    (tmp_path / nfd(PHOTO)).touch()
    with pytest.raises(FileNotFoundError):
        PathFinder.over(tmp_path).look(nfc(PHOTO), exactly=True)


@pytest.mark.parametrize("path", ["none.jpg", "a/b/none.jpg", "日本/写真.jpg"])
def test_no_folder_is_read_for_a_name_that_has_one_spelling(
    tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(spellings.os, "listdir", None)
    looked: list[str] = []
    real = os.stat
    monkeypatch.setattr(os, "stat", lambda place, **how: looked.append(place) or real(place, **how))
    assert not is_ambiguous(path)
    with pytest.raises(FileNotFoundError):
        PathFinder.over(tmp_path).look(path)
    assert looked == [str(tmp_path / path)]


def test_one_folder_is_read_once_for_many_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    os.utime(tmp_path, (1, 1))
    read: list[str] = []
    real = os.listdir
    monkeypatch.setattr(spellings.os, "listdir", lambda place: read.append(place) or real(place))
    paths = PathFinder.over(tmp_path)
    for number in range(50):
        with pytest.raises(FileNotFoundError):
            paths.look(f"가{number}.jpg")
    assert len(read) <= 2
