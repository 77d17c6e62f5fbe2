"""What workers cost: one, two and four ``convert-worker`` beside each other, and the cache that they fill, when large.

Run: python benchmarks/workers.py [--markdown] [--pictures 512] [--keys 10]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

SIDE_PX = 320
CONVERT = "CONVERT USING mini OPTIONS(image_col='image_path') AS SELECT * FROM photos"
COMMIT_ROWS = 100_000
DIM = 16
LOOKED_UP = 1000

Row = tuple[str, str]


def pictures(folder: Path, count: int) -> None:
    """Made-up photos: smooth colours, as JPEG."""
    folder.mkdir(parents=True)
    for number in range(count):
        small = np.random.default_rng(number).integers(0, 256, (8, 8, 3), dtype=np.uint8)
        picture = Image.fromarray(small).resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC)
        picture.save(folder / f"{number}.jpg", quality=90)


def database(folder: Path) -> Any:
    from thanosql_kernel.engine.session import Session

    shutil.rmtree(folder / ".thanosql", ignore_errors=True)
    session = Session(folder / ".thanosql", working_folder=folder)
    session.run("COPY photos FROM 'photos'", emit=lambda result: None)
    return session


def workers(folder: Path, count: int) -> tuple[float, float]:
    """Seconds that so many workers take for all pictures, starting included, and the CONVERT after them."""
    session = database(folder)
    command = [sys.executable, "-m", "thanosql_kernel", "convert-worker", CONVERT, "--folder", str(folder)]
    started_s = time.perf_counter()
    running = [
        subprocess.Popen([*command, "--shard", f"{number + 1}/{count}"], stderr=subprocess.DEVNULL)
        for number in range(count)
    ]
    if any(worker.wait() for worker in running):
        raise SystemExit("a worker failed")
    embedded_s = time.perf_counter()
    notices: list[str] = []
    session.run(CONVERT, emit=lambda result: notices.extend(result.notices))
    session.close()
    if not notices[0].startswith("0 "):
        raise SystemExit(f"CONVERT had to embed: {notices[0]}")
    return embedded_s - started_s, time.perf_counter() - embedded_s


def beside_each_other(folder: Path, count: int) -> Iterator[Row]:
    pictures(folder / "photos", count)
    one_s = 0.0
    for number in (1, 2, 4):
        seconds, after_s = workers(folder, number)
        one_s = one_s or seconds
        ratio = f"{one_s / seconds:.2f}x one" if number > 1 else "start included"
        yield f"{number} worker{'s'[: number > 1]}, {count} pictures", f"{seconds:.1f} s, {ratio}"
        yield f"CONVERT after {number}: nothing to embed", f"{after_s:.2f} s"


def large_cache(folder: Path, millions: int) -> Iterator[Row]:
    """A cache of made-up vectors, filled a commit at a time."""
    from thanosql_kernel.catalog.location import locate
    from thanosql_kernel.engine.embed.cache import CachedVectors
    from thanosql_kernel.engine.embed.digests import KEY
    from thanosql_kernel.engine.store.lance import Store
    from thanosql_kernel.engine.store.maintenance import Maintenance, TendedTables

    store = Store(locate(folder / "large"))
    vectors = CachedVectors(TendedTables(store, Maintenance(store)), "_thanosql_embeddings_x", DIM, "made up")
    random = np.random.default_rng(1)
    kept = []
    for million in range(1, millions + 1):
        started_s = time.perf_counter()
        for _ in range(10):
            keys = random.bytes(COMMIT_ROWS * KEY.itemsize)
            contents = np.frombuffer(keys, dtype=KEY)
            vectors.append(contents, np.zeros((COMMIT_ROWS, DIM), np.float32))
            kept.append(contents[: LOOKED_UP // 10])
        if million in (1, 3, 10, 30, millions):
            seconds = time.perf_counter() - started_s
            known = np.concatenate(kept)[-LOOKED_UP:]
            unknown = np.frombuffer(random.bytes(LOOKED_UP * KEY.itemsize), dtype=KEY)
            found = timed(lambda known=known: vectors.locate(known).offsets)
            lost = timed(lambda unknown=unknown: vectors.locate(unknown).offsets)
            yield f"{million} M keys: a commit of {COMMIT_ROWS:,}, indexing included", f"{seconds / 10:.2f} s"
            yield (
                f"{million} M keys: {LOOKED_UP:,} that are there, {LOOKED_UP:,} that are not",
                (f"{found * 1000:.0f} ms, {lost * 1000:.0f} ms"),
            )
            table = store.folder(vectors.name)
            runs = sum(path.stat().st_size for path in table.rglob("*.keys"))
            yield f"{million} M keys: index on disk, a key", f"{runs / million / 1e6:.1f} bytes"


def timed(work: Callable[[], Any]) -> float:
    """The median of five."""
    times = []
    for _ in range(5):
        started_s = time.perf_counter()
        work()
        times.append(time.perf_counter() - started_s)
    return float(np.median(times))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--pictures", type=int, default=512, help="0: leave the workers out")
    parser.add_argument("--keys", type=int, default=10, help="millions; 0: leave the cache out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="thanosql-workers-", dir=".") as name:
        folder = Path(name).absolute()
        parts = [beside_each_other(folder, options.pictures)] if options.pictures else []
        parts += [large_cache(folder, options.keys)] if options.keys else []
        for part in parts:
            for what, took in part:
                print(f"| {what} | {took} |" if options.markdown else f"{what:64} {took}", flush=True)


if __name__ == "__main__":
    main()
