"""Histograms of colours: CIE values of known colours, and which pictures are alike."""

from __future__ import annotations

import numpy as np
import pytest

from thanosql_kernel.errors import ModelError
from thanosql_kernel.models.colours import SIDE, ColourEncoder, to_lab

KNOWN = {
    (255, 0, 0): (53.24, 80.09, 67.20),
    (0, 255, 0): (87.73, -86.18, 83.18),
    (0, 0, 255): (32.30, 79.19, -107.86),
    (255, 255, 255): (100.0, 0.0, 0.0),
    (0, 0, 0): (0.0, 0.0, 0.0),
    (119, 119, 119): (50.03, 0.0, 0.0),
}


@pytest.mark.parametrize(("rgb", "lab"), KNOWN.items())
def test_known_colours_have_their_values(rgb: tuple, lab: tuple) -> None:
    found = to_lab(np.array(rgb, np.float32).reshape(3, 1, 1) / 255).ravel()
    assert np.abs(found - lab).max() < 0.03


def picture(seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    spots = random.random((3, 4, 4)).astype(np.float32)
    return np.kron(spots, np.ones((1, SIDE // 4, SIDE // 4), np.float32))


def test_vectors_have_length_one_and_do_not_depend_on_the_batch() -> None:
    pictures = np.stack([picture(seed) for seed in range(9)])
    vectors = ColourEncoder().encode_images(pictures)
    assert vectors.shape == (9, ColourEncoder.dim)
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-6
    assert ColourEncoder().encode_images(pictures[4:5]).tobytes() == vectors[4:5].tobytes()
    assert ColourEncoder().encode_images(pictures[:0]).shape == (0, ColourEncoder.dim)


def test_the_same_picture_is_nearest_then_a_darker_one_then_others() -> None:
    one = picture(1)
    mirrored, darker, other = one[:, :, ::-1], one * 0.9, 1 - one
    vectors = ColourEncoder().encode_images(np.stack([one, one, mirrored, darker, other]))
    same, turned, dark, far = vectors[1:] @ vectors[0]
    assert same == pytest.approx(1.0, abs=1e-6)
    assert far < turned < same
    assert far < dark < same


def test_one_colour_alone_is_seen() -> None:
    for level in (0.0, 1.0):
        plain = np.full((1, 3, SIDE, SIDE), level, np.float32)
        assert np.linalg.norm(ColourEncoder().encode_images(plain)) == pytest.approx(1.0, abs=1e-6)


def test_texts_have_no_colours() -> None:
    with pytest.raises(ModelError) as caught:
        ColourEncoder().encode_texts(["red"])
    assert caught.value.code == "TS403"
