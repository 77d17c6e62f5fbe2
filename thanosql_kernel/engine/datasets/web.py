"""Asking a server for files, politely: few connections, and as slowly as it wishes."""

from __future__ import annotations

import ipaddress
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from thanosql_kernel.engine.datasets.pace import Pace
from thanosql_kernel.wording import datasets
from thanosql_kernel.wording.system import system_reason

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

AGENT = "thanosql-kernel (GET THANOSQL DATASET unsplash_data)"
ELSEWHERE, LARGE = "elsewhere", "large"
_CONNECT_S, _READ_S = 10.0, 30.0
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_THROTTLED = frozenset({429, 503})
_PIECE_BYTES = 1 << 16
_LONGEST = 200
"""Of what others say."""
_LOCAL = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


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
        connections: How many to a server at a time.
        pace: When it may be asked.
        home: A host that may be asked wherever it is; private addresses of others are not.
    """

    def __init__(self, connections: int, pace: Pace, home: str | None) -> None:
        self._pools: dict[str, PoolManager] = {}
        self._connections, self.pace, self._home = connections, pace, home

    def ask(self, url: str, headers: Mapping[str, str] | None = None) -> BaseHTTPResponse:
        """What is at an address, redirects followed; to be read and closed by the caller, who may get `HTTPError`.

        Raises:
            Later: The server is out of reach, busy or broken.
            Refused: It says that there is nothing, or sends us where we do not go.
        """
        asked_at = self.pace.wait()
        try:
            response = self._followed(url, {"User-Agent": AGENT, **(headers or {})})
        except OSError as error:
            raise unreached(error) from error
        if response.status in (200, 206):
            return response
        _let_go(response)
        reason = datasets.STATUS(status=response.status)
        if response.status in _THROTTLED:
            self.pace.slow_down(asked_at, wish_of(response.headers.get("Retry-After")))
            raise Later(reason)
        if response.status >= 500 or response.status in (408, 425):
            raise Later(reason)
        raise Refused(str(response.status))

    def _followed(self, url: str, headers: Mapping[str, str]) -> BaseHTTPResponse:
        from urllib3 import Timeout
        from urllib3.exceptions import HTTPError

        timeout = Timeout(connect=_CONNECT_S, read=_READ_S)
        for _ in range(_MOST_REDIRECTS + 1):
            if not is_public(url, self._home):
                raise Refused(ELSEWHERE)
            try:
                response = self._pool(url).request(
                    "GET",
                    url,
                    headers=headers,
                    redirect=False,
                    retries=False,
                    preload_content=False,
                    timeout=timeout,
                )
            except HTTPError as error:
                raise unreached(error) from error
            target = response.headers.get("Location")
            if response.status not in _REDIRECTS or not target:
                return response
            _let_go(response)
            url = urljoin(url, target)
        raise Later(datasets.REDIRECTED())

    def _pool(self, url: str) -> PoolManager:
        """Connections, through the proxy that the environment names for the address, if it names one."""
        import urllib3

        parts = urlsplit(url)
        passed_by = urllib.request.proxy_bypass(parts.netloc)
        proxy = "" if passed_by else urllib.request.getproxies().get(parts.scheme, "")
        if proxy not in self._pools:
            settings: dict[str, Any] = {"maxsize": self._connections, "block": True, "num_pools": 8}
            manager = urllib3.ProxyManager(proxy, **settings) if proxy else urllib3.PoolManager(**settings)
            self._pools[proxy] = manager
        return self._pools[proxy]


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
        raise unreached(error) from error
    finally:
        _let_go(response)


def _let_go(response: BaseHTTPResponse) -> None:
    """Close a connection that may have more to say, and make room for another."""
    with suppress(Exception):
        response.close()
        response.release_conn()


def unreached(error: BaseException) -> Later:
    """The failure of a connection, with why."""
    reason = getattr(error, "reason", None) or (error.args[-1] if error.args else error)
    cause = (
        reason
        if isinstance(reason, OSError)
        else getattr(reason, "__cause__", None) or error.__cause__ or reason
    )
    return Later(system_reason(cause)[:_LONGEST], answered=False)


def wish_of(header: str | None, now: datetime | None = None) -> float | None:
    """How many seconds ``Retry-After`` says, as a number or as a date; None if that cannot be told."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        left = parsedate_to_datetime(text) - (now or datetime.now(UTC))
        return max(0.0, left.total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def is_public(url: str, home: str | None) -> bool:
    """Whether an address is one of the web, and none of this machine or of the network around it but ``home``."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host:
        return False
    if host == home:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_global
    except ValueError:
        # Numbers that only resolvers take for addresses, like 127.1 or 0x7f000001, end in a number.
        return "." in host and not host.endswith(_LOCAL) and host.rpartition(".")[2].isalpha()
