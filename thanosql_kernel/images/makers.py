"""Where Canon and Fujifilm put things in RAW files that are no TIFFs: CR3 (boxes) and RAF (a header of its own).

Makers publish neither; places are from https://github.com/lclevy/canon_cr3 and https://exiftool.org/TagNames/FujiFilm.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from thanosql_kernel.images.boxes import Box, boxes
from thanosql_kernel.images.parts import Span
from thanosql_kernel.images.window import Window

CR3, RAF = b"ftypcrx ", b"FUJIFILMCCD-RAW "
"""What the files begin with, a CR3 behind a length of four bytes."""

_CANON_DATA = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_CANON_PREVIEW = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16")
_FUJIFILM_JPEG, _FUJIFILM_DIRECTORY = 84, 92


def canon_boxes(window: Window) -> Iterator[Box]:
    """The boxes of Canon's two: its data, ahead, and the preview."""
    for outer in boxes(window):
        inner = boxes(window, outer.start, outer.stop) if outer.kind == b"moov" else [outer]
        for box in inner:
            if box.uuid == _CANON_DATA:
                yield from boxes(window, box.start, box.stop)
            elif box.uuid == _CANON_PREVIEW:
                yield from boxes(window, box.start + 8, box.stop)


def fujifilm_jpeg(window: Window) -> Span:
    """Where the JPEG of a RAF is."""
    return _place(window, _FUJIFILM_JPEG)


def fujifilm_directory(window: Window) -> Span:
    """Where the directory of a RAF is."""
    return _place(window, _FUJIFILM_DIRECTORY)


def _place(window: Window, at: int) -> Span:
    numbers = window[at : at + 8]
    return Span(int.from_bytes(numbers[:4], "big"), int.from_bytes(numbers[4:], "big"))
