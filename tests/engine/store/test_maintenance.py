"""Upkeep changes no row, takes nothing away that somebody reads or writes, and bounds files and space."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thanosql_kernel.catalog.location import locate
from thanosql_kernel.engine.relations import results
from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.store import maintenance as maintenance_module
from thanosql_kernel.engine.store import merging
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.lance_files import write_fragment
from thanosql_kernel.engine.store.maintenance import Maintenance
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Interrupted

DIM = 4


def rows(first: int, stop: int) -> pa.Table:
    numbers = np.arange(first * DIM, stop * DIM, dtype=np.float32)
    return pa.table(
        {
            "번호": pa.array(range(first, stop), pa.int64()),
            "이름": [f"사진 {number}" for number in range(first, stop)],
            "v": pa.FixedSizeListArray.from_arrays(pa.array(numbers), DIM),
        }
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(locate(tmp_path / "db"))


@pytest.fixture
def maintenance(store: Store) -> Maintenance:
    return Maintenance(store)


def fill(store: Store, sizes: list[int], name: str = "t") -> pa.Table:
    at = 0
    for size in sizes:
        store.append(name, rows(at, at + size))
        at += size
    return rows(0, at)


def read(store: Store, name: str = "t") -> pa.Table:
    return store.open(name).scanner(scan_in_order=True).to_table()


def fragments(store: Store, name: str = "t") -> list[Any]:
    return list(store.open(name).get_fragments())


def versions(store: Store, name: str = "t") -> list[int]:
    return [int(version["version"]) for version in store.open(name).versions()]


def data_files(store: Store, name: str = "t") -> set[str]:
    return set(os.listdir(store.folder(name) / "data"))


# -- rows ------------------------------------------------------------------------------------------------------
CHANGES = st.one_of(
    st.tuples(st.just("insert"), st.integers(1, 5)),
    st.tuples(st.just("delete"), st.integers(2, 7)),
    st.tuples(st.just("update"), st.integers(2, 7)),
    st.tuples(st.just("replace"), st.integers(2, 7)),
    st.tuples(st.just("vacuum"), st.just(0)),
)


class Oracle:
    """What a table must hold, row by row."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, list[float]]] = []
        self._next = 0

    def change(self, kind: str, number: int) -> str:
        """Make a change; gives the statement that makes it too."""
        if kind == "insert":
            new = [(n, f"n{n}", [float(n), 0.5]) for n in range(self._next, self._next + number)]
            self._next += number
            self.rows += new
            values = ", ".join(f"({n}, '{name}', {vector})" for n, name, vector in new)
            return f"INSERT INTO t VALUES {values}"
        if kind == "delete":
            self.rows = [row for row in self.rows if row[0] % number]
            return f"DELETE FROM t WHERE id % {number} = 0"
        if kind == "update":
            self.rows = [
                (n, f"{name}u" if n % number == 1 else name, vector) for n, name, vector in self.rows
            ]
            return f"UPDATE t SET 이름 = 이름 || 'u' WHERE id % {number} = 1"
        if kind == "replace":
            self.rows = [row for row in self.rows if row[0] % number != 2]
            return f"CREATE OR REPLACE TABLE t AS SELECT * FROM t WHERE id % {number} != 2"
        return "VACUUM t"


@pytest.mark.e2e
@given(st.lists(CHANGES, max_size=25))
@settings(max_examples=25, deadline=None)
def test_rows_their_order_and_their_vectors_are_the_same_whatever_is_merged(changes):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "FEWEST", 2)
        session, oracle = Session(Path(folder) / "db"), Oracle()
        session.run(
            "CREATE TABLE t AS SELECT 0::BIGINT AS id, '' AS 이름, [0, 0]::FLOAT[2] AS v LIMIT 0",
            emit=lambda result: None,
        )
        for kind, number in changes:
            session.run(oracle.change(kind, number), emit=lambda result: None)
            found = read(session.database.tables.store).to_pydict()
            assert list(zip(found["id"], found["이름"], found["v"], strict=True)) == oracle.rows
        session.close()


