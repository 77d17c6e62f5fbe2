"""What workers cost: two and four ``convert-worker`` beside one, and the cache that they fill, when it is large.

    python benchmarks/workers.py [--pictures 512] [--keys 10] [--folder DIR]

Workers share the cores of this machine, so that two of them show what starting and sharing out cost more than what
another machine would bring; `CONVERT` after them finds every vector, or this fails. The cache is filled with made-up
vectors, a commit at a time.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from report import Report, Sample, growth, in_turns, options

from thanosql_kernel.catalog.location import locate
from thanosql_kernel.engine.embed.cache import CachedVectors
from thanosql_kernel.engine.embed.digests import KEY, Digests
from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.maintenance import Maintenance, TendedTables

SIDE_PX = 320
CONVERT = "CONVERT USING mini OPTIONS(image_col='image_path') AS SELECT * FROM photos"
COMMIT_ROWS = 100_000
COMMITS_A_MILLION = 10
DIM = 16
LOOKED_UP = 1000


def write_pictures(folder: Path, count: int) -> None:
    """Made-up photos: smooth colours, as JPEG."""
    folder.mkdir(parents=True)
    for number in range(count):
        small = np.random.default_rng(number).integers(0, 256, (8, 8, 3), dtype=np.uint8)
        picture = Image.fromarray(small).resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC)
        picture.save(folder / f"{number}.jpg", quality=90)


def work(folder: Path, count: int) -> tuple[float, float]:
    """Seconds that so many workers take for all pictures, starting included, and the CONVERT after them."""
    shutil.rmtree(folder / ".thanosql", ignore_errors=True)
    session = Session(folder / ".thanosql", working_folder=folder)
    session.run("COPY photos FROM 'photos'", emit=lambda result: None)
    command = [sys.executable, "-m", "thanosql_kernel", "convert-worker", CONVERT, "--folder", str(folder)]
    started = time.perf_counter()
    running = [
        subprocess.Popen([*command, "--shard", f"{number}/{count}"], stderr=subprocess.DEVNULL)
        for number in range(1, count + 1)
    ]
    statuses = [worker.wait() for worker in running]
    if any(statuses):
        raise SystemExit("a worker failed")
    embedded = time.perf_counter()
    notices: list[str] = []
    session.run(CONVERT, emit=lambda result: notices.extend(result.notices))
    session.close()
    if not notices[0].startswith("0 "):
        raise SystemExit(f"CONVERT had to embed: {notices[0]}")
    return embedded - started, time.perf_counter() - embedded


def beside_each_other(report: Report, folder: Path, count: int, turns: int) -> None:
    write_pictures(folder / "photos", count)
    took: dict[int, list[float]] = {1: [], 2: [], 4: []}
    after = []
    for _ in range(turns):
        for number, seconds in took.items():
            embedding, adding = work(folder, number)
            seconds.append(embedding)
            after.append(adding)
    one = Sample(tuple(took[1]))
    for number in (2, 4):
        what = f"{number} workers on this machine, {count:,} pictures"
        note = "mini, starting included; ratio above 1: faster than one"
        report.compare(what, Sample(tuple(took[number])), one, "1 worker", note)
    report.add("CONVERT after workers, nothing to embed", str(Sample(tuple(after))))


def large_cache(report: Report, folder: Path, millions: int) -> None:
    store = Store(locate(folder / "large"))
    vectors = CachedVectors(TendedTables(store, Maintenance(store)), "_thanosql_embeddings_x", DIM, "made up")
    random = np.random.default_rng(1)
    sizes, looks = [], []
    known = np.empty(0, KEY)
    for million in range(1, millions + 1):
        commits = []
        for _ in range(COMMITS_A_MILLION):
            contents = keys(random, COMMIT_ROWS)
            started = time.perf_counter()
            vectors.append(contents, np.zeros((COMMIT_ROWS, DIM), np.float32))
            commits.append(time.perf_counter() - started)
            known = np.concatenate([known, contents[:: COMMIT_ROWS // 100]])[-LOOKED_UP:]
        if million in (1, 3, 10, 30, 100, millions):
            found = looked_up(vectors, known, keys(random, LOOKED_UP))
            sizes.append(million)
            looks.append(found["there"])
            report.add(f"{LOOKED_UP:,} of {million} M contents found", str(found["there"]))
            report.add(f"{LOOKED_UP:,} new ones beside {million} M", str(found["new"]))
            report.add(f"a commit of {COMMIT_ROWS:,} at {million} M", str(Sample(tuple(commits))))
    if len(sizes) > 1:
        report.add("growth of finding contents", f"rows^{growth(sizes, looks):.2f}")
    index = sum(path.stat().st_size for path in store.folder(vectors.name).rglob("*.keys"))
    report.add("index on disk, a content", f"{index / millions / 1e6:.1f} B")


def looked_up(vectors: CachedVectors, known: Digests, new: Digests) -> dict[str, Sample]:
    """What it takes to look contents up; those that are there are found, or this fails."""
    if (vectors.locate(known).offsets < 0).any() or (vectors.locate(new).offsets >= 0).any():
        raise SystemExit("contents are not found as they should")
    works: dict[str, Any] = {"there": lambda: vectors.locate(known), "new": lambda: vectors.locate(new)}
    return in_turns(works)


def keys(random: np.random.Generator, count: int) -> Digests:
    return np.frombuffer(random.bytes(count * KEY.itemsize), dtype=KEY)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--pictures", type=int, default=512, help="0: leave the workers out")
    parser.add_argument("--keys", type=int, default=10, help="millions; 0: leave the cache out")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder without it")
    given = parser.parse_args()
    report = Report("workers", markdown=given.markdown)
    count, millions = (64, 1) if given.quick else (given.pictures, given.keys)
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        if count:
            beside_each_other(report, Path(name), count, turns=1 if given.quick else 3)
        if millions:
            large_cache(report, Path(name), millions)


if __name__ == "__main__":
    main()
