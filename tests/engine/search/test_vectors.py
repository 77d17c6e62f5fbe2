"""Scores are the cosines that NumPy gives in double precision; the best rows are those a stable sort puts first."""

from __future__ import annotations

import threading
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thanosql_kernel.engine.search import cosine
from thanosql_kernel.engine.search.blocks import memory_cap_bytes
from thanosql_kernel.engine.search.cosine import (
    Run,
    UnitVectors,
    best_first,
    joined,
    score,
    score_stream,
    tile_rows,
    unit_rows,
)
from thanosql_kernel.errors import Interrupted

RNG = np.random.default_rng(11)


def lists(matrix: np.ndarray, missing: tuple[int, ...] = ()) -> pa.FixedSizeListArray:
    numbers = pa.array(matrix.reshape(-1))
    mask = pa.array([number in missing for number in range(len(matrix))], pa.bool_())
    return pa.FixedSizeListArray.from_arrays(numbers, matrix.shape[1], mask=mask)


def cosines(matrix: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """The oracle: double precision, one pair at a time in the formula."""
    wide, asked = matrix.astype(np.float64), queries.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (wide @ asked.T) / (
            np.linalg.norm(wide, axis=1)[:, None] * np.linalg.norm(asked, axis=1)[None]
        )


def resident(array: pa.Array, dim: int) -> Run:
    return UnitVectors(len(array), dim).add([array.slice(0, 3), array.slice(3)], len(array))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2000),
    st.sampled_from([1, 3, 16, 512]),
    st.integers(1, 5),
    st.sampled_from([1e-20, 1.0, 1e15]),
    st.integers(0, 2**32),
)
def test_scores_are_cosines(count: int, dim: int, asked: int, scale: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = (rng.standard_normal((count, dim)) * scale).astype(np.float32)
    queries = rng.standard_normal((asked, dim)).astype(np.float32)
    scores = score([resident(lists(matrix), dim)], queries)
    assert scores.dtype == np.float32
    assert scores.shape == (count, asked)
    np.testing.assert_allclose(scores, cosines(matrix, queries), atol=2e-6)
    streamed = score_stream(iter([lists(matrix[: count // 3]), lists(matrix[count // 3 :])]), dim, queries)
    np.testing.assert_allclose(streamed, scores, atol=1e-6)


def test_scores_stay_within_minus_one_and_one() -> None:
    matrix = RNG.standard_normal((3000, 7)).astype(np.float32)
    scores = score([resident(lists(np.concatenate([matrix, -matrix])), 7)], matrix[:4])
    assert scores.max() == 1.0
    assert scores.min() == -1.0


def test_vectors_without_a_direction_have_no_score() -> None:
    matrix = RNG.standard_normal((6, 4)).astype(np.float32)
    matrix[1] = 0
    matrix[2, 3] = np.inf
    matrix[3, 0] = np.nan
    scores = score([resident(lists(matrix, missing=(4,)), 4)], matrix[:1])
    assert np.isnan(scores[:, 0]).tolist() == [False, True, True, True, True, False]


@pytest.mark.parametrize("count", [5, 513, 20_001])
def test_equal_vectors_have_bitwise_equal_scores_wherever_they_stand(count: int) -> None:
    vector = RNG.standard_normal(512).astype(np.float32)
    run = resident(lists(np.repeat(vector[None], count, axis=0)), 512)
    scores = score([run], RNG.standard_normal((3, 512)).astype(np.float32))
    assert [len(np.unique(scores[:, number])) for number in range(3)] == [1, 1, 1]


@pytest.mark.parametrize(
    "array",
    [
        pa.array([[3.0, 4.0], None, [0.0, 2.0]], pa.list_(pa.float32(), 2)),
        pa.array([[3.0, 4.0], None, [0.0, 2.0]], pa.list_(pa.float64())),
        pa.array([[3.0, 4.0], [1.0], [0.0, 2.0]], pa.large_list(pa.float32())),
        pa.array([[3.0, 4.0], [1.0, None], [0.0, 2.0]], pa.list_(pa.float64(), 2)),
        pa.array([[9.0, 9.0], [3.0, 4.0], None, [0.0, 2.0]], pa.list_(pa.float32(), 2)).slice(1),
        pa.array(np.array([3, 4, np.nan, 1, 0, 2], np.float16)),
    ],
)
def test_every_kind_of_list_is_read(array: pa.Array) -> None:
    if pa.types.is_float16(array.type):
        array = pa.FixedSizeListArray.from_arrays(array, 2)
    expected = np.array([[0.6, 0.8], [np.nan, np.nan], [0.0, 1.0]], np.float32)
    found = np.zeros((len(array), 2), np.float32)
    unit_rows(array, found)
    np.testing.assert_allclose(found, expected, atol=1e-7)


def test_a_column_that_grew_or_shrank_is_noticed() -> None:
    array = lists(np.ones((3, 2), np.float32))
    units = UnitVectors(4, 2)
    with pytest.raises(ValueError, match="3 vectors, not 4"):
        units.add([array], 4)
    with pytest.raises(ValueError, match="more than 2"):
        units.add([array], 2)
    assert units.count == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 1300), max_size=12), st.randoms(use_true_random=False))
def test_vectors_that_lie_in_pieces_have_the_very_scores_of_one_block(
    sizes: list[int], chance: Random
) -> None:
    matrix = RNG.standard_normal((sum(sizes), 512)).astype(np.float32)
    queries = RNG.standard_normal((2, 512)).astype(np.float32)
    blocks = [UnitVectors(9000, 512) for _ in range(2)]
    for block in blocks:
        block.add([lists(RNG.standard_normal((5, 512)).astype(np.float32))], 5)
    order = list(range(len(sizes)))
    chance.shuffle(order)
    runs, starts = {}, np.cumsum([0, *sizes])
    for number in order:
        piece = lists(matrix[starts[number] : starts[number + 1]])
        runs[number] = chance.choice(blocks).add([piece], len(piece))
    scores = score([runs[number] for number in range(len(sizes))], queries)
    whole = score([UnitVectors(len(matrix), 512).add([lists(matrix)], len(matrix))], queries)
    assert scores.tobytes() == whole.tobytes()


def test_runs_that_touch_become_one() -> None:
    first, second = UnitVectors(9, 2), UnitVectors(9, 2)
    runs = [
        Run(first, 0, 2),
        Run(first, 2, 2),
        Run(first, 2, 5),
        Run(second, 5, 6),
        Run(first, 6, 7),
        Run(first, 5, 6),
    ]
    assert joined(runs) == [Run(first, 0, 5), Run(second, 5, 6), Run(first, 6, 7), Run(first, 5, 6)]
    assert joined([Run(first, 3, 3)]) == []


@pytest.mark.parametrize("cores", [1, 2])
def test_scoring_stops_soon_after_it_is_asked_to(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    monkeypatch.setattr(cosine, "available_cores", lambda: cores)
    asked, scored, may_go_on = iter([None, None]), [], threading.Event()

    def check() -> None:
        if next(asked, "stop") == "stop":
            may_go_on.set()
            raise Interrupted

    def score_piece(*arguments: object) -> None:
        scored.append(1)
        if threading.current_thread() is not threading.main_thread():  # the other one is slow
            may_go_on.wait(10)

    monkeypatch.setattr(cosine, "_score_piece", score_piece)
    units = UnitVectors(512 * 16 * 50, 512)
    with pytest.raises(Interrupted):
        score([Run(units, 0, 512 * 16 * 50)], np.ones((1, 512), np.float32), check)
    assert len(scored) <= 1 + cores


@pytest.mark.parametrize("dim", [1, 3, 512, 768, 100_000, 1_000_000])
def test_tiles_are_powers_of_two(dim: int) -> None:
    assert tile_rows(dim).bit_count() == 1


# Few different scores, so that ties are the rule.
scores_with_ties = st.lists(st.sampled_from([0.5, -0.25, 0.5, 1.0, float("nan")]), max_size=60)


@given(scores_with_ties, st.one_of(st.none(), st.integers(0, 70)), st.booleans())
def test_the_best_are_those_of_a_stable_sort(values: list[float], k: int | None, descending: bool) -> None:
    sign = -1 if descending else 1
    ordered = sorted(
        range(len(values)), key=lambda row: (values[row] != values[row], sign * values[row], row)
    )
    by_hand = [row for row in range(len(values)) if values[row] == values[row]]
    by_hand.sort(key=lambda row: sign * values[row])
    by_hand += [row for row in range(len(values)) if values[row] != values[row]]
    assert len(ordered) == len(by_hand)
    assert best_first(np.array(values, np.float32), k, descending=descending).tolist() == by_hand[:k]


# -- memory -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "size"),
    [("1000", 1000), ("4GB", 4 << 30), ("1.5 GiB", 3 << 29), ("512m", 512 << 20), ("64 KB", 64 << 10)],
)
def test_the_cap_is_read_as_people_write_sizes(
    monkeypatch: pytest.MonkeyPatch, setting: str, size: int
) -> None:
    monkeypatch.setenv("THANOSQL_MEMORY", setting)
    assert memory_cap_bytes() == size


@pytest.mark.parametrize("setting", ["", "much", "1.2.3GB"])
def test_without_a_readable_cap_it_is_a_quarter_of_the_memory(
    monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("THANOSQL_MEMORY", setting)
    assert 1 << 26 < memory_cap_bytes() < 1 << 46
