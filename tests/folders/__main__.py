"""``python -m tests.folders --histories 100 --seed 1``: random histories of folders, their tables refreshed.

Ends with 1 if any table is not what it must be.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.folders.histories import History, use_small_model


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0].partition(": ")[2])
    parser.add_argument("--histories", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=4)
    chosen = parser.parse_args()
    use_small_model()
    start, wrong = time.monotonic(), 0
    for seed in range(chosen.seed, chosen.seed + chosen.histories):
        with tempfile.TemporaryDirectory() as folder:
            try:
                History(Path(folder), seed).run(chosen.rounds)
            except AssertionError as error:
                wrong += 1
                print(error, repr(error.__cause__), sep="\n", flush=True)
    took_s = time.monotonic() - start
    print(f"{chosen.histories} histories of {chosen.rounds} rounds, {wrong} wrong, {took_s:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
