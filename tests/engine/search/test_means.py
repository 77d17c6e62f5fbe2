"""compute.groupby_emb_mean: the mean vector of each label, held against NumPy and GROUP BY."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder, write_picture

from tests.hunts import rounds
from thanosql_kernel.models import registry

DIM = 5


def mean(query: str, options: str = "") -> str:
    return f"FUNCTION compute.groupby_emb_mean OPTIONS(label_col='label', emb_col='v'{options}) AS {query}"


def rows(world, cell: str) -> list[dict]:
    world.run("SET display.rows = 1000")
    return world.rows(cell)


def check(world, query: str) -> None:
    """Labels as GROUP BY has them, in order of first appearance, each with the mean of NumPy."""
    given, found = rows(world, query), rows(world, mean(query))
    groups: dict = {}
    for row in given:
        key = "NaN" if row["label"] != row["label"] else row["label"]
        vectors = groups.setdefault(key, [])
        if row["v"] is not None and np.isfinite(np.array(row["v"], dtype=np.float64)).all():
            vectors.append(row["v"])
    assert [("NaN" if row["label"] != row["label"] else row["label"]) for row in found] == list(groups)
    for row, vectors in zip(found, groups.values(), strict=True):
        if not vectors:
            assert row["emb_mean_result"] is None
        else:
            wanted = np.mean(np.array(vectors, dtype=np.float64), axis=0)
            np.testing.assert_allclose(row["emb_mean_result"], wanted, atol=1e-5, rtol=1e-5)
    grouped = rows(world, f"SELECT label FROM ({query}) GROUP BY label")
    assert len(grouped) == len(found)


def labels_of(rng: np.random.Generator, count: int) -> pa.Array:
    kinds = (
        lambda: pa.array([f"이름{rng.integers(4)}" for _ in range(count)]),
        lambda: pa.array(rng.integers(-2, 3, count)),
        lambda: pa.array([[0.5, float("nan"), -1.5][rng.integers(3)] for _ in range(count)], pa.float64()),
        lambda: pa.array(rng.random(count) < 0.5),
    )
    labels = kinds[rng.integers(len(kinds))]()
    missing = pa.array(rng.random(count) < 0.2, pa.bool_())
    return pa.compute.if_else(missing, pa.scalar(None, labels.type), labels)


@pytest.mark.hunt
def test_means_are_those_of_numpy_on_used_tables(world):
    rng = np.random.default_rng(0)
    for number in range(rounds(12, 300)):
        count = int(rng.integers(0, 60))
        kind = (pa.list_(pa.float32(), DIM), pa.list_(pa.float32()), pa.list_(pa.float64(), DIM))[
            rng.integers(3)
        ]
        vectors = [
            None if rng.random() < 0.2 else (rng.standard_normal(DIM) * 10.0 ** rng.integers(-3, 4)).tolist()
            for _ in range(count)
        ]
        if count and rng.random() < 0.3:
            vectors[0] = [float("inf")] * DIM
        table = pa.table(
            {
                "id": pa.array(range(count), pa.int64()),
                "label": labels_of(rng, count),
                "v": pa.array(vectors, kind),
            }
        )
        world.put(f"t{number}", table)
        if rng.random() < 0.5:
            world.run(f"DELETE FROM t{number} WHERE id % 4 = 1")
            world.run(f"INSERT INTO t{number} SELECT id + 100, label, v FROM t{number} WHERE id < 9")
        check(world, f"SELECT * FROM t{number}")
        check(world, f"SELECT label, v FROM t{number} WHERE id % 3 > 0 ORDER BY id DESC")


def test_the_label_keeps_its_name_and_type_and_the_mean_its_length(world):
    table = {
        "label": pa.array([3, 1, 3], pa.int16()),
        "v": pa.array([[1.0, 2.0]] * 3, pa.list_(pa.float32(), 2)),
    }
    world.put("t", pa.table(table))
    means = mean("SELECT * FROM t", ", result_col='평균'")
    world.run(f"CREATE TABLE m AS SELECT * FROM ({means})")
    found = world.session.catalog.table("m")
    assert [(column.name, column.type) for column in found.columns] == [
        ("label", "SMALLINT"),
        ("평균", "FLOAT[2]"),
    ]
    assert rows(world, "SELECT * FROM m") == [
        {"label": 3, "평균": [1.0, 2.0]},
        {"label": 1, "평균": [1.0, 2.0]},
    ]


def test_the_mean_is_of_the_numbers_as_they_are(world):
    vectors = pa.array([[1.0, 0.0], [0.0, 3.0]], pa.list_(pa.float32(), 2))
    world.put("t", pa.table({"label": ["a", "a"], "v": vectors}))
    assert rows(world, mean("SELECT * FROM t"))[0]["emb_mean_result"] == [0.5, 1.5]


def test_sums_do_not_lose_small_numbers_beside_large_ones(world):
    numbers = [1e8, *[1.0] * 1000, -1e8]
    vectors = pa.array([[number] for number in numbers], pa.list_(pa.float32(), 1))
    world.put("t", pa.table({"label": ["a"] * len(numbers), "v": vectors}))
    found = rows(world, mean("SELECT * FROM t"))[0]["emb_mean_result"][0]
    assert found == pytest.approx(1000 / 1002, rel=1e-6)


def test_means_can_be_searched_and_are_nobodys_vectors(world, monkeypatch):
    encoder = PixelEncoder()
    monkeypatch.setattr(registry, "load", lambda model, **settings: encoder)
    for number in range(4):
        write_picture(world.folder / "photos" / f"p{number}.png", seed=number)
    world.run("COPY t FROM 'photos'; CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM t")
    world.run("CREATE TABLE labelled AS SELECT *, 'x' AS label FROM t")
    world.run(f"CREATE TABLE m AS SELECT * FROM ({mean('SELECT * FROM labelled')})")
    column = world.session.catalog.table("m").column("emb_mean_result")
    assert column is not None
    assert column.generated is None
    search = "SEARCH IMAGE text='a cat' USING mini OPTIONS(emb_col='emb_mean_result', result_col='s') AS SELECT * FROM m"
    vector = np.array(rows(world, "SELECT * FROM m")[0]["emb_mean_result"])
    query = encoder.encode_texts(["a cat"])[0]
    found = rows(world, search)[0]["s"]
    assert found == pytest.approx(float(vector @ query / np.linalg.norm(vector)), abs=1e-5)


@pytest.mark.parametrize(
    ("options", "code", "marked"),
    [
        ("emb_col='v'", "TS103", "compute.groupby_emb_mean"),
        ("label_col='label'", "TS103", "compute.groupby_emb_mean"),
        ("label_col='labl', emb_col='v'", "TS202", "'labl'"),
        ("label_col='label', emb_col='label'", "TS300", "'label'"),
        ("label_col='label', emb_col='v', result_col='Label'", "TS104", "'Label'"),
        ("label_col='label', emb_col='v', top_k=1", "TS102", "top_k"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(world, options, code, marked):
    world.put("t", pa.table({"label": ["a"], "v": pa.array([[1.0]], pa.list_(pa.float32(), 1))}))
    found = world.marked(f"FUNCTION compute.groupby_emb_mean OPTIONS({options}) AS SELECT * FROM t")
    assert found == (code, marked)


def test_vectors_of_different_lengths_have_no_mean(world):
    world.put(
        "t", pa.table({"label": ["a", "a"], "v": pa.array([[1.0], [1.0, 2.0]], pa.list_(pa.float32()))})
    )
    assert world.marked(mean("SELECT * FROM t")) == ("TS300", "'v'")


def test_the_older_name_means_the_same(world):
    world.put("t", pa.table({"label": ["a"], "v": pa.array([[1.0]], pa.list_(pa.float32(), 1))}))
    assert rows(world, mean("SELECT * FROM t")) == rows(
        world, mean("SELECT * FROM t").replace("groupby_emb_mean", "groupby_mean")
    )
