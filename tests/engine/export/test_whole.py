"""A file or folder is there whole or not at all, and nothing is left beside the user's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from thanosql_kernel.engine.export.formats import _connect
from thanosql_kernel.errors import Interrupted, ThanoSQLError

unix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")

#: Writes rows for ever and kills itself when it has begun.
_KILLED = """
import os, signal, sys, threading
from pathlib import Path
import thanosql_kernel
from thanosql_kernel.engine.session import Session
folder = Path(sys.argv[1])
asked = []
def cancelled():
    asked.append(None)
    if len(asked) > 30:
        os.kill(os.getpid(), signal.SIGKILL)
    return False
session = Session(folder / ".thanosql", working_folder=folder)
session.run(f"EXPORT SELECT range AS n, repeat('가', 500) AS s FROM range(1000000000) TO '{sys.argv[2]}'",
            emit=print, cancelled=cancelled)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="has no SIGKILL")
@pytest.mark.parametrize("name", ["큰.csv", "큰.json", "큰.parquet", "폴더/"])
def test_a_killed_export_leaves_nothing_beside_the_users_files(connection, tmp_path, beside, name):
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path), name], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert beside() == []
    connection.sql("EXPORT SELECT 1 AS n TO 'next.csv'")
    assert beside() == ["next.csv"]
    assert not list((tmp_path / ".thanosql").rglob("큰.*"))


@pytest.fixture
def pictures(connection, tmp_path):
    """A folder export of one picture, to be replaced."""
    Image.new("RGB", (4, 4), "red").save(tmp_path / "빨강.png")
    connection.sql("EXPORT SELECT '빨강.png' AS image_path TO 'best/'")
    return tmp_path / "best"


def test_a_second_rename_that_fails_gives_the_first_folder_back(connection, pictures, monkeypatch):
    before = sorted(path.name for path in pictures.iterdir())
    replace = os.replace

    def failing(source, target):
        if str(target) == str(pictures) and "old" not in str(source):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(ThanoSQLError, match="No space left"):
        connection.sql("EXPORT SELECT NULL AS image_path TO 'best/' OPTIONS(overwrite=True)")
    assert sorted(path.name for path in pictures.iterdir()) == before == ["0001_빨강.png", "rows.csv"]


def test_a_folder_that_a_killed_export_had_moved_away_is_given_back(
    connection, pictures, tmp_path, monkeypatch
):
    with monkeypatch.context() as patched:
        replace = os.replace

        def dying(source, target):
            if str(target) == str(pictures):
                raise KeyboardInterrupt  # as a kill: the next lines do not run
            replace(source, target)

        patched.setattr(os, "replace", dying)
        patched.setattr("shutil.rmtree", lambda *arguments, **options: None)
        with pytest.raises(KeyboardInterrupt):
            connection.sql("EXPORT SELECT NULL AS image_path TO 'best/' OPTIONS(overwrite=True)")
    assert not pictures.exists()
    connection.sql("EXPORT SELECT 1 AS n TO 'next.csv'")
    assert sorted(path.name for path in pictures.iterdir()) == ["0001_빨강.png", "rows.csv"]


@pytest.mark.parametrize("name", ["note.json", "lock.csv", "new.csv", "old.csv", "가" * 83 + ".csv"])
def test_names_of_all_kinds_can_be_written(connection, beside, name):
    connection.sql(f"EXPORT SELECT 1 AS n TO '{name}'")
    assert beside() == [name]


@pytest.mark.parametrize("name", ["가" * 90 + ".csv", "x/" * 3000 + "a.csv", "a\x00b.csv", "a" * 256 + "/"])
def test_a_name_that_no_file_can_have_is_refused(connection, beside, name):
    with pytest.raises(ThanoSQLError) as caught:
        connection.sql("EXPORT SELECT 1 AS n TO $name".replace("$name", f"'{name}'"))
    assert caught.value.code == "TS504"
    assert len(caught.value.message) < 200


