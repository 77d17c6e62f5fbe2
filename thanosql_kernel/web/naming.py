"""What to call pictures: nothing that is said of them repeats their bytes, a password or a token."""

from __future__ import annotations

from thanosql_kernel.images.decode import UnreadableImage
from thanosql_kernel.images.inline import content_of, described, holds_picture, place_of
from thanosql_kernel.web.client import is_web, shown


def named(value: object) -> str | None:
    """A picture's path; its server and path; of one in the data its name, else its size and kind. None for NULL."""
    place = place_of(value)
    if not holds_picture(value):
        return shown(place) if place is not None and is_web(place) else place
    try:
        return place or described(content_of(value) or b"")
    except UnreadableImage:
        return "data:…"
