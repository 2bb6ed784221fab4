"""Huge, slow, packed and broken answers cost what the caps say and no more."""

import asyncio
import gzip
import zlib
from asyncio import StreamWriter

import pytest

from adapters.documents.fetch import Limits
from adapters.documents.reach import Reach
from core.domain.documents import Page
from core.domain.errors import TransientError
from tests.fakes.web import fake_web, network, page, reply, zipped
from tests.ssrf.conftest import Refused, World

SMALL = Limits(most_bytes=100_000)
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
TEXT = page("It says this.")


@pytest.mark.parametrize("https", [False, True])
async def test_what_is_announced_too_big_is_not_fetched(world: World, refused: Refused, https: bool) -> None:
    web = world.secure if https else world.web
    web.pages["/a"] = reply(TEXT, content_length="100001")
    assert "larger than 0.1 MB" in await refused(web.url("/a"), limits=SMALL)


@pytest.mark.parametrize("announced", ["", "50"])
@pytest.mark.parametrize("https", [False, True])
async def test_what_does_not_end_is_cut_off(world: World, refused: Refused, announced: str, https: bool) -> None:
    web, sent = world.secure if https else world.web, [0]

    async def endless(writer: StreamWriter) -> None:
        writer.write(CHUNKED)
        while True:
            writer.write(b"1000\r\n" + b"a" * 4096 + b"\r\n")
            await writer.drain()
            sent[0] += 4096

    web.pages["/a"] = endless
    assert "larger than 0.1 MB" in await refused(web.url("/a"), limits=SMALL)
    assert sent[0] < 20_000_000  # what the sockets of this machine buffer


@pytest.mark.parametrize("padding", [b";" + b"x" * 9_000, b""])
async def test_padding_counts_like_text(world: World, refused: Refused, padding: bytes) -> None:
    async def framed(writer: StreamWriter) -> None:
        writer.write(CHUNKED)
        while True:
            writer.write((b"1" + padding + b"\r\n<\r\n") * 100)
            await writer.drain()

    world.web.pages["/a"] = framed
    assert "larger than 0.1 MB" in await refused(world.web.url("/a"), limits=SMALL)


async def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(world: World, refused: Refused) -> None:
    bomb = gzip.compress(b"<p>a" + b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    world.web.pages["/gzip"] = reply(bomb, content_encoding="gzip")
    world.web.pages["/deflate"] = reply(zlib.compress(b"a" * 50_000_000), content_encoding="deflate")
    for target in ("/gzip", "/deflate"):
        assert "larger than 0.1 MB" in await refused(world.web.url(target), limits=SMALL)


@pytest.mark.parametrize(
    ("encoding", "body", "why"),
    [
        ("gzip, gzip", gzip.compress(gzip.compress(TEXT)), "packed in a way"),
        ("br", TEXT, "packed in a way"),
        ("zstd", TEXT, "packed in a way"),
        ("compress", TEXT, "packed in a way"),
        ("gzip", TEXT, "does not unpack"),
        ("gzip", gzip.compress(TEXT) + gzip.compress(TEXT), "several parts"),
        ("gzip", gzip.compress(gzip.compress(TEXT)), "something else"),
    ],
)
async def test_what_is_packed_oddly_is_refused(
    world: World, refused: Refused, encoding: str, body: bytes, why: str
) -> None:
    world.web.pages["/a"] = reply(body, content_encoding=encoding)
    assert why in await refused(world.web.url("/a"))


async def test_two_headers_pack_twice(world: World, refused: Refused) -> None:
    packed = gzip.compress(gzip.compress(TEXT))
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(packed)}\r\n".encode()
    world.web.pages["/a"] = head + b"Content-Encoding: gzip\r\nContent-Encoding: deflate\r\n\r\n" + packed
    assert "packed in a way" in await refused(world.web.url("/a"))


async def test_one_packing_is_read(world: World) -> None:
    world.web.pages["/gzip"] = zipped(TEXT)
    world.web.pages["/deflate"] = reply(zlib.compress(TEXT), content_encoding="Deflate")
    world.web.pages["/identity"] = reply(TEXT, content_encoding="identity")
    for target in ("/gzip", "/deflate", "/identity"):
        found = await world.documents().read(world.web.url(target))
        assert isinstance(found, Page)
        assert found.sections[0].text == "It says this."


