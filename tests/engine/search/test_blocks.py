"""Vectors in memory are those of the table that is searched, whatever happened to it; only what is new is loaded."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lance
import numpy as np
import pyarrow as pa
import pytest

from thanosql_kernel.catalog.location import locate
from thanosql_kernel.engine.search import blocks
from thanosql_kernel.engine.search.blocks import SHARED_TILES, ResidentColumn, VectorMemory
from thanosql_kernel.engine.search.cosine import tile_rows
from thanosql_kernel.engine.store.identity import fragments
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.errors import Interrupted
from thanosql_kernel.interrupts import never

DIM = 64
TILE_BYTES = 4 * DIM * tile_rows(DIM)
QUERY = np.random.default_rng(5).standard_normal((1, DIM)).astype(np.float32)


def vectors(count: int, seed: int = 0) -> pa.Table:
    matrix = np.random.default_rng(seed).standard_normal((count, DIM)).astype(np.float32)
    return as_table(matrix)


def as_table(matrix: np.ndarray) -> pa.Table:
    lists = pa.FixedSizeListArray.from_arrays(pa.array(matrix.reshape(-1)), matrix.shape[1])
    return pa.table({"n": pa.array(range(len(matrix)), pa.int64()), "v": lists})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(locate(tmp_path / "db"))


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many vectors each load read."""
    counts: list[int] = []
    read = blocks.stored_values

    def counted(dataset, column, parts):
        counts.append(sum(part.rows for part in parts))
        return read(dataset, column, parts)

    monkeypatch.setattr(blocks, "stored_values", counted)
    return counts


def column(memory: VectorMemory, dataset, name: str = "v") -> ResidentColumn:
    found = memory.column(dataset, name, DIM)
    assert found is not None
    return found


def check_scores(memory: VectorMemory, dataset, name: str = "v") -> None:
    """The scores are those of NumPy over what a fresh look at the table gives."""
    fresh = (
        lance.dataset(dataset.uri, version=dataset.version).to_table(columns=[name]).column(name).to_pylist()
    )
    scores = column(memory, dataset, name).score(QUERY)[:, 0]
    assert len(scores) == len(fresh)
    for vector, score in zip(fresh, scores, strict=True):
        if vector is None:
            assert np.isnan(score)
        else:
            assert score == pytest.approx(cosine(vector), abs=2e-6)


def cosine(vector: list[float]) -> float:
    wide = np.array(vector, np.float64)
    return float(wide @ QUERY[0] / np.linalg.norm(wide) / np.linalg.norm(QUERY[0].astype(np.float64)))


# -- what is loaded --------------------------------------------------------------------------------------------------


def test_a_column_is_loaded_once(store: Store, loads: list[int]) -> None:
    memory = VectorMemory(1 << 30)
    store.append("t", vectors(70))
    for _ in range(3):
        check_scores(memory, store.open("t"))
    assert loads == [70]


def test_an_insert_loads_the_new_rows_alone(store: Store, loads: list[int]) -> None:
    memory = VectorMemory(1 << 30)
    for count in (70, 1, 3):
        store.append("t", vectors(count, seed=count))
        check_scores(memory, store.open("t"))
    assert loads == [70, 1, 3]


def test_a_delete_loads_nothing(store: Store, loads: list[int]) -> None:
    memory = VectorMemory(1 << 30)
    store.append("t", vectors(50, seed=1))
    store.append("t", vectors(20, seed=2))
    check_scores(memory, store.open("t"))
    for condition in ("n = 3", "n < 10", "n > 30"):
        store.open("t").delete(condition)
        check_scores(memory, store.open("t"))
    assert loads == [70]


def test_the_rows_of_an_older_version_have_their_own_scores(store: Store) -> None:
    memory = VectorMemory(1 << 30)
    store.append("t", vectors(50))
    old = store.open("t")
    store.open("t").delete("n < 10")
    for dataset in (store.open("t"), old, store.open("t")):
        check_scores(memory, dataset)


def test_deleted_rows_may_have_been_there_before_the_column_was_loaded(store: Store) -> None:
    store.append("t", vectors(50))
    store.open("t").delete("n = 0 OR n = 49 OR n = 7")
    check_scores(VectorMemory(1 << 30), store.open("t"))


