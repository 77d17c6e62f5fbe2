"""The VS Code extension is built and packed, and its own tests run: ``npm test`` in lsp/vscode."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXTENSION = Path(__file__).parents[2] / "lsp" / "vscode"
#: `make node` installs Node.js beside this Python where the system has none.
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
NPM = shutil.which("npm", path=PATH)
OLDEST_NODE = 20


def node_version() -> int:
    """The major version of Node.js; 0 where there is none."""
    node = shutil.which("node", path=PATH)
    if node is None:
        return 0
    printed = subprocess.run([node, "--version"], capture_output=True, encoding="utf-8", timeout=60).stdout
    found = re.match(r"v(\d+)", printed)
    return int(found[1]) if found else 0


pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        NPM is None or node_version() < OLDEST_NODE,
        reason=f"no npm with Node.js {OLDEST_NODE} or later here: make node",
    ),
]


def npm(*arguments: str) -> str:
    """What npm prints; fails the test with it when npm fails."""
    done = subprocess.run(
        [str(NPM), "--loglevel=error", *arguments],
        cwd=EXTENSION,
        env=os.environ | {"PATH": PATH, "THANOSQL_TEST_PYTHON": sys.executable},
        capture_output=True,
        encoding="utf-8",
        timeout=800,
    )
    assert done.returncode == 0, f"npm {' '.join(arguments)}\n{done.stdout[-8000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def installed() -> None:
    """The packages of the lock file, installed unless they are already."""
    lock, mark = EXTENSION / "package-lock.json", EXTENSION / "node_modules" / ".package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        npm("ci", "--prefer-offline")


def test_the_extension_is_packed_and_passes_its_own_tests(installed: None) -> None:
    output = npm("test")
    counts = {name: int(count) for name, count in re.findall(r"^# (pass|fail|skipped) (\d+)$", output, re.M)}
    assert counts["pass"] > 50
    assert (counts["fail"], counts["skipped"]) == (0, 0), output[-8000:]
    assert list((EXTENSION / "dist").glob("thanosql-*.vsix"))
