"""Classifiers on frozen vectors: what is held out, what wins, and that scikit-learn would say the same."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from thanosql_kernel.models.heads import labels
from thanosql_kernel.models.heads.head import Head
from thanosql_kernel.models.heads.labels import Candidate

DIM = 16


def rows(counts: list[int], noise: float = 0.6, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors around one centre for each class, so many of each."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(7).standard_normal((len(counts), DIM))
    classes = np.repeat(np.arange(len(counts)), counts)
    found = centres[classes] + noise * random.standard_normal((len(classes), DIM))
    order = random.permutation(len(classes))
    unit = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit[order].astype(np.float32), classes[order]


def fit(vectors: np.ndarray, classes: np.ndarray, **settings) -> labels.Classified:
    return labels.fit(vectors, classes, lambda *_: None, lambda work: work(), **settings)


@pytest.mark.parametrize("counts", [[20, 20], [90, 4], [30, 20, 10], [2, 2, 2], [1, 1], [5, 1, 1, 3]])
@pytest.mark.parametrize("strength", [0.1, 1.0])
@pytest.mark.parametrize("hidden", [0, 9])
def test_scores_say_what_scikit_learn_says(counts: list[int], strength: float, hidden: int) -> None:
    vectors, classes = rows(counts)
    scaled = (vectors * DIM**0.5).astype(np.float64)
    model = labels._trained(Candidate(strength, hidden), scaled, classes, 0)
    head = Head(labels._arrays(model, len(counts)), "f", pa.array(list(range(len(counts)))))
    others = rows(counts, noise=1.5, seed=1)[0]
    said = model.predict((others * DIM**0.5).astype(np.float64))
    assert (head.scores(others).argmax(axis=1) == said).all()
    if not hidden:
        sure = model.decision_function((others * DIM**0.5).astype(np.float64))
        found = head.scores(others)
        found = found[:, 1] - found[:, 0] if len(counts) == 2 else found
        assert np.abs(found - sure).max() < 1e-4


def test_the_same_rows_give_the_same_numbers() -> None:
    vectors, classes = rows([150, 100])
    one, two = fit(vectors, classes), fit(vectors, classes)
    assert one.candidate == two.candidate
    assert all(one.arrays[name].tobytes() == two.arrays[name].tobytes() for name in one.arrays)


@pytest.mark.parametrize("counts", [[1, 1], [1, 5], [2, 2], [400, 3], [3, 3, 1]])
def test_few_rows_of_a_class_are_enough(counts: list[int]) -> None:
    vectors, classes = rows(counts, noise=0.1)
    found = fit(vectors, classes)
    head = Head(found.arrays, "f", pa.array(list(range(len(counts)))))
    assert (head.scores(vectors).argmax(axis=1) == classes).all()
    assert not np.isin([one for one, count in enumerate(counts) if count == 1], classes[found.held_out]).any()


def test_a_rare_class_is_not_given_up() -> None:
    vectors, classes = rows([600, 12], noise=0.9)
    head = Head(fit(vectors, classes).arrays, "f", pa.array([0, 1]))
    others, truth = rows([600, 12], noise=0.9, seed=5)
    said = head.scores(others).argmax(axis=1)
    assert (said[truth == 1] == 1).mean() > 0.7


def test_a_fifth_of_each_class_is_held_out() -> None:
    classes = np.repeat([0, 1, 2, 3], [50, 10, 2, 1])
    held = labels.split(classes)
    assert np.bincount(classes[held], minlength=4).tolist() == [10, 2, 1, 0]
    assert held.tolist() == sorted(set(held.tolist()))
    assert labels.split(classes).tolist() == held.tolist()
    assert labels.split(classes, 1).tolist() != held.tolist()


def test_rows_that_may_not_be_held_out_are_not() -> None:
    classes = np.repeat([0, 1, 2], [50, 10, 4])
    allowed = np.random.default_rng(0).random(64) < 0.4
    allowed[classes == 2] = False
    held = labels.split(classes, may_be_held=allowed)
    assert allowed[held].all()
    assert set(classes[held].tolist()) == {0, 1}


def test_every_candidate_is_told_and_the_best_is_taken() -> None:
    vectors, classes = rows([200, 200], noise=1.2)
    told: dict[Candidate, float] = {}
    found = labels.fit(vectors, classes, told.__setitem__, lambda work: work())
    assert len(told) == len(labels.candidates(320))
    assert told[found.candidate] == max(told.values())


def test_a_hidden_layer_is_tried_where_there_are_rows_enough() -> None:
    assert not any(it.hidden for it in labels.candidates(labels.NETWORK_FROM - 1))
    assert any(it.hidden for it in labels.candidates(labels.NETWORK_FROM))
    assert not any(it.hidden for it in labels.candidates(labels.NETWORK_UP_TO + 1))


def test_a_single_label_is_always_given() -> None:
    head = Head(labels.only_class(DIM), "f", pa.array(["cat"]))
    assert head.scores(rows([5, 5])[0]).argmax(axis=1).tolist() == [0] * 10


def test_names_of_labels_count_where_there_are_few_rows():
    random = np.random.default_rng(5)
    prompts = _unit(random.standard_normal((6, 32)))
    classes = np.repeat(np.arange(6), 4)
    noise = 1.4 * random.standard_normal((24, 32)) / 32**0.5 * 5
    vectors = _unit(prompts[classes] * 2 + noise)
    found = fit(vectors, classes, prompts=prompts)
    assert found.candidate.names > 0
    others = np.repeat(np.arange(6), 50)
    unseen = _unit(prompts[others] * 2 + 1.4 * random.standard_normal((300, 32)) / 32**0.5 * 5)
    with_names = Head(found.arrays, "").scores(unseen).argmax(axis=1)
    without = Head(fit(vectors, classes).arrays, "").scores(unseen).argmax(axis=1)
    assert (with_names == others).mean() > (without == others).mean()


def test_what_names_say_is_part_of_the_same_matrix():
    random = np.random.default_rng(6)
    prompts, vectors = _unit(random.standard_normal((3, 16))), _unit(random.standard_normal((60, 16)))
    classes = np.arange(60) % 3
    plain = labels._head_of(labels.Candidate(0.1), vectors * 4.0, classes, count=3, seed=0, prompts=prompts)
    named = labels._head_of(
        labels.Candidate(0.1, names=10.0), vectors * 4.0, classes, count=3, seed=0, prompts=prompts
    )
    wanted = Head(plain, "").scores(vectors) + 10 * vectors @ prompts.T
    np.testing.assert_allclose(Head(named, "").scores(vectors), wanted, atol=1e-4)


def _unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