def test_a_changed_fragment_is_loaded_again_and_the_others_are_not(store: Store, loads: list[int]) -> None:
    memory = VectorMemory(1 << 30)
    for count in (40, 30, 20):
        store.append("t", vectors(count, seed=count))
    dataset = store.open("t")
    check_scores(memory, dataset)
    changed = vectors(30, seed=77).rename_columns(["_rowaddr", "v"])
    addresses = pa.array(np.arange(30, dtype=np.uint64) + (1 << 32))
    fragment, fields = dataset.get_fragments()[1].update_columns(
        changed.set_column(0, "_rowaddr", addresses), left_on="_rowaddr", right_on="_rowaddr"
    )
    operation = lance.LanceOperation.Update(updated_fragments=[fragment], fields_modified=fields)
    lance.LanceDataset.commit(dataset.uri, operation, read_version=dataset.version)
    check_scores(memory, store.open("t"))
    assert loads == [90, 30]


def test_a_column_that_is_added_leaves_the_vectors_as_they_are(store: Store, loads: list[int]) -> None:
    memory = VectorMemory(1 << 30)
    store.append("t", vectors(40))
    check_scores(memory, store.open("t"))
    store.open("t").add_columns({"m": "n + 1"})
    store.rename_column("t", "v", "벡터")
    check_scores(memory, store.open("t"), "벡터")
    assert loads == [40]


def test_a_column_made_again_under_its_name_is_another(store: Store) -> None:
    memory = VectorMemory(1 << 30)
    store.append("t", vectors(40).append_column("w", vectors(40, seed=9).column("v")))
    check_scores(memory, store.open("t"))
    store.drop_column("t", "v")
    store.rename_column("t", "w", "v")
    check_scores(memory, store.open("t"))


def test_columns_of_nulls_that_were_never_written_are_told_apart(store: Store) -> None:
    memory = VectorMemory(1 << 30)
    for name, count in (("t", 5), ("u", 9)):
        store.append(name, pa.table({"n": range(count)}))
        store.add_column(name, pa.field("v", pa.list_(pa.float32(), DIM)))
        check_scores(memory, store.open(name))
    store.append("t", vectors(3))
    check_scores(memory, store.open("t"))


# -- tables that are not what their names say ---------------------------------------------------------------------------


def test_a_table_made_again_has_its_own_vectors(store: Store) -> None:
    memory = VectorMemory(1 << 30)
    for seed in (1, 2):
        store.append("t", vectors(30, seed))
        assert store.open("t").version == 1
        check_scores(memory, store.open("t"))
        store.drop("t")


def test_tables_that_swap_their_names_take_their_vectors_with_them(store: Store) -> None:
    memory = VectorMemory(1 << 30)
    store.append("a", vectors(30, 1))
    store.append("b", vectors(30, 2))
    for _ in range(3):
        for name in ("a", "b"):
            check_scores(memory, store.open(name))
        store.rename("a", "c")
        store.rename("b", "a")
        store.rename("c", "b")


def test_a_renamed_table_is_not_loaded_again(store: Store, loads: list[int]) -> None:
    memory = VectorMemory(1 << 30)
    store.append("t", vectors(30))
    check_scores(memory, store.open("t"))
    store.rename("t", "여행")
    check_scores(memory, store.open("여행"))
    assert loads == [30]


def test_a_copy_that_shares_its_files_has_the_same_vectors(store: Store, tmp_path: Path) -> None:
    memory = VectorMemory(1 << 30)
    store.append("t", vectors(30))
    dataset = store.open("t")
    copy = dataset.shallow_clone(str(tmp_path / "db" / "copy.lance"), dataset.version)
    copy.delete("n < 4")
    lance.write_dataset(vectors(3, seed=3), copy.uri, mode="append")
    for name in ("t", "copy"):
        check_scores(memory, store.open(name))


# -- many small fragments ------------------------------------------------------------------------------------------------


def test_many_small_fragments_lie_together(store: Store) -> None:
    memory = VectorMemory(1 << 30)
    for seed in range(40):
        store.append("t", vectors(1 + seed % 3, seed))
    check_scores(memory, store.open("t"))
    assert len(column(memory, store.open("t")).runs) == 1
    assert memory.held_bytes == TILE_BYTES
    for seed in range(40, 50):
        store.append("t", vectors(2, seed))
        check_scores(memory, store.open("t"))
    assert len(column(memory, store.open("t")).runs) == 1
    assert memory.held_bytes == TILE_BYTES


