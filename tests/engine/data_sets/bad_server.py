"""A server of photos that behaves as badly as it is told to, and the set of photos that it has.

Also a program: ``python tests/engine/data_sets/bad_server.py 20`` fetches the set from servers of that many seeds.
"""

from __future__ import annotations

import csv
import io
import random
import socket
import sys
import tempfile
import threading
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image

from thanosql_kernel.engine.datasets import unsplash
from thanosql_kernel.engine.datasets.unsplash import Wish
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Interrupted

FOLDER = "thanosql-dataset/unsplash_data"
HEADER = "photo_id photo_url photo_image_url photo_width photo_description ai_description".split()
MISDEEDS = (
    "cut",
    "short",
    "long",
    "moved",
    "429",
    "429 after",
    "503",
    "500",
    "html",
    "silent",
    "half a picture",
)
"""What may come in the place of a photo; of the archive ``corrupt`` too, once."""
MOST_IN_A_ROW = 4


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self._now, self._lock = 1000.0, threading.Lock()
        self.slept = 0.0

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds
            self.slept += seconds


def jpeg(number: int, width: int = 48) -> bytes:
    """A photo of its own."""
    pixels = np.random.default_rng([number, width]).integers(0, 256, (32, width, 3), dtype=np.uint8)
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "JPEG", quality=80)
    return content.getvalue()


def photo_id(number: int) -> str:
    return f"photo-{number:04d}_x"


