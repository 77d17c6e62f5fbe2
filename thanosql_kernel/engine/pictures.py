"""The pictures that values of tables stand for: files, addresses of the web, and pictures in the data itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.images.decode import Source, UnreadableImage
from thanosql_kernel.images.inline import content_of, holds_picture, place_of
from thanosql_kernel.interrupts import never
from thanosql_kernel.web.addresses import Unreachable
from thanosql_kernel.web.client import is_web
from thanosql_kernel.wording import data

if TYPE_CHECKING:
    from thanosql_kernel.web.pictures import WebPictures


@dataclass(frozen=True, slots=True)
class Pictures:
    """Opens the pictures that values stand for.

    Attributes:
        paths: Finds files.
        web: Fetches addresses; None where nothing is fetched.
        check: Raises `Interrupted` when the user asked to stop.
    """

    paths: PathFinder
    web: WebPictures | None = None
    check: Callable[[], None] = field(default=never)

    def source(self, value: object) -> Source:
        """What a picture is decoded from: its file's path, or its bytes.

        Args:
            value: A path, an address with http, https or ``data:``, bytes, or a structure of bytes and path.

        Raises:
            UnreadableImage: It cannot be had.
            Interrupted: From ``check``, while a server answers.
        """
        content = content_of(value)
        if content is not None:
            return content
        place = place_of(value) or ""
        return self.fetched(place) if is_web(place) else self.paths.find(place)

    def reader(self, value: object) -> Callable[[], bytes] | None:
        """Reads a picture that is no file; None for a path."""
        place = place_of(value)
        if holds_picture(value):
            return partial(_bytes_of, value)
        return partial(self.fetched, place) if place is not None and is_web(place) else None

    def fetched(self, url: str) -> bytes:
        """The picture at an address.

        Raises:
            UnreadableImage: It cannot be had.
        """
        if self.web is None:
            raise UnreadableImage(data.REMOTE())
        try:
            return self.web.read(url, self.check)
        except Unreachable as error:
            raise UnreadableImage(error.reason) from None


def _bytes_of(value: object) -> bytes:
    return content_of(value) or b""
