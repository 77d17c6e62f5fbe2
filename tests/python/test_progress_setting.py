"""``SET display.progress`` in Python, and where what it shows goes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import thanosql_kernel
from thanosql_kernel.jupyter import progress

STORE = "CREATE TABLE 사진 AS SELECT i AS id FROM range(300000) r(i)"
#: A script whose bars appear at once, as if everything took long.
SCRIPT = f"""
import sys
import thanosql_kernel
from thanosql_kernel.jupyter import progress

progress.DELAY_S = progress.INTERVAL_S = 0.0
with thanosql_kernel.connect(sys.argv[1]) as db:
    db.sql({STORE!r})
"""


@pytest.fixture
def db(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "DELAY_S", 0.0)
    monkeypatch.setattr(progress, "INTERVAL_S", 0.0)
    with thanosql_kernel.connect("db", working_folder=tmp_path) as connection:
        yield connection


@pytest.mark.parametrize("mode", ["auto", "text", "widget"])  # there is no notebook to draw a widget in
def test_work_is_one_line_where_stderr_is_no_terminal(db, capsys, mode):
    db.sql(f"SET display.progress = {mode}")
    db.sql(STORE)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("storing 사진 300,000 rows, ")
    assert "\r" not in line


def test_off_is_off_and_holds_until_it_is_changed(db, capsys):
    db.sql("SET display.progress = off")
    db.sql(STORE)
    db.sql("DROP TABLE 사진")
    db.sql(STORE)
    assert capsys.readouterr().err == ""
    db.sql(f"SET display.progress = DEFAULT; DROP TABLE 사진; {STORE}")
    assert capsys.readouterr().err.startswith("storing 사진 300,000 rows, ")


def test_progress_false_is_stronger_than_the_setting(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(progress, "DELAY_S", 0.0)
    with thanosql_kernel.connect("db", working_folder=tmp_path, progress=False) as db:
        db.sql(f"SET display.progress = text; {STORE}")
    assert capsys.readouterr().err == ""


def test_a_pipe_gets_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "db")],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
        check=True,
    )
    (line,) = done.stderr.splitlines()
    assert line.startswith("storing 사진 300,000 rows, ")
    assert done.stdout == ""


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_terminal_gets_a_line_that_rewrites_itself(tmp_path):
    pexpect = pytest.importorskip("pexpect", reason="pexpect is not installed: pip install -e '.[e2e]'")
    command = ["-c", SCRIPT, str(tmp_path / "db")]
    # Too narrow for everything: what wraps would not be written over.
    program = pexpect.spawn(sys.executable, command, dimensions=(24, 30), encoding="utf-8", timeout=60)
    written = program.read()
    states = written.rstrip().split("\r")[1:]
    assert len(states) > 3
    assert all(state.startswith("storing 사진 ") and len(state) < 30 for state in states)
    assert written.count("\n") == 1
