"""HEIF and AVIF (ISO/IEC 23008-12): the ``meta`` box says which item is the picture, how large, how turned."""

from __future__ import annotations

from thanosql_kernel.images.boxes import MOST_BOXES, Box, boxes
from thanosql_kernel.images.metadata.exif import read_exif
from thanosql_kernel.images.metadata.found import Found
from thanosql_kernel.images.window import MOST, Window, over


def read_heif(window: Window) -> Found:
    """What the ``meta`` box of a HEIF or AVIF says."""
    meta = next((box for box in boxes(window, 0, None) if box.kind == b"meta"), None)
    if meta is None or meta.stop - meta.start > MOST:
        return Found()
    content = window[meta.start : meta.stop]
    inner = over(content)
    parts = {box.kind: box for box in boxes(inner, 4, len(content))}
    width, height = _size(inner, parts)
    place = _exif_place(inner, parts)
    exif = None
    if place is not None:
        source, start, length = (window, *place[1:]) if place[0] == 0 else (inner, *place[1:])
        skipped = int.from_bytes(source[start : start + 4], "big")
        exif = read_exif(source.part(start + 4 + skipped, start + length))
    return Found(width, height, exif, is_upright=True)


class _Numbers:
    """Big-endian numbers one after another."""

    def __init__(self, window: Window, box: Box) -> None:
        content = window[box.start : box.stop]
        self._content, self._at = content, 4
        self.version = content[0] if content else 0
        self.flags = int.from_bytes(content[1:4], "big")

    def next(self, size: int) -> int:
        """The next, of so many bytes; 0 behind the end."""
        self._at += size
        return int.from_bytes(self._content[self._at - size : self._at], "big")

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._content)


# -- size ----------------------------------------------------------------------------------------------------
def _size(window: Window, parts: dict[bytes, Box]) -> tuple[int | None, int | None]:
    """Width and height of the primary item, its cuts and turns applied in their order."""
    if not parts.keys() >= {b"pitm", b"iprp"}:
        return None, None
    primary = _Numbers(window, parts[b"pitm"])
    item = primary.next(2 if primary.version == 0 else 4)
    inner = {box.kind: box for box in boxes(window, parts[b"iprp"].start, parts[b"iprp"].stop)}
    if not inner.keys() >= {b"ipco", b"ipma"}:
        return None, None
    properties = list(boxes(window, inner[b"ipco"].start, inner[b"ipco"].stop))
    width = height = None
    for index in _associated(_Numbers(window, inner[b"ipma"]), item):
        if not 0 < index <= len(properties):
            continue
        box = properties[index - 1]
        content = window[box.start : min(box.stop, box.start + 32)]
        if box.kind == b"ispe":
            width, height = int.from_bytes(content[4:8], "big"), int.from_bytes(content[8:12], "big")
        elif box.kind == b"clap":
            width, height = _cut(content, 0), _cut(content, 8)
        elif box.kind == b"irot" and content and content[0] & 1:
            width, height = height, width
    return width, height


def _cut(content: bytes, at: int) -> int | None:
    """A length of a clean aperture: a fraction."""
    over, under = int.from_bytes(content[at : at + 4], "big"), int.from_bytes(content[at + 4 : at + 8], "big")
    return round(over / under) if under else None


def _associated(numbers: _Numbers, item: int) -> list[int]:
    """The properties of an item, by their numbers."""
    wide = numbers.flags & 1
    for _ in range(min(numbers.next(4), MOST_BOXES)):
        number = numbers.next(2 if numbers.version < 1 else 4)
        count = numbers.next(1)
        found = [numbers.next(2) & 0x7FFF if wide else numbers.next(1) & 0x7F for _ in range(count)]
        if number == item:
            return found
        if numbers.is_over:
            break
    return []


# -- EXIF ----------------------------------------------------------------------------------------------------
def _exif_place(window: Window, parts: dict[bytes, Box]) -> tuple[int, int, int] | None:
    """Where the EXIF item is: 0 in the file, 1 in the ``meta`` box; offset and length there."""
    if not parts.keys() >= {b"iinf", b"iloc"}:
        return None
    item = _exif_item(window, parts[b"iinf"])
    place = None if item is None else _extent(_Numbers(window, parts[b"iloc"]), item)
    if place is None or place[0] == 0:
        return place
    data = parts.get(b"idat")
    return (1, data.start + place[1], place[2]) if data is not None and place[0] == 1 else None


def _exif_item(window: Window, box: Box) -> int | None:
    version = window[box.start : box.start + 1]
    for info in boxes(window, box.start + (6 if version == b"\0" else 8), box.stop):
        numbers = _Numbers(window, info)
        item = numbers.next(2 if numbers.version < 3 else 4)
        numbers.next(2)
        if info.kind == b"infe" and numbers.next(4) == int.from_bytes(b"Exif", "big"):
            return item
    return None


def _extent(numbers: _Numbers, wanted: int) -> tuple[int, int, int] | None:
    """How an item is stored, and the first of its extents."""
    sizes = numbers.next(2)
    of_offset, of_length, of_base, of_index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    of_item = 2 if numbers.version < 2 else 4
    for _ in range(min(numbers.next(of_item), MOST_BOXES)):
        item = numbers.next(of_item)
        method = numbers.next(2) & 15 if numbers.version else 0
        numbers.next(2)
        base = numbers.next(of_base)
        extents = []
        for _ in range(min(numbers.next(2), MOST_BOXES)):
            numbers.next(of_index if numbers.version else 0)
            extents.append((base + numbers.next(of_offset), numbers.next(of_length)))
        if item == wanted and extents:
            return method, *extents[0]
        if numbers.is_over:
            break
    return None
