"""Cells: results in order, the first error stops, nothing half-run, two threads take turns, bugs are logged."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from thanosql_kernel import interrupts
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import Interrupted, ThanoSQLError
from thanosql_kernel.interrupts import run_interruptibly
from thanosql_kernel.models.spec import builtin_models
from thanosql_kernel.statements.results import Message, TableResult


def test_each_statements_result_is_given_in_order(world):
    results = world.run("CREATE TABLE t AS SELECT 1 AS x; SELECT * FROM t; -- done\nDROP TABLE t;")
    assert [type(result) for result in results] == [Message, TableResult, Message]


@pytest.mark.parametrize("cell", ["", "  \n", "-- nothing", "/* nothing */ ;", ";;"])
def test_cells_without_a_statement_give_nothing(world, cell):
    assert world.run(cell) == []


def test_the_first_error_stops_the_cell_and_what_ran_stays(world):
    results = []
    cell = "CREATE TABLE a AS SELECT 1 AS x; SELECT * FROM nowhere; CREATE TABLE b AS SELECT 1 AS x"
    with pytest.raises(ThanoSQLError) as caught:
        world.session.run(cell, emit=results.append)
    assert cell[slice(*caught.value.span)] == "nowhere"
    assert len(results) == 1
    assert world.session.catalog.tables.keys() == {"a"}


def test_a_cell_that_does_not_parse_runs_nothing(world):
    world.fail("CREATE TABLE a AS SELECT 1 AS x; SELEC * FROM a")
    assert not world.session.catalog.tables


def test_a_new_database_knows_the_models_that_come_with_the_package(world):
    assert world.session.catalog.models.keys() == builtin_models().keys()


def test_a_preview_shows_the_first_rows_and_the_total(world):
    world.run("CREATE TABLE t AS SELECT range AS x FROM range(1000)")
    (result,) = world.run("SELECT * FROM t")
    assert (result.rows.num_rows, result.total) == (20, 1000)
    assert result.rows.column("x").to_pylist() == list(range(20))


def test_a_damaged_catalogue_is_rebuilt_from_the_tables(world):
    world.run("CREATE TABLE 사진 AS SELECT 1 AS x")
    path = Path(world.session.location.uri, "_thanosql", "catalog.json")
    path.write_text("{ half")
    fresh = Session(world.session.location.uri)
    assert fresh.catalog.tables.keys() == {"사진"}
    assert fresh.catalog.models.keys() == builtin_models().keys()


def test_a_session_sees_what_another_changed(world):
    other = Session(world.session.location.uri, working_folder=world.folder)
    world.run("CREATE TABLE t AS SELECT 1 AS x")
    assert other.catalog.table("t").rows == 1
    other.run("INSERT INTO t VALUES (2); ALTER TABLE t ADD COLUMN y VARCHAR", emit=lambda result: None)
    assert world.rows("SELECT * FROM t") == [{"x": 1, "y": None}, {"x": 2, "y": None}]
    other.run("DROP TABLE t; CREATE TABLE t AS SELECT 'a' AS z", emit=lambda result: None)
    assert world.rows("SELECT * FROM t") == [{"z": "a"}]


def test_threads_take_turns(world):
    world.run("CREATE TABLE t AS SELECT 0 AS x")
    errors: list[Exception] = []

    def work(number: int) -> None:
        try:
            for _ in range(3):
                world.run(f"INSERT INTO t VALUES ({number}); UPDATE t SET x = x + 0; SELECT count(*) FROM t")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert world.rows("SELECT count(*) AS n FROM t") == [{"n": 10}]


def test_waiting_for_another_cell_can_be_interrupted(world):
    with world.session._turn, pytest.raises(Interrupted):
        world.run("SELECT 1", cancelled=lambda: True)
    assert world.run("SELECT 1")[0].total == 1


def test_an_interrupt_between_statements_stops_the_cell(world):
    done = []
    with pytest.raises(Interrupted):
        world.session.run(
            "CREATE TABLE a AS SELECT 1 AS x; CREATE TABLE b AS SELECT 1 AS x",
            emit=done.append,
            cancelled=lambda: bool(done),
        )
    assert world.session.catalog.tables.keys() == {"a"}


def test_an_interrupted_write_leaves_the_old_table(world):
    world.run("CREATE TABLE t AS SELECT 1 AS x")
    asked: list[None] = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 8

    with pytest.raises(Interrupted):
        world.run(
            "CREATE OR REPLACE TABLE t AS SELECT a.range * b.range AS x FROM range(100000) a, range(100000) b",
            cancelled=cancelled,
        )
    assert world.rows("SELECT * FROM t") == [{"x": 1}]


def test_a_bug_is_told_in_one_line_and_logged_without_the_cell(world, monkeypatch):
    def break_down(self, relation):
        raise RuntimeError("boom")

    monkeypatch.setattr("thanosql_kernel.engine.runtime.StatementRuntime.preview", break_down)
    error = world.fail("SELECT 'API_TOKEN=hunter2' AS secret")
    assert error.code == "TS900"
    assert "boom" in error.message
    log = Path(world.session.location.uri, "_thanosql", "log", "errors.log")
    assert str(log) in (error.hint or "")
    assert "RuntimeError: boom" in log.read_text()
    assert "hunter2" not in log.read_text()


def test_a_token_line_is_in_no_file_and_no_output(world):
    results = world.run("%load_ext thanosql\n%thanosql API_TOKEN=hunter2\nCREATE TABLE t AS SELECT 1 AS x")
    assert "hunter2" not in repr(results)
    for path in Path(world.session.location.uri).rglob("*"):
        assert path.is_dir() or b"hunter2" not in path.read_bytes()


def test_work_is_waited_for_and_its_errors_come_through():
    assert run_interruptibly(lambda: 7, check=interrupts.never) == 7
    with pytest.raises(KeyError):
        run_interruptibly(lambda: {}["x"], check=interrupts.never)


def test_cancelled_work_has_ended_when_the_interrupt_is_raised():
    stop, ended = threading.Event(), []

    def work() -> None:
        stop.wait(30)
        ended.append(None)

    def check() -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        run_interruptibly(work, check=check, cancel=stop.set)
    assert ended == [None]


def test_a_session_starts_light_and_a_first_select_loads_no_model():
    code = """
import sys, tempfile
from pathlib import Path
from thanosql_kernel.engine.session import Session
heavy = ("lancedb", "lance", "pyarrow", "duckdb", "torch", "onnxruntime", "sentence_transformers", "pandas")
folder = Path(tempfile.mkdtemp())
session = Session(folder / "db", working_folder=folder)
session.catalog
print([name for name in heavy if name in sys.modules])
session.run("CREATE TABLE t AS SELECT 1 AS x; SELECT * FROM t", emit=lambda result: None)
print([name for name in ("torch", "onnxruntime", "sentence_transformers", "lancedb") if name in sys.modules])
"""
    lines = subprocess.check_output([sys.executable, "-c", code], text=True).splitlines()
    assert lines == ["[]", "[]"]


class RecordingProgress:
    """Keeps what bars were told."""

    def __init__(self):
        self.started, self.done = [], 0

    def start(self, label, total, unit):
        self.started.append((label, total, unit))
        return self

    def advance(self, n=1, *, errors=0):
        self.done += n

    def close(self):
        pass


def test_storing_rows_shows_how_many(world):
    progress = RecordingProgress()
    world.run("CREATE TABLE t AS SELECT range AS n FROM range(10000)", progress=progress)
    assert progress.started == [("storing t", None, "rows")]
    assert progress.done == 10_000
