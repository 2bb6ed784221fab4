"""Addresses that are no plain http(s) address are refused before any name is looked up."""

import pytest

from adapters.documents.address import normal_host, parse_address
from core.domain.errors import CallerError
from tests.ssrf.conftest import Refused, World

PLAIN = "unusual way"
NO_HOST = "names no host"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("file:///etc/passwd", "Only http"),
        ("FILE:/etc/passwd", "Only http"),
        ("/etc/passwd", "Only http"),
        ("//docs.test/a", "Only http"),
        ("docs.test/a", "Only http"),
        ("ftp://docs.test/a", "Only http"),
        ("gopher://docs.test/_GET", "Only http"),
        ("data:text/html,hello", "Only http"),
        ("javascript:alert(1)", "Only http"),
        ("http:/docs.test/a", "Only http"),
        ("http:\\\\docs.test\\a", "backslash"),
        ("", "Only http"),
        ("http://user:secret@docs.test/", "user name or password"),
        ("http://secret@docs.test/", "user name or password"),
        ("http://docs.test@127.0.0.1/", "user name or password"),
        ("http://@127.0.0.1/", "user name or password"),
        ("http://docs.test\\@127.0.0.1/", "backslash"),
        ("http://docs.test/a b", "space"),
        ("http://docs.test/\r\nHost: evil.test", "control"),
        ("http://docs.test\t.evil.test/", "control"),
        ("http://docs.test/\x00", "control"),
        ("http://2130706433/", PLAIN),
        ("http://0/", PLAIN),
        ("http://0177.0.0.1/", PLAIN),
        ("http://127.0.0.01/", PLAIN),
        ("http://0x7f.0.0.1/", PLAIN),
        ("http://0x7f000001/", PLAIN),
        ("http://0x/", PLAIN),
        ("http://127.1/", PLAIN),
        ("http://127.0.1/", PLAIN),
        ("http://256.1.1.1/", PLAIN),
        ("http://1.2.3.4.5/", PLAIN),
        ("http://docs.test.1/", PLAIN),
        ("http://127.0.0.1./", PLAIN),
        ("http://１２７.0.0.1/", PLAIN),
        ("http://127。0。0。1/", PLAIN),
        ("http://127．0.0．1/", PLAIN),
        ("http://①②⑦.⓪.⓪.①/", PLAIN),
        ("http://%31%32%37.0.0.1/", "percent-encoded host"),
        ("http://docs.test%2eevil.test/", "percent-encoded host"),
        ("http://docs.test%00.evil.test/", "percent-encoded host"),
        ("http://[::1%25eth0]/", "IPv6"),
        ("http://[fe80::1%eth0]/", "IPv6"),
        ("http://[::ffff:127.0.0.1/", NO_HOST),
        ("http://[127.0.0.1]/", "IPv6"),
        ("http://::1/", NO_HOST),
        ("http:///a", NO_HOST),
        ("http://?x", NO_HOST),
        ("http://./", NO_HOST),
        ("http://docs..test/", NO_HOST),
        ("http://-docs.test/", NO_HOST),
        ("http://docs .test/", "space"),
        ("http://docs,test/", NO_HOST),
        (f"http://{'a' * 64}.test/", NO_HOST),
        (f"http://{'a.' * 130}test/", NO_HOST),
        ("http://\u202eexample.test/", NO_HOST),
        ("http://docs.test:99999/", "port"),
        ("http://docs.test:0/", "port"),
        ("http://docs.test:80:80/", NO_HOST),
        ("http://docs.test:8o/", NO_HOST),
        ("http://docs.test:22/", "port 22 is read only"),
        ("https://docs.test:6379/", "port 6379 is read only"),
        ("http://docs.test/" + "a" * 5_000, "longer than"),
    ],
)
async def test_an_address_that_could_be_read_in_two_ways_is_refused(
    world: World, refused: Refused, address: str, why: str
) -> None:
    assert why in await refused(address)
    assert world.names.asked == []
    assert world.asked == []


async def test_a_refusal_names_the_address_without_its_secrets(world: World, refused: Refused) -> None:
    assert "hunter2" not in await refused("http://dana:hunter2@docs.test/a?token=hunter2")
    world.web.pages["/a?token=hunter2"] = b"HTTP/1.1 418 Teapot\r\n\r\n"
    sentence = await refused(world.web.url("/a?token=hunter2#hunter2"))
    assert f"docs.test:{world.web.port}/a is not read" in sentence
    assert "hunter2" not in sentence


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Docs.Example.COM", "docs.example.com"),
        ("docs.example.com.", "docs.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("文档。example", "xn--7dvp7d.example"),
        ("ｄｏｃｓ.example", "docs.example"),
        ("a_b.example", "a_b.example"),
        ("8.8.8.8", "8.8.8.8"),
        ("[2606:4700:0:0:0:0:0:1]", "2606:4700::1"),
        ("[::FFFF:1.2.3.4]", "::ffff:102:304"),
    ],
)
def test_a_host_has_one_form(text: str, host: str) -> None:
    assert normal_host(text) == host


def test_what_goes_over_the_wire_is_plain_ascii() -> None:
    address = parse_address("HTTPS://Docs.example:443/文档/a b".replace(" ", "%20") + '?q=é&x="<>#top')
    assert address.url == "https://docs.example/%E6%96%87%E6%A1%A3/a%20b?q=%C3%A9&x=%22%3C%3E"
    assert parse_address("http://docs.example").target == "/"
    assert parse_address("http://docs.example?a=1").target == "/?a=1"
    assert parse_address("http://docs.example/a:b@c").target == "/a:b@c"


def test_a_redirect_is_read_against_where_it_came_from() -> None:
    base = parse_address("https://docs.example/a/b?c")
    assert parse_address("../d", base).url == "https://docs.example/d"
    assert parse_address("//other.example/d", base).host == "other.example"
    with pytest.raises(CallerError, match="leads to an address"):
        parse_address("//[", base)
