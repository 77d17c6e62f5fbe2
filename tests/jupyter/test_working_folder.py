"""The kernel answers wherever it works: folders that are gone, that may not be read, whose disk is dead."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from thanosql_kernel import files
from thanosql_kernel.catalog import Catalog
from thanosql_kernel.catalog.location import find_database
from thanosql_kernel.catalog.store import CatalogFile
from thanosql_kernel.files import Disk, working_folder
from thanosql_kernel.jupyter import assist, kernel
from thanosql_kernel.jupyter.history import History

needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")


@pytest.fixture
def vanished(tmp_path, monkeypatch):
    """The working folder, removed after it was known."""
    folder = tmp_path / "사라진 폴더"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(files, "_worked_in", None)
    assert working_folder() == folder
    folder.rmdir()
    yield folder
    os.chdir(tmp_path)


def answers():
    """What a page asks of a kernel."""
    assert kernel._banner().startswith("ThanoSQL Kernel")
    assert "SELECT" in assist.complete("SEL", 3)["matches"]
    assert assist.complete("COPY t FROM 'a", 14)["status"] == "ok"
    assert assist.inspect("CONVERT USING mini AS SELECT 1", 3)["found"]
    history = History(kernel._database_folder())
    with contextlib.suppress(OSError):
        history.add(1, "SELECT 1")
    history.tail(1)


def test_all_is_answered_in_a_folder_that_is_gone(vanished):
    answers()
    assert not vanished.exists()


def test_a_folder_that_was_made_anew_is_worked_in(vanished):
    vanished.mkdir()
    assert working_folder() == vanished
    (vanished / "a.csv").touch()
    assert assist.complete("COPY t FROM 'a", 14)["matches"] == ["a.csv"]


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="this system does not tell")
def test_where_a_process_was_started_is_known_although_it_was_gone_by_then(vanished, monkeypatch):
    monkeypatch.setattr(files, "_worked_in", None)
    assert working_folder() == vanished


_UNPRIVILEGED = """
import os, sys
folder, code = sys.argv[1:]
os.chdir(folder)
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
exec(compile(code, "test", "exec"))
"""


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o000, 0o111, 0o444, 0o555])
def test_all_is_answered_in_a_folder_that_may_not_be_read_or_written(tmp_path, mode):
    folder = tmp_path / "zu"
    folder.mkdir()
    (folder / ".thanosql").mkdir(mode=0o000)
    code = (
        "from thanosql_kernel.jupyter import assist, kernel\n"
        "assert kernel._banner().startswith('ThanoSQL Kernel')\n"
        "assert 'SELECT' in assist.complete('SEL', 3)['matches']\n"
        "assert assist.complete(\"COPY t FROM 'a\", 14)['status'] == 'ok'\n"
        "kernel._database_folder()\n"
    )
    # Modules are imported before the rights are given up: who owns the checkout need not let others in.
    code = (
        f"import thanosql_kernel.jupyter.kernel, thanosql_kernel.jupyter.assist as a; a.warm()\n{_UNPRIVILEGED}",
        code,
    )
    folder.chmod(mode)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code[0], str(folder), code[1]], capture_output=True, text=True, check=False
        )
    finally:
        folder.chmod(0o700)
    assert done.returncode == 0, done.stderr


@needs_fifo
@pytest.mark.parametrize("name", ["catalog.json", "history.jsonl"])
def test_a_pipe_in_the_database_is_not_waited_for(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("THANOSQL_DATABASE", raising=False)
    CatalogFile(find_database(tmp_path).internal).write(Catalog())
    place = find_database(tmp_path).internal / name
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    answers()


def test_a_history_that_is_a_link_writes_nothing_elsewhere(tmp_path):
    (tmp_path / "internal").mkdir()
    (tmp_path / "theirs").write_text("theirs\n")
    (tmp_path / "internal" / "history.jsonl").symlink_to(tmp_path / "theirs")
    with contextlib.suppress(OSError):
        History(tmp_path / "internal").add(1, "SELECT 1")
    assert (tmp_path / "theirs").read_text() == "theirs\n"


def test_a_cell_with_rare_line_breaks_and_half_a_letter_is_remembered(tmp_path):
    code = "SELECT 'a\u2028b\x85c'\nFROM t -- \ud83d"
    History(tmp_path).add(1, code)
    (found,) = History(tmp_path).tail(9)
    assert found.code == code.replace("\ud83d", "?")
    assert len((tmp_path / "history.jsonl").read_bytes().splitlines()) == 1


def test_a_dead_disk_does_not_keep_a_page_waiting(tmp_path, monkeypatch):
    gone = threading.Event()
    dead = Disk(patience_s=0.01)
    monkeypatch.chdir(tmp_path)
    for module in (kernel, assist):
        monkeypatch.setattr(module, "disk", dead)
    monkeypatch.setattr(kernel, "find_database", lambda folder: gone.wait())
    monkeypatch.setattr("thanosql_kernel.catalog.location.find_database", lambda folder: gone.wait())
    monkeypatch.setattr(kernel, "banner", lambda folder: gone.wait())
    try:
        answers()
    finally:
        gone.set()


def test_a_catalogue_nested_without_end_is_no_catalogue(tmp_path):
    (tmp_path / "catalog.json").write_text("[" * 100_000)
    assert CatalogFile(tmp_path).read() is None


_STATEMENTS = """
import os, sys
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError
os.chdir(sys.argv[1] + "-first")
first = Session()
for text in ("CREATE TABLE t AS SELECT 1 AS a", "SELECT * FROM t", "SELECT * FROM nothing", "EXPORT t TO 'x.csv'"):
    try:
        first.run(text, emit=repr)
    except ThanoSQLError:
        pass
first.close()
os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
session = Session()
told = []
for text in ("SELECT 42 AS a", "SELECT * FROM t", "CREATE TABLE u AS SELECT 1 AS a", "EXPORT SELECT 1 AS a TO 'x.csv'"):
    try:
        session.run(text, emit=lambda result: told.append(str(result.rows.to_pylist())))
    except ThanoSQLError as error:
        told.append(error.code)
        print(error, error.hint, file=sys.stderr)
print(*told, sep=" | ", flush=True)
os._exit(0)
"""


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize(
    ("mode", "has_database", "told"),
    [
        (0o000, True, "[{'a': 42}] | TS501 | TS501 | TS504"),
        (0o555, True, "[{'a': 42}] | TS501 | TS501 | TS504"),
        (0o555, False, "[{'a': 42}] | TS201 | TS504 | TS504"),
    ],
)
def test_statements_say_what_may_not_be_read_or_written_and_the_others_run(
    tmp_path, mode, has_database, told
):
    folder = tmp_path / "작업"
    folder.mkdir()
    Path(f"{folder}-first").mkdir()
    if has_database:
        (folder / ".thanosql").mkdir(mode=0o000)
    for parent in folder.parents:
        if parent.is_relative_to(tempfile.gettempdir()) and not parent.stat().st_mode & 0o001:
            parent.chmod(0o755)  # another user has to get there
    folder.chmod(mode)
    environment = {name: value for name, value in os.environ.items() if name != "THANOSQL_DATABASE"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _STATEMENTS, str(folder)],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
    finally:
        folder.chmod(0o700)
    assert done.stdout.strip() == told, done.stderr
