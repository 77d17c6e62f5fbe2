"""The files of a folder as they are listed: paths, sizes and times, before any of them is opened."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.sources.media.order import in_natural_order
from thanosql_kernel.engine.work import Work
from thanosql_kernel.folders.kinds import Kind, Media, prevailing
from thanosql_kernel.folders.live import live_photos
from thanosql_kernel.folders.selection import Selection
from thanosql_kernel.folders.walk import LeftOut, Walk
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.wording import media as told

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a folder that are rows of its table, in no order; nothing of them has been read.

    Attributes:
        folder: Where it is.
        base: What all paths in the table begin with, ``/`` at its end.
        media: What its rows are.
        paths: From the folder on, with ``/`` between.
        kinds: What each of them is.
        size_bytes: int64; -1 where it cannot be told.
        modified_us: int64, microseconds since 1970, UTC.
        motion: The film of each still that has one, from the folder on, by the still's position.
        counts: How many files there are of each kind, films of live photos not among them.
        left_out: What is not listed. ``unread`` names folders whose files are not known to be gone.
    """

    folder: Path
    base: str
    media: Media
    paths: Sequence[str]
    kinds: Sequence[Kind]
    size_bytes: NDArray[np.int64]
    modified_us: NDArray[np.int64]
    motion: Mapping[int, str]
    counts: Mapping[Kind, int]
    left_out: LeftOut

    def __len__(self) -> int:
        return len(self.paths)

    def stored(self, index: int) -> str:
        """The path of a file as the table has it."""
        return self.base + self.paths[index]

    def in_order(self, indices: Sequence[int] | None = None) -> list[int]:
        """Positions, of all files or of these, in natural order of their paths: ``2.jpg`` before ``10.jpg``."""
        return in_natural_order(self.paths, range(len(self)) if indices is None else indices)


def list_folder(folder: Path, base: str, selection: Selection, work: Work) -> Listing:
    """Walk through a folder, once.

    Args:
        folder: Where it is.
        base: What paths in the table begin with.
        selection: What is wanted.
        work: Who waits.

    Raises:
        FolderGone: It went away while it was walked through: what was found is not all.
        OSError: It cannot be read.
        Interrupted: The user asked to stop.
    """
    walk = Walk(os.fspath(folder), selection)
    with work.progress(told.LISTING(), None, "files") as bar:
        shown = 0

        def check() -> None:
            nonlocal shown
            work.check()
            bar.advance(walk.seen - shown)
            shown = walk.seen

        with abandonable(check) as call:
            return call(lambda: _walked(walk, folder, base, selection))


def _walked(walk: Walk, folder: Path, base: str, selection: Selection) -> Listing:
    walk.walk()
    pairs = dict(live_photos(walk.paths, walk.kinds))
    films = set(pairs.values())
    counts: Counter[Kind] = Counter(walk.kinds)
    counts["video"] -= len(films)
    media = selection.media or prevailing(counts) or "image"
    chosen = _chosen(walk, media, films)
    motion = (
        {at: walk.paths[pairs[index]] for at, index in enumerate(chosen) if index in pairs} if pairs else {}
    )
    return Listing(
        folder,
        base if base.endswith(("/", os.sep)) else base + "/",
        media,
        _taken(walk.paths, chosen),
        _taken(walk.kinds, chosen),
        np.array(_taken(walk.sizes, chosen), dtype=np.int64),
        np.array(_taken(walk.modified, chosen), dtype=np.int64) // 1000,
        motion,
        counts,
        walk.left_out,
    )


def _chosen(walk: Walk, media: Media, films: set[int]) -> Sequence[int]:
    """The files of the kind; the film of a live photo is no row of its own beside its still."""
    everything = range(len(walk.paths))
    if media == "video":
        return [index for index in everything if walk.kinds[index] == "video"]
    if not films and (media == "all" or walk.kinds.count(media) == len(walk.kinds)):
        return everything
    return [
        index for index in everything if (media == "all" or walk.kinds[index] == media) and index not in films
    ]


def _taken(values: list[T], chosen: Sequence[int]) -> list[T]:
    return values if len(chosen) == len(values) else [values[index] for index in chosen]
