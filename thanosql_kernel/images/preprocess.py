"""From an RGB image to the numbers a model's image tower takes; the same code trains and serves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from thanosql_kernel.images.colours import to_srgb

Triple = tuple[float, float, float]

_MOST_PIXELS = 16_000_000


@dataclass(frozen=True)
class Preprocess:
    """How one model wants its pictures.

    Attributes:
        size: side of the square the model sees, pixels.
        mode: ``squash`` resizes the whole picture to a square; ``center`` resizes the shorter side, as CLIP does.
            The middle is kept of what is larger than ``size`` then.
        mean: subtracted from each channel, on a 0..1 scale.
        std: divided by afterwards, on a 0..1 scale.
        resample: how pixels are interpolated; what is shrunk is antialiased.
        resized: what the square's or the shorter side is resized to before the middle is kept, pixels; 0 for ``size``.
    """

    size: int
    mode: Literal["squash", "center"]
    mean: Triple
    std: Triple
    # not shown: embeddings are kept by what is, and those of models whose files say something else by these files too
    resample: Image.Resampling = field(default=Image.Resampling.BICUBIC, repr=False)
    resized: int = field(default=0, repr=False)

    @property
    def min_side(self) -> int:
        """Pixels that the shorter side of a picture must have for nothing to be lost."""
        return self.resized or self.size

    @property
    def shape(self) -> tuple[int, int, int]:
        """(3, size, size)."""
        return (3, self.size, self.size)

    def __call__(self, image: Image.Image) -> npt.NDArray[np.float32]:
        """Resize, convert to sRGB and normalise.

        Args:
            image: an RGB image; its ``info`` has the ICC profile if its colours are not sRGB's yet.

        Returns:
            float32 (3, size, size).
        """
        square = self._cut(image) if self._can_cut(*image.size) else self._boxed(image)
        transform = to_srgb(square.mode, image.info.get("icc_profile"))
        square = square if transform is None else transform.apply(square)
        scale = 1.0 / (255.0 * np.asarray(self.std, dtype=np.float32))
        shift = np.asarray(self.mean, dtype=np.float32) / np.asarray(self.std, dtype=np.float32)
        levels, pixels = np.asarray(square), np.empty(self.shape, dtype=np.float32)
        for channel, plane in enumerate(
            pixels
        ):  # six times as fast as all channels at once, which lie side by side
            np.multiply(levels[:, :, channel], scale[channel], out=plane, dtype=np.float32)
            plane -= shift[channel]
        return pixels

    def _can_cut(self, width: int, height: int) -> bool:
        """Whether a picture is so small that resizing all of it costs little."""
        resized_w, resized_h = self._resized(width, height)
        return min(width, height) < 2 * self.min_side and resized_w * resized_h <= _MOST_PIXELS

    def _cut(self, image: Image.Image) -> Image.Image:
        """As transformers' image processors do it: the long side is rounded down, the middle cut at whole pixels."""
        resized_w, resized_h = self._resized(*image.size)
        left, top = (resized_w - self.size) // 2, (resized_h - self.size) // 2
        whole = image.resize((resized_w, resized_h), self.resample)
        return whole.crop((left, top, left + self.size, top + self.size))

    def _boxed(self, image: Image.Image) -> Image.Image:
        """The same samples in one pass that reads nothing else; what is enlarged may be rounded otherwise."""
        width, height = image.size
        resized_w, resized_h = self._resized(width, height)
        left, top = (resized_w - self.size) // 2, (resized_h - self.size) // 2
        x_scale, y_scale = width / resized_w, height / resized_h
        right, bottom = (left + self.size) * x_scale, (top + self.size) * y_scale
        box = (left * x_scale, top * y_scale, min(right, float(width)), min(bottom, float(height)))
        return image.resize((self.size, self.size), self.resample, box=box)

    def _resized(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of the resized picture before its middle is kept."""
        if self.mode == "squash":
            return self.min_side, self.min_side
        short = min(width, height)
        return int(self.min_side * width / short), int(self.min_side * height / short)


CLIP_224 = Preprocess(
    size=224,
    mode="center",
    mean=(0.48145466, 0.4578275, 0.40821073),
    std=(0.26862954, 0.26130258, 0.27577711),
)
"""OpenAI CLIP ViT-B/32 (https://github.com/openai/CLIP, ``clip.clip._transform``)."""
