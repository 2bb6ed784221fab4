"""One document over HTTP: each redirect checked like the first address, no cookies, no proxies, nothing kept between two hops.

It stands on httpx's own transport, httpcore, and not on its client: what a client adds (redirects, cookies, proxies and
passwords from the environment, unpacking without a cap) is what must not happen here, and the address goes down in parts, so
that nobody reads it a second time and otherwise."""

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NoReturn

import httpcore2

from adapters.documents.address import Address, parse_address
from adapters.documents.bodies import too_big, whole_body
from adapters.documents.connect import CONNECT_S, Judge, PinnedBackend, Resolve, checked_addresses, look_up
from adapters.documents.networks import reachability
from adapters.documents.reach import Reach
from adapters.documents.statuses import REDIRECTS, raise_for
from adapters.documents.told import exchanging
from core.domain.documents import Gone, Seen, Unchanged
from core.domain.errors import CallerError
from core.text.addresses import canonical

AGENT = "Vigil-documents/1"
ACCEPT = "text/html, application/xhtml+xml, text/markdown, text/plain;q=0.9, application/pdf;q=0.9"
ENVELOPE_BYTES = 500_000
"""What a connection may carry beyond the document: headers, the framing of chunks, TLS."""
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,400}")


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one document: bytes (as sent, and unpacked), seconds from the first look-up to the last byte, redirects."""

    most_bytes: int = 20_000_000
    whole_s: float = 30.0
    redirects: int = 5


@dataclass(frozen=True)
class Network:
    """How the world is reached; tests give their own. ``patience`` makes the time limit of a document, ``tls`` verifies."""

    resolve: Resolve = look_up
    judge: Judge = reachability
    patience: Callable[[float], asyncio.Timeout] = asyncio.timeout
    tls: Callable[[], ssl.SSLContext] = httpcore2.default_ssl_context

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """Made once: reading the machine's certificates takes some 40 ms."""
        return self.tls()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: where from in the end, the bytes unpacked, and what the server says of them."""

    address: Address
    body: bytes
    media_type: str
    etag: str
    modified: str
    with_credentials: bool
    redirected: bool


@dataclass(frozen=True, slots=True)
class _Hop:
    """The answer of one hop; ``location`` where it leads on. ``inside``: not everybody can come this way."""

    found: Fetched | Gone | Unchanged | None
    location: str = ""
    inside: bool = field(default=False, kw_only=True)


async def fetch(
    address: Address, seen: Seen | None, reach: Reach, network: Network, limits: Limits
) -> Fetched | Gone | Unchanged:
    """Get what is at an address. Raises ``CallerError`` with the reason why it is not read, and ``TransientError``."""
    with exchanging(address.shown, limits.whole_s):
        async with network.patience(limits.whole_s):
            return await _followed(address, seen, reach, network, limits)


async def _followed(
    first: Address, seen: Seen | None, reach: Reach, network: Network, limits: Limits
) -> Fetched | Gone | Unchanged:
    address, inside = first, False
    for n in range(limits.redirects + 1):
        hop = await _hop(address, seen, reach, network, limits, inside=inside)
        inside = hop.inside
        if isinstance(hop.found, Fetched):
            return _arrived(hop.found, inside=inside, redirected=n > 0)
        if hop.found is not None:
            return hop.found
        onward = parse_address(hop.location, base=address)
        if address.scheme == "https" and onward.scheme == "http":
            raise CallerError(f"{address.shown} is not read: it leads on without encryption, to {onward.shown}.")
        if why := reach.refusal_from(first, onward):
            raise CallerError(f"{first.shown} is not read: it leads to {onward.shown}, {why}.")
        address = onward
    raise CallerError(f"{first.shown} is not read: it leads on more than {limits.redirects} times.")


def _arrived(found: Fetched, *, inside: bool, redirected: bool) -> Fetched:
    return Fetched(found.address, found.body, found.media_type, found.etag, found.modified, inside, redirected)


async def _hop(
    address: Address, seen: Seen | None, reach: Reach, network: Network, limits: Limits, *, inside: bool
) -> _Hop:
    if why := reach.refusal(address):
        raise CallerError(f"{address.shown} is not read: {why}.")
    pinned, private = await checked_addresses(address, reach, network.resolve, network.judge)
    shown_to_it = reach.headers_for(address)
    inside = inside or private or bool(shown_to_it)
    if seen is not None and (canonical(address.url) != seen.place or seen.with_credentials is not inside):
        seen = None  # a server's words are for itself; opened in another way, "unchanged" would not tell who may see it

    def too_much() -> NoReturn:
        raise too_big(address.shown, limits.most_bytes)

    backend = PinnedBackend(pinned, limits.most_bytes + ENVELOPE_BYTES, too_much)
    trust = network.trust if address.scheme == "https" else None
    async with httpcore2.AsyncConnectionPool(ssl_context=trust, network_backend=backend, max_connections=1) as pool:
        url = httpcore2.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
        headers = [*_asked(address, seen), *shown_to_it]
        extensions = {"timeout": {"connect": CONNECT_S}}
        async with pool.stream("GET", url, headers=headers, extensions=extensions) as response:
            return await _answer(address, response, limits, seen, inside=inside)


def _asked(address: Address, seen: Seen | None) -> list[tuple[str, str]]:
    headers = [("Host", address.authority), ("User-Agent", AGENT), ("Accept", ACCEPT), ("Accept-Encoding", "gzip")]
    if seen is not None and _VALIDATOR.fullmatch(seen.etag):
        headers.append(("If-None-Match", seen.etag))
    if seen is not None and _VALIDATOR.fullmatch(seen.modified):
        headers.append(("If-Modified-Since", seen.modified))
    return headers


async def _answer(
    address: Address, response: httpcore2.Response, limits: Limits, seen: Seen | None, *, inside: bool
) -> _Hop:
    told = _headers(response)
    if response.status in REDIRECTS and told.get("location"):
        return _Hop(None, told["location"], inside=inside)
    if response.status in (404, 410):
        gone = f"{address.shown} is not there any more (HTTP {response.status})."
        return _Hop(Gone(gone, for_good=response.status == 410), inside=inside)
    if response.status == 304 and seen is not None and (seen.etag or seen.modified):
        return _Hop(Unchanged(), inside=inside)
    raise_for(response.status, told, address.shown)
    if told.get("content-length", "0").isdigit() and int(told.get("content-length", "0")) > limits.most_bytes:
        raise too_big(address.shown, limits.most_bytes)
    body = await whole_body(
        response.aiter_stream(), told.get("content-encoding", ""), limits.most_bytes, address.shown
    )  # fmt: skip
    etag, modified = (told.get(name, "") for name in ("etag", "last-modified"))
    found = Fetched(address, body, told.get("content-type", ""), _kept(etag), _kept(modified), inside, False)
    return _Hop(found, inside=inside)


def _headers(response: httpcore2.Response) -> dict[str, str]:
    """By their names in lower case. What is said twice in different words is said in neither way."""
    found: dict[str, str] = {}
    for name, value in response.headers:
        key, text = name.decode("ascii", "replace").lower(), value.decode("utf-8", "replace")
        found[key] = text if found.get(key, text) == text else f"{found[key]}, {text}"
    return found


def _kept(validator: str) -> str:
    return validator if _VALIDATOR.fullmatch(validator) else ""
