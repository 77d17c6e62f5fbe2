"""The best rows found by vectors in 16 bits are the very rows, scores and ties that comparing all of them gives."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import DIM, PixelEncoder

from tests.hunts import rounds
from thanosql_kernel.catalog.location import locate
from thanosql_kernel.engine.search import blocks, half_columns, half_files, half_upkeep
from thanosql_kernel.engine.search.blocks import VectorMemory
from thanosql_kernel.engine.search.cosine import UnitVectors, best_first, directions_of
from thanosql_kernel.engine.search.half_columns import HalfColumns
from thanosql_kernel.engine.search.half_files import HalfFiles, Name
from thanosql_kernel.engine.search.half_search import Vectors, best, candidates
from thanosql_kernel.engine.search.halves import bound, halved, rough
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Interrupted
from thanosql_kernel.models import registry

RNG = np.random.default_rng(3)


def lists(matrix: np.ndarray, mask: np.ndarray | None = None) -> pa.FixedSizeListArray:
    return pa.FixedSizeListArray.from_arrays(
        pa.array(matrix.astype(np.float32).reshape(-1)),
        matrix.shape[1],
        mask=None if mask is None else pa.array(mask),
    )


def units_of(matrix: np.ndarray) -> np.ndarray:
    return UnitVectors.collect([lists(matrix)], len(matrix), matrix.shape[1]).values[: len(matrix)]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(blocks, "SHARED_TILES", 0)  # every fragment has a file
    return Store(locate(tmp_path / "db"))


@pytest.fixture
def columns(tmp_path: Path) -> HalfColumns:
    return HalfColumns(HalfFiles(tmp_path / "vectors"))


def hard_vectors(count: int, dim: int, rng: np.random.Generator) -> np.ndarray:
    """Some alike, some the same, some of one number, of zeros, of very large and very small ones."""
    matrix = rng.standard_normal((count, dim))
    near = rng.random(count) < 0.4
    matrix[near] = matrix[0] + 1e-4 * rng.standard_normal((int(near.sum()), dim))
    matrix[rng.random(count) < 0.2] = matrix[0]
    matrix[rng.random(count) < 0.1] = np.eye(dim)[0]
    matrix[rng.random(count) < 0.05] = 0
    matrix *= 10.0 ** rng.choice([-42, -30, 0, 0, 0, 15, 37], (count, 1))
    return matrix


# -- how far off they are ----------------------------------------------------------------------------------------


@settings(max_examples=rounds(25, 2000), deadline=None)
@given(st.integers(0, 1 << 32), st.sampled_from([1, 2, 3, 24, 100, 512, 768, 1536]))
def test_no_cosine_is_off_by_more_than_the_bound(seed: int, dim: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = hard_vectors(100, dim, rng)
    memory = UnitVectors(100, dim)
    run = memory.add([lists(matrix)], 100)
    query = rng.standard_normal((1, dim)).astype(np.float32)
    true = blocks.ResidentColumn((run,), None).score(query)[:, 0]
    half = halved(memory.values[:100])
    found = rough([half], directions_of(query)[0])
    assert (np.isnan(found) == np.isnan(true)).all()
    assert np.nanmax(np.abs(found.astype(np.float64) - true), initial=0) <= bound(half.quality, dim)


def test_the_bound_of_ordinary_vectors_is_a_fraction_of_float16s() -> None:
    quality = halved(units_of(RNG.standard_normal((2000, 512)))).quality
    assert bound(quality, 512) < 1.5e-4 < 2.0**-11


def test_pieces_and_cores_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    units = units_of(RNG.standard_normal((3000, DIM)))
    whole, direction = halved(units), directions_of(RNG.standard_normal((1, DIM)).astype(np.float32))[0]
    pieces = [halved(units[at : at + 700]) for at in range(0, 3000, 700)]
    one = rough([whole], direction)
    monkeypatch.setattr("thanosql_kernel.engine.search.halves._TILE_VALUES", 64 * DIM)
    np.testing.assert_allclose(rough(pieces, direction), one, atol=2e-6)


def test_all_rows_are_told_as_they_are_compared_and_a_stop_is_heard() -> None:
    part, told = halved(units_of(RNG.standard_normal((60_000, 512)))), list[int]()
    direction = directions_of(RNG.standard_normal((1, 512)).astype(np.float32))[0]
    rough([part], direction, advance=told.append)
    assert sum(told) == 60_000

    def stop() -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        rough([part], direction, stop)


# -- which rows may be among the best ----------------------------------------------------------------------------


@settings(max_examples=rounds(100, 5000), deadline=None)
@given(st.integers(0, 1 << 32), st.integers(0, 400), st.integers(0, 60), st.sampled_from([0, 0.01, 0.5]))
def test_no_row_that_may_be_among_the_best_is_left_out(seed: int, count: int, k: int, margin: float) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.choice(rng.standard_normal(max(1, count // 3)), count).astype(np.float32)
    scores[rng.random(count) < 0.2] = np.nan
    found = candidates(scores, k, margin)
    known = np.sort(scores[~np.isnan(scores)])[::-1]
    least = known[k - 1] - margin if 0 < k <= len(known) else -np.inf
    must = np.flatnonzero(scores.astype(np.float64) >= least) if k else np.empty(0)
    assert set(must) <= set(found)
    assert len(found) <= len(must) + (scores[found] < least + 1e-5).sum()
    assert (np.diff(found) > 0).all()


# -- the very same rows ------------------------------------------------------------------------------------------


def assert_same(dataset, columns: HalfColumns, query: np.ndarray, k: int, among=None) -> bool:
    """Found as if all had been compared; False where it is better to compare all."""
    dim = query.shape[1]
    everything = VectorMemory(1 << 30).column(dataset, "v", dim).score(query)
    halves = columns.column(dataset, "v", dim, Work())
    chosen = range(len(everything)) if among is None else among
    found = best(Vectors(dataset, "v", halves), query, k, chosen, Work())
    if found is None:
        return False
    numbers = np.asarray(chosen)
    order = numbers[best_first(everything[numbers, 0], k)]
    assert found.positions.tolist() == order.tolist()
    assert found.scores.tobytes() == everything[order].tobytes()
    assert found.missing == int(np.isnan(everything[numbers, 0]).sum())
    return True


@pytest.mark.hunt
def test_the_best_of_used_tables_are_those_of_comparing_all(store: Store, columns: HalfColumns) -> None:
    found = 0
    for seed in range(rounds(20, 3000)):
        rng = np.random.default_rng(seed)
        dim = int(rng.choice([3, 24, 33, 512]))
        for name in store.names():
            store.drop(name)
        for _ in range(int(rng.integers(1, 4))):
            count = int(rng.integers(1, 300))
            vectors = lists(hard_vectors(count, dim, rng), rng.random(count) < 0.1)
            store.append("t", pa.table({"n": range(count), "v": vectors}))
        if rng.random() < 0.5:
            store.open("t").delete(f"n % {rng.integers(2, 7)} = 1")
        if rng.random() < 0.3:
            store.rename("t", "u")
            store.rename("u", "t")
        dataset = store.open("t")
        rows = int(dataset.count_rows())
        among = np.flatnonzero(rng.random(rows) < 0.7) if rng.random() < 0.3 else None
        for _ in range(3):
            query = rng.standard_normal((int(rng.integers(1, 3)), dim)).astype(np.float32)
            found += assert_same(dataset, columns, query, int(rng.integers(1, 12)), among)
    assert found > seed


def test_fewer_vectors_than_rows_are_wanted(store: Store, columns: HalfColumns) -> None:
    mask = np.ones(40, bool)
    mask[[5, 9, 11]] = False
    store.append("t", pa.table({"n": range(40), "v": lists(RNG.standard_normal((40, DIM)), mask)}))
    assert assert_same(store.open("t"), columns, RNG.standard_normal((1, DIM)).astype(np.float32), 6)


def test_a_column_that_nobody_has_written_has_no_vectors_and_no_file(
    store: Store, columns: HalfColumns
) -> None:
    store.append("t", pa.table({"n": range(30)}))
    store.add_column("t", pa.field("v", pa.list_(pa.float32(), DIM)))
    assert assert_same(store.open("t"), columns, np.ones((1, DIM), np.float32), 2)
    assert columns.files.sizes() == {}


def test_where_most_rows_are_alike_all_are_compared(store: Store, columns: HalfColumns) -> None:
    store.append("t", pa.table({"v": lists(np.ones((100, DIM)))}))
    assert not assert_same(store.open("t"), columns, np.ones((1, DIM), np.float32), 2)


# -- files -------------------------------------------------------------------------------------------------------


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many vectors each read of a table took."""
    counts: list[int] = []
    read = half_columns.stored_values

    def counted(dataset, column, parts):
        counts.append(sum(part.rows for part in parts))
        return read(dataset, column, parts)

    monkeypatch.setattr(half_columns, "stored_values", counted)
    return counts


