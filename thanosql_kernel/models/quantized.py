"""An image tower whose matrix products are of 8-bit integers, which is asked for with ``THANOSQL_PRECISION=int8``.

Weights are rounded to 255 levels a row, what comes in to 256 levels between the least and the greatest number that some
made-up pictures gave (static quantization, Jacob et al. 2018, https://arxiv.org/abs/1712.05877, section 3). The
pictures are the same on every machine, so that equal weights make comparable vectors everywhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from thanosql_kernel import packages
from thanosql_kernel.catalog import Weights
from thanosql_kernel.errors import ModelError
from thanosql_kernel.wording.models import TS400

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from thanosql_kernel.images.preprocess import Preprocess
    from thanosql_kernel.models.families import Family

VARIABLE = "THANOSQL_PRECISION"
NAME = "int8"
ROUNDING = 1
"""Raised when quantized towers come out otherwise than before, so that vectors of both kinds are not mixed."""

_CALIBRATED_ON = 16


def is_asked_for() -> bool:
    """Whether the user wants it.

    Raises:
        ModelError: TS400 when something else is asked for.
    """
    asked = os.environ.get(VARIABLE, "").strip().lower()
    if asked not in ("", NAME):
        raise ModelError(TS400.OTHER_PRECISION(given=asked), hint=TS400.UNSET_PRECISION())
    return asked == NAME


def identity(weights: Weights) -> Weights:
    """What the quantized weights are called: their vectors are others, and never mixed with those of the exact ones."""
    fingerprint = hashlib.sha256(f"{weights.fingerprint} {NAME} {ROUNDING}".encode()).hexdigest()
    return Weights(weights.name, f"{weights.revision}+{NAME}", fingerprint)


def check(family: Family) -> None:
    """Refuse what cannot be run on 8-bit integers.

    Raises:
        ModelError: TS400 where the package that multiplies them is missing, or the tower has no linear layers.
    """
    if packages.missing(("openvino",)):
        raise ModelError(TS400.INT8_NEEDS(), hint=packages.clip_command())
    if not family.looks:
        raise ModelError(TS400.NO_INT8(family=family.name), hint=TS400.UNSET_PRECISION())


def calibration(preprocess: Preprocess) -> NDArray[np.float32]:
    """Pictures (16, 3, size, size) with the contrasts of photos, coarse and fine: the same on every machine."""
    import numpy as np
    from PIL import Image

    found = []
    for number in range(_CALIBRATED_ON):
        random = np.random.default_rng(number)
        total = np.zeros((256, 256, 3))
        for octave in range(2, 8):  # photos have about as much contrast in each octave (Field 1987)
            noise = Image.fromarray(random.integers(0, 256, (2**octave, 2**octave, 3), dtype=np.uint8))
            total += np.asarray(noise.resize((256, 256), Image.Resampling.BICUBIC), np.float64) - 128
        levels = total * (0.25 + 0.25 * (number % 4)) + 64 * (1 + number % 3)
        found.append(preprocess(Image.fromarray(levels.clip(0, 255).astype(np.uint8))))
    return np.stack(found)


@contextlib.contextmanager
def quantized(model: Any, run: Callable[[], object]) -> Iterator[None]:
    """Within, the linear layers of a model's image tower round as they will when 8-bit integers are multiplied.

    Args:
        model: Of transformers, in float32.
        run: Runs the tower over the pictures that the rounding is fitted to.
    """
    places = _linear_layers(model)
    ranges = _ranges([layer for _, _, layer in places], run)
    for (parent, name, layer), seen in zip(places, ranges, strict=True):
        setattr(parent, name, _rounding(layer, *seen))
    try:
        yield
    finally:
        for parent, name, layer in places:
            setattr(parent, name, layer)


def _linear_layers(model: Any) -> list[tuple[Any, str, Any]]:
    """Parent, name and layer of each in the image tower; not the projection behind it, which costs next to nothing."""
    import torch

    return [
        (parent, name, layer)
        for parent in list(model.vision_model.modules())
        for name, layer in list(parent.named_children())
        if isinstance(layer, torch.nn.Linear)
    ]


def _ranges(layers: list[Any], run: Callable[[], object]) -> list[tuple[float, float]]:
    """The least and the greatest number, 0 among them, that came into each layer."""
    seen: dict[int, tuple[float, float]] = {}

    def look(layer: Any, given: tuple[Any, ...]) -> None:
        low, high = seen.get(id(layer), (0.0, 0.0))
        seen[id(layer)] = min(low, float(given[0].min())), max(high, float(given[0].max()))

    hooks = [layer.register_forward_pre_hook(look) for layer in layers]
    try:
        run()
    finally:
        for hook in hooks:
            hook.remove()
    return [seen.get(id(layer), (0.0, 0.0)) for layer in layers]


def _rounding(layer: Any, low: float, high: float) -> Any:
    """A layer that does what ``layer`` does, rounded; the layer itself where nothing came in."""
    import torch

    if high <= low:
        return layer
    step = (high - low) / 255
    zero = round(-low / step)
    steps = layer.weight.data.abs().amax(1).clamp_min(1e-12) / 127
    zeros = torch.zeros_like(steps, dtype=torch.int32)

    class Rounding(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.inner = layer

        def forward(self, given: Any) -> Any:
            given = torch.fake_quantize_per_tensor_affine(given, step, zero, 0, 255)
            weight = torch.fake_quantize_per_channel_affine(self.inner.weight, steps, zeros, 0, -127, 127)
            return torch.nn.functional.linear(given, weight, self.inner.bias)

    return Rounding()
