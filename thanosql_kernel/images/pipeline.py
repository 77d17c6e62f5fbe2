"""Decode pictures in threads ahead of the model, in order, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt

from thanosql_kernel.images.decode import Source, UnreadableImage, use_rgb
from thanosql_kernel.images.preprocess import Preprocess
from thanosql_kernel.images.viewed import Viewed

POLL_S = 0.05
"""How long a wait for a picture lasts before the cancel question is asked again, seconds."""

AHEAD_BYTES = 128 << 20
"""Of pictures that come as bytes, how many are held ahead; the one that goes beyond is the last."""

Pixels = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Decoded:
    """What one picture came to.

    Attributes:
        pixels: float32 (3, H, W); None if it could not be read.
        told: The reason why there are none, or what of the picture is missing; empty if nothing is.
    """

    pixels: Pixels | None
    told: str = ""


@dataclass(frozen=True)
class Batch:
    """Consecutive sources, decoded.

    Attributes:
        indices: positions, in the sources, of the pictures that could be read.
        array: float32 (len(indices), *shape of what one picture is preprocessed to).
        failures: (position, reason) of those that could not.
        losses: (position, what is missing) of those that could be read in part.
    """

    indices: list[int]
    array: Pixels
    failures: list[tuple[int, str]]
    losses: list[tuple[int, str]] = field(default_factory=list)


def decoded(
    sources: Sequence[Source],
    preprocess: Preprocess | Viewed,
    *,
    batch_size: int,
    workers: int,
    cancelled: Callable[[], bool],
) -> Iterator[Batch]:
    """Decode and preprocess pictures ahead of whoever consumes the batches.

    At most two batches and one picture a worker are held beyond the batch in use, fewer of large ones that come as
    bytes. When ``cancelled`` turns
    true the iterator ends within about `POLL_S`; pictures being decoded at that moment are dropped.

    Args:
        sources: paths or bytes.
        preprocess: what the model wants, of one view or of several.
        batch_size: sources a batch.
        workers: decoding threads.
        cancelled: asked often, from the consuming thread.

    Yields:
        Batches in the order of the sources; each covers ``batch_size`` of them, the last one the rest.
    """
    pool = ThreadPoolExecutor(workers, thread_name_prefix="decode")
    try:
        upcoming = iter(enumerate(sources))
        ahead: deque[tuple[int, int, Future[Decoded]]] = deque()

        def top_up() -> None:
            room = 2 * batch_size + workers - len(ahead)
            held = sum(size for _, size, _ in ahead)
            for index, source in islice(upcoming, room):
                size = len(source) if isinstance(source, bytes) else 0
                ahead.append((index, size, pool.submit(_decode, source, preprocess)))
                held += size
                if held >= AHEAD_BYTES:
                    break

        top_up()
        while ahead:
            done: list[tuple[int, Decoded]] = []
            while ahead and len(done) < batch_size:
                index, _, future = ahead[0]
                if not _ready(future, cancelled):
                    return
                ahead.popleft()
                done.append((index, future.result()))
                top_up()
            yield _batch(done, preprocess.shape)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _decode(source: Source, preprocess: Preprocess | Viewed) -> Decoded:
    told: list[str] = []
    try:
        side = preprocess.min_side
        pixels = use_rgb(source, preprocess, min_side=side, notice=told.append, convert=False)
        return Decoded(pixels, "".join(told))
    except UnreadableImage as error:
        return Decoded(None, error.reason)


def _ready(future: Future[Decoded], cancelled: Callable[[], bool]) -> bool:
    """Wait until the future is done; False as soon as the work is cancelled."""
    while not cancelled():
        if wait_for([future], timeout=POLL_S).done:
            return True
    return False


def _batch(done: list[tuple[int, Decoded]], shape: tuple[int, ...]) -> Batch:
    good = [(index, it.pixels) for index, it in done if it.pixels is not None]
    failures = [(index, it.told) for index, it in done if it.pixels is None]
    losses = [(index, it.told) for index, it in done if it.pixels is not None and it.told]
    array = np.stack([pixels for _, pixels in good]) if good else np.empty((0, *shape), np.float32)
    return Batch([index for index, _ in good], array, failures, losses)
