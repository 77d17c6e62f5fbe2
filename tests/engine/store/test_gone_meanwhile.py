"""Kernels that drop, rename, make and read the same tables at once: ordinary errors, and nothing comes back from the dead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.store.lance import Store


@pytest.fixture
def other(photos):
    """Another kernel over the same database."""
    session = Session(photos.session.location.uri, working_folder=photos.folder)
    yield lambda cell: session.run(cell, emit=lambda result: None)
    session.close()


def before(monkeypatch, method, act):
    """Let the other kernel act just before a method of the store runs for the first time."""
    real, done = getattr(Store, method), []

    def overtaken(self, *args, **options):
        if not done:
            done.append(None)
            act()
        return real(self, *args, **options)

    monkeypatch.setattr(Store, method, overtaken)
    return done


READING = ["SELECT * FROM t", "SELECT id + 1 AS x FROM t", "SHOW VERSIONS t"]
WRITE = [
    "INSERT INTO t (id) VALUES (9)",
    "UPDATE t SET id = 0 WHERE id = 1",
    "DELETE FROM t",
    "DROP TABLE t",
    "ALTER TABLE t RENAME TO 새것",
    "ALTER TABLE t DROP COLUMN label",
    "CREATE OR REPLACE TABLE t AS SELECT id FROM t",
    "RESTORE t TO VERSION 1",
]


@pytest.mark.parametrize("theirs", ["DROP TABLE t", "ALTER TABLE t RENAME TO 옛것"])
@pytest.mark.parametrize(
    ("statement", "method"),
    [*((cell, "open") for cell in READING), *((cell, "writing") for cell in WRITE)],
)
def test_a_table_that_goes_away_while_a_statement_begins_is_unknown(
    photos, other, monkeypatch, statement, theirs, method
):
    photos.run("LIST TABLE")
    reached = before(monkeypatch, method, lambda: other(theirs))
    assert photos.fail(statement).code == "TS201"
    assert reached
    assert "t" not in photos.session.catalog.tables


@pytest.mark.parametrize("made_anew", [False, True])
def test_a_table_that_goes_away_while_it_is_read_is_read_as_it_is_then(photos, other, monkeypatch, made_anew):
    from thanosql_kernel.engine.relations.stored import StoredRelation

    real, done = StoredRelation.register, []

    def registered(self, duck, name):
        real(self, duck, name)
        if not done:
            done.append(None)
            other("DROP TABLE t")
            if made_anew:
                other("CREATE TABLE t AS SELECT 77 AS id")

    monkeypatch.setattr(StoredRelation, "register", registered)
    if made_anew:
        assert photos.rows("SELECT id + 1 AS x FROM t") == [{"x": 78}]
    else:
        assert photos.marked("SELECT id + 1 AS x FROM t") == ("TS201", "t")


def test_drop_if_exists_of_what_somebody_else_has_dropped_is_no_error(photos, other, monkeypatch):
    before(monkeypatch, "writing", lambda: other("DROP TABLE t"))
    assert "nothing was done" in photos.run("DROP TABLE IF EXISTS t")[0].text


def test_a_new_name_that_somebody_else_takes_meanwhile_is_taken(photos, other, monkeypatch):
    before(monkeypatch, "writing", lambda: other("CREATE TABLE 새것 AS SELECT 5 AS x"))
    assert photos.fail("ALTER TABLE t RENAME TO 새것").code == "TS204"
    assert photos.rows("SELECT * FROM 새것") == [{"x": 5}]
    assert len(photos.rows("SELECT * FROM t")) == 6


def test_a_new_name_that_another_program_takes_at_the_last_moment_is_taken(photos, monkeypatch):
    import lancedb

    theirs = lancedb.connect(photos.session.location.uri)
    before(monkeypatch, "rename", lambda: theirs.create_table("new", pa.table({"x": [5]})))
    assert photos.fail("ALTER TABLE t RENAME TO new").code == "TS204"
    assert photos.rows("SELECT * FROM new") == [{"x": 5}]
    assert len(photos.rows("SELECT * FROM t")) == 6


PROGRAM = """
import random, sys
from pathlib import Path
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError
folder, seed = Path(sys.argv[1]), int(sys.argv[2])
session, choose = Session(folder / "db", working_folder=folder), random.Random(seed)
cells = [
    "CREATE OR REPLACE TABLE 표 AS SELECT range AS n, 'x' AS s FROM range(100)",
    "CREATE TABLE u AS SELECT range AS n, 'y' AS s FROM range(10)",
    "DROP TABLE 표", "DROP TABLE IF EXISTS u",
    "ALTER TABLE 표 RENAME TO u", "ALTER TABLE u RENAME TO 표",
    "INSERT INTO 표 VALUES (1, 'z')", "INSERT INTO u SELECT n, s FROM 표",
    "SELECT n + 1 AS m FROM 표 WHERE n > 3", "SELECT count(*) AS c FROM 표 JOIN u ON 표.n = u.n", "SELECT * FROM u",
    "UPDATE 표 SET n = n + 1 WHERE n < 5", "DELETE FROM u WHERE n = 3",
    "CONVERT USING mini OPTIONS(text_col='s') AS SELECT * FROM 표 LIMIT 2",
    "LIST TABLE", "SHOW VERSIONS 표", "SELECT 1 AS one",
]
odd = []
for _ in range(80):
    cell = choose.choice(cells)
    try:
        session.run(cell, emit=lambda result: None)
    except ThanoSQLError as error:
        if error.code not in ("TS201", "TS202", "TS204", "TS503"):
            odd.append((cell, error.code, error.message, error.hint))
print(odd)
"""


@pytest.mark.e2e
def test_two_processes_that_make_drop_rename_change_and_read_at_once_meet_ordinary_errors(world):
    command = [sys.executable, "-c", PROGRAM, str(world.folder)]
    processes = [
        subprocess.Popen([*command, str(seed)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for seed in (1, 2)
    ]
    told = [process.communicate(timeout=300) for process in processes]
    assert [output.strip() for output, _ in told] == ["[]", "[]"], told
    assert not list(Path(world.session.location.uri).glob("*.tmp"))
    for table in world.session.catalog.tables.values():
        assert len(world.rows(f'SELECT * FROM "{table.name}"')) <= table.rows