@dataclass
class PhotoServer:
    """The set, and how it is served.

    Attributes:
        count: How many photos the list has.
        misdeed: What is done instead of answering a path for the n-th time; empty for an answer.
        gone: The status of photos that are not there, by number.
        asked: How often each path was asked for.
        log: When, by the clock, each request came, and what it was answered.
        rows: More lines for the list, as they stand.
    """

    count: int
    clock: FakeClock = field(default_factory=FakeClock)
    misdeed: Callable[[str, int], str] = lambda path, times: ""
    gone: dict[int, int] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    log: list[tuple[float, str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    most_at_once: int = 0
    at_once: int = 0
    host: str = ""
    other_host: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://{self.host}/data/lite/latest"

    def list(self) -> bytes:
        text = io.StringIO()
        table = csv.writer(text, delimiter="\t", lineterminator="\n")
        table.writerow(HEADER)
        for number in range(self.count):
            url = f"http://{self.host}/photo/{number}"
            table.writerow(
                [photo_id(number), "x", url, 48, f'Photo "{number}", a cat\n한글', f"a\tcat {number}"]
            )
        return (text.getvalue() + "".join(f"{row}\n" for row in self.rows)).encode()

    def archive(self) -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("../../evil.txt", "evil")
            archive.writestr("keywords.tsv000", "x" * 2000)
            archive.writestr("photos.tsv000", self.list())
        return content.getvalue()

    def expected(self, wanted: int | None = None) -> dict[str, bytes]:
        """The photos that are to be had of the first so many."""
        numbers = range(self.count if wanted is None else wanted)
        return {photo_id(number): jpeg(number, 48) for number in numbers if number not in self.gone}


def seeded(seed: int) -> Callable[[str, int], str]:
    """Misbehaviour that depends on the path and on how often it was asked for, not on the order of threads."""

    def misdeed(path: str, times: int) -> str:
        chance = random.Random(f"{seed} {path} {times}")
        if times >= MOST_IN_A_ROW or chance.random() < 0.5:
            return ""
        if path.startswith("/data"):
            return chance.choice(
                ["cut", "moved", "429 after", "500", "silent", "html", *["corrupt"] * (times == 0)]
            )
        return chance.choice(MISDEEDS)

    return misdeed


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    photos: PhotoServer

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        it, url = self.photos, urlsplit(self.path)
        path = url.path.removeprefix("/moved")
        with it.lock:
            times, it.asked[path] = it.asked[path], it.asked[path] + 1
            it.agents.add(self.headers["User-Agent"])
            it.at_once += 1
            it.most_at_once = max(it.most_at_once, it.at_once)
        misdeed = it.misdeed(path, times)
        it.log.append((it.clock.now(), path, misdeed))
        try:
            self._answer(path, misdeed, int(parse_qs(url.query).get("w", ["48"])[0]))
        finally:
            with it.lock:
                it.at_once -= 1

    def _answer(self, path: str, misdeed: str, width: int) -> None:
        it = self.photos
        if path.startswith("/photo/") and (status := it.gone.get(int(path[7:]))):
            return self._send(status, b"gone")
        content = it.archive() if path.startswith("/data") else jpeg(int(path[7:]), width)
        if misdeed == "moved":
            return self._send(302, b"", Location=f"http://{it.other_host}/moved{self.path}")
        if misdeed[:3].isdigit():
            wish = {"Retry-After": "3"} if misdeed.endswith("after") else {}
            return self._send(int(misdeed[:3]), b"busy", **wish)
        if misdeed == "html":
            return self._send(200, b"<html>Sorry</html>", **{"Content-Type": "image/jpeg"})
        if misdeed == "corrupt":
            content = content[:60] + bytes(len(content) - 120) + content[-60:]
        elif misdeed in ("short", "half a picture"):
            content = content[: len(content) // 2 if misdeed == "short" else len(content) - 2]
        return self._body(content, misdeed)

    def _body(self, content: bytes, misdeed: str) -> None:
        begin = 0
        asked = self.headers.get("Range")
        if asked and self.headers.get("If-Range") == '"v1"':
            begin = int(asked.removeprefix("bytes=").rstrip("-"))
        if begin >= len(content) > 0:
            return self._send(416, b"")
        more = {"Content-Range": f"bytes {begin}-{len(content) - 1}/{len(content)}"} if begin else {}
        body = content[begin:]
        if misdeed == "silent":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return None
        length = len(body) + 100 * (misdeed == "long")
        self._send(206 if begin else 200, body, length, cut=misdeed == "cut", ETag='"v1"', **more)
        return None

    def _send(
        self, status: int, body: bytes, length: int | None = None, *, cut: bool = False, **headers: str
    ) -> None:
        length = len(body) if length is None else length
        self.send_response(status)
        for name, value in {"Content-Length": str(length), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut or length > len(body):
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Clients that leave are none of ours."""


@contextmanager
def served(photos: PhotoServer) -> Iterator[PhotoServer]:
    """The set at two ports of this machine."""
    handler = type("Answers", (_Answers,), {"photos": photos})
    with _Server(("127.0.0.1", 0), handler) as server, _Server(("127.0.0.1", 0), handler) as other:
        for one in (server, other):
            threading.Thread(target=one.serve_forever, args=(0.02,), daemon=True).start()
        photos.host = f"127.0.0.1:{server.server_port}"
        photos.other_host = f"127.0.0.1:{other.server_port}"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("THANOSQL_UNSPLASH", photos.address)
            patch.setenv("NO_PROXY", "127.0.0.1")
            patch.setenv("no_proxy", "127.0.0.1")
            yield photos
        server.shutdown()
        other.shutdown()


class Stop:
    """A bar and a check: the user stops when so many photos have come."""

    def __init__(self, after: int) -> None:
        self.left = after

    @contextmanager
    def open(self, label: str, total: int | None, unit: str) -> Iterator[Stop]:
        self.unit = unit
        yield self

    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        self.left -= n if self.unit == "photos" else 0

    def check(self) -> None:
        if self.left <= 0:
            raise Interrupted()


def get(photos: PhotoServer, folder: Path, work: Work | None = None, **wish: object) -> str:
    """Fetch the set into a folder, with no time lost."""
    folder.mkdir(exist_ok=True)
    asked = Wish(**{"limit": None, "width": 48, **wish})  # type: ignore[arg-type]
    chance = random.Random(1)
    return unsplash.fetch_unsplash(asked, work or Work(folder), FOLDER, clock=photos.clock, chance=chance)


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / FOLDER / "unsplash.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def listed(folder: Path) -> dict[str, bytes]:
    """The contents of the files that the csv names, by id."""
    return {row["photo_id"]: (folder / row["image_path"]).read_bytes() for row in rows_of(folder)}


def on_disk(folder: Path, width: int = 48) -> dict[str, bytes]:
    """The contents of all files beside the photos, by name without ending."""
    return {
        path.name.partition(".")[0]: path.read_bytes() for path in (folder / FOLDER / f"w{width}").iterdir()
    }


def main(seeds: int) -> int:
    """Fetch 100 photos from as many servers, with an interrupt; returns how often the files were not the right ones."""
    wrong = 0
    for seed in range(seeds):
        photos = PhotoServer(100, misdeed=seeded(seed), gone={7: 404, 50: 403, 99: 410})
        with tempfile.TemporaryDirectory() as folder, served(photos):
            place = Path(folder)
            stop = Stop(after=10 + 4 * seed)
            with pytest.raises(Interrupted):
                get(photos, place, Work(place, stop.check, progress=stop.open))
            right = listed(place) == on_disk(place)
            get(photos, place)
            right &= listed(place) == on_disk(place) == photos.expected()
        wrong += not right
        done = Counter(misdeed for _, _, misdeed in photos.log)
        print(
            f"seed {seed}: {'right' if right else 'WRONG'}, {photos.clock.slept:.0f} s waited, {dict(done)}"
        )
    print(f"{seeds - wrong} of {seeds} runs have exactly the right files")
    return wrong


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