@pytest.mark.parametrize("sizes", [[1] * 20, [5, 1, 1, 1, 1, 1, 1, 1, 1, 5], [300, 1, 2, 1, 400, 1, 1, 1]])
def test_fragments_in_the_middle_are_merged_where_they_stand(store, maintenance, sizes):
    want = fill(store, sizes)
    store.open("t").delete("번호 % 5 = 3")
    want = want.filter(pa.array([number % 5 != 3 for number in range(len(want))]))
    maintenance.tend("t")
    assert read(store).equals(want)
    maintenance.vacuum("t", Work())
    assert read(store).equals(want)
    assert len(fragments(store)) == 1
    assert not fragments(store)[0].num_deletions
    store.append("t", rows(900, 901))
    assert read(store).num_rows == len(want) + 1


def test_a_table_of_which_every_row_is_deleted_can_be_looked_after(store, maintenance):
    fill(store, [3, 3])
    store.open("t").delete("true")
    maintenance.vacuum("t", Work())
    assert read(store).num_rows == 0
    store.append("t", rows(0, 2))
    assert read(store).equals(rows(0, 2))


def test_columns_that_came_and_went_are_read_as_before(store, maintenance):
    fill(store, [2, 2])
    store.drop_column("t", "이름")
    store.add_column("t", pa.field("새 열", pa.int32()))
    store.rename_column("t", "번호", "수")
    before = read(store)
    maintenance.vacuum("t", Work())
    assert read(store).equals(before)
    assert len(fragments(store)) == 1


def test_a_table_with_an_index_of_another_program_is_not_merged(store, maintenance):
    fill(store, [300, *([1] * 20)])
    store.open("t").create_scalar_index("번호", "BTREE")
    before = len(fragments(store))
    maintenance.vacuum("t", Work())
    assert len(fragments(store)) == before
    assert store.open("t").to_table(filter="번호 = 305").num_rows == 1


# -- bounds ----------------------------------------------------------------------------------------------------
def test_single_inserts_leave_few_fragments_few_versions_and_little_garbage(world):
    world.run("CREATE TABLE t AS SELECT 0 AS n, '사진 0' AS 이름")
    for n in range(1, 100):
        world.run(f"INSERT INTO t VALUES ({n}, '사진 {n}')")
    store = world.session.database.tables.store
    assert read(store).column("n").to_pylist() == list(range(100))
    assert len(fragments(store)) <= merging.FEWEST
    assert len(versions(store)) < 20
    assert len(data_files(store)) < 30


def test_a_table_that_is_replaced_again_and_again_takes_the_space_of_three(world):
    for n in range(10):
        world.run(f"CREATE OR REPLACE TABLE t AS SELECT range + {n} AS x, uuid() AS s FROM range(20000)")
        world.run("UPDATE t SET x = x + 1 WHERE x % 100 = 0")
        world.run("DELETE FROM t WHERE x % 7 = 0")
        if n == 0:
            first = size(world.folder / "db")
    assert size(world.folder / "db") < 3 * first


def test_what_a_table_held_before_its_last_change_can_be_restored(world):
    """Whatever was merged and cleaned since: people notice what they have deleted after they have deleted it."""
    world.run("CREATE TABLE t AS SELECT range AS n, repeat(md5(range::VARCHAR), 30) AS s FROM range(1500)")
    store, random = world.session.database.tables.store, Random(4)
    most = 0
    for step in range(60):
        before = read(store)
        change = random.choice(
            [
                "INSERT INTO t VALUES ({step}, 'new')",
                "INSERT INTO t VALUES ({step}, 'new')",
                "DELETE FROM t WHERE n % 3 != {step} % 3",
                "UPDATE t SET n = n + 1 WHERE n % 5 = 0",
                "CREATE OR REPLACE TABLE t AS SELECT range AS n, uuid()::VARCHAR AS s FROM range(20000)",
            ]
        )
        world.run(change.format(step=step))
        kept = [store.open("t", number).scanner(scan_in_order=True).to_table() for number in versions(store)]
        assert any(table.equals(before) for table in kept), (step, change)
        most = max(most, len(kept))
    assert most < 20
    world.run(f"DELETE FROM t; RESTORE t TO VERSION {versions(store)[-1]}")
    assert read(store).num_rows > 0


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


# -- what somebody reads ---------------------------------------------------------------------------------------
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


# -- stops, failures, conflicts --------------------------------------------------------------------------------
def test_a_vacuum_that_is_stopped_leaves_the_table_right_and_the_next_one_ends_it(store, maintenance):
    want = fill(store, [30] * 10)
    asked = []

    def check() -> None:
        asked.append(1)
        if len(asked) > 4:
            raise Interrupted

    with pytest.raises(Interrupted):
        maintenance.vacuum("t", Work(check=check))
    assert len(fragments(store)) == 10
    assert read(store).equals(want)
    gc.collect()  # the exception had the open table
    maintenance.vacuum("t", Work())
    assert read(store).equals(want)
    assert len(data_files(store)) == len(fragments(store)) == 1


