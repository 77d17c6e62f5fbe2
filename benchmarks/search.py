"""SEARCH for the best of many vectors of 512 numbers, beside LanceDB, DuckDB and NumPy.

    python benchmarks/search.py [rows ...]

Each query is a text that was not searched for before. Vectors are random; nothing is embedded.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import lancedb
import numpy as np
import pyarrow as pa
from report import Report, Sample, growth, in_turns, options, timed

from thanosql_kernel.engine.session import Session
from thanosql_kernel.machine import available_cores
from thanosql_kernel.models import registry

DIM = 512
PART = 50_000
#: From here on an index is worth having.
INDEXED_ROWS = 250_000
SCORED = "SEARCH IMAGE text='{}' USING mini OPTIONS(emb_col='v', result_col='sim') AS SELECT * FROM t"
BEST = f"SELECT image_path, sim FROM ({SCORED}) ORDER BY sim DESC LIMIT 10"
CELLS = {
    "SELECT * … ORDER BY sim DESC LIMIT 10": f"SELECT * FROM ({SCORED}) ORDER BY sim DESC LIMIT 10",
    "the best ten of one row in three": f"SELECT image_path, sim FROM ({SCORED}) WHERE id % 3 = 0 "
    "ORDER BY sim DESC LIMIT 10",
    "mean of the similarities over all rows": f"SELECT avg(sim) FROM ({SCORED})",
    "all rows scored, first 20 shown": SCORED,
}


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
        size = min(PART, rows - start)
        vectors = rng.standard_normal((size, DIM), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        columns = {
            "id": pa.array(range(start, start + size), pa.int64()),
            "image_path": [f"photos/{number:08}.jpg" for number in range(start, start + size)],
            "note": ["a line of text about the photo " * 3] * size,
            "v": pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), DIM),
        }
        session.database.tables.store.append("t", pa.table(columns))


def queries() -> Iterator[str]:
    """Texts that nobody has searched for."""
    return (f"a black cat, number {number}" for number in count())


def compare(rows: int, report: Report, turns: int, *, indexed: bool) -> Sample:
    """The best ten of so many rows, by us and by others, in turns; returns our times."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        session = Session(folder / "db", working_folder=folder)
        write_rows(session, rows)
        table = lancedb.connect(str(folder / "db")).open_table("t")
        texts = queries()

        def run(cell: str) -> Callable[[], None]:
            return lambda: session.run(cell.format(next(texts)), emit=lambda result: None)

        first = timed(run(SCORED))
        report.add(f"the first SEARCH of a kernel, {rows:,} rows", str(Sample((first,))))
        works = {"ours": run(BEST)} | others(table, texts)
        found = in_turns(works, turns)
        for against in list(found)[1:]:
            report.compare(
                f"SELECT … ORDER BY sim DESC LIMIT 10, {rows:,} rows", found["ours"], found[against], against
            )
        for what, cell in CELLS.items():
            ours = in_turns({"ours": run(cell), "flat": works["LanceDB, flat"]}, turns)
            report.compare(f"{what}, {rows:,} rows", ours["ours"], ours["flat"], "LanceDB, flat, k=10")
        if indexed:
            by_index(session, table, texts, report, rows, turns)
        session.close()
        return found["ours"]


def others(table: Any, texts: Iterator[str]) -> dict[str, Callable[[], object]]:
    """The best ten by LanceDB, DuckDB and NumPy, of the same vectors; the two last have them in memory."""
    vectors = table.to_lance().to_table(columns=["v"]).column("v").combine_chunks()
    matrix = np.asarray(vectors.flatten()).reshape(-1, DIM)
    connection = duckdb.connect(config={"threads": available_cores()})
    connection.register("given", table.to_lance().to_table(columns=["image_path", "v"]))
    connection.execute("CREATE TABLE t AS FROM given")
    connection.unregister("given")

    def asked() -> np.ndarray:
        return RandomEncoder().encode_texts([next(texts)])[0]

    def flat() -> object:
        search = table.search(asked()).metric("cosine").limit(10)
        return search.select(["image_path", "_distance"]).to_arrow()

    def by_duckdb() -> object:
        return connection.execute(
            f"SELECT image_path, array_cosine_similarity(v, ?::FLOAT[{DIM}]) AS sim FROM t ORDER BY sim DESC LIMIT 10",
            [asked().tolist()],
        ).fetchall()

    def by_numpy() -> object:
        query = asked()
        scores = matrix @ (query / np.linalg.norm(query))
        return np.argpartition(scores, -10)[-10:]

    return {
        "LanceDB, flat": flat,
        "DuckDB array_cosine_similarity": by_duckdb,
        "NumPy, vectors only": by_numpy,
    }


def by_index(
    session: Session, table: Any, texts: Iterator[str], report: Report, rows: int, turns: int
) -> None:
    """The best ten by an index: ours, which searches ask by themselves, and LanceDB over the same one."""
    built = timed(lambda: session.run("CREATE INDEX ON t (v)", emit=lambda result: None))
    report.add(f"CREATE INDEX, {rows:,} rows", str(Sample((built,))))
    table.checkout_latest()

    def by_lancedb() -> object:
        query = RandomEncoder().encode_texts([next(texts)])[0]
        search = table.search(query).metric("cosine").limit(10).refine_factor(10)
        return search.select(["image_path", "_distance"]).to_arrow()

    def ours() -> None:
        session.run(BEST.format(next(texts)), emit=lambda result: None)

    found = in_turns({"ours": ours, "other": by_lancedb}, turns)
    what = f"the best ten with an index, {rows:,} rows"
    report.compare(what, found["ours"], found["other"], "LanceDB, IVF, refine 10")


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("rows", type=int, nargs="*", help="sizes (25,000, 250,000 and 1,000,000)")
    parser.add_argument("--turns", type=int, default=7)
    given = parser.parse_args()
    registry.load = lambda model, **settings: RandomEncoder()
    sizes = given.rows or ([1000, 4000] if given.quick else [25_000, 250_000, 1_000_000])
    report = Report("SEARCH", markdown=given.markdown)
    found = [
        compare(rows, report, given.turns, indexed=rows == sizes[-1] and rows >= INDEXED_ROWS)
        for rows in sizes
    ]
    if len(found) > 1:
        report.add("growth with the rows", f"{growth(sizes, found):.2f}", note="1 is as the rows do")


if __name__ == "__main__":
    main()