def test_a_picture_with_the_longest_name_is_copied(connection, tmp_path):
    name = "가" * 83 + ".png"
    Image.new("RGB", (4, 4), "red").save(tmp_path / name)
    (result,) = [connection.sql(f"EXPORT SELECT '{name}' AS image_path TO 'best/'")]
    (copy,) = [path for path in (tmp_path / "best").iterdir() if path.suffix == ".png"]
    assert copy.read_bytes() == (tmp_path / name).read_bytes()
    assert copy.name.startswith("0001_가가")
    assert result is not None


@unix
def test_pipes_and_devices_are_never_replaced_nor_read(connection, tmp_path):
    os.mkfifo(tmp_path / "관.csv")
    os.mkfifo(tmp_path / "관.png")
    with pytest.raises(ThanoSQLError, match="pipe or device"):
        connection.sql("EXPORT SELECT 1 AS n TO '관.csv' OPTIONS(overwrite=True)")
    connection.sql("EXPORT SELECT '관.png' AS image_path TO 'best/'")
    assert [path.name for path in (tmp_path / "best").iterdir()] == ["rows.csv"]


def test_a_link_stays_and_what_it_leads_to_is_replaced(connection, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.csv").write_text("old")
    os.symlink(tmp_path / "real" / "a.csv", tmp_path / "a.csv")
    connection.sql("EXPORT SELECT 1 AS n TO 'a.csv' OPTIONS(overwrite=True)")
    assert (tmp_path / "a.csv").is_symlink()
    assert (tmp_path / "real" / "a.csv").read_text("utf-8-sig") == "n\n1\n"


@pytest.mark.parametrize("name", ["n.csv", "n.tsv", "n.json", "n.jsonl", "n.parquet", "n.html", "n/"])
def test_an_interrupt_leaves_nothing(connection, beside, name):
    asked: list[None] = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 40

    with pytest.raises(Interrupted):
        connection.session.run(
            f"EXPORT SELECT range AS n FROM range(1000000000) TO '{name}'",
            emit=lambda result: None,
            cancelled=cancelled,
        )
    assert beside() == []
    assert connection.sql("SELECT 1 AS n").arrow().to_pylist() == [{"n": 1}]


@pytest.mark.parametrize("name", ["n.csv", "n.json", "n.jsonl"])
def test_interrupts_at_any_moment_are_heard(connection, beside, name):
    for moment in range(20):
        moments = iter(range(moment))
        with pytest.raises(Interrupted):
            connection.session.run(
                f"EXPORT SELECT range AS n FROM range(1000000000) TO '{name}'",
                emit=lambda result: None,
                cancelled=lambda moments=moments: next(moments, None) is None,
            )
    assert beside() == []


def test_no_thread_of_duckdb_writes_behind_the_back_of_an_interrupt(tmp_path):
    with _connect(tmp_path) as writer:
        assert writer.sql("SELECT current_setting('async_threads')").fetchall() == [(0,)]


@pytest.fixture
def elsewhere(tmp_path):
    """A folder on another file system than the database's."""
    if not os.path.isdir("/dev/shm") or os.stat("/dev/shm").st_dev == os.stat(tmp_path).st_dev:
        pytest.skip("/dev/shm is no second file system here: set TMPDIR to a folder on a disk")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


def test_another_file_system_gets_whole_files_and_folders(connection, pictures, elsewhere):
    connection.sql(f"EXPORT SELECT 1 AS n TO '{elsewhere}/n.csv'")
    for _ in range(2):
        connection.sql(
            f"EXPORT SELECT '빨강.png' AS image_path TO '{elsewhere}/best/' OPTIONS(overwrite=True)"
        )
    assert sorted(path.name for path in elsewhere.rglob("*")) == [
        "0001_빨강.png",
        "best",
        "n.csv",
        "rows.csv",
    ]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="has no SIGKILL")
def test_what_a_killed_export_left_on_another_file_system_goes_with_the_next(connection, tmp_path, elsewhere):
    name = f"{elsewhere}/큰.csv"
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path), name], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert not (elsewhere / "큰.csv").exists()
    connection.sql("EXPORT SELECT 1 AS n TO 'next.csv'")
    assert list(elsewhere.iterdir()) == []
