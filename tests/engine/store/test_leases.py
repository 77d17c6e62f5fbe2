"""What somebody reads or writes stays, also in another process, and what nobody does any more goes."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stored_rows import data_files, fill, read, rows, versions

from thanosql_kernel.engine.relations import results
from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.lance_files import write_fragment
from thanosql_kernel.engine.work import Work


def test_a_version_that_is_open_stays_and_goes_when_it_is_closed(store, maintenance):
    want = fill(store, [2, 2])
    held = store.open("t")
    held_version = int(held.version)
    store.replace("t", rows(50, 51).to_reader(), read_version=held_version)
    maintenance.vacuum("t", Work())
    assert held.to_table().equals(want)
    assert versions(store) == [held_version, held_version + 1]
    del held
    maintenance.vacuum("t", Work())
    assert versions(store) == [held_version + 1]


def test_an_earlier_result_is_read_after_its_table_was_replaced_and_cleaned(world):
    world.run("CREATE TABLE t AS SELECT range AS x FROM range(5000)")
    world.run("SELECT * FROM t", number=3)
    for n in range(5):
        world.run(f"CREATE OR REPLACE TABLE t AS SELECT {n} AS x")
    world.run("VACUUM")
    assert world.rows("SELECT count(*) AS n, sum(x)::BIGINT AS s FROM _3") == [{"n": 5000, "s": 12497500}]


def test_results_of_many_cells_do_not_keep_as_many_versions(world):
    world.run("CREATE TABLE t AS SELECT range AS x FROM range(5000)")
    for number in range(1, 12):
        world.run("SELECT * FROM t", number=number)
        world.run(f"CREATE OR REPLACE TABLE t AS SELECT range + {number} AS x FROM range(5000)")
    world.run("VACUUM")
    assert len(versions(world.session.database.tables.store)) <= 2
    for number in range(1, 12):
        assert world.rows(f"SELECT min(x) AS x, count(*) AS n FROM _{number}") == [
            {"x": number - 1, "n": 5000}
        ]


def test_large_results_keep_a_few_versions_and_then_say_so(world, monkeypatch):
    monkeypatch.setattr(results, "_SMALL_ROWS", 100)
    world.run("CREATE TABLE t AS SELECT range AS x FROM range(5000)")
    for number in range(1, 7):
        world.run("SELECT * FROM t", number=number)
        world.run(f"CREATE OR REPLACE TABLE t AS SELECT range + {number} AS x FROM range(5000)")
    error = world.fail("SELECT * FROM _1")
    assert error.code == "TS208"
    assert "too large to keep" in (error.hint or "")
    assert world.rows("SELECT min(x) AS x FROM _6") == [{"x": 5}]
    world.run("VACUUM t")
    assert len(versions(world.session.database.tables.store)) <= results.MAX_OLD_VERSIONS + 2


def test_what_duckdb_scans_is_held_too(world):
    world.run("CREATE TABLE t AS SELECT range AS x FROM range(5000)")
    store = world.session.database.tables.store
    from thanosql_kernel.engine.store.lance_scan import scannable

    scanned = scannable(store.open("t"))
    world.run("CREATE OR REPLACE TABLE t AS SELECT 1 AS x; VACUUM t")
    assert scanned.scanner(columns=["x"]).to_table().num_rows == 5000


PROLOGUE = """
import sys
from pathlib import Path
from thanosql_kernel.engine.session import Session
session = Session(Path(sys.argv[1]) / "db", working_folder=Path(sys.argv[1]))
store = session.database.tables.store
def run(cell):
    results = []
    session.run(cell, emit=results.append)
    return results[-1]
def wait(word):
    print(word, flush=True)
    sys.stdin.readline()
