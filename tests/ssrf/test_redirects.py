"""A redirect is an address like the first one: checked again, a few times, and never with what was meant for another host."""

import pytest

from adapters.documents.reach import Reach, reach_of
from core.domain.documents import Page
from core.domain.errors import CallerError
from tests.fakes.web import leading_to, page, reply
from tests.ssrf.conftest import Refused, World


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_a_redirect_is_followed_and_told(world: World, status: str) -> None:
    world.web.pages["/a"] = leading_to("/b?x=1#part", status)
    world.web.pages["/b?x=1"] = reply(page("It says this."))
    found = await world.documents().read(world.web.url("/a#there"))
    assert isinstance(found, Page)
    assert (found.address, found.url) == (world.web.url("/a"), world.web.url("/b?x=1"))


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://127.0.0.2/", "not public"),
        ("http://[::1]/", "not public"),
        ("http://[::ffff:127.0.0.1]/", "not public"),
        ("http://[::ffff:a9fe:a9fe]/latest/meta-data", "not public"),
        ("http://169.254.169.254/latest/meta-data/iam/security-credentials/", "not public"),
        ("http://10.0.0.1/", "private network"),
        ("http://2130706433/", "unusual way"),
        ("http://0177.0.0.1/", "unusual way"),
        ("//127.1/", "unusual way"),
        ("http://user:secret@docs.test/", "user name or password"),
        ("file:///etc/passwd", "Only http"),
        ("gopher://docs.test/", "Only http"),
        ("javascript:alert(1)", "Only http"),
        ("http://docs.test:25/", "port 25"),
        ("http://docs.test\\@127.0.0.1/", "backslash"),
        ("", "HTTP 302 and sends no document"),
    ],
)
async def test_a_redirect_into_the_network_is_refused(world: World, refused: Refused, location: str, why: str) -> None:
    world.web.pages["/a"] = leading_to(location)
    assert why in await refused(world.web.url("/a"))
    assert world.asked == ["/a"]


async def test_five_redirects_are_followed_and_not_six(world: World, refused: Refused) -> None:
    world.web.pages |= {f"/{n}": leading_to(f"/{n + 1}") for n in range(20)}
    assert "more than 5 times" in await refused(world.web.url("/0"))
    assert len(world.asked) == 6
    world.web.pages["/5"] = reply(page("The end."))
    assert isinstance(await world.documents().read(world.web.url("/0")), Page)
    world.web.pages["/5"] = leading_to("/5")
    assert "more than 5 times" in await refused(world.web.url("/5"))


async def test_encryption_is_not_given_up(world: World, refused: Refused) -> None:
    world.secure.pages["/a"] = leading_to(world.web.url("/b"))
    assert "without encryption" in await refused(world.secure.url("/a"))
    assert world.web.asked == []
    world.web.pages["/up"] = leading_to(world.secure.url("/c"))
    world.secure.pages["/c"] = reply(page("Encrypted."))
    assert isinstance(await world.documents().read(world.web.url("/up")), Page)


async def test_nothing_is_carried_to_another_host_or_to_the_next_request(world: World) -> None:
    world.secure.pages["/a"] = leading_to(
        world.secure.url("/b", "moved.test"), set_cookie="session=1; Domain=.test", www_authenticate="Basic"
    )
    world.secure.pages["/b"] = reply(page("It says this."), set_cookie="other=2")
    reach = reach_of(headers=f"docs.test:{world.secure.port}=Authorization: Bearer hunter2")
    for _ in range(2):
        found = await world.documents(reach).read(world.secure.url("/a"))
        assert isinstance(found, Page)
        assert found.with_credentials  # the way led through a door that only the team can open
    first, second, third, fourth = world.secure.asked
    assert first.headers["authorization"] == third.headers["authorization"] == "Bearer hunter2"
    assert set(second.headers) == set(fourth.headers) == {"host", "user-agent", "accept", "accept-encoding"}
    assert "cookie" not in third.headers
    assert second.headers["host"] == f"moved.test:{world.secure.port}"


