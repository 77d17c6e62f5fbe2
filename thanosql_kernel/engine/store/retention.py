"""Which earlier versions of a table stay, so that what a wrong statement has taken away can be brought back.

A version that a DELETE, UPDATE or replacement ended is what somebody may want back an hour later; one that rows were
only added to, or that was only compacted, is not. So versions of the first kind stay for a day, and the ones right
behind them, which say what ended them and when.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from thanosql_kernel.catalog.model import Damaged
from thanosql_kernel.clock import cautious_s
from thanosql_kernel.engine.store.commits import takes_away
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.manifests import times
from thanosql_kernel.engine.store.names import is_internal
from thanosql_kernel.statements.show_versions import HOURS

KEEP_S = HOURS * 3600.0
"""How long a version stays behind the change that ended it."""
_NEWEST = 50
"""So many of them are each kept; of those before, the first in each of these periods."""
_PERIOD_S = 900.0
LEAST_BYTES = 1 << 30
"""What they may take together, whatever the size of the table and the room on the disk."""
_PART_OF_DISK = 4

Files = Mapping[str, int]


class Retention:
    """What is kept of the tables of a database.

    Args:
        store: The tables.
        now_s: The time (seconds since 1970).
    """

    def __init__(self, store: Store, now_s: Callable[[], float] = cautious_s) -> None:
        self._store = store
        self._now_s = now_s
        self._ends: dict[tuple[str, int, float], bool] = {}
        self._files: dict[tuple[str, int, float], Files] = {}

    def kept(self, name: str, dataset: Any) -> dict[int, Files]:
        """The earlier versions of a local table that stay, and the files of each (path and size).

        Args:
            name: Its storage name.
            dataset: It as it is now.
        """
        if is_internal(name):
            return {}
        written = {number: at.timestamp() for number, at in times(self._store.folder(name)).items()}
        self._forget(name, written)
        chosen = self._thinned(written, self._ended(name, dataset, written))
        return self._within(name, dataset, written, chosen)

    def _forget(self, name: str, written: Mapping[int, float]) -> None:
        for key in [it for it in self._ends if it[0] == name and written.get(it[1]) != it[2]]:
            del self._ends[key]
        for key in [it for it in self._files if it[0] == name and written.get(it[1]) != it[2]]:
            del self._files[key]

    def _ended(self, name: str, dataset: Any, written: Mapping[int, float]) -> list[int]:
        """The versions that a change has taken something from within the last day, the newest first."""
        since = self._now_s() - KEEP_S
        return [
            number
            for number in sorted(written, reverse=True)
            if number < int(dataset.version)
            and written.get(number + 1, since) > since
            and self._takes_away(name, dataset, number + 1, written[number + 1])
        ]

    def _takes_away(self, name: str, dataset: Any, number: int, at: float) -> bool:
        key = (name, number, at)
        if key not in self._ends:
            self._ends[key] = takes_away(dataset, number)
        return self._ends[key]

    def _thinned(self, written: Mapping[int, float], ended: Sequence[int]) -> list[int]:
        first: dict[int, int] = {}
        for number in ended[_NEWEST:]:
            first[int(written[number + 1] // _PERIOD_S)] = number
        return [*ended[:_NEWEST], *sorted(first.values(), reverse=True)]

    def _within(
        self, name: str, dataset: Any, written: Mapping[int, float], chosen: Sequence[int]
    ) -> dict[int, Files]:
        """Those that there is room for, the newest first, each with the one behind it."""
        counted = dict(files_of(dataset))
        live, kept = sum(counted.values()), dict[int, Files]()
        room = max(live, LEAST_BYTES, shutil.disk_usage(self._store.folder(name)).free // _PART_OF_DISK)
        for number in chosen:
            pair = {it: self._files_of(name, it, written[it]) for it in (number + 1, number)}
            for files in pair.values():
                counted.update(files)
            if sum(counted.values()) - live > room:
                break
            kept |= pair
        kept.pop(int(dataset.version), None)
        return kept

    def _files_of(self, name: str, number: int, at: float) -> Files:
        key = (name, number, at)
        if key not in self._files:
            self._files[key] = {}
            with suppress(Damaged, OSError, ValueError):
                self._files[key] = files_of(self._store.open(name, number))
        return self._files[key]


def needed_bytes(dataset: Any, kept: Mapping[int, Files]) -> int:
    """Bytes of the data files that a table needs, or what is kept of it."""
    needed = dict(files_of(dataset))
    for files in kept.values():
        needed.update(files)
    return sum(needed.values())


def files_of(dataset: Any) -> Files:
    """The data files of a version, and their bytes."""
    return {
        str(file.path): int(file.file_size_bytes or 64 * int(fragment.physical_rows))
        for fragment in dataset.get_fragments()
        for file in fragment.metadata.files
    }
