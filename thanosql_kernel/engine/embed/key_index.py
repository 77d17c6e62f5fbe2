"""Where the keys of an append-only table are: sorted runs beside it, so that ten of ten million are found at once.

A run is a file of sorted keys with the data file and row of each. Data files never change and are never deleted from,
so a run stays true as long as its files are read, and what it says of others is passed over. Files that no run knows
are few, and are scanned. Runs are merged so that each is at least twice as large as all later ones (a log-structured
merge tree, O'Neil et al. 1996): a key is written again once for each doubling of the table, up to a size: memory is
bounded, and of a billion keys there are thirty runs. They are beside the table, and of one in object storage on this
machine's disk, as they are mapped into memory.
"""

from __future__ import annotations

import json
import logging
import os
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.embed.digests import KEY, Digests, from_arrow, positions
from thanosql_kernel.engine.store.lance_files import BESIDE

SCANNED_ROWS = 1 << 15
SCANNED_FILES = 64
"""More than these that no run knows are indexed."""
MOST_KEYS = 1 << 25
"""Of a run: 0.8 GB, and while it is made twice that in memory."""
READ_ROWS = 1 << 16
WRITTEN_ROWS = 1 << 20
SUFFIX = ".keys"

_MAGIC = b"TSKEYS01"
_PLACE = np.dtype([("file", "<u4"), ("row", "<u4")])
_HEAD = np.dtype([("magic", "S8"), ("count", "<u8"), ("facts", "<u8")])

_log = logging.getLogger(__name__)

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Part:
    """A data file of the table.

    Attributes:
        start: Position in the table of its first row.
        rows: How many it has.
        fragment: What it is the file of.
    """

    start: int
    rows: int
    fragment: Any


@dataclass(frozen=True, slots=True)
class Run:
    """A sorted run.

    Attributes:
        path: Its file.
        files: The data files that it knows, by name.
        keys: Digests (n,), ascending.
        places: Structured (n,): of each key the number of its file in ``files``, and the row there.
    """

    path: Path
    files: Sequence[str]
    keys: Digests
    places: NDArray[np.void]

    @classmethod
    def open(cls, path: Path) -> Run | None:
        """A run that is mapped into memory and read as far as it is needed; None if it is not whole."""
        try:
            head = np.fromfile(path, dtype=_HEAD, count=1)[0]
            count, facts = int(head["count"]), int(head["facts"])
            start = _HEAD.itemsize + facts
            whole = start + count * (KEY.itemsize + _PLACE.itemsize)
            if head["magic"] != _MAGIC or path.stat().st_size != whole:
                return None
            with open(path, "rb") as stream:
                stream.seek(_HEAD.itemsize)
                files = json.loads(stream.read(facts))
            keys = np.memmap(path, dtype=KEY, mode="r", offset=start, shape=(count,))
            places = np.memmap(
                path, dtype=_PLACE, mode="r", offset=start + KEY.itemsize * count, shape=(count,)
            )
        except (OSError, ValueError, IndexError):
            return None
        return cls(path, files, keys, places)

    def find(self, wanted: Digests, starts: Mapping[str, int], found: Positions, *, last: bool) -> None:
        """Note where keys are, unless an earlier (or with ``last`` a later) place is known already.

        Args:
            wanted: Keys (w,), ascending.
            starts: Where the files of the table begin.
            found: int64 (w,), positions in the table; -1 where none is known.
            last: Which of several places counts.
        """
        of_file = np.array([starts.get(name, -1) for name in self.files], dtype=np.int64)
        at = np.searchsorted(self.keys, wanted, side="left")
        ends = np.searchsorted(self.keys, wanted, side="right")
        rows = np.flatnonzero(at < ends)
        while len(rows):
            places = self.places[at[rows]]
            start = of_file[places["file"]]
            _note(found, rows[start >= 0], (start + places["row"])[start >= 0], last=last)
            at[rows] += 1
            rows = rows[at[rows] < ends[rows]]


