"""The maps that bring together what belongs together: their gradients, ranks, and that training is repeatable."""

from __future__ import annotations

import numpy as np
import pytest

from thanosql_kernel.models.heads import contrast
from thanosql_kernel.models.heads.contrast import Maps, Pairs


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def random_pairs(seed: int, count: int, dim: int, groups: int | None = None) -> Pairs:
    random = np.random.default_rng(seed)
    group = np.arange(count) if groups is None else random.integers(0, groups, count)
    right = unit(random.standard_normal((count, dim)))[np.unique(group, return_index=True)[1]]
    of_row = np.unique(group, return_inverse=True)[1]
    return Pairs(unit(random.standard_normal((count, dim))), right[of_row], group.astype(np.int64))


def turned(count: int, dim: int = 16, noise: float = 0.15, seed: int = 0) -> Pairs:
    """Pairs whose right side is the left one turned a little."""
    random = np.random.default_rng(seed)
    skew = np.random.default_rng(99).standard_normal((dim, dim))
    half = 0.1 * (skew - skew.T)
    turn = np.linalg.solve(np.eye(dim) - half, np.eye(dim) + half)
    left = unit(random.standard_normal((count, dim)))
    right = unit(left @ turn + noise * random.standard_normal((count, dim)))
    return Pairs(left, right, np.arange(count))


def ignore(epoch: int, loss: float, kept: float) -> None:
    pass


@pytest.mark.parametrize("seed", range(3))
def test_gradients_are_those_of_small_differences(seed: int) -> None:
    random = np.random.default_rng(seed)
    pairs = random_pairs(seed, 7, 5)
    wide = Pairs(pairs.left.astype(np.float64), pairs.right.astype(np.float64), pairs.groups)
    sides = [np.eye(5) + 0.3 * random.standard_normal((5, 5)) for _ in range(2)]
    _, gradients = contrast._gradients(wide, Maps(*sides))
    for side, gradient in zip(sides, gradients, strict=True):
        for place in np.ndindex(5, 5):
            kept, step = side[place], 1e-5
            side[place] = kept + step
            above = contrast._gradients(wide, Maps(*sides))[0]
            side[place] = kept - step
            below = contrast._gradients(wide, Maps(*sides))[0]
            side[place] = kept
            assert gradient[place] == pytest.approx((above - below) / (2 * step), rel=1e-4, abs=1e-6)


def brute_ranks(pairs: Pairs) -> list[int]:
    """Against one right vector of each group, ties counted against."""
    kinds = list(dict.fromkeys(pairs.groups.tolist()))
    one = {kind: pairs.right[pairs.groups.tolist().index(kind)] for kind in kinds}
    found = []
    for row, kind in enumerate(pairs.groups.tolist()):
        own = float(pairs.left[row] @ one[kind])
        found.append(sum(float(pairs.left[row] @ one[other]) >= own for other in kinds))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_ranks_are_those_of_counting(seed: int) -> None:
    """Vectors of whole numbers: products are exact, and many are equal."""
    random = np.random.default_rng(seed)
    groups = random.integers(0, 12, 40)
    rights = random.integers(-1, 2, (12, 4)).astype(np.float32)
    pairs = Pairs(random.integers(-1, 2, (40, 4)).astype(np.float32), rights[groups], groups)
    ranks = brute_ranks(pairs)
    assert contrast.ranks(pairs).tolist() == ranks
    for best in (1, 5):
        assert contrast.recall(pairs, best) == np.mean([rank <= best for rank in ranks])


def test_ranks_of_more_rows_than_a_block_are_the_same() -> None:
    pairs = random_pairs(3, 1500, 8, groups=300)
    parts = [contrast.ranks(pairs)[row] for row in (0, 1023, 1024, 1499)]
    rights = {kind: row for row, kind in reversed(list(enumerate(pairs.groups.tolist())))}
    every = pairs.right[list(rights.values())].astype(np.float64)
    for row, rank in zip((0, 1023, 1024, 1499), parts, strict=True):
        left = pairs.left[row].astype(np.float64)
        assert abs(int((every @ left >= pairs.right[row] @ left - 1e-7).sum()) - rank) <= 1


def test_nothing_that_can_be_told_apart_ranks_last() -> None:
    same = np.ones((4, 3), np.float32)
    assert contrast.ranks(Pairs(same, same, np.arange(4))).tolist() == [4, 4, 4, 4]


@pytest.mark.parametrize("shared", [False, True])
def test_training_twice_gives_the_same_numbers(shared: bool) -> None:
    pairs, choosing = turned(80), turned(30, seed=1)
    start = contrast.identity(16)
    one, two = (contrast.fit(pairs, choosing, start, shared=shared, told=ignore) for _ in range(2))
    assert one.left.tobytes() == two.left.tobytes()
    assert one.right.tobytes() == two.right.tobytes()


def test_one_map_for_both_sides_stays_one() -> None:
    maps = contrast.fit(turned(80), turned(30, seed=1), contrast.identity(16), shared=True, told=ignore)
    assert maps.left is maps.right


def test_training_learns_a_turn_that_others_have_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contrast, "RATE", 1e-3)  # as far as the turn is in 60 epochs
    start = contrast.identity(16)
    maps = contrast.fit(turned(400), turned(60, seed=1), start, shared=False, told=ignore)
    others = turned(200, seed=2)
    assert contrast.loss_of(others, maps) < contrast.loss_of(others, start) - 0.1
    assert contrast.recall(maps.of(others)) > contrast.recall(others)


def test_training_on_noise_keeps_where_it_began(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contrast, "RATE", 1e-2)
    start = contrast.identity(16)
    told: list[int] = []
    maps = contrast.fit(
        random_pairs(0, 60, 16),
        random_pairs(1, 300, 16),
        start,
        shared=False,
        told=lambda n, *_: told.append(n),
    )
    assert contrast.loss_of(random_pairs(1, 300, 16), maps) <= contrast.loss_of(
        random_pairs(1, 300, 16), start
    )
    assert told[-1] < contrast.MOST_EPOCHS


def test_what_is_told_can_stop_it() -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        contrast.fit(turned(40), turned(20), contrast.identity(16), shared=False, told=stop)


def test_of_each_group_one_pair_is_taken_in_an_epoch() -> None:
    pairs = random_pairs(5, 90, 4, groups=20)
    rows = pairs.one_of_each(np.random.default_rng(0))
    assert sorted(pairs.groups[rows].tolist()) == sorted(set(pairs.groups.tolist()))


def test_batches_hold_every_row_once_and_none_is_small() -> None:
    for count in (1, 2, 255, 257, 384, 385, 1000):
        batches = contrast._batches(np.arange(count))
        assert np.concatenate(batches).tolist() == list(range(count))
        assert max(map(len, batches)) - min(map(len, batches)) <= 1
