"""Many processes write and read one database at once: everybody's rows are what he wrote, and errors are ordinary."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import leftovers
from expected import is_vector_of
from member import CONVERT, IDS_EACH

import thanosql_kernel

MEMBER = Path(__file__).with_name("member.py")
GIVE_UP_S = 1800.0


@dataclass
class CrowdReport:
    """What many processes came to.

    Attributes:
        processes: How many there were.
        statements: How many all of them ran.
        rows: How many are left of theirs.
        errors: How many of each code.
        faults: A line each.
    """

    processes: int
    statements: int = 0
    rows: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.processes} processes at once, {self.statements} statements, {self.rows} rows at the end"
        told = ", ".join(f"{code} {count} x" for code, count in sorted(self.errors.items())) or "none"
        yield f"  errors: {told}"
        yield from (f"  FAULT {fault}" for fault in self.faults)
        yield f"  {len(self.faults)} faults"


def run_crowd(folder: Path, processes: int, statements: int, seed: int) -> CrowdReport:
    """Let so many processes run so many statements each, and look at what they leave."""
    report = CrowdReport(processes)
    with thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False) as connection:
        connection.sql(
            f"CREATE TABLE shared AS SELECT {IDS_EACH * 999} AS id, '낱말' AS source, 'x' AS label"
        )
        connection.sql(CONVERT)
        connection.sql("DELETE FROM shared")
    wanted: dict[int, tuple[str, str | None]] = {}
    for number, findings in enumerate(_work(folder, processes, statements, seed)):
        report.statements += findings["statements"]
        report.errors.update(findings["errors"])
        report.faults += [f"process {number}: {fault}" for fault in findings["faults"]]
        wanted |= {row[0]: (row[1], row[2]) for row in findings["rows"]}
    report.rows = len(wanted)
    _compare(folder, wanted, report)
    return report


def _work(folder: Path, processes: int, statements: int, seed: int) -> list[dict[str, Any]]:
    (folder / "temporary").mkdir()
    environment = {**os.environ, "TMPDIR": str(folder / "temporary")}
    with ExitStack() as stack:
        members = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, str(MEMBER), str(folder), str(number), str(statements), str(seed)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=stack.enter_context((folder / f"{number}.txt").open("w")),
                    env=environment,
                    encoding="utf-8",
                )
            )
            for number in range(1, processes + 1)
        ]
        for member in members:
            assert member.stdout is not None
            assert member.stdout.readline() == "ready\n"
        for member in members:
            assert member.stdin is not None
            member.stdin.write("\n")
            member.stdin.flush()
        told = [member.communicate(timeout=GIVE_UP_S)[0] for member in members]
    return [_findings(folder, number, text) for number, text in enumerate(told, 1)]


def _findings(folder: Path, number: int, told: str) -> dict[str, Any]:
    """What a member has said; how it died if it has said nothing."""
    if told:
        found: dict[str, Any] = json.loads(told)
        return found
    last = (folder / f"{number}.txt").read_text("utf-8").splitlines()[-3:]
    return {"rows": [], "errors": {}, "statements": 0, "faults": [f"died: {' | '.join(last)}"]}


def _compare(folder: Path, wanted: dict[int, tuple[str, str | None]], report: CrowdReport) -> None:
    with thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False) as connection:
        connection.sql(CONVERT)
        rows = connection.sql("SELECT * FROM shared").arrow().to_pylist()
    found = {row["id"]: (row["source"], row["label"]) for row in rows}
    if len(found) != len(rows):
        report.faults.append(f"{len(rows) - len(found)} rows are there twice")
    lost, strange = wanted.keys() - found.keys(), found.keys() - wanted.keys()
    if lost or strange:
        report.faults.append(f"{len(lost)} rows lost, {len(strange)} that nobody wrote")
    changed = [number for number in wanted.keys() & found.keys() if wanted[number] != found[number]]
    if changed:
        report.faults.append(f"{len(changed)} rows are not as they were written, row {changed[0]} for one")
    if any(not is_vector_of(row["v"], (row["source"],), folder) for row in rows):
        report.faults.append("a row has not its own vector")
    scratch = leftovers.scratch_left(folder)
    if scratch:
        report.faults.append(f"{len(scratch)} temporary files are left: {scratch[:3]}")
