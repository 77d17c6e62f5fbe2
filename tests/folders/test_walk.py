"""What a walk through a folder finds, passes over and never looks into."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from thanosql_kernel.folders.kinds import ENDINGS, KIND_OF, UNREAD_PICTURES, prevailing
from thanosql_kernel.folders.live import kinds_in, live_photos
from thanosql_kernel.folders.selection import Selection
from thanosql_kernel.folders.walk import FolderGone, Walk

unix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def walked(folder: Path, selection: Selection | None = None, most: int | None = None) -> Walk:
    walk = Walk(os.fspath(folder), selection or Selection(), most)
    walk.walk()
    return walk


def found(folder: Path, **selection: object) -> list[str]:
    return sorted(walked(folder, Selection(**selection)).paths)  # type: ignore[arg-type]


def test_each_file_has_its_kind_size_and_time(tmp_path):
    write(tmp_path, "a.JPG", "하루/b.Mov", "하루/c.flac")
    os.utime(tmp_path / "a.JPG", ns=(0, 1_700_000_000_123_456_789))
    walk = walked(tmp_path)
    rows = sorted(zip(walk.paths, walk.kinds, walk.sizes, strict=True))
    assert rows == [("a.JPG", "image", 1), ("하루/b.Mov", "video", 1), ("하루/c.flac", "audio", 1)]
    assert walk.modified[walk.paths.index("a.JPG")] == 1_700_000_000_123_456_789


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\0\0\0\x18ftypheic", "image"),
        (b"\0\0\0\x18ftypisom", "video"),
        (b"OggS", "audio"),
        (b"text", None),
        (b"", None),
    ],
)
def test_a_file_without_an_ending_is_what_is_in_it(tmp_path, head, kind):
    (tmp_path / "이름만").write_bytes(head)
    walk = walked(tmp_path)
    assert walk.kinds == ([kind] if kind else [])
    assert walk.left_out.endings[""] == (0 if kind else 1)


@pytest.mark.parametrize(
    "name",
    [
        *"@eaDir #recycle #snapshot @Recycle $RECYCLE.BIN RECYCLER lost+found __MACOSX found.000".split(),
        *".Trashes .thumbnails .Trash-1000 .git Catalog.lrdata".split(),
        "System Volume Information",
    ],
)
def test_what_systems_and_network_disks_put_there_is_not_taken(tmp_path, name):
    write(tmp_path, "a.jpg", f"{name}/b.jpg", f"하루/{name}/c/d.jpg")
    walk = walked(tmp_path)
    assert walk.paths == ["a.jpg"]
    assert len(walk.left_out.system) + walk.left_out.hidden == 2


def test_a_system_folder_that_is_named_is_read(tmp_path):
    write(tmp_path, "@eaDir/b.jpg")
    assert found(tmp_path / "@eaDir") == ["b.jpg"]


def test_what_is_not_taken_is_counted(tmp_path):
    write(
        tmp_path,
        "a.jpg",
        "b.XMP",
        "c.xmp",
        "d.svg",
        "._a.jpg",
        ".h.jpg",
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
    )
    left_out = walked(tmp_path).left_out
    assert dict(left_out.endings) == {".xmp": 2, ".svg": 1}
    assert (left_out.apple_double, left_out.hidden, left_out.broken) == (1, 1, 0)


@unix
def test_what_is_no_file_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "관.jpg")
    os.mkfifo(tmp_path / "관")
    (tmp_path / "끊긴.jpg").symlink_to(tmp_path / "없는")
    (tmp_path / "폴더.jpg").mkdir()
    write(tmp_path, "폴더.jpg/a.jpg")
    walk = walked(tmp_path)
    assert walk.paths == ["폴더.jpg/a.jpg"]
    assert (walk.left_out.broken, walk.left_out.dangling) == (2, ["끊긴.jpg"])


# -- links ---------------------------------------------------------------------------------------------------
@unix
def test_a_linked_folder_is_read_once_and_the_folder_itself_comes_first(tmp_path):
    base, away = tmp_path / "p", tmp_path / "away"
    write(base, "z/a.jpg")
    write(away, "b.jpg")
    for name in ("a_link", "다른"):
        (base / name).symlink_to(base / "z")
    (base / "m").symlink_to(away)
    (base / "n").symlink_to(away)
    names = found(base)
    assert "z/a.jpg" in names
    assert sorted(Path(name).name for name in names) == ["a.jpg", "b.jpg"]


@unix
def test_loops_end(tmp_path):
    base = tmp_path / "p"
    write(base, "a.jpg", "x/b.jpg")
    write(tmp_path, "beside.jpg")
    (base / "self").symlink_to(base)
    (base / "x" / "up").symlink_to(base)
    (base / "x" / "far").symlink_to(tmp_path)
    (base / "ring").symlink_to(base / "gnir")
    (base / "gnir").symlink_to(base / "ring")
    assert found(base) == ["a.jpg", "x/b.jpg", "x/far/beside.jpg"]


@unix
def test_links_to_folders_are_named_if_they_are_not_followed(tmp_path):
    base = tmp_path / "p"
    write(base, "a.jpg")
    write(tmp_path, "away/b.jpg", "c.jpg")
    (base / "m").symlink_to(tmp_path / "away")
    (base / "c.jpg").symlink_to(tmp_path / "c.jpg")
    walk = walked(base, Selection(follow_links=False))
    assert sorted(walk.paths) == ["a.jpg", "c.jpg"]
    assert walk.left_out.links == ["m"]


# -- what is wanted ------------------------------------------------------------------------------------------
NAMES = (
    "IMG_1.JPG",
    "IMG_2.png",
    "DSC_3.jpg",
    "2024/IMG_4.jpg",
    "2024/여름/IMG_5.jpg",
    "drafts/IMG_6.jpg",
    "#1/a.png",
)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({"recursive": False}, {0, 1, 2}),
        ({"pattern": "IMG_*.jpg"}, {0, 3, 4, 5}),
        ({"pattern": "img_?.JPG"}, {0, 3, 4, 5}),
        ({"pattern": "2024/*.jpg"}, {3}),
        ({"pattern": "2024/**/*.jpg"}, {3, 4}),
        ({"pattern": "/IMG_*"}, {0, 1}),
        ({"pattern": "여름"}, {4}),
        ({"pattern": "없음"}, set()),
        ({"exclude": ("drafts", "*.png")}, {0, 2, 3, 4}),
        ({"exclude": ("#1",)}, {0, 1, 2, 3, 4, 5}),
        ({"exclude": ("2024/",)}, {0, 1, 2, 5, 6}),
        ({"pattern": "*.jpg", "exclude": ("IMG_[1-4].*",)}, {2, 4, 5}),
    ],
)
def test_options_choose_files(tmp_path, selection, expected):
    write(tmp_path, *NAMES)
    assert set(found(tmp_path, **selection)) == {NAMES[n] for n in expected}


def test_composed_and_decomposed_letters_are_the_same(tmp_path):
    import unicodedata

    write(tmp_path, unicodedata.normalize("NFD", "여름휴가/바다.jpg"))
    assert found(tmp_path, pattern="여름휴가") == found(tmp_path)
    assert found(tmp_path, exclude=("바다*",)) == []


def test_a_walk_may_stop_early(tmp_path):
    write(tmp_path, *(f"{n}.jpg" for n in range(30)), "하루/x.jpg")
    walk = walked(tmp_path, most=10)
    assert walk.seen == 10
    assert not walk.is_whole


# -- what goes wrong -----------------------------------------------------------------------------------------
def test_a_folder_that_goes_away_meanwhile_is_not_an_empty_one(tmp_path, monkeypatch):
    import shutil

    base = tmp_path / "p"
    write(base, "a.jpg", "x/b.jpg")
    look = Walk._look_into

    def pulled_out(self: Walk, folder: str, prefix: str) -> None:
        look(self, folder, prefix)
        shutil.rmtree(base, ignore_errors=True)

    monkeypatch.setattr(Walk, "_look_into", pulled_out)
    with pytest.raises(FolderGone):
        walked(base)


def test_an_empty_folder_in_its_place_is_another_folder(tmp_path, monkeypatch):
    base = tmp_path / "p"
    write(base, "a.jpg")
    look = Walk._look_into

    def unmounted(self: Walk, folder: str, prefix: str) -> None:
        base.rename(tmp_path / "q")
        base.mkdir()
        look(self, folder, prefix)

    monkeypatch.setattr(Walk, "_look_into", unmounted)
    with pytest.raises(FolderGone):
        walked(base)


def test_a_folder_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    write(tmp_path, "a.jpg", "닫힘/b.jpg")
    scandir = os.scandir

    def refusing(folder: str) -> object:
        if folder.endswith("닫힘"):
            raise PermissionError(13, "no", folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    walk = walked(tmp_path)
    assert walk.paths == ["a.jpg"]
    assert walk.left_out.unread == ["닫힘"]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux alone")
def test_a_name_that_is_no_utf_8_is_named(tmp_path):
    for name in ("겨울.jpg", "봄.txt"):
        with open(os.fsencode(tmp_path) + b"/" + name.encode("cp949"), "wb"):
            pass
    walk = walked(tmp_path)
    assert walk.paths == []
    assert sorted(walk.left_out.unnamed) == ["겨울.jpg", "봄.txt"]


# -- kinds ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("counts", "kind"),
    [
        ({"image": 3, "video": 1}, "image"),
        ({"image": 1, "video": 9}, "image"),
        ({"video": 2}, "video"),
        ({"audio": 12, "image": 1}, "audio"),
        ({"audio": 2, "image": 2}, "image"),
        ({"audio": 1, "video": 1}, "video"),
        ({}, None),
    ],
)
def test_what_a_folder_is_taken_for(counts, kind):
    assert prevailing(counts) == kind


def test_no_ending_means_two_things():
    assert sum(map(len, ENDINGS.values())) == len(frozenset().union(*ENDINGS.values()))
    assert not UNREAD_PICTURES & KIND_OF.keys()


@pytest.mark.parametrize(
    ("names", "films"),
    [
        (["a.HEIC", "a.MOV"], {"a.HEIC": "a.MOV"}),
        (["a.heic", "A.mov"], {"a.heic": "A.mov"}),
        (["a.HEIC", "a_HEVC.MOV"], {"a.HEIC": "a_HEVC.MOV"}),
        (["a.jpg", "a.mp4", "b.mp4"], {"a.jpg": "a.mp4"}),
        (["a.HEIC", "a.JPG", "a.MOV"], {"a.HEIC": "a.MOV", "a.JPG": "a.MOV"}),
        (["x/a.HEIC", "y/a.MOV"], {}),
        (["a.png", "a.MOV"], {}),
        (["a.jpg", "a.mkv"], {}),
    ],
)
def test_a_live_photo_is_a_still_and_its_film(names, films):
    kinds = [KIND_OF[name[name.rfind(".") :]] for name in names]
    pairs = {names[still]: names[film] for still, film in live_photos(names, kinds)}
    assert pairs == films
    assert kinds_in(names, kinds)["video"] == kinds.count("video") - len(set(films.values()))
