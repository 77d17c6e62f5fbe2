"""Asking a server for files, politely: few connections, and as slowly as it wishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from thanosql_kernel.engine.datasets.pace import Pace
from thanosql_kernel.web import addresses
from thanosql_kernel.web.addresses import Reach
from thanosql_kernel.web.client import Client, pause_asked_for, told
from thanosql_kernel.wording import datasets

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

AGENT = "thanosql-kernel (GET THANOSQL DATASET unsplash_data)"
ELSEWHERE, LARGE = "elsewhere", "large"
_THROTTLED = frozenset({429, 503})
_PIECE_BYTES = 1 << 16


class Later(Exception):
    """It may work another time.

    Attributes:
        answered: Whether the server answered to the end.
    """

    def __init__(self, reason: str, *, answered: bool = True) -> None:
        super().__init__(reason)
        self.answered = answered


class Refused(Exception):
    """It will not work another time either.

    Attributes:
        refusal: The number that the server answered, or `ELSEWHERE` or `LARGE`.
    """

    def __init__(self, refusal: str) -> None:
        super().__init__(said(refusal))
        self.refusal = refusal


def said(refusal: str) -> str:
    """A refusal in words."""
    if refusal == ELSEWHERE:
        return datasets.ELSEWHERE()
    return datasets.TOO_LARGE() if refusal == LARGE else datasets.STATUS(status=refusal)


class Web:
    """Connections to the servers of a data set.

    Args:
        pace: When they may be asked.
        home: A host that may be asked in the user's own network too.
    """

    def __init__(self, pace: Pace, home: str | None) -> None:
        self._client = Client()
        self.pace, self._home = pace, home

    def ask(self, url: str, headers: Mapping[str, str] | None = None) -> BaseHTTPResponse:
        """What is at an address, redirects followed; to be read and closed by the caller, who may get `HTTPError`.

        Raises:
            Later: The server is out of reach, busy or broken.
            Refused: It says that there is nothing, or sends us where we do not go.
        """
        asked_at = self.pace.wait()
        response = self._followed(url, {"User-Agent": AGENT, **(headers or {})})
        if response.status in (200, 206):
            return response
        _let_go(response)
        reason = datasets.STATUS(status=response.status)
        if response.status in _THROTTLED:
            self.pace.slow_down(asked_at, pause_asked_for(response))
            raise Later(reason)
        if response.status >= 500 or response.status in (408, 425):
            raise Later(reason)
        raise Refused(str(response.status))

    def _followed(self, url: str, headers: Mapping[str, str]) -> BaseHTTPResponse:
        reach = Reach.INTRANET if host_of(url) == self._home else Reach.PUBLIC
        try:
            return self._client.open(url, reach=reach, headers=headers)
        except addresses.Refused as error:
            raise Refused(ELSEWHERE) from error
        except addresses.Unreachable as error:
            raise Later(error.reason, answered=False) from error


def host_of(url: str) -> str | None:
    """The host of an address, in lower case; None if it has none."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def pieces(response: BaseHTTPResponse, *, decoded: bool = True) -> Iterator[bytes]:
    """The body, piece by piece; a body that is shorter than the server said is an error.

    Args:
        response: Closed if it is left before its end.
        decoded: Whether compression that the server added is undone.

    Raises:
        Later: It breaks off.
    """
    from urllib3.exceptions import HTTPError

    try:
        while piece := response.read(_PIECE_BYTES, decode_content=decoded):
            yield piece
    except (HTTPError, OSError) as error:
        raise Later(told(error), answered=False) from error
    finally:
        _let_go(response)


def _let_go(response: BaseHTTPResponse) -> None:
    """Close a connection that may have more to say, and make room for another."""
    with suppress(Exception):
        response.close()
        response.release_conn()
