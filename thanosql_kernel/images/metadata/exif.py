"""EXIF: a small TIFF with the tags of cameras (CIPA DC-008, TIFF 6.0)."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from struct import Struct
from typing import NamedTuple

from thanosql_kernel.images.metadata.window import Window

WIDTH, HEIGHT, SUBFILE, SUB_IFDS = 0x0100, 0x0101, 0x00FE, 0x014A
_MAKE, _MODEL, _ORIENTATION, _EXIF, _GPS = 0x010F, 0x0110, 0x0112, 0x8769, 0x8825
_ORIGINAL, _DIGITIZED = (0x9003, 0x9291, 0x9011), (0x9004, 0x9292, 0x9012)
"""When it was taken, when it became a file: date and time, fraction of a second, offset."""
_LATITUDE, _LONGITUDE = (1, 2, b"NS", 90.0), (3, 4, b"EW", 180.0)

_FIRST = frozenset((WIDTH, HEIGHT, SUBFILE, SUB_IFDS, _MAKE, _MODEL, _ORIENTATION, _EXIF, _GPS))
_TIMES = frozenset((*_ORIGINAL, *_DIGITIZED))
_PLACE = frozenset((1, 2, 3, 4))
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8, 13: 4, 129: 1}
_ASCII, _SHORT, _LONGS, _RATIONAL = (2, 129), 3, (4, 9, 13), (5, 10)
_MOST_ENTRIES, _LONGEST, _EARLIEST = 1000, 1024, 1826

_DATE = re.compile(rb"(\d{4})[:/.-](\d\d)[:/.-](\d\d)[ T](\d\d):(\d\d):(\d\d)[ \0]*")
_FRACTION = re.compile(rb"(\d{1,9})[ \0]*")
_OFFSET = re.compile(rb"([+-](?:0\d|1[0-5]):[0-5]\d)[ \0]*")
_WORD = re.compile(r"\w+")


class Order(NamedTuple):
    """How numbers are written: the smallest or the largest byte first."""

    number: Struct
    entry: Struct
    short: Struct
    long: Struct
    rationals: Struct

    @classmethod
    def of(cls, sign: str) -> Order:
        """That of `struct`'s sign."""
        return cls(*(Struct(sign + form) for form in ("H", "HHI4s", "H", "I", "6I")))


_ORDERS = {b"II": Order.of("<"), b"MM": Order.of(">")}


@dataclass(slots=True)
class Entries:
    """Some entries of an image file directory.

    Attributes:
        window: The TIFF that it is in.
        order: How its numbers are written.
        found: Type, count and the four bytes of the value or its offset, by tag.
    """

    window: Window
    order: Order
    found: Mapping[int, tuple[int, int, bytes]]

    def value(self, tag: int, kinds: Container[int], longest: int = _LONGEST) -> bytes:
        """The bytes of a value; empty where it is not there, of another type, too long or cut off."""
        kind, count, inline = self.found.get(tag, (0, 0, b""))
        if kind not in kinds:
            return b""
        length = count * _SIZES[kind]
        if length <= 4:
            return inline[:length]
        if length > longest:
            return b""
        value = self.window.at(self.order.long.unpack(inline)[0], length)
        return value if len(value) == length else b""

    def integer(self, tag: int) -> int | None:
        """The value of a tag that is one whole number."""
        kind, count, inline = self.found.get(tag, (0, 0, b""))
        if count != 1:
            return None
        if kind == _SHORT:
            return int(self.order.short.unpack_from(inline)[0])
        return int(self.order.long.unpack(inline)[0]) if kind in _LONGS else None

    def integers(self, tag: int, most: int) -> list[int]:
        """The first values of a tag of long numbers, offsets mostly."""
        raw = self.value(tag, _LONGS)
        whole = len(raw) - len(raw) % 4
        return [number for (number,) in self.order.long.iter_unpack(raw[:whole])][:most]

    def text(self, tag: int) -> str:
        """The value of a tag that is a text; empty if it is none that can be read."""
        raw = self.value(tag, _ASCII).partition(b"\0")[0]
        try:
            text = " ".join(raw.decode().split())
        except UnicodeDecodeError:
            return ""
        return text if text.isprintable() else ""


