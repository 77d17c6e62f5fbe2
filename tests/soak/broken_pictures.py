"""Decodes broken pictures for as long as it is let: `python tests/soak/broken_pictures.py [seconds [seed]]`.

Every picture is decoded in a child of its own memory limit and within a time limit; a child that dies or takes longer
leaves the picture behind, named by its seed.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1] / "images" / "odd")]
from broken import broken, one_of_each_kind  # noqa: E402

MEMORY_BYTES = 4_000_000_000
SLOW_S = 10.0
BATCH = 200


def main(seconds: float, seed: int) -> int:
    """How many batches went wrong."""
    ends, wrong, files = time.monotonic() + seconds, 0, one_of_each_kind()
    context = multiprocessing.get_context("spawn")
    number = seed
    while time.monotonic() < ends:
        child = context.Process(target=decode, args=(number,))
        child.start()
        child.join(600)
        if child.exitcode != 0:
            child.kill()
            wrong += 1
            print(f"seed {number}: exit {child.exitcode}", flush=True)
        number += 1
    print(
        f"{(number - seed) * BATCH * len(files)} broken pictures of {len(files)} kinds, {wrong} batches wrong"
    )
    return wrong


def decode(seed: int) -> None:
    """Break and decode a batch of each kind; dies when one takes too much."""
    from thanosql_kernel.images.decode import UnreadableImage, open_rgb

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    noise = np.random.default_rng(seed)
    for file in one_of_each_kind():
        for number in range(BATCH):
            data = broken(file.data, noise)
            started = time.process_time()
            try:
                open_rgb(data, min_side=224)
            except UnreadableImage:
                pass
            except BaseException as error:
                keep(data, f"{file.kind}-{seed}-{number}")
                raise SystemExit(f"{file.kind} {seed} {number}: {error!r}") from error
            if time.process_time() - started > SLOW_S:
                keep(data, f"{file.kind}-{seed}-{number}")
                print(f"{file.kind} {seed} {number}: {time.process_time() - started:.1f} s", flush=True)


def keep(data: bytes, name: str) -> None:
    """Leave a picture behind to look at."""
    Path(f"/tmp/broken-{name}").write_bytes(data)


if __name__ == "__main__":
    given = [float(it) for it in sys.argv[1:]] + [60.0, 0.0][len(sys.argv) - 1 :]
    sys.exit(1 if main(given[0], int(given[1])) else 0)
