"""Image towers as graphs of OpenVINO, which runs them faster than torch: made once on a machine and kept.

They lie in the user's cache folder and not beside the weights, which often lie where nobody may write and are hashed
by their neighbours. A graph holds numbers and names of operations, nothing that is run by Python.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from thanosql_kernel.forks import has_threads
from thanosql_kernel.machine import available_cores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Precision = Literal["f32", "bf16"]
EXPORT = 1
"""Raised when graphs are made otherwise than before."""

_GRAPH, _NUMBERS, _DIGEST = "tower.xml", "tower.bin", "tower.sha256"
_DIGITS = 16
_VERSIONS = ("openvino", "torch", "transformers", "sentence-transformers")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a machine runs a graph.

    Attributes:
        pictures: Of one run; fewer are filled up, so that a vector depends on its picture alone.
        streams: Runs at the same time, which share the cores.
    """

    pictures: int
    streams: int


def are_possible() -> bool:
    """Whether OpenVINO is installed; nothing is imported."""
    return find_spec("openvino") is not None


def openvino() -> Any:
    """The package, without the one beside it that would tell its makers of every import."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    return importlib.import_module("openvino")


def shapes() -> tuple[Shape, ...]:
    """How graphs may be run here, the likely best first."""
    streams = min(available_cores(), 4)
    return (Shape(4, streams), Shape(16, 1)) if streams > 1 else (Shape(4, 1),)


def best_precision() -> Precision:
    """What this processor multiplies fastest of what keeps directions: bfloat16 where it has instructions for it."""
    abilities = _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "bf16" if "BF16" in abilities else "f32"


def machine() -> str:
    """What decides how fast graphs run: the processor's name and abilities, and how many cores there are."""
    core = _core()
    names = [core.get_property("CPU", name) for name in ("FULL_DEVICE_NAME", "OPTIMIZATION_CAPABILITIES")]
    return _digest(f"{names}\n{available_cores()}")


class KeptGraph:
    """The graph of an image tower in the user's cache folder.

    Args:
        fingerprint: Of the weights.
        kind: What was done to them, e.g. ``float``.
        side: Of the pictures, pixels.
    """

    def __init__(self, fingerprint: str, kind: str, side: int) -> None:
        made_by = [f"{name} {_version(name)}" for name in _VERSIONS]
        key = _digest(f"{fingerprint}\n{kind}\n{side}\n{made_by}\n{EXPORT}")
        self.folder = _cache() / f"{fingerprint[:_DIGITS]}-{kind}" / key

    def read(self) -> Any | None:
        """The graph; None where there is none, or a damaged one."""
        try:
            if (self.folder / _DIGEST).read_text("utf-8") != _digest_of(self.folder):
                return None
            return _core().read_model(self.folder / _GRAPH)
        except (OSError, ValueError, RuntimeError) as error:
            _log.info("no graph in %s: %s", self.folder, error)
            return None

    def write(self, graph: Any) -> None:
        """Keep a graph, whole or not at all, instead of those of other versions; that it cannot be kept costs time."""
        parent = self.folder.parent
        try:
            parent.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=".draft", dir=parent))
            try:
                openvino().save_model(graph, draft / _GRAPH, compress_to_fp16=False)
                (draft / _DIGEST).write_text(_digest_of(draft), "utf-8")
                shutil.rmtree(self.folder, ignore_errors=True)
                os.replace(draft, self.folder)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
        except (OSError, RuntimeError) as error:
            _log.info("the graph is not kept: %s", error)
            return
        for other in parent.iterdir():
            if other != self.folder and not other.name.startswith("."):
                shutil.rmtree(other, ignore_errors=True)

    def note(self, name: str) -> str | None:
        """What was written under a name beside the graph."""
        try:
            return (self.folder / name).read_text("utf-8")
        except (OSError, ValueError):
            return None

    def write_note(self, name: str, text: str) -> None:
        """Write a text beside the graph."""
        with suppress(OSError):
            draft = self.folder / f"{name}.{os.getpid()}"
            draft.write_text(text, "utf-8")
            os.replace(draft, self.folder / name)


