"""Sets of 16-byte keys agree with Python's own sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from thanosql_kernel.engine.embed.digests import (
    KEY,
    DigestSet,
    digest_texts,
    from_arrow,
    pack,
    positions,
    to_arrow,
)

# Few different bytes, many NULs at the end: what NumPy's byte strings treat in their own way.
keys = st.lists(
    st.binary(min_size=16, max_size=16) | st.sampled_from([b"a" + b"\0" * 15, b"\0" * 15 + b"a", b"\0" * 16])
)


@given(keys, keys)
def test_positions_are_those_of_equal_keys(needles: list[bytes], haystack: list[bytes]) -> None:
    ordered = sorted(set(haystack))
    found = positions(pack(needles), pack(ordered))
    assert list(found) == [ordered.index(key) if key in ordered else -1 for key in needles]


@given(keys, keys)
def test_a_set_of_digests_is_a_set(first: list[bytes], more: list[bytes]) -> None:
    ours, pythons = DigestSet(pack(first)), set(first)
    for key in more:
        assert ours.add(key) == (key not in pythons)
        pythons.add(key)
    assert len(ours) == len(pythons)
    assert list(ours.contains(pack(first + more))) == [True] * len(first + more)


def test_a_set_stays_right_when_its_tail_is_merged() -> None:
    texts = [f"text {number}" for number in range(5000)]
    ours = DigestSet()
    assert all(ours.add(key.tobytes()) for key in digest_texts(texts).reshape(-1, 1))
    assert not any(ours.add(key.tobytes()) for key in digest_texts(texts).reshape(-1, 1))
    assert ours.contains(digest_texts(["text 7", "text 5000"])).tolist() == [True, False]


@given(keys, st.integers(0, 3))
def test_arrow_gives_back_the_keys(values: list[bytes], skipped: int) -> None:
    array = to_arrow(pack(values)).slice(skipped)
    assert from_arrow(array).tobytes() == b"".join(values[skipped:])
    assert from_arrow(array).dtype == KEY


def test_texts_that_differ_have_keys_that_differ() -> None:
    assert len(np.unique(digest_texts(["고양이", "개", "", " ", "a", "A"]))) == 6
