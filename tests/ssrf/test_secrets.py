"""The team's headers and this machine's own secrets stay where they belong; certificates are verified."""

import ssl
from pathlib import Path

import httpcore2
import pytest
import structlog

from adapters.documents.reach import Reach, reach_of
from bot.settings import load_settings
from core.domain.documents import Page, Seen
from core.domain.errors import CallerError
from tests.fakes.web import fake_web, network, page, reply
from tests.ssrf.conftest import Refused, World

SECRET = "hunter2-token"


async def test_a_header_opens_its_host_and_the_page_says_so(world: World) -> None:
    world.secure.pages["/a"] = reply(page("Only for us."))
    reach = reach_of(headers=f"Docs.test:{world.secure.port}=Authorization: Bearer {SECRET}\n\n# \t".rstrip("# \t"))
    found = await world.documents(reach).read(world.secure.url("/a"))
    assert isinstance(found, Page)
    assert found.with_credentials
    assert world.secure.asked[0].headers["authorization"] == f"Bearer {SECRET}"
    open_page = await world.documents().read(world.secure.url("/a"))
    assert isinstance(open_page, Page)
    assert not open_page.with_credentials
    assert open_page.digest != found.digest  # who may see it is part of what changes


async def test_the_header_is_in_no_sentence_log_or_repr(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    reach = reach_of(headers=f"docs.test:{world.secure.port}=Authorization: Bearer {SECRET}")
    told = [repr(reach), repr(world.documents(reach))]
    for status in ("401 Unauthorized", "500 Internal", "404 Not Found", "302 Found"):
        world.secure.pages["/a"] = reply(b"", status, location="http://10.0.0.1/")
        with structlog.testing.capture_logs() as logs:
            try:
                told.append(repr(await world.documents(reach).read(world.secure.url("/a"))))
            except Exception as error:
                told += [str(error), repr(error), repr(error.__cause__), repr(error.__context__)]
        told.append(repr(logs))
    assert len(world.secure.asked) == 5
    assert [text for text in (*told, *capsys.readouterr()) if SECRET in text] == []


@pytest.mark.parametrize(
    "text",
    [f"docs.test {SECRET}", f"docs.test=Authorization {SECRET}", f"docs.test=Host: {SECRET}", f"docs.test=A B: {SECRET}",
     f"http://user@docs.test=A: {SECRET}", f"docs.test=A: {SECRET}é", f"docs.test=A: {SECRET}\x00b", "docs.test=A: ", "=A: b",
     f"docs.test:99999x=A: {SECRET}", f"ftp://docs.test=A: {SECRET}", f"docs.test/path=A: {SECRET}", f"0x7f.1=A: {SECRET}"],
)  # fmt: skip
def test_a_wrong_setting_is_told_without_its_value(text: str) -> None:
    with pytest.raises(CallerError) as caught:
        reach_of(headers=f"ok.test=A: b\n{text}")
    assert SECRET not in caught.value.sentence
    assert "entry 2" in caught.value.sentence.lower() or "host" in caught.value.sentence


async def test_proxies_of_the_environment_are_not_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.web.pages["/a"] = reply(page("Straight."))
    async with fake_web() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert isinstance(await world.documents().read(world.web.url("/a")), Page)
        assert proxy.asked == []


async def test_passwords_of_a_netrc_are_not_shown(
    world: World, refused: Refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text(f"machine docs.test login dana password {SECRET}\n", "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    world.web.pages["/a"] = reply(b"", "401 Unauthorized", www_authenticate="Basic")
    assert "login" in await refused(world.web.url("/a"))
    assert "authorization" not in world.web.asked[0].headers


async def test_a_certificate_is_verified_against_the_host(world: World, refused: Refused) -> None:
    world.secure.pages["/a"] = reply(page("Safe."))
    assert isinstance(await world.documents().read(world.secure.url("/a")), Page)
    assert "certificate is not valid for it" in await refused(world.secure.url("/a", "other.test"))
    assert "certificate is not valid for it" in await refused(world.secure.url("/a", "127.0.0.1"))
    assert len(world.secure.asked) == 1


async def test_a_certificate_that_nobody_vouches_for_is_refused(world: World, refused: Refused) -> None:
    strict = network(world.names, tls=httpcore2.default_ssl_context)
    assert strict.trust.verify_mode is ssl.CERT_REQUIRED
    assert strict.trust.check_hostname
    assert "certificate is not valid for it" in await refused(world.secure.url("/a"), net=strict)


@pytest.mark.parametrize("etag", ['"a\r\nX-Injected: 1"', "ü", "a" * 500, "\x00"])
async def test_a_servers_words_put_nothing_into_a_request(world: World, etag: str) -> None:
    world.web.pages["/a"] = reply(page("It says this."))
    assert isinstance(
        await world.documents().read(world.web.url("/a"), Seen("x", etag, etag, world.web.url("/a"))), Page
    )
    assert not {"if-none-match", "if-modified-since", "x-injected"} & set(world.web.asked[0].headers)


def test_the_settings_are_read_and_told_without_their_values(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIL_DOCUMENT_HOSTS", "docs.example.com, *.example.org")
    monkeypatch.setenv("VIGIL_DOCUMENT_PRIVATE_HOSTS", "wiki")
    monkeypatch.setenv("VIGIL_DOCUMENT_HEADERS", f"wiki=Cookie: a={SECRET}; b=2\nhttp://old:8080=X-Key: {SECRET}")
    settings = load_settings()
    reach = settings.document_reach()
    assert reach.only == {"docs.example.com", "*.example.org"}
    assert reach.private == {"wiki"}
    assert [(h.scheme, h.host, h.port, h.value) for h in reach.headers] == [
        ("https", "wiki", 443, f"a={SECRET}; b=2"),
        ("http", "old", 8080, SECRET),
    ]
    assert SECRET not in repr(settings)
    for name, value in (("HEADERS", f"wiki {SECRET}"), ("PRIVATE_HOSTS", "https://wiki/"), ("HOSTS", "10.1")):
        with monkeypatch.context() as patch:
            patch.setenv(f"VIGIL_DOCUMENT_{name}", value)
            with pytest.raises(CallerError, match=f"VIGIL_DOCUMENT_{name}") as caught:
                load_settings()
        assert SECRET not in f"{caught.value.sentence}{caught.value.__cause__}{caught.value.__context__}"


async def test_hosts_of_the_settings_are_written_in_any_form() -> None:
    reach = reach_of({"*.Example.COM", "bücher.example"}, {"Wiki."}, "http://Wiki:8080/=X: a=b: c")
    assert reach.only == {"*.example.com", "xn--bcher-kva.example"}
    assert reach.private == {"wiki"}
    header = reach.headers[0]
    assert (header.scheme, header.host, header.port, header.name, header.value) == ("http", "wiki", 8080, "X", "a=b: c")
    with pytest.raises(CallerError):
        reach_of({"https://example.com/a"})
    assert Reach() == reach_of()
