"""The shape of the code: modules that one can read at a sitting, functions that one can see at a glance."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import thanosql_lsp

import thanosql_kernel

MODULES = [
    path
    for package in (thanosql_kernel, thanosql_lsp)
    for path in sorted(Path(package.__file__ or "").parent.rglob("*.py"))
]


def lengths(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_has_more_than_400_lines():
    long = {
        path.name: count for path in MODULES if (count := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert not long


def test_functions_are_short():
    found = [length for path in MODULES for length in lengths(path)]
    assert len(found) > 1000
    assert median(found) <= 12
    assert sum(length < 40 for length in found) >= 0.9 * len(found)
