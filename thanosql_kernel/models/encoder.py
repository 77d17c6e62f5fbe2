"""What the engine asks of a loaded model, whatever its kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

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


@runtime_checkable
class SelectiveReader(Protocol):
    """An encoder that can tell which texts it was never taught to read."""

    def read(self, text: str) -> Reading:
        """What it makes of a text."""
        ...
