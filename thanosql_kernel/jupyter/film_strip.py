"""Films that are shown from a moment on: where the player starts, and small pictures of what is seen around it."""

from __future__ import annotations

import base64
import io
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL import Image

SIDE_PX = 72
_QUALITY = 60
#: Of a frame's tags and time.
SHOT_BYTES = 260
_QUOTED = {"%": "%25", "#": "%23", "?": "%3F"}
_FRAME = "border-radius:3px;display:block;width:100%"


class SmallShot(NamedTuple):
    """A small picture of a frame.

    Attributes:
        us: When it is shown, microseconds from the film's beginning.
        source: A ``data:`` URI.
        is_it: Whether it is the moment itself.
    """

    us: int
    source: str
    is_it: bool


def strip_of(path: Path, second: float) -> tuple[SmallShot, ...]:
    """Small pictures around a moment; none of a film that cannot be read."""
    from thanosql_kernel.films.strip import shots_around
    from thanosql_kernel.films.unreadable import UnreadableFilm

    us = round(second * 1_000_000)
    try:
        shots = shots_around(path, us, SIDE_PX)
    except UnreadableFilm:
        return ()
    return tuple(SmallShot(shot.us, _data_uri(shot.picture), shot.us == us) for shot in shots)


def _data_uri(picture: Image.Image) -> str:
    scale = min(1.0, SIDE_PX / min(picture.size))
    small = picture.resize(max(1, round(side * scale)) for side in picture.size)  # type: ignore[arg-type]
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=_QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def starting_at(address: str, second: float | None) -> str:
    """An address whose player starts at a second (a media fragment, https://www.w3.org/TR/media-frags/)."""
    if not address.startswith("data:"):
        address = "".join(_QUOTED.get(it, it) for it in address)
    return address if second is None else f"{address}#t={second:.3f}".rstrip("0").rstrip(".")


def strip_html(shots: tuple[SmallShot, ...]) -> str:
    """The frames side by side, each with its time."""
    from thanosql_kernel.films.reading import clock

    if not shots:
        return ""
    cells = "".join(
        f'<div style="flex:1;min-width:0;text-align:center;font-size:75%;opacity:{1 if shot.is_it else 0.65}">'
        f'<img src="{shot.source}" alt="{clock(shot.us)}" style="{_FRAME}">{escape(clock(shot.us))}</div>'
        for shot in shots
    )
    return f'<div style="display:flex;gap:3px;padding-top:3px;width:0;min-width:100%">{cells}</div>'
