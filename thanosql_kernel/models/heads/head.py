"""A head: a few matrices that make other vectors, or labels, of frozen vectors; kept as safetensors."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import EmbeddingKind
from thanosql_kernel.errors import ModelError
from thanosql_kernel.wording.models import TS400
from thanosql_kernel.wording.training import TRAIN_AGAIN

if TYPE_CHECKING:
    import pyarrow as pa

    Arrays = Mapping[str, NDArray[np.float32]]
    Floats = NDArray[np.float32]

HEAD_FILE = "head.safetensors"
LABELS_FILE = "labels.arrow"
CARD_FILE = "README.md"
_BLOCK_ROWS = 256
"""Products of another height may round differently: with one height what becomes of a vector depends on it alone."""


@dataclass(frozen=True)
class Head:
    """What was trained.

    Attributes:
        arrays: Matrices by name. ``image.weight`` (d, d), ``text.weight`` (d, d): new vectors of those of one kind.
            ``weight`` (d, c), ``bias`` (c,): scores of labels; with ``hidden.weight`` (d, h), ``hidden.bias`` (h,) in
            front.
        frozen: Fingerprint of the weights that made the vectors it takes.
        labels: The labels (c,), in the order of the scores; None where it gives vectors.
    """

    arrays: Arrays
    frozen: str
    labels: pa.Array | None = None

    def project(self, vectors: Floats, kind: EmbeddingKind) -> Floats:
        """Vectors (n, d) of length one of frozen vectors (n, d); of a kind that was not trained they stay."""
        weight = self.arrays.get(f"{kind}.weight")
        if weight is None:
            return vectors
        return _in_blocks(vectors, weight.shape[1], lambda block: _unit(block.astype(np.float64) @ weight))

    def scores(self, vectors: Floats) -> Floats:
        """Logits (n, c) of frozen vectors (n, d)."""
        arrays = self.arrays

        def of(block: Floats) -> NDArray[np.float64]:
            inner = block.astype(np.float64) * len(block.T) ** 0.5
            if "hidden.weight" in arrays:
                inner = np.maximum(inner @ arrays["hidden.weight"] + arrays["hidden.bias"], 0)
            found: NDArray[np.float64] = inner @ arrays["weight"] + arrays["bias"]
            return found

        return _in_blocks(vectors, len(arrays["bias"]), of)

    @property
    def content(self) -> bytes:
        """Its file, the same bytes for the same numbers."""
        from safetensors.numpy import save

        arrays = {name: np.ascontiguousarray(self.arrays[name], np.float32) for name in sorted(self.arrays)}
        return save(arrays, {"frozen": self.frozen})  # two entries would come in any order

    @property
    def label_content(self) -> bytes:
        """The file of its labels; empty where it has none."""
        if self.labels is None:
            return b""
        import pyarrow as pa

        sink = pa.BufferOutputStream()
        table = pa.table({"label": self.labels})
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        content: bytes = sink.getvalue().to_pybytes()
        return content

    @property
    def fingerprint(self) -> str:
        """Hex SHA-256 of what decides what it makes, the frozen weights among it."""
        return hashlib.sha256(self.content + self.label_content).hexdigest()

    def save(self, folder: Path, card: str) -> None:
        """Write it into a folder that is there.

        Raises:
            OSError: It cannot be written.
        """
        (folder / HEAD_FILE).write_bytes(self.content)
        if self.labels is not None:
            (folder / LABELS_FILE).write_bytes(self.label_content)
        (folder / CARD_FILE).write_text(card, encoding="utf-8")


def is_head(folder: Path) -> bool:
    """Whether a folder holds a head."""
    return (folder / HEAD_FILE).is_file()


def load_head(folder: Path) -> Head:
    """The head in a folder; nothing in it is run.

    Raises:
        ModelError: TS400, it is not there or damaged.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / HEAD_FILE, framework="np") as file:
            facts = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in list(file.keys())}
        return _checked(Head(arrays, facts["frozen"], _load_labels(folder)))
    except (OSError, SafetensorError, LookupError, ValueError, TypeError, NotImplementedError) as error:
        message = TS400.UNREADABLE(file=HEAD_FILE, folder=folder)
        raise ModelError(message, hint=TRAIN_AGAIN()) from error


def _checked(head: Head) -> Head:
    """The head, if its matrices fit each other.

    Raises:
        KeyError, ValueError: They do not.
    """
    arrays = head.arrays
    for name, array in arrays.items():
        is_map = name in ("image.weight", "text.weight")
        if array.dtype != np.float32 or (is_map and (array.ndim != 2 or len(set(array.shape)) > 1)):
            raise ValueError(name)
    if head.labels is not None:
        hidden = arrays.get("hidden.bias")
        if hidden is not None and arrays["hidden.weight"].shape[1:] != hidden.shape:
            raise ValueError("hidden.weight")
        height = len(arrays["weight"]) if hidden is None else len(hidden)
        if arrays["weight"].shape != (height, len(head.labels)) or arrays["bias"].shape != (
            len(head.labels),
        ):
            raise ValueError("weight")
    return head


def _load_labels(folder: Path) -> pa.Array | None:
    import pyarrow as pa

    path = folder / LABELS_FILE
    if not path.is_file():
        return None
    with pa.OSFile(str(path), "rb") as source:
        return pa.ipc.open_file(source).read_all().column(0).combine_chunks()


def _in_blocks(vectors: Floats, width: int, of: object) -> Floats:
    """What a function makes of blocks of one height; NaN stays NaN."""
    assert callable(of)
    result = np.empty((len(vectors), width), np.float32)
    block = np.zeros((_BLOCK_ROWS, vectors.shape[1]), np.float32)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        some = vectors[start : start + _BLOCK_ROWS]
        block[: len(some)] = some
        result[start : start + len(some)] = of(block)[: len(some)]
    return result


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float64] = vectors / np.maximum(lengths, 1e-12)
    return unit
