"""Asking servers: each request goes to an address that was checked, wherever redirects lead, and ends in time.

A host's name is looked up once and the connection made to what was found: a second look-up might give another machine
(DNS rebinding). The name stays what the server and its certificate are asked for.
"""

from __future__ import annotations

import ipaddress
import threading
import urllib.request
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from thanosql_kernel.web.addresses import Reach, Refused, Resolve, Unreachable, allowed, is_allowed, resolved
from thanosql_kernel.wording import web
from thanosql_kernel.wording.system import system_reason

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse
    from urllib3.connectionpool import HTTPConnectionPool

AGENT = "thanosql-kernel"
MAX_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PORTS = {"http": 80, "https": 443}
_MOST_POOLS = 64
_A_HOST = 4
"""Connections to one host at the same time."""


class _Target(NamedTuple):
    """One hop of a request."""

    scheme: str
    host: str
    port: int
    path: str
    login: str | None


@dataclass
class Client:
    """Sends requests; safe to use from several threads.

    Attributes:
        resolve: Looks up hosts.
        connect_s: How long a connection may take.
        read_s: How long a server may be silent.
    """

    resolve: Resolve = resolved
    connect_s: float = 10.0
    read_s: float = 30.0
    _pools: OrderedDict[tuple[object, ...], HTTPConnectionPool] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def get(
        self, url: str, *, reach: Reach, headers: Mapping[str, str] | None = None
    ) -> Iterator[BaseHTTPResponse]:
        """The answer to a GET, see `open`; what fails while it is read is `Unreachable` too."""
        import urllib3

        try:
            with self.open(url, reach=reach, headers=headers) as response:
                yield response
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(told(error)) from error

    def open(self, url: str, *, reach: Reach, headers: Mapping[str, str] | None = None) -> BaseHTTPResponse:
        """The answer to a GET, redirects followed; its body is not read yet and not unpacked.

        Args:
            url: With http or https; a name and password in it go to its own host alone.
            reach: How far the request, and whoever redirects it, may go.
            headers: To send beside our own; never cookies.

        Raises:
            Refused: The address, or one that it is redirected to, may not be asked.
            Unreachable: It cannot be.
        """
        import urllib3

        first = target = _target(url)
        try:
            for _ in range(MAX_REDIRECTS + 1):
                response, was_public = self._ask(target, first, reach, headers or {})
                place = response.headers.get("Location") if response.status in _REDIRECTS else None
                if place is None:
                    return response
                response.close()
                url = urljoin(url, place)
                target, reach = _target(url), reach.after_redirect(was_public=was_public)
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(told(error)) from error
        raise Unreachable(web.TOO_MANY_REDIRECTS())

    def _ask(
        self, target: _Target, first: _Target, reach: Reach, headers: Mapping[str, str]
    ) -> tuple[BaseHTTPResponse, bool]:
        """One hop, and whether it went to the internet."""
        import urllib3

        sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
        if target.login is not None and target[:3] == first[:3]:
            sent |= urllib3.make_headers(basic_auth=target.login)
        proxy = _proxy(target)
        addresses = self._addresses(target, reach, is_needed=proxy is None)
        if proxy is not None:
            url = f"{target.scheme}://{_netloc(target)}{target.path}"
            return urllib3.ProxyManager(proxy).request("GET", url, headers=sent, **self._ways()), True
        response = self._ask_one_of(addresses, target, {**sent, "Host": _netloc(target)})
        return response, all(is_allowed(address, Reach.PUBLIC) for address in addresses)

    def _addresses(self, target: _Target, reach: Reach, *, is_needed: bool) -> list[str]:
        """Where the host is; a proxy may know hosts that nobody here does."""
        try:
            return allowed(target.host, self.resolve(target.host, target.port), reach)
        except (OSError, UnicodeError) as error:
            if is_needed or (reach is Reach.PUBLIC and "." not in target.host):
                raise Unreachable(system_reason(error)) from error
            return []

    def _ask_one_of(
        self, addresses: list[str], target: _Target, headers: Mapping[str, str]
    ) -> BaseHTTPResponse:
        """The answer of the first address that takes a connection."""
        import urllib3

        for address in addresses:
            try:
                return self._pool(target, address).request(
                    "GET", target.path, headers=headers, **self._ways()
                )
            except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
                if address == addresses[-1]:
                    raise
        raise Unreachable(web.NO_ADDRESS())

    def _ways(self) -> dict[str, Any]:
        import urllib3

        timeout = urllib3.Timeout(connect=self.connect_s, read=self.read_s)
        return {"timeout": timeout, "retries": False, "redirect": False, "preload_content": False}

    def _pool(self, target: _Target, address: str) -> HTTPConnectionPool:
        """The connections to an address on behalf of a host."""
        import urllib3

        key = (target.scheme, target.host, target.port, address)
        with self._lock:
            if key not in self._pools:
                if target.scheme == "https":
                    self._pools[key] = urllib3.HTTPSConnectionPool(
                        address,
                        target.port,
                        maxsize=_A_HOST,
                        server_hostname=target.host,
                        assert_hostname=target.host,
                    )
                else:
                    self._pools[key] = urllib3.HTTPConnectionPool(address, target.port, maxsize=_A_HOST)
            self._pools.move_to_end(key)
            while len(self._pools) > _MOST_POOLS:
                self._pools.popitem(last=False)[1].close()
            return self._pools[key]


