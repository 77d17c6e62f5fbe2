"""How long REFRESH takes: with nothing new, beside a walk with stat, and with one photo in a hundred new.

``python benchmarks/refresh.py --files 10000`` writes the photos into a temporary folder first.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

import thanosql_kernel

_SIDE = 64


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--convert", action="store_true", help="with vectors of mini, which takes a minute")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder / "photos", range(chosen.files))
        with thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False) as connection:
            measure(folder, connection, chosen.files, chosen.rounds, converts=chosen.convert)


def measure(folder: Path, connection: object, files: int, rounds: int, *, converts: bool) -> None:
    """Print the figures."""
    run = connection.sql  # type: ignore[attr-defined]
    print(f"reading 64 kB of each file: {_seconds(lambda: _read(folder / 'photos')):.2f} s")
    copy, convert = "COPY t FROM 'photos'", "CONVERT USING mini AS SELECT * FROM t"
    print(f"COPY: {_seconds(lambda: run(copy)):.2f} s")
    if converts:
        print(f"CONVERT: {_seconds(lambda: run(convert)):.1f} s")
    run("REFRESH t")
    walks, refreshes = [], []
    for _ in range(rounds):  # by turns: other programs slow both down
        walks.append(_seconds(lambda: _walk(folder / "photos")))
        refreshes.append(_seconds(lambda: run("REFRESH t")))
    walk, refresh = statistics.median(walks), statistics.median(refreshes)
    print(
        f"{files:,} files, nothing new: REFRESH {1000 * refresh:.0f} ms, a walk with stat {1000 * walk:.0f} ms, "
        f"{refresh / walk:.2f} times"
    )
    _write(folder / "photos", range(files, files + files // 100))
    told = []
    took_s = _seconds(lambda: told.append(run("REFRESH t")))
    print(f"one in a hundred new: {took_s:.2f} s; {told[0]}")


def _walk(folder: Path) -> int:
    count = 0
    for name, _, files in os.walk(folder):
        for file in files:
            os.stat(os.path.join(name, file))
            count += 1
    return count


def _read(folder: Path) -> None:
    for name, _, files in os.walk(folder):
        for file in files:
            with open(os.path.join(name, file), "rb") as stream:
                stream.read(64 << 10)


def _write(folder: Path, numbers: range) -> None:
    """Photos of noise, 250 a folder, written an hour ago."""
    for number in numbers:
        path = folder / f"{number // 250:03}" / f"IMG_{number:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(number).integers(0, 256, (_SIDE, _SIDE, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(path)
        os.utime(path, (time.time() - 3600, time.time() - 3600))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
