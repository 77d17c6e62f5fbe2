"""RAW photos, shown through the largest JPEG that the camera put into them.

The containers are TIFF directories (CR2, NEF, ARW, DNG, ORF, RW2, PEF, SRW and their brothers), Fujifilm's own header
(RAF) and boxes of ISO/IEC 14496-12 (CR3). Places were taken from DNG 1.7.1 (Adobe, 2023) and TIFF/EP (ISO 12234-2), and
of makers that publish nothing from the notes of ExifTool (https://exiftool.org/TagNames/) and of
https://github.com/lclevy/canon_cr3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from thanosql_kernel.images.boxes import Box
from thanosql_kernel.images.directories import Directories, Directory, directories, is_tiff
from thanosql_kernel.images.jpeg import Frame, read_frame
from thanosql_kernel.images.makers import CR3, RAF, canon_boxes, fujifilm_jpeg
from thanosql_kernel.images.parts import Span
from thanosql_kernel.images.window import Window, read_at

_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC = 256, 257, 259, 262
_MAKE, _STRIPS, _ORIENTATION, _STRIP_LENGTHS = 271, 273, 274, 279
_JPEG, _JPEG_LENGTH = 513, 514
_EXIF, _MAKER_NOTE, _DNG_VERSION = 34665, 37500, 50706
_PANASONIC_JPEG = 46
_OLYMPUS_SETTINGS, _OLYMPUS_JPEG, _OLYMPUS_JPEG_LENGTH = 0x2020, 0x0101, 0x0102
_OLYMPUS_NOTES = ((b"OLYMPUS\0II", 12), (b"OM SYSTEM\0\0\0II", 16))
_JPEG_COMPRESSIONS = (6, 7, 99)
# a sensor's samples (TIFF/EP, DNG), and how Sony, Nikon, Pentax, Samsung and Kodak pack them
_SENSOR_PHOTOMETRICS = (32803, 34892)
_SENSOR_COMPRESSIONS = (32767, 32769, 32770, 32772, 34713, 65000, 65535)
_NAMES_BY_MAKE = {
    "nikon": "NEF", "sony": "ARW", "pentax": "PEF", "ricoh": "PEF", "samsung": "SRW", "hasselblad": "3FR",
    "phase one": "IIQ", "leaf": "MOS", "mamiya": "MEF", "epson": "ERF", "kodak": "KDC", "eastman kodak": "DCR",
}  # fmt: skip
_NAMES_BY_HEAD = {b"IIU\0": "RW2", b"IIRO": "ORF", b"IIRS": "ORF", b"MMOR": "ORF"}

_TURNED = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Raw:
    """A RAW photo.

    Attributes:
        name: Its kind, such as ``CR2``.
        preview: Where its largest JPEG is; None if there is none.
        orientation: What the photo says of its orientation (EXIF 2.32, tag 0x0112); None leaves it to the JPEG.
    """

    name: str
    preview: Span | None
    orientation: int | None = None


def read_raw(stream: BinaryIO) -> Raw | None:
    """What a RAW photo holds, or None for all other files.

    Args:
        stream: A seekable stream at its start, where it is again afterwards.
    """
    head = stream.read(32)
    try:
        if head.startswith(RAF):
            return _fujifilm(stream)
        if head[4:12] == CR3:
            return _canon_boxes(stream)
        if is_tiff(head) or head[:4] in _NAMES_BY_HEAD:
            return _of_directories(stream, head)
        return None
    finally:
        stream.seek(0)


def _largest(stream: BinaryIO, places: Sequence[Span]) -> tuple[Span | None, Frame | None]:
    """The JPEG with most pixels; what is no JPEG that everybody can show is passed over."""
    found = [(place, read_frame(stream, *place)) for place in places if place.length > 0]
    shown = [(place, frame) for place, frame in found if frame is not None and frame.is_common]
    return max(shown, key=lambda pair: pair[1].width * pair[1].height, default=(None, None))


# -- directories ---------------------------------------------------------------------------------------------
def _of_directories(stream: BinaryIO, head: bytes) -> Raw | None:
    found = directories(stream, head)
    name = _name(head, found)
    if name is None:
        return None
    if not found:
        return Raw(name, None)
    first = found[0]
    places = [place for directory in found for place in _jpegs(directory)]
    if name == "ORF":
        places += _olympus(stream, head, first)
    preview, frame = _largest(stream, places)
    orientation = first.number(_ORIENTATION) or None
    if frame is not None and orientation in _TURNED and _is_upright_already(frame, found):
        orientation = 1
    return Raw(name, preview, orientation)


def _name(head: bytes, found: Sequence[Directory]) -> str | None:
    """The kind of a RAW photo; None for a TIFF that is none."""
    if head[:4] in _NAMES_BY_HEAD:
        return _NAMES_BY_HEAD[head[:4]]
    if head[8:10] == b"CR":
        return "CR2"
    if head[8:12] in (b"IIII", b"MMMM"):
        return "IIQ"
    if not found:
        return None
    if _DNG_VERSION in found[0]:
        return "DNG"
    if not any(_is_sensor(directory) for directory in found):
        return None
    make = found[0].text(_MAKE).lower()
    return next((name for maker, name in _NAMES_BY_MAKE.items() if make.startswith(maker)), "RAW")


def _is_sensor(directory: Directory) -> bool:
    return (
        directory.number(_PHOTOMETRIC) in _SENSOR_PHOTOMETRICS
        or directory.number(_COMPRESSION) in _SENSOR_COMPRESSIONS
    )


def _jpegs(directory: Directory) -> Iterator[Span]:
    """Where a directory has JPEGs."""
    if _JPEG in directory:
        yield Span(directory.number(_JPEG), directory.number(_JPEG_LENGTH))
    strips, lengths = directory.numbers(_STRIPS), directory.numbers(_STRIP_LENGTHS)
    if directory.number(_COMPRESSION) in _JPEG_COMPRESSIONS and len(strips) == len(lengths) == 1:
        yield Span(strips[0], lengths[0])
    if whole := directory.span(_PANASONIC_JPEG):
        yield whole


def _olympus(stream: BinaryIO, head: bytes, first: Directory) -> Iterator[Span]:
    """Olympus and OM System keep the JPEG in their notes, whose places count from where the notes begin."""
    order = "<" if head.startswith(b"II") else ">"
    note = Directories(stream, order).read(first.number(_EXIF)).span(_MAKER_NOTE)
    if note is None:
        return
    stream.seek(note.place)
    start = stream.read(16)
    for mark, skipped in _OLYMPUS_NOTES:
        if start.startswith(mark):
            notes = Directories(stream, "<", base=note.place)
            settings = notes.read(notes.read(skipped).number(_OLYMPUS_SETTINGS))
            place = note.place + settings.number(_OLYMPUS_JPEG)
            yield Span(place, settings.number(_OLYMPUS_JPEG_LENGTH))


def _is_upright_already(frame: Frame, found: Sequence[Directory]) -> bool:
    """Whether a preview stands though the sensor's picture lies: some programs turn it when they write it."""
    sizes = [(directory.number(_WIDTH), directory.number(_HEIGHT)) for directory in found]
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return width > height and frame.height > frame.width


