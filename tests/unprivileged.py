"""Tests of what may not be read or written. Root may all the same: it runs them in a child that permissions hold for.

Such a test is marked ``@pytest.mark.unprivileged``.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile

import pytest

_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_IS_CHILD = "THANOSQL_TEST_UNPRIVILEGED"


def ran_in_child(test: pytest.Item) -> bool:
    """Run a test in a child that permissions hold for, if they do not here; skips where root cannot give that up."""
    if test.get_closest_marker("unprivileged") is None or _permissions_hold():
        return False
    assert _IS_CHILD not in os.environ, "permissions do not hold in the child either"
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", test.nodeid]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    try:
        done = subprocess.run(
            command,
            cwd=test.config.rootpath,
            env={**environment, _IS_CHILD: "1"},
            preexec_fn=_give_up,
            capture_output=True,
            text=True,
            check=False,
        )
    except subprocess.SubprocessError:
        pytest.skip("root reads everything and cannot give that up here: run the tests as another user")
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    return True


def _permissions_hold() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0)
        try:
            os.listdir(folder)
        except PermissionError:
            return True
        finally:
            os.chmod(folder, 0o700)
    return os.name != "posix"


def _give_up() -> None:
    libc = ctypes.CDLL(None)
    for right in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        if libc.prctl(_PR_CAPBSET_DROP, right, 0, 0, 0):
            raise OSError
