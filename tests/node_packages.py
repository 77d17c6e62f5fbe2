"""npm for tests of what is written in TypeScript: found where the project puts it, its packages installed once."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

#: `make node` installs Node.js beside this Python where the system has none.
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
NODE, NPM = (shutil.which(name, path=PATH) for name in ("node", "npm"))
OLDEST_NODE = 20
_NO_REGISTRY = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|ENOTCACHED")
#: A test that failed, in the output of Node.js's runner, with what it says of it.
_FAILURE = re.compile(r"^ *not ok .*\n(?: +---\n(?:.*\n)*? +\.\.\.\n)?", re.M)


def _node_version() -> int:
    """The major version of Node.js; 0 where there is none."""
    if NODE is None:
        return 0
    printed = subprocess.run([NODE, "--version"], capture_output=True, encoding="utf-8", timeout=60).stdout
    found = re.match(r"v(\d+)", printed)
    return int(found[1]) if found else 0


needs_node = pytest.mark.skipif(
    NPM is None or _node_version() < OLDEST_NODE,
    reason=f"no npm with Node.js {OLDEST_NODE} or later here: make node",
)


def run(folder: Path, *command: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """What a program of Node.js does in ``folder``, however it ends."""
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PATH": PATH, "THANOSQL_TEST_PYTHON": sys.executable},
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=800,
    )


def npm(folder: Path, *arguments: str) -> str:
    """What npm prints; fails the test with it when npm fails."""
    done = run(folder, str(NPM), "--loglevel=error", *arguments)
    said = _FAILURE.findall(done.stdout) or [done.stdout[-8000:]]
    assert done.returncode == 0, "\n".join([f"npm {' '.join(arguments)}", *said, done.stderr[-4000:]])
    return done.stdout


def install(folder: Path) -> None:
    """Install the packages of the lock file, unless they are already; skips where they cannot be had."""
    lock, mark = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if mark.exists() and mark.stat().st_mtime >= lock.stat().st_mtime:
        return
    done = run(folder, str(NPM), "--loglevel=error", "ci", "--prefer-offline")
    if _NO_REGISTRY.search(done.stderr):
        pytest.skip(
            f"the packages of {lock} cannot be had: no registry of npm in reach, connect or set npm's registry"
        )
    assert done.returncode == 0, done.stderr[-4000:]
