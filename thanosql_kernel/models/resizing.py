"""What a model's own image processor does, for our pipeline: it decodes and resizes several times as fast."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from PIL import Image

from thanosql_kernel.errors import ModelError
from thanosql_kernel.images.preprocess import Preprocess, Triple
from thanosql_kernel.wording import Said, families
from thanosql_kernel.wording.models import TS400

_NONE: Triple = (0.0, 0.0, 0.0)
_ALL: Triple = (1.0, 1.0, 1.0)
_LEVEL = 1 / 255
_MOST_LEVELS = 2.0  # torchvision's processors round and antialias a little otherwise than Pillow's


def preprocess_of(processor: Any, side: int | None = None) -> Preprocess:
    """The pipeline that gives what one of transformers' image processors gives.

    Args:
        processor: An image processor, loaded from a model's files.
        side: Pixels of the side of the pictures that the model takes; None where every size is taken.

    Raises:
        ModelError: TS400 when it does something that the pipeline does not, or gives pictures of another size.
    """
    reason = _unusual(processor)
    if reason is not None:
        raise _refusal(reason)
    resized = _sides(processor.size)
    size = _sides(processor.crop_size) if _flag(processor, "do_center_crop") else resized
    if size[0] != size[1] or resized[0] != resized[1]:
        raise _refusal(families.RECTANGLES(width=size[0], height=size[1]))
    if size[0] > resized[0]:
        raise _refusal(families.LARGER_THAN_RESIZED(size=size[0], resized=resized[0]))
    if side is not None and side != size[0]:
        raise _refusal(families.OTHER_SIDE(size=size[0], side=side))
    mean, std = _numbers(processor)
    mode: Literal["squash", "center"] = "center" if _value(processor.size, "shortest_edge") else "squash"
    resample = Image.Resampling(int(processor.resample))
    ours = Preprocess(size[0], mode, mean, std, resample, 0 if size == resized else resized[0])
    if _differs(processor, ours):
        raise _refusal(families.OTHER_PIXELS())
    return ours


def _unusual(processor: Any) -> Said | None:
    """Why the pipeline cannot do what the processor does; None where it can."""
    if not _flag(processor, "do_resize") or not hasattr(processor, "size"):
        return families.OWN_SIZES()
    keeps_shape = _value(processor.size, "shortest_edge") and not _flag(processor, "do_center_crop")
    is_bounded = _value(processor.size, "longest_edge") or min(_sides(processor.size)) < 1
    if _flag(processor, "do_pad") or keeps_shape or is_bounded:
        return families.OWN_SIZES()
    is_scaled = _flag(processor, "do_rescale") and not _flag(processor, "rescale_offset")
    if not is_scaled or abs(getattr(processor, "rescale_factor", _LEVEL) - _LEVEL) > 1e-6:
        return families.OTHER_RESCALING()
    return None


def _differs(processor: Any, ours: Preprocess) -> bool:
    """Whether the processor makes something else of a picture: some do what none of their numbers says."""
    across, down = np.meshgrid(np.linspace(0, 255, 300), np.linspace(0, 255, 200))
    picture = Image.fromarray(np.stack([across, down, 255 - across], axis=2).astype(np.uint8))
    theirs = np.asarray(processor(picture, return_tensors="np")["pixel_values"])[0]
    if theirs.shape != (3, ours.size, ours.size):
        return True
    levels = np.abs(theirs - ours(picture)).mean() * min(ours.std) / _LEVEL
    return bool(levels > _MOST_LEVELS)


def _numbers(processor: Any) -> tuple[Triple, Triple]:
    if not _flag(processor, "do_normalize"):
        return _NONE, _ALL
    red, green, blue = (float(it) for it in processor.image_mean)
    mean = (red, green, blue)
    red, green, blue = (float(it) for it in processor.image_std)
    return mean, (red, green, blue)


def _sides(size: Any) -> tuple[int, int]:
    """Width and height of transformers' ``SizeDict``, ``{"shortest_edge": 224}`` or 224."""
    if isinstance(size, int):
        return size, size
    edge = _value(size, "shortest_edge")
    return edge or _value(size, "width"), edge or _value(size, "height")


def _value(size: Any, key: str) -> int:
    found = size.get(key) if hasattr(size, "get") else getattr(size, key, None)
    return int(found or 0)


def _flag(processor: Any, name: str) -> bool:
    return bool(getattr(processor, name, False))


def _refusal(reason: Said) -> ModelError:
    return ModelError(TS400.OTHER_RESIZING(reason=reason), hint=TS400.SQUARE_PICTURES())
