"""Pictures of the web: fetched when they are wanted, kept on this computer, asked about again when that is old."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from thanosql_kernel.interrupts import never
from thanosql_kernel.web.addresses import Reach, Unreachable
from thanosql_kernel.web.client import Client, pause_asked_for
from thanosql_kernel.web.kept import Answer, Kept
from thanosql_kernel.wording import web

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

FRESH_S = 24 * 3600.0
"""A picture that was fetched since is taken to be the same still."""
MAX_PICTURE_BYTES = 64 << 20
MAX_SECONDS = 60.0
THREADS = 8
_A_HOST = 4
"""Pictures of one server that are fetched at the same time."""
_TRIES = 3
_LONGEST_PAUSE_S = 30.0
_POLL_S = 0.05
_BUSY = frozenset((429, 503))
_CHUNK_BYTES = 1 << 16
_MOST_FAILED = 1000


class _Host:
    """How a server is spared: few requests at a time, and none while it asks for a pause."""

    def __init__(self) -> None:
        self.turn = threading.BoundedSemaphore(_A_HOST)
        self.not_before = 0.0


@dataclass
class WebPictures:
    """Fetches pictures and keeps them; safe to use from several threads.

    Attributes:
        kept: What is on this computer.
        reach: How far requests may go, asked for each.
        client: Sends them.
        fresh_s: How long an answer holds, seconds.
        most_bytes: The largest picture.
        most_s: How long one may take, seconds.
        clock: Tells the time, seconds since 1970.
        patience_s: How long an address that failed is not asked again, seconds.
    """

    kept: Kept
    reach: Callable[[], Reach] = lambda: Reach.PUBLIC
    client: Client = field(default_factory=Client)
    fresh_s: float = FRESH_S
    most_bytes: int = MAX_PICTURE_BYTES
    most_s: float = MAX_SECONDS
    clock: Callable[[], float] = time.time
    patience_s: float = 5.0
    _failed: dict[str, tuple[float, str]] = field(default_factory=dict)
    _hosts: dict[str, _Host] = field(default_factory=lambda: defaultdict(_Host))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def known(self, url: str) -> bytes | None:
        """Digest of the content of an address, if it was asked lately; nothing is asked."""
        answer = self.kept.answer(url)
        return answer.content if answer is not None and self._is_fresh(answer) else None

    def last(self, url: str) -> bytes | None:
        """Digest of the content that an address had last, whenever that was."""
        answer = self.kept.answer(url)
        return None if answer is None else answer.content

    def find(self, url: str, check: Callable[[], None] = never) -> bytes:
        """Digest of the content that an address has now; see `read`."""
        return self.known(url) or self._tried(url, check, is_needed=False)[0]

    def read(self, url: str, check: Callable[[], None] = never) -> bytes:
        """The picture that an address has now.

        Args:
            url: With http or https.
            check: Raises `Interrupted` when the user asked to stop; called while the server answers.

        Raises:
            Unreachable: It cannot be fetched, is too large, or no picture.
            Interrupted: From ``check``.
        """
        digest, content = self.known(url), None
        if digest is not None:
            content = self.kept.content(digest)
        return content if content is not None else self._tried(url, check, is_needed=True)[1]

    def _tried(self, url: str, check: Callable[[], None], *, is_needed: bool) -> tuple[bytes, bytes]:
        """As `_fetch`; what has just failed is not tried again at once, as who shows pictures would."""
        failed_s, reason = self._failed.get(url, (-self.patience_s, ""))
        if time.monotonic() - failed_s < self.patience_s:
            raise Unreachable(reason)
        try:
            return self._fetch(url, check, is_needed=is_needed)
        except Unreachable as error:
            with self._lock:
                self._failed[url] = (time.monotonic(), error.reason)
                while len(self._failed) > _MOST_FAILED:
                    self._failed.pop(next(iter(self._failed)))
            raise

    def _is_fresh(self, answer: Answer) -> bool:
        return 0 <= self.clock() - answer.asked_s < self.fresh_s

    def _fetch(self, url: str, check: Callable[[], None], *, is_needed: bool) -> tuple[bytes, bytes]:
        """Digest and content that an address has now; no content where that is not needed and not new."""
        last = self.kept.answer(url)
        content = self.kept.content(last.content) if last is not None and is_needed else None
        conditions = last.conditions if last is not None and (content or not is_needed) else {}
        with self._in_turn(url, check) as host:
            for left in reversed(range(_TRIES)):
                self._wait(host, check)
                with self.client.get(url, reach=self.reach(), headers=conditions) as response:
                    if response.status == 304 and last is not None:
                        self.kept.confirm(url)
                        return last.content, content or b""
                    if response.status in _BUSY:
                        host.not_before = time.monotonic() + _pause_s(response, _TRIES - left)
                        continue
                    content = self._body(response, check)
                    headers = response.headers
                    kept = self.kept.put(url, content, headers.get("ETag"), headers.get("Last-Modified"))
                    return kept, content
            raise Unreachable(web.TOO_BUSY(status=response.status))

    @contextmanager
    def _in_turn(self, url: str, check: Callable[[], None]) -> Iterator[_Host]:
        with self._lock:
            host = self._hosts[_server(url)]
        while not host.turn.acquire(timeout=_POLL_S):
            check()
        try:
            yield host
        finally:
            host.turn.release()

    def _wait(self, host: _Host, check: Callable[[], None]) -> None:
        while (left_s := host.not_before - time.monotonic()) > 0:
            check()
            time.sleep(min(left_s, _POLL_S))
        check()

    def _body(self, response: BaseHTTPResponse, check: Callable[[], None]) -> bytes:
        """A picture, as it comes; what is none ends as soon as that is seen."""
        import urllib3

        from thanosql_kernel.images.inline import kind_of

        if response.status != 200:
            raise Unreachable(web.ANSWERED(status=response.status))
        deadline = time.monotonic() + self.most_s
        body = bytearray()
        try:
            while chunk := response.read1(_CHUNK_BYTES, decode_content=True):
                check()
                body += chunk
                if len(body) > self.most_bytes:
                    raise Unreachable(web.TOO_LARGE(megabytes=self.most_bytes >> 20))
                if time.monotonic() > deadline:
                    raise Unreachable(web.TOO_SLOW(seconds=f"{self.most_s:g}"))
        except urllib3.exceptions.DecodeError as error:
            raise Unreachable(web.BROKEN()) from error
        if not body:
            raise Unreachable(web.NOTHING())
        if kind_of(content := bytes(body)) is None:
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip()[:80]
            raise Unreachable(web.NO_PICTURE(kind=kind or "?"))
        return content


def _pause_s(response: BaseHTTPResponse, tried: int) -> float:
    """How long to leave a server alone: as it says, else longer each time; never very long."""
    asked_for = pause_asked_for(response)
    return min(2.0**tried / 2 if asked_for is None else asked_for, _LONGEST_PAUSE_S)


def _server(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def cache_folder() -> Path:
    """Where pictures of the web are kept: the user's own cache, for all databases (XDG and its kin by platformdirs)."""
    from platformdirs import user_cache_path

    return user_cache_path("thanosql-kernel", appauthor=False) / "pictures"


def web_pictures(setting: Callable[[str], object]) -> WebPictures:
    """Pictures of the web as the settings allow them, now and whenever they change.

    Args:
        setting: Gives the value of a setting.
    """

    def most_bytes() -> int:
        value = setting("network.cache_mb")
        return value * 10**6 if isinstance(value, int) else 0

    def reach() -> Reach:
        return Reach.ANYWHERE if setting("network.private") is True else Reach.PUBLIC

    return WebPictures(Kept(cache_folder(), most_bytes), reach)
