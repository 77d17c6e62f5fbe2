"""A process that was forked off one at work is told so, whatever it asks; neither of the two is harmed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PIL import Image

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")

_BEFORE = """
import os, sys
from thanosql_kernel import connect
from thanosql_kernel.errors import ThanoSQLError, Unsupported
"""

AT_WORK = (
    _BEFORE
    + """
base = connect("db", progress=False)
base.sql("CREATE TABLE 사진 AS SELECT i || '.png' AS image_path, i FROM range(3) r(i)")
base.sql("CONVERT USING mini AS SELECT * FROM 사진")
SEARCH = "SEARCH IMAGE text='빨강' USING mini AS SELECT * FROM 사진"
assert len(base.sql(SEARCH)) == 3
unread = base.sql("SELECT * FROM range(100000)")
child = os.fork()
if child == 0:
    for ask in (
        lambda: base.sql(SEARCH),
        lambda: base.sql("SELECT 1"),
        lambda: base.sql("DROP TABLE 사진"),
        lambda: unread.arrow(),
        lambda: len(unread),
        lambda: base.session.glance(SEARCH),
        lambda: base.session.catalog,
        lambda: connect("db"),
        lambda: connect("another"),
    ):
        try:
            ask()
        except Unsupported as error:
            assert error.code == "TS604" and 'multiprocessing.get_context("spawn")' in error.hint
            continue
        os._exit(1)
    base.close()
    sys.exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
assert len(base.sql(SEARCH)) == 3
base.close()
"""
)

BEFORE_WORK = (
    _BEFORE
    + """
child = os.fork()
with connect(f"db{child}", progress=False) as base:
    assert len(base.sql("SELECT * FROM range(3)")) == 3
if child:
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""
)

SPAWNED = """
import multiprocessing
from thanosql_kernel import connect

def count(database):
    with connect(database, progress=False) as base:
        return len(base.sql("SELECT * FROM t"))

if __name__ == "__main__":
    with connect("db", progress=False) as base:
        base.sql("CREATE TABLE t AS SELECT * FROM range(3)")
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            assert pool.map(count, ["db"]) == [3]
"""


@pytest.mark.e2e
@pytest.mark.parametrize("program", [AT_WORK, BEFORE_WORK, SPAWNED])
def test_who_forks_at_work_is_refused_and_who_spawns_or_forks_before_is_served(tmp_path, program):
    for number in range(3):
        Image.new("RGB", (64, 48), (80 * number, 0, 0)).save(tmp_path / f"{number}.png")
    (tmp_path / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr
