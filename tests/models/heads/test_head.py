"""Heads: one vector gives one result however it comes, files are what they were, and nothing else is read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from safetensors.numpy import save_file

from thanosql_kernel.errors import ModelError
from thanosql_kernel.models.heads.head import HEAD_FILE, LABELS_FILE, Head, is_head, load_head

DIM = 24


def a_map(seed: int = 0) -> Head:
    random = np.random.default_rng(seed)
    return Head(
        {
            "image.weight": random.standard_normal((DIM, DIM)).astype(np.float32),
            "text.weight": random.standard_normal((DIM, DIM)).astype(np.float32),
        },
        "f" * 64,
    )


def a_classifier(labels: list, hidden: int = 0) -> Head:
    random = np.random.default_rng(len(labels))
    height = hidden or DIM
    arrays = {
        "weight": random.standard_normal((height, len(labels))),
        "bias": random.standard_normal(len(labels)),
    }
    if hidden:
        arrays |= {
            "hidden.weight": random.standard_normal((DIM, hidden)),
            "hidden.bias": random.standard_normal(hidden),
        }
    return Head(
        {name: array.astype(np.float32) for name, array in arrays.items()}, "f" * 64, pa.array(labels)
    )


def vectors(count: int, seed: int = 0) -> np.ndarray:
    found = np.random.default_rng(seed).standard_normal((count, DIM))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("hidden", [0, 7])
def test_a_vector_gives_the_same_alone_and_in_any_batch(hidden: int) -> None:
    given, of_map, of_labels = vectors(700), a_map(), a_classifier(["a", "b", "c"], hidden)
    together = of_map.project(given, "image"), of_labels.scores(given)
    for row in (0, 1, 255, 256, 511, 699):
        assert of_map.project(given[row : row + 1], "image").tobytes() == together[0][row : row + 1].tobytes()
        assert of_labels.scores(given[row : row + 1]).tobytes() == together[1][row : row + 1].tobytes()
    random = np.random.default_rng(1)
    for _ in range(20):
        some = random.permutation(700)[: random.integers(1, 600)]
        assert of_map.project(given[some], "image").tobytes() == together[0][some].tobytes()
        assert of_labels.scores(given[some]).tobytes() == together[1][some].tobytes()


def test_projected_vectors_are_products_of_length_one() -> None:
    given, head = vectors(300), a_map()
    wanted = given.astype(np.float64) @ head.arrays["text.weight"]
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    assert np.abs(head.project(given, "text") - wanted).max() < 1e-6


def test_vectors_of_a_kind_that_was_not_trained_stay() -> None:
    head = Head({"image.weight": np.eye(DIM, dtype=np.float32)}, "f")
    given = vectors(3)
    assert head.project(given, "text") is given


def test_no_rows_are_no_rows() -> None:
    assert a_map().project(vectors(0), "image").shape == (0, DIM)
    assert a_classifier(["a", "b"]).scores(vectors(0)).shape == (0, 2)


def test_a_missing_vector_stays_missing() -> None:
    given = vectors(4)
    given[2] = np.nan
    found = a_map().project(given, "image")
    assert np.isnan(found[2]).all()
    assert np.isfinite(found[[0, 1, 3]]).all()


@pytest.mark.parametrize(
    "head", [a_map(), a_classifier(["a", "나", ""]), a_classifier([1, 2], 5), a_classifier([True, False])]
)
def test_a_head_is_read_as_it_was_written(head: Head, tmp_path: Path) -> None:
    head.save(tmp_path, "a card")
    found = load_head(tmp_path)
    assert found.fingerprint == head.fingerprint
    assert found.frozen == head.frozen
    assert (found.labels is None) == (head.labels is None)
    assert found.labels is None or found.labels.equals(head.labels)
    assert {name: array.tobytes() for name, array in found.arrays.items()} == {
        name: array.tobytes() for name, array in head.arrays.items()
    }


def test_what_decides_the_result_decides_the_fingerprint() -> None:
    heads = [
        a_map(),
        a_map(1),
        Head(a_map().arrays, "0" * 64),
        a_classifier(["a", "b"]),
        Head(a_classifier(["a", "b"]).arrays, "f" * 64, pa.array(["b", "a"])),
    ]
    assert len({head.fingerprint for head in heads}) == len(heads)
    turned = dict(reversed(a_map().arrays.items()))
    assert Head(turned, "f" * 64).fingerprint == a_map().fingerprint


def test_the_fingerprint_is_the_same_in_another_process() -> None:
    here = Path(__file__)
    code = f"import sys; sys.path.insert(0, {str(here.parent)!r}); import {here.stem} as t; "
    code += "print(t.a_map().fingerprint, t.a_classifier(['a', '나']).fingerprint)"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert said == [a_map().fingerprint, a_classifier(["a", "나"]).fingerprint]


def _cut(folder: Path) -> None:
    file = folder / HEAD_FILE
    file.write_bytes(file.read_bytes()[:-9])


def _foreign(folder: Path) -> None:
    save_file({"weight": np.ones((2, 2), np.float32)}, folder / HEAD_FILE)


def _pickle(folder: Path) -> None:
    (folder / HEAD_FILE).write_bytes(b"cos\nsystem\n(S'exit 1'\ntR.")


def _other_labels(folder: Path) -> None:
    (folder / LABELS_FILE).write_bytes(a_classifier(["a", "b", "c"]).label_content)


def _cut_labels(folder: Path) -> None:
    (folder / LABELS_FILE).write_bytes(b"ARROW1")


def _no_column(folder: Path) -> None:
    table = pa.table({})
    with pa.ipc.new_file(folder / LABELS_FILE, table.schema) as writer:
        writer.write_table(table)


def _other_height(folder: Path) -> None:
    arrays = {"weight": np.ones((3, 2), np.float32), "bias": np.ones(2, np.float32)}
    save_file(
        {**arrays, "hidden.weight": np.ones((DIM, 5), np.float32), "hidden.bias": np.ones(5, np.float32)},
        folder / HEAD_FILE,
        {"frozen": "f"},
    )


def _no_bias(folder: Path) -> None:
    save_file({"weight": np.ones((DIM, 2), np.float32)}, folder / HEAD_FILE, {"frozen": "f"})


def _not_square(folder: Path) -> None:
    save_file({"image.weight": np.ones((DIM, 2), np.float32)}, folder / HEAD_FILE, {"frozen": "f"})


def _gone(folder: Path) -> None:
    (folder / HEAD_FILE).unlink()


DAMAGES = [
    _cut,
    _foreign,
    _pickle,
    _other_labels,
    _cut_labels,
    _no_column,
    _other_height,
    _no_bias,
    _not_square,
    _gone,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_and_foreign_files_are_refused(damage, tmp_path: Path) -> None:
    a_classifier(["a", "b"]).save(tmp_path, "")
    assert is_head(tmp_path)
    damage(tmp_path)
    with pytest.raises(ModelError) as caught:
        load_head(tmp_path)
    assert caught.value.code == "TS400"
