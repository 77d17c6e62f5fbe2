"""Samples of any type as 8-bit levels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Levels = npt.NDArray[np.uint8]

_LARGEST_16_BIT = 65535.0
_ALL_16_BIT = np.arange(65536, dtype=np.uint16)
_ROWS = 256


def samples_of(image: Image.Image) -> npt.NDArray[Any]:
    """The samples (height, width) of a grey picture, read in parts: in one go they are held three times."""
    first = np.asarray(image.crop((0, 0, image.width, 1)))
    samples = np.empty((image.height, *first.shape[1:]), first.dtype)
    for top in range(0, image.height, _ROWS):
        bottom = min(top + _ROWS, image.height)
        samples[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return samples


def from_samples(samples: npt.NDArray[Any]) -> Levels:
    """0 to 255 of samples (height, width, channels) of any real type.

    The range of an unsigned type is what its white is. Floating-point samples go from 0 to 1 where they all do. The
    rest, and whatever has a sign, is stretched from the lowest to the highest sample of all channels.
    """
    if samples.dtype.kind == "u":
        return _scaled(samples, 0.0, float(np.iinfo(samples.dtype).max))
    low, high = _bounds(samples)
    is_unit = samples.dtype.kind == "f" and low >= 0.0 and high <= 1.0
    return _scaled(samples, 0.0, 1.0) if is_unit else _scaled(samples, low, high)


def from_pillow(samples: npt.NDArray[Any], mode: str, *, is_signed: bool) -> Levels:
    """0 to 255 of the grey samples (height, width) of an image of mode ``I``, ``F`` or ``I;16``.

    Pillow keeps 16-bit samples of some formats in mode ``I``, so that is what such samples are taken for where they
    fit; below 256 they are levels already.
    """
    if mode.startswith("I;16"):
        return _scaled(samples, 0.0, _LARGEST_16_BIT)
    low, high = _bounds(samples)
    if mode == "F" and low >= 0.0 and high <= 1.0:
        return _scaled(samples, 0.0, 1.0)
    if is_signed or low < 0.0 or high > _LARGEST_16_BIT:
        return _scaled(samples, low, high)
    return _scaled(samples, 0.0, _LARGEST_16_BIT if high > 255.0 else 255.0)


def _bounds(samples: npt.NDArray[Any]) -> tuple[float, float]:
    """The lowest and the highest finite sample."""
    if samples.dtype.kind != "f":
        return float(samples.min()), float(samples.max())
    low, high = np.inf, -np.inf
    for top in range(0, len(samples), _ROWS):
        rows = samples[top : top + _ROWS]
        finite = rows[np.isfinite(rows)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return (low, high) if low <= high else (0.0, 0.0)


def _scaled(samples: npt.NDArray[Any], low: float, high: float) -> Levels:
    """Levels of samples from low to high; what is no number becomes 0, what lies beyond becomes the nearest."""
    levels = np.empty(samples.shape, dtype=np.uint8)
    if samples.dtype == np.uint16 and samples.size > _ALL_16_BIT.size:
        level_of = _scaled(_ALL_16_BIT, low, high)
        for top in range(0, len(samples), _ROWS):
            levels[top : top + _ROWS] = level_of[samples[top : top + _ROWS]]
        return levels
    scale = 255.0 / (high - low) if high > low else 0.0
    for top in range(0, len(samples), _ROWS):
        rows = samples[top : top + _ROWS].astype(np.float64)
        rows = np.clip(np.nan_to_num(rows, nan=low, posinf=high, neginf=low), low, high)
        levels[top : top + _ROWS] = np.rint((rows - low) * scale)
    return levels
