"""EXIF: a small TIFF with the tags of cameras (CIPA DC-008, TIFF 6.0).

All here is done once for each photo of a folder, and is written so that it costs little more than reading the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

from thanosql_kernel.images.window import Bytes

WIDTH, HEIGHT, SUBFILE, SUB_IFDS = 0x0100, 0x0101, 0x00FE, 0x014A
_MAKE, _MODEL, _ORIENTATION, _EXIF, _GPS = 0x010F, 0x0110, 0x0112, 0x8769, 0x8825
_ORIGINAL, _DIGITIZED = (0x9003, 0x9291, 0x9011), (0x9004, 0x9292, 0x9012)
"""When it was taken, when it became a file: date and time, fraction of a second, offset."""
_LATITUDE, _LONGITUDE = (1, 2, b"NS", 90.0), (3, 4, b"EW", 180.0)

_TAGS = (
    *(WIDTH, HEIGHT, SUBFILE, SUB_IFDS, _MAKE, _MODEL, _ORIENTATION, _EXIF, _GPS),
    *(*_ORIGINAL, *_DIGITIZED, *_LATITUDE[:2], *_LONGITUDE[:2]),
)
#: Types of values, by their sizes.
_TEXT, _LONG, _RATIONAL = {2: 1, 129: 1}, {4: 4, 9: 4, 13: 4}, {5: 8, 10: 8}
_SHORT = 3
_MOST_ENTRIES, _LONGEST, _EARLIEST = 1000, 1024, 1826
_SAME_CAMERA = 256

_DATE = re.compile(rb"(\d{4})[:/.-](\d\d)[:/.-](\d\d)[ T](\d\d):(\d\d):(\d\d)[ \0]*")
_OFFSET = re.compile(rb"([+-](?:0\d|1[0-5]):[0-5]\d)[ \0]*")
_WORD = re.compile(r"\w+")

Unpack = Callable[[bytes], tuple[int, ...]]
Entry = tuple[int, int, bytes]
"""Type, count, and four bytes with the value or its offset."""


class Order(NamedTuple):
    """How numbers are written, the smallest or the largest byte first: what unpacks them, and what tags look like."""

    first: Unpack
    number: Unpack
    short: Unpack
    rationals: Unpack
    entry: Callable[[bytes, int], Entry]
    numbers: Callable[[bytes], Iterator[tuple[int]]]
    tags: Mapping[int, bytes]

    @classmethod
    def of(cls, sign: str) -> Order:
        """That of `struct`'s sign."""
        first, number, short, rationals = (Struct(sign + form).unpack for form in ("4xI", "I", "H2x", "6I"))
        entry, numbers = Struct(sign + "2xHI4s").unpack_from, Struct(sign + "I").iter_unpack
        tags = {tag: Struct(sign + "H").pack(tag) for tag in _TAGS}
        return cls(first, number, short, rationals, entry, numbers, tags)


_ORDERS = {b"II": Order.of("<"), b"MM": Order.of(">")}


class Directory:
    """The entries of an image file directory, 12 bytes each; those that are cut off are not there.

    Args:
        data: The TIFF that it is in.
        order: How its numbers are written.
        offset: Where it is; 0 for one that is not there.
    """

    __slots__ = ("_raw", "data", "order")

    def __init__(self, data: Bytes, order: Order, offset: int) -> None:
        self.data, self.order = data, order
        counted = data[offset : offset + 4] if offset else b""
        count = order.short(counted)[0] if len(counted) == 4 else 0
        self._raw = data[offset + 2 : offset + 2 + 12 * min(count, _MOST_ENTRIES)]

    def entry(self, tag: int) -> Entry | None:
        """The entry of a tag."""
        raw, wanted = self._raw, self.order.tags[tag]
        at = raw.find(wanted)
        while at % 12:
            if at < 0:
                return None
            at = raw.find(wanted, at + 1)
        return self.order.entry(raw, at) if at + 12 <= len(raw) else None

    def value(self, tag: int, sizes: Mapping[int, int]) -> bytes:
        """The bytes of a value; empty where it is not there, of another type, too long or cut off."""
        entry = self.entry(tag)
        if entry is None or entry[0] not in sizes:
            return b""
        length = sizes[entry[0]] * entry[1]
        if length <= 4:
            return entry[2][:length]
        if length > _LONGEST:
            return b""
        (at,) = self.order.number(entry[2])
        value = self.data[at : at + length]
        return value if len(value) == length else b""

    def integer(self, tag: int) -> int | None:
        """The value of a tag that is one whole number."""
        entry = self.entry(tag)
        if entry is None or entry[1] != 1:
            return None
        if entry[0] == _SHORT:
            return self.order.short(entry[2])[0]
        return self.order.number(entry[2])[0] if entry[0] in _LONG else None

    def integers(self, tag: int, most: int) -> list[int]:
        """The first values of a tag of long numbers, offsets mostly."""
        raw = self.value(tag, _LONG)
        whole = len(raw) - len(raw) % 4
        return [number for (number,) in self.order.numbers(raw[:whole])][:most]


