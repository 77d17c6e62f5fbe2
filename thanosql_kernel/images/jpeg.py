"""What JPEGs say of themselves before they are decoded, and JPEGs that end too early."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from PIL import Image

START = b"\xff\xd8\xff"
END = b"\xff\xd9"

MOST_SCANS = 1000
"""Each scan goes through the whole picture, whatever little it adds; cameras and programs write at most 20."""

_LARGEST_CUT_BYTES = 500_000_000
_MOST_SEGMENTS = 2000
# ITU-T T.81, table B.1
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_COMMON_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_SCAN = 0xDA
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_GREY = 128
_BLOCK_ROWS = 64


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame header of a JPEG.

    Attributes:
        is_common: Whether it is baseline, extended or progressive with 8 bits: what everybody can show.
        width: Pixels.
        height: Pixels.
    """

    is_common: bool
    width: int
    height: int


def read_frame(stream: BinaryIO, place: int, length: int) -> Frame | None:
    """The frame header of a JPEG within a file, or None if there is none.

    Args:
        stream: The file.
        place: Where the JPEG begins.
        length: Its bytes.
    """
    stream.seek(place)
    if stream.read(3) != START:
        return None
    at = place + 2
    for _ in range(_MOST_SEGMENTS):
        stream.seek(at)
        head = stream.read(10)
        if len(head) < 10 or head[0] != 0xFF or at >= place + length:
            return None
        marker = head[1]
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            height, width = int.from_bytes(head[5:7], "big"), int.from_bytes(head[7:9], "big")
            return Frame(marker in _COMMON_FRAMES and head[4] == 8, width, height)
        if marker == _SCAN:
            return None
        at += 2 + int.from_bytes(head[2:4], "big")
    return None


def held_bytes(image: Image.Image, size: tuple[int, int]) -> int:
    """What decoding holds in memory besides the pixels: of a progressive JPEG, all coefficients of its full size.

    Args:
        image: A JPEG that is not loaded yet.
        size: Its width and height before any `draft`.
    """
    layers = getattr(image, "layer", ())
    if not image.info.get("progressive") or not layers:
        return 0
    largest = max(1, max(layer[1] for layer in layers) * max(layer[2] for layer in layers))
    share = sum(layer[1] * layer[2] for layer in layers) / largest
    return int(2 * size[0] * size[1] * share)


def has_too_many_scans(stream: BinaryIO) -> bool:
    """Whether a progressive JPEG would be gone through more often than anybody means."""
    stream.seek(0)
    scans = 0
    while data := stream.read(1 << 20):
        scans += data.count(b"\xff\xda")
    stream.seek(0)
    return scans > MOST_SCANS


def ended(stream: BinaryIO) -> BinaryIO | None:
    """A cut file with the mark of its end, so that what there is of it is decoded; None if it is too large."""
    stream.seek(0, io.SEEK_END)
    if stream.tell() > _LARGEST_CUT_BYTES:
        return None
    stream.seek(0)
    return io.BytesIO(stream.read() + END)


def missing_share(image: Image.Image) -> float:
    """The share of the rows, 0 to 1, of which a cut JPEG holds nothing: the decoder leaves them grey, at the bottom."""
    missing = 0
    for top in range(image.height, 0, -_BLOCK_ROWS):
        block = image.crop((0, max(0, top - _BLOCK_ROWS), image.width, top))
        rows = np.asarray(block).reshape(block.height, -1)
        is_grey = np.all(np.abs(rows.astype(np.int16) - _GREY) <= 1, axis=1)
        if not is_grey.all():
            return (missing + int(np.argmin(is_grey[::-1]))) / image.height
        missing += len(is_grey)
    return missing / image.height
