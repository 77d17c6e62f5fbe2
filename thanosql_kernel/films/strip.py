"""A few frames around a moment of a film, to be looked at."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from thanosql_kernel.films.clips import seek
from thanosql_kernel.films.pictures import aspect_of, picture_of
from thanosql_kernel.films.reading import Film, never_stopped, open_film
from thanosql_kernel.films.sampling import SECOND_US

if TYPE_CHECKING:
    from PIL import Image

#: Of the moment, and before and behind it.
OFFSETS_US = tuple(offset * SECOND_US for offset in (-4, -2, 0, 2, 4))
#: A keyframe may be far away: what has been seen by then is shown.
_MOST_FRAMES = 1500


class Shot(NamedTuple):
    """A frame of a film.

    Attributes:
        us: The time asked for, microseconds from the film's beginning.
        picture: What is shown then.
    """

    us: int
    picture: Image.Image


def shots_around(
    path: str | os.PathLike[str], us: int, side_px: int, stopped: Callable[[], bool] = never_stopped
) -> list[Shot]:
    """What a film shows at a moment, and a little before and behind it, as far as it goes.

    Args:
        path: The film's file.
        us: The moment, microseconds from the film's beginning.
        side_px: Pixels that the shorter side of a picture needs.
        stopped: Whether nobody wants it any more.

    Raises:
        UnreadableFilm: It is no film.
    """
    wanted = [us + offset for offset in OFFSETS_US if us + offset >= 0]
    with open_film(path, stopped) as film:
        film.stream.codec_context.thread_type = "AUTO"
        seek(film, wanted[0])
        aspect = aspect_of(film.stream)
        return [Shot(at, picture_of(frame, side_px, aspect)) for at, frame in _shown(film, wanted)]


def _shown(film: Film, wanted: list[int]) -> list[tuple[int, Any]]:
    """The frames shown at times in ascending order."""
    found: list[tuple[int, Any]] = []
    left, last = list(wanted), None
    for number, frame in enumerate(_frames(film)):
        at = film.us(frame.pts if frame.pts is not None else frame.dts)
        while left and at is not None and at > left[0]:
            found.append((left.pop(0), frame if last is None else last))
        last = frame
        if not left or number >= _MOST_FRAMES:
            break
    if last is not None and left and left[0] < max(film.end_us, wanted[0] + 1):
        found.append((left[0], last))
    return found


def _frames(film: Film) -> Any:
    import av

    for timed in film.packets():
        try:
            yield from film.stream.codec_context.decode(timed.packet)
        except (av.error.FFmpegError, ValueError):
            continue
    try:
        yield from film.stream.codec_context.decode(None)
    except (av.error.FFmpegError, ValueError):
        return
