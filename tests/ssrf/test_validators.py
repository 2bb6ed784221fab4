"""What a server said of a page is given back to it, where "unchanged" says all there is to say."""

import asyncio
import socket
from dataclasses import replace

import pytest

from adapters.documents.reach import reach_of
from core.domain.documents import Page, Reading, Seen, Unchanged
from core.domain.errors import NoSuchHostError, NotPublicError
from tests.fakes.web import leading_to, network, page, reply
from tests.ssrf.conftest import Refused, World

ETAG = '"v1"'


def marked(world: World, target: str) -> None:
    """A page that is sent once, and is unchanged for whoever has its mark."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        known = world.secure.asked[-1].headers.get("if-none-match") == ETAG
        writer.write(
            reply(b"", "304 Not Modified") if known else reply(page("It says this."), etag=ETAG, last_modified="Mon")
        )

    world.secure.pages[target] = answer


def seen(found: Reading) -> Seen:
    """What is kept of a page."""
    assert isinstance(found, Page)
    return Seen(found.digest, found.etag, found.modified, found.url, found.with_credentials)


async def test_a_page_that_is_unchanged_is_not_sent_again(world: World) -> None:
    marked(world, "/a")
    documents, address = world.documents(), world.secure.url("/a")
    known = seen(await documents.read(address))
    assert isinstance(await documents.read(address, known), Unchanged)
    assert {"if-none-match", "if-modified-since"} <= set(world.secure.asked[-1].headers)


async def test_a_page_that_is_opened_in_another_way_than_it_was_seen_is_sent_whole(world: World) -> None:
    marked(world, "/a")
    address = world.secure.url("/a")
    public = seen(await world.documents().read(address))
    reach = reach_of(headers=f"docs.test:{world.secure.port}=Authorization: Bearer x")
    private = await world.documents(reach).read(address, public)
    assert isinstance(private, Page)
    assert private.with_credentials
    assert isinstance(await world.documents(reach).read(address, seen(private)), Unchanged)
    again = await world.documents().read(address, seen(private))
    assert isinstance(again, Page)
    assert not again.with_credentials


async def test_so_is_one_that_a_redirect_leads_through_what_the_team_opens(world: World) -> None:
    marked(world, "/a")
    world.secure.pages["/in"] = leading_to(world.secure.url("/a", "moved.test"))
    public = seen(await world.documents().read(world.secure.url("/in")))
    reach = reach_of(headers=f"docs.test:{world.secure.port}=Authorization: Bearer x")
    found = await world.documents(reach).read(world.secure.url("/in"), public)
    assert isinstance(found, Page)
    assert found.with_credentials


async def test_a_servers_words_are_shown_to_it_alone_and_not_on_the_way_there(world: World) -> None:
    marked(world, "/a")
    address = world.secure.url("/from")
    world.secure.pages["/from"] = leading_to(world.secure.url("/a?utm_source=x", "moved.test"))
    world.secure.pages["/a?utm_source=x"] = world.secure.pages["/a"]
    found = await world.documents().read(address)
    known = replace(seen(found), place=world.secure.url("/a", "moved.test"))
    assert isinstance(await world.documents().read(address, known), Unchanged)
    shown = {(one.target, "if-none-match" in one.headers) for one in world.secure.asked[2:]}
    assert shown == {("/from", False), ("/a?utm_source=x", True)}
    world.secure.pages["/from"] = leading_to("/a")
    elsewhere = await world.documents().read(address, known)
    assert isinstance(elsewhere, Page), "the same path at another host"
    assert "if-none-match" not in world.secure.asked[-1].headers
    assert "if-modified-since" not in world.secure.asked[-1].headers


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "302 Found"])
async def test_what_not_everybody_can_open_is_told_apart(world: World, refused: Refused, status: str) -> None:
    world.web.pages["/a"] = reply(b"", status, location="http://10.0.0.1/" if "302" in status else "")
    with pytest.raises(NotPublicError):
        await world.documents().read(world.web.url("/a"))
    assert "An operator can" in await refused(world.web.url("/a"))


async def test_a_host_that_no_name_server_knows_is_told_apart(world: World) -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(NoSuchHostError):
        await world.documents(net=network(resolve=unknown)).read(world.web.url("/a"))
