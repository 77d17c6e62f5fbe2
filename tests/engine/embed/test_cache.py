"""The cache gives back what was put in, whatever was appended since and by whom."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import DIM, PixelEncoder, World

from thanosql_kernel.engine.embed.digests import digest_texts
from thanosql_kernel.images import decode

RNG = np.random.default_rng(5)


def some(count: int) -> np.ndarray:
    return RNG.standard_normal((count, DIM)).astype(np.float32)


def knows(world: World, encoder: PixelEncoder, kind: str) -> bool:
    return bool(world.cache.vectors(encoder, kind).locate(digest_texts(["a"])).offsets[0] >= 0)


def test_vectors_come_back_in_any_order_with_null_for_unknown_ones(world: World) -> None:
    shelf, vectors = world.cache.vectors(PixelEncoder(), "image"), some(3)
    shelf.append(digest_texts(["a", "b"]), vectors[:2])
    shelf.append(digest_texts(["c"]), vectors[2:])
    located = shelf.locate(digest_texts(["c", "x", "a", "c", "b"]))
    assert (located.offsets >= 0).tolist() == [True, False, True, True, True]
    read = located.read(located.offsets).to_pylist()
    assert read[1] is None
    np.testing.assert_array_equal(
        np.array([read[0], read[2], read[3], read[4]], np.float32), vectors[[2, 0, 2, 1]]
    )


def test_an_empty_cache_knows_nothing(world: World) -> None:
    shelf = world.cache.vectors(PixelEncoder(), "image")
    assert not (shelf.locate(digest_texts(["a"])).offsets >= 0).any()
    located = shelf.locate(digest_texts(["a"]))
    assert located.read(located.offsets).to_pylist() == [None]
    assert world.cache.files.lookup(digest_texts(["a"])).tolist() == [b""]


def test_of_two_vectors_for_one_content_the_first_is_taken_for_ever(world: World) -> None:
    shelf, vectors = world.cache.vectors(PixelEncoder(), "image"), some(4)
    shelf.append(digest_texts(["a", "a"]), vectors[:2])
    shelf.append(digest_texts(["a", "b"]), vectors[2:])
    located = shelf.locate(digest_texts(["a"]))
    np.testing.assert_array_equal(located.read(located.offsets).to_pylist(), vectors[:1].tolist())


def test_weights_kinds_and_preprocessing_have_caches_of_their_own(world: World) -> None:
    encoder, other = PixelEncoder(), PixelEncoder(seed=1)
    world.cache.vectors(encoder, "image").append(digest_texts(["a"]), some(1))
    assert knows(world, PixelEncoder(), "image")
    assert not knows(world, encoder, "text")
    assert not knows(world, other, "image")
    from thanosql_kernel.images.preprocess import CLIP_224

    encoder.preprocess = CLIP_224
    assert not knows(world, encoder, "image")


def test_vectors_of_pictures_that_were_decoded_otherwise_are_not_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("image", "text"):
        world.cache.vectors(PixelEncoder(), kind).append(digest_texts(["a"]), some(1))
    monkeypatch.setattr(decode, "DECODING", decode.DECODING + 1)
    assert not knows(world, PixelEncoder(), "image")
    assert knows(world, PixelEncoder(), "text")


def test_the_last_content_seen_in_a_file_counts(world: World) -> None:
    files = world.cache.files
    files.append(digest_texts(["f", "g"]), digest_texts(["old", "other"]))
    files.append(digest_texts(["f"]), digest_texts(["new"]))
    found = world.cache.files.lookup(digest_texts(["g", "f", "f", "h"]))
    assert found.tolist() == [*digest_texts(["other", "new", "new"]).tolist(), b""]


def test_two_writers_at_once_lose_nothing(world: World) -> None:
    def write(writer: int) -> None:
        shelf = world.cache.vectors(PixelEncoder(), "image")
        for number in range(12):
            shelf.append(digest_texts([f"{writer}-{number}"]), some(1))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(2)))
    located = world.cache.vectors(PixelEncoder(), "image").locate(
        digest_texts([f"{writer}-{number}" for writer in range(2) for number in range(12)])
    )
    assert (located.offsets >= 0).all()


def test_many_small_appends_are_merged_and_stay_readable(world: World) -> None:
    shelf, vectors = world.cache.vectors(PixelEncoder(), "image"), some(12)
    for number in range(12):
        shelf.append(digest_texts([str(number)]), vectors[number : number + 1])
    before = shelf.locate(digest_texts([str(number) for number in range(12)]))
    shelf.tidy()
    snapshot = world.store.open(shelf.name)
    assert len(snapshot.get_fragments()) == 1
    after = shelf.locate(digest_texts([str(number) for number in range(12)]))
    for located in (before, after):
        np.testing.assert_array_equal(
            np.array(located.read(located.offsets).to_pylist(), np.float32), vectors
        )


def test_the_tables_are_hidden_from_users(world: World) -> None:
    world.cache.files.append(digest_texts(["f"]), digest_texts(["c"]))
    world.cache.vectors(PixelEncoder(), "image").append(digest_texts(["a"]), some(1))
    assert world.store.versions() == {}