@dataclass(slots=True)
class Exif:
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

    first: Entries
    orientation: int | None
    taken_at: datetime | None
    taken_offset: str | None
    camera: str | None
    latitude: float | None
    longitude: float | None


def read_exif(window: Window) -> Exif | None:
    """What a TIFF structure says; None if it is none.

    Args:
        window: Begins where the structure does, ends where it does.
    """
    head = window.at(0, 8)
    order = _ORDERS.get(head[:2])
    if order is None or len(head) < 8:
        return None
    first = entries(window, order, order.long.unpack_from(head, 4)[0], _FIRST)
    details = _below(first, _EXIF, _TIMES)
    taken_at, taken_offset = _time(details, _ORIGINAL) or _time(details, _DIGITIZED) or (None, None)
    return Exif(first, first.integer(_ORIENTATION), taken_at, taken_offset, _camera(first), *_place(first))


def entries(window: Window, order: Order, offset: int, wanted: Container[int]) -> Entries:
    """The wanted entries of the directory at an offset; those that are cut off are not there."""
    counted = window.at(offset, 2) if offset else b""
    count = min(order.number.unpack(counted)[0], _MOST_ENTRIES) if len(counted) == 2 else 0
    raw = window.at(offset + 2, 12 * count)
    whole = len(raw) - len(raw) % 12
    found = {
        tag: (kind, number, value)
        for tag, kind, number, value in order.entry.iter_unpack(raw[:whole])
        if tag in wanted
    }
    return Entries(window, order, found)


def _below(first: Entries, tag: int, wanted: Container[int]) -> Entries:
    """The directory that a tag points to."""
    return entries(first.window, first.order, first.integer(tag) or 0, wanted)


def _time(details: Entries, tags: tuple[int, int, int]) -> tuple[datetime, str | None] | None:
    """When by the camera's clock, and what that was ahead of UTC; zero and impossible dates are none."""
    date, fraction, offset = tags
    written = _DATE.fullmatch(details.value(date, _ASCII))
    if written is None:
        return None
    year, month, day, hour, minute, second = map(int, written.groups())
    digits = _FRACTION.fullmatch(details.value(fraction, _ASCII))
    micros = int(digits[1][:6].ljust(6, b"0")) if digits else 0
    ahead = _OFFSET.fullmatch(details.value(offset, _ASCII))
    try:
        moment = datetime(year, month, day, hour, minute, second, micros) if year >= _EARLIEST else None
    except ValueError:
        return None
    return (moment, ahead[1].decode() if ahead else None) if moment else None


def _camera(first: Entries) -> str | None:
    """Maker and model; a maker whose name the model begins with is not said twice."""
    make, model = first.text(_MAKE), first.text(_MODEL)
    word = _WORD.match(model)
    if word is not None and word[0].lower() in _WORD.findall(make.lower()):
        return model
    return f"{make} {model}".strip() or None


def _place(first: Entries) -> tuple[float, float] | tuple[None, None]:
    """Latitude and longitude, degrees; both or none. 0, 0 is what devices write that do not know."""
    if _GPS not in first.found:
        return None, None
    gps = _below(first, _GPS, _PLACE)
    latitude, longitude = _degrees(gps, *_LATITUDE), _degrees(gps, *_LONGITUDE)
    if latitude is None or longitude is None or latitude == longitude == 0.0:
        return None, None
    return latitude, longitude


def _degrees(gps: Entries, ref: int, tag: int, signs: bytes, most: float) -> float | None:
    sign = gps.value(ref, _ASCII)[:1].upper()
    raw = gps.value(tag, _RATIONAL)
    if len(raw) != 24 or not sign or sign not in signs:
        return None
    whole, of_whole, minutes, of_minutes, seconds, of_seconds = gps.order.rationals.unpack(raw)
    if not (of_whole and of_minutes and of_seconds):
        return None
    minutes, seconds = minutes / of_minutes, seconds / of_seconds
    degrees = float(whole / of_whole + minutes / 60 + seconds / 3600)
    if minutes >= 60 or seconds >= 60 or degrees > most:
        return None
    return -degrees if sign == signs[1:] else degrees
