"""Tables: one commit a statement, nothing half-written, nothing lost between processes, names of any script."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import lance
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thanosql_kernel.catalog.location import locate
from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.store.failures import Conflict, storage_errors
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.names import column_problem, storable_column, storage_name, user_name
from thanosql_kernel.errors import DataError, Unsupported
from thanosql_kernel.sql.identifiers import unique_names


@given(st.text(min_size=1, max_size=40))
def test_a_table_name_comes_back_from_its_storage_name(name):
    storage = storage_name(name)
    assert storage.isascii()
    assert user_name(storage) == name
    assert all(char.isalnum() or char in "_-." for char in storage)


@given(st.text(max_size=20))
def test_any_column_name_can_be_made_storable(name):
    assert column_problem(storable_column(name)) is None


def test_unique_names_ignore_letter_case():
    assert unique_names(["a", "A", "b", "a_1", "a"]) == ["a", "A_1", "b", "a_1_1", "a_2"]


@pytest.mark.parametrize("name", ["사진", "my table", "a/b", "..", "x.lance", "Ünïcode", "🐈", "select"])
def test_tables_of_any_name_are_stored_read_renamed_and_dropped(world, name):
    world.put(name, pa.table({"x": [1, 2]}))
    assert world.rows(f'SELECT * FROM "{name}"') == [{"x": 1}, {"x": 2}]
    assert Session(world.session.location.uri).catalog.tables.keys() == {name}
    world.run(f'ALTER TABLE "{name}" RENAME TO 새것; DROP TABLE 새것')
    assert not world.session.catalog.tables


def test_lancedb_itself_opens_the_tables(world):
    import lancedb

    world.put("t", pa.table({"x": [1, 2]}))
    assert lancedb.connect(world.session.location.uri).open_table("t").count_rows() == 2


def test_a_table_that_another_program_wrote_appears(world):
    import lancedb

    world.put("mine", pa.table({"x": [1]}))
    other = lancedb.connect(world.session.location.uri)
    other.create_table("other.table", pa.table({"y": ["a"]}))
    assert world.rows('SELECT * FROM "other.table"') == [{"y": "a"}]
    other.open_table("mine").add(pa.table({"x": [2]}))
    assert world.rows("SELECT sum(x)::INT AS s FROM mine") == [{"s": 3}]
    assert world.session.catalog.table("mine").rows == 2
    other.drop_table("mine")
    assert world.marked("SELECT * FROM mine") == ("TS201", "mine")


def test_internal_tables_are_hidden_and_their_names_refused(world):
    world.session.database.tables.store.append("_thanosql_things", pa.table({"x": [1]}))
    assert not world.session.catalog.tables
    assert world.marked("CREATE TABLE _thanosql_things AS SELECT 1 AS x") == ("TS206", "_thanosql_things")


@pytest.mark.parametrize("column", ["a.b", "_rowid", "a`b"])
def test_column_names_that_lancedb_refuses_are_refused_before_anything_is_written(world, column):
    assert world.marked(f'CREATE TABLE t AS SELECT 1 AS "{column}"')[0] == "TS206"
    assert not world.session.catalog.tables


def test_looking_at_a_database_does_not_make_it(world):
    assert world.rows("SELECT 1 AS x") == [{"x": 1}]
    assert world.run("LIST TABLE")[0].total == 0
    assert not Path(world.session.location.uri, "t.lance").exists()


def test_a_write_that_fails_leaves_the_old_table_and_no_new_one(world):
    world.put("t", pa.table({"x": ["1", "2", "no"]}))
    assert world.marked("CREATE OR REPLACE TABLE t AS SELECT CAST(x AS INT) AS x FROM t")[0] == "TS301"
    assert len(world.rows("SELECT * FROM t")) == 3
    world.fail("CREATE TABLE u AS SELECT CAST(x AS INT) AS x FROM t")
    assert world.session.catalog.tables.keys() == {"t"}
    world.run("CREATE TABLE u AS SELECT 1 AS x")
    assert world.rows("SELECT * FROM u") == [{"x": 1}]


def test_an_overtaken_overwrite_is_refused_by_the_store(tmp_path):
    store = Store(locate(tmp_path / "db"))
    version = store.create("t", pa.table({"x": [1]}).to_reader()).version
    store.append("t", pa.table({"x": [2]}))
    with pytest.raises(Conflict):
        store.replace("t", pa.table({"x": [3]}).to_reader(), read_version=version)
    assert store.open("t").count_rows() == 2


def test_a_statement_that_was_overtaken_reads_again(world, monkeypatch):
    world.put("t", pa.table({"x": [1]}))
    store = world.session.database.tables.store
    commit, overtaken = store.commit_update, []

    def commit_late(dataset, changed, fields):
        if not overtaken:
            overtaken.append(dataset)
            import lance

            lance.write_dataset(
                pa.table({"x": [2]}), os.path.join(store.location.uri, "t.lance"), mode="append"
            )
        return commit(dataset, changed, fields)

    monkeypatch.setattr(store, "commit_update", commit_late)
    world.run("UPDATE t SET x = x * 10")
    assert [row["x"] for row in world.rows("SELECT x FROM t ORDER BY x")] == [10, 20]


def test_replacing_a_table_by_itself_sees_rows_that_came_meanwhile(world, monkeypatch):
    world.put("t", pa.table({"x": [1]}))
    tables, open_table, overtaken = world.session.database.tables, world.session.database.tables.open, []

    def rows_then_append(name):
        found = open_table(name)
        if not overtaken:
            overtaken.append(name)
            tables.store.append("t", pa.table({"x": [2]}))
        return found

    monkeypatch.setattr(tables, "open", rows_then_append)
    world.run("CREATE OR REPLACE TABLE t AS SELECT x + 1 AS x FROM t")
    assert [row["x"] for row in world.rows("SELECT x FROM t ORDER BY x")] == [2, 3]


def test_wide_tables_are_written_as_a_stream(world):
    world.run("CREATE TABLE big AS SELECT range AS id, repeat('x', 100) AS s FROM range(300000)")
    assert world.session.catalog.table("big").rows == 300000
    world.run("CREATE OR REPLACE TABLE big AS SELECT id FROM big WHERE id % 2 = 0")
    assert world.rows("SELECT count(*) AS n, max(id) AS m FROM big") == [{"n": 150000, "m": 299998}]


def test_databases_that_are_no_folder_are_refused_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    session = Session(tmp_path / "file", working_folder=tmp_path)
    with pytest.raises(DataError) as caught:
        session.run("CREATE TABLE t AS SELECT 1 AS x", emit=print)
    assert caught.value.code == "TS504"
    with pytest.raises(Unsupported):
        Session("db://somewhere", working_folder=tmp_path)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied"), "cannot be written"),
        (OSError("LanceError(IO): No space left on device (os error 28)"), "disk is full"),
        (OSError(30, "Read-only file system"), "cannot be written"),
    ],
)
def test_what_the_disk_refuses_is_ts504(error, words):
    with pytest.raises(DataError, match=words) as caught, storage_errors():
        raise error
    assert caught.value.code == "TS504"


@pytest.mark.parametrize(
    "cell",
    [
        "CREATE OR REPLACE TABLE t AS SELECT 5 AS x",
        "DELETE FROM t WHERE x = 1",
        "ALTER TABLE t RENAME COLUMN x TO y",
        "RESTORE t TO VERSION 1",
    ],
)
def test_a_commit_that_the_disk_refuses_is_not_taken_for_somebody_elses(world, monkeypatch, cell):
    world.run("CREATE TABLE t AS SELECT range AS x FROM range(3); INSERT INTO t VALUES (9)")

    def full(*arguments, **options):
        raise OSError("LanceError(IO): No space left on device (os error 28)")

    monkeypatch.setattr(lance.LanceDataset, "commit", full)
    monkeypatch.setattr(lance.LanceDataset, "restore", full)
    error = world.fail(cell)
    assert (error.code, error.message) == ("TS504", "the disk is full")
    monkeypatch.undo()
    assert [row["x"] for row in world.rows("SELECT x FROM t")] == [0, 1, 2, 9]


# -- other processes -----------------------------------------------------------------------------------------------
PROLOGUE = """
import os, sys
from pathlib import Path
from thanosql_kernel.engine.session import Session
folder = Path(sys.argv[1])
session = Session(folder / "db", working_folder=folder)
def run(cell):
    session.run(cell, emit=lambda result: None)
