"""Which machines may be asked: an address in a table is anybody's, and must not lead into the user's own network."""

from __future__ import annotations

import enum
import ipaddress
import socket
from collections.abc import Callable, Iterator

from thanosql_kernel.wording import web

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]
"""Gives the IP addresses of a host and port, in the order in which they are tried."""

#: IPv6 addresses that carry one of IPv4 in their last 32 bits: NAT64 (RFC 6052), and the deprecated "compatible" ones.
_CARRIERS = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
#: Shared by the customers of a provider (RFC 6598): no address of the user's, and none of the internet's.
_OF_PROVIDERS = ipaddress.IPv4Network("100.64.0.0/10")


class Reach(enum.Enum):
    """How far a request may go.

    Attributes:
        PUBLIC: To machines of the internet alone.
        INTRANET: Also into private networks and to this machine, where the user wrote the address.
        ANYWHERE: Everywhere, as the user has set it.
    """

    PUBLIC = "public"
    INTRANET = "intranet"
    ANYWHERE = "anywhere"

    def after_redirect(self, *, was_public: bool) -> Reach:
        """How far a server may send us on: from the internet never into the user's network."""
        return Reach.PUBLIC if self is Reach.INTRANET and was_public else self


class Unreachable(Exception):
    """What was asked for cannot be had now.

    Attributes:
        reason: Why, for people; neither the address nor what may be a password is in it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Unreachable):
    """A machine that must not be asked."""


def resolved(host: str, port: int) -> list[str]:
    """The IP addresses of a host, by the system.

    Raises:
        OSError: There is none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def allowed(host: str, addresses: list[str], reach: Reach) -> list[str]:
    """The addresses of a host, if all of them may be asked: which of them answers is not ours to choose.

    Raises:
        Refused: One of them may not.
    """
    for address in addresses:
        if not is_allowed(address, reach):
            raise Refused(web.PRIVATE(host=host))
    return addresses


def is_allowed(address: str, reach: Reach) -> bool:
    """Whether an IP address may be asked; what is none may not."""
    if reach is Reach.ANYWHERE:
        return True
    try:
        meant = list(_meant(ipaddress.ip_address(address.partition("%")[0])))
    except ValueError:
        return False
    allows = is_public if reach is Reach.PUBLIC else _is_of_intranet
    return all(map(allows, meant))


def is_public(address: Address) -> bool:
    """Whether an address is of the internet: neither private, shared, reserved, multicast nor of this machine."""
    return address.is_global and not (address.is_multicast or address.is_reserved or _is_site_local(address))


def _is_of_intranet(address: Address) -> bool:
    """Public, or of a private network or this machine; cloud providers keep credentials at link-local addresses."""
    if address in _OF_PROVIDERS or is_public(address):
        return True
    odd = (address.is_link_local, address.is_multicast, address.is_unspecified)
    return address.is_loopback or (address.is_private and not any(odd) and not address.is_reserved)


def _is_site_local(address: Address) -> bool:
    return isinstance(address, ipaddress.IPv6Address) and address.is_site_local


def _meant(address: Address) -> Iterator[Address]:
    """The address, and those of IPv4 that one of IPv6 stands for or tunnels to."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
        return
    yield address
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if any(address in network for network in _CARRIERS) and int(address) > 1:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
