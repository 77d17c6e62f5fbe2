"""The folders of a table as they are now: each is walked through once, and their files stand beside one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.sources.media.listing import Listing, list_folder
from thanosql_kernel.engine.sources.media.sighting import sighted
from thanosql_kernel.engine.sources.media.telling import unread
from thanosql_kernel.engine.store.sightings import unseen
from thanosql_kernel.engine.work import Work
from thanosql_kernel.folders.selection import Selection
from thanosql_kernel.folders.walk import FolderGone
from thanosql_kernel.wording import data
from thanosql_kernel.wording.system import system_reason

if TYPE_CHECKING:
    import pyarrow as pa

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to look through.

    Attributes:
        path: What the paths of its files begin with in the table, ``/`` at its end.
        folder: Where it is.
        selection: Which of its files are wanted.
    """

    path: str
    folder: Path
    selection: Selection


@dataclass(frozen=True, slots=True)
class Away:
    """A folder that cannot be looked through, and why."""

    path: str
    reason: str


class Files:
    """The files of folders, one after the other, each once.

    Args:
        places: The folders.
        listings: What is in each.

    Attributes:
        paths: As tables have them (m,).
        size_bytes: int64 (m,).
        modified_us: int64 (m,), microseconds since 1970, UTC.
    """

    def __init__(self, places: Sequence[Place], listings: Sequence[Listing]) -> None:
        import pyarrow as pa

        self.places, self.listings = tuple(places), tuple(listings)
        stored = [listing.base + path for listing in listings for path in listing.paths]
        sizes = [len(listing) for listing in listings]
        self._of = np.repeat(np.arange(len(listings)), sizes)
        self._index = np.concatenate([*(np.arange(size) for size in sizes), np.empty(0, np.int64)])
        size = np.concatenate([*(listing.size_bytes for listing in listings), np.empty(0, np.int64)])
        modified = np.concatenate([*(listing.modified_us for listing in listings), np.empty(0, np.int64)])
        self.paths = pa.array(stored, pa.string())
        self.size_bytes, self.modified_us = size, modified
        if len(listings) > 1:
            self._keep(self._first_ones())

    def _first_ones(self) -> Positions:
        """Where folders lie in one another their files are listed twice."""
        encoded = self.paths.dictionary_encode()
        return np.sort(np.unique(encoded.indices.to_numpy(zero_copy_only=False), return_index=True)[1])

    def _keep(self, chosen: Positions) -> None:
        import pyarrow as pa

        self.paths = self.paths.take(pa.array(chosen))
        self._of, self._index = self._of[chosen], self._index[chosen]
        self.size_bytes, self.modified_us = self.size_bytes[chosen], self.modified_us[chosen]

    def __len__(self) -> int:
        return len(self.paths)

    def path(self, at: int) -> str:
        """The path of a file as tables have it."""
        return str(self.paths[at].as_py())

    def kind(self, at: int) -> str:
        """What a file is."""
        return str(self.listings[self._of[at]].kinds[self._index[at]])

    def index(self, chosen: Positions) -> list[int]:
        """Which of the files of their own folders some files are."""
        return [int(index) for index in self._index[chosen]]

    def films(self) -> pa.Array | None:
        """The film of each still that has one (m,); None if none has."""
        import pyarrow as pa

        if not any(listing.motion for listing in self.listings):
            return None
        return pa.array(
            [
                None if film is None else listing.base + film
                for number, index in zip(self._of.tolist(), self._index.tolist(), strict=True)
                for listing in (self.listings[number],)
                for film in (listing.motion.get(index),)
            ],
            pa.string(),
        )

    def by_listing(self, chosen: Positions) -> list[tuple[Place, Listing, Positions, list[int]]]:
        """Some files by their folders: the folder, its files, which of ours these are, and which of its own."""
        return [
            (place, listing, mine, self._index[mine].tolist())
            for number, (place, listing) in enumerate(zip(self.places, self.listings, strict=True))
            if len(mine := chosen[self._of[chosen] == number])
        ]

    def in_order(self, chosen: Positions) -> Positions:
        """Some files, folder by folder, in natural order of their paths."""
        found = [np.empty(0, np.int64)]
        for _, listing, mine, own in self.by_listing(chosen):
            of_own = dict(zip(own, mine.tolist(), strict=True))
            found.append(np.array([of_own[index] for index in listing.in_order(own)], dtype=np.int64))
        return np.concatenate(found)

    def sighted(self, chosen: Positions, work: Work) -> pa.Table:
        """What some files (k,) are now, see `store.sightings`."""
        import pyarrow as pa

        found, order = [unseen(0)], [np.empty(0, np.int64)]
        for _, listing, mine, own in self.by_listing(chosen):
            found.append(sighted(listing, own, work))
            order.append(mine)
        by_file = np.argsort(np.concatenate(order))
        places = by_file[np.searchsorted(np.concatenate(order)[by_file], chosen)]
        return pa.concat_tables(found).take(pa.array(places))


def look(places: Sequence[Place], work: Work) -> tuple[Files, list[Away]]:
    """Walk through folders; those that cannot be walked through to the end are told.

    Raises:
        Interrupted: The user asked to stop.
    """
    listings, away = [], []
    for place in places:
        try:
            listing = list_folder(place.folder, place.path, place.selection, work)
        except FolderGone:
            away.append(Away(place.path, data.MISSING()))
            continue
        except OSError as error:
            away.append(Away(place.path, system_reason(error)))
            continue
        unread(listing.left_out, work.notice)
        listings.append((place, listing))
    return Files([place for place, _ in listings], [listing for _, listing in listings]), away
