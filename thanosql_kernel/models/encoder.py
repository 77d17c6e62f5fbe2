"""What the engine asks of a loaded model, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from thanosql_kernel.images.preprocess import Preprocess
    from thanosql_kernel.models.vocabulary import Reading


class Encoder(Protocol):
    """A loaded dual encoder: pictures and texts into one space."""

    @property
    def name(self) -> str:
        """Spec name of the weights, e.g. ``mini``."""
        ...

    @property
    def revision(self) -> str:
        """Human name of the weights' version."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hex SHA-256 of the weights; equal means comparable vectors."""
        ...

    @property
    def dim(self) -> int:
        """Length of the vectors."""
        ...

    @property
    def preprocess(self) -> Preprocess:
        """Turns an upright RGB picture into the image tower's input."""
        ...

    def encode_images(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Vectors (n, dim), each of length one, of preprocessed pictures (n, 3, height, width)."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors (n, dim), each of length one."""
        ...

    def warm(self) -> None:
        """Load what the first query would otherwise wait for."""
        ...


class Logits(NamedTuple):
    """How a model that was trained with a sigmoid turns a cosine into the probability that two things belong together.

    It is SigLIP's (Zhai et al. 2023, https://arxiv.org/abs/2303.15343): ``sigmoid(scale * cosine + bias)``.

    Attributes:
        scale: What the cosine is multiplied with; the weights hold its logarithm.
        bias: What is added.
    """

    scale: float
    bias: float

    def relevance(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """The probabilities, float32, of cosines of pictures and texts; NaN stays."""
        import numpy as np

        logits = self.scale * cosines.astype(np.float64) + self.bias
        return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), np.float32)


@runtime_checkable
class Calibrated(Protocol):
    """An encoder that may know the probability that a text and a picture belong together."""

    @property
    def logits(self) -> Logits | None:
        """How it is computed; None for one that was trained to order only."""
        ...


@runtime_checkable
class Preparable(Protocol):
    """An encoder that can do something once to embed many pictures faster, or has something to tell of them."""

    def preparation(self, pictures: NDArray[np.float32], count: int) -> list[Callable[[], str]]:
        """The steps, each of at most a few seconds; each returns what to tell the user, "" for nothing.

        Args:
            pictures: Some of those that are to be embedded, preprocessed (n, 3, height, width).
            count: How many there are.
        """
        ...


@runtime_checkable
class Wide(Protocol):
    """An encoder that wants many pictures at once, as one on a GPU does."""

    @property
    def pictures_at_once(self) -> int:
        """How many it takes at once; 0 where that does not matter."""
        ...


@runtime_checkable
class SelectiveReader(Protocol):
    """An encoder that can tell which texts it was never taught to read."""

    def read(self, text: str) -> Reading:
        """What it makes of a text."""
        ...