@pytest.mark.e2e
def test_small_fragments_that_are_gone_make_room_for_others(store: Store) -> None:
    memory, rows = VectorMemory(1 << 30), SHARED_TILES * tile_rows(DIM) // 5
    for seed in range(12):
        store.append("t", vectors(rows, seed))
        check_scores(memory, store.open("t"))
        store.drop("t")
    needed = -(-rows // tile_rows(DIM)) * TILE_BYTES
    assert memory.held_bytes <= 3 * needed


# -- memory ------------------------------------------------------------------------------------------------------------


def test_the_columns_used_last_stay_within_the_cap(store: Store, loads: list[int]) -> None:
    rows = tile_rows(DIM)
    for number, name in enumerate("abc"):
        store.append(name, vectors(rows, number))
    memory = VectorMemory(2 * TILE_BYTES)
    for name in "abac":
        column(memory, store.open(name))
        assert memory.held_bytes <= memory.cap_bytes
    assert len(loads) == 3
    for name in "acb":
        check_scores(memory, store.open(name))
    assert len(loads) == 4


def test_a_column_that_does_not_fit_is_not_loaded(store: Store, loads: list[int]) -> None:
    store.append("t", vectors(tile_rows(DIM) + 1))
    memory = VectorMemory(2 * TILE_BYTES - 1)
    assert memory.column(store.open("t"), "v", DIM) is None
    assert loads == []
    assert memory.held_bytes == 0


def test_what_a_table_held_before_it_was_replaced_is_let_go(store: Store) -> None:
    memory, rows = VectorMemory(1 << 40), SHARED_TILES * tile_rows(DIM) // 4
    for seed in range(3):
        store.append("t", vectors(rows, seed))
        column(memory, store.open("t"))
        held = memory.held_bytes
        store.drop("t")
    assert held == SHARED_TILES // 4 * TILE_BYTES


def test_threads_that_want_the_same_column_load_it_once(store: Store, loads: list[int]) -> None:
    store.append("t", vectors(300))
    memory, gate = VectorMemory(1 << 30), threading.Barrier(4)

    def get() -> ResidentColumn:
        gate.wait(10)
        return column(memory, store.open("t"))

    with ThreadPoolExecutor(4) as pool:
        got = [future.result() for future in [pool.submit(get) for _ in range(4)]]
    assert loads == [300]
    assert len({id(found) for found in got}) == 1


def test_a_load_that_is_stopped_keeps_the_fragments_that_are_whole(store: Store, loads: list[int]) -> None:
    for seed in (1, 2, 3):
        store.append("t", vectors(20, seed))
    memory = VectorMemory(1 << 30)

    def stop_at_the_third() -> None:
        if sum(block.units.count for block in memory._blocks.values()) == 40:
            raise Interrupted

    with pytest.raises(Interrupted):
        memory.column(store.open("t"), "v", DIM, stop_at_the_third)
    check_scores(memory, store.open("t"))
    assert loads == [60, 20]


def test_a_load_from_a_disk_that_does_not_answer_can_be_stopped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append("t", vectors(20))
    answers, asked = threading.Event(), []
    read = blocks.stored_values

    def slow(*arguments):
        answers.wait(30)
        yield from read(*arguments)

    def stop_while_it_reads() -> None:
        asked.append(1)
        if len(asked) > 3:
            raise Interrupted

    memory = VectorMemory(1 << 30)
    monkeypatch.setattr(blocks, "stored_values", slow)
    with pytest.raises(Interrupted):
        memory.column(store.open("t"), "v", DIM, stop_while_it_reads)
    answers.set()
    assert memory.held_bytes == 0
    check_scores(memory, store.open("t"))


def test_who_waits_for_another_load_can_stop(store: Store) -> None:
    store.append("t", vectors(20))
    memory = VectorMemory(1 << 30)

    def stop() -> None:
        raise Interrupted

    with memory._loading, pytest.raises(Interrupted):
        memory.column(store.open("t"), "v", DIM, stop)
    assert memory.held_bytes == 0


def test_a_load_that_fails_leaves_nothing_behind(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.append("t", vectors(20))
    memory = VectorMemory(1 << 30)
    with monkeypatch.context() as patched:
        patched.setattr(blocks, "stored_values", lambda *arguments: iter([pa.array([[1.0] * DIM] * 3)]))
        with pytest.raises(ValueError, match="3 vectors, not 20"):
            memory.column(store.open("t"), "v", DIM, never)
    assert memory.held_bytes == 0
    check_scores(memory, store.open("t"))


def test_fragments_are_what_lance_says_they_are(store: Store) -> None:
    store.append("t", vectors(20))
    store.append("t", vectors(5))
    store.open("t").delete("n = 2")
    parts = fragments(store.open("t"), "v")
    assert [part.rows for part in parts] == [20, 5]
    assert all(part.deletions for part in parts)
    assert len({part.values for part in parts}) == 2
    assert [len(part.values.files) for part in parts] == [1, 1]
    assert fragments(store.open("t"), "n") != parts