# -- other containers ----------------------------------------------------------------------------------------
def _fujifilm(stream: BinaryIO) -> Raw:
    place = fujifilm_jpeg(Window(partial(read_at, stream)))
    return Raw("RAF", _largest(stream, [place])[0])


def _canon_boxes(stream: BinaryIO) -> Raw:
    """A small JPEG among Canon's data, a larger one in a box beside it; the turn is told in a TIFF of its own."""
    places: list[Span] = []
    orientation = None
    for box in canon_boxes(Window(partial(read_at, stream))):
        if box.kind in (b"PRVW", b"THMB"):
            places.append(_behind_header(stream, box))
        elif box.kind == b"CMT1":
            orientation = _orientation(stream, box)
    return Raw("CR3", _largest(stream, places)[0], orientation)


def _behind_header(stream: BinaryIO, box: Box) -> Span:
    """The JPEG of a box, which begins behind a header of the camera's."""
    stream.seek(box.start)
    at = stream.read(64).find(b"\xff\xd8\xff")
    return Span(box.start + at, box.stop - box.start - at) if at >= 0 else Span(0, 0)


def _orientation(stream: BinaryIO, box: Box) -> int | None:
    """Of the TIFF in a box."""
    stream.seek(box.start)
    head = stream.read(8)
    order = "<" if head.startswith(b"II") else ">"
    first = int.from_bytes(head[4:8], "little" if order == "<" else "big")
    return Directories(stream, order, base=box.start).read(first).number(_ORIENTATION) or None
