"""RAW files as cameras build them, around a preview: their sensor's data is noise here."""

from __future__ import annotations

import struct
from typing import Any

from tiff_writer import Blob, Shorts, Sub, tiff_file

SENSOR = bytes(range(256)) * 8
#: A lossless JPEG (SOF3), as CR2 and DNG store the sensor's data: nothing that could be shown.
LOSSLESS = b"\xff\xd8\xff\xc3\x00\x0b\x0e\x10\x00\x10\x00\x01\x01\x11\x00\xff\xd9" + SENSOR
CFA = 32803

Directory = dict[int, Any]


def _sensor(compression: int) -> Directory:
    return {254: 0, 256: 4000, 257: 3000, 258: Shorts((14,)), 259: compression, 262: CFA, 273: Blob(SENSOR),
            277: 1, 278: 3000, 279: len(SENSOR)}  # fmt: skip


def _linked(preview: bytes | None) -> Directory:
    """A directory with a JPEG by its place and length."""
    return {} if preview is None else {259: 6, 513: Blob(preview), 514: len(preview)}


def _stripped(preview: bytes | None, compression: int) -> Directory:
    """A directory whose only strip is a JPEG."""
    if preview is None:
        return {}
    return {254: 1, 256: 32, 257: 24, 258: Shorts((8, 8, 8)), 259: compression, 262: 6, 273: Blob(preview),
            277: 3, 278: 24, 279: len(preview)}  # fmt: skip


def cr2(preview: bytes | None, orientation: int = 1, small: bytes = b"") -> bytes:
    first = {256: 32, 257: 24, 271: "Canon", 274: Shorts((orientation,)), **_stripped(preview, 6)}
    raw = {259: 6, 256: 4000, 257: 3000, 273: Blob(LOSSLESS), 279: len(LOSSLESS)}
    return tiff_file(first, _linked(small or None), raw, extra=b"CR\2\0" + bytes(4))


def nef(
    preview: bytes | None, orientation: int = 1, order: str = "<", make: str = "NIKON CORPORATION"
) -> bytes:
    thumbnail = {254: 1, 256: 4, 257: 4, 258: Shorts((8, 8, 8)), 259: 1, 262: 2, 273: Blob(bytes(48)), 277: 3,
                 278: 4, 279: 48}  # fmt: skip
    subs = Sub((*([_linked(preview)] if preview else []), _sensor(34713)))
    return tiff_file({**thumbnail, 271: make, 274: Shorts((orientation,)), 330: subs}, order=order)


def arw(preview: bytes | None, orientation: int = 1) -> bytes:
    first = {
        254: 1,
        271: "SONY",
        274: Shorts((orientation,)),
        330: Sub((_sensor(32767),)),
        **_linked(preview),
    }
    return tiff_file(first)


def dng(preview: bytes | None, orientation: int = 1, order: str = "<") -> bytes:
    subs = Sub((_sensor(7), *([_stripped(preview, 7)] if preview else [])))
    first = {254: 1, 256: 4, 257: 4, 258: Shorts((8, 8, 8)), 259: 1, 262: 2, 273: Blob(bytes(48)), 277: 3, 278: 4,
             279: 48, 274: Shorts((orientation,)), 330: subs, 50706: bytes((1, 4, 0, 0))}  # fmt: skip
    return tiff_file(first, order=order)


def pef(preview: bytes | None, orientation: int = 1) -> bytes:
    first = {**_sensor(65535), 271: "PENTAX", 274: Shorts((orientation,))}
    return tiff_file(first, _linked(preview), order=">")


def srw(preview: bytes | None, orientation: int = 1) -> bytes:
    subs = Sub((*([_linked(preview)] if preview else []), _sensor(32770)))
    return tiff_file({254: 1, 271: "SAMSUNG", 274: Shorts((orientation,)), 330: subs})


def hasselblad(preview: bytes | None, orientation: int = 1) -> bytes:
    first = {254: 1, 271: "Hasselblad", 274: Shorts((orientation,)), 330: Sub((_sensor(7),))}
    return tiff_file(first, _linked(preview))


def iiq(preview: bytes | None) -> bytes:
    """Phase One's, which shows no more than a thumbnail without a JPEG."""
    first = {254: 0, 256: 4, 257: 4, 258: Shorts((8, 8, 8)), 259: 1, 262: 2, 271: "Phase One", 273: Blob(bytes(48)),
             277: 3, 278: 4, 279: 48}  # fmt: skip
    return tiff_file(first, _linked(preview), extra=b"IIIICwaR")


def rw2(preview: bytes | None, orientation: int = 1) -> bytes:
    first = {1: b"0430", 2: 4000, 3: 3000, 271: "Panasonic", 274: Shorts((orientation,)), 280: 0}
    if preview is not None:
        first[46] = preview
    return tiff_file(first, magic=b"IIU\0")


def orf(preview: bytes | None, orientation: int = 1, mark: bytes = b"OLYMPUS\0II\x03\0") -> bytes:
    """The preview lies in the maker's notes, whose places count from the notes."""
    sub_at = len(mark) + 18
    notes = mark + struct.pack("<HHHIII", 1, 0x2020, 13, 1, sub_at, 0)
    start, length = (sub_at + 30, len(preview)) if preview else (0, 0)
    notes += struct.pack("<HHHIIHHIII", 2, 0x0101, 4, 1, start, 0x0102, 4, 1, length, 0) + (preview or b"")
    first = {**_sensor(1), 271: "OLYMPUS", 274: Shorts((orientation,)), 34665: Sub(({37500: notes},))}
    return tiff_file(first, magic=b"IIRO")


def raf(preview: bytes | None) -> bytes:
    head = b"FUJIFILMCCD-RAW 0201FF389501" + b"X-T4".ljust(32, b"\0") + b"0100" + bytes(20)
    start = 160 if preview else 0
    return (
        (head + struct.pack(">II", start, len(preview or b""))).ljust(160, b"\0") + (preview or b"") + SENSOR
    )


def cr3(preview: bytes | None, small: bytes | None = None, orientation: int = 1) -> bytes:
    told = tiff_file({271: "Canon", 274: Shorts((orientation,))})
    inner = _box(b"CNCV", b"CanonCR3_001/00.09.00/00.00.00") + _box(b"CMT1", told)
    if small is not None:
        inner += _box(b"THMB", bytes(4) + struct.pack(">HHIHH", 16, 12, len(small), 1, 0) + small)
    moov = _box(b"moov", _box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + inner))
    shown = b""
    if preview is not None:
        prvw = bytes(4) + struct.pack(">HHHHI", 1, 32, 24, 1, len(preview)) + preview
        content = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16") + struct.pack(">II", 0, 1)
        shown = _box(b"uuid", content + _box(b"PRVW", prvw))
    return _box(b"ftyp", b"crx \0\0\0\1crx isom") + moov + shown + _box(b"mdat", SENSOR)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content
