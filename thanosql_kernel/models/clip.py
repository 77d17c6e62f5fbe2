"""CLIP, loaded by sentence-transformers; the only module that imports torch, and only when it must: it may be absent.

sentence-transformers' own ``encode`` is not used: it embeds a path that does not exist as text, and it decodes
pictures without our pipeline.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thanosql_kernel import packages
from thanosql_kernel.catalog import Weights
from thanosql_kernel.errors import ModelError
from thanosql_kernel.images.preprocess import Preprocess
from thanosql_kernel.wording.models import TS400

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

_IMAGES_AT_ONCE = 64
_TEXTS_AT_ONCE = 32
_CLIP_TOKENS = 77
_BICUBIC = 3

_log = logging.getLogger(__name__)


def load(
    image_folder: Path, text_folder: Path | None, weights: Weights, *, device: str | None = None
) -> ClipEncoder:
    """Load an image tower and a text tower from local folders; the network is never asked.

    Args:
        image_folder: A CLIP folder.
        text_folder: A sentence-transformers text encoder for the same space; None for CLIP's own text tower.
        weights: What the encoder says it is.
        device: torch's name of a device; None for the best there is.

    Raises:
        ModelError: TS400 when a folder cannot be loaded.
    """
    device = device or _best_device()
    image = _load_folder(image_folder, device)
    text = image
    if text_folder is not None:
        text = _load_folder(text_folder, device)
        image[0].model.text_model = None  # a quarter of a gigabyte that nobody will ask
    encoder = ClipEncoder(image, text, weights, device)
    _log.info("%s %s loaded on %s", weights.name, weights.revision, device)
    return encoder


class ClipEncoder:
    """An `Encoder` over two towers in memory.

    The matrices of the image tower are bfloat16 where the processor multiplies them faster than float32 (twice as many
    pictures a second with AVX-512 BF16), with everything between them in float32; the text tower is float32, since a
    query is one text.
    """

    def __init__(self, image: Any, text: Any, weights: Weights, device: str) -> None:
        self.name = weights.name
        self.revision = weights.revision
        self.fingerprint = weights.fingerprint
        self._device = device
        self._clip = _clip_of(image)
        self._text = text
        self._tokenizer = text[0].tokenizer
        self._tokenizer_turn = threading.Lock()  # a fast tokenizer that pads cannot be used from two threads
        self._max_tokens = min(text[0].max_seq_length or _CLIP_TOKENS, 512)
        self.dim = int(self._clip.config.projection_dim)
        self.preprocess = _preprocess(image[0].processor.image_processor)
        self._half = multiplies_bfloat16(device)
        if self._half:
            _halve_matrices(self._clip.vision_model)
            _halve_matrices(self._clip.visual_projection)

    def encode_images(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Vectors (n, dim) of length one of pictures (n, 3, size, size) that `preprocess` made."""
        import numpy as np
        import torch

        parts = [np.empty((0, self.dim), np.float32)]
        for start in range(0, len(batch), _IMAGES_AT_ONCE):
            some = np.require(batch[start : start + _IMAGES_AT_ONCE], np.float32, ["C", "W"])
            with torch.inference_mode(), self._precision():
                pixels = torch.from_numpy(some).to(self._device)
                parts.append(_unit(_vectors(self._clip.get_image_features(pixel_values=pixels))))
        return np.concatenate(parts)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors (n, dim) of length one; a text is a text even if it looks like a path or an address.

        What a tower cannot take (CLIP reads 77 tokens) is cut off at the end.
        """
        import numpy as np
        import torch

        result = np.empty((len(texts), self.dim), np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            rows = by_length[start : start + _TEXTS_AT_ONCE]
            tokens = self._tokenize([texts[row] for row in rows])
            with torch.inference_mode():
                result[rows] = _unit(self._text({**tokens, "modality": "text"})["sentence_embedding"])
        return result

    def warm(self) -> None:
        """Run both towers once: the first run allocates and picks kernels."""
        import numpy as np

        self.encode_texts(["a photo"])
        self.encode_images(np.zeros((1, 3, self.preprocess.size, self.preprocess.size), np.float32))

    def _tokenize(self, texts: list[str]) -> dict[str, torch.Tensor]:
        # a lone surrogate, as file names can have, is no Unicode and stops the tokenizer
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        with self._tokenizer_turn:
            tokens = self._tokenizer(
                clean, padding=True, truncation=True, max_length=self._max_tokens, return_tensors="pt"
            )
        return {name: tensor.to(self._device) for name, tensor in tokens.items()}

    def _precision(self) -> contextlib.AbstractContextManager[object]:
        import torch

        if not self._half:
            return contextlib.nullcontext()
        mixed: contextlib.AbstractContextManager[object] = torch.autocast(
            torch.device(self._device).type, dtype=torch.bfloat16
        )
        return mixed


def multiplies_bfloat16(device: str) -> bool:
    """Whether the device has instructions for bfloat16 matrix products; emulated they are slower than float32."""
    import torch

    kind = torch.device(device).type
    if kind == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if kind != "cpu":
        return False
    has: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(has.get("avx512_bf16") or has.get("amx_bf16"))


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


def _load_folder(folder: Path, device: str) -> Any:
    """A `SentenceTransformer` in evaluation mode whose every weight came from the folder."""
    try:
        with _quiet():
            from sentence_transformers import SentenceTransformer

            model = SentenceTransformer(
                str(folder),
                device=device,
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True, "dtype": "float32"},
            )
        _check_complete(model, folder)
        _own(model)
    except ModelError:
        raise
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        _log.info("%s", folder, exc_info=error)
        message = TS400.CANNOT_LOAD(folder=folder, reason=lines[0])
        raise ModelError(message, hint=TS400.COPY_AGAIN()) from error
    return model.eval()


def _own(model: Any) -> None:
    """Copy weights out of the mapped file, or a file replaced in place would change a loaded model."""
    for tensor in (*model.parameters(), *model.buffers()):
        tensor.data = tensor.data.clone()


def _check_complete(model: Any, folder: Path) -> None:
    """transformers fills weights that a file lacks with random numbers and only logs it.

    Raises:
        ModelError: TS400.
    """
    from safetensors import safe_open

    from thanosql_kernel.models.folders import inspect_folder

    stored: set[str] = set()
    for file in inspect_folder(folder).weights:
        with safe_open(file, framework="pt") as content:
            stored.update(content.keys())
    short = {_without_prefix(name) for name in stored}
    names = [name for name, _ in model[0].model.named_parameters()]
    missing = [name for name in names if name not in stored | short and _without_prefix(name) not in stored]
    if missing:
        message = TS400.LACKING(folder=folder, count=len(missing), name=missing[0])
        raise ModelError(message, hint=TS400.COPY_AGAIN())


def _without_prefix(name: str) -> str:
    """``distilbert.embeddings.weight`` -> ``embeddings.weight``: files have the base model's name in front or not."""
    return name.partition(".")[2]


