"""An encoder that sees pictures as somebody else might have taken them: cropped, mirrored, in other light.

The views are those of SimCLR (Chen et al. 2020, https://arxiv.org/abs/2002.05709, appendix A) without blur. Which view
of a picture it sees depends on the picture and a number alone, so that the vectors can be kept like any others.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from thanosql_kernel.models.encoder import Encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from thanosql_kernel.images.preprocess import Preprocess

    Floats = NDArray[np.float32]

_LEAST_AREA = 0.3
_MOST_LIGHT = 0.3


@dataclass(frozen=True)
class Augmented:
    """A model's preprocessing of one random view of a picture.

    Attributes:
        preprocess: How the model wants its pictures.
        number: Which view.
    """

    preprocess: Preprocess
    number: int

    @property
    def min_side(self) -> int:
        """Pixels that the shorter side of a picture must have for no view to be enlarged much."""
        return 2 * self.preprocess.min_side

    @property
    def shape(self) -> tuple[int, int, int]:
        """(3, size, size)."""
        return self.preprocess.shape

    @property
    def size(self) -> int:
        """Side of the square the model sees, pixels."""
        return self.preprocess.size

    def __call__(self, image: Image.Image) -> Floats:
        """The view of an RGB picture: float32 (3, size, size)."""
        import numpy as np
        from PIL import Image, ImageEnhance

        seed = zlib.crc32(image.resize((8, 8)).tobytes())
        random = np.random.default_rng([seed, self.number])
        share, shape = random.uniform(_LEAST_AREA, 1.0), np.exp(random.uniform(np.log(3 / 4), np.log(4 / 3)))
        width = min(image.width, max(1, round((share * image.width * image.height * shape) ** 0.5)))
        height = min(image.height, max(1, round((share * image.width * image.height / shape) ** 0.5)))
        left, top = (
            int(random.integers(0, room + 1)) for room in (image.width - width, image.height - height)
        )
        view = image.crop((left, top, left + width, top + height))
        view.info = dict(image.info)
        if random.random() < 0.5:
            view = view.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
            view = enhance(view).enhance(1 + float(random.uniform(-_MOST_LIGHT, _MOST_LIGHT)))
        view.info = dict(image.info)
        return self.preprocess(view)


class AugmentedEncoder:
    """An encoder that is shown one random view of each picture.

    Args:
        encoder: Which is shown it.
        number: Which view.
    """

    def __init__(self, encoder: Encoder, number: int) -> None:
        self._encoder = encoder
        self.name, self.revision = encoder.name, encoder.revision
        self.fingerprint, self.dim = encoder.fingerprint, encoder.dim
        self.preprocess = Augmented(encoder.preprocess, number)

    def encode_images(self, batch: Floats) -> Floats:
        """Vectors (n, d) of the views."""
        return self._encoder.encode_images(batch)

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        """Vectors (n, d) of texts, as they are."""
        return self._encoder.encode_texts(texts)

    def warm(self) -> None:
        """Load the encoder."""
        self._encoder.warm()
