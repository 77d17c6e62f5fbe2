"""Colour histograms: pictures whose colours are alike in the same places are near, whatever they show.

After the descriptor of five regions that image retrieval by colour is taught with (Rosebrock 2014, "The complete guide
to building an image search engine"), in CIE L*a*b* (CIE 15:2004), where equal distances look equally different.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.errors import ModelError
from thanosql_kernel.images.preprocess import Preprocess
from thanosql_kernel.models.spec import COLOUR_DIM
from thanosql_kernel.wording.models import TS403

if TYPE_CHECKING:
    Floats = NDArray[np.float32]

REVISION = "1"
SIDE = 64
_BINS = (4, 6, 6)
_LOW, _HIGH = np.array([0.0, -60.0, -60.0]), np.array([100.0, 60.0, 60.0])
"""L* is all of its range; a* and b* of photos lie between, what is beyond counts for the outermost bin."""

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""Of linear sRGB (IEC 61966-2-1)."""
_WHITE = np.array([0.95047, 1.0, 1.08883])


class ColourEncoder:
    """Pictures as histograms of their colours in five regions: the middle ellipse and what is left of the corners."""

    name = "Color_Descriptor"
    revision = REVISION
    dim = COLOUR_DIM
    preprocess = Preprocess(SIDE, "squash", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    fingerprint = hashlib.sha256(
        f"Color_Descriptor {REVISION} {SIDE} {_BINS} {_LOW} {_HIGH}".encode()
    ).hexdigest()

    def encode_images(self, batch: Floats) -> Floats:
        """Histograms (n, 720) of length one of pictures (n, 3, 64, 64) with channels from 0 to 1.

        Each number is the square root of a share, so that the cosine of two pictures is the Bhattacharyya coefficient
        of their colours.
        """
        shares = (
            np.stack([_histogram(to_lab(picture)) for picture in batch]) if len(batch) else np.empty((0, 720))
        )
        vectors: Floats = np.sqrt(shares).astype(np.float32)
        unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return unit

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        """Texts have no colours.

        Raises:
            ModelError: TS403.
        """
        raise ModelError(TS403.CANNOT_EMBED(model=self.name, things=TS403.TEXTS))

    def warm(self) -> None:
        """Nothing is loaded."""


def to_lab(picture: Floats) -> NDArray[np.float64]:
    """L*, a* and b* (3, h, w) of an sRGB picture (3, h, w) with channels from 0 to 1, for the white of D65."""
    rgb = np.clip(picture.astype(np.float64), 0.0, 1.0)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = np.einsum("ij,jhw->ihw", _TO_XYZ, linear) / _WHITE[:, None, None]
    cube = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.stack([116 * cube[1] - 16, 500 * (cube[0] - cube[1]), 200 * (cube[1] - cube[2])])


def _histogram(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares (720,) of each bin in each region; a colour between two bins counts for both."""
    flat = lab.reshape(3, -1)
    counts = np.array(_BINS)
    places = (flat - _LOW[:, None]) / (_HIGH - _LOW)[:, None] * counts[:, None] - 0.5
    places = np.clip(places, 0.0, counts[:, None] - 1.0)
    lower = np.minimum(places.astype(np.int64), counts[:, None] - 2)
    upper_share = places - lower
    total = np.zeros((5, int(np.prod(_BINS))))
    for corner in range(8):
        offsets = np.array([corner >> 2 & 1, corner >> 1 & 1, corner & 1])[:, None]
        weight = np.where(offsets, upper_share, 1 - upper_share).prod(axis=0)
        index = np.ravel_multi_index(tuple(lower + offsets), _BINS)
        np.add.at(total, (_REGIONS, index), weight)
    shares: NDArray[np.float64] = (total / np.maximum(total.sum(axis=1, keepdims=True), 1e-12)).ravel() / 5
    return shares


def _regions() -> NDArray[np.int64]:
    """The region (4096,) of each pixel: 0 in the middle ellipse of three quarters of each side, else its corner."""
    row, column = np.mgrid[0:SIDE, 0:SIDE] - (SIDE - 1) / 2
    inside = (row / (0.375 * SIDE)) ** 2 + (column / (0.375 * SIDE)) ** 2 <= 1
    corner = 1 + 2 * (row > 0) + (column > 0)
    return np.where(inside, 0, corner).ravel().astype(np.int64)


_REGIONS = _regions()
