"""How one small grey picture lies in another: shifted, stretched along each axis, brighter or with more contrast.

The method is that of Lucas and Kanade (1981), by Gauss-Newton steps from coarse to fine, with gain and bias as unknowns
beside the shifts (Baker and Matthews 2004, https://doi.org/10.1023/B:VISI.0000011205.11775.fd). As pictures are only
stretched along their axes, resampling one is a matrix product on either side, and many pairs go at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

_STEPS = ((2, 6), (1, 4), (0, 3))
"""So many steps with both pictures halved so often."""
_LARGEST_STEP, _LARGEST_SHIFT, _LARGEST_STRETCH = 0.06, 0.25, 1.25
_BLOCKS = 8
_LAST_STEPS = 2
_LEAST_GAIN = 0.2
_LEAST_SLOPE = 4.0
"""Grey levels from side to side: along an axis with less, rounding would shift pictures anywhere."""
_NOISE = 1.0
"""Variance of grey levels that counts as none: what is flat has gain one."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """What is found of p pairs.

    Attributes:
        places: float32 (p, 4): stretch and shift along x, then along y, which take the first picture's coordinates to
            the second's; both are 1 wide and high.
        correlation: float32 (p,): of the grey levels where both pictures are, from -1 to 1.
        trimmed: float32 (p,): the share of an axis, of the axis where it is greater, that only one of the two has.
        gain: float32 (p,): what the second picture's contrast is multiplied with to be the first one's.
        difference: float32 (p,): grey levels, of 255, between the mean brightness of both.
        worst: float32 (p,): grey levels that remain between them, root mean square of the block that fits least.
        contrast: float32 (p,): standard deviation of grey levels of the one that has more.
    """

    places: Floats
    correlation: Floats
    trimmed: Floats
    gain: Floats
    difference: Floats
    worst: Floats
    contrast: Floats


def roughly(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Floats:
    """The correlation (p,) of pairs (p, n, n) at a quarter of their size: cheap, and low only where they differ."""
    (a, b), (coarse, steps) = (_pyramid(first), _pyramid(second)), _STEPS[0]
    places = _placed(a[coarse], b[coarse], _start(len(first)), steps)
    return _measured(a[coarse], b[coarse], places).correlation


def align(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Alignment:
    """Lay the second picture of each pair on the first.

    Args:
        first: uint8 (p, n, n): whole pictures, each stretched to a square; n is a multiple of 32.
        second: The others.
    """
    a, b = _pyramid(first), _pyramid(second)
    places = _start(len(first))
    for level, steps in _STEPS:
        places = _placed(a[level], b[level], places, steps)
    return _measured(a[0], b[0], places)


def refined(first: NDArray[np.uint8], second: NDArray[np.uint8], places: Floats) -> Alignment:
    """What is found of pairs (p, n, n), larger ones of those that were aligned at ``places``."""
    a, b = _smooth(first.astype(np.float32)), _smooth(second.astype(np.float32))
    return _measured(a, b, _placed(a, b, places, _LAST_STEPS))


def _start(count: int) -> Floats:
    """Stretch and shift along x, then along y (p, 4), of pictures that lie on one another; lengths are 1."""
    return np.tile(np.array([1, 0, 1, 0], dtype=np.float32), (count, 1))


def _pyramid(pictures: NDArray[np.uint8]) -> list[Floats]:
    """The pictures smoothed, and halved once and twice."""
    levels = [_smooth(pictures.astype(np.float32))]
    for _ in range(2):
        levels.append(_halved(_smooth(levels[-1])))
    return levels


def _smooth(pictures: Floats) -> Floats:
    """Binomial weights 1 2 1 along both axes."""
    padded: Floats = np.pad(pictures, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    return np.asarray((rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 4, dtype=np.float32)


def _halved(pictures: Floats) -> Floats:
    count, height, width = pictures.shape
    fields = pictures.reshape(count, height // 2, 2, width // 2, 2)
    halved: Floats = fields.mean(axis=(2, 4), dtype=np.float32)
    return halved


def _placed(a: Floats, b: Floats, places: Floats, steps: int) -> Floats:
    """The places after so many steps."""
    for _ in range(steps):
        places = places + _step(a, b, places)
        places[:, 0::2] = np.clip(places[:, 0::2], 1 / _LARGEST_STRETCH, _LARGEST_STRETCH)
        places[:, 1::2] = np.clip(places[:, 1::2], -_LARGEST_SHIFT, _LARGEST_SHIFT)
    return places


def _step(a: Floats, b: Floats, places: Floats) -> Floats:
    """How much better places (p, 4) would be, as far as slopes tell."""
    size = a.shape[1]
    laid, both = laid_on(b, places)
    at = _centres(size)
    slope_x, slope_y = np.gradient(laid, axis=2) * size, np.gradient(laid, axis=1) * size
    slope_x, slope_y = slope_x / places[:, 0, None, None], slope_y / places[:, 2, None, None]
    parts = [slope_x * at, slope_x, slope_y * at[:, None], slope_y, laid, np.ones_like(laid)]
    features = (np.stack(parts, axis=-1) * both[..., None]).reshape(len(a), -1, len(parts))
    turned = features.transpose(0, 2, 1)
    products = np.matmul(turned, features).astype(np.float64)
    diagonal = np.arange(len(parts))
    products[:, diagonal, diagonal] = 1e-3 + products[:, diagonal, diagonal] * (1 + 1e-6)
    products[:, diagonal[:4], diagonal[:4]] += _LEAST_SLOPE**2 * size * size
    right = np.matmul(turned, (a * both).reshape(len(a), -1, 1)).astype(np.float64)
    found = np.linalg.solve(products, right)[..., 0]
    gain = np.where(np.abs(found[:, 4]) > _LEAST_GAIN, found[:, 4], np.inf)
    step: Floats = np.clip(found[:, :4] / gain[:, None], -_LARGEST_STEP, _LARGEST_STEP).astype(np.float32)
    return step


def laid_on(b: Floats, places: Floats) -> tuple[Floats, Floats]:
    """The second pictures (p, n, n) resampled at their places, and 1 where they are, else 0, both (p, n, n)."""
    size = b.shape[1]
    across, in_x = _weights(places[:, 0], places[:, 1], size)
    down, in_y = _weights(places[:, 2], places[:, 3], size)
    laid: Floats = np.matmul(np.matmul(down, b), across.transpose(0, 2, 1))
    return laid, (in_y[:, :, None] & in_x[:, None, :]).astype(np.float32)


def _centres(size: int) -> Floats:
    return (np.arange(size, dtype=np.float32) + np.float32(0.5)) / np.float32(size)


def _weights(stretch: Floats, shift: Floats, size: int) -> tuple[Floats, Flags]:
    """What each pixel along an axis is made of (p, n, n), linearly, and whether it is within the picture (p, n)."""
    at = (stretch[:, None] * _centres(size) + shift[:, None]) * size - 0.5
    inside = (at >= -0.01) & (at <= size - 0.99)
    near = np.clip(at, 0, size - 1)[:, :, None] - np.arange(size, dtype=np.float32)
    return np.maximum(0, 1 - np.abs(near)).astype(np.float32), inside


def _measured(a: Floats, b: Floats, places: Floats) -> Alignment:
    laid, both = laid_on(b, places)
    count = np.maximum(both.sum(axis=(1, 2)), 1)
    mean_a, mean_b = (a * both).sum(axis=(1, 2)) / count, (laid * both).sum(axis=(1, 2)) / count
    of_a = (a - mean_a[:, None, None]) * both
    of_b = (laid - mean_b[:, None, None]) * both
    spread_a, spread_b = (of_a**2).sum(axis=(1, 2)) / count, (of_b**2).sum(axis=(1, 2)) / count
    shared = (of_a * of_b).sum(axis=(1, 2)) / count
    gain = (shared + _NOISE) / (spread_b + _NOISE)
    rest = of_a - gain[:, None, None] * of_b
    side = a.shape[1] // _BLOCKS
    blocks = (len(a), _BLOCKS, side, _BLOCKS, side)
    seen = np.maximum(both.reshape(blocks).sum(axis=(2, 4)), side)
    worst = np.sqrt(((rest**2).reshape(blocks).sum(axis=(2, 4)) / seen).max(axis=(1, 2)))
    return Alignment(
        places,
        shared / np.sqrt(np.maximum(spread_a * spread_b, 1e-6)),
        np.maximum(_trimmed(places[:, 0], places[:, 1]), _trimmed(places[:, 2], places[:, 3])),
        gain,
        np.abs(mean_a - mean_b),
        worst,
        np.sqrt(np.maximum(spread_a, spread_b)),
    )


def _trimmed(stretch: Floats, shift: Floats) -> Floats:
    """The share (p,) of an axis that only one of two pictures has."""
    end = stretch + shift
    of_second = np.maximum(0, shift) + np.maximum(0, 1 - end)
    of_first = (np.maximum(0, -shift) + np.maximum(0, end - 1)) / stretch
    found: Floats = of_second + of_first
    return found
