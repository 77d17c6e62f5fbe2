"""Upkeep changes no row, takes nothing away that somebody reads or writes, and bounds files and space."""

from __future__ import annotations

import gc
import sys
import tempfile
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from stored_rows import data_files, fill, fragments, read, rows, versions

from tests.hunts import rounds
from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.store import maintenance as maintenance_module
from thanosql_kernel.engine.store import merging, retention
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Interrupted

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


@pytest.mark.hunt
@pytest.mark.e2e
@given(st.lists(CHANGES, max_size=25))
@settings(max_examples=rounds(8, 200), deadline=None)
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
    for n in range(1, 60):
        world.run(f"INSERT INTO t VALUES ({n}, '사진 {n}')")
    store = world.session.database.tables.store
    assert read(store).column("n").to_pylist() == list(range(60))
    assert len(fragments(store)) <= merging.FEWEST
    assert len(versions(store)) < 20
    assert len(data_files(store)) < 30


def test_a_table_that_is_replaced_again_and_again_takes_the_space_of_three(world, monkeypatch):
    monkeypatch.setattr(retention, "LEAST_BYTES", 0)
    monkeypatch.setattr(retention, "_PART_OF_DISK", 1 << 50)
    for n in range(10):
        world.run(f"CREATE OR REPLACE TABLE t AS SELECT range + {n} AS x, uuid() AS s FROM range(20000)")
        world.run("UPDATE t SET x = x + 1 WHERE x % 100 = 0")
        world.run("DELETE FROM t WHERE x % 7 = 0")
        if n == 0:
            first = size(world.folder / "db")
    assert size(world.folder / "db") < 3 * first


@pytest.mark.hunt
def test_what_a_table_held_before_its_last_change_can_be_restored(world):
    """Whatever was merged and cleaned since: people notice what they have deleted after they have deleted it."""
    world.run("CREATE TABLE t AS SELECT range AS n, repeat(md5(range::VARCHAR), 30) AS s FROM range(1500)")
    store, random = world.session.database.tables.store, Random(4)
    most = 0
    for step in range(rounds(20, 100)):
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
    assert most < 20 + 2 * rounds(20, 100)
    world.run("INSERT INTO t VALUES (-1, 'last')")
    before = read(store)
    world.run(f"DELETE FROM t; RESTORE t TO VERSION {versions(store)[-1]}")
    assert before.num_rows > 0
    assert read(store).equals(before)


@pytest.mark.parametrize("is_indexed", [False, True])
def test_what_another_program_compacts_can_be_restored_too(store, maintenance, is_indexed):
    """Of some commits Lance 14 cannot tell what they were: all versions stay until the next."""
    before = fill(store, [3] * 20)
    if is_indexed:
        store.open("t").create_scalar_index("번호", "BTREE")
    last = int(store.open("t").version)
    store.append("t", rows(100, 103))
    store.open("t").optimize.compact_files()
    store.open("t").optimize.optimize_indices()
    maintenance.tend("t")
    assert store.open("t", last).scanner(scan_in_order=True).to_table().equals(before)
    compacted = int(store.open("t").version)
    store.append("t", rows(103, 104))
    maintenance.tend("t")
    assert compacted in versions(store)
    assert sorted(read(store).column("번호").to_pylist()) == [*range(60), *range(100, 104)]


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


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
