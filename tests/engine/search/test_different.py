"""Rows that differ: the greedy choice is that of Carbonell and Goldstein, by brute force, among the best rows."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import DIM, PixelEncoder, age, write_picture

from tests.hunts import rounds
from thanosql_kernel.engine.search.different import maximal_marginal_relevance
from thanosql_kernel.models import registry
from thanosql_kernel.statements.search_ranking import diverse_pool

ACROSS, WITHIN = 0.7, 0.45


def brute_force(vectors: np.ndarray, scores: np.ndarray, top_k: int, share: float) -> list[int]:
    """Every pair compared anew for every choice, in double precision; what single precision tells not apart is equal."""
    chosen: list[int] = []
    while len(chosen) < min(top_k, len(scores)):
        values = {
            row: share * float(scores[row])
            - (1 - share)
            * max(
                (float(vectors[row].astype(float) @ vectors[it].astype(float)) for it in chosen), default=0.0
            )
            for row in range(len(scores))
            if row not in chosen
        }
        best = max(values.values())
        chosen.append(next(row for row, value in values.items() if value >= best - 1e-6))
    return chosen


def unit(matrix: np.ndarray) -> np.ndarray:
    return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("seed", range(30))
def test_the_choice_is_that_of_the_definition(seed):
    rng = np.random.default_rng(seed)
    count, dim = int(rng.integers(0, 40)), int(rng.integers(2, 9))
    vectors = unit(rng.standard_normal((count, dim)))
    for row in range(1, count):
        if rng.random() < 0.3:
            vectors[row] = vectors[rng.integers(row)]
    query = unit(rng.standard_normal((1, dim)))[0]
    order = np.argsort(-(vectors @ query), kind="stable")
    vectors = vectors[order]
    scores = np.array([float(vector.astype(float) @ query.astype(float)) for vector in vectors], np.float32)
    top_k, share = int(rng.integers(1, 45)), float(rng.uniform(0.1, 0.9))
    found = maximal_marginal_relevance(vectors, scores, top_k, share).tolist()
    assert found == brute_force(vectors, scores, top_k, share)


# -- cells -------------------------------------------------------------------------------------------------------
SEARCH = "SEARCH IMAGE text='바다' USING mini OPTIONS(emb_col='v', result_col='s', diverse=True, top_k={}) AS SELECT * FROM t"
PLAIN = "SEARCH IMAGE text='바다' USING mini OPTIONS(emb_col='v', result_col='s') AS SELECT * FROM t"


@pytest.fixture
def photos(world, monkeypatch):
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())
    put(world, 1, 60)
    world.run("SET display.rows = 1000")
    return world


def put(world, seed: int, count: int) -> None:
    """Bursts: each fifth row is much like the one before."""
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((count, DIM)).astype(np.float32) * 2
    for row in range(1, count):
        if rng.random() < 0.5:
            matrix[row] = matrix[row - 1] + rng.choice([0, 0.05]) * rng.standard_normal(DIM)
    vectors = pa.FixedSizeListArray.from_arrays(
        pa.array(matrix.reshape(-1)), DIM, mask=pa.array(rng.random(count) < 0.1)
    )
    world.put("t", pa.table({"id": pa.array(range(count), pa.int64()), "v": vectors}))


def expected(world, top_k: int) -> list[int]:
    rows = world.rows(PLAIN)  # shown: best first
    with_vector = [row for row in rows if row["s"] is not None]
    pool = with_vector[: diverse_pool(top_k)]
    vectors = (
        unit(np.array([row["v"] for row in pool], np.float32)) if pool else np.empty((0, DIM), np.float32)
    )
    chosen = brute_force(vectors, np.array([row["s"] for row in pool], np.float32), top_k, WITHIN)
    ids = [pool[row]["id"] for row in chosen]
    without = [row["id"] for row in rows if row["s"] is None]
    return ids + (without[: top_k - len(ids)] if len(pool) == len(with_vector) else [])


CHANGES = [
    "DELETE FROM t WHERE id % 7 = 3",
    "UPDATE t SET v = NULL WHERE id % 4 = 1",
    "UPDATE t SET v = (SELECT v FROM t WHERE v IS NOT NULL ORDER BY id LIMIT 1) WHERE id % 6 = 1",
    "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME TO t",
    "INSERT INTO t SELECT id + 1000, v FROM t WHERE id < 9",
    "CREATE OR REPLACE TABLE t AS SELECT * FROM t ORDER BY id DESC",
    "VACUUM t",
]


@pytest.mark.hunt
def test_rows_of_used_tables_are_chosen_as_defined(photos):
    rng = np.random.default_rng(5)
    for number in range(rounds(8, 80)):
        photos.run(str(rng.choice(CHANGES)))
        top_k = int(rng.choice([1, 2, 5, 20, 70, 200]))
        found = photos.rows(SEARCH.format(top_k))
        assert [row["id"] for row in found] == expected(photos, top_k)
        nested = photos.rows(
            f"SELECT id, s, v FROM ({SEARCH.format(top_k)}) ORDER BY s DESC NULLS LAST, id LIMIT 4"
        )
        best = sorted(found, key=lambda row: (row["s"] is None, -(row["s"] or 0), row["id"]))[:4]
        assert nested == [{name: row[name] for name in ("id", "s", "v")} for row in best]
        if number % 4 == 3:
            photos.run("DROP TABLE t")
            put(photos, number, int(rng.integers(1, 150)))


def test_where_the_input_is_in_the_table_it_is_shown_once_and_then_what_differs(photos):
    query = PixelEncoder().encode_texts(["바다"])[0]
    others = np.linalg.qr(np.column_stack([query, np.random.default_rng(1).standard_normal((DIM, 8))]))[0].T[
        1:
    ]
    matrix = np.concatenate([np.tile(query, (10, 1)), 0.8 * query + 0.6 * others]).astype(np.float32)
    photos.put(
        "t",
        pa.table({"id": range(18), "v": pa.FixedSizeListArray.from_arrays(pa.array(matrix.ravel()), DIM)}),
    )
    assert [row["id"] for row in photos.rows(PLAIN)][:10] == list(range(10))
    found = [row["id"] for row in photos.rows(SEARCH.format(6))]
    assert found[0] == 0
    assert all(number > 9 for number in found[1:])


@pytest.mark.parametrize(("given", "share"), [("text='바다'", ACROSS), ("image='p3.png'", WITHIN)])
def test_texts_and_pictures_have_a_share_of_their_own(photos, given, share):
    names = [f"p{number}.png" for number in range(9)]
    for number, name in enumerate(names):
        age(write_picture(photos.folder / name, number))
    photos.put("u", pa.table({"id": range(9), "image_path": names}))
    photos.run("CONVERT USING mini AS SELECT * FROM u")
    cell = f"SEARCH IMAGE {given} USING mini OPTIONS(diverse=True, top_k=5) AS SELECT * FROM u"
    rows = photos.rows(f"SELECT * FROM ({cell.replace('diverse=True, ', '').replace('top_k=5', 'top_k=9')})")
    vectors = unit(np.array([row["mini_clipmini"] for row in rows], np.float32))
    scores = np.array([row["mini_clipmini_similarity1"] for row in rows], np.float32)
    wanted = [rows[row]["id"] for row in brute_force(vectors, scores, 5, share)]
    assert [row["id"] for row in photos.rows(cell)] == wanted
    told = photos.run(f"EXPLAIN SELECT * FROM ({cell})")[-1].text
    assert f"5 of the best 30 rows by maximal marginal relevance (lambda = {share})" in told


def test_far_more_rows_than_the_pool_are_no_candidates(photos):
    put(photos, 4, 300)
    assert [row["id"] for row in photos.rows(SEARCH.format(3))] == expected(photos, 3)


def test_vectors_that_a_query_computes_are_chosen_among_too(photos):
    wanted = [row["id"] for row in photos.rows(SEARCH.format(6))]
    other = SEARCH.format(6).replace(
        "SELECT * FROM t", "SELECT * FROM (SELECT id, CAST(v AS DOUBLE[]) AS v FROM t)"
    )
    assert [row["id"] for row in photos.rows(other)] == wanted


def test_it_says_how_the_rows_were_chosen(photos):
    notices = photos.run(SEARCH.format(3))[-1].notices
    assert "chosen one after the other: similar to the input, and unlike those before" in notices
    assert "best first" not in notices
