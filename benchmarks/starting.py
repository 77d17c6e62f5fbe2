"""How long a kernel takes to its first answer, beside IPython's; and the first SEARCH of a new kernel.

python benchmarks/starting.py [--turns 5] [--rows 25000]
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from live_kernel_client import THANOSQL, kernel
from report import Report, Sample, options, timed

from thanosql_kernel.engine.session import Session

IPYTHON = (THANOSQL[0], "-m", "ipykernel_launcher")
SEARCH = "SELECT image_path FROM (SEARCH IMAGE text='a black cat' USING mini OPTIONS(emb_col='v', result_col='sim') "
SEARCH += "AS SELECT * FROM t) ORDER BY sim DESC LIMIT 10"
DIM = 512


def first_reply(argv: tuple[str, ...], cell: str) -> float:
    """Seconds from the start of a kernel to its first answer."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, kernel(Path(folder), argv) as client:
        client.run(cell)
        return time.perf_counter() - started


def first_replies(turns: int) -> tuple[Sample, Sample]:
    """Of ours and of IPython's kernel, in turns; the first of each is not counted."""
    found = [(first_reply(THANOSQL, "SELECT 1"), first_reply(IPYTHON, "1")) for _ in range(turns + 1)][1:]
    ours, other = zip(*found, strict=True)
    return Sample(ours), Sample(other)


def searches(folder: Path) -> tuple[float, float]:
    """The first and the second SEARCH of a new kernel (s)."""
    with kernel(folder, THANOSQL) as client:
        first = timed(lambda: client.run(SEARCH))
        return first, timed(lambda: client.run(SEARCH.replace("black", "white")))


def write_rows(folder: Path, rows: int) -> None:
    """Vectors that nobody embedded."""
    session, rng = Session(folder / "db", working_folder=folder), np.random.default_rng(0)
    vectors = rng.standard_normal((rows, DIM), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    names = [f"photos/{number:08}.jpg" for number in range(rows)]
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), DIM)
    session.database.tables.store.append("t", pa.table({"image_path": names, "v": column}))
    session.close()


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--turns", type=int)
    parser.add_argument("--rows", type=int)
    given = parser.parse_args()
    turns = given.turns or (1 if given.quick else 5)
    rows = given.rows or (2000 if given.quick else 250_000)
    report = Report("starting", markdown=given.markdown)
    report.compare("a kernel to its first answer", *first_replies(turns), "IPython's")
    with tempfile.TemporaryDirectory() as name:
        write_rows(Path(name), rows)
        times = [searches(Path(name)) for _ in range(turns)]
    first, second = (Sample(tuple(values)) for values in zip(*times, strict=True))
    note = f"the second {second}"
    report.add(f"first SEARCH of a new kernel, {rows:,} rows", str(first), note=note)


if __name__ == "__main__":
    main()