def pause_asked_for(response: BaseHTTPResponse, now: datetime | None = None) -> float | None:
    """How many seconds ``Retry-After`` (RFC 9110) says, as a number or as a date; None if that cannot be told."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        left = parsedate_to_datetime(text) - (now or datetime.now(UTC))
        return max(0.0, left.total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def is_web(text: str) -> bool:
    """Whether a text is an address that a `Client` can ask."""
    return text[:8].lower().startswith(("http://", "https://"))


def shown(url: str) -> str:
    """Server and path, without what may be a password or a token."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") + unquote(parts.path)
    except ValueError:
        return web.NO_ADDRESS()


def told(error: BaseException) -> str:
    """Why a request failed, in a few words without the address."""
    import urllib3

    errors = urllib3.exceptions
    for cause in _causes(error):
        if isinstance(cause, errors.SSLError):
            return web.NO_CERTIFICATE()
        if isinstance(cause, errors.IncompleteRead) and isinstance(cause.partial, int):
            return web.ENDED(done=cause.partial, total=cause.partial + (cause.expected or 0))
        if isinstance(cause, OSError):
            return system_reason(cause)
        if isinstance(cause, errors.TimeoutError):
            return system_reason(TimeoutError("timed out"))
    return web.BROKEN()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from."""
    while error is not None:
        yield error
        inner = next((part for part in error.args if isinstance(part, BaseException)), None)
        error = inner if inner is not None else error.__cause__


def ascii_url(url: str) -> str:
    """The URL as servers know it; people write Korean and spaces as they are."""
    parts = urlsplit(url)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    kept = "%/:=&?~#+!$,;'@()*[]"
    return parts._replace(netloc=host, path=quote(parts.path, kept), query=quote(parts.query, kept)).geturl()


def _target(url: str) -> _Target:
    try:
        parts = urlsplit(ascii_url(url.strip()))
        port = parts.port
    except ValueError as error:
        raise Refused(web.NO_ADDRESS()) from error
    if parts.scheme not in _PORTS:
        raise Refused(web.OTHER_SCHEME())
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise Refused(web.NO_ADDRESS())
    login = None
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Target(parts.scheme, host, port or _PORTS[parts.scheme], path, login)


def _netloc(target: _Target) -> str:
    host = f"[{target.host}]" if _is_ipv6(target.host) else target.host
    return host if target.port == _PORTS[target.scheme] else f"{host}:{target.port}"


def _is_ipv6(host: str) -> bool:
    try:
        return isinstance(ipaddress.ip_address(host.partition("%")[0]), ipaddress.IPv6Address)
    except ValueError:
        return False


def _proxy(target: _Target) -> str | None:
    """The proxy that the environment names for a host, as HTTPS_PROXY and NO_PROXY say."""
    proxy = urllib.request.getproxies().get(target.scheme)
    if not proxy or urllib.request.proxy_bypass(f"{target.host}:{target.port}"):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
