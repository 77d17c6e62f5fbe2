"""Dual encoders, loaded by sentence-transformers; the only module that imports torch, and only when it must.

sentence-transformers' own ``encode`` is not used: it embeds a path that does not exist as text, it decodes pictures
without our pipeline, and it pads texts of SigLIP to the longest of their batch.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from thanosql_kernel import packages
from thanosql_kernel.catalog import Weights
from thanosql_kernel.errors import ModelError
from thanosql_kernel.models import graphs, quantized
from thanosql_kernel.models.encoder import Logits
from thanosql_kernel.models.families import FAMILIES, Family
from thanosql_kernel.models.folders import WeightFolder
from thanosql_kernel.models.halves import Halves, multiplies_bfloat16
from thanosql_kernel.models.resizing import preprocess_of
from thanosql_kernel.models.tokens import Tokens
from thanosql_kernel.models.vocabulary import Reading
from thanosql_kernel.wording import families
from thanosql_kernel.wording.models import TS400

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from thanosql_kernel.models.tuning import Step, Tower, Tuning

_IMAGES_AT_ONCE = 64
_ON_GPU = {"cuda": 256, "mps": 64}
_TEXTS_AT_ONCE = 32
TUNED_FROM = 200
"""Of how many pictures it pays to look for the fastest way to run the image tower: a few seconds, once a machine."""
_LEAST_FOR_GRAPH = 4

_log = logging.getLogger(__name__)


def load(
    images: WeightFolder,
    texts: WeightFolder | None,
    weights: Weights,
    *,
    device: str | None = None,
    int8: bool = False,
) -> DualEncoder:
    """Load an image tower and a text tower from local folders; the network is never asked.

    Args:
        images: A folder of a dual encoder.
        texts: A sentence-transformers text encoder for the same space; None for the dual encoder's own text tower.
        weights: What the encoder says it is.
        device: torch's name of a device; None for the best there is.
        int8: Whether the image tower is quantized, which takes a package and an architecture that can be.

    Raises:
        ModelError: TS400 when a folder cannot be loaded.
    """
    device = device or _best_device()
    image = text = _load_folder(images, device)
    if texts is not None:
        text = _load_folder(texts, device)
        image[0].model.text_model = None  # a quarter of a gigabyte that nobody will ask
    with _as_model_error(images):
        tokens = Tokens(text[0], texts or images)
        encoder = DualEncoder(image, text, tokens, FAMILIES[images.model_type], weights, device, int8=int8)
    _log.info("%s %s loaded on %s", weights.name, weights.revision, device)
    return encoder


class DualEncoder:
    """An `Encoder` over two towers in memory.

    The matrices of the image tower are bfloat16 where the processor multiplies them faster than float32 (twice as many
    pictures a second with AVX-512 BF16), with everything between them in float32; the text tower is float32, since a
    query is one text.

    Of many pictures, a graph of OpenVINO makes the vectors where that is faster (see `tuning`).
    """

    def __init__(
        self,
        image: Any,
        text: Any,
        tokens: Tokens,
        family: Family,
        weights: Weights,
        device: str,
        *,
        int8: bool = False,
    ) -> None:
        self.name = weights.name
        self.revision = weights.revision
        self.fingerprint = weights.fingerprint
        self._device = device
        self._image = image
        self._text = text
        self._tokens = tokens
        self.logits = _logits_of(image[0].model) if family.sigmoid else None
        self.preprocess = preprocess_of(_processor_of(image), _picture_side(image) if family.looks else None)
        self.dim = self._embed(["a photo"]).shape[1]
        self.pictures_at_once = _ON_GPU.get(device.partition(":")[0], 0)
        self._may_halve = family.looks
        self._int8 = int8
        can_graph = device == "cpu" and graphs.are_possible()
        self._half = family.looks and multiplies_bfloat16(device)
        self._halves = Halves(image[0].model, keeps_exact=can_graph or int8) if self._half else None
        self._tuned = not can_graph
        self._graph: graphs.CompiledTower | None = None
        self._turn = threading.RLock()

    def encode_images(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Vectors (n, dim) of length one of pictures (n, 3, size, size) that `preprocess` made."""
        if self._int8:
            return self._quantized()(batch)
        if self._graph is None or len(batch) < _LEAST_FOR_GRAPH:
            return self._by_torch(batch)
        try:
            return self._graph(batch)
        except RuntimeError:
            _log.warning("%s is run by torch: its graph failed", self.name, exc_info=True)
            self._graph = None
            return self._by_torch(batch)

    def preparation(self, pictures: NDArray[np.float32], count: int) -> list[Step]:
        """What is done once before many pictures are embedded: the fastest way to run the image tower is found.

        Args:
            pictures: Some of them (n, 3, size, size).
            count: How many there are.

        Returns:
            Steps of at most a few seconds; each returns what to tell the user, "" for nothing.
        """
        from thanosql_kernel.models.tuning import Tuning, told_loss

        if self._int8:
            return [lambda: told_loss(self._tower(), self._quantized(), pictures)]
        if self._tuned or count < TUNED_FROM or len(pictures) < _LEAST_FOR_GRAPH:
            return []
        tuning = Tuning(self._tower(), pictures)
        return [*tuning.steps(), lambda: self._settle(tuning)]

    def _settle(self, tuning: Tuning) -> str:
        self._graph, self._tuned = tuning.fastest, True
        return ""

    def _quantized(self) -> graphs.CompiledTower:
        with self._turn:
            if self._graph is None:
                tower = self._tower()
                self._graph = tower.compiled(tower.graph(), graphs.shapes()[0])
            return self._graph

    def _tower(self) -> Tower:
        from thanosql_kernel.models.tuning import Tower

        kind = f"{quantized.NAME}-{quantized.ROUNDING}" if self._int8 else "float"
        kept = graphs.KeptGraph(self.fingerprint, kind, self.preprocess.size)
        return Tower(
            self.name, self._by_torch, self._exactly, self._export, kept, self._int8, self._may_halve
        )

    def _export(self) -> Any:
        """The graph of the image tower, in float32 or quantized."""
        pictures = quantized.calibration(self.preprocess)
        with self._exact(), _quiet():
            if not self._int8:
                return graphs.export(self._image, pictures[:2])
            with quantized.quantized(self._image[0].model, lambda: self._run(pictures)):
                return graphs.export(self._image, pictures[:2])

    def _exactly(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        with self._exact():
            return self._run(batch)

    @contextlib.contextmanager
    def _exact(self) -> Iterator[None]:
        """Torch computes in float32."""
        with self._turn, self._halves.exact() if self._halves else contextlib.nullcontext():
            half, self._half = self._half, False
            try:
                yield
            finally:
                self._half = half

    def _by_torch(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        with self._turn:
            return self._run(batch)

    def _run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        import numpy as np
        import torch

        if not len(batch):
            return np.empty((0, self.dim), np.float32)
        parts = []
        for start in range(0, len(batch), _IMAGES_AT_ONCE):
            some = np.require(batch[start : start + _IMAGES_AT_ONCE], np.float32, ["C", "W"])
            with torch.inference_mode(), self._precision():
                pixels = self._moved(torch.from_numpy(some))
                parts.append(self._image({"pixel_values": pixels, "modality": "image"})["sentence_embedding"])
        vectors = _unit(torch.cat(parts))  # a GPU is waited for once
        if vectors.shape[1] != self.dim:
            message = families.OTHER_LENGTHS(pictures=vectors.shape[1], texts=self.dim)
            raise ModelError(message, hint=TS400.COPY_AGAIN())
        return vectors

    def _moved(self, pixels: Any) -> Any:
        """Pixels on the device; they go there while it still computes."""
        if self._device.startswith("cuda"):
            return pixels.pin_memory().to(self._device, non_blocking=True)
        return pixels.to(self._device)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors (n, dim) of length one; a text is a text even if it looks like a path or an address.

        What a tower cannot take (CLIP reads 77 tokens) is cut off at the end. NaN for a text of which nothing can be
        read (see `read`).
        """
        import numpy as np

        result = np.empty((len(texts), self.dim), np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            rows = by_length[start : start + _TEXTS_AT_ONCE]
            result[rows] = self._embed([texts[row] for row in rows])
        result[[self.read(text).is_empty for text in texts]] = np.nan
        return result

    def read(self, text: str) -> Reading:
        """What of a text the tokenizer has pieces for; one that has a piece for each byte reads everything."""
        return self._tokens.read(text)

    def warm(self) -> None:
        """Run both towers once: the first run allocates and picks kernels."""
        import numpy as np

        self.encode_texts(["a photo"])
        self.encode_images(np.zeros((1, 3, self.preprocess.size, self.preprocess.size), np.float32))

    def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        import torch

        tokens = {name: tensor.to(self._device) for name, tensor in self._tokens(texts).items()}
        with torch.inference_mode():
            return _unit(self._text({**tokens, "modality": "text"})["sentence_embedding"])

    def _precision(self) -> contextlib.AbstractContextManager[object]:
        import torch

        if not self._half:
            return contextlib.nullcontext()
        mixed: contextlib.AbstractContextManager[object] = torch.autocast(
            torch.device(self._device).type, dtype=torch.bfloat16
        )
        return mixed


def _best_device() -> str:
    try:
        import torch
    except (ImportError, OSError) as error:  # as on a Windows that lacks a library of Microsoft's
        command = packages.install_command("--force-reinstall", "torch")
        hint = TS400.REINSTALL_TORCH(command=command)
        raise ModelError(TS400.TORCH_FAILS(reason=str(error).strip()), hint=hint) from error
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _load_folder(folder: WeightFolder, device: str) -> Any:
    """A `SentenceTransformer` in evaluation mode whose every weight came from the folder."""
    with _as_model_error(folder):
        with _quiet():
            from sentence_transformers import SentenceTransformer

            model = SentenceTransformer(
                str(folder.root),
                device=device,
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True, "dtype": "float32"},
            )
        _check_complete(model, folder)
        _own(model)
    return model.eval()


@contextlib.contextmanager
def _as_model_error(folder: WeightFolder) -> Iterator[None]:
    """Whatever the libraries say about a folder that they cannot load."""
    try:
        yield
    except ModelError:
        raise
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        _log.info("%s", folder.root, exc_info=error)
        message = TS400.CANNOT_LOAD(folder=folder.root, reason=lines[0])
        raise ModelError(message, hint=TS400.COPY_AGAIN()) from error


def _own(model: Any) -> None:
    """Copy weights out of the mapped file, or a file replaced in place would change a loaded model."""
    for tensor in (*model.parameters(), *model.buffers()):
        tensor.data = tensor.data.clone()


def _check_complete(model: Any, folder: WeightFolder) -> None:
    """transformers fills weights that a file lacks with random numbers and only logs it.

    Raises:
        ModelError: TS400.
    """
    from safetensors import safe_open

    with contextlib.ExitStack() as opened:
        files = [opened.enter_context(safe_open(file, framework="pt")) for file in folder.weights]
        stored = {name: file for file in files for name in list(file.keys())}
        short = {_without_prefix(name) for name in stored}
        missing = {
            name: tensor
            for name, tensor in model[0].model.named_parameters()
            if name not in stored and name not in short and _without_prefix(name) not in stored
        }
        _find_renamed(missing, stored)
    if missing:
        message = TS400.LACKING(folder=folder.root, count=len(missing), name=next(iter(missing)))
        raise ModelError(message, hint=TS400.COPY_AGAIN())


def _find_renamed(missing: dict[str, Any], stored: Mapping[str, Any]) -> None:
    """Drop from the missing matrices those that the file has under another name: transformers renames some."""
    shapes = (
        {name: tuple(file.get_slice(name).get_shape()) for name, file in stored.items()} if missing else {}
    )
    for name, tensor in list(missing.items()):
        alike = (other for other, shape in shapes.items() if shape == tuple(tensor.shape))
        if any(bool((stored[other].get_tensor(other) == tensor).all()) for other in alike):
            del missing[name]


def _without_prefix(name: str) -> str:
    """``distilbert.embeddings.weight`` -> ``embeddings.weight``: files have the base model's name in front or not."""
    return name.partition(".")[2]


def _processor_of(model: Any) -> Any:
    processor = getattr(model[0].processor, "image_processor", None)
    if processor is None or not hasattr(model[0].model, "get_image_features"):
        raise ModelError(TS400.NO_IMAGE_TOWER(), hint=TS400.GIVE_CLIP_FOLDER())
    return processor


def _picture_side(model: Any) -> int | None:
    """Pixels of the side of the pictures that the image tower takes, as its configuration says."""
    config = model[0].model.config.vision_config
    side = getattr(config, "image_size", None)
    return side if isinstance(side, int) else None


def _logits_of(model: Any) -> Logits | None:
    """What the weights say of cosines."""
    scale, bias = getattr(model, "logit_scale", None), getattr(model, "logit_bias", None)
    return None if scale is None or bias is None else Logits(float(scale.exp()), float(bias))


def _unit(vectors: Any) -> NDArray[np.float32]:
    import torch

    unit: NDArray[np.float32] = torch.nn.functional.normalize(vectors.float()).cpu().numpy()
    return unit


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' progress bars and advice off the notebook while a folder is loaded."""
    from transformers.utils import logging as transformers_logging

    theirs: Any = transformers_logging  # its functions have no annotations
    level, bars = theirs.get_verbosity(), theirs.is_progress_bar_enabled()
    other = logging.getLogger("sentence_transformers")
    other_level = other.level
    theirs.set_verbosity_error()
    theirs.disable_progress_bar()
    other.setLevel(logging.ERROR)
    try:
        yield
    finally:
        theirs.set_verbosity(level)
        if bars:
            theirs.enable_progress_bar()
        other.setLevel(other_level)
