"""Several views of one picture, whose vectors are averaged: how it was framed matters less then."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL import Image

    from thanosql_kernel.images.preprocess import Preprocess

    Pixels = npt.NDArray[np.float32]
    Vectors = npt.NDArray[np.float32]

MOST_VIEWS = 3
MIDDLE = 0.8
"""How much of each side the third view shows."""


@dataclass(frozen=True)
class Viewed:
    """A model's preprocessing of the first ``count`` views of a picture: itself, its mirror image, its middle.

    Attributes:
        preprocess: How the model wants its pictures.
        count: 1 to `MOST_VIEWS`.
    """

    preprocess: Preprocess
    count: int = 1

    @property
    def min_side(self) -> int:
        """Least shorter side, in pixels, of a picture that no view has to enlarge."""
        side = self.preprocess.min_side
        return side if self.count < MOST_VIEWS else math.ceil(side / MIDDLE)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(count, 3, size, size)."""
        return (self.count, *self.preprocess.shape)

    def __call__(self, image: Image.Image) -> Pixels:
        """The views of an RGB picture: float32 (count, 3, size, size)."""
        import numpy as np

        whole = self.preprocess(image)
        views = [whole, whole[:, :, ::-1]]
        if self.count == MOST_VIEWS:
            views.append(self.preprocess(middle(image)))
        return np.stack(views[: self.count])


def middle(image: Image.Image) -> Image.Image:
    """The middle of a picture: `MIDDLE` of each side, at whole pixels."""
    width, height = (max(1, round(MIDDLE * side)) for side in image.size)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def embed_views(views: Pixels, encode: Callable[[Pixels], Vectors]) -> Vectors:
    """One vector of length one a picture: the mean of those of its views; of one view that view's own.

    Args:
        views: float32 (n, count, 3, size, size).
        encode: Gives the vectors (n, dim) of one view of all pictures.
    """
    import numpy as np

    vectors = [encode(np.ascontiguousarray(views[:, number])) for number in range(views.shape[1])]
    if len(vectors) == 1:
        return vectors[0]
    total = np.sum(vectors, axis=0, dtype=np.float64)
    with np.errstate(invalid="ignore"):  # views that cancel each other out have no mean direction
        mean: Vectors = (total / np.linalg.norm(total, axis=1, keepdims=True)).astype(np.float32)
    return mean
