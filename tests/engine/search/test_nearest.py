"""compute.similarity: the labels of the most similar rows, held against NumPy, on tables that have been used."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder, write_picture

from tests.hunts import rounds
from thanosql_kernel.engine.search import nearest, reading
from thanosql_kernel.engine.search.nearest import Best
from thanosql_kernel.engine.search.reading import Tile
from thanosql_kernel.models import registry

DIM = 6


def units(vectors: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def random_vectors(rng: np.random.Generator, count: int, dim: int) -> np.ndarray:
    """Of three kinds: far apart, full of copies, and all nearly alike."""
    kind = rng.integers(3)
    if kind == 0:
        return rng.standard_normal((count, dim))
    if kind == 1:
        return rng.integers(-1, 2, (count, dim)).astype(np.float64)
    return rng.standard_normal(dim) + 1e-4 * rng.standard_normal((count, dim))


def check_best(scores, places, cosines: np.ndarray, vectors: np.ndarray, top_k: int) -> None:
    """The matches of one row: its cosines are the highest, best first, and of equal vectors the first come first."""
    there = np.flatnonzero(~np.isnan(cosines))
    wanted = np.sort(cosines[there])[::-1][:top_k]
    np.testing.assert_allclose(scores, wanted, atol=1e-6)
    np.testing.assert_allclose(cosines[places], scores, atol=1e-6)
    assert len(set(places)) == len(places)
    for place in places:
        copies = [at for at in range(place) if (vectors[at] == vectors[place]).all()]
        assert set(copies) <= set(places[: list(places).index(place)])


@pytest.mark.hunt
def test_the_best_of_tiles_are_the_best_of_all():
    rng = np.random.default_rng(0)
    for _ in range(rounds(1500, 20_000)):
        dim, top_k = int(rng.integers(1, 9)), int(rng.integers(1, 6))
        ours = random_vectors(rng, int(rng.integers(1, 6)), dim)
        theirs = random_vectors(rng, int(rng.integers(1, 40)), dim)
        if rng.random() < 0.3:
            ours = np.concatenate([ours, theirs[: rng.integers(1, 4)]])
        best, at = Best.none_yet(len(ours), top_k), 0
        while at < len(theirs):
            stop = min(len(theirs), at + int(rng.integers(1, 16)))
            best.offer(units(ours), Tile(units(theirs[at:stop]), np.arange(at, stop)))
            at = stop
        cosines = units(ours).astype(np.float64) @ units(theirs).astype(np.float64).T
        for row in range(len(ours)):
            found = best.places[row] >= 0
            check_best(best.scores[row][found], best.places[row][found], cosines[row], units(theirs), top_k)


# -- statements over tables -------------------------------------------------------------------------------------------


def vector_array(vectors: np.ndarray, missing: np.ndarray, *, is_fixed: bool = True) -> pa.Array:
    values = [None if gone else vector.tolist() for gone, vector in zip(missing, vectors, strict=True)]
    kind = pa.list_(pa.float32(), vectors.shape[1]) if is_fixed else pa.list_(pa.float32())
    return pa.array(values, kind)


def put(world, name: str, rng: np.random.Generator, count: int, dim: int, *, is_fixed: bool = True) -> None:
    vectors = random_vectors(rng, count, dim)
    labels = [None if rng.random() < 0.1 else f"이름{rng.integers(5)}" for _ in range(count)]
    table = {"id": pa.array(range(count), pa.int64()), "label": pa.array(labels, pa.string())}
    table["v"] = vector_array(vectors, rng.random(count) < 0.15, is_fixed=is_fixed)
    world.put(name, pa.table(table))


def use(world, name: str, rng: np.random.Generator) -> str:
    """Do to a table what users do; returns what it is called then."""
    for _ in range(rng.integers(4)):
        what = rng.integers(5)
        if what == 0:
            world.run(f"DELETE FROM {name} WHERE id % 5 = {rng.integers(5)}")
        elif what == 1:
            world.run(
                f"INSERT INTO {name} SELECT id + 1000, label, v FROM {name} WHERE id < {rng.integers(9)}"
            )
        elif what == 2:
            world.run(f"UPDATE {name} SET label = '새 이름' WHERE id % 3 = {rng.integers(3)}")
        elif what == 3:
            world.run(f"UPDATE {name} SET v = NULL WHERE id = {rng.integers(9)}")
        else:
            new = f"{name}_{rng.integers(10**6)}"
            world.run(f"ALTER TABLE {name} RENAME TO {new}")
            name = new
    return name


def rows(world, query: str) -> list[dict]:
    world.run("SET display.rows = 1000")
    return world.rows(query)


def similarity(source: str, options: str, query: str) -> str:
    given = f"emb_col='v', src_table='{source}', src_emb_col='v', src_label_col='label'"
    return f"FUNCTION compute.similarity OPTIONS({given}{options}) AS {query}"


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TILE_VALUES", 8 * DIM)
    monkeypatch.setattr(nearest, "BLOCK_VALUES", 9 * DIM)
    monkeypatch.setattr(nearest, "ROWS_AT_ONCE", 4)


def check(world, ours: str, theirs: str, top_k: int, query: str = "SELECT * FROM {}") -> None:
    source = rows(world, f"SELECT * FROM {theirs}")
    vectors = np.array([row["v"] or [np.nan] * DIM for row in source]).reshape(-1, DIM)
    given = rows(world, query.format(ours))
    options = f", top_k={top_k}, result_col='r'" if top_k > 1 else ", result_col='r'"
    found = rows(world, similarity(theirs, options, query.format(ours)))
    assert [row["id"] for row in found] == [row["id"] for row in given]
    theirs_units = units(vectors)
    for row in found:
        cosines = np.full(len(source), np.nan)
        if row["v"] is not None and any(row["v"]):
            cosines = units(np.array([row["v"]]))[0].astype(np.float64) @ theirs_units.astype(np.float64).T
        there = np.flatnonzero(~np.isnan(cosines))
        if not len(there):
            assert (row["r"], row["r_score"]) == (None, None)
            continue
        scores = row["r_score"] if top_k > 1 else [row["r_score"]]
        labels = row["r"] if top_k > 1 else [row["r"]]
        np.testing.assert_allclose(scores, np.sort(cosines[there])[::-1][:top_k], atol=1e-6)
        for label, score in zip(labels, scores, strict=True):
            fitting = [source[at]["label"] for at in there if abs(cosines[at] - score) < 2e-6]
            assert label in fitting
        exact = np.argsort(-np.where(np.isnan(cosines), -9, cosines).astype(np.float32), kind="stable")
        gaps = np.diff(np.sort(cosines[there])[::-1][: top_k + 1])
        if len(gaps) and (np.abs(gaps) > 1e-5).all():
            assert labels == [source[at]["label"] for at in exact[: len(labels)]]


@pytest.mark.hunt
def test_labels_are_those_of_the_most_similar_rows_of_used_tables(world, small_tiles):
    rng = np.random.default_rng(1)
    for number in range(rounds(8, 150)):
        put(world, f"우리{number}", rng, int(rng.integers(0, 30)), DIM, is_fixed=rng.random() < 0.7)
        put(world, f"남{number}", rng, int(rng.integers(0, 60)), DIM, is_fixed=rng.random() < 0.7)
        ours, theirs = use(world, f"우리{number}", rng), use(world, f"남{number}", rng)
        top_k = int(rng.integers(1, 5))
        check(world, ours, theirs, top_k)
        check(world, theirs, theirs, top_k, "SELECT * FROM {} ORDER BY id DESC")
        check(world, ours, theirs, top_k, "SELECT id, v FROM {} WHERE id > 3 LIMIT 7 OFFSET 1")


def test_a_table_remade_under_its_name_is_another_one(world):
    rng = np.random.default_rng(2)
    for _ in range(3):
        put(world, "t", rng, 20, DIM)
        check(world, "t", "t", 2)
        world.run("DROP TABLE t")


def test_a_view_can_be_looked_in(world):
    put(world, "t", np.random.default_rng(3), 30, DIM)
    world.run(
        "CREATE VIEW 뒤 AS SELECT * FROM t WHERE id > 10; CREATE VIEW 앞 AS SELECT * FROM t LIMIT 9 OFFSET 4"
    )
    check(world, "t", "뒤", 3)
    check(world, "t", "앞", 3)


def test_both_sides_may_be_queries_rows(world, small_tiles):
    put(world, "t", np.random.default_rng(9), 50, DIM)
    world.run("CREATE VIEW 섞인 AS SELECT a.* FROM t a JOIN t b USING (id) ORDER BY a.id DESC")
    check(world, "t", "섞인", 2, "SELECT * FROM {} ORDER BY id DESC")
    check(world, "섞인", "섞인", 2, "SELECT a.id, a.v FROM {} a WHERE id % 2 = 0 ORDER BY id")


def test_of_equal_cosines_the_row_that_comes_first_gives_the_label(world):
    vectors = pa.array([[0.0, 2.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0]], pa.list_(pa.float32(), 2))
    world.put("t", pa.table({"label": [7, 5, 4, 6], "v": vectors}))
    found = rows(world, similarity("t", ", top_k=2", "SELECT * FROM t LIMIT 1 OFFSET 1"))
    assert found[0]["similarity_result"] == [5, 4]
    assert found[0]["similarity_score"] == [1.0, 1.0]


def test_more_labels_than_there_are_gives_all(world):
    put(world, "t", np.random.default_rng(10), 5, DIM)
    check(world, "t", "t", 10**9)


def test_older_names_mean_the_same(world):
    put(world, "t", np.random.default_rng(4), 12, DIM)
    old = (
        "FUNCTION compute.similarities OPTIONS(target_emb_col='v', src_table='t', src_emb_col='v', "
        "src_label_col='label', topk=3) AS SELECT * FROM t"
    )
    assert rows(world, old) == rows(world, similarity("t", ", top_k=3", "SELECT * FROM t"))


def test_its_columns_are_known_before_it_runs(world):
    put(world, "t", np.random.default_rng(5), 12, DIM)
    for options, many in (("", ""), (", top_k=2", "[]")):
        world.run(
            f"CREATE OR REPLACE TABLE r AS SELECT * FROM ({similarity('t', options, 'SELECT * FROM t')})"
        )
        stored = world.session.catalog.table("r")
        assert [(it.name, it.type) for it in stored.columns[-2:]] == [
            ("similarity_result", f"VARCHAR{many}"),
            ("similarity_score", f"FLOAT{many}"),
        ]


def test_the_rows_may_be_those_of_a_file(world):
    import pyarrow.parquet

    put(world, "t", np.random.default_rng(6), 12, DIM)
    table = world.run("SELECT * FROM t")[-1].rows
    pyarrow.parquet.write_table(table, world.folder / "t.parquet")
    given = "emb_col='v', src_table='t', src_emb_col='v', src_label_col='label', top_k=2"
    from_file = rows(world, f"FUNCTION compute.similarity OPTIONS({given}) FROM 't.parquet'")
    assert [row["similarity_result"] for row in from_file] == [
        row["similarity_result"] for row in rows(world, similarity("t", ", top_k=2", "SELECT * FROM t"))
    ]


@pytest.mark.parametrize(
    ("options", "code", "marked"),
    [
        ("src_table='t', src_emb_col='v', src_label_col='label'", "TS103", "compute.similarity"),
        ("emb_col='v', src_emb_col='v', src_label_col='label'", "TS103", "compute.similarity"),
        ("emb_col='w', src_table='t', src_emb_col='v', src_label_col='label'", "TS202", "'w'"),
        ("emb_col='label', src_table='t', src_emb_col='v', src_label_col='label'", "TS300", "'label'"),
        ("emb_col='v', src_table='tt', src_emb_col='v', src_label_col='label'", "TS201", "'tt'"),
        ("emb_col='v', src_table='t', src_emb_col='w', src_label_col='label'", "TS202", "'w'"),
        ("emb_col='v', src_table='t', src_emb_col='v', src_label_col='x'", "TS202", "'x'"),
        ("emb_col='v', src_table='t', src_emb_col='id', src_label_col='label'", "TS300", "'id'"),
        ("emb_col='v', src_table='longer', src_emb_col='v', src_label_col='label'", "TS300", "'v'"),
        ("emb_col='v', src_table='mixed', src_emb_col='v', src_label_col='label'", "TS300", "'v'"),
        ("emb_col='v', src_table='t', src_emb_col='v', src_label_col='label', top_k=0", "TS103", "0"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(world, options, code, marked):
    rng = np.random.default_rng(7)
    put(world, "t", rng, 5, DIM)
    put(world, "longer", rng, 5, DIM + 1)
    mixed = pa.array([[1.0], [1.0, 2.0]], pa.list_(pa.float32()))
    world.put("mixed", pa.table({"label": ["a", "b"], "v": mixed}))
    assert world.marked(f"FUNCTION compute.similarity OPTIONS({options}) AS SELECT * FROM t") == (
        code,
        marked,
    )


def test_vectors_of_other_weights_are_refused(world, monkeypatch):
    for number in range(3):
        write_picture(world.folder / "photos" / f"p{number}.png", seed=number)
    for seed, name in ((0, "하나"), (1, "둘")):
        monkeypatch.setattr(registry, "load", lambda model, seed=seed, **settings: PixelEncoder(seed))
        world.run(
            f"COPY {name} FROM 'photos'; CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM {name}"
        )
    given = "emb_col='v', src_table='{}', src_emb_col='v', src_label_col='image_path'"
    run = f"FUNCTION compute.similarity OPTIONS({given}) AS SELECT * FROM 하나"
    assert [row["similarity_result"] for row in rows(world, run.format("하나"))] == [
        row["image_path"] for row in rows(world, "SELECT * FROM 하나")
    ]
    assert world.marked(run.format("둘")) == ("TS401", "'v'")


def test_vectors_of_a_stored_table_stay_in_memory(world):
    put(world, "t", np.random.default_rng(8), 30, DIM)
    check(world, "t", "t", 1)
    assert world.session.database.searcher.memory.held_bytes > 0
