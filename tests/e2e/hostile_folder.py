"""A folder in which every module's name is a file that says so when it is run."""

from __future__ import annotations

import sys
from importlib.metadata import packages_distributions
from pathlib import Path

MARKS = "run"


def fill(folder: Path) -> int:
    """Put a file named like each module of Python and of the installed packages there; how many."""
    (folder / MARKS).mkdir(parents=True)
    names = {*sys.stdlib_module_names, *packages_distributions(), "thanosql_kernel", "thanosql_lsp"}
    names = {name for name in names if name.isidentifier()}
    for name in names:
        mark = folder / MARKS / name
        (folder / f"{name}.py").write_text(f"open({str(mark)!r}, 'w').close()\nraise SystemExit({name!r})\n")
    return len(names)


def run_in(folder: Path) -> list[str]:
    """The files that were run."""
    return sorted(mark.name for mark in (folder / MARKS).iterdir())