def put(store: Store, count: int, seed: int = 0) -> None:
    matrix = np.random.default_rng(seed).standard_normal((count, DIM))
    store.append("t", pa.table({"n": range(count), "v": lists(matrix)}))


def check(store: Store, columns: HalfColumns) -> None:
    assert assert_same(store.open("t"), columns, RNG.standard_normal((1, DIM)).astype(np.float32), 3)


def test_a_new_kernel_reads_the_files_alone(store: Store, columns: HalfColumns, reads: list[int]) -> None:
    put(store, 90)
    check(store, columns)
    check(store, HalfColumns(columns.files))
    assert reads == [90]


def test_an_insert_reads_the_new_rows_alone(store: Store, columns: HalfColumns, reads: list[int]) -> None:
    for count in (90, 50, 60):
        put(store, count)
        check(store, columns)
    assert reads == [90, 50, 60]


def test_small_fragments_stay_in_memory(
    store: Store, columns: HalfColumns, reads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    for count in (90, 50):
        put(store, count)
        check(store, columns)
    assert columns.files.sizes() == {}


def test_a_table_made_again_is_another(store: Store, columns: HalfColumns) -> None:
    for seed in (1, 2, 3):
        put(store, 80, seed)
        check(store, columns)
        store.drop("t")


def test_a_moved_database_keeps_its_files(
    store: Store, columns: HalfColumns, reads: list[int], tmp_path: Path
) -> None:
    put(store, 80)
    check(store, columns)
    (tmp_path / "db").rename(tmp_path / "moved")
    moved = Store(locate(tmp_path / "moved"))
    check(moved, columns)
    assert reads == [80]


DAMAGES = {
    "cut off": lambda content: content[:-1],
    "longer": lambda content: content + b"\0",
    "empty": lambda content: b"",
    "of zeros": lambda content: bytes(len(content)),
    "another header": lambda content: content[:40] + b"7" + content[41:],
    "foreign": lambda content: b"PAR1" + content[4:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_made_anew(
    store: Store, columns: HalfColumns, reads: list[int], damage: str
) -> None:
    put(store, 80)
    check(store, columns)
    (file,) = columns.files.folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(DAMAGES[damage](whole))
    check(store, HalfColumns(columns.files))
    assert file.read_bytes() == whole
    assert reads == [80, 80]


def test_the_file_of_other_values_is_not_taken(store: Store, columns: HalfColumns) -> None:
    put(store, 80, 1)
    check(store, columns)
    (mine,) = columns.files.folder.iterdir()
    store.drop("t")
    put(store, 80, 2)
    check(store, columns)
    (other,) = set(columns.files.folder.iterdir()) - {mine}
    other.write_bytes(mine.read_bytes())
    check(store, HalfColumns(columns.files))


def test_a_full_disk_leaves_nothing(
    store: Store, columns: HalfColumns, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, 80)

    def full(self, units):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(half_files.HalfWriter, "add", full)
    assert columns.column(store.open("t"), "v", DIM, Work()) is None
    assert list(columns.files.folder.iterdir()) == []


def test_no_file_is_begun_that_the_disk_has_no_room_for(
    store: Store, columns: HalfColumns, monkeypatch: pytest.MonkeyPatch, reads: list[int]
) -> None:
    put(store, 80)
    monkeypatch.setattr(half_files, "_ROOM_BYTES", 1 << 62)
    assert columns.column(store.open("t"), "v", DIM, Work()) is None
    assert reads == []


@pytest.mark.skipif(os.name == "nt", reason="folders have no such permissions")
def test_a_folder_that_cannot_be_made_is_no_error(store: Store, tmp_path: Path) -> None:
    put(store, 80)
    (tmp_path / "file").write_bytes(b"")
    assert (
        HalfColumns(HalfFiles(tmp_path / "file" / "vectors")).column(store.open("t"), "v", DIM, Work())
        is None
    )


def test_what_was_written_before_a_stop_stays(store: Store, columns: HalfColumns, reads: list[int]) -> None:
    for count in (90, 50):
        put(store, count)
    asked = 0

    def check_for_stop() -> None:
        nonlocal asked
        asked += 1
        if len(columns.files.sizes()) == 1:
            raise Interrupted

    with pytest.raises(Interrupted):
        columns.column(store.open("t"), "v", DIM, Work(check=check_for_stop))
    assert [file.suffix for file in columns.files.folder.iterdir()] == [".half"]
    reads.clear()
    check(store, columns)
    assert reads == [50]


def test_files_of_nothing_are_swept(store: Store, columns: HalfColumns) -> None:
    put(store, 80)
    check(store, columns)
    name = next(iter(columns.files.sizes()))
    old, new = columns.files.folder / ".x-1.tmp", columns.files.folder / ".x-2.tmp"
    for file in (old, new):
        file.write_bytes(b"x")
    os.utime(old, (1, 1))
    assert columns.sweep(lambda: {name.partition("-")[0]}) == 0
    assert columns.sweep(set) == Name("", DIM, 80).size_bytes
    assert list(columns.files.folder.iterdir()) == [new]
    check(store, columns)  # what is mapped stays


# -- SEARCH ------------------------------------------------------------------------------------------------------

ORDERED = (
    "SELECT * FROM (SEARCH IMAGE text='{}' USING mini OPTIONS(emb_col='v', result_col='s') AS SELECT * FROM {}) "
    "WHERE id % 4 < 3 ORDER BY s DESC, id LIMIT {}",
    "SELECT * FROM (SEARCH IMAGE text='{}' USING mini OPTIONS(emb_col='v', result_col='s') AS SELECT * FROM {}) "
    "ORDER BY s DESC LIMIT {}",
)
BEST = (
    "SEARCH IMAGE USING mini OPTIONS(search_by='text', search_input='{}', emb_col='v', result_col='s', top_k={}) "
    "AS SELECT * FROM {}"
)


@pytest.fixture
def searched(world, monkeypatch: pytest.MonkeyPatch):
    """A table t, and a memory that holds hardly any vectors."""
    monkeypatch.setattr(blocks, "SHARED_TILES", 0)
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())
    world.session.database.searcher.memory.cap_bytes = 1 << 10
    refill(world, 0)
    return world


def refill(world, seed: int, name: str = "t") -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(50, 400))
    vectors = lists(hard_vectors(count, DIM, rng), rng.random(count) < 0.1)
    world.put(
        name, pa.table({"id": range(count), "label": [f"l{n % 5}" for n in range(count)], "v": vectors})
    )


def answers(world, cell: str, cap_bytes: int) -> list:
    """What a cell gives with so much memory for vectors, in a kernel of its own."""
    other = type(world)(world.folder)
    other.session.database.searcher.memory.cap_bytes = cap_bytes
    try:
        result = other.run(cell)[-1]
        return [result.rows.drop_columns(["v"]).to_pylist(), sorted(result.notices)]
    finally:
        other.session.close()


def test_explain_says_how_the_best_are_found(searched) -> None:
    cell = "EXPLAIN " + BEST.format("a cat", 3, "t")
    assert "are written in half precision first" in str(searched.run(cell)[-1])
    searched.run(BEST.format("a cat", 3, "t"))
    assert "from files mapped into memory" in str(searched.run(cell)[-1])
    searched.session.database.searcher.memory.cap_bytes = 1 << 30
    searched.run(BEST.format("a cat", 3, "t"))
    searched.session.database.searcher.memory.column(searched.session.database.tables.open("t")[0], "v", DIM)
    assert "resident in memory" in str(searched.run(cell)[-1])


CHANGES = [
    "DELETE FROM t WHERE id % 7 = 3",
    "UPDATE t SET label = 'x' WHERE id % 5 = 1",
    "UPDATE t SET v = NULL WHERE id % 11 = 4",
    "INSERT INTO t SELECT id + 1000, label, v FROM t WHERE id < 40",
    "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME TO t",
    "CREATE OR REPLACE TABLE t AS SELECT * FROM t ORDER BY id DESC",
    "VACUUM t",
    "VACUUM",
]
FROM = ["t", "t WHERE id % 3 > 0", "t LIMIT 30 OFFSET 9", "(SELECT id, v FROM t)", "t ORDER BY id"]


@pytest.mark.hunt
def test_a_search_of_a_used_table_gives_what_memory_would_give(searched) -> None:
    rng = np.random.default_rng(5)
    used = 0
    for number in range(rounds(6, 400)):
        kernel = searched if rng.random() < 0.5 else type(searched)(searched.folder)
        kernel.run(str(rng.choice(CHANGES)))
        if kernel is not searched:
            kernel.session.close()
        text, k, rows = rng.choice(["a cat", "바다"]), int(rng.integers(1, 9)), rng.choice(FROM)
        cell = BEST.format(text, k, rows) if number % 2 else rng.choice(ORDERED).format(text, rows, k)
        expected = answers(searched, cell, 1 << 30)
        result = searched.run(cell)[-1]
        assert [result.rows.drop_columns(["v"]).to_pylist(), sorted(result.notices)] == expected
        used += bool(searched.session.database.searcher.halves.columns.files.sizes())
        if number % 5 == 4:
            searched.run("DROP TABLE t")
            refill(searched, number)
    assert used


def test_vacuum_removes_the_files_of_tables_that_are_gone(searched) -> None:
    files = searched.session.database.searcher.halves.columns.files
    searched.run(BEST.format("a cat", 3, "t"))
    before = files.sizes()
    searched.run("VACUUM")
    assert files.sizes() == before != {}
    searched.run("DROP TABLE t")
    assert "freed" in searched.run("VACUUM")[-1].text
    assert files.sizes() == {}


# -- between cells -----------------------------------------------------------------------------------------------


@pytest.fixture
def kept_up(searched, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(half_columns, "LEAST_BYTES", 1)
    monkeypatch.setattr(half_upkeep, "_QUIET_S", 0)
    return searched


def files_of(world) -> HalfFiles:
    world.session.database.half_upkeep.finish()
    return world.session.database.searcher.halves.columns.files


def test_files_are_written_after_a_change_and_removed_after_another(kept_up) -> None:
    kept_up.run("SELECT 1")
    of_t = files_of(kept_up).sizes().keys()
    kept_up.run("CREATE TABLE u AS SELECT * FROM t")
    first = files_of(kept_up).sizes().keys()
    kept_up.run("CREATE OR REPLACE TABLE u AS SELECT * FROM t WHERE id > 9")
    second = files_of(kept_up).sizes().keys()
    assert first & second == of_t < first
    assert second - first
    kept_up.run("DROP TABLE u")
    assert files_of(kept_up).sizes().keys() == of_t


def test_what_was_stopped_is_written_after_the_next_cell(kept_up, monkeypatch) -> None:
    monkeypatch.setattr(half_upkeep, "_QUIET_S", 600)
    kept_up.run("CREATE TABLE u AS SELECT * FROM t")
    kept_up.session.database.half_upkeep.pause()
    assert files_of(kept_up).sizes() == {}
    monkeypatch.setattr(half_upkeep, "_QUIET_S", 0)
    kept_up.run("SELECT 1")
    assert files_of(kept_up).sizes()


def test_a_new_kernel_answers_at_once_and_has_the_vectors_in_memory_next_time(kept_up) -> None:
    kept_up.run("CREATE TABLE u AS SELECT * FROM t")
    files_of(kept_up)
    other = type(kept_up)(kept_up.folder)
    other.session.database.searcher.memory.cap_bytes = 1 << 30
    searcher = other.session.database.searcher
    dataset = other.session.database.tables.open("u")[0]
    assert searcher.memory.coverage(dataset, "v", DIM).resident == 0
    other.run(BEST.format("a cat", 3, "u"))
    other.session.database.half_upkeep.finish()
    there = searcher.memory.coverage(dataset, "v", DIM)
    assert there.resident == there.rows
    other.session.close()


def test_what_was_loaded_into_memory_has_files_for_the_next_kernel(kept_up) -> None:
    kept_up.session.database.searcher.memory.cap_bytes = 1 << 30
    other = type(kept_up)(kept_up.folder)
    other.run(BEST.format("a cat", 3, "t"))
    assert files_of(other).sizes()
    other.session.close()


ENDS = """
import sys
from pathlib import Path
from thanosql_kernel.engine.session import Session
session = Session(Path(sys.argv[1]) / "db", working_folder=Path(sys.argv[1]))
session.run("CREATE TABLE u AS SELECT 1 AS n", emit=lambda result: None)
assert session.database.half_upkeep._thread.is_alive()
"""


def test_a_process_that_ends_meanwhile_ends_without_a_word(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDS, str(tmp_path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
