"""A disk that gets full at random moments of every kind of statement that writes: ``python tests/soak/full_disk.py [50 [1]]``.

The database stands on a small disk in memory, which only root may mount. Afterwards the error says what is wrong, every
table is as it was or as it should have become, and the same statement works when there is room again.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))
import small_model
from expected import State, difference, read_tables
from steps import Steps

import thanosql_kernel
from thanosql_kernel.errors import ThanoSQLError

DISK_BYTES = 96_000_000
FULL = "TS504"
OTHERS = {
    "EXPORT": "EXPORT SELECT a.id, a.source FROM {0} a, range(40) TO 'db/{1}' OPTIONS(overwrite=True)",
    "CREATE VIEW": "CREATE OR REPLACE VIEW seen_{1} AS SELECT * FROM {0}",
    "CREATE INDEX": "CREATE OR REPLACE INDEX ON {0} USING inverted (source)",
}
FORMATS = ("x.csv", "x.parquet", "x.json", "x.html")


class NoDisk(Exception):
    """This user may not mount one here."""


@contextlib.contextmanager
def small_disk(place: Path, size_bytes: int = DISK_BYTES) -> Iterator[None]:
    """A disk of that size at a place.

    Raises:
        NoDisk: It cannot be had.
    """
    place.mkdir(exist_ok=True)
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "tmpfs", str(place)],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoDisk(
            "a small disk cannot be mounted: run it as root, in a container with CAP_SYS_ADMIN"
        ) from error
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@dataclass
class FullReport:
    """What became of the statements.

    Attributes:
        full: Of each kind, how often the disk was full.
        done: Of each kind, how often there was room.
        faults: What was lost or said wrongly.
    """

    full: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"the disk was full in {self.full.total()} statements"
        for kind in sorted(self.full | self.done):
            yield f"  {kind:<18}{self.full[kind]:>6} full{self.done[kind]:>6} with room"
        yield from (f"  FAULT {fault}" for fault in self.faults)


class Filling:
    """A database on a small disk.

    Args:
        folder: An empty folder; the disk is ``db`` in it.
        seed: The same seed gives the same statements and moments.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._random = folder, random.Random(seed)
        self._steps = Steps(folder, seed)
        self._state: State = {}
        self.report = FullReport()

    def run(self, times: int) -> FullReport:
        """Let the disk be full that many times."""
        kinds = [*self._steps.kinds, *OTHERS]
        with self._connected() as connection:
            for _ in range(4):
                self._do(connection, *self._statement(None))
        number = 0
        while self.report.full.total() < times and number < 20 * times:
            with self._connected() as connection:
                self._try(connection, kinds[number % len(kinds)])
            number += 1
        return self.report

    def _connected(self) -> Any:
        return thanosql_kernel.connect(self._folder / "db", working_folder=self._folder, progress=False)

    def _statement(self, kind: str | None) -> tuple[str, str, State]:
        """A statement, its kind, and the tables behind it."""
        if kind in OTHERS:
            name = self._random.choice(list(self._state))
            number = self._random.choice(FORMATS) if kind == "EXPORT" else self._random.randrange(5)
            return OTHERS[kind].format(f'"{name}"', number), kind, self._state
        step = self._steps.make(kind, self._state)
        return step.cell, step.kind, step.after

    def _try(self, connection: Any, kind: str) -> None:
        """Run a statement with little room, look, and run it again with room."""
        cell, kind, after = self._statement(kind)
        ballast = self._folder / "db" / "ballast"
        free = os.statvfs(self._folder / "db")
        room = max(0, int((self._random.random() ** 2 - 0.1) * 400_000))
        with ballast.open("wb") as file, contextlib.suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, max(4096, free.f_bavail * free.f_frsize - room))
        try:
            connection.sql(cell)
            self.report.done[kind] += 1
            self._look(kind, after)
            self._state = after
            return
        except ThanoSQLError as error:
            self.report.full[kind] += 1
            if error.code != FULL:
                self.report.faults.append(f"{kind}: {error.code}: {error.message[:200]} in {cell[:80]}")
            self._look(kind, self._state, after)
        finally:
            ballast.unlink()
        if self._state is not after:
            self._do(connection, cell, kind, after)
        elif kind not in (*OTHERS, "VACUUM"):
            self.report.faults.append(f"{kind} was done and said that the disk is full: {cell[:80]}")

    def _do(self, connection: Any, cell: str, kind: str, after: State) -> None:
        try:
            connection.sql(cell)
            connection.sql("VACUUM")
        except ThanoSQLError as error:
            self.report.faults.append(f"{kind} with room again: {error.code}: {error.message[:200]}")
            return
        self._look(f"{kind} again", after)
        self._state = after

    def _look(self, kind: str, *possible: State) -> None:
        """The tables, as a new session reads them while the disk is full, are those before or those after."""
        try:
            with self._connected() as other:
                found = read_tables(other)
        except ThanoSQLError as error:
            self.report.faults.append(
                f"after {kind} nothing can be read: {error.code}: {error.message[:200]}"
            )
            return
        differences = [difference(found, state, self._folder) for state in possible]
        if None not in differences:
            self.report.faults.append(f"after {kind}: " + "; or ".join(map(str, differences)))
        else:
            self._state = possible[differences.index(None)]


def fill(folder: Path, times: int, seed: int) -> FullReport:
    """The report of so many full disks."""
    with small_disk(folder / "db"):
        return Filling(folder, seed).run(times)


def main(times: int, seed: int) -> int:
    """Prints the report; 1 if something was lost."""
    small_model.put_in_place()
    with tempfile.TemporaryDirectory() as folder:
        report = fill(Path(folder), times, seed)
    print(*report.lines(), sep="\n")
    return int(bool(report.faults))


if __name__ == "__main__":
    given = [int(it) for it in sys.argv[1:]] + [50, 1][len(sys.argv) - 1 :]
    sys.exit(main(*given))
