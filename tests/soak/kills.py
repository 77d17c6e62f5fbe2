"""SIGKILL at random moments of every kind of statement that writes: afterwards each is done, or was never begun."""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import leftovers
from expected import State, difference, read_tables
from steps import Step, Steps

import thanosql_kernel
from thanosql_kernel.python.connection import Connection

WORKER = Path(__file__).with_name("worker.py")
FIRST_GUESS = (0.1, 20)
"""Seconds and steps."""
GIVE_UP_S = 120.0
VACUUMED_AFTER_S = 90.0
"""What a killed writer left is taken for that after a minute: until then another program may be writing it."""
MOMENTS = ("step", "time", "files")


@dataclass
class KillReport:
    """What became of the statements that were killed.

    Attributes:
        done: Of each kind, how many were there afterwards.
        undone: Of each kind, how many were not.
        faults: What was lost, half-written or left, a line each.
        statements: How many ran to their end between kills.
    """

    done: Counter[str] = field(default_factory=Counter)
    undone: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    statements: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """How many processes were killed."""
        return self.done.total() + self.undone.total()

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.kills} x SIGKILL, {self.statements} statements to their end between them"
        yield f"  {'killed in':<18}{'done':>6}{'undone':>8}"
        for kind in sorted(self.done | self.undone):
            yield f"  {kind:<18}{self.done[kind]:>6}{self.undone[kind]:>8}"
        yield from (f"  {note}" for note in self.notes)
        yield from (f"  FAULT {fault}" for fault in self.faults)
        yield f"  {len(self.faults)} faults"


