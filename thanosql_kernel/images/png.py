"""PNGs with more text or a larger colour profile than Pillow reads: the pixels are read without them."""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO

from thanosql_kernel.images.parts import Parts, Span

_SIGNATURE_BYTES = 8
_MOST_CHUNKS = 1_000_000
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_PROFILE = b"iCCP"
MOST_PROFILE_BYTES = 16_000_000


def is_png(stream: BinaryIO) -> bool:
    """Whether what comes next in a stream is a PNG."""
    return stream.read(_SIGNATURE_BYTES) == b"\x89PNG\r\n\x1a\n"


def without_texts(stream: BinaryIO) -> tuple[BinaryIO, bytes | None]:
    """A PNG without its texts and colour profile, and the profile.

    Nothing of the texts is unpacked or read, so they may be of any size. A profile that unpacks to more than
    `MOST_PROFILE_BYTES` is left out.

    Args:
        stream: The PNG.
    """
    spans: list[Span] = []
    profile = None
    length = stream.seek(0, io.SEEK_END)
    start, at = 0, _SIGNATURE_BYTES
    for _ in range(_MOST_CHUNKS):
        stream.seek(at)
        head = stream.read(8)
        if len(head) < 8:
            break
        stop = at + 12 + int.from_bytes(head[:4], "big")
        if head[4:] in _TEXTS or head[4:] == _PROFILE:
            if head[4:] == _PROFILE:
                profile = _unpacked(stream.read(stop - at - 12))
            spans.append(Span(start, at - start))
            start = stop
        at = stop
    spans.append(Span(start, max(0, length - start)))
    return io.BufferedReader(Parts(stream, [span for span in spans if span.length])), profile


def _unpacked(chunk: bytes) -> bytes | None:
    """The profile of an ``iCCP`` chunk: a name, a zero, the method (0), the packed bytes."""
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(chunk.partition(b"\0")[2][1:], MOST_PROFILE_BYTES)
    except zlib.error:
        return None
    return None if unpacker.unconsumed_tail else profile
