"""Runs the benchmarks and makes one table of what they find, docs/benchmarks.md.

    python benchmarks/table.py [--quick] [--only scans search …] [--output docs/benchmarks.md]

Each is a program of its own, ``python benchmarks/NAME.py --markdown [--quick]``, which prints rows (see `report`).
One that fails, takes too long or prints no row is a row of the table as well.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from report import HEAD, Row, machine, versions

FOLDER = Path(__file__).parent
PACKAGES = ("thanosql-kernel", "lancedb", "pylance", "duckdb", "pyarrow", "numpy", "onnxruntime", "torch")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One program.

    Attributes:
        name: Of its file.
        arguments: Beside ``--markdown``; ``{folder}`` stands for a new folder, which is removed.
        minutes: How long it may take at most.
        quick: Its arguments for small sizes.
    """

    name: str
    arguments: tuple[str, ...] = ()
    minutes: float = 30
    quick: tuple[str, ...] = ("--quick",)


BENCHMARKS = (
    Benchmark("convert"),
    Benchmark("search"),
    Benchmark("ten_million", ("{folder}",), minutes=60, quick=("--rows", "20000")),
    Benchmark("scans", minutes=60),
    Benchmark("changes"),
    Benchmark("starting"),
    Benchmark("photos", minutes=60),
    Benchmark("workers", quick=("--pictures", "32", "--keys", "0")),
)


def run(benchmark: Benchmark, *, quick: bool, folder: Path = FOLDER) -> Iterator[Row]:
    """The rows of one benchmark, and one more where something went wrong; says on the terminal how it went."""
    started = time.perf_counter()
    quickly = benchmark.quick if quick else ()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        arguments = [argument.replace("{folder}", scratch) for argument in benchmark.arguments]
        program = [str(folder / f"{benchmark.name}.py"), "--markdown", *quickly, *arguments]
        output, problem = _outcome([sys.executable, *program], benchmark.minutes)
    rows = [row for line in output.splitlines() if (row := Row.read(line)) is not None]
    problem = problem or ("" if rows else "printed no row")
    yield from rows
    if problem:
        yield Row(benchmark.name, "failed", note=problem)
    told = problem or f"{len(rows)} rows"
    print(f"{benchmark.name}: {told}, {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)


def _outcome(command: Sequence[str], minutes: float) -> tuple[str, str]:
    """What a program printed, and what went wrong with it; it ends with all that it started."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        output, errors = process.communicate(timeout=minutes * 60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0], f"did not end within {minutes:g} minutes"
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    return output, f"ended with {process.returncode}: {_last_line(errors)}" if process.returncode else ""


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else "it said nothing"


def page(rows: Sequence[Row], note: str = "") -> str:
    """The page with the table."""
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    head = f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}"
    return f"""# Benchmarks

Written by `make bench`: each line compares both sides in one run, measured in turns. Times are medians, with the least
and the most in brackets. **A ratio above 1 is in our favour**: how many times less time or memory, how many times more
a second. Ratios hold on other machines better than times do.

{day}, {machine()}. {versions(*PACKAGES)}.{f" {note}" if note else ""}

{head}
{chr(10).join(row.markdown() for row in rows)}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--quick", action="store_true", help="small sizes: to see that all of it runs")
    parser.add_argument("--output", type=Path, help="a page to write; else it is printed")
    parser.add_argument("--note", default="", help="what else there is to say about the machine")
    options = parser.parse_args()
    rows = [
        row
        for benchmark in BENCHMARKS
        if benchmark.name in options.only
        for row in run(benchmark, quick=options.quick)
    ]
    text = page(rows, options.note)
    if options.output is not None:
        options.output.write_text(text, "utf-8")
    else:
        print(text)
    return 1 if any(row.what == "failed" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
