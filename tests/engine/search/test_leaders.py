"""Groups around the preferred one: held against the definition, on every pair."""

from __future__ import annotations

import numpy as np
import pytest

from thanosql_kernel.engine.search import leaders as module
from thanosql_kernel.engine.search import neighbours
from thanosql_kernel.engine.search.leaders import leaders
from thanosql_kernel.engine.search.neighbours import Neighbours


def expected(count, alike):
    """Each in turn, if it is free, takes the free ones behind it that are like it."""
    owner = list(range(count))
    free = [True] * count
    for leader in range(count):
        if free[leader]:
            for other in range(leader + 1, count):
                if free[other] and alike[leader, other]:
                    owner[other], free[other] = leader, False
    return owner


@pytest.mark.parametrize("seed", range(10))
def test_each_belongs_to_the_first_free_one_that_is_like_it(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 200))
    monkeypatch.setattr(neighbours, "BLOCK_ROWS", int(rng.integers(1, 60)))
    monkeypatch.setattr(neighbours, "MOST_PAIRS", int(rng.choice([1, 100, 10_000])))
    monkeypatch.setattr(module, "PAIRS_A_ROUND", int(rng.choice([1, 7, 500])))
    rows = (
        rng.standard_normal((count, 16)) * 0.4
        + rng.standard_normal((1 + count // 9, 16))[rng.integers(0, 1 + count // 9, count)]
    )
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    verdicts = rng.random((count, count)) < 0.6
    found = leaders(Neighbours(vectors, 0.7), lambda pairs: verdicts[pairs.first, pairs.second])
    assert found.tolist() == expected(count, (vectors @ vectors.T >= 0.7) & verdicts)


def test_thousands_of_equal_ones_are_compared_once_each():
    compared = []

    def count(pairs):
        compared.append(len(pairs.first))
        return np.ones(len(pairs.first), bool)

    vectors = np.tile(np.array([[0.6, 0.8]], np.float32), (3000, 1))
    assert not leaders(Neighbours(vectors, 0.9), count).any()
    assert sum(compared) == 2999


def test_a_chain_of_neighbours_is_no_group():
    angles = np.linspace(0, np.pi / 2, 40)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = leaders(Neighbours(vectors, 0.99), lambda pairs: np.ones(len(pairs.first), bool))
    assert (vectors @ vectors.T)[np.arange(40), found].min() >= 0.99
    assert len(set(found.tolist())) > 5
