"""``python tests/soak``: writers killed at random moments, many processes at once, and random queries against DuckDB.

Prints the reports, and ends with 1 if anything was lost, half-written, left over or different.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import small_model
from crowd import run_crowd
from kills import kill_writers


def main() -> int:
    """Run all parts whose number is not 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200, help="writers to kill (default 200)")
    parser.add_argument("--processes", type=int, default=8, help="processes at once (default 8)")
    parser.add_argument("--statements", type=int, default=60, help="that each of them runs (default 60)")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    small_model.put_in_place()
    faults = 0
    if chosen.kills:
        with tempfile.TemporaryDirectory() as folder:
            killed = kill_writers(Path(folder), chosen.kills, chosen.seed)
        print(*killed.lines(), sep="\n", flush=True)
        faults += len(killed.faults)
    if chosen.processes:
        with tempfile.TemporaryDirectory() as folder:
            crowd = run_crowd(Path(folder), chosen.processes, chosen.statements, chosen.seed)
        print(*crowd.lines(), sep="\n", flush=True)
        faults += len(crowd.faults)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
