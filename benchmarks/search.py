"""SEARCH against LanceDB's own flat vector search, at 25,000 and 250,000 rows of 512 numbers.

    python benchmarks/search.py [rows ...]

Prints the median of several runs, warm, and how many times faster SEARCH is. Vectors are random; nothing is embedded.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import lancedb
import numpy as np
import pyarrow as pa

from thanosql_kernel.engine.session import Session
from thanosql_kernel.models import registry

DIM = 512
PART = 50_000
RUNS = 7


class RandomEncoder:
    """Any vector for any text: only what happens afterwards is measured."""

    name, revision, dim, fingerprint, preprocess = "random", "0", DIM, "0" * 64, None

    def encode_texts(self, texts):
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) for text in texts]
        return np.stack(
            [np.random.default_rng(seed).standard_normal(DIM, dtype=np.float32) for seed in seeds]
        )


def write_rows(session: Session, rows: int) -> None:
    rng = np.random.default_rng(0)
    for start in range(0, rows, PART):
        count = min(PART, rows - start)
        vectors = rng.standard_normal((count, DIM), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        columns = {
            "id": pa.array(range(start, start + count), pa.int64()),
            "image_path": [f"photos/{number:08}.jpg" for number in range(start, start + count)],
            "note": ["a line of text about the photo " * 3] * count,
            "v": pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), DIM),
        }
        session.database.tables.store.append("t", pa.table(columns))


def median_ms(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return sorted(times)[RUNS // 2] * 1000


def compare(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        session = Session(Path(folder) / "db", working_folder=Path(folder))
        write_rows(session, rows)
        table = lancedb.connect(str(Path(folder) / "db")).open_table("t")
        query = RandomEncoder().encode_texts(["a black cat"])[0]
        search = "SEARCH IMAGE text='a black cat' USING mini OPTIONS({}) AS SELECT * FROM t"
        scored = search.format("emb_col='v', result_col='sim'")

        def flat() -> None:
            table.search(query).metric("cosine").limit(10).select(["image_path", "_distance"]).to_arrow()

        def run(cell: str) -> Callable[[], None]:
            return lambda: session.run(cell, emit=lambda result: None)

        cells = {
            "best ten, all columns (top_k=10)": search.format(
                "search_by='text', search_input='a black cat', emb_col='v', result_col='sim', top_k=10"
            ).replace("text='a black cat' ", "", 1),
            "SELECT image_path, sim … ORDER BY sim DESC LIMIT 10": f"SELECT image_path, sim FROM ({scored}) "
            "ORDER BY sim DESC LIMIT 10",
            "SELECT * … ORDER BY sim DESC LIMIT 10": f"SELECT * FROM ({scored}) ORDER BY sim DESC LIMIT 10",
            "mean of the similarities over all rows": f"SELECT avg(sim) FROM ({scored})",
            "all rows scored, first 20 shown": scored,
        }
        started = time.perf_counter()
        run(scored)()
        print(f"\n{rows:,} rows; first SEARCH {time.perf_counter() - started:.2f} s (vectors are loaded)")
        lance_ms = median_ms(flat)
        print(f"  {lance_ms:8.1f} ms         LanceDB flat search, k=10")
        for label, cell in cells.items():
            ours_ms = median_ms(run(cell))
            print(f"  {ours_ms:8.1f} ms {lance_ms / ours_ms:5.1f} x  {label}")


def main() -> None:
    registry.load = lambda model, **settings: RandomEncoder()
    for rows in [int(argument) for argument in sys.argv[1:]] or [25_000, 250_000]:
        compare(rows)


if __name__ == "__main__":
    main()
