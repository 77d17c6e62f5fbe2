"""A full or read-only disk: what was committed is done, what is there is read, and what cannot be written is told."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "soak"))
from full_disk import NoDisk, small_disk

from thanosql_kernel.catalog import store as catalog_store
from thanosql_kernel.catalog.store import read
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import DataError


@pytest.fixture
def full(photos, monkeypatch):
    """The photos, and no room for the catalogue from now on; `undo` on it makes room."""

    def refuse(path: Path, content: bytes, **_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(photos.session.database, "maintain", lambda *cancelled: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog_store, "replace_file", refuse)
        photos.undo = patch.undo
        yield photos


def test_a_commit_is_done_though_the_catalogue_has_no_room(full):
    before = len(full.rows("SELECT * FROM t"))
    full.run("INSERT INTO t BY NAME SELECT 99 AS id")
    assert len(full.rows("SELECT * FROM t")) == before + 1
    full.run("CREATE TABLE 새것 AS SELECT 1 AS a")
    full.run("ALTER TABLE 새것 RENAME TO 다른")
    assert full.rows("SELECT * FROM 다른") == [{"a": 1}]
    other = Session(full.session.location.uri, working_folder=full.folder)
    assert "다른" in other.catalog.tables
    other.close()


def test_the_catalogue_is_written_as_soon_as_there_is_room(full):
    full.run("CREATE TABLE 새것 AS SELECT 1 AS a")
    assert "새것" not in read(full.session.location.uri).tables
    full.undo()
    full.run("LIST TABLE")
    assert "새것" in read(full.session.location.uri).tables


def test_what_only_the_catalogue_holds_is_refused_then(full):
    with pytest.raises(DataError, match="disk is full"):
        full.run("CREATE VIEW v AS SELECT 1 AS a")
    with pytest.raises(DataError, match="disk is full"):
        full.run("DELETE MODEL mini")
    full.undo()
    full.run("CREATE VIEW v AS SELECT 1 AS a")


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), MemoryError()])
def test_a_disk_or_memory_that_is_full_is_no_bug_wherever_it_shows(photos, monkeypatch, error):
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Session, "_run", refuse)
    with pytest.raises(DataError) as caught:
        photos.run("SELECT 1")
    assert caught.value.code == "TS504"
    assert caught.value.hint


WRITES = (
    "INSERT INTO t VALUES (2, 'b')",
    "UPDATE t SET b = 'c'",
    "DELETE FROM t",
    "CREATE TABLE u AS SELECT 1 AS x",
    "COPY u FROM 'x.csv'",
    "DROP TABLE t",
    "ALTER TABLE t RENAME TO w",
    "ALTER TABLE t ADD COLUMN c INTEGER",
    "TRUNCATE t",
    "CREATE VIEW v AS SELECT 1 AS x",
    "DELETE MODEL mini",
    "VACUUM",
)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder with a database in ``db`` that nobody may write, root neither."""
    (tmp_path / "x.csv").write_text("x\n1\n", encoding="utf-8")
    try:
        with small_disk(tmp_path / "db"):
            session = Session(tmp_path / "db", working_folder=tmp_path)
            session.run("CREATE TABLE t AS SELECT 1 AS a, 'x' AS b", emit=lambda _: None)
            convert = (
                "CONVERT USING mini OPTIONS(text_col='b', result_col='v', table_name='s') AS SELECT * FROM t"
            )
            session.run(convert, emit=lambda _: None)
            session.close()
            subprocess.run(["mount", "-o", "remount,ro", str(tmp_path / "db")], check=True)
            yield tmp_path
    except NoDisk as error:
        pytest.skip(str(error))


def test_a_read_only_database_is_read_and_says_that_it_cannot_be_written(read_only):
    results: list = []
    session = Session(read_only / "db", working_folder=read_only)
    for cell in (
        "SELECT * FROM t",
        "LIST TABLE",
        "DESCRIBE t",
        "SELECT b, count(*) AS n FROM t GROUP BY b ORDER BY n",
        "SEARCH TEXT text='x' USING mini OPTIONS(emb_col='v') AS SELECT * FROM s",
    ):
        session.run(cell, emit=results.append)
    for cell in WRITES:
        with pytest.raises(DataError) as caught:
            session.run(cell, emit=results.append)
        assert caught.value.code == "TS504", (cell, caught.value)
        assert "written" in caught.value.message
    session.run("SELECT * FROM t", emit=results.append)
    assert results[0].rows.to_pylist() == results[-1].rows.to_pylist() == [{"a": 1, "b": "x"}]
    session.close()
