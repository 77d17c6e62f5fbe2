"""All pairs above a cosine: those of a brute-force product, whatever their order, number and length."""

from __future__ import annotations

import numpy as np
import pytest

from thanosql_kernel.engine.search import neighbours
from thanosql_kernel.engine.search.neighbours import SLACK, Neighbours, bounding
from thanosql_kernel.errors import Interrupted

MARGIN = 2e-6


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def made(seed, count, dim):
    """Vectors of some density: noise, clusters of several widths, and equal ones."""
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((count, dim)) * np.linspace(1, rng.uniform(0.05, 1), dim)
    centres = rng.integers(0, count, count)
    close = rng.random(count) < 0.5
    rows[close] = rows[centres[close]] + rng.uniform(0, 1, (int(close.sum()), 1)) * rows[close]
    equal = rng.random(count) < 0.1
    rows[equal] = rows[0]
    return unit(rows)


def brute(vectors, threshold, leads=None):
    """Pairs that reach the threshold, and those that may do so by rounding."""
    cosines = np.triu(vectors.astype(np.float64) @ vectors.T.astype(np.float64), 1)
    if leads is not None:
        cosines[~leads] = 0
    surely, maybe = cosines >= threshold + MARGIN, cosines >= threshold - MARGIN
    return set(zip(*np.nonzero(surely), strict=True)), set(zip(*np.nonzero(maybe), strict=True)), cosines


@pytest.fixture(params=[0, 1, 2, 3, 4, 5, 6, 7])
def case(request, monkeypatch):
    """Vectors, a threshold, and blocks so small that there are many of them."""
    rng = np.random.default_rng(request.param)
    monkeypatch.setattr(neighbours, "BLOCK_ROWS", int(rng.integers(1, 90)))
    monkeypatch.setattr(neighbours, "TILE_ROWS", int(rng.integers(1, 70)))
    monkeypatch.setattr(neighbours, "PAIRS_A_CALL", int(rng.integers(1, 50)))
    monkeypatch.setattr(neighbours, "MOST_PAIRS", int(rng.choice([1, 30, 1000])))
    monkeypatch.setattr(neighbours, "_SAMPLE", int(rng.choice([20, 1024])))
    return made(request.param, int(rng.integers(1, 400)), int(rng.choice([3, 64, 128, 130]))), rng.uniform(
        0.3, 0.95
    )


def test_blocks_give_each_pair_once_in_order_with_its_cosine(case):
    vectors, threshold = case
    surely, maybe, cosines = brute(vectors, threshold)
    found = []
    for pairs in Neighbours(vectors, threshold).blocks(np.full(len(vectors), np.inf)):
        assert np.allclose(pairs.cosine, cosines[pairs.first, pairs.second], atol=MARGIN)
        found += zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)
    assert found == sorted(found)
    assert len(found) == len(set(found))
    assert surely <= set(found) <= maybe


def test_rows_that_belong_to_another_lead_no_pairs(case):
    vectors, threshold = case
    leads = np.random.default_rng(1).random(len(vectors)) < 0.5
    surely, maybe, _ = brute(vectors, threshold, leads)
    blocks = Neighbours(vectors, threshold).blocks(np.where(leads, np.inf, 0))
    found = {pair for it in blocks for pair in zip(it.first.tolist(), it.second.tolist(), strict=True)}
    assert surely <= found <= maybe


def test_those_with_any_neighbour_are_told(case):
    vectors, threshold = case
    surely, maybe, _ = brute(vectors, threshold)
    counted = []
    found = set(np.flatnonzero(Neighbours(vectors, threshold).have_any(counted.append)).tolist())
    assert {at for pair in surely for at in pair} <= found <= {at for pair in maybe for at in pair}
    assert sum(counted) == len(vectors)


@pytest.mark.parametrize("threshold", [0.5, 0.8, 0.95])
def test_no_product_exceeds_its_bound(threshold):
    rng = np.random.default_rng(3)
    vectors = unit(rng.standard_normal((2100, 256)) * np.geomspace(1, 0.02, 256))
    bounds = bounding(vectors, threshold)
    assert bounds.shape[1] < 256
    exact = vectors.astype(np.float64) @ vectors.T.astype(np.float64)
    assert (bounds @ bounds.T - exact).min() >= -SLACK / 5


def test_vectors_that_no_few_numbers_bound_are_their_own_bounds():
    vectors = unit(np.random.default_rng(4).standard_normal((2100, 64)))
    assert bounding(vectors, 0.3) is vectors


def test_no_vectors_have_no_pairs():
    none = np.zeros((0, 8), np.float32)
    assert not Neighbours(none, 0.5).have_any().size
    assert not list(Neighbours(none, 0.5).blocks(np.zeros(0)))


def test_a_stop_is_heard_between_tiles():
    def stop():
        raise Interrupted

    with pytest.raises(Interrupted):
        Neighbours(made(0, 50, 8), 0.5, stop).have_any()
