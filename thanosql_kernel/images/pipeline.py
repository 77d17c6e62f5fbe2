"""Decode pictures in threads ahead of the model, in order, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from thanosql_kernel.images.decode import Source, UnreadableImage, open_rgb
from thanosql_kernel.images.preprocess import Preprocess

POLL_S = 0.05
"""How long a wait for a picture lasts before the cancel question is asked again, seconds."""

Pixels = npt.NDArray[np.float32]
Decoded = Pixels | str
"""What one picture came to: its pixels, or the reason why there are none."""


@dataclass(frozen=True)
class Batch:
    """Consecutive sources, decoded.

    Attributes:
        indices: positions, in the sources, of the pictures that could be read.
        array: float32 (len(indices), 3, H, W).
        failures: (position, reason) of those that could not.
    """

    indices: list[int]
    array: Pixels
    failures: list[tuple[int, str]]


def decoded(
    sources: Sequence[Source],
    preprocess: Preprocess,
    *,
    batch_size: int,
    workers: int,
    cancelled: Callable[[], bool],
) -> Iterator[Batch]:
    """Decode and preprocess pictures ahead of whoever consumes the batches.

    At most two batches and one picture a worker are held beyond the batch in use. When ``cancelled`` turns
    true the iterator ends within about `POLL_S`; pictures being decoded at that moment are dropped.

    Args:
        sources: paths or bytes.
        preprocess: what the model wants.
        batch_size: sources a batch.
        workers: decoding threads.
        cancelled: asked often, from the consuming thread.

    Yields:
        Batches in the order of the sources; each covers ``batch_size`` of them, the last one the rest.
    """
    pool = ThreadPoolExecutor(workers, thread_name_prefix="decode")
    try:
        upcoming = iter(enumerate(sources))
        ahead: deque[tuple[int, Future[Decoded]]] = deque()

        def top_up() -> None:
            room = 2 * batch_size + workers - len(ahead)
            for index, source in islice(upcoming, room):
                ahead.append((index, pool.submit(_decode, source, preprocess)))

        top_up()
        while ahead:
            done: list[tuple[int, Decoded]] = []
            while ahead and len(done) < batch_size:
                index, future = ahead[0]
                if not _ready(future, cancelled):
                    return
                ahead.popleft()
                done.append((index, future.result()))
                top_up()
            yield _batch(done, preprocess.size)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _decode(source: Source, preprocess: Preprocess) -> Decoded:
    try:
        return preprocess(open_rgb(source, min_side=preprocess.least_side))
    except UnreadableImage as error:
        return error.reason


def _ready(future: Future[Decoded], cancelled: Callable[[], bool]) -> bool:
    """Wait until the future is done; False as soon as the work is cancelled."""
    while not cancelled():
        if wait_for([future], timeout=POLL_S).done:
            return True
    return False


def _batch(done: list[tuple[int, Decoded]], size: int) -> Batch:
    good = [(index, pixels) for index, pixels in done if not isinstance(pixels, str)]
    failures = [(index, reason) for index, reason in done if isinstance(reason, str)]
    array = np.stack([pixels for _, pixels in good]) if good else np.empty((0, 3, size, size), np.float32)
    return Batch([index for index, _ in good], array, failures)