def _clip_of(model: Any) -> Any:
    inner = model[0].model
    if not hasattr(inner, "get_image_features"):
        raise ModelError(TS400.NO_IMAGE_TOWER(), hint=TS400.GIVE_CLIP_FOLDER())
    return inner


def _halve_matrices(module: Any) -> None:
    import torch

    for part in module.modules():
        if isinstance(part, (torch.nn.Linear, torch.nn.Conv2d)):
            part.to(torch.bfloat16)


def _preprocess(processor: Any) -> Preprocess:
    """What the folder's image processor does, for our own pipeline.

    Raises:
        ModelError: TS400 when the folder asks for something else than a bicubic resize to a square.
    """
    crops = bool(processor.do_center_crop)
    width, height = _sides(processor.crop_size if crops else processor.size)
    resized = set(_sides(processor.size))
    if width != height or resized != {width} or int(processor.resample) != _BICUBIC:
        message = TS400.OTHER_RESIZING(size=processor.size)
        raise ModelError(message, hint=TS400.SQUARE_CROPS())
    red, green, blue = processor.image_mean
    mean = (float(red), float(green), float(blue))
    red, green, blue = processor.image_std
    return Preprocess(width, "center" if crops else "squash", mean, (float(red), float(green), float(blue)))


def _sides(size: Any) -> tuple[int, int]:
    """Width and height of transformers' ``SizeDict``, ``{"shortest_edge": 224}`` or 224."""
    if isinstance(size, int):
        return size, size
    get = size.get if hasattr(size, "get") else lambda key: getattr(size, key, None)
    edge = get("shortest_edge")
    return int(edge or get("width") or 0), int(edge or get("height") or 0)


def _vectors(output: Any) -> torch.Tensor:
    """transformers 5 gives an object, transformers 4 the tensor itself."""
    tensor: torch.Tensor = getattr(output, "pooler_output", output)
    return tensor


def _unit(vectors: torch.Tensor) -> NDArray[np.float32]:
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
