"""From an RGB image to the numbers a model's image tower takes; the same code trains and serves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Preprocess:
    """How one model wants its pictures.

    Attributes:
        size: side of the square the model sees, pixels.
        mode: ``squash`` resizes the whole picture to the square; ``center`` resizes the shorter side and
            keeps the middle, as CLIP does.
        mean: subtracted from each channel, on a 0..1 scale.
        std: divided by afterwards, on a 0..1 scale.
    """

    size: int
    mode: Literal["squash", "center"]
    mean: Triple
    std: Triple

    @property
    def min_side(self) -> int:
        """Least shorter side, in pixels, of a picture that is not enlarged."""
        return self.size

    @property
    def shape(self) -> tuple[int, int, int]:
        """(3, size, size)."""
        return (3, self.size, self.size)

    def __call__(self, image: Image.Image) -> npt.NDArray[np.float32]:
        """Resize (bicubic, antialiased) and normalise.

        Args:
            image: an RGB image.

        Returns:
            float32 (3, size, size).
        """
        box = self._box(*image.size)
        square = image.resize((self.size, self.size), Image.Resampling.BICUBIC, box=box)
        pixels = np.asarray(square, dtype=np.float32).transpose(2, 0, 1)
        scale = 1.0 / (255.0 * np.asarray(self.std, dtype=np.float32))
        shift = np.asarray(self.mean, dtype=np.float32) / np.asarray(self.std, dtype=np.float32)
        return np.ascontiguousarray(pixels * scale[:, None, None] - shift[:, None, None])

    def _box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """The part of the picture that fills the square, in source pixels.

        ``center`` follows transformers' CLIPImageProcessor: the long side is rounded down, then the middle is
        cut at whole pixels. Cutting by a box while resizing gives the same samples in one pass.
        """
        if self.mode == "squash":
            return (0.0, 0.0, float(width), float(height))
        short = min(width, height)
        resized_w, resized_h = (int(self.size * side / short) for side in (width, height))
        left, top = (resized_w - self.size) // 2, (resized_h - self.size) // 2
        x_scale, y_scale = width / resized_w, height / resized_h
        return (
            left * x_scale,
            top * y_scale,
            min((left + self.size) * x_scale, float(width)),
            min((top + self.size) * y_scale, float(height)),
        )


CLIP_224 = Preprocess(
    size=224,
    mode="center",
    mean=(0.48145466, 0.4578275, 0.40821073),
    std=(0.26862954, 0.26130258, 0.27577711),
)
"""OpenAI CLIP ViT-B/32 (https://github.com/openai/CLIP, ``clip.clip._transform``)."""
