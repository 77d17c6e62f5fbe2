"""TIFF and the RAW files of cameras that are TIFFs (TIFF 6.0, Adobe DNG)."""

from __future__ import annotations

from thanosql_kernel.images.metadata.exif import HEIGHT, SUB_IFDS, SUBFILE, WIDTH, Directory, Exif, read_exif
from thanosql_kernel.images.metadata.found import Found
from thanosql_kernel.images.window import Window

#: TIFF, Olympus, Panasonic.
MAGIC = (b"II*\0", b"MM\0*", b"IIRO", b"IIRS", b"MMOR", b"IIU\0")
_MOST_BELOW = 8


def read_tiff(window: Window) -> Found:
    """What the first directory of a TIFF says; of a RAW, whose first is a thumbnail, what those below it say."""
    exif = read_exif(window)
    if exif is None:
        return Found()
    width, height = _size(exif)
    return Found(width, height, exif)


def _size(exif: Exif) -> tuple[int | None, int | None]:
    """Width and height of the directory with the whole picture; the largest, if several say so."""
    first = exif.first
    if not (first.integer(SUBFILE) or 0) & 1:
        return first.integer(WIDTH), first.integer(HEIGHT)
    sizes = []
    for offset in first.integers(SUB_IFDS, _MOST_BELOW):
        below = Directory(first.data, first.order, offset)
        width, height = below.integer(WIDTH), below.integer(HEIGHT)
        if width and height and not (below.integer(SUBFILE) or 0) & 1:
            sizes.append((width, height))
    return max(sizes, key=lambda size: size[0] * size[1], default=(None, None))
