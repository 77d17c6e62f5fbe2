"""Groups around the preferred one: held against the definition, on every pair."""

from __future__ import annotations

import numpy as np
import pytest

from thanosql_kernel.engine.search import leaders as module
from thanosql_kernel.engine.search import neighbours
from thanosql_kernel.engine.search.leaders import leaders
from thanosql_kernel.engine.search.neighbours import Neighbours


def expected(apart):
    """Each in turn that no leader before it is like leads; the others go to the nearest leader, the first of several."""
    owner = []
    for at in range(len(apart)):
        likely = [(apart[leader, at], leader) for leader in range(at) if owner[leader] == leader]
        likely = [it for it in likely if np.isfinite(it[0])]
        owner.append(min(likely)[1] if likely else at)
    return owner


@pytest.mark.parametrize("seed", range(10))
def test_each_belongs_to_the_nearest_leader_that_it_is_like(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 200))
    monkeypatch.setattr(neighbours, "BLOCK_ROWS", int(rng.integers(1, 60)))
    monkeypatch.setattr(neighbours, "MOST_PAIRS", int(rng.choice([1, 100, 10_000])))
    monkeypatch.setattr(module, "PAIRS_A_ROUND", int(rng.choice([1, 7, 500])))
    centres = rng.standard_normal((1 + count // 9, 16))
    rows = rng.standard_normal((count, 16)) * 0.4 + centres[rng.integers(0, len(centres), count)]
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    apart = np.where(rng.random((count, count)) < 0.6, rng.integers(0, 5, (count, count)), np.inf).astype(
        np.float32
    )
    found = leaders(Neighbours(vectors, 0.7), lambda pairs: apart[pairs.first, pairs.second])
    assert found.tolist() == expected(np.where(vectors @ vectors.T >= 0.7, apart, np.inf))


def test_thousands_of_equal_ones_are_compared_once_each():
    compared = []

    def count(pairs):
        compared.append(len(pairs.first))
        return np.zeros(len(pairs.first), np.float32)

    vectors = np.tile(np.array([[0.6, 0.8]], np.float32), (3000, 1))
    assert not leaders(Neighbours(vectors, 0.9), count).any()
    assert sum(compared) == 2999


def test_a_chain_of_neighbours_is_no_group():
    angles = np.linspace(0, np.pi / 2, 40)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = leaders(Neighbours(vectors, 0.99), lambda pairs: 1 - pairs.cosine)
    assert (vectors @ vectors.T)[np.arange(40), found].min() >= 0.99
    assert len(set(found.tolist())) > 5
