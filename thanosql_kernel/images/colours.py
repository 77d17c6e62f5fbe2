"""Colours as sRGB has them, by the ICC profile that a picture carries."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

MOST_PROFILE_BYTES = 16_000_000
_MODES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""The mode of a picture that a profile is about, by the profile's colour space (ICC.1:2022, table 19)."""

_SAME_LEVELS = 2
"""A profile that moves no colour further than that is one of the many that sRGB is written as."""

_STEPS = 9


def to_srgb(mode: str, profile: object) -> ImageCms.ImageCmsTransform | None:
    """What gives a picture the colours that its profile means; None if there is nothing to change.

    A profile that is broken, or about another kind of picture, is passed over: so do browsers.

    Args:
        mode: The picture's, ``RGB``, ``L``, ``CMYK`` or ``LAB``.
        profile: The ICC profile's bytes, or whatever stands in their place.

    Returns:
        Its ``apply`` makes of a picture of that mode one of mode ``RGB``, in 5 to 10 ms a million pixels.
    """
    if mode == "LAB":
        return _from_lab()
    if not isinstance(profile, bytes) or not 0 < len(profile) <= MOST_PROFILE_BYTES:
        return None
    return _transform(profile, mode)


@lru_cache(maxsize=1)
def _from_lab() -> ImageCms.ImageCmsTransform:
    """CIE L*a*b* of D50, as TIFF 6.0 has it, needs no profile."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return ImageCms.ImageCmsTransform(lab, _srgb(), "LAB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC)


@lru_cache(maxsize=32)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """From a profile to sRGB; None where that changes nothing, or cannot be done. 1 ms; it may be used in threads."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if _MODES.get(source.profile.xcolor_space) != mode:
            return None
        transform = ImageCms.ImageCmsTransform(
            source,
            _srgb(),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        return transform if mode == "CMYK" or _moves(transform, mode) else None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _moves(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether some colour becomes another one."""
    steps = np.linspace(0, 255, _STEPS).round().astype(np.uint8)
    colours = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(_STEPS, -1, 3)
    image = Image.fromarray(colours if mode == "RGB" else np.arange(256, dtype=np.uint8).reshape(1, 256))
    moved = np.asarray(transform.apply(image), np.int16) - np.asarray(image.convert("RGB"), np.int16)
    return bool(np.abs(moved).max() > _SAME_LEVELS)
