"""What is no document is refused, by its type and by its bytes; what lies about its type too."""

import pytest

from core.domain.documents import Page
from tests.fakes.web import page, reply
from tests.ssrf.conftest import Refused, World

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
TEXT = page("It says this.")


@pytest.mark.parametrize(
    "media_type",
    ["image/png", "application/json", "application/zip", "text/css", "video/mp4", "application/xml", "x", 'a"b/c'],
)
async def test_a_type_that_is_no_document_is_refused(world: World, refused: Refused, media_type: str) -> None:
    world.web.pages["/a"] = reply(TEXT, content_type=media_type)
    assert "HTML, Markdown, plain text and PDF are" in await refused(world.web.url("/a"))


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/html", PNG),
        ("text/html", b"%PDF-1.7\n..."),
        ("text/html", b"PK\x03\x04<p>zip"),
        ("text/html", b"<p>text\0and zero"),
        ("text/html", b'{"json": "and no page"}'),
        ("text/html", b"<?xml version='1.0'?><rss><channel/></rss>"),
        ("text/html", b"<svg xmlns='http://www.w3.org/2000/svg'><text>a</text></svg>"),
        ("application/xhtml+xml", b"<?xml version='1.0'?><!-- a --><feed/>"),
        ("text/plain", TEXT),
        ("text/plain", b"\xef\xbb\xbf <!-- a --> <HTML><p>a"),
        ("text/plain", PNG),
        ("text/plain", b"\x1f\x8b\x08\0\0"),
        ("text/markdown", TEXT),
        ("application/pdf", TEXT),
        ("application/pdf", PNG),
        ("application/pdf", b" " * 2000 + b"%PDF-1.7"),
    ],
)
async def test_a_type_that_lies_is_refused(world: World, refused: Refused, media_type: str, body: bytes) -> None:
    world.web.pages["/a"] = reply(body, content_type=media_type)
    assert "its bytes are something else" in await refused(world.web.url("/a"))


@pytest.mark.parametrize("body", [b"", b" \r\n\t "])
async def test_nothing_is_refused(world: World, refused: Refused, body: bytes) -> None:
    world.web.pages["/a"] = reply(body)
    assert "it is empty" in await refused(world.web.url("/a"))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html><body><script src='app.js'></script><div id=root></div></body></html>", "no text"),
        (
            b"<html><body><div id=root>Loading...</div><script src='app.js'></script></body></html>",
            "before its scripts run",
        ),
        (b"<html><noscript>You need to enable JavaScript to run this app.</noscript><script></script>", "no text"),
        (b"<html><body><img src=a.png></body></html>", "no text"),
        (b"<meta http-equiv=refresh content='0; url=other.html'><p>Moved.", "leads on to another page"),
        (b"<html>" + bytes(range(128, 160)) * 20, "no text"),
    ],
)
async def test_a_page_without_text_is_refused(world: World, refused: Refused, body: bytes, why: str) -> None:
    world.web.pages["/a"] = reply(body)
    assert why in await refused(world.web.url("/a"))


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "407 Proxy Authentication Required"])
async def test_what_wants_a_login_says_which_setting_helps(world: World, refused: Refused, status: str) -> None:
    world.web.pages["/a"] = reply(TEXT, status)
    assert "VIGIL_DOCUMENT_HEADERS" in await refused(world.web.url("/a"))


async def test_a_login_page_is_no_document(world: World, refused: Refused) -> None:
    form = b"<html><body><main><h1>Sign in</h1><form><p>Please sign in to go on.</p><input type=Password></form></main></body>"
    world.web.pages["/a"] = reply(form)
    assert "wants a login" in await refused(world.web.url("/a"))
    world.web.pages["/b"] = reply(b"", "302 Found", location="/oauth2/authorize?x")
    world.web.pages["/oauth2/authorize?x"] = reply(page("Continue with your company account, please."))
    assert "wants a login" in await refused(world.web.url("/b"))


async def test_a_page_about_passwords_is_one(world: World) -> None:
    long = b"<p>Passwords are rotated every ninety days, by a job of its own that tells whom it concerns.</p>" * 30
    world.web.pages["/auth/login"] = reply(b"<html><body><form><input type=password></form><main>" + long)
    assert isinstance(await world.documents().read(world.web.url("/auth/login")), Page)


@pytest.mark.parametrize("status", ["204 No Content", "206 Partial", "300 Choices", "304 Same", "400 Bad", "451 No"])
async def test_another_status_brings_no_document(world: World, refused: Refused, status: str) -> None:
    world.web.pages["/a"] = reply(b"", status)
    assert f"HTTP {status[:3]} and sends no document" in await refused(world.web.url("/a"))


@pytest.mark.parametrize(
    ("target", "media_type", "body", "heading"),
    [
        ("/a", "text/html; charset=utf-8", b"<h1>T</h1><h2>Head</h2><p>text", "Head"),
        (
            "/a",
            "application/xhtml+xml",
            b"<?xml version='1.0'?><html><body><h1>T</h1><h2>Head</h2>text</body></html>",
            "Head",
        ),
        ("/a", "", b"<!DOCTYPE html><h1>T</h1><h2>Head</h2>text", "Head"),
        ("/a", "text/markdown; charset=UTF-8", b"# T\n## Head\ntext", "Head"),
        ("/a.md", "text/plain", b"# T\n## Head\ntext", "Head"),
        ("/a.md?raw=1", "application/octet-stream", b"# T\n## Head\ntext", "Head"),
        ("/a", "text/plain", b"# T\n## Head\ntext", ""),
    ],
)
async def test_each_kind_is_known(world: World, target: str, media_type: str, body: bytes, heading: str) -> None:
    world.web.pages[target] = reply(body, content_type=media_type)
    found = await world.documents().read(world.web.url(target))
    assert isinstance(found, Page)
    assert found.sections[0].heading == heading
