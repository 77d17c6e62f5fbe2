"""Whether two files hold the same photo: resized, packed again, cut or brighter by little; not the next of a burst.

A vector says what a photo shows, so that two photos of one scene are as near as two copies of one. Pixels tell them
apart: a copy can be laid on its original so that nothing remains (see `alignment`), what has moved meanwhile cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from thanosql_kernel.images.alignment import Alignment, Floats, align, laid_on, refined, roughly
from thanosql_kernel.interrupts import never

Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

SIDE = 128
"""Of a look, pixels; what is cut is found at half of it, where the noise of strong compression is averaged away."""
DETAILED_SIDE = 110
"""Pictures of fewer pixels have no details to compare."""
COLOUR_SIDE = 16

LEAST_OUTLINE = 0.60
LEAST_CORRELATION = 0.985
LEAST_ROUGHLY = 0.90
MOST_TRIMMED = 0.08
MOST_GAIN = 1.4
MOST_DIFFERENCE = 45.0
MOST_REMAINING = 20.0
MOST_COLOUR = 5.0
MOST_COLOUR_SHARE = 0.15
FLAT = 3.0
"""Of `Alignment`, and colours in levels of 255; measured by ``benchmarks/duplicates.py``. What is flatter than `FLAT`
has no pattern to correlate, and is the same only if it is as bright within as many levels."""
_PAIRS_A_CALL = 256
_FIELDS = 8


class Look(NamedTuple):
    """A picture, very small.

    Attributes:
        grey: uint8 (SIDE, SIDE): its brightness, stretched to a square.
        colour: uint8 (COLOUR_SIDE, COLOUR_SIDE, 2): its blue and red difference (BT.601).
        side: The shorter side of what was looked at, pixels.
    """

    grey: Bytes
    colour: Bytes
    side: int


class LookPairs(NamedTuple):
    """Looks of p pictures.

    Attributes:
        grey: uint8 (p, SIDE, SIDE).
        colour: uint8 (p, COLOUR_SIDE, COLOUR_SIDE, 2).
        side: (p,).
    """

    grey: Bytes
    colour: Bytes
    side: NDArray[np.int64]

    def some(self, part: slice | NDArray[np.int64]) -> LookPairs:
        """Those at some places."""
        return LookPairs(self.grey[part], self.colour[part], self.side[part])


def look_of(image: Image.Image) -> Look:
    """What a picture looks like.

    Args:
        image: RGB, of any size; see `decode.open_rgb` with ``min_side=SIDE``.
    """
    side = min(image.size)
    shrink = Image.Resampling.BOX if side >= 2 * SIDE else Image.Resampling.BICUBIC
    luma, *differences = image.resize((SIDE, SIDE), shrink).convert("YCbCr").split()
    colour = [part.resize((COLOUR_SIDE, COLOUR_SIDE), Image.Resampling.BOX) for part in differences]
    tints = np.stack([np.asarray(part, dtype=np.uint8) for part in colour], axis=-1)
    return Look(np.asarray(luma, dtype=np.uint8), tints, side)


def _halved(grey: Bytes) -> Bytes:
    half = SIDE // 2
    means = grey.reshape(-1, half, 2, half, 2).mean(axis=(2, 4), dtype=np.float32)
    halved: Bytes = np.rint(means).astype(np.uint8)
    return halved


class Outlines:
    """Which pairs of many pictures are worth a closer look, a microsecond each.

    Where two pictures are the same, their brightness in 8 by 8 fields correlates by .6 and more even where one is cut
    and nothing is laid on anything; that of 2 % of others does.
    """

    def __init__(self, fields: Floats, flat: Flags) -> None:
        self._fields = fields
        self._flat = flat

    @classmethod
    def of(cls, grey: Bytes) -> Outlines:
        """Those of looks, uint8 (n, SIDE, SIDE)."""
        count, part = len(grey), SIDE // _FIELDS
        parts = [
            grey[at : at + _PAIRS_A_CALL]
            .reshape(-1, _FIELDS, part, _FIELDS, part)
            .mean(axis=(2, 4), dtype=np.float32)
            for at in range(0, count, _PAIRS_A_CALL)
        ]
        fields = np.concatenate([np.zeros((0, _FIELDS, _FIELDS), np.float32), *parts]).reshape(
            count, _FIELDS * _FIELDS
        )
        fields -= fields.mean(axis=1, keepdims=True)
        lengths = np.linalg.norm(fields, axis=1, keepdims=True)
        return cls(fields / np.maximum(lengths, 1e-3), lengths[:, 0] <= 4 * FLAT * _FIELDS)

    def may_be_same(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> Flags:
        """Which pairs (p,), by their indices."""
        flat = self._flat[first] | self._flat[second]
        alike = np.einsum("ij,ij->i", self._fields[first], self._fields[second]) >= LEAST_OUTLINE
        may_be: Flags = flat | alike
        return may_be


def distances(first: LookPairs, second: LookPairs, check: Callable[[], None] = never) -> Floats:
    """How far apart the two looks of each pair are, float32 (p,): infinite unless they are of the same photo.

    Args:
        first: One look of each pair.
        second: The other.
        check: Raises `Interrupted` when the user asked to stop; asked a few times a second.
    """
    found = np.full(len(first.side), np.inf, dtype=np.float32)
    for at in range(0, len(found), _PAIRS_A_CALL):
        check()
        part = slice(at, at + _PAIRS_A_CALL)
        _measure(first.some(part), second.some(part), found[part])
    return found


def _measure(first: LookPairs, second: LookPairs, found: Floats) -> None:
    """Write the distances of some pairs."""
    one, other = _halved(first.grey), _halved(second.grey)
    left = np.flatnonzero(_are_alike(one, other))
    if not len(left):
        return
    coarse = align(one[left], other[left])
    same = _are_the_same(coarse) & _have_the_same_colours(first.colour[left], second.colour[left], coarse)
    found[left[same]] = _apart(coarse)[same]
    detailed = same & (np.minimum(first.side[left], second.side[left]) >= DETAILED_SIDE)
    if detailed.any():
        closer = left[detailed]
        fine = refined(first.grey[closer], second.grey[closer], coarse.places[detailed])
        found[closer] = np.where(_are_the_same(fine), _apart(fine), np.inf)


def _apart(found: Alignment) -> Floats:
    apart: Floats = found.trimmed / np.float32(MOST_TRIMMED) + found.worst / np.float32(MOST_REMAINING)
    return apart


def _are_alike(first: Bytes, second: Bytes) -> Flags:
    """Whether it pays to look closer: nearly all that is near by its vector and another photo goes here."""
    spreads = np.stack([first.std(axis=(1, 2)), second.std(axis=(1, 2))])
    flat = spreads.max(axis=0) <= 4 * FLAT
    alike: Flags = flat | (roughly(first, second) >= LEAST_ROUGHLY)
    return alike


def _are_the_same(found: Alignment) -> Flags:
    flat = found.contrast <= FLAT
    patterned = (
        (found.correlation >= LEAST_CORRELATION) & (found.gain <= MOST_GAIN) & (found.gain >= 1 / MOST_GAIN)
    )
    close = (found.difference <= np.where(flat, FLAT, MOST_DIFFERENCE)) & (found.trimmed <= MOST_TRIMMED)
    same: Flags = (flat | patterned) & close & (found.worst <= MOST_REMAINING)
    return same


def _have_the_same_colours(first: Bytes, second: Bytes, found: Alignment) -> Flags:
    """Whether colours (p,) differ little where they lie, the second's as strong as its brightness makes them."""
    apart, strength = np.zeros((2, len(first)), dtype=np.float32)
    for channel in range(first.shape[-1]):
        of_first = first[..., channel].astype(np.float32) - 128
        of_second, both = laid_on(second[..., channel].astype(np.float32) - 128, found.places)
        of_second = found.gain[:, None, None] * of_second
        counted = np.maximum(both.sum(axis=(1, 2)), 1) * first.shape[-1]
        apart += (np.abs(of_first - of_second) * both).sum(axis=(1, 2)) / counted
        strength += (np.maximum(np.abs(of_first), np.abs(of_second)) * both).sum(axis=(1, 2)) / counted
    same: Flags = apart <= MOST_COLOUR + MOST_COLOUR_SHARE * strength
    return same
