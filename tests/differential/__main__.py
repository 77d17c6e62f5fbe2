"""``python -m tests.differential --queries 20000 --seed 1``: random queries against DuckDB; ends with 1 if any differs."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.differential.comparing import differences


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stop-after", type=int, default=20, help="differences to report at most")
    chosen = parser.parse_args()
    found, start = 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for report in differences(Path(folder), chosen.seed, chosen.queries):
            found += 1
            print(f"--- difference {found}: {report}\n", flush=True)
            if found == chosen.stop_after:
                break
    print(
        f"{chosen.queries} queries, seed {chosen.seed}: {found} differences, {time.monotonic() - start:.0f} s"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