"""


def start(folder: Path, code: str) -> subprocess.Popen[str]:
    program = PROLOGUE + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.mark.e2e
def test_what_another_kernel_reads_stays_until_its_process_ends(world):
    world.run("CREATE TABLE t AS SELECT range AS x FROM range(1000)")
    store = world.session.database.tables.store
    code = """
    held = store.open("t")
    wait("open")
    wait(held.to_table().num_rows)
    """
    with start(world.folder, code) as process:
        assert told(process) == "open"
        read_version = versions(store)[-1]
        world.run("CREATE OR REPLACE TABLE t AS SELECT 1 AS x; VACUUM t")
        assert read_version in versions(store)
        go_on(process)
        assert told(process) == "1000"
        process.kill()
    world.run("VACUUM t")
    assert read_version not in versions(store)


@pytest.mark.e2e
def test_files_of_a_live_writer_stay_and_those_of_a_killed_one_go(world):
    world.run("CREATE TABLE t AS SELECT range AS x FROM range(1000)")
    store = world.session.database.tables.store
    code = """
    import pyarrow as pa
    from thanosql_kernel.engine.store.lance_files import write_fragment
    dataset = store.open("t")
    with store.usage.writing("t"):
        write_fragment(dataset, pa.table({"x": range(5)}).to_reader())
        spool = store.usage.scratch() / "spool"
        spool.write_bytes(b"1234")
        wait(spool)
        wait("never")
    """
    before = data_files(store)
    with start(world.folder, code) as process:
        spool = Path(told(process))
        world.run("VACUUM")
        assert len(data_files(store)) == len(before) + 1
        assert spool.exists()
        process.kill()
    world.run("VACUUM")
    assert data_files(store) == before
    assert not spool.exists()
    assert world.rows("SELECT count(*) AS n FROM t") == [{"n": 1000}]


@pytest.mark.e2e
def test_the_next_kernel_removes_what_a_killed_one_spooled(world):
    world.run("CREATE TABLE t AS SELECT 1 AS x")
    with start(world.folder, "wait(store.usage.scratch())\nwait('never')") as process:
        spool = Path(told(process))
        process.kill()
    assert spool.exists()
    other = Session(world.folder / "db")
    other.run("SELECT * FROM t", emit=lambda result: None)
    assert not spool.exists()
    other.close()


def write_in_vain(store: Store) -> None:
    with store.writing("t"):
        write_fragment(store.open("t"), rows(3, 5).to_reader())
        raise OSError("the disk is slow")


def test_what_a_failed_write_left_is_removed_by_another_kernel_after_this_one_has_ended(store, maintenance):
    fill(store, [3])
    other = Store(store.location)
    with pytest.raises(OSError, match="disk"):
        write_in_vain(other)
    gc.collect()
    assert len(data_files(store)) == 2
    other.usage.close()
    maintenance.vacuum("t", Work())
    assert len(data_files(store)) == 1
    assert read(store).equals(rows(0, 3))


def test_files_that_another_program_is_writing_stay(store, maintenance):
    fill(store, [3])
    foreign = write_fragment(store.open("t"), rows(3, 5).to_reader())
    maintenance.vacuum("t", Work())
    assert foreign.files[0].path in data_files(store)


def test_files_without_an_owner_go_after_a_day(store, maintenance):
    fill(store, [3])
    foreign = write_fragment(store.open("t"), rows(3, 5).to_reader())
    path = store.folder("t") / "data" / foreign.files[0].path
    os.utime(path, (1e9, 1e9))
    maintenance.vacuum("t", Work())
    assert not path.exists()
    assert read(store).equals(rows(0, 3))


def test_a_scratch_folder_of_a_live_session_stays_and_that_of_a_closed_one_goes(world):
    world.run("CREATE TABLE t AS SELECT 1 AS x")
    other = Session(world.folder / "db")
    spool = other.database.tables.store.usage.scratch() / "spool"
    spool.write_bytes(b"1234")
    world.run("VACUUM")
    assert spool.read_bytes() == b"1234"
    other.close()
    assert not spool.exists()


@pytest.mark.e2e
def test_changes_beside_a_kernel_that_vacuums_are_neither_refused_nor_lost(world):
    world.run("CREATE TABLE t AS SELECT range AS n, 0 AS hits FROM range(50)")
    code = """
    print("there", flush=True)
    for _ in range(40):
        run("VACUUM t")
    """
    with start(world.folder, code) as process:
        assert told(process) == "there"
        for n in range(25):
            world.run(f"INSERT INTO t VALUES ({100 + n}, 0)")
            world.run("UPDATE t SET hits = hits + 1 WHERE n < 10")
            world.run(f"DELETE FROM t WHERE n = {10 + n}")
        assert process.wait() == 0
    assert read(world.session.database.tables.store).to_pydict() == {
        "n": [*range(10), *range(35, 50), *range(100, 125)],
        "hits": [25] * 10 + [0] * 40,
    }
