"""One try to fetch one photo."""

from __future__ import annotations

import io
from typing import NamedTuple

from thanosql_kernel.engine.datasets.web import LARGE, Later, Refused, Web, pieces
from thanosql_kernel.images.sniff import open_unread
from thanosql_kernel.wording import datasets

_MOST_BYTES = 100_000_000
_MOST_PIXELS = 100_000_000
_LONGEST_S = 300.0
_ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "AVIF": ".avif"}
# ITU T.81, B.1.1.3: what begins a scan, and the end; neither occurs within a scan's data.
_SCAN, _END = b"\xff\xda", b"\xff\xd9"


class Arrived(NamedTuple):
    """A whole photo.

    Attributes:
        content: The bytes, as they were served.
        ending: Of its file, by what it is.
    """

    content: bytes
    ending: str


class Lost(NamedTuple):
    """None.

    Attributes:
        reason: In a few words.
        refusal: Why it will never come, as `web.said` knows it; empty when it may come another time.
        answered: Whether the server answered to the end.
    """

    reason: str
    refusal: str = ""
    answered: bool = True


def arrival(url: str, web: Web) -> Arrived | Lost:
    """Ask for a photo once."""
    try:
        content = _content(url, web)
    except Refused as refusal:
        return Lost(str(refusal), refusal=refusal.refusal)
    except Later as reason:
        return Lost(str(reason), answered=reason.answered)
    if (ending := ending_of(content)) is None:
        return Lost(datasets.NO_PICTURE())
    web.pace.go_on()
    return Arrived(content, ending)


def _content(url: str, web: Web) -> bytes:
    response = web.ask(url)
    latest = web.pace.clock.now() + _LONGEST_S
    content = bytearray()
    for piece in pieces(response):
        content += piece
        if len(content) > _MOST_BYTES:
            raise Refused(LARGE)
        if web.pace.clock.now() > latest:
            raise Later(datasets.TOO_SLOW(), answered=False)
    return bytes(content)


def ending_of(content: bytes) -> str | None:
    """The ending of a photo's file; None if the bytes are no photo, or not all of one."""
    try:
        picture = open_unread(io.BytesIO(content))
        if picture is None or picture.width * picture.height > _MOST_PIXELS:
            return None
        picture.load()
    except Exception:  # Pillow's readers raise whatever comes to them on broken files
        return None
    if picture.format == "JPEG" and content.rfind(_END) < content.rfind(_SCAN):
        return None
    return _ENDINGS.get(picture.format or "")