async def test_what_the_team_opens_shows_its_header_again_on_the_way_back(world: World) -> None:
    world.secure.pages["/a"] = leading_to(world.secure.url("/b", "moved.test"))
    world.secure.pages["/b"] = leading_to(world.secure.url("/c"))
    world.secure.pages["/c"] = reply(page("It says this."))
    reach = reach_of(headers=f"docs.test:{world.secure.port}=X-Key: hunter2")
    found = await world.documents(reach).read(world.secure.url("/a"))
    assert isinstance(found, Page)
    assert found.with_credentials
    assert ["x-key" in asked.headers for asked in world.secure.asked] == [True, False, True]


@pytest.mark.parametrize("between", [False, True])
async def test_a_page_elsewhere_does_not_choose_what_the_header_opens(
    world: World, refused: Refused, between: bool
) -> None:
    inside = world.secure.url("/internal/salaries", "docs.test")
    world.secure.pages["/a"] = leading_to(world.secure.url("/b", "moved.test") if between else inside)
    world.secure.pages["/b"] = leading_to(inside)
    world.secure.pages["/internal/salaries"] = reply(page("What everybody earns."))
    reach = reach_of(headers=f"docs.test:{world.secure.port}=Authorization: Bearer hunter2")
    reason = await refused(world.secure.url("/a", "moved.test"), reach=reach)
    assert "which the settings open for the team" in reason
    assert "/internal/salaries" not in world.asked


async def test_a_page_elsewhere_does_not_lead_to_a_private_host(world: World, refused: Refused) -> None:
    world.names.known["wiki.test"] = [["10.0.0.7"]]
    world.web.pages["/a"] = leading_to("http://wiki.test/salaries")
    reason = await refused(world.web.url("/a"), reach=Reach(private=frozenset({"wiki.test"})))
    assert "which the settings open for the team" in reason
    assert "wiki.test" not in world.names.asked, "it is not even looked up"


async def test_a_page_of_the_team_is_reached_from_its_own_name_without_encryption(world: World) -> None:
    world.web.pages["/a?n=1"] = leading_to(world.secure.url("/a?n=1"))
    world.secure.pages["/a?n=1"] = reply(page("It says this."))
    reach = reach_of(headers=f"docs.test:{world.secure.port}=X-Key: hunter2")
    found = await world.documents(reach).read(world.web.url("/a?n=1"))
    assert isinstance(found, Page)
    assert found.with_credentials
    world.web.pages["/a?n=1"] = leading_to(world.secure.url("/a?n=2"))
    with pytest.raises(CallerError, match="which the settings open"):
        await world.documents(reach).read(world.web.url("/a?n=1"))


async def test_a_header_is_for_its_scheme_and_port_only(world: World) -> None:
    world.web.pages["/a"] = reply(page("It says this."))
    world.secure.pages["/a"] = reply(page("It says this."))
    elsewhere = (
        f"docs.test:{world.web.port}=X-Key: 1\ndocs.test=X-Key: 2\nhttp://docs.test:{world.secure.port}=X-Key: 3\n"
        f"https://other.test:{world.secure.port}=X-Key: 4\nhttp://docs.test=X-Key: 5"
    )
    for address in (world.web.url("/a"), world.secure.url("/a")):
        found = await world.documents(reach_of(headers=elsewhere)).read(address)
        assert isinstance(found, Page)
        assert not found.with_credentials
    assert [a.headers.get("x-key") for a in (*world.web.asked, *world.secure.asked)] == [None, None]
    plain = reach_of(headers=f"http://docs.test:{world.web.port}=X-Key: 6")
    await world.documents(plain).read(world.web.url("/a"))
    assert world.web.asked[-1].headers["x-key"] == "6"


async def test_where_it_was_sent_to_is_told_without_its_query(world: World, refused: Refused) -> None:
    world.web.pages["/a"] = leading_to(world.web.url("/b?token=hunter2", "other.test"))
    world.web.pages["/b?token=hunter2"] = reply(b"", "403 Forbidden")
    sentence = await refused(world.web.url("/a"), reach=Reach())
    assert "other.test" in sentence
    assert "hunter2" not in sentence
