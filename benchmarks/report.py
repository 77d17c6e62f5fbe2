"""What benchmarks measure with, and the rows that they print.

A benchmark measures both sides in one run, turn by turn, so that what else the machine does meets both alike. With
``--markdown`` it prints one row a comparison, ``| group | what | ours | other | ratio | note |``, and
``benchmarks/table.py`` makes the table of docs/benchmarks.md of them. A ratio above 1 is in our favour: how many times
less time or memory, how many times more a second.
"""

from __future__ import annotations

import argparse
import gc
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HEAD = ("group", "what", "ours", "other", "ratio", "note")
_SCALES = {
    "s": ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")),
    "B": ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B")),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """What was measured of one thing, several times.

    Attributes:
        values: In the unit.
        unit: ``s`` and ``B``, of which less is better; or something a second, ``pictures/s``.
    """

    values: tuple[float, ...]
    unit: str = "s"

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        """The median, and in brackets the least and the most, in a unit that reads well."""
        scale, unit = next(
            ((size, name) for size, name in _SCALES.get(self.unit, ()) if self.median >= size),
            _SCALES.get(self.unit, ((1.0, self.unit),))[-1],
        )
        shown = f"{_digits(self.median / scale)} {unit}"
        least, most = (_digits(bound / scale) for bound in (min(self.values), max(self.values)))
        return shown if len(self.values) == 1 else f"{shown} ({least} – {most})"

    def better_than(self, other: Sample) -> float:
        """How many times better than ``other``."""
        ours, theirs = max(self.median, 1e-12), max(other.median, 1e-12)
        return theirs / ours if self.unit in _SCALES else ours / theirs


def _digits(value: float) -> str:
    """Three digits, more where the whole number has more."""
    if value == 0:
        return "0"
    return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; all of it is text."""

    group: str
    what: str
    ours: str = ""
    other: str = ""
    ratio: str = ""
    note: str = ""

    def markdown(self) -> str:
        cells = (self.group, self.what, self.ours, self.other, self.ratio, self.note)
        return f"| {' | '.join(' '.join(cell.replace('|', '∣').split()) for cell in cells)} |"

    @staticmethod
    def read(line: str) -> Row | None:
        """The row that a printed line is; None if it is another line, or the head of a table."""
        cells = [cell.strip() for cell in line.strip().split("|")]
        if len(cells) != len(HEAD) + 2 or cells[0] or cells[-1]:
            return None
        row = Row(*cells[1:-1])
        is_rule = not row.group.strip(":- ")
        return None if is_rule or row.what.lower() == "what" else row


class Report:
    """Prints what a benchmark found: rows of the table, or lines for people.

    Args:
        group: What the rows are about.
        markdown: Whether to print rows of the table.
    """

    def __init__(self, group: str, *, markdown: bool) -> None:
        self.group = group
        self.markdown = markdown

    def compare(
        self, what: str, ours: Sample, other: Sample | None, against: str = "", note: str = ""
    ) -> None:
        """One thing, and the same thing elsewhere."""
        ratio = f"{ours.better_than(other):.2f}" if other is not None else ""
        self.add(what, str(ours), f"{against} {other}".strip() if other is not None else against, ratio, note)

    def add(self, what: str, ours: str = "", other: str = "", ratio: str = "", note: str = "") -> None:
        """A row of text."""
        row = Row(self.group, what, ours, other, ratio, note)
        if self.markdown:
            print(row.markdown(), flush=True)
            return
        beside = f"   {ratio or '':>6} x   {other}" if other else ""
        print(f"  {what:<56} {ours:>28}{beside}{f'   {note}' if note else ''}", flush=True)

    def say(self, text: str) -> None:
        """Something for people alone."""
        print(text, file=sys.stderr if self.markdown else sys.stdout, flush=True)


def options(doc: str | None) -> argparse.ArgumentParser:
    """The arguments that every benchmark in the table takes."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    parser.add_argument("--markdown", action="store_true", help="print rows of the table")
    parser.add_argument(
        "--quick", action="store_true", help="small sizes: to see that it runs, not for figures"
    )
    return parser


# -- measuring -----------------------------------------------------------------------------------------------
def timed(work: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def in_turns(
    works: Mapping[str, Callable[[], object]], turns: int = 5, *, warm: int = 1, least_s: float = 0.0
) -> dict[str, Sample]:
    """What each call takes, measured one after the other, again and again; every other turn the other way round.

    Args:
        works: Calls by name.
        turns: How many are measured.
        warm: How many are not, before.
        least_s: Go on until so many seconds are over, at most ten times as long.
    """
    found: dict[str, list[float]] = {name: [] for name in works}
    names = list(works)
    for name in names * warm:
        works[name]()
    started, turn = time.perf_counter(), 0
    while turn < turns or (time.perf_counter() - started < least_s and turn < 10 * turns):
        for name in names if turn % 2 == 0 else reversed(names):
            found[name].append(timed(works[name]))
        turn += 1
    return {name: Sample(tuple(values)) for name, values in found.items()}


def growth(sizes: Sequence[float], samples: Sequence[Sample]) -> float:
    """The exponent with which times grow: 1 is as the rows do, 0 not at all. Least squares of the logarithms."""
    xs = [math.log(size) for size in sizes]
    ys = [math.log(max(sample.median, 1e-9)) for sample in samples]
    x, y = statistics.fmean(xs), statistics.fmean(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def peak_bytes() -> int:
    """The most memory that this process has had so far; `getrusage` would count that of who started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def apart(work: Callable[..., object], *arguments: object) -> tuple[float, int]:
    """Call a function of a benchmark in a process of its own; its seconds, and the most memory it had (bytes).

    Args:
        work: A function at the top level of a program in this folder.
        arguments: Its arguments, which `repr` can write.

    Raises:
        RuntimeError: It failed, with the end of what it said.
    """
    module = Path(work.__code__.co_filename)  # ``__main__`` has no other name
    code = (
        f"import sys, time; sys.path[:0] = {[str(module.parent), str(Path(__file__).parent)]}\n"
        f"import {module.stem} as it, report\n"
        f"started = time.perf_counter(); it.{work.__name__}(*{arguments!r})\n"
        "print('apart', time.perf_counter() - started, report.peak_bytes())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{work.__name__}: {' '.join(done.stderr[-500:].split())}")
    _, seconds, peak = done.stdout.splitlines()[-1].split()
    return float(seconds), int(peak)


# -- where it was measured -------------------------------------------------------------------------------------
def machine() -> str:
    """Processor, cores and memory, in words."""
    from thanosql_kernel.machine import available_cores, memory_bytes

    return f"{_processor()}, {available_cores()} cores, {memory_bytes() / 2**30:.0f} GB of memory, {sys.platform}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else __import__("platform").processor() or "unknown processor"


def versions(*packages: str) -> str:
    """Python and packages with their versions."""
    from importlib import metadata

    found = [f"Python {sys.version.split()[0]}"]
    for package in packages:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            continue
    return ", ".join(found)