"""


def start(folder: Path, code: str) -> subprocess.Popen[bytes]:
    program = PROLOGUE + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors.decode()


@pytest.mark.e2e
def test_two_processes_that_append_update_and_delete_at_once_lose_nothing(world):
    world.put("t", pa.table({"who": pa.array(["start"]), "n": pa.array([0]), "hits": pa.array([0])}))
    code = """
    me = {me!r}
    for n in range(6):
        run(f"INSERT INTO t VALUES ('{{me}}', {{n}}, 0)")
        run("UPDATE t SET hits = hits + 1 WHERE who = 'start'")
        run(f"INSERT INTO t VALUES ('{{me}}-gone', {{n}}, 0); DELETE FROM t WHERE who = '{{me}}-gone'")
    """
    for process in [start(world.folder, code.format(me=me)) for me in ("a", "b")]:
        finish(process)
    assert world.rows("SELECT who, count(*) AS n FROM t GROUP BY 1 ORDER BY 1") == [
        {"who": "a", "n": 6},
        {"who": "b", "n": 6},
        {"who": "start", "n": 1},
    ]
    assert world.rows("SELECT hits FROM t WHERE who = 'start'") == [{"hits": 12}]


@pytest.mark.e2e
def test_two_processes_that_make_the_same_table_leave_one_of_the_two(world):
    code = "run(\"CREATE OR REPLACE TABLE t AS SELECT '{me}' AS who FROM range(1000)\")"
    for process in [start(world.folder, code.format(me=me)) for me in ("a", "b")]:
        finish(process)
    assert world.rows("SELECT count(*) AS n, count(DISTINCT who) AS who FROM t") == [{"n": 1000, "who": 1}]


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.e2e
def test_a_killed_writer_leaves_the_old_table_or_none(world, existing):
    """The writer says when its stream has begun and then stands still, so that the kill falls in the middle."""
    if existing:
        world.put("t", pa.table({"x": [1, 2, 3]}))
    code = """
    import pyarrow as pa
    from thanosql_kernel.engine.store.stream import CountedStream
    generate = CountedStream._generate
    def slowly(self):
        for number, batch in enumerate(generate(self)):
            yield batch
            if number == 100:
                print("begun", flush=True)
                sys.stdin.read()
    CountedStream._generate = slowly
    run("CREATE OR REPLACE TABLE t AS SELECT range AS x, repeat('x', 2000) AS s FROM range(2000000)")
    """
    program = PROLOGUE + textwrap.dedent(code)
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(world.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    fresh = Session(world.session.location.uri, working_folder=world.folder)
    assert [table.rows for table in fresh.catalog.tables.values()] == ([3] if existing else [])
    world.run("CREATE OR REPLACE TABLE t AS SELECT 7 AS x")
    assert world.rows("SELECT * FROM t") == [{"x": 7}]


@pytest.mark.e2e
def test_a_full_disk_is_told_in_one_sentence_and_leaves_the_old_table(world):
    world.put("t", pa.table({"x": [1]}))
    code = """
    import resource, signal
    from thanosql_kernel.errors import ThanoSQLError
    run("SELECT * FROM t")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    try:
        run("CREATE OR REPLACE TABLE t AS SELECT uuid() || uuid() AS x FROM range(200000)")
    except ThanoSQLError as error:
        assert error.code == "TS504", error.render()
    else:
        raise AssertionError("the limit was not reached")
    """
    finish(start(world.folder, code))
    assert world.rows("SELECT * FROM t") == [{"x": 1}]
