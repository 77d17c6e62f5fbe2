"""Vector columns in 16 bits a number, fragment by fragment: from files mapped into memory, a few small ones in memory.

What they are for is to find the best of more rows than memory holds, exactly: their cosines are rough, by a bound that
is known, so that whatever may be among the best is compared again with the vectors themselves.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.search.blocks import checked, held, is_small, living_rows
from thanosql_kernel.engine.search.cosine import Floats, UnitVectors
from thanosql_kernel.engine.search.half_files import HalfFiles, Name
from thanosql_kernel.engine.search.halves import MOST_NUMBERS, Halves, Quality, bound, halved, rough
from thanosql_kernel.engine.search.records import digest
from thanosql_kernel.engine.store.identity import (
    Fragment,
    ValuesKey,
    fragments,
    stored_values,
    table_identity,
)
from thanosql_kernel.engine.work import Work
from thanosql_kernel.interrupts import Call, abandonable
from thanosql_kernel.wording import searching

if TYPE_CHECKING:
    import pyarrow as pa

LEAST_BYTES = 256e6
"""Of float32: what takes less is loaded from the table in a second."""
SMALL_BYTES = 256 << 20
"""What small fragments may take in memory, all columns together; there are few of them, as upkeep merges them."""
SHOWN_BYTES = 1 << 30
"""A disk takes a second for as much."""
_LAYOUTS = 8

_log = logging.getLogger(__name__)


class HalfColumn(NamedTuple):
    """The vectors of a table's rows, in their order.

    Attributes:
        parts: Where they are, those of deleted rows among them.
        live: Which of them are not deleted, bool; None for all.
    """

    parts: tuple[Halves, ...]
    live: NDArray[np.bool_] | None

    @property
    def bound(self) -> float:
        """How far a rough cosine may be off."""
        quality = Quality()
        for part in self.parts:
            quality = quality.worst(part.quality)
        return bound(quality, self.parts[0].numbers.shape[1]) if self.parts else 0.0

    @property
    def size_bytes(self) -> int:
        """What all of them take."""
        return sum(part.size_bytes for part in self.parts)

    def rough(self, direction: Floats, work: Work) -> Floats:
        """Rough cosines (n,) of the n rows; see `halves.rough`."""
        if self.size_bytes < SHOWN_BYTES:
            scores = rough(self.parts, direction, work.check)
        else:
            rows = sum(len(part.scales) for part in self.parts)
            with work.progress("SEARCH", rows, "rows") as bar:
                scores = rough(self.parts, direction, work.check, bar.advance)
        return scores if self.live is None else scores[self.live]


class HalfColumns:
    """The columns of a database in 16 bits a number; safe to use from several threads.

    Args:
        files: Those of large fragments.
    """

    def __init__(self, files: HalfFiles) -> None:
        self.files = files
        self._layouts: OrderedDict[tuple[bytes, str, int], HalfColumn] = OrderedDict()
        self._mapped: dict[Name, Halves] = {}
        self._small: OrderedDict[tuple[ValuesKey, int], Halves] = OrderedDict()
        self._lock = threading.Lock()
        self._making = threading.Lock()

    def has(self, dataset: Any, column: str, dim: int) -> bool:
        """Whether a column has files, and all of them are there; none is read."""
        large = [part for part in fragments(dataset, column) if _has_file(part, dim)]
        return bool(large) and all(self.files.has(name_of(part, dim)) for part in large)

    def are_worth_it(self, dataset: Any, column: str, dim: int) -> bool:
        """Whether files of a column are missing, and it is so large that they are written before anybody asks."""
        is_large = 4 * dim * int(dataset.count_rows()) >= LEAST_BYTES and dim <= MOST_NUMBERS
        return is_large and bool(self.missing(dataset, column, dim))

    def missing(self, dataset: Any, column: str, dim: int) -> list[Fragment]:
        """The fragments of a column whose files are not there."""
        large = (part for part in fragments(dataset, column) if _has_file(part, dim))
        return [part for part in large if not self.files.has(name_of(part, dim))]

    def column(self, dataset: Any, column: str, dim: int, work: Work) -> HalfColumn | None:
        """The vectors of a column; those that are missing are written first, which the user may stop.

        Returns:
            None where there is no room for them.
        """
        key = (table_identity(dataset), column, dim)
        found = self._recall(key)
        if found is not None or dim > MOST_NUMBERS:
            return found
        with held(self._making, work.check), abandonable(work.check) as call:
            aside = partial(checked, work.check, call)
            parts = aside(lambda: fragments(dataset, column))
            read = self._read(dataset, column, parts, dim, aside)
            missing = [part for part in parts if part.values not in read]
            if missing and not self._write(dataset, column, missing, dim, work, aside):
                return None
            read |= self._from_files(missing, dim)
            if any(part.values not in read for part in parts):
                return None
            live = living_rows(dataset, parts, aside)
            return self._remember(key, HalfColumn(tuple(read[part.values] for part in parts), live))

    def build(self, dataset: Any, column: str, dim: int, check: Callable[[], None]) -> bool:
        """Write the files of a column that are missing; False where there is no room for them."""
        with held(self._making, check), abandonable(check) as call:
            missing = self.missing(dataset, column, dim)
            work = Work(check=check)
            return self._write(dataset, column, missing, dim, work, partial(checked, check, call))

    def sweep(self, in_use: Callable[[], Collection[str] | None]) -> int:
        """Remove the files of values that no table has any more; gives the bytes.

        Args:
            in_use: The digests of the values that tables have; None if nobody knows. It is asked after it is known
                which files there are: of those that come meanwhile nothing is removed.
        """
        there = self.files.sizes()
        needed = in_use() if there else None
        if needed is None:
            return 0
        gone = [file_name for file_name in there if file_name.partition("-")[0] not in needed]
        with self._lock:
            if gone:
                self._layouts.clear()
                self._mapped.clear()
        return self.files.drop(gone)

    # -- what is there -------------------------------------------------------------------------------------------
    def _recall(self, key: tuple[bytes, str, int]) -> HalfColumn | None:
        with self._lock:
            found = self._layouts.get(key)
            if found is not None:
                self._layouts.move_to_end(key)
            return found

    def _remember(self, key: tuple[bytes, str, int], column: HalfColumn) -> HalfColumn:
        with self._lock:
            self._layouts[key] = column
            while len(self._layouts) > _LAYOUTS:
                self._layouts.popitem(last=False)
            used = {id(part) for layout in self._layouts.values() for part in layout.parts}
            self._mapped = {name: part for name, part in self._mapped.items() if id(part) in used}
            return column

    def _read(
        self, dataset: Any, column: str, parts: Sequence[Fragment], dim: int, call: Call
    ) -> dict[ValuesKey, Halves]:
        """What is there or takes no file, by what the values are."""
        found = self._from_files([part for part in parts if _has_file(part, dim)], dim)
        for part in parts:
            if not part.values.files:
                found[part.values] = _nothing(part.rows, dim)
        small = [part for part in parts if part.values.files and not _has_file(part, dim)]
        return found | self._held(dataset, column, small, dim, call)

    def _from_files(self, parts: Sequence[Fragment], dim: int) -> dict[ValuesKey, Halves]:
        """What files have; a file that is mapped stays so, as the system has set up its pages already."""
        found: dict[ValuesKey, Halves] = {}
        for part in parts:
            name = name_of(part, dim)
            halves = self._mapped.get(name) or self.files.read(name)
            if halves is not None:
                found[part.values] = halves
                with self._lock:
                    self._mapped[name] = halves
        return found

    def _held(
        self, dataset: Any, column: str, parts: Sequence[Fragment], dim: int, call: Call
    ) -> dict[ValuesKey, Halves]:
        """Small fragments, which stay in memory."""
        with self._lock:
            found = {
                part.values: self._small[part.values, dim]
                for part in parts
                if (part.values, dim) in self._small
            }
        for part in parts:
            if part.values not in found:
                found[part.values] = halved(_units(dataset, column, part, dim, call))
        with self._lock:
            for values, halves in found.items():
                self._small[values, dim] = halves
                self._small.move_to_end((values, dim))
            while sum(halves.size_bytes for halves in self._small.values()) > SMALL_BYTES:
                self._small.popitem(last=False)
        return found

    # -- writing -------------------------------------------------------------------------------------------------
    def _write(
        self, dataset: Any, column: str, parts: Sequence[Fragment], dim: int, work: Work, call: Call
    ) -> bool:
        """Write the files of some fragments; False where there is no room for them."""
        names = [name_of(part, dim) for part in parts]
        if parts and not self.files.has_room(sum(name.size_bytes for name in names)):
            return False
        with work.progress(searching.HALVING(column=column), sum(part.rows for part in parts), "rows") as bar:
            for part, name in zip(parts, names, strict=True):
                try:
                    with self.files.writing(name) as writer:
                        for units in _unit_batches(dataset, column, part, dim, call):
                            writer.add(units)
                            bar.advance(len(units))
                except (OSError, ValueError):
                    _log.info("no file of %s", column, exc_info=True)
                    return False
        return True


def name_of(part: Fragment, dim: int) -> Name:
    """The name of a fragment's file."""
    return Name(digest(part), dim, part.rows)


def _has_file(part: Fragment, dim: int) -> bool:
    """Whether a fragment has a file of its own: not if it is small, or nothing but NULLs that nobody has written."""
    return bool(part.values.files) and not is_small(part, dim)


def _nothing(rows: int, dim: int) -> Halves:
    numbers = np.broadcast_to(np.zeros((1, dim), np.int16), (rows, dim))
    return Halves(numbers, np.full(rows, np.nan, np.float32), Quality())


def _units(dataset: Any, column: str, part: Fragment, dim: int, call: Call) -> Floats:
    return np.concatenate([np.empty((0, dim), np.float32), *_unit_batches(dataset, column, part, dim, call)])


def _unit_batches(dataset: Any, column: str, part: Fragment, dim: int, call: Call) -> Iterator[Floats]:
    """A fragment's vectors, of length one, as they are read."""
    arrays: Iterator[pa.Array] = stored_values(dataset, column, [part])
    while (array := call(partial(next, arrays, None))) is not None:
        units = UnitVectors.collect([array], len(array), dim)
        yield units.values[: units.count]
