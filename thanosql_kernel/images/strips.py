"""Large pictures that are shrunk while they are converted, a strip at a time: of the result, so much less is held."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

_STRIP_PIXELS = 4_000_000

MOST_BYTES = 900_000_000
"""What the pixels of a picture may take before, during and after their conversion."""


def are_needed(image: Image.Image, *, is_turned: bool) -> bool:
    """Whether the picture, what it is turned to and the RGB picture, also that of its transparency, are too much."""
    return _whole_bytes(image, is_turned=is_turned) > MOST_BYTES


def most_bytes(image: Image.Image) -> int:
    """What the pixels take at most, of a picture that may not be loaded yet and may have to be turned."""
    return min(_whole_bytes(image, is_turned=True), MOST_BYTES)


def _whole_bytes(image: Image.Image, *, is_turned: bool) -> int:
    own = {"1": 2, "L": 1, "P": 1}.get(image.mode, 4)
    converted = 13 if image.has_transparency_data else 0 if image.mode == "RGB" else 4
    return image.width * image.height * (own * (2 if is_turned else 1) + converted)


def factor(image: Image.Image, min_side: int | None) -> int:
    """How many times smaller a picture may be for whoever shrinks it to that side; at least 1."""
    return max(1, min(image.size) // (2 * min_side)) if min_side else 1


def converted(image: Image.Image, factor: int, convert: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """The picture converted and reduced: each pixel is the mean of a square of converted ones.

    Args:
        image: A loaded picture.
        factor: The side of the squares in pixels; at the right and lower edges they may be smaller.
        convert: Gives the RGB picture of a strip.

    Returns:
        RGB, with the ``info`` of what ``convert`` gives.
    """
    width, height = image.size
    rows = max(1, _STRIP_PIXELS // (width * factor)) * factor
    reduced = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        strip = convert(image.crop((0, top, width, min(height, top + rows))))
        reduced.paste(strip.reduce(factor), (0, top // factor))
        reduced.info = strip.info
    return reduced
