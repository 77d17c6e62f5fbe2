"""Which fragments are written again: few are left, none for the sake of a smaller one, and each row seldom."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from thanosql_kernel.engine.store.merging import (
    FEWEST,
    LARGE_BYTES,
    LOWEST_BYTES,
    MOST_BYTES,
    VACUUM_MOST_BYTES,
    Piece,
    next_run,
    whole_runs,
)

KB = 1 << 10
SIZES = st.integers(KB, 4 * LARGE_BYTES)
PIECES = st.builds(Piece, SIZES, st.just(100), st.integers(0, 99), st.booleans())


def merged(pieces: list[Piece]) -> Piece:
    return Piece(
        sum(piece.size_bytes for piece in pieces), sum(piece.rows - piece.deleted for piece in pieces)
    )


def settle(pieces: list[Piece]) -> int:
    """Do all that is due, in place; returns the bytes written."""
    written = 0
    while (run := next_run(pieces)) is not None:
        piece = merged(pieces[run.start : run.stop])
        pieces[run.start : run.stop] = [piece]
        written += piece.size_bytes
    return written


@given(st.lists(SIZES, max_size=120))
def test_appends_leave_few_fragments_and_write_each_byte_a_few_times(sizes):
    pieces: list[Piece] = []
    written = 0
    for size in sizes:
        pieces.append(Piece(size, 100))
        written += settle(pieces)
    large = sum(piece.size_bytes >= LARGE_BYTES for piece in pieces)
    assert len(pieces) <= 8 * FEWEST * (large + 1)
    assert written <= math.log2(4 * LARGE_BYTES / LOWEST_BYTES) * sum(sizes) + 2 * len(sizes) * LOWEST_BYTES
    assert sum(piece.size_bytes for piece in pieces) == sum(sizes)


def test_thousands_of_single_rows_are_few_fragments_and_each_is_written_a_few_times():
    pieces: list[Piece] = []
    written = 0
    for _ in range(20_000):
        pieces.append(Piece(2 * KB, 1))
        written += settle(pieces)
        assert len(pieces) < 4 * FEWEST
    assert written < 30 * 20_000 * 2 * KB


@given(st.lists(PIECES, max_size=60))
def test_what_is_written_at_a_time_is_bounded_and_never_large_for_the_sake_of_small(pieces):
    run = next_run(pieces)
    if run is not None:
        chosen = pieces[run.start : run.stop]
        assert chosen
        assert len(chosen) == 1 or all(piece.size_bytes < LARGE_BYTES for piece in chosen)
        assert sum(piece.size_bytes for piece in chosen) <= MOST_BYTES
        if len(chosen) > 1:
            assert 2 * max(piece.weight for piece in chosen) <= sum(piece.weight for piece in chosen)


def test_a_large_fragment_stays_when_small_ones_come():
    pieces = [Piece(LARGE_BYTES, 10_000), *(Piece(KB, 1) for _ in range(FEWEST))]
    assert next_run(pieces) == range(1, FEWEST + 1)
    pieces = [Piece(300 * KB, 500), *(Piece(KB, 1) for _ in range(FEWEST))]
    assert next_run(pieces) == range(1, FEWEST + 1)


def test_fragments_of_which_much_is_deleted_are_written_again_alone():
    pieces = [Piece(10 * LARGE_BYTES, 100, 90), Piece(LARGE_BYTES, 100, 24), Piece(LARGE_BYTES, 100, 26)]
    assert next_run(pieces) == range(2, 3)
    assert next_run(pieces[:2]) is None


@given(st.lists(PIECES, max_size=60))
def test_vacuum_leaves_nothing_deleted_and_no_two_small_neighbours(pieces):
    runs = whole_runs(pieces)
    assert all(run.start < run.stop for run in runs)
    assert all(one.stop <= other.start for one, other in pairwise(runs))
    inside = {at for run in runs for at in run}
    assert all(at in inside for at, piece in enumerate(pieces) if piece.deleted or piece.is_stale)
    for run in runs:
        assert len(run) == 1 or sum(pieces[at].size_bytes for at in run) <= 2 * VACUUM_MOST_BYTES
