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
_CANNOT = 77
_IS_CHILD = "THANOSQL_TEST_UNPRIVILEGED"


def ran_in_child(test: pytest.Item) -> bool:
    """Run a test in a child that permissions hold for, if they do not here; skips where root cannot give that up."""
    if test.get_closest_marker("unprivileged") is None or _permissions_hold():
        return False
    assert _IS_CHILD not in os.environ, "permissions do not hold in the child either"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, __file__, "-p", "no:xdist", "-p", "no:cacheprovider", test.nodeid],
        cwd=test.config.rootpath,
        env={**environment, _IS_CHILD: "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == _CANNOT:
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


def _gave_up() -> bool:
    """Give up the rights of whatever program this process becomes."""
    drop = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
    rights = (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH)
    return drop is not None and not any(drop(_PR_CAPBSET_DROP, right, 0, 0, 0) for right in rights)


if __name__ == "__main__":
    if not _gave_up():
        sys.exit(_CANNOT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *sys.argv[1:]])