class Exif(NamedTuple):
    """What EXIF says.

    Attributes:
        first: The first directory.
        orientation: 1 to 8; None if it says nothing.
        taken_at: When, by the camera's clock.
        taken_offset: What that was ahead of UTC.
        camera: Maker and model.
        latitude: Degrees north.
        longitude: Degrees east.
    """

    first: Directory
    orientation: int | None
    taken_at: datetime | None
    taken_offset: str | None
    camera: str | None
    latitude: float | None
    longitude: float | None


def read_exif(data: Bytes) -> Exif | None:
    """What a TIFF structure says; None if it is none.

    Args:
        data: Begins where the structure does, ends where it does.
    """
    first = read_directory(data)
    if first is None:
        return None
    details = Directory(data, first.order, first.integer(_EXIF) or 0)
    offset = first.integer(_GPS)
    return exif_of(first, details, Directory(data, first.order, offset) if offset else None)


def read_directory(data: Bytes) -> Directory | None:
    """The first directory of a TIFF structure; None if it is none."""
    head = data[0:8]
    order = _ORDERS.get(head[:2])
    return None if order is None or len(head) < 8 else Directory(data, order, order.first(head)[0])


def exif_of(first: Directory, details: Directory | None, gps: Directory | None) -> Exif:
    """What the three directories of cameras say: of the picture, of how it was taken, of where."""
    taken_at, taken_offset = None, None
    if details is not None:
        taken_at, taken_offset = _time(details, _ORIGINAL) or _time(details, _DIGITIZED) or (None, None)
    camera = _camera(first.value(_MAKE, _TEXT), first.value(_MODEL, _TEXT))
    place = _place(gps) if gps is not None else (None, None)
    return Exif(first, first.integer(_ORIENTATION), taken_at, taken_offset, camera, *place)


def _time(details: Directory, tags: tuple[int, int, int]) -> tuple[datetime, str | None] | None:
    """When by the camera's clock, and what that was ahead of UTC; zero and impossible dates are none."""
    date, fraction, offset = tags
    written = _DATE.fullmatch(details.value(date, _TEXT))
    if written is None:
        return None
    year, month, day, hour, minute, second = map(int, written.groups())
    digits = details.value(fraction, _TEXT).rstrip(b" \0")
    micros = int(digits[:6].ljust(6, b"0")) if digits.isdigit() and len(digits) < 10 else 0
    try:
        moment = datetime(year, month, day, hour, minute, second, micros) if year >= _EARLIEST else None
    except ValueError:
        return None
    return (moment, _ahead(details.value(offset, _TEXT))) if moment else None


@lru_cache(_SAME_CAMERA)
def _ahead(raw: bytes) -> str | None:
    written = _OFFSET.fullmatch(raw)
    return written[1].decode() if written else None


@lru_cache(_SAME_CAMERA)
def _camera(raw_make: bytes, raw_model: bytes) -> str | None:
    """Maker and model; a maker whose name the model begins with is not said twice."""
    make, model = _text(raw_make), _text(raw_model)
    word = _WORD.match(model)
    if word is not None and word[0].lower() in _WORD.findall(make.lower()):
        return model
    return f"{make} {model}".strip() or None


def _text(raw: bytes) -> str:
    """A text; empty if it is none that can be read."""
    try:
        text = " ".join(raw.partition(b"\0")[0].decode().split())
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() else ""


def _place(gps: Directory) -> tuple[float, float] | tuple[None, None]:
    """Latitude and longitude, degrees; both or none. 0, 0 is what devices write that do not know."""
    latitude, longitude = _degrees(gps, *_LATITUDE), _degrees(gps, *_LONGITUDE)
    if latitude is None or longitude is None or latitude == longitude == 0.0:
        return None, None
    return latitude, longitude


def _degrees(gps: Directory, ref: int, tag: int, signs: bytes, most: float) -> float | None:
    sign, raw = gps.value(ref, _TEXT)[:1].upper(), gps.value(tag, _RATIONAL)
    if len(raw) != 24 or not sign or sign not in signs:
        return None
    whole, of_whole, sixtieths, of_sixtieths, rest, of_rest = gps.order.rationals(raw)
    if not (of_whole and of_sixtieths and of_rest):
        return None
    minutes, seconds = sixtieths / of_sixtieths, rest / of_rest
    degrees = whole / of_whole + minutes / 60 + seconds / 3600
    if minutes >= 60 or seconds >= 60 or degrees > most:
        return None
    return -degrees if sign == signs[1:] else degrees
