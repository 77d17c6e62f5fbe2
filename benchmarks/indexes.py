"""SEARCH by an index of vectors, against LanceDB's flat search, the same index at Lance's defaults, and comparing all.

    python benchmarks/indexes.py FOLDER [--rows N] [--markdown]

Makes the table of benchmarks/ten_million.py in FOLDER if it is not there, and an index of it (at a million rows about
three minutes of two cores and 2.5 GB of disk). Searches are of two kinds: near ones, half of another row added to a
row, and far ones, in directions that have nothing to do with the rows. Recall is of the 10 best, told by one pass over
all vectors in float64. What memory holds is set so that the table does not fit.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("THANOSQL_MEMORY", "1GB")

import lance
import numpy as np
from report import Report, Sample, options
from search import DIM
from ten_million import make, session_of, unit

from thanosql_kernel.engine.runtime import StatementRuntime
from thanosql_kernel.engine.store import vector_index

K = 10
SEARCHES = 40
GROUP = "SEARCH by index"


def queries_of(dataset: lance.LanceDataset) -> dict[str, np.ndarray]:
    """Near and far ones, (SEARCHES, DIM) each."""
    rng = np.random.default_rng(5)
    rows = np.sort(rng.choice(dataset.count_rows(), 2 * SEARCHES, replace=False))
    taken = dataset.take(rows.tolist(), columns=["v"]).column("v").combine_chunks()
    vectors = taken.flatten().to_numpy().reshape(-1, DIM)
    rng.shuffle(vectors := vectors.copy())
    near = vectors[:SEARCHES] + 0.5 * vectors[SEARCHES:]
    far = rng.standard_normal((SEARCHES, DIM))
    return {"near": unit(near).astype(np.float32), "far": unit(far).astype(np.float32)}


def best_of_all(dataset: lance.LanceDataset, queries: np.ndarray) -> np.ndarray:
    """The 10th best cosine of each query, from one pass."""
    tops = np.full((len(queries), K), -np.inf)
    for batch in dataset.scanner(columns=["v"], batch_size=8192, io_buffer_size=64 << 20).to_batches():
        rows = batch.column("v").flatten().to_numpy().reshape(-1, DIM)
        rough = queries @ rows.T
        for number, top in enumerate(tops):
            chosen = np.flatnonzero(rough[number] >= top[0] - 1e-5)
            exact = unit(rows[chosen].astype(np.float64)) @ queries[number].astype(np.float64)
            tops[number] = np.sort(np.concatenate([top, exact]))[-K:]
    return tops[:, 0]


def timed(work: Callable[[np.ndarray], np.ndarray], queries: np.ndarray) -> tuple[Sample, list[np.ndarray]]:
    """How long each search takes after a warm round, and the cosines that it found."""
    for query in queries:
        work(query)
    times, found = [], []
    for query in queries:
        started = time.perf_counter()
        found.append(work(query))
        times.append(time.perf_counter() - started)
    return Sample(tuple(times)), found


def recall(found: list[np.ndarray], least: np.ndarray) -> float:
    return float(
        np.mean([(scores >= bound - 1e-6).mean() for scores, bound in zip(found, least, strict=True)])
    )


def compare(folder: Path, rows: int, report: Report) -> None:
    make(folder, rows)
    session = session_of(folder)
    if not session.database.searcher.records or not list(session.database.searcher.records):
        started = time.perf_counter()
        session.run("CREATE OR REPLACE INDEX one ON t (v)", emit=lambda result: report.say(result.text))
        report.say(f"built in {time.perf_counter() - started:.0f} s")
    dataset, table = session.database.tables.open("t")
    stored = session.database.table("t")
    runtime = StatementRuntime(session.database, folder)

    def ours(query: np.ndarray, is_near: bool) -> np.ndarray:
        found = session.database.searcher.best(
            stored, table.column("v"), query[None], K, runtime.work, is_near=is_near
        )
        return np.zeros(0) if found is None else found.scores[:, 0]

    def lance_default(query: np.ndarray) -> np.ndarray:
        nearest = {"column": "v", "q": query, "k": K, "metric": "cosine"}
        found = dataset.scanner(columns=["id"], nearest=nearest, with_row_address=True, fast_search=True)
        addresses = found.to_table().column("_rowaddr").to_numpy().astype(np.uint64)
        taken = dataset._take_rows([int(it) for it in addresses], columns=["v"]).column("v").combine_chunks()
        return unit(taken.flatten().to_numpy().reshape(-1, DIM)) @ query

    def flat(query: np.ndarray) -> np.ndarray:
        nearest = {"column": "v", "q": query, "k": K, "metric": "cosine", "use_index": False}
        return 1 - dataset.scanner(columns=["id"], nearest=nearest).to_table().column("_distance").to_numpy()

    def exactly(query: np.ndarray) -> np.ndarray:
        session.run("SET search.index = off", emit=lambda result: None)
        try:
            return ours(query, False)
        finally:
            session.run("SET search.index = on", emit=lambda result: None)

    count = f"{dataset.count_rows():,} x {DIM}"
    for kind, queries in queries_of(dataset).items():
        least = best_of_all(dataset, queries)
        mine, found = timed(lambda query, kind=kind: ours(query, kind == "near"), queries)
        others = {
            "compare all, half precision": timed(exactly, queries[:5]),
            "LanceDB flat": timed(flat, queries[:3]),
            "the same index, Lance's defaults": timed(lance_default, queries),
        }
        for name, (theirs, got) in others.items():
            note = f"recall@{K} {recall(found, least):.3f}, theirs {recall(got, least[: len(got)]):.3f}"
            what = f"best {K} of {count}, {kind} searches; {name}"
            report.compare(what, mine, theirs, note=note)
    index = next(iter(vector_index.indexes(dataset)))
    size = sum(file.stat().st_size for file in Path(dataset.uri).joinpath("_indices").rglob("*.idx"))
    report.say(f"index {index.name}: {size / 1e9:.2f} GB, {vector_index.partitions_for(table.rows)} parts")
    session.close()


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int)
    given = parser.parse_args()
    rows = given.rows or (200_000 if given.quick else 1_000_000)
    compare(given.folder, rows, Report(GROUP, markdown=given.markdown))


if __name__ == "__main__":
    main()
