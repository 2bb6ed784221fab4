"""From a host to a connection: looked up once, checked, and connected to that very address."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ssl import SSLContext
from typing import Any, NoReturn

import httpcore2

from adapters.documents.address import Address
from adapters.documents.networks import IpAddress, Reachability
from adapters.documents.reach import Reach
from core.domain.errors import CallerError, NoSuchHostError, NotPublicError, TransientError

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the IP addresses of a host and port; raises ``OSError`` as ``getaddrinfo`` does."""
Judge = Callable[[IpAddress], Reachability]
CONNECT_S = 10.0
MOST_TRIED = 4
_UNKNOWN = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


async def look_up(host: str, port: int) -> Sequence[str]:
    """Ask the machine's own resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def checked_addresses(address: Address, reach: Reach, resolve: Resolve, judge: Judge) -> tuple[list[str], bool]:
    """The IP addresses of a host, and whether one is private. Every one of them must be allowed: a host that has one public
    and one private address is refused. Raises ``CallerError`` with the reason, ``TransientError`` when no name server does."""
    try:
        found = [ipaddress.ip_address(text) for text in await resolve(address.host, address.port)]
    except socket.gaierror as error:
        if error.errno in _UNKNOWN:
            raise NoSuchHostError(f"{address.shown} is not read: there is no such host.") from error
        raise TransientError(f"{address.shown} cannot be read now: its host cannot be looked up.") from error
    except (
        OSError,
        ValueError,
    ) as error:  # ValueError: a scope (fe80::1%eth0) where an address should be, or a name too long
        raise CallerError(f"{address.shown} is not read: its host cannot be looked up.") from error
    standings = {judge(ip) for ip in found}
    if Reachability.NEVER in standings or not found:
        raise CallerError(f"{address.shown} is not read: its host has an address that is not public.")
    if Reachability.PRIVATE in standings and not reach.may_be_private(address):
        raise NotPublicError(
            f"{address.shown} is not read: its host has an address of a private network. "
            "An operator can name it in VIGIL_DOCUMENT_PRIVATE_HOSTS."
        )
    return [str(ip) for ip in dict.fromkeys(found)][:MOST_TRIED], Reachability.PRIVATE in standings


class PinnedBackend(httpcore2.AsyncNetworkBackend):
    """Connects to the addresses it was made with, whatever host it is asked for, so that nothing is looked up a second time.
    More than ``most_bytes`` of one connection are refused by ``too_much``, whether they are headers, body or padding."""

    def __init__(self, addresses: Sequence[str], most_bytes: int, too_much: Callable[[], NoReturn]) -> None:
        self._addresses, self._most_bytes, self._too_much = addresses, most_bytes, too_much
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,  # noqa: ARG002  # the pinned addresses stand for it
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first of the addresses that answers."""
        failure: Exception = httpcore2.ConnectError("no address")
        for address in self._addresses:
            try:
                stream = await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
                return CountedStream(stream, self._most_bytes, self._too_much)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


class CountedStream(httpcore2.AsyncNetworkStream):
    """A connection that gives only so many bytes."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream, most_bytes: int, too_much: Callable[[], NoReturn]) -> None:
        self._stream, self._left, self._too_much = stream, most_bytes, too_much

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """As the stream below, up to the cap."""
        received = await self._stream.read(max_bytes, timeout)
        self._left -= len(received)
        if self._left < 0:
            self._too_much()
        return received

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """As the stream below."""
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """As the stream below."""
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        """As the stream below; what comes through it is counted on."""
        inner = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        return CountedStream(inner, self._left, self._too_much)

    def get_extra_info(self, info: str) -> Any:
        """As the stream below."""
        return self._stream.get_extra_info(info)