class Worker:
    """A process that runs statements."""

    def __init__(self, folder: Path) -> None:
        temporary = folder / "temporary"
        temporary.mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, str(WORKER), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(temporary)},
        )
        self._read = b""
        assert self.hear(GIVE_UP_S) == ("ready", 0)

    def begin(self, cell: str, last_step: int | None = None) -> None:
        """Send a cell, and the step at which to die, and wait until it runs."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([cell, last_step]).encode() + b"\n")
        self._process.stdin.flush()
        assert self.hear(GIVE_UP_S) == ("begun", 0)

    def hear(self, timeout_s: float) -> tuple[str, int] | None:
        """The next thing it says, with a number of steps; None if it says nothing in time, or has ended."""
        assert self._process.stdout is not None
        while b"\n" not in self._read:
            if not select.select([self._process.stdout], [], [], timeout_s)[0]:
                return None
            part = os.read(self._process.stdout.fileno(), 1 << 16)
            if not part:
                return None
            self._read += part
        line, self._read = self._read.split(b"\n", 1)
        text, steps = json.loads(line)
        return text, steps

    def kill(self) -> tuple[str, int] | None:
        """SIGKILL; what it had said and nobody had heard."""
        self._process.kill()
        self._process.wait()
        heard = self.hear(0)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        return heard


class Killing:
    """A database whose writers are killed.

    Args:
        folder: An empty folder.
        seed: The same seed kills in the same statements.
        by_time: Whether some of the moments are so many seconds after the beginning, or when files appear.
    """

    def __init__(self, folder: Path, seed: int, by_time: bool) -> None:
        self._by_time = by_time
        self._folder = folder
        self._random = random.Random(seed)
        self._steps = Steps(folder, seed)
        self._state: State = {}
        self._took: dict[str, list[tuple[float, int]]] = {}
        self.report = KillReport()

    def run(self, kills: int) -> KillReport:
        """Kill so many writers, each kind of statement in turn, and look after each."""
        worker = Worker(self._folder)
        for number in range(kills):
            kind = self._steps.kinds[number % len(self._steps.kinds)]
            following = Worker(self._folder)
            self._finish(worker, self._steps.make(None, self._state), is_first=True)
            for _ in range(self._random.randrange(3)):
                self._finish(worker, self._steps.make(None, self._state))
            step = self._steps.make(kind, self._state)
            while step.kind != kind:
                self._finish(worker, step)
                step = self._steps.make(kind, self._state)
            self._kill(worker, step)
            worker = following
        for cell in ("CREATE TABLE 끝 AS SELECT 1 AS one", "DROP TABLE 끝", "VACUUM"):
            self._finish(worker, Step("end", cell, self._state))
        worker.kill()
        self._look("the end", self._state)
        self._count_leftovers()
        return self.report

    def _finish(self, worker: Worker, step: Step, *, is_first: bool = False) -> None:
        """Run a statement to its end; a process's first one imports much and is no measure of how long they take."""
        worker.begin(step.cell)
        started = time.perf_counter()
        heard = worker.hear(GIVE_UP_S)
        text, steps = heard or ("the process has died", 0)
        if not is_first:
            self._took.setdefault(step.kind, []).append((time.perf_counter() - started, steps))
        self.report.statements += 1
        if text == "done":
            self._state = step.after
        else:
            self.report.faults.append(f"{step.cell[:60]}: {text}")

    def _kill(self, worker: Worker, step: Step) -> None:
        """At a random moment of what it takes, at a random step of those that it does, or as it writes files."""
        took = self._took.get(step.kind, [FIRST_GUESS])
        moment = self._random.choice(MOMENTS) if self._by_time else "step"
        if moment == "step":
            worker.begin(step.cell, self._random.randint(1, max(steps for _, steps in took)))
            heard = worker.hear(GIVE_UP_S)
        elif moment == "time":
            worker.begin(step.cell)
            heard = worker.hear(self._random.random() * statistics.median(seconds for seconds, _ in took))
        else:
            before = leftovers.data_files(self._folder)
            worker.begin(step.cell)
            heard = self._await_files(worker, before, self._random.randint(1, 3))
        heard = worker.kill() or heard
        if heard and heard[0] != "done":
            self.report.faults.append(f"{step.cell[:60]}: {heard[0]}")
        self._look(step.kind, step.after, *([] if heard else [self._state]))

    def _await_files(self, worker: Worker, before: set[str], count: int) -> tuple[str, int] | None:
        """What the worker says before it has made so many files."""
        while len(leftovers.data_files(self._folder) - before) < count:
            heard = worker.hear(0.0005)
            if heard:
                return heard
        return None

    def _look(self, kind: str, *possible: State) -> None:
        """Read all tables anew, and go on from the state that they are in."""
        folder = self._folder
        with thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False) as connection:
            try:
                found = read_tables(connection)
                self._search(connection, possible[0])
            except Exception as error:  # any is a finding
                self.report.faults.append(f"after {kind}: {type(error).__name__}: {error}")
                return
        differences = [difference(found, state, folder) for state in possible]
        if None not in differences:
            self.report.faults.append(f"after {kind}: " + "; or ".join(map(str, differences)))
            return
        self._state = possible[differences.index(None)]
        if kind in self._steps.kinds:
            (self.report.done if differences[0] is None else self.report.undone)[kind] += 1

    def _search(self, connection: Connection, state: State) -> None:
        """A table that has vectors is searched with them: its indices and blocks are read too."""
        tables = connection.session.catalog.tables
        for name in [name for name, table in state.items() if table.has_vectors and name in tables][:1]:
            if any(column.name == "v" for column in tables[name].columns):
                options = "search_by='text', search_input='낱말 1', emb_col='v', top_k=3"
                connection.sql(f'SEARCH IMAGE USING mini OPTIONS({options}) AS SELECT * FROM "{name}"')

    def _count_leftovers(self) -> None:
        scratch = leftovers.scratch_left(self._folder)
        if scratch:
            self.report.faults.append(f"{len(scratch)} temporary files are left: {scratch[:3]}")
        orphans = leftovers.orphans(self._folder, VACUUMED_AFTER_S)
        if orphans:
            self.report.faults.append(f"{len(orphans)} data files belong to no version: {orphans[:3]}")
        size = leftovers.size_bytes(self._folder / "db")
        rows = sum(len(table.rows) for table in self._state.values())
        self.report.notes.append(
            f"{rows:,} rows in {len(self._state)} tables; the database takes {size / 1e6:.1f} MB, of it the cache "
            f"{leftovers.size_bytes(self._folder / 'db', '_thanosql_*.lance') / 1e6:.1f} MB; "
            f"{len(leftovers.orphans(self._folder))} data files of the last minutes belong to no version"
        )


def kill_writers(folder: Path, kills: int, seed: int, *, by_time: bool = True) -> KillReport:
    """The report of so many kills in a new database in a folder."""
    return Killing(folder, seed, by_time).run(kills)
