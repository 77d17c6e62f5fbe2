"""What the reader of a file format finds."""

from __future__ import annotations

import re
from typing import NamedTuple

from thanosql_kernel.images.metadata.exif import Exif

_TURNED = re.compile(rb'tiff:Orientation(?:="|>)([0-9])')


class Found(NamedTuple):
    """What the header of a picture says.

    Attributes:
        width: Pixels as they are stored; None if it is not there.
        height: Pixels.
        exif: Its EXIF.
        orientation: That of the format itself or of its XMP, which holds where EXIF has none.
        is_upright: Whether width and height are those of the picture held upright already.
    """

    width: int | None = None
    height: int | None = None
    exif: Exif | None = None
    orientation: int | None = None
    is_upright: bool = False


def xmp_orientation(packet: bytes) -> int | None:
    """The orientation in an XMP packet."""
    match = _TURNED.search(packet)
    return int(match[1]) if match else None