class KeyIndex:
    """Where the keys of an append-only table are.

    Args:
        column: The table's column of 16-byte keys.
        last: Whether of several rows with one key the last counts; else the first.
        folder: Where runs are; beside the table without it, and nowhere if that is in object storage.
    """

    def __init__(self, column: str, *, last: bool = False, folder: Path | None = None) -> None:
        self._column = column
        self._last = last
        self._given = folder

    def find(self, table: Any, wanted: Digests, check: Callable[[], None]) -> Positions:
        """Positions (w,) of keys, which are ascending and each there once; -1 where there is none.

        Raises:
            Interrupted: from ``check``.
        """
        parts = self._parts(table)
        runs = self._runs(table)
        unknown = _unknown(parts, runs)
        if _is_much(unknown):
            runs = self.update(table, check)
            unknown = _unknown(parts, runs)
        found = np.full(len(wanted), -1, dtype=np.int64)
        starts = {name: part.start for name, part in parts.items()}
        for run in runs:
            check()
            run.find(wanted, starts, found, last=self._last)
        for part in unknown.values():
            self._scan(part, wanted, found, check)
        return found

    def update(self, table: Any, check: Callable[[], None]) -> list[Run]:
        """Index what no run knows, if that is much; gives the runs there are then."""
        parts, runs = self._parts(table), self._runs(table)
        runs = _of_use(runs, parts)
        unknown = _unknown(parts, runs)
        folder = self._folder(table)
        if not _is_much(unknown) or folder is None:
            return runs
        try:
            for some in _at_most(unknown, MOST_KEYS):
                runs = self._extended(folder, parts, runs, some, check)
        except OSError:
            _log.info("no index of %s", table.uri, exc_info=True)
        return runs

    def _extended(
        self,
        folder: Path,
        parts: Mapping[str, _Part],
        runs: list[Run],
        unknown: Mapping[str, _Part],
        check: Callable[[], None],
    ) -> list[Run]:
        keys, places = self._read(unknown, check)
        names = list(unknown)
        merged = [run for run in _due(runs, len(keys)) if run.path.exists()]
        for run in merged:
            check()
            alive = np.array([name in parts for name in run.files])
            live = alive[run.places["file"]]
            moved = run.places[live]
            moved["file"] = (len(names) - 1 + np.cumsum(alive))[moved["file"]]
            keys, places = np.concatenate([keys, run.keys[live]]), np.concatenate([places, moved])
            names += [name for name in run.files if name in parts]
        order = _order(keys, check)
        path = folder / f"{uuid.uuid4().hex}{SUFFIX}"
        _write(path, names, keys[order], places[order], check)
        for run in merged:
            with suppress(OSError):
                run.path.unlink()
        new = Run.open(path)
        return [run for run in runs if run not in merged] + ([] if new is None else [new])

    def _read(
        self, parts: Mapping[str, _Part], check: Callable[[], None]
    ) -> tuple[Digests, NDArray[np.void]]:
        keys, places = [np.empty(0, KEY)], [np.empty(0, _PLACE)]
        for number, part in enumerate(parts.values()):
            for row, chunk in self._keys(part, check):
                place = np.empty(len(chunk), dtype=_PLACE)
                place["file"], place["row"] = number, np.arange(row, row + len(chunk))
                keys.append(chunk)
                places.append(place)
        return np.concatenate(keys), np.concatenate(places)

    def _scan(self, part: _Part, wanted: Digests, found: Positions, check: Callable[[], None]) -> None:
        for row, keys in self._keys(part, check):
            hits = positions(keys, wanted)
            rows = np.flatnonzero(hits >= 0)
            rows = rows if self._last else rows[::-1]
            _note(found, hits[rows], rows + part.start + row, last=self._last)

    def _keys(self, part: _Part, check: Callable[[], None]) -> Iterator[tuple[int, Digests]]:
        row = 0
        for batch in part.fragment.to_batches(columns=[self._column], batch_size=READ_ROWS):
            check()
            yield row, from_arrow(batch.column(0))
            row += len(batch)

    def _parts(self, table: Any) -> dict[str, _Part]:
        """The data files with the column, by name, in order; one that rows were deleted from is another one."""
        field = int(table.lance_schema.field(self._column).id())
        parts, start = {}, 0
        for fragment in table.get_fragments():
            deleted = int(fragment.num_deletions)
            rows = int(fragment.physical_rows) - deleted
            for file in fragment.metadata.files:
                if field in file.fields:
                    parts[f"{file._path} {deleted}" if deleted else str(file._path)] = _Part(
                        start, rows, fragment
                    )
            start += rows
        return parts

    def _runs(self, table: Any) -> list[Run]:
        folder = self._folder(table)
        with suppress(OSError):
            paths = sorted(path for path in folder.iterdir() if path.suffix == SUFFIX) if folder else []
            return [run for path in paths if (run := Run.open(path)) is not None]
        return []

    def _folder(self, table: Any) -> Path | None:
        """Where runs are; nowhere if they cannot be mapped into memory."""
        uri = str(table.uri)
        return self._given or (None if "://" in uri else Path(uri) / BESIDE)


