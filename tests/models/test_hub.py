import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from thanosql_kernel.catalog import Model
from thanosql_kernel.errors import DataError, Interrupted, ModelError, ThanoSQLError
from thanosql_kernel.models import hub, registry

pytestmark = pytest.mark.e2e

CLIP = Model("tutorial_search_clip", "clip")
REPO = "sentence-transformers/clip-ViT-B-32"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
MODULES = [{"path": "0_CLIPModel", "type": "sentence_transformers.models.CLIPModel"}]
CHUNK = 10 * 1024 * 1024
FILES = {
    "modules.json": json.dumps(MODULES).encode(),
    "0_CLIPModel/config.json": b'{"model_type": "clip"}',
    "0_CLIPModel/preprocessor_config.json": b"{}",
    "0_CLIPModel/vocab.json": b"{}",
    "0_CLIPModel/merges.txt": b"#",
    # more than two of the library's chunks, so that a part of it is on disk when a fetch is broken off
    "0_CLIPModel/model.safetensors": bytes(24_000_000),
    "0_CLIPModel/pytorch_model.bin": b"a pickle",
    "onnx/model.onnx": b"not wanted",
}


class Hub(BaseHTTPRequestHandler):
    """As much of the hub's HTTP interface as fetching a repository takes."""

    files: ClassVar[dict[str, bytes]] = FILES
    status: ClassVar[int] = 200
    commit: ClassVar[str] = COMMIT
    asked: ClassVar[list[tuple[str, str, str]]] = []
    stall: ClassVar[threading.Event | None] = None

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.asked.append((self.command, path, self.headers.get("Range", "")))
        if self.status != 200:
            self.send_error(self.status)
        elif path.startswith(f"/api/models/{REPO}/revision/"):
            self.answer(json.dumps({"id": REPO, "sha": COMMIT, "siblings": []}).encode())
        elif path.startswith(f"/api/models/{REPO}/tree/"):
            tree = [
                {"type": "file", "path": name, "size": len(data), "oid": str(i)}
                for i, (name, data) in enumerate(self.files.items())
            ]
            self.answer(json.dumps(tree).encode())
        else:
            name = path.split("/", 5)[-1]
            self.answer(self.files[name]) if name in self.files else self.lack()

    def lack(self) -> None:
        self.send_response(404)
        self.send_header("X-Error-Code", "EntryNotFound")
        self.send_header("Content-Length", "0")
        self.end_headers()

    @staticmethod
    def etag(data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()

    def answer(self, data: bytes) -> None:
        start = int(self.headers.get("Range", "bytes=0-")[6:].rstrip("-"))
        self.send_response(206 if start else 200)
        if self.commit:
            self.send_header("X-Repo-Commit", self.commit)
        self.send_header("ETag", f'"{self.etag(data)}"')
        self.send_header("Content-Length", str(len(data) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if self.command == "GET":
            self.send(data[start:])

    def send(self, data: bytes) -> None:
        if self.stall is not None and len(data) > 1_000_000:
            self.wfile.write(data[: len(data) // 2 + 1_000_000])
            self.stall.wait(60)
        else:
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(autouse=True)
def online(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A hub cache and a session of its own, and an address where nobody listens unless the test says where."""
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub home"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    registry.forget()
    yield
    registry.forget()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    handler = type("OneHub", (Hub,), {"asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{listening.server_port}")
        yield handler
        if handler.stall is not None:
            handler.stall.set()
        listening.shutdown()


class Bar:
    def __init__(self) -> None:
        self.opened: tuple[str, int | None, str] | None = None
        self.done = 0

    @contextmanager
    def open(self, label: str, total: int | None, unit: str) -> Iterator["Bar"]:
        self.opened = (label, total, unit)
        yield self

    def advance(self, n: int = 1) -> None:
        self.done += n


@contextmanager
def black_hole() -> Iterator[tuple[str, list[socket.socket]]]:
    """A server that takes connections and never answers."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def take() -> None:
            while True:
                try:
                    taken.append(listening.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", taken
        listening.shutdown(socket.SHUT_RDWR)
        for connection in taken:
            connection.close()


def test_weights_are_fetched_into_the_hub_cache_without_pickles(server):
    bar = Bar()
    assert not registry.weights_at_hand(CLIP)
    weights = registry.download(CLIP, progress=bar.open)
    assert (weights.name, weights.revision) == ("clip", COMMIT[:12])
    assert registry.weights_at_hand(CLIP)
    names = {path.name for path in (hub.cache_folder()).rglob("snapshots/**/*") if path.is_file()}
    assert "model.safetensors" in names
    assert not {"pytorch_model.bin", "model.onnx"} & names
    assert bar.opened == ("fetching CLIP, 605 MB", 605, "MB")
    assert bar.done == 605


def test_nothing_is_fetched_twice(server):
    registry.download(CLIP)
    before = len(server.asked)
    registry.download(CLIP)
    assert len(server.asked) == before


def test_an_interrupt_stops_a_fetch_at_once_and_the_next_one_goes_on_where_it_stopped(server):
    server.stall = threading.Event()

    def check_interrupted() -> None:
        if any(file.stat().st_size >= CHUNK for file in hub.cache_folder().glob("*/blobs/*.part")):
            raise Interrupted

    with pytest.raises(Interrupted):
        registry.download(CLIP, check_interrupted=check_interrupted)
    assert not registry.weights_at_hand(CLIP)
    server.stall.set()
    server.stall = None
    registry.download(CLIP)
    assert registry.weights_at_hand(CLIP)
    ranges = [
        asked_range
        for method, path, asked_range in server.asked
        if method == "GET" and path.endswith("model.safetensors")
    ]
    assert ranges == ["", f"bytes={CHUNK}-"]


def test_damaged_weights_are_an_error_and_not_kept(server):
    server.etag = staticmethod(lambda data: hashlib.sha256(data[:-1]).hexdigest())
    with pytest.raises(DataError, match="damaged") as caught:
        registry.download(CLIP)
    assert caught.value.code == "TS502"
    assert not registry.weights_at_hand(CLIP)
    assert not [
        file for file in hub.cache_folder().rglob("*") if file.is_file() and file.stat().st_size > CHUNK
    ]


def test_a_repository_without_safetensors_is_an_error(server):
    server.files = {name: data for name, data in FILES.items() if not name.endswith(".safetensors")}
    with pytest.raises(DataError, match="safetensors") as caught:
        registry.download(CLIP)
    assert caught.value.code == "TS502"


def test_a_hub_that_refuses_is_named_with_its_answer(server):
    server.status = 403
    with pytest.raises(DataError, match="HTTP 403") as caught:
        registry.download(CLIP)
    assert caught.value.code == "TS502"


def test_a_hub_that_refuses_connections_is_an_error_with_what_to_do():
    with pytest.raises(DataError, match="the hub cannot be reached") as caught:
        registry.download(CLIP)
    assert caught.value.code == "TS502"
    assert caught.value.hint == "connect to the internet and run GET THANOSQL MODEL clip"


def test_an_offline_switch_is_obeyed_and_named(monkeypatch, server):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(DataError, match="HF_HUB_OFFLINE"):
        registry.download(CLIP)
    assert server.asked == []


def test_a_black_hole_is_recognised_and_only_once(monkeypatch):
    with black_hole() as (address, taken):
        monkeypatch.setenv("HF_ENDPOINT", address)
        monkeypatch.setattr(hub, "PROBE_TIMEOUT_S", 1.0)
        assert hub.reach(REPO) == hub.OUT_OF_REACH
        assert taken, "nobody asked"
        asked = len(taken)
        assert hub.reach(REPO) == hub.OUT_OF_REACH
        assert len(taken) == asked


def test_the_probe_may_take_less_than_five_seconds():
    assert hub.PROBE_TIMEOUT_S < 5


def test_a_sign_in_page_is_not_the_hub(server):
    server.commit = ""
    assert hub.reach(REPO) == hub.OUT_OF_REACH


def test_a_fetch_that_fails_in_a_convert_is_told_and_not_tried_again_in_the_session(server, monkeypatch):
    monkeypatch.setattr(registry, "_mini", lambda: "mini")
    server.etag = staticmethod(lambda data: hashlib.sha256(data[:-1]).hexdigest())
    told: list[str] = []
    assert registry.load(CLIP, notice=told.append) == "mini"
    asked = len(server.asked)
    assert registry.load(CLIP, notice=told.append) == "mini"
    assert len(server.asked) == asked
    assert "the weights arrived damaged, so the embedded model mini stands in" in told[0]
    assert "run GET THANOSQL MODEL clip to go on where it stopped" in told[0]
    assert "fetching them failed" in told[1]


def test_asking_for_the_weights_asks_the_network_again(monkeypatch, server):
    address = hub.endpoint()
    server.status = 503
    assert not hub.reach(REPO).ok
    server.status = 200
    assert not hub.reach(REPO).ok
    assert hub.endpoint() == address
    assert registry.download(CLIP).name == "clip"


def test_the_cache_is_where_the_environment_says(monkeypatch, tmp_path):
    assert hub.cache_folder() == tmp_path / "hub home" / "hub"
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "a"))
    assert hub.cache_folder() == tmp_path / "a"
    monkeypatch.delenv("HF_HUB_CACHE")
    monkeypatch.delenv("HF_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "b"))
    assert hub.cache_folder() == tmp_path / "b" / "huggingface" / "hub"


def test_the_snapshot_that_main_names_wins_unless_it_is_incomplete(tmp_path):
    repo = hub.cache_folder() / "models--sentence-transformers--clip-ViT-B-32"
    for commit in ("a" * 40, "b" * 40):
        for name, data in FILES.items():
            file = repo / "snapshots" / commit / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data[:100])
    (repo / "refs").mkdir()
    for main in ("a" * 40, "b" * 40):
        (repo / "refs" / "main").write_text(main)
        found = hub.find_snapshot(REPO)
        assert found is not None
        assert hub.commit_of(found.root) == main
    (repo / "snapshots" / ("b" * 40) / "0_CLIPModel" / "model.safetensors").unlink()
    found = hub.find_snapshot(REPO)
    assert found is not None
    assert hub.commit_of(found.root) == "a" * 40


def test_an_unknown_kind_of_model_is_an_error():
    with pytest.raises(ModelError, match="another version"):
        registry.weights_at_hand(Model("m", "clip9"))


# -- repositories that the user names ------------------------------------------------------------------------
OWN = Model("mine", "own", repo=REPO)
PLAIN = {
    "config.json": b'{"model_type": "siglip"}',
    "preprocessor_config.json": b"{}",
    "tokenizer.json": b"{}",
    "model.safetensors": bytes(2_400_000),
    "open_clip_model.safetensors": bytes(100),
    "pytorch_model.bin": b"a pickle",
    "model.py": b"print()",
}


def fetched_names() -> set[str]:
    return {path.name for path in hub.cache_folder().rglob("snapshots/**/*") if path.is_file()}


def test_a_plain_repository_is_fetched_without_what_is_not_read_and_its_size_is_told_before(server):
    server.files = PLAIN
    bar = Bar()
    weights = registry.download(OWN, progress=bar.open)
    assert (weights.name, weights.revision) == (REPO, COMMIT[:12])
    assert bar.opened == (f"fetching {REPO}, 3 MB", 3, "MB")
    assert fetched_names() == {
        "config.json",
        "preprocessor_config.json",
        "tokenizer.json",
        "model.safetensors",
    }


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"config.json": b'{"model_type": "bert"}'}, "TS403"),
        ({"config.json": b'{"model_type": "siglip2"}'}, "TS403"),
        ({"config.json": b'{"model_type": "clip", "auto_map": {"AutoModel": "model.Model"}}'}, "TS601"),
        ({"modules.json": b'[{"path": "", "type": "model.Own"}]'}, "TS601"),
        ({"model.safetensors": None}, "TS601"),
        ({"model.safetensors": None, "pytorch_model.bin": None}, "TS502"),
        ({"tokenizer.json": None}, "TS400"),
    ],
)
def test_what_cannot_be_used_is_refused_before_its_weights_are_fetched(server, files, code):
    server.files = {name: data for name, data in (PLAIN | files).items() if data is not None}
    with pytest.raises(ThanoSQLError) as caught:
        registry.download(OWN)
    assert caught.value.code == code
    assert caught.value.hint
    assert "model.safetensors" not in fetched_names()
