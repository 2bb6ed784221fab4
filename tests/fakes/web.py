"""A web server on this machine that sends exactly the bytes it is told to, and a network in which test hosts lead to it."""

import asyncio
import contextlib
import gzip
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from adapters.documents.fetch import Network
from adapters.documents.networks import IpAddress, Reachability, reachability

HERE = "127.0.0.1"
CERTIFICATE = Path(__file__).with_name("docs.test.pem")
"""For docs.test and moved.test, signed by itself, with its key; good for a hundred years and for nothing else."""


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    target: str
    headers: dict[str, str]


Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class FakeWeb:
    """What it answers by target (path and query), and what it was asked. ``https`` says how it is spoken to."""

    port: int
    https: bool
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def url(self, target: str, host: str = "docs.test") -> str:
        """The address of a target."""
        return f"{'https' if self.https else 'http'}://{host}:{self.port}{target}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and hang up."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in lines if line)
            asked = Asked(first.split(" ")[1], {name.lower(): value.strip() for name, _, value in pairs})
            self.asked.append(asked)
            answer = self.pages.get(asked.target, reply(b"no such page", status="404 Not Found"))
            if callable(answer):
                await answer(writer)
            else:
                writer.write(answer)
            await writer.drain()
        writer.close()


def reply(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer; ``content_type`` and the like are headers, HTML by default."""
    named = {"content_type": "text/html", "content_length": str(len(body)), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in named.items() if value]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body


def page(text: str, title: str = "A page") -> bytes:
    """A small page."""
    return f"<!doctype html><html><body><main><h1>{title}</h1><p>{text}</p></main></body></html>".encode()


def leading_to(location: str, status: str = "302 Found", **headers: str) -> bytes:
    """A redirect."""
    return reply(b"", status, location=location, **headers)


def zipped(body: bytes, **headers: str) -> bytes:
    """A page packed by gzip."""
    return reply(gzip.compress(body), content_encoding="gzip", **headers)


@contextlib.asynccontextmanager
async def fake_web(*, https: bool = False, host: str = HERE, port: int = 0) -> AsyncIterator[FakeWeb]:
    """A server while the block runs."""
    web = FakeWeb(0, https)
    context = None
    if https:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE)
    server = await asyncio.start_server(web.serve, host, port, ssl=context)
    web.port = server.sockets[0].getsockname()[1]
    try:
        yield web
    finally:
        server.close()
        await server.wait_closed()


@dataclass
class Names:
    """A name server: what it answers by host (an address by itself; else this machine), one answer after the other where
    several are named, and what it was asked."""

    known: dict[str, list[Sequence[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """The next answer; the last one stays."""
        self.asked.append(host)
        with contextlib.suppress(ValueError):
            return [str(ipaddress.ip_address(host))]
        answers = self.known.get(host, [[HERE]])
        return answers.pop(0) if len(answers) > 1 else answers[0]


def here_is(standing: Reachability) -> Callable[[IpAddress], Reachability]:
    """The real judge, but for 127.0.0.1."""
    return lambda ip: standing if str(ip) == HERE else reachability(ip)


def trusting_tests() -> ssl.SSLContext:
    """Verifies as always, with the tests' certificate for its only authority."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def network(names: Names | None = None, standing: Reachability = Reachability.PUBLIC, **changes: object) -> Network:
    """The network in which test hosts are found on this machine."""
    known = names or Names()
    return Network(**{"resolve": known.resolve, "judge": here_is(standing), "tls": trusting_tests, **changes})  # type: ignore[arg-type]  # a test names fields of a network
