"""``python -m tests.differential --queries 20000 --changes 5000 --seed 1``: random queries and changes against DuckDB.

Ends with 1 if any differs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.differential.comparing import of_one_database, parts
from tests.differential.comparing_changes import parts as change_parts
from tests.differential.comparing_changes import reports_of_one_database


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0].partition(": ")[2])
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--changes", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="default: one a core")
    chosen = parser.parse_args()
    start, done, found = time.monotonic(), 0, 0
    spawned = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(chosen.processes, mp_context=spawned) as pool,
    ):
        work = {
            pool.submit(of_one_database, Path(folder), chosen.seed, number, count): count
            for number, count in parts(chosen.queries)
        }
        work |= {
            pool.submit(reports_of_one_database, Path(folder), chosen.seed, number, count): count
            for number, count in change_parts(chosen.changes)
        }
        for future in as_completed(work):
            done += work[future]
            for report in future.result():
                found += 1
                print(f"--- difference {found}: {report}\n", flush=True)
            if sys.stderr.isatty():
                print(
                    f"\r{done:,} of {chosen.queries + chosen.changes:,}", end="", file=sys.stderr, flush=True
                )
    seconds = time.monotonic() - start
    told = f"{chosen.queries:,} queries, {chosen.changes:,} changes, seed {chosen.seed}"
    print(f"\n{told}: {found} differences, {seconds:.0f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
