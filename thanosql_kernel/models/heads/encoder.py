"""An encoder whose vectors are made of another's by a head."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from thanosql_kernel.catalog import EmbeddingKind, Weights
from thanosql_kernel.models.encoder import Encoder, SelectiveReader
from thanosql_kernel.models.heads.head import Head
from thanosql_kernel.models.vocabulary import Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from thanosql_kernel.images.preprocess import Preprocess

    Floats = NDArray[np.float32]

_LONGEST_NAME = 12


@runtime_checkable
class OnFrozen(Protocol):
    """An encoder that makes its vectors of those of another, which are kept as that one's."""

    @property
    def frozen(self) -> Encoder:
        """The other."""
        ...

    def project(self, vectors: Floats, kind: EmbeddingKind) -> Floats:
        """Its vectors (n, d) of frozen ones (n, d)."""
        ...


def weights_of(name: str, frozen: str, head: Head) -> Weights:
    """The identity of a head on the weights of a fingerprint."""
    fingerprint = hashlib.sha256(f"{frozen}{head.fingerprint}".encode()).hexdigest()
    return Weights(name, fingerprint[:_LONGEST_NAME], fingerprint)


class HeadEncoder:
    """A head behind the encoder whose vectors it was trained on.

    Args:
        name: What its vectors are called.
        frozen: The encoder.
        head: What was trained.
    """

    def __init__(self, name: str, frozen: Encoder, head: Head) -> None:
        self.name = name
        self.frozen = frozen
        self.head = head
        known = weights_of(name, frozen.fingerprint, head)
        self.fingerprint, self.revision = known.fingerprint, known.revision
        self.dim = frozen.dim

    @property
    def preprocess(self) -> Preprocess:
        """That of the frozen encoder."""
        return self.frozen.preprocess

    def project(self, vectors: Floats, kind: EmbeddingKind) -> Floats:
        """Its vectors (n, d) of frozen ones (n, d)."""
        return self.head.project(vectors, kind)

    def encode_images(self, batch: Floats) -> Floats:
        """Vectors (n, d) of length one of preprocessed pictures."""
        return self.project(self.frozen.encode_images(batch), "image")

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        """Vectors (n, d) of length one."""
        return self.project(self.frozen.encode_texts(texts), "text")

    def read(self, text: str) -> Reading:
        """What of a text the frozen encoder reads."""
        return (
            self.frozen.read(text)
            if isinstance(self.frozen, SelectiveReader)
            else Reading((), is_empty=False)
        )

    def warm(self) -> None:
        """Load what the first query would otherwise wait for."""
        self.frozen.warm()
