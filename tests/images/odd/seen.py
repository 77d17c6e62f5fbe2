"""The picture that all odd files show, and what is to be seen of each file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 48, 32


@dataclass(frozen=True)
class Odd:
    """A file.

    Attributes:
        name: Its kind and what is odd about it.
        data: Its bytes.
        seen: What is to be seen, float (32, 48, 3) of levels; None if it is to be refused.
        tolerance: By how many levels pixels may differ: little without losses, more with them.
        told: A part of the reason, or of the notice.
    """

    name: str
    data: bytes
    seen: np.ndarray | None
    tolerance: float = 1.01
    told: str = ""

    @property
    def kind(self) -> str:
        """The first word of its name."""
        return self.name.split()[0]


@cache
def picture() -> np.ndarray:
    """uint8 (32, 48, 3): smooth, so that lossy formats keep it, and different in all four corners."""
    x, y = np.linspace(0, 1, WIDTH)[None, :], np.linspace(0, 1, HEIGHT)[:, None]
    planes = [20 + 200 * x + 0 * y, 30 + 190 * y + 0 * x, 220 - 90 * x - 110 * y]
    return np.rint(np.stack(planes, axis=2)).astype(np.uint8)


@cache
def grey() -> np.ndarray:
    """uint8 (32, 48)."""
    return picture()[:, :, 0].copy()


def three(levels: np.ndarray) -> np.ndarray:
    """A grey picture as colours."""
    return np.stack([levels] * 3, axis=2).astype(float)


def encoded(image: Image.Image | np.ndarray, kind: str, **options: Any) -> bytes:
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(image: Any = None, **options: Any) -> bytes:
    """A JPEG with few losses."""
    return encoded(
        picture() if image is None else image, "JPEG", **{"quality": 95, "subsampling": 0, **options}
    )


#: What a picture must have become for an orientation to make it upright again (EXIF 2.32, tag 0x0112).
STORED = {
    1: lambda it: it,
    2: lambda it: it[:, ::-1],
    3: lambda it: it[::-1, ::-1],
    4: lambda it: it[::-1],
    5: lambda it: it.transpose(1, 0, 2),
    6: lambda it: it.transpose(1, 0, 2)[::-1],
    7: lambda it: it.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda it: it.transpose(1, 0, 2)[:, ::-1],
}


def stored(orientation: int) -> np.ndarray:
    return np.ascontiguousarray(STORED[orientation](picture()))


def exif(orientation: int) -> Image.Exif:
    told = Image.Exif()
    told[0x0112] = orientation
    return told
