"""``python tests/fuzz --seconds 600 --what asked|run``: random cells for as long as they are let, each by a number.

Prints every kind of thing that went wrong, with the shortest cell that was seen to do it, and ends with 1 if there is one.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]
import cells  # noqa: E402
from asking import ask  # noqa: E402

SLOW_S = 2.0
"""Of CPU, for one cell of at most `cells.LONGEST` characters; what is run may take `running.STOPPED_AFTER_S` more."""
HUNG_S = 60


class Hung(BaseException):
    """It does not come to an end."""


class Findings:
    """What went wrong, each kind once."""

    def __init__(self) -> None:
        self.shortest: dict[str, tuple[str, str]] = {}

    def add(self, kind: str, seed: str, text: str) -> None:
        """Keep the shortest cell of a kind."""
        old = self.shortest.get(kind)
        if old is None or len(text) < len(old[1]):
            self.shortest[kind] = (seed, text)
            if old is None:
                print(f"FOUND {kind}\n  seed {seed}: {text[:300]!r}", flush=True)


def main() -> int:
    """Try cells until the time is up."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--what", choices=("asked", "run"), default="asked")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    signal.signal(signal.SIGPROF, _hung)
    with tempfile.TemporaryDirectory() as folder:
        attempt, most_s = ask, SLOW_S
        if chosen.what == "run":
            os.environ["HF_HUB_OFFLINE"] = "1"
            import running

            attempt, most_s = running.runner(Path(folder)), SLOW_S + running.STOPPED_AFTER_S
        found, count = Findings(), 0
        ends = time.monotonic() + chosen.seconds
        while time.monotonic() < ends:
            seed = f"{chosen.seed}-{count}"
            _try(attempt, seed, most_s, found)
            count += 1
        os.chdir("/")
    for kind, (seed, text) in found.shortest.items():
        print(f"== {kind}\n   seed {seed}\n   {text!r}")
    print(f"{count} cells {chosen.what}, {len(found.shortest)} kinds of things wrong")
    return int(bool(found.shortest))


def _try(attempt: Callable[[str, random.Random], None], seed: str, most_s: float, found: Findings) -> None:
    rng = random.Random(seed)
    text = cells.cell(rng)
    started = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, HUNG_S)
    try:
        attempt(text, rng)
    except (Exception, Hung) as error:
        found.add(_kind(error), seed, text)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    took = time.process_time() - started
    if took > most_s:
        found.add("slow", f"{seed}, {took:.0f} s", text)


def _kind(error: BaseException) -> str:
    frames = [
        f
        for f in traceback.extract_tb(error.__traceback__)
        if "thanosql" in f.filename or "fuzz" in f.filename
    ]
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {where}: {str(error)[:80]}"


def _hung(*_: object) -> None:
    raise Hung(f"more than {HUNG_S} s of CPU")


if __name__ == "__main__":
    sys.exit(main())