def _note(found: Positions, at: NDArray[np.int64], places: Positions, *, last: bool) -> None:
    """Positions of keys; of several the first or the last counts."""
    if last:
        np.maximum.at(found, at, places)
    else:
        unknown = np.iinfo(np.int64).max
        known = np.where(found[at] < 0, unknown, found[at])
        found[at] = known
        np.minimum.at(found, at, places)


def _unknown(parts: Mapping[str, _Part], runs: Sequence[Run]) -> dict[str, _Part]:
    known = {name for run in runs for name in run.files}
    return {name: part for name, part in parts.items() if name not in known}


def _is_much(parts: Mapping[str, _Part]) -> bool:
    rows = sum(part.rows for part in parts.values())
    return rows >= SCANNED_ROWS or len(parts) >= SCANNED_FILES


def _of_use(runs: Sequence[Run], parts: Mapping[str, _Part]) -> list[Run]:
    """The runs that know files which larger ones do not; the others are deleted."""
    known: set[str] = set()
    kept = []
    for run in sorted(runs, key=lambda run: -len(run.keys)):
        new = {name for name in run.files if name in parts} - known
        if new:
            known |= new
            kept.append(run)
        else:
            with suppress(OSError):
                run.path.unlink()
    return kept


def _due(runs: Sequence[Run], rows: int) -> list[Run]:
    """The runs that are merged with new rows: from the smallest on, each less than twice what it joins."""
    due = []
    for run in sorted(runs, key=lambda run: len(run.keys)):
        if len(run.keys) >= 2 * rows or len(run.keys) + rows > MOST_KEYS:
            break
        due.append(run)
        rows += len(run.keys)
    return due


def _order(keys: Digests, check: Callable[[], None]) -> NDArray[np.int64]:
    """What sorts keys, equal ones in their order: by their first bytes, then those that begin alike by themselves."""
    first = np.ascontiguousarray(keys).view(np.uint8)[:: KEY.itemsize]
    order = np.argsort(first, kind="stable")
    bounds = np.searchsorted(first[order], np.arange(257))
    for start, stop in pairwise(bounds.tolist()):
        check()
        alike = order[start:stop]
        order[start:stop] = alike[np.argsort(keys[alike], kind="stable")]
    return order


def _write(
    path: Path, files: Sequence[str], keys: Digests, places: NDArray[np.void], check: Callable[[], None]
) -> None:
    """Write a run; it is there whole or not at all."""
    facts = json.dumps(list(files)).encode()
    head = np.array([(_MAGIC, len(keys), len(facts))], dtype=_HEAD)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    try:
        with open(unfinished, "wb") as stream:
            stream.write(head.tobytes() + facts)
            for array in (keys, places):
                for at in range(0, len(array), WRITTEN_ROWS):
                    check()
                    array[at : at + WRITTEN_ROWS].tofile(stream)
                    os.fsync(stream.fileno())
        os.replace(unfinished, path)
    finally:
        with suppress(OSError):
            unfinished.unlink()


def _at_most(parts: Mapping[str, _Part], rows: int) -> Iterator[dict[str, _Part]]:
    """The parts, in groups of at most so many rows or of one."""
    group: dict[str, _Part] = {}
    for name, part in parts.items():
        if group and sum(it.rows for it in group.values()) + part.rows > rows:
            yield group
            group = {}
        group[name] = part
    yield group
