"""Dual encoders, loaded by sentence-transformers; the only module that imports torch, and only when it must.

sentence-transformers' own ``encode`` is not used: it embeds a path that does not exist as text, it decodes pictures
without our pipeline, and it pads texts of SigLIP to the longest of their batch.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from thanosql_kernel import packages
from thanosql_kernel.catalog import Weights
from thanosql_kernel.errors import ModelError
from thanosql_kernel.models.encoder import Logits
from thanosql_kernel.models.families import FAMILIES, Family
from thanosql_kernel.models.folders import WeightFolder
from thanosql_kernel.models.resizing import preprocess_of
from thanosql_kernel.models.tokens import Tokens
from thanosql_kernel.models.vocabulary import Reading
from thanosql_kernel.wording import families
from thanosql_kernel.wording.models import TS400

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_IMAGES_AT_ONCE = 64
_TEXTS_AT_ONCE = 32

_log = logging.getLogger(__name__)


def load(
    images: WeightFolder, texts: WeightFolder | None, weights: Weights, *, device: str | None = None
) -> DualEncoder:
    """Load an image tower and a text tower from local folders; the network is never asked.

    Args:
        images: A folder of a dual encoder.
        texts: A sentence-transformers text encoder for the same space; None for the dual encoder's own text tower.
        weights: What the encoder says it is.
        device: torch's name of a device; None for the best there is.

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
        encoder = DualEncoder(image, text, tokens, FAMILIES[images.model_type], weights, device)
    _log.info("%s %s loaded on %s", weights.name, weights.revision, device)
    return encoder


class DualEncoder:
    """An `Encoder` over two towers in memory.

    The matrices of the image tower are bfloat16 where the processor multiplies them faster than float32 (twice as many
    pictures a second with AVX-512 BF16), with everything between them in float32; the text tower is float32, since a
    query is one text.
    """

    def __init__(
        self, image: Any, text: Any, tokens: Tokens, family: Family, weights: Weights, device: str
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
        self._half = family.looks and multiplies_bfloat16(device)
        if self._half:
            _halve_image_tower(image[0].model)

    def encode_images(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Vectors (n, dim) of length one of pictures (n, 3, size, size) that `preprocess` made."""
        import numpy as np
        import torch

        parts = [np.empty((0, self.dim), np.float32)]
        for start in range(0, len(batch), _IMAGES_AT_ONCE):
            some = np.require(batch[start : start + _IMAGES_AT_ONCE], np.float32, ["C", "W"])
            with torch.inference_mode(), self._precision():
                pixels = torch.from_numpy(some).to(self._device)
                parts.append(_vectors(self._image({"pixel_values": pixels, "modality": "image"})))
            if parts[-1].shape[1] != self.dim:
                message = families.OTHER_LENGTHS(pictures=parts[-1].shape[1], texts=self.dim)
                raise ModelError(message, hint=TS400.COPY_AGAIN())
        return np.concatenate(parts)

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
            return _vectors(self._text({**tokens, "modality": "text"}))

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


def _halve_image_tower(model: Any) -> None:
    import torch

    towers = [getattr(model, name, None) for name in ("vision_model", "visual_projection")]
    for part in (part for tower in towers if tower is not None for part in tower.modules()):
        if isinstance(part, (torch.nn.Linear, torch.nn.Conv2d)):
            part.to(torch.bfloat16)


def _vectors(output: Any) -> NDArray[np.float32]:
    import torch

    vectors = output["sentence_embedding"]
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