async def test_headers_have_an_end(world: World, refused: Refused) -> None:
    async def endless(writer: StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-Padding: " + b"a" * 1000 + b"\r\n")
            await writer.drain()

    world.web.pages["/a"] = endless
    assert "headers without end" in await refused(world.web.url("/a"))


async def test_interim_answers_have_an_end(world: World, refused: Refused) -> None:
    async def endless(writer: StreamWriter) -> None:
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100)
            await writer.drain()

    world.web.pages["/a"] = endless
    assert "larger than 0.1 MB" in await refused(world.web.url("/a"), limits=SMALL)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", CHUNKED])
async def test_what_drips_is_given_up_when_its_time_is_over(world: World, postponed: Refused, start: bytes) -> None:
    limits: list[asyncio.Timeout] = []

    def patience(seconds: float) -> asyncio.Timeout:
        assert seconds == 30.0
        limits.append(asyncio.timeout(None))
        return limits[-1]

    async def drip(writer: StreamWriter) -> None:
        writer.write(start)
        for n in range(1_000_000):
            writer.write(b"1\r\na\r\n" if start == CHUNKED else b"a")
            await writer.drain()
            if n == 20:  # the clock jumps: the whole time counts, not that between two bytes
                limits[-1].reschedule(asyncio.get_running_loop().time())
            await asyncio.sleep(0)

    world.web.pages["/a"] = drip
    sentence = await postponed(world.web.url("/a"), net=network(world.names, patience=patience))
    assert "did not come within 30 s" in sentence
    assert len(limits) == 2  # once more, and then it is left to the job


async def test_a_name_server_that_hangs_is_given_up_too(world: World, postponed: Refused) -> None:
    async def hangs(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    net = network(world.names, resolve=hangs, patience=lambda _: asyncio.timeout(0))
    assert "did not come within" in await postponed(world.web.url("/a"), net=net)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\nContent-Type: text/html\r\n\r\n<p>half",
        CHUNKED + b"5\r\n<p>ha",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n<p>ha",
        reply(gzip.compress(TEXT)[:-20], content_encoding="gzip"),
    ],
)
async def test_what_breaks_off_may_be_whole_another_time(world: World, postponed: Refused, answer: bytes) -> None:
    world.web.pages["/a"] = answer
    assert "broke off" in await postponed(world.web.url("/a"))
    assert len(world.asked) == 2


async def test_a_second_try_can_work(world: World) -> None:
    async def recovers(writer: StreamWriter) -> None:
        world.web.pages["/a"] = reply(TEXT)
        writer.write(reply(b"", "503 Service Unavailable"))

    world.web.pages["/a"] = recovers
    assert isinstance(await world.documents().read(world.web.url("/a")), Page)


@pytest.mark.parametrize(
    ("status", "headers", "wait_s"),
    [
        ("429 Too Many Requests", {"retry_after": "120"}, 120.0),
        ("503 Service Unavailable", {}, None),
        ("503 Service Unavailable", {"retry_after": "99999999999999999999"}, 86_400.0),
        ("503 Service Unavailable", {"retry_after": "-5"}, None),
        ("503 Service Unavailable", {"retry_after": "soon"}, None),
        (
            "503 Service Unavailable",
            {"retry_after": "Sun, 22 Nov 2026 05:00:00 GMT", "date": "Sun, 22 Nov 2026 04:59:00 GMT"},
            60.0,
        ),
        ("503 Service Unavailable", {"retry_after": "Sun, 22 Nov 2026 05:00:00 GMT"}, None),
    ],
)
async def test_a_server_says_when_to_come_back(
    world: World, status: str, headers: dict[str, str], wait_s: float | None
) -> None:
    world.web.pages["/a"] = reply(b"", status, **headers)
    with pytest.raises(TransientError, match=f"HTTP {status[:3]}") as caught:
        await world.documents().read(world.web.url("/a"))
    assert caught.value.retry_after_s == wait_s


async def test_nobody_at_the_port_may_be_there_another_time(world: World, postponed: Refused) -> None:
    async with fake_web() as closed:
        address = closed.url("/a")
    reach = Reach(only=frozenset({"docs.test"}))
    assert "does not take the connection" in await postponed(address, reach=reach)
