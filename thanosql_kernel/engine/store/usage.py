"""What the kernels that are alive use of a database: versions that they read, tables that they write, scratch folders.

Each has a folder ``<database>/_thanosql/kernels/<id>/`` and holds the lock in it for as long as it lives: however its
process ends, its lock ends with it, and the folder is removed by the next kernel that looks. What is used is told by
the names of empty files, which are made and removed in a hundredth of the time that a file takes to be replaced.

A reader writes down the version it is about to read and then looks whether that is still the latest; who cleans looks
first which version is the latest and then what is written down. So whatever the order, one of them sees the other.
The same holds for writers, who write down the table first, and whoever looks for files without an owner lists them
before.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
import uuid
import weakref
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from thanosql_kernel.catalog.location import Location
from thanosql_kernel.clock import cautious_s

_LOCK = "lock"
_TEMPORARY = "tmp"
_UNLOCKED_S = 24 * 3600
"""A folder without a lock: its kernel died between two lines, or is between them."""

_READS, _WRITES, _FAILED = "reads", "writes", "failed"


class Use(NamedTuple):
    """One thing that a kernel uses; the name of an empty file in its folder.

    Attributes:
        kind: "reads" a version; "writes" a table; "failed" to write a table, and may have left files behind.
        table: Storage name.
        version: 0 where it means nothing.
    """

    kind: str
    table: str
    version: int = 0

    @property
    def file_name(self) -> str:
        """As a file name."""
        return f"{self.kind}@{self.version}@{self.table}"

    @classmethod
    def parse(cls, file_name: str) -> Use | None:
        """What a file name says; None for other files."""
        kind, _, rest = file_name.partition("@")
        version, found, table = rest.partition("@")
        return cls(kind, table, int(version)) if found and version.isdigit() else None


class Lease:
    """A version that somebody may read, for as long as somebody has this object."""

    __slots__ = ("_ended", "_use")

    def __init__(self, use: Use, ended: deque[Use]) -> None:
        self._use = use
        self._ended = ended

    def __del__(self) -> None:
        self._ended.append(self._use)  # in whatever thread: nothing is locked here


class Usage:
    """What this kernel uses of a database, and what others do.

    Args:
        location: The database.
    """

    def __init__(self, location: Location) -> None:
        self._home = location.internal / "kernels"
        self._database = location.folder if location.is_local else None
        self._own = self._home / uuid.uuid4().hex
        self._held: Any = None
        self._let_go: Any = None
        self._guard = threading.RLock()
        self._counts: Counter[Use] = Counter()
        self._ended: deque[Use] = deque()
        self._told: dict[Use, float] = {}
        self._elsewhere: Path | None = None

    # -- this kernel's ---------------------------------------------------------------------------------------
    def read(self, name: str, version: int) -> Lease:
        """Write down that a version is about to be read."""
        use = Use(_READS, name, version)
        with self._guard:
            self._counts[use] += 1
            self._tell(use)
        return Lease(use, self._ended)

    @contextmanager
    def writing(self, name: str) -> Iterator[None]:
        """Write down that a table is being written; if the block fails, that it may have left files."""
        use = Use(_WRITES, name)
        with self._guard:
            self._counts[use] += 1
            began = self._tell(use)
        try:
            yield
        except BaseException:
            with self._guard:
                self._tell(Use(_FAILED, name), began)
            raise
        finally:
            with self._guard:
                self._counts[use] -= 1
                if self._counts[use] <= 0:
                    self._untell(use)

    def scratch(self) -> Path:
        """A new folder for rows that do not fit into memory; outside of a database that does not exist yet."""
        with self._guard:
            home = self._own / _TEMPORARY if self._is_there() and self._lock() else self._outside()
            folder = home / uuid.uuid4().hex[:8]
            folder.mkdir(parents=True)
            return folder

    def let_go(self) -> None:
        """Take back what is not read any more."""
        with self._guard:
            while self._ended:
                use = self._ended.popleft()
                self._counts[use] -= 1
                if self._counts[use] <= 0:
                    self._untell(use)

    def close(self) -> None:
        """Nothing is used any more."""
        with self._guard:
            if self._elsewhere is not None:
                shutil.rmtree(self._elsewhere, ignore_errors=True)
                self._elsewhere = None
            if self._held is not None:
                self._let_go()
                self._held = None
                self._told.clear()

    # -- everybody's -----------------------------------------------------------------------------------------
    def versions_read(self, name: str) -> set[int]:
        """The versions of a table that somebody may be reading."""
        self.let_go()
        return {use.version for use in self._everybodys() if use.kind == _READS and use.table == name}

    def is_written(self, name: str) -> bool:
        """Whether somebody is writing a table."""
        return Use(_WRITES, name) in self._everybodys()

    def failed_since(self, name: str) -> float | None:
        """When the first write of a table began that may have left files behind (seconds since 1970), if one has."""
        self.bury_dead()
        return self._told.get(Use(_FAILED, name))

    def forget_failed(self, name: str) -> None:
        """Nothing is left of writes that failed."""
        with self._guard:
            self._untell(Use(_FAILED, name))

    def follow(self, name: str, new_name: str) -> None:
        """What a write of a table that is to be renamed may have left goes with it."""
        failed = self.failed_since(name)
        if failed is not None:
            with self._guard:
                self._tell(Use(_FAILED, new_name), failed)

    def bury_dead(self) -> None:
        """Remove what kernels have left that are no more, and remember the tables that they were writing."""
        self._others()

    def _everybodys(self) -> set[Use]:
        with self._guard:
            uses = set(self._told)
        for folder in self._others():
            uses |= _uses(folder).keys()
        return uses

    def _others(self) -> list[Path]:
        """The folders of other kernels that are alive; the others are removed."""
        alive = []
        with suppress(OSError):
            for folder in list(self._home.iterdir()):
                if folder != self._own and self._is_alive(folder):
                    alive.append(folder)
        return alive

    def _is_alive(self, folder: Path) -> bool:
        from filelock import FileLock, Timeout

        with suppress(OSError):
            if not (folder / _LOCK).exists():
                if cautious_s() - folder.stat().st_mtime > _UNLOCKED_S:
                    shutil.rmtree(folder, ignore_errors=True)
                return True
            try:
                with FileLock(folder / _LOCK, timeout=0, is_singleton=False):
                    self._bury(folder)
                    return False
            except Timeout:
                pass
        return True

    def _bury(self, folder: Path) -> None:
        for use, at in _uses(folder).items():
            if use.kind != _READS:
                with self._guard:
                    self._tell(Use(_FAILED, use.table), at)
        shutil.rmtree(folder, ignore_errors=True)

    # -- the own folder --------------------------------------------------------------------------------------
    def _tell(self, use: Use, at: float | None = None) -> float:
        """Make the file, dated to when it began; the earliest time is kept. Gives that time."""
        known = self._told.get(use)
        if known is not None and (at is None or at >= known):
            return known
        began = time.time() if at is None else at
        with suppress(OSError):
            if self._lock():
                path = self._own / use.file_name
                path.touch()
                if at is not None:
                    os.utime(path, (at, at))
                self._told[use] = began
        return began

    def _untell(self, use: Use) -> None:
        self._counts.pop(use, None)
        if self._told.pop(use, None) is not None:
            with suppress(OSError):
                (self._own / use.file_name).unlink()

    def _is_there(self) -> bool:
        # Not pathlib's, which raises where it may not look.
        return self._database is None or os.path.isdir(self._database)

    def _lock(self) -> bool:
        """Hold the lock of the own folder; False where nothing can be written."""
        if self._held is not None:
            return True
        from filelock import FileLock

        try:
            self._own.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._own / f"{_LOCK}.new", timeout=0, thread_local=False, is_singleton=False)
            lock.acquire()
            self._show_lock()
        except OSError:
            return False
        self._held = lock
        self._let_go = weakref.finalize(self, _let_go, self._own, lock, os.getpid())
        self.bury_dead()
        return True

    def _show_lock(self) -> None:
        """Give the lock that is held its name: nobody finds one that is not held yet."""
        try:
            os.rename(self._own / f"{_LOCK}.new", self._own / _LOCK)
        except PermissionError:  # Windows renames no open file: another name of the same file
            os.link(self._own / f"{_LOCK}.new", self._own / _LOCK)

    def _outside(self) -> Path:
        if self._elsewhere is None:
            self._elsewhere = Path(tempfile.mkdtemp(prefix="thanosql-"))
            weakref.finalize(self, shutil.rmtree, self._elsewhere, ignore_errors=True)
        return self._elsewhere


def _uses(folder: Path) -> dict[Use, float]:
    """What the files in a kernel's folder say, and when each began."""
    found = {}
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            use = Use.parse(entry.name)
            if use is not None:
                found[use] = entry.stat().st_mtime
    return found


def _let_go(folder: Path, lock: Any, process: int) -> None:
    """Remove a kernel's folder; what it leaves behind is told to the next kernel."""
    if os.getpid() != process:  # a copy of it
        return
    if any(use.kind == _FAILED for use in _uses(folder)):
        shutil.rmtree(folder / _TEMPORARY, ignore_errors=True)
        for use in _uses(folder):
            if use.kind != _FAILED:
                (folder / use.file_name).unlink(missing_ok=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        lock.release()
