"""What pictures look like in a few bytes, how large they are and what they hold: read once, of those that matter."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from math import prod
from tempfile import TemporaryFile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.embed.digests import KEY, Digests, digest, digest_stream
from thanosql_kernel.engine.embed.picture_values import GROUP_PICTURES, InlinePictures, PictureValues
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.work import Work
from thanosql_kernel.images.decode import Source, UnreadableImage, open_rgb
from thanosql_kernel.images.likeness import COLOUR_SIDE, SIDE, Look, LookPairs, look_of
from thanosql_kernel.images.metadata.reading import read_metadata
from thanosql_kernel.interrupts import map_aside
from thanosql_kernel.machine import available_cores
from thanosql_kernel.wording import data, duplicates
from thanosql_kernel.wording.system import system_reason

SPOOL_FROM_BYTES = 256 << 20
_FEW = 5
NO_TIME = np.datetime64("NaT", "us")


class Facts(NamedTuple):
    """What a picture says of itself.

    Attributes:
        pixels: Width by height; 0 where that is not known.
        size_bytes: Of its file.
        taken: When it was taken, µs since 1970 by the camera's clock; None where that is not known.
    """

    pixels: int
    size_bytes: int
    taken: int | None


class Seen(NamedTuple):
    """A picture that was read."""

    content: bytes
    look: Look
    facts: Facts


class Looks:
    """What was read of m pictures.

    Attributes:
        seen: bool (m,): which could be read.
        contents: Digests (m,): what they hold; zero bytes where they could not be read.
        grey: uint8 (m, SIDE, SIDE), see `likeness.Look`; in a temporary file if they are many.
        sides: int64 (m,): the shorter side of what was looked at.
        colour: uint8 (m, COLOUR_SIDE, COLOUR_SIDE, 2).
        pixels: int64 (m,).
        sizes: int64 (m,): bytes of the files.
        taken: datetime64[us] (m,): when they were taken, as far as the files say.
        problems: The first few that could not be read, and why.
        failed: How many there are of these.
    """

    def __init__(self, count: int) -> None:
        self.seen = np.zeros(count, dtype=np.bool_)
        self.contents: Digests = np.zeros(count, dtype=KEY)
        self.grey = spooled((count, SIDE, SIDE))
        self.sides = np.zeros(count, dtype=np.int64)
        self.colour = np.zeros((count, COLOUR_SIDE, COLOUR_SIDE, 2), dtype=np.uint8)
        self.pixels = np.zeros(count, dtype=np.int64)
        self.sizes = np.zeros(count, dtype=np.int64)
        self.taken = np.full(count, NO_TIME)
        self.problems: list[tuple[str, str]] = []
        self.failed = 0

    def some(self, at: NDArray[np.int64]) -> LookPairs:
        """What some of them look like."""
        return LookPairs(self.grey[at], self.colour[at], self.sides[at])

    def put(self, at: int, found: Seen) -> None:
        """Note what was read of a picture."""
        self.seen[at] = True
        self.contents[at : at + 1] = np.frombuffer(found.content, dtype=KEY)
        self.grey[at], self.colour[at], self.sides[at] = found.look
        self.pixels[at], self.sizes[at] = found.facts.pixels, found.facts.size_bytes
        if found.facts.taken is not None:
            self.taken[at] = np.datetime64(found.facts.taken, "us")


def spooled(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Zeros in memory, or in a temporary file that nobody sees if they are many."""
    if prod(shape) < SPOOL_FROM_BYTES:
        return np.zeros(shape, dtype=np.uint8)
    with TemporaryFile() as file:
        return np.memmap(file, dtype=np.uint8, mode="w+", shape=shape)


def read_looks(
    rows: Relation, column: str, items: PictureValues, chosen: NDArray[np.int64], work: Work
) -> Looks:
    """Look at some pictures of a column, in threads.

    Args:
        rows: The rows, in an order that stays.
        column: The column.
        items: Its distinct pictures.
        chosen: int64 (m,): which of them, ascending.
        work: The statement's.
    """
    looks = Looks(len(chosen))
    sources = _sources(rows, column, items, chosen, work)
    threads = available_cores()
    with work.progress(duplicates.COMPARING(column=column), len(chosen), "images") as bar:
        found = map_aside(partial(_look_at, work=work), sources, threads=threads, check=work.check)
        for at, seen in enumerate(found):
            if isinstance(seen, Seen):
                looks.put(at, seen)
            else:
                looks.failed += 1
                if len(looks.problems) < _FEW:
                    looks.problems.append((items.named(int(chosen[at])), seen))
            bar.advance(1, errors=int(not isinstance(seen, Seen)))
    return looks


def _sources(
    rows: Relation, column: str, items: PictureValues, chosen: NDArray[np.int64], work: Work
) -> Iterator[str | bytes | UnreadableImage]:
    """Paths and addresses, and pictures that stand in the column, a few of these at a time."""
    inline = InlinePictures(rows, column, work.check)
    for at in range(0, len(chosen), GROUP_PICTURES):
        group = chosen[at : at + GROUP_PICTURES]
        within = group[items.is_inline[group]]
        read = iter(inline.read(items.first[within].tolist()) if len(within) else ())
        for index in group.tolist():
            yield next(read) if items.is_inline[index] else items.value(index)


def _look_at(value: str | bytes | UnreadableImage, work: Work) -> Seen | str:
    """What is seen of a picture, or why it cannot be read."""
    try:
        if isinstance(value, UnreadableImage):
            raise value
        source = value if isinstance(value, bytes) else work.pictures.source(value)
        look = look_of(open_rgb(source, min_side=SIDE))
        return Seen(_content(source), look, _facts(source))
    except UnreadableImage as error:
        return error.reason
    except OSError as error:
        return data.NOT_READ(reason=system_reason(error))


def _content(source: Source) -> bytes:
    if isinstance(source, bytes):
        return digest(source)
    with open(source, "rb") as stream:
        return digest_stream(stream)


def _facts(source: Source) -> Facts:
    told = read_metadata(source)
    size = len(source) if isinstance(source, bytes) else os.stat(source).st_size
    return Facts(
        (told.width or 0) * (told.height or 0),
        size,
        None if told.taken_at is None else _microseconds(told.taken_at),
    )


def _microseconds(time: datetime) -> int:
    return round(time.replace(tzinfo=UTC).timestamp() * 1_000_000)
