"""Pictures that stand in the data: bytes, Hugging Face's ``{bytes, path}``, and ``data:`` addresses (RFC 2397)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
from contextlib import suppress
from urllib.parse import unquote_to_bytes

from thanosql_kernel.images.decode import UnreadableImage
from thanosql_kernel.images.raw import read_raw
from thanosql_kernel.images.sniff import kind_name
from thanosql_kernel.wording import pictures, web

_SPACE = re.compile(rb"\s+")
_HEAD_BYTES = 64
_UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def is_data_url(text: str) -> bool:
    """Whether a text is a picture itself."""
    return text[:5].lower() == "data:"


def holds_picture(value: object) -> bool:
    """Whether a value holds a picture itself: bytes, or a ``data:`` address."""
    if isinstance(value, dict):
        found = _field(value, "bytes")
        value = _field(value, "path") if found is None else found
    return isinstance(value, (bytes, bytearray, memoryview)) or (
        isinstance(value, str) and is_data_url(value)
    )


def content_of(value: object) -> bytes | None:
    """The bytes of the picture that a value holds; None for a path, an address and NULL.

    Args:
        value: Bytes, a text, or a structure with ``bytes`` and ``path``.

    Raises:
        UnreadableImage: A ``data:`` address that is none.
    """
    if isinstance(value, dict):
        found = _field(value, "bytes")
        value = _field(value, "path") if found is None else found
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    return decoded(value) if isinstance(value, str) and is_data_url(value) else None


def key_of(value: object) -> bytes:
    """Tells a value that `holds_picture` from others."""
    try:
        content = content_of(value)
    except UnreadableImage:
        content = repr(value).encode("utf-8", "surrogatepass")
    return hashlib.sha256(content or b"").digest()


def place_of(value: object) -> str | None:
    """The path or address that a value names; of a structure with bytes, what its picture is called."""
    if isinstance(value, dict):
        value = _field(value, "path")
    return value if isinstance(value, str) and not is_data_url(value) else None


def _field(value: dict[str, object], name: str) -> object:
    return next((item for key, item in value.items() if key.lower() == name), None)


def decoded(url: str) -> bytes:
    """The bytes that a ``data:`` address holds.

    Raises:
        UnreadableImage: It holds none.
    """
    head, comma, payload = url.partition(",")
    if not comma:
        raise UnreadableImage(web.DATA_URL(reason=web.NO_COMMA()))
    content = unquote_to_bytes(payload)
    if not head.lower().rstrip().endswith(";base64"):
        return content
    content = _SPACE.sub(b"", content).translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    try:
        return base64.b64decode(content + b"=" * (-len(content) % 4), validate=True)
    except binascii.Error:
        raise UnreadableImage(web.DATA_URL(reason=web.NO_BASE64())) from None


def described(content: bytes | bytearray | memoryview) -> str:
    """Bytes in a few letters: ``<12.3 kB JPEG>`` for pictures, else how many there are."""
    kind = kind_of(content)
    if kind is None:
        return pictures.BYTES(count=len(content))
    return web.PICTURE_BYTES(size=_size(len(content)), kind=kind)


def kind_of(content: bytes | bytearray | memoryview) -> str | None:
    """What kind of picture bytes are, told by their beginning, such as ``JPEG`` or ``CR2``; None for other bytes."""
    kind = kind_name(bytes(content[:_HEAD_BYTES]))
    if kind not in (None, "TIFF"):
        return kind
    with suppress(Exception):  # broken directories: whoever decodes them says what is wrong
        raw = read_raw(io.BytesIO(content))
        return kind if raw is None else raw.name
    return kind


def _size(count: int) -> str:
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} B"
