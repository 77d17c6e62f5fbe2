"""Ray's workers give the very bytes of a CONVERT on this machine, also when one is killed in the middle."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
import hunts
from embed_world import age, write_picture
from tiny_clip import write_clip

from thanosql_kernel.engine.embed import portion_worker, ray_crew
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import Interrupted

ray = pytest.importorskip("ray", reason="ray is not installed: pip install 'thanosql-kernel[ray]'")
psutil = pytest.importorskip("psutil", reason="psutil is not installed")

pytestmark = pytest.mark.e2e
COUNT = 160
CONVERT = "CONVERT USING {model} OPTIONS(image_col='path', result_col='v') AS SELECT * FROM t"


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Two places for workers on this machine."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, namespace="thanosql")
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures, one of them twice, and a file that is none."""
    folder = tmp_path_factory.mktemp("photos")
    for number in range(COUNT):
        age(write_picture(folder / f"사진 {number}.png", seed=number))
    (folder / "copy.png").write_bytes((folder / "사진 0.png").read_bytes())
    (folder / "broken.png").write_bytes(b"no picture")
    age(folder / "copy.png")
    write_clip(folder / "clip")
    return folder


class Bar:
    """Calls ``reached`` with what is done, and remembers it."""

    def __init__(self, reached: Any, total: int | None) -> None:
        self.total, self.done, self._reached = total, 0, reached

    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        self.done += n
        self._reached(self.done)

    def tell(self, text: str) -> None: ...

    def close(self) -> None: ...


class Bars:
    def __init__(self, reached: Any = lambda done: None) -> None:
        self.bars: dict[str, Bar] = {}
        self._reached = reached

    def start(self, label: str, total: int | None, unit: str) -> Bar:
        is_embedding = unit == "images"
        self.bars[label] = Bar(self._reached if is_embedding else lambda done: None, total)
        return self.bars[label]


class Converted:
    """A database of its own, and the CONVERT of a table of the pictures."""

    def __init__(self, folder: Path, photos: Path, engine: str, model: str) -> None:
        self.session = Session(folder / engine, working_folder=photos)
        names = sorted(path.name for path in photos.glob("*.png"))
        self.session.database.tables.store.append("t", pa.table({"path": [*names, "absent.png", None]}))
        self.run(f"SET engine = '{engine}'; SET engine.workers = 2")
        if model == "small":
            self.run("UPLOAD MODEL small FROM 'clip'")
        self.model = model

    def run(self, cell: str, **options: Any) -> list[str]:
        results: list[Any] = []
        self.session.run(cell, emit=results.append, **options)
        return list(results[-1].notices)

    def convert(self, **options: Any) -> tuple[list[Any], list[str]]:
        told = self.run(CONVERT.format(model=self.model), **options)
        return self.session.database.tables.store.open("t").to_table(["v"]).column(0).to_pylist(), told

    def cached(self) -> Counter[bytes]:
        """How often the cache has each content."""
        store = self.session.database.tables.store
        (name,) = (name for name in store.names() if name.startswith("_thanosql_embeddings_image"))
        return Counter(store.open(name).to_table(["content"]).column(0).to_pylist())


def are_gone() -> bool:
    """Whether the workers have ended, or do now."""
    return psutil.wait_procs(workers(), timeout=60)[1] == []


def workers() -> list[Any]:
    """The processes of workers on this machine that this one has started."""
    return [process for process in psutil.Process().children(recursive=True) if is_worker(process)]


def is_worker(process: Any) -> bool:
    with suppress(psutil.Error):  # it has ended
        return "PortionActor" in " ".join(process.cmdline())
    return False


WHOLE = pytest.mark.skipif(not hunts.IS_WHOLE, reason="each worker imports torch: set THANOSQL_HUNTS=whole")


@pytest.mark.hunt
@pytest.mark.parametrize("model", ["mini", pytest.param("small", marks=WHOLE)])
def test_two_workers_of_which_one_is_killed_give_the_bytes_of_this_machine(
    cluster: None, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    monkeypatch.setattr(portion_worker, "COMMIT_S", 0.2)
    killed: list[int] = []

    def kill_one(done: int) -> None:
        if not killed and done > COUNT // 8:
            killed.append(workers()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    bars = Bars(kill_one)
    there, here = Converted(tmp_path, photos, "ray", model), Converted(tmp_path, photos, "local", model)
    vectors, told = there.convert(progress=bars)
    assert len(killed) == 1
    assert are_gone()
    vectors_here, told_here = here.convert()
    assert vectors == vectors_here
    assert told[1:] == told_here[1:]
    assert set(there.cached().values()) == {1}
    assert there.cached().keys() == here.cached().keys()
    assert all(bar.done == bar.total for bar in bars.bars.values() if bar.total)
    assert there.convert()[1][0].startswith("0 pictures embedded")


def test_a_stop_ends_the_workers_and_keeps_what_they_have_done(
    cluster: None, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_crew, "STOP_S", 60.0)
    reached: list[int] = []
    there = Converted(tmp_path, photos, "ray", "mini")
    with pytest.raises(Interrupted):
        there.convert(progress=Bars(reached.append), cancelled=lambda: any(done > 20 for done in reached))
    assert are_gone()
    kept = sum(there.cached().values())
    assert kept >= 16
    told = there.convert()[1]
    assert f"{COUNT - kept} pictures embedded" in told[0]
    assert set(there.cached().values()) == {1}