def test_a_merge_that_is_overtaken_by_a_change_is_dropped(store, maintenance, monkeypatch):
    fill(store, [1] * 10)
    write = maintenance_module.write_fragment

    def write_late(dataset, reader):
        written = write(dataset, reader)
        Store(store.location).open("t").delete("번호 = 4")
        return written

    monkeypatch.setattr(maintenance_module, "write_fragment", write_late)
    before = data_files(store)
    maintenance.tend("t")
    monkeypatch.undo()
    assert read(store).column("번호").to_pylist() == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert data_files(store) == before
    maintenance.vacuum("t", Work())
    assert read(store).column("번호").to_pylist() == [0, 1, 2, 3, 5, 6, 7, 8, 9]


def test_rows_that_are_appended_meanwhile_come_after_the_merged_ones(store, maintenance, monkeypatch):
    fill(store, [1] * 10)
    write = maintenance_module.write_fragment

    def write_late(dataset, reader):
        written = write(dataset, reader)
        monkeypatch.undo()
        Store(store.location).append("t", rows(10, 12))
        return written

    monkeypatch.setattr(maintenance_module, "write_fragment", write_late)
    maintenance.tend("t")
    assert read(store).equals(rows(0, 12))
    assert len(fragments(store)) < 10


def test_upkeep_that_fails_fails_no_statement(world, monkeypatch):
    def fail(*given: object, **named: object) -> None:
        raise OSError("no space left")

    world.run("CREATE TABLE t AS SELECT 0 AS x")
    monkeypatch.setattr(maintenance_module, "write_fragment", fail)
    for n in range(1, 20):
        world.run(f"INSERT INTO t VALUES ({n})")
    assert len(world.rows("SELECT * FROM t")) == 20


def test_upkeep_does_not_wait_for_a_long_writer(store, maintenance):
    fill(store, [1] * 10)
    before, asked = data_files(store), []

    def check() -> None:
        asked.append(1)
        if len(asked) > 12:
            raise Interrupted

    with Store(store.location).writing("t"):
        maintenance.tend("t", check)
        assert len(asked) == 13
        assert data_files(store) == before
    maintenance.tend("t")
    assert len(fragments(store)) == 1
    assert read(store).equals(rows(0, 10))


def test_upkeep_is_left_when_the_user_asks_to_stop_and_the_statement_counts(store, maintenance):
    want = fill(store, [1] * 10)

    def check() -> None:
        raise Interrupted

    maintenance.after_commit(check)
    assert read(store).equals(want)
    assert len(fragments(store)) == 10


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


# -- the statement ---------------------------------------------------------------------------------------------
def test_vacuum_says_what_it_freed(world):
    world.run("CREATE TABLE 사진 AS SELECT range AS x, uuid() AS s FROM range(10000)")
    world.run("DELETE FROM 사진 WHERE x >= 100")
    assert world.run('VACUUM "사진"')[0].text.startswith("사진: ")
    text = world.run("CREATE OR REPLACE TABLE u AS SELECT 1 AS x; INSERT INTO u VALUES (2); VACUUM u")[
        -1
    ].text
    assert text.startswith("u: ")
    assert "2 rows written again, closer together" in text
    assert world.run("VACUUM u")[0].text == "u: nothing to free"
    assert world.run("VACUUM")[0].text.startswith("all tables: ")
    assert world.rows("SELECT count(*) AS n FROM 사진") == [{"n": 100}]


def test_vacuum_of_what_does_not_exist_is_marked(world):
    assert world.marked("VACUUM 없는것") == ("TS201", "없는것")


def test_vacuum_gives_the_rows_that_were_deleted_back(world):
    world.run("CREATE TABLE t AS SELECT range AS x, uuid() AS s FROM range(10000)")
    folder = world.folder / "db" / "t.lance"
    before = size(folder)
    world.run("DELETE FROM t WHERE x >= 1000; VACUUM t")
    assert size(folder) < before / 5
    assert world.rows("SELECT count(*) AS n FROM t") == [{"n": 1000}]
