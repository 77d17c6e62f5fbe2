"""SEARCH for the best of more vectors than memory holds: 10,000,000 of 512 numbers, 20 GB, 10 GB in 16 bits a number.

    python benchmarks/ten_million.py FOLDER [--rows N] [--markdown]

Makes the table in FOLDER if it is not there (40 GB of disk with all that is measured), and leaves it: remove it
afterwards. Each measurement is a process of its own. Vectors are made up: 2,000 topics, 64 directions that all share,
and noise; nothing is embedded.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import lance
import numpy as np
import pyarrow as pa
from search import DIM, RandomEncoder

from thanosql_kernel.engine.session import Session
from thanosql_kernel.models import registry

PART = 50_000
FRAGMENT_ROWS = 131_072
SEARCH = (
    "SEARCH IMAGE USING mini OPTIONS(search_by='text', search_input='{}', emb_col='v', result_col='sim', top_k=5) "
    "AS SELECT * FROM t"
)
RUNS = 5


def made_up(rows: int, seed: int = 0) -> Iterator[pa.RecordBatch]:
    rng = np.random.default_rng(seed)
    topics = unit(np.random.default_rng(1).standard_normal((2000, DIM), dtype=np.float32))
    shared = unit(np.random.default_rng(2).standard_normal((64, DIM), dtype=np.float32))
    for start in range(0, rows, PART):
        count = min(PART, rows - start)
        vectors = 0.1 * rng.standard_normal((count, 64), dtype=np.float32) @ shared
        vectors += 0.02 * rng.standard_normal((count, DIM), dtype=np.float32)
        vectors = unit(vectors + topics[rng.integers(0, len(topics), count)])
        numbers = range(start, start + count)
        yield pa.record_batch(
            {
                "id": pa.array(numbers, pa.int64()),
                "image_path": pa.array([f"photos/{number:08}.jpg" for number in numbers]),
                "note": pa.array([f"note {number % 97}" for number in numbers]),
                "v": pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), DIM),
            }
        )


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def make(folder: Path, rows: int) -> None:
    if not (folder / "db" / "t.lance").exists():
        batches = made_up(rows)
        first = next(batches)
        reader = pa.RecordBatchReader.from_batches(first.schema, (part for part in [first, *batches]))
        lance.write_dataset(reader, str(folder / "db" / "t.lance"), max_rows_per_file=FRAGMENT_ROWS)


# -- measurements, each in a process of its own --------------------------------------------------------------------


def session_of(folder: Path) -> Session:
    registry.load = lambda model, **settings: RandomEncoder()
    return Session(folder / "db", working_folder=folder)


def search(session: Session, text: str) -> float:
    """How long it takes."""
    started = time.perf_counter()
    session.run(SEARCH.format(text), emit=lambda result: result.rows.num_rows)
    return time.perf_counter() - started


def files_of(folder: Path) -> list[Path]:
    return sorted((folder / "db" / "_thanosql" / "vectors").glob("*.half"))


def forget(folder: Path) -> None:
    """Let the system forget what it has of the files, as after a restart."""
    os.sync()
    for file in files_of(folder):
        with open(file, "rb") as opened:
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read_once(folder: Path) -> float:
    """How long one reader takes, 8 MiB at a time, as ``cat`` reads."""
    buffer, started = bytearray(8 << 20), time.perf_counter()
    for file in files_of(folder):
        with open(file, "rb", buffering=0) as opened:
            while opened.readinto(buffer):
                pass
    return time.perf_counter() - started


def first_and_warm(folder: Path) -> dict[str, float]:
    session = session_of(folder)
    first = search(session, "a black cat")
    times = sorted(search(session, f"photo {number}") for number in range(RUNS))
    session.close()
    return {"first": first, "warm": times[RUNS // 2]}


def insert(folder: Path) -> dict[str, float]:
    session = session_of(folder)
    search(session, "a black cat")
    warm = search(session, "a white cat")
    rows = pa.Table.from_batches(made_up(1000, seed=int(time.time())))
    session.database.tables.store.append("t", rows)
    session.run("SELECT 1", emit=lambda result: None)  # upkeep
    after = search(session, "a red cat")
    session.close()
    return {"warm": warm, "after": after}


def measure(step: str, folder: Path) -> dict[str, float]:
    steps: dict[str, Callable[[], dict[str, float]]] = {
        "search": lambda: first_and_warm(folder),
        "insert": lambda: insert(folder),
    }
    return steps[step]()


def apart(step: str, folder: Path) -> dict[str, float]:
    """A measurement in a new process."""
    done = subprocess.run(
        [sys.executable, __file__, str(folder), "--step", step], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def compare(folder: Path, rows: int, markdown: bool) -> None:
    make(folder, rows)
    built = apart("search", folder)
    size = sum(file.stat().st_size for file in files_of(folder)) / 1e9
    forget(folder)
    cold_read = read_once(folder)
    forget(folder)
    cold = apart("search", folder)
    known_read, known = read_once(folder), apart("search", folder)
    inserted = apart("insert", folder)
    lines = [
        (
            f"{rows:,} x {DIM}: first SEARCH of all, which writes {size:.1f} GB in 16 bits",
            f"{built['first']:.1f} s",
        ),
        ("new kernel, nothing in memory: first SEARCH, best 5", against(cold["first"], cold_read, "reading")),
        ("new kernel, files in memory: first SEARCH, best 5", against(known["first"], known_read, "reading")),
        ("warm SEARCH, best 5", f"{known['warm']:.2f} s"),
        ("SEARCH after an INSERT of 1,000 rows", against(inserted["after"], inserted["warm"], "warm")),
    ]
    for label, told in lines:
        print(f"| {label} | {told} |" if markdown else f"  {told:>40}  {label}")


def against(ours: float, other: float, named: str) -> str:
    return f"{ours:.2f} s ({ours / other:.2f} x {named}, {other:.2f} s)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--step")
    given = parser.parse_args()
    if given.step:
        print(json.dumps(measure(given.step, given.folder)))
    else:
        compare(given.folder, given.rows, given.markdown)


if __name__ == "__main__":
    main()
