"""Our one-pass preprocessing gives what the reference implementations give."""

from __future__ import annotations

import io
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent / "odd"))
from profiles import rgb_profile

from thanosql_kernel.images.decode import open_rgb
from thanosql_kernel.images.preprocess import CLIP_224, Preprocess

SQUASH = Preprocess(size=260, mode="squash", mean=(127 / 255,) * 3, std=(128 / 255,) * 3)


def photo_like(width: int, height: int) -> Image.Image:
    """Smooth shapes with some grain, as photographs have."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    channels = [127 + 90 * np.sin(x / (17 + 9 * c)) * np.cos(y / (23 - 4 * c)) for c in range(3)]
    grain = np.random.default_rng(0).normal(0, 6, (height, width, 3))
    return Image.fromarray(np.clip(np.stack(channels, -1) + grain, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("size", [(640, 480), (480, 640), (333, 777), (224, 224), (100, 90), (1000, 225)])
def test_center_mode_is_clips_preprocessing(size: tuple[int, int]) -> None:
    transformers = pytest.importorskip("transformers")
    image = photo_like(*size)
    processor = getattr(transformers, "CLIPImageProcessorPil", None) or transformers.CLIPImageProcessor
    wanted = np.asarray(processor()(image, return_tensors="np")["pixel_values"][0])
    found = CLIP_224(image)
    assert found.shape == (3, 224, 224)
    levels = np.abs(found - wanted) * np.array(CLIP_224.std)[:, None, None] * 255
    assert levels.mean() < 0.5
    assert np.quantile(levels, 0.999) < 3


def test_squash_mode_is_a_plain_bicubic_resize() -> None:
    image = photo_like(640, 480)
    plain = np.asarray(image.resize((260, 260), Image.Resampling.BICUBIC), np.float32)
    wanted = ((plain - 127) / 128).transpose(2, 0, 1)
    np.testing.assert_allclose(SQUASH(image), wanted, atol=1e-5)


def test_output_is_contiguous_float32() -> None:
    found = SQUASH(photo_like(300, 200))
    assert (found.dtype, found.shape, found.flags["C_CONTIGUOUS"]) == (np.float32, (3, 260, 260), True)


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (2, 3)])
@pytest.mark.parametrize("preprocess", [SQUASH, CLIP_224], ids=["squash", "center"])
def test_extreme_shapes_work(size: tuple[int, int], preprocess: Preprocess) -> None:
    found = preprocess(Image.new("RGB", size, (10, 200, 30)))
    assert np.isfinite(found).all()
    assert np.ptp(found, axis=(1, 2)).max() < 1e-6


def test_draft_decoding_changes_little() -> None:
    buffer = io.BytesIO()
    photo_like(1920, 1080).save(buffer, "JPEG", quality=90)
    quick = SQUASH(open_rgb(buffer.getvalue(), min_side=SQUASH.size))
    full = SQUASH(open_rgb(buffer.getvalue()))
    assert np.abs(quick - full).mean() * 128 < 1.0


def test_a_preprocess_is_frozen_and_hashable() -> None:
    assert hash(SQUASH) == hash(Preprocess(260, "squash", (127 / 255,) * 3, (128 / 255,) * 3))
    with pytest.raises(FrozenInstanceError):
        SQUASH.size = 3  # type: ignore[misc]


def test_colours_are_converted_once_before_or_after_the_picture_is_shrunk() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (6, 8, 3), np.uint8)
    photo = Image.fromarray(noise).resize((640, 480), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    photo.save(buffer, "PNG", icc_profile=rgb_profile("Display P3"))
    early, late = (CLIP_224(open_rgb(buffer.getvalue(), convert=convert)) for convert in (True, False))
    assert np.abs(early - late).mean() < 0.01
    assert np.abs(early - CLIP_224(photo)).mean() > 0.05
