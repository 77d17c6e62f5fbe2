"""What tables cost that were written bit by bit, with the upkeep that kernels do by themselves.

    python benchmarks/upkeep.py [--inserts 1500] [--rounds 40]

1,500 single INSERTs and then SELECTs, beside a fresh table of the same rows; and the size of a database after one and
after 40 rounds of COPY replace, CONVERT and UPDATE of 200 photos, whose results are kept as a notebook's are.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from thanosql_kernel.engine.session import Session

QUERIES = (
    "SELECT * FROM {}",
    "SELECT count(*), max(id) FROM {}",
    "SELECT id FROM {} WHERE 이름 LIKE '%9' ORDER BY id",
)
ROW = "{0} AS id, '사진 {0}' AS 이름, [{0}::FLOAT FOR x IN range(512)]::FLOAT[512] AS v"
ROUND = (
    "COPY photos OPTIONS(if_exists='replace') FROM '사진'",
    "ALTER TABLE photos ADD COLUMN label VARCHAR",
    "CONVERT USING mini OPTIONS(table_name='photos') AS SELECT * FROM photos",
    "UPDATE photos SET label = 'seen' WHERE image_path LIKE '%1.jpg'",
    "SELECT * FROM photos",
)
PHOTOS = 200


def timed(session: Session, cell: str, number: int | None = None) -> float:
    """Seconds that a cell takes."""
    started = time.perf_counter()
    session.run(cell, emit=lambda result: None, number=number)
    return time.perf_counter() - started


def inserts(folder: Path, count: int) -> None:
    session = Session(folder / "inserts", working_folder=folder)
    timed(session, f"CREATE TABLE t AS SELECT {ROW.format(0)}")
    seconds = [timed(session, f"INSERT INTO t SELECT {ROW.format(n)}") for n in range(1, count)]
    first, last = (1000 * statistics.median(part) for part in (seconds[:100], seconds[-100:]))
    print(
        f"INSERT of one row: the first hundred {first:.1f} ms, the last {last:.1f} ms, worst {max(seconds):.2f} s"
    )
    timed(session, "CREATE TABLE fresh AS SELECT * FROM t")
    for query in QUERIES:
        pairs = [[timed(session, query.format(name)) for name in ("t", "fresh")] for _ in range(20)]
        written, fresh = (1000 * statistics.median(part) for part in zip(*pairs, strict=True))
        print(f"{query.format('t')}: {written:.1f} ms, fresh {fresh:.1f} ms, {written / fresh:.2f}x")
    session.close()


def rounds(folder: Path, count: int) -> None:
    rng = np.random.default_rng(0)
    (folder / "사진").mkdir()
    for n in range(PHOTOS):
        pixels = np.kron(rng.integers(0, 255, (8, 8, 3), dtype=np.uint8), np.ones((40, 40, 1), np.uint8))
        Image.fromarray(pixels).save(folder / "사진" / f"{n:03}.jpg")
    session, sizes = Session(folder / "rounds", working_folder=folder), []
    for turn in range(count):
        for at, cell in enumerate(ROUND):
            timed(session, cell, number=turn * len(ROUND) + at + 1)
        sizes.append(sum(path.stat().st_size for path in (folder / "rounds").rglob("*") if path.is_file()))
    print(
        f"{count} rounds of {PHOTOS} photos: {sizes[0] / 1e6:.2f} MB after one, {sizes[-1] / 1e6:.2f} MB after all, "
        f"{max(sizes) / 1e6:.2f} MB at most, {max(sizes) / sizes[0]:.2f}x"
    )
    session.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inserts", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        inserts(Path(folder), given.inserts)
        rounds(Path(folder), given.rounds)


if __name__ == "__main__":
    main()