class CompiledTower:
    """A graph, compiled for one shape: pictures into vectors. Safe to use from several threads, one after the other.

    Args:
        graph: Of OpenVINO.
        shape: How it is run.
        precision: Of its matrix products.

    Raises:
        RuntimeError: OpenVINO cannot compile it.
    """

    def __init__(self, graph: Any, shape: Shape, precision: Precision) -> None:
        fixed = graph.clone()
        sizes = fixed.input(0).get_partial_shape()
        fixed.reshape([shape.pictures, *(int(sizes[axis].get_length()) for axis in (1, 2, 3))])
        options = {
            "INFERENCE_PRECISION_HINT": precision,
            "INFERENCE_NUM_THREADS": available_cores(),
            "NUM_STREAMS": shape.streams,
        }
        self.shape = shape
        self._compiled = has_threads(_core().compile_model(fixed, "CPU", options))
        self._requests = [self._compiled.create_infer_request() for _ in range(shape.streams)]
        self._turn = threading.Lock()

    def __call__(self, batch: Floats) -> Floats:
        """Vectors (n, dim) of length one of pictures (n, 3, side, side).

        Raises:
            RuntimeError: from OpenVINO.
        """
        with self._turn:
            found = list(self._run([_filled(part, self.shape.pictures) for part in self._parts(batch)]))
        vectors = np.concatenate(found)[: len(batch)]
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)

    def _parts(self, batch: Floats) -> list[Floats]:
        size = self.shape.pictures
        return [batch[at : at + size] for at in range(0, len(batch), size)]

    def _run(self, parts: list[Floats]) -> Any:
        """The vectors of each part, in order, as many parts at the same time as there are streams."""
        streams = len(self._requests)
        for number in range(len(parts) + streams):
            request = self._requests[number % streams]
            if streams <= number < len(parts) + streams and number - streams < len(parts):
                request.wait()
                yield request.get_output_tensor().data.copy()
            if number < len(parts):
                request.start_async([parts[number]], share_inputs=True)


def _filled(part: Floats, size: int) -> Floats:
    missing = size - len(part)
    part = np.concatenate([part, np.repeat(part[:1], missing, axis=0)]) if missing else part
    return np.ascontiguousarray(part, dtype=np.float32)


_one: list[Any] = []
_guard = threading.Lock()


def _core() -> Any:
    with _guard:
        if not _one:
            _one.append(has_threads(openvino().Core()))
        return _one[0]


def export(tower: Any, example: Floats) -> Any:
    """The graph of an image tower, for any number of pictures.

    Args:
        tower: A `SentenceTransformer`; takes pictures (n, 3, side, side), gives vectors (n, dim).
        example: Some pictures.

    Raises:
        Exception: whatever OpenVINO finds that it cannot translate.
    """
    import torch

    with _others_untouched(), torch.inference_mode():
        return openvino().convert_model(
            _module(tower), example_input=torch.from_numpy(example), input=[-1, *example.shape[1:]]
        )


def _module(model: Any) -> Any:
    """A torch module of it that takes pictures alone."""
    import torch

    class Tower(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, pixels: Any) -> Any:
            return self.model({"pixel_values": pixels, "modality": "image"})["sentence_embedding"]

    return Tower().eval()


@contextmanager
def _others_untouched() -> Iterator[None]:
    """Keep the root logger, which OpenVINO sets and on errors leaves so, and warnings off the notebook."""
    root = logging.getLogger()
    level, filters, handlers = root.level, root.filters[:], root.handlers[:]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.setLevel(level)
        root.filters[:], root.handlers[:] = filters, handlers


def _cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("thanosql-kernel", appauthor=False) / "graphs"


def _digest_of(folder: Path) -> str:
    total = hashlib.sha256()
    for name in (_GRAPH, _NUMBERS):
        with (folder / name).open("rb") as stream:
            total.update(hashlib.file_digest(stream, "sha256").digest())
    return total.hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
