"""What is behind the values that name pictures: files, looked at by the disk, and addresses, asked by the web."""

from __future__ import annotations

from collections.abc import Sequence

from thanosql_kernel.engine.embed.digests import digest, digest_stream
from thanosql_kernel.engine.embed.files import NO_STATE, FileState, file_state
from thanosql_kernel.engine.embed.picture_values import is_stand_in
from thanosql_kernel.engine.embed.values import OutOfReach
from thanosql_kernel.engine.work import Work
from thanosql_kernel.images.decode import UnreadableImage
from thanosql_kernel.web.addresses import Unreachable
from thanosql_kernel.web.client import is_web
from thanosql_kernel.wording import data
from thanosql_kernel.wording.system import system_reason


class Behind:
    """Looks behind values; safe to use from several threads.

    Attributes:
        fetches: Whether there were addresses among the values looked behind.
    """

    def __init__(self, work: Work) -> None:
        self._paths, self._web, self._check = work.paths, work.web, work.check
        self._pictures = work.pictures
        self.fetches = False
        self._found: dict[str, bytes] = {}

    def state(self, value: str) -> FileState | str:
        """What is behind a value now, nothing of it read, or why nothing is; an address may not be known yet."""
        if is_stand_in(value):
            return NO_STATE
        if self._web is None or not is_web(value):
            return file_state(value, self._paths)
        self.fetches = True
        content = self._web.known(value)
        return NO_STATE if content is None else _web_state(value, content)

    def settled(self, value: str) -> FileState | None:
        """The state of an address whose content was found here; None for files, and for those that were not."""
        content = self._found.get(value)
        return None if content is None else _web_state(value, content)

    def names(self, value: str) -> Sequence[str]:
        """Under which names it may have been read before."""
        return [value] if is_web(value) else self._paths.candidates(value)

    def content(self, value: str, known: bytes) -> tuple[str, bytes | str]:
        """The name under which it is read, and its digest, or why it cannot be read.

        Args:
            value: A path or address.
            known: Its digest, if that is known; else zero bytes or none.
        """
        if self._web is not None and is_web(value):
            return value, self._fetched(value)
        path = str(self._paths.find(value))
        if known:
            return path, known
        try:
            with open(path, "rb") as stream:
                return path, digest_stream(stream)
        except OSError as error:
            return path, OutOfReach(data.NOT_READ(reason=system_reason(error)))

    def source(self, url: str) -> bytes:
        """The very bytes of an address whose digest was found.

        Raises:
            UnreadableImage: They cannot be had any more.
        """
        content = self._pictures.fetched(url)
        if digest(content) != self._found.get(url):
            raise UnreadableImage(data.CHANGED_WHILE_READ())
        return content

    def _fetched(self, url: str) -> bytes | str:
        assert self._web is not None
        try:
            found = self._found[url] = self._web.find(url, self._check)
        except Unreachable as error:
            return OutOfReach(error.reason)
        return found


def _web_state(url: str, content: bytes) -> FileState:
    """An address is told from its later contents by what it holds."""
    return FileState(digest(f"{url}\0".encode("utf-8", "surrogatepass") + content), True)
