"""``python -m tests.completion``: the mean reciprocal rank of completion, overall, by kind of place, and the worst."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.completion import reached
from tests.completion.score import by_kind, find, mean, worst
from tests.completion.truth import carets


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(": ")[2])
    parser.add_argument("--worst", type=int, default=20, help="how many of the worst places to show (20)")
    parser.add_argument("--keep", action="store_true", help="write what is reached to reached.txt")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = [find(caret) for caret in carets(Path(folder))]
    print(f"mean reciprocal rank {mean(found):.3f} of {len(found)} carets")
    for kind, group in by_kind(found).items():
        missing = sum(not one.place for one in group)
        print(f"  {kind:<16} {mean(group):.3f}  {len(group):4} carets, {missing} without the answer")
    print("The worst:")
    for one in worst(found, chosen.worst):
        print(one)
    if chosen.keep:
        reached.write(found)


if __name__ == "__main__":
    main()
