"""Frames of films as upright RGB pictures, shrunk by the decoder to little more than somebody looks at."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av import VideoFrame
    from PIL import Image

#: Shrunk to no less than so many times what is wanted, the model's own filter does the rest.
_REDUCED_TO = 2
_HD_ROWS = 720
_BT601, _BT709, _UNKNOWN_COLOURS = 5, 1, (0, 2)
#: Pixels that are so much wider than high, or higher than wide, are a header's mistake.
_MOST_STRETCHED = 4
_MATRIX_BYTES = 36


def picture_of(frame: VideoFrame, side_px: int, aspect: float = 1.0) -> Image.Image:
    """A frame as a picture of square pixels, upright.

    Args:
        frame: As decoded.
        side_px: The shorter side has at least twice so many pixels, if the frame has.
        aspect: Width of its pixels by their height.
    """
    width, height = frame.width, frame.height
    if 1 / _MOST_STRETCHED <= aspect <= _MOST_STRETCHED:
        width, height = (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))
    factor = min(1.0, _REDUCED_TO * side_px / max(1, min(width, height)))
    size = {"width": max(1, round(width * factor)), "height": max(1, round(height * factor))}
    rgb = frame.reformat(**size, format="rgb24", interpolation="AREA", src_colorspace=_colours(frame))
    picture: Image.Image = rgb.to_image()  # type: ignore[no-untyped-call]
    return _upright(picture, frame)


def aspect_of(stream: Any) -> float:
    """Width of a stream's pixels by their height; 1 where nobody says it."""
    ratio = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
    return float(ratio) if ratio else 1.0


def _colours(frame: VideoFrame) -> int | None:
    """By which matrix its colours are coded; high-definition ones that do not say it by that of BT.709."""
    told = int(frame.colorspace or 0)
    if told not in _UNKNOWN_COLOURS:
        return None
    return _BT709 if frame.height >= _HD_ROWS else _BT601


def display_matrix(frame: VideoFrame) -> tuple[int, ...] | None:
    """How players turn and mirror it (ISO/IEC 14496-12, 6.2.2): nine numbers; None if they show it as it is."""
    from av.sidedata.sidedata import Type

    side_data: Any = frame.side_data
    entry = side_data.get(Type.DISPLAYMATRIX)
    if entry is None or len(matrix := bytes(entry)) < _MATRIX_BYTES:
        return None
    return struct.unpack_from("<9i", matrix)


def _upright(picture: Image.Image, frame: VideoFrame) -> Image.Image:
    """Turned and mirrored as the film's display matrix says, by quarters of a turn."""
    from PIL.Image import Transpose

    matrix = display_matrix(frame)
    if matrix is None:
        return picture
    a, b, _, c, d = matrix[:5]
    turns = {
        (True, -1, 1): Transpose.FLIP_LEFT_RIGHT,
        (True, 1, -1): Transpose.FLIP_TOP_BOTTOM,
        (True, -1, -1): Transpose.ROTATE_180,
        (False, 1, -1): Transpose.ROTATE_270,
        (False, -1, 1): Transpose.ROTATE_90,
        (False, 1, 1): Transpose.TRANSPOSE,
        (False, -1, -1): Transpose.TRANSVERSE,
    }
    is_straight = abs(a) + abs(d) >= abs(b) + abs(c)
    first, second = (a, d) if is_straight else (b, c)
    turn = turns.get((is_straight, -1 if first < 0 else 1, -1 if second < 0 else 1))
    return picture if turn is None else picture.transpose(turn)
