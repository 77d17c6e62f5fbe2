"""Files of vectors in 16 bits are written while no cell runs, and removed when no table has what they are of."""

from __future__ import annotations

import atexit
import logging
import os
import re
import sys
import threading
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from weakref import WeakSet

from thanosql_kernel.catalog.model import Damaged
from thanosql_kernel.engine.search.halves import MOST_NUMBERS
from thanosql_kernel.engine.search.records import digest
from thanosql_kernel.engine.store.identity import fragments
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.names import is_internal
from thanosql_kernel.errors import Interrupted

if TYPE_CHECKING:
    from thanosql_kernel.engine.search.search import Searcher

_QUIET_S = 1.0
"""Between a cell and the work: many cells that follow one another are not disturbed."""
_NICENESS = 10
_MOST_WANTED = 4
_VECTORS = re.compile(r"fixed_size_list<.*: (?:halffloat|float|double)[^\[]*>\[(\d+)\]\Z")

T = TypeVar("T")

_log = logging.getLogger(__name__)


_all: WeakSet[HalfUpkeep] = WeakSet()


@atexit.register
def _close_all() -> None:
    """A thread that is stopped by the end of the process would keep the libraries from taking their leave."""
    for upkeep in list(_all):
        upkeep.close()


class _Column(NamedTuple):
    """A column of vectors of a version of a table."""

    dataset: Any
    name: str
    dim: int


class HalfUpkeep:
    """The work on a database's files that is done between cells, in a thread of its own.

    It stops when a cell begins, and goes on behind it: the file that it was at is begun anew, the others stay. What a
    kernel did not come to is done by the first SEARCH that wants it.

    Args:
        store: The tables.
        searcher: Gives what searches them.
    """

    def __init__(self, store: Store, searcher: Callable[[], Searcher]) -> None:
        self._store, self._searcher = store, searcher
        self._changed: deque[str] = deque()
        self._wanted: deque[_Column] = deque()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        _all.add(self)

    def note(self, names: Collection[str]) -> None:
        """Tables have been changed."""
        self._changed.extend(name for name in names if name not in self._changed)

    def want(self, dataset: Any, column: str, dim: int) -> None:
        """A column is searched: load it if it fits, and write its files, so that later searches find both."""
        if len(self._wanted) < _MOST_WANTED:
            self._wanted.append(_Column(dataset, column, dim))

    def resume(self) -> None:
        """No cell runs: begin, soon, if there is anything to do."""
        if self._changed or self._wanted:
            self._stop, before = threading.Event(), self._thread
            given = (self._stop, before)
            self._thread = threading.Thread(target=self._run, args=given, name="thanosql-halves", daemon=True)
            self._thread.start()

    def pause(self) -> None:
        """A cell begins: stop soon."""
        self._stop.set()

    def finish(self) -> None:
        """Wait until all is done."""
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """Stop, and do nothing more."""
        self._changed.clear()
        self._wanted.clear()
        self.pause()
        self.finish()

    def sweep(self, check: Callable[[], None]) -> int:
        """Remove the files of values that no table has; gives the bytes."""
        halves = self._searcher().halves
        return 0 if halves is None else halves.columns.sweep(lambda: self._digests(check))

    # -- in the thread -------------------------------------------------------------------------------------------
    def _run(self, stop: threading.Event, before: threading.Thread | None) -> None:
        def check() -> None:
            if stop.is_set():
                raise Interrupted

        _be_nice()
        with suppress(Interrupted):
            if not stop.wait(_QUIET_S):
                if before is not None:
                    before.join()
                self._work(check)

    def _work(self, check: Callable[[], None]) -> None:
        while self._wanted:
            column = self._wanted[0]
            self._try(partial(self._searcher().memory.column, *column, check))
            self._try(partial(self._build, column, check))
            _drop(self._wanted, column)
        while self._changed:
            name = self._changed[0]
            self._try(partial(self._write, name, check))
            _drop(self._changed, name)
            if not self._changed:
                self._try(partial(self.sweep, check))

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Interrupted:
            raise
        except Exception:
            _log.info("no upkeep of vectors", exc_info=True)

    def _write(self, name: str, check: Callable[[], None]) -> None:
        check()
        dataset = None if is_internal(name) else self._store.snapshot(name)
        for column in [] if dataset is None else _columns(dataset):
            self._build(column, check)

    def _build(self, column: _Column, check: Callable[[], None]) -> None:
        """Write the files of a column, if it is worth it; nothing is fetched from object storage for that."""
        halves = self._searcher().halves
        if halves is not None and halves.columns.are_worth_it(*column) and self._store.location.is_local:
            halves.columns.build(*column, check)

    def _digests(self, check: Callable[[], None]) -> set[str] | None:
        """Of the values of all vectors; None if a table cannot be read."""
        found: set[str] = set()
        for name in self._store.names():
            check()
            if is_internal(name):
                continue
            try:
                dataset = self._store.snapshot(name)
            except (Damaged, OSError, ValueError):
                return None
            for column in [] if dataset is None else _columns(dataset):
                found.update(map(digest, fragments(dataset, column.name)))
        return found


def _drop(queue: deque[T], item: T) -> None:
    """Take an item out that somebody else may have taken out meanwhile."""
    with suppress(ValueError):
        queue.remove(item)


def _columns(dataset: Any) -> list[_Column]:
    """The columns of vectors of one length that a table has."""
    found = []
    for field in dataset.schema:
        kind = _VECTORS.match(str(field.type))
        if kind is not None and 0 < int(kind[1]) <= MOST_NUMBERS:
            found.append(_Column(dataset, field.name, int(kind[1])))
    return found


def _be_nice() -> None:
    """Let everything else go first, where threads have priorities of their own (Linux)."""
    with suppress(OSError):
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
