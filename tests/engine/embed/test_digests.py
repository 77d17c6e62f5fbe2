"""Arrays of 16-byte keys agree with Python's own bytes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from thanosql_kernel.engine.embed.digests import (
    KEY,
    digest_strings,
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


@given(keys, st.integers(0, 3))
def test_arrow_gives_back_the_keys(values: list[bytes], skipped: int) -> None:
    array = to_arrow(pack(values)).slice(skipped)
    assert from_arrow(array).tobytes() == b"".join(values[skipped:])
    assert from_arrow(array).dtype == KEY


def test_texts_that_differ_have_keys_that_differ() -> None:
    assert len(np.unique(digest_texts(["고양이", "개", "", " ", "a", "A"]))) == 6


@given(st.lists(st.text()), st.integers(0, 2))
def test_arrow_texts_have_the_keys_of_their_texts(texts: list[str], skipped: int) -> None:
    array = pa.array(texts, pa.large_string()).slice(skipped)
    assert digest_strings(array).tobytes() == digest_texts(texts[skipped:]).tobytes()
