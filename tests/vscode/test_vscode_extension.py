"""The VS Code extension is built and packed, and its own tests run: ``npm test`` in lsp/vscode."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from node_packages import install, needs_node, npm

EXTENSION = Path(__file__).parents[2] / "lsp" / "vscode"
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900), needs_node]


def test_the_extension_is_packed_and_passes_its_own_tests() -> None:
    install(EXTENSION)
    output = npm(EXTENSION, "test")
    counts = {name: int(count) for name, count in re.findall(r"^# (pass|fail|skipped) (\d+)$", output, re.M)}
    assert counts["pass"] > 50
    assert (counts["fail"], counts["skipped"]) == (0, 0), output[-8000:]
    assert list((EXTENSION / "dist").glob("thanosql-*.vsix"))
