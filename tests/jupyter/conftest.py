"""Photos for the tests of outputs."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def photos(tmp_path):
    """A folder with noisy photos: noise is what JPEG compresses worst."""
    noise = np.random.default_rng(1)
    for number in range(4):
        pixels = noise.integers(0, 255, (480, 640, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"사진 {number}.jpg")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not really")
    return tmp_path


@pytest.fixture
def noisy(tmp_path):
    """Photos with as much detail in their thumbnails as JPEG can hold."""
    noise = np.random.default_rng(2)
    for number in range(4):
        pixels = Image.fromarray(noise.integers(0, 255, (60, 80, 3), np.uint8))
        pixels.resize((320, 240), Image.Resampling.NEAREST).save(tmp_path / f"{number}.jpg")
    return tmp_path
