"""Where a host leads: only public addresses, looked up once, and connected to that very one."""

import ipaddress
import socket

import pytest

from adapters.documents.fetch import Network
from adapters.documents.networks import Reachability, reachability
from adapters.documents.reach import Reach
from core.domain.documents import Page
from core.domain.errors import CallerError, TransientError
from tests.fakes.web import Names, fake_web, here_is, network, page, reply
from tests.ssrf.conftest import Refused, World

NEVER = """
0.0.0.0 0.1.2.3 127.0.0.1 127.255.255.254 169.254.169.254 169.254.0.1 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1
198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16 100.100.100.200
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::127.0.0.1 64:ff9b::169.254.169.254 64:ff9b:1::1
100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1
3fff::1 5f00::1 fe80::1 febf::1 fec0::1 ff02::1 ff0e::1 fd00:ec2::254 fd20:ce::254 4000::1
""".split()
PRIVATE = (
    "10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 100.127.255.255 fc00::1 64:ff9b::10.0.0.1"
)
PUBLIC = "8.8.8.8 172.32.0.1 172.15.0.1 100.63.255.255 100.128.0.1 198.20.0.1 192.0.1.1 2606:4700::1 2a00::1 64:ff9b::8.8.8.8"


@pytest.mark.parametrize("text", NEVER)
async def test_no_host_may_lead_to_a_special_address(world: World, text: str) -> None:
    assert reachability(ipaddress.ip_address(text)) is Reachability.NEVER
    world.names.known["docs.test"] = [[text]]
    strict = network(world.names, judge=reachability)
    for reach in (Reach(), Reach(private=frozenset({"docs.test", text}))):
        with pytest.raises(CallerError, match="not public"):
            await world.documents(reach, strict).read("https://docs.test/a")
    literal = f"[{text}]" if ":" in text else text
    with pytest.raises(CallerError, match="not public"):
        await world.documents(net=strict).read(f"http://{literal}/latest/meta-data/")


@pytest.mark.parametrize("text", PRIVATE.split())
async def test_a_private_address_is_for_hosts_that_the_operator_named(world: World, text: str) -> None:
    assert reachability(ipaddress.ip_address(text)) is Reachability.PRIVATE
    world.names.known["docs.test"] = [[text]]
    with pytest.raises(CallerError, match=r"private network.*VIGIL_DOCUMENT_PRIVATE_HOSTS"):
        await world.documents(Reach(private=frozenset({"other.test"})), network(world.names)).read(
            "https://docs.test/a"
        )


@pytest.mark.parametrize("text", PUBLIC.split())
def test_the_rest_is_public(text: str) -> None:
    assert reachability(ipaddress.ip_address(text)) is Reachability.PUBLIC


async def test_a_host_with_one_bad_address_among_good_ones_is_refused(world: World, refused: Refused) -> None:
    for bad, why in (("127.0.0.2", "not public"), ("10.0.0.1", "private network"), ("::1", "not public")):
        world.names.known["docs.test"] = [["127.0.0.1", bad]]
        assert why in await refused(world.web.url("/a"))
        world.names.known["docs.test"] = [[bad, "127.0.0.1"]]
        assert why in await refused(world.web.url("/a"))
    assert world.asked == []


async def test_a_name_that_changes_after_the_check_leads_nowhere_else(world: World) -> None:
    world.web.pages["/a"] = reply(page("The good page says this."))
    async with fake_web(host="127.0.0.2", port=world.web.port) as inner:
        inner.pages["/a"] = reply(page("The secret of the network."))
        world.names.known["docs.test"] = [["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]]
        found = await world.documents().read(world.web.url("/a"))
        assert isinstance(found, Page)
        assert "good page" in found.sections[0].text
        assert inner.asked == []
    assert world.names.asked == ["docs.test"]


async def test_the_second_hop_is_looked_up_and_checked_anew(world: World, refused: Refused) -> None:
    world.web.pages["/a"] = reply(b"", "302 Found", location="/b")
    world.web.pages["/b"] = reply(page("Not reached."))
    world.names.known["docs.test"] = [["127.0.0.1"], ["127.0.0.2"]]
    assert "not public" in await refused(world.web.url("/a"))
    assert world.asked == ["/a"]


async def test_what_the_operator_named_may_be_private_and_tells_so(world: World) -> None:
    world.web.pages["/a"] = reply(page("The wiki says this."))
    inside = network(world.names, Reachability.PRIVATE)
    with pytest.raises(CallerError, match="private network"):
        await world.documents(net=inside).read(world.web.url("/a"))
    found = await world.documents(Reach(private=frozenset({"docs.test"})), inside).read(world.web.url("/a"))
    assert isinstance(found, Page)
    assert found.with_credentials


async def test_a_named_host_does_not_open_the_network_to_its_redirects(world: World) -> None:
    world.web.pages["/a"] = reply(b"", "302 Found", location=world.web.url("/admin", "other.test"))
    inside = network(world.names, Reachability.PRIVATE)
    with pytest.raises(CallerError, match=r"other\.test.*private network"):
        await world.documents(Reach(private=frozenset({"docs.test"})), inside).read(world.web.url("/a"))
    assert world.asked == ["/a"]


async def test_only_hosts_of_the_list_are_asked_where_there_is_one(world: World) -> None:
    world.web.pages["/a"] = reply(page("It says this."))
    world.web.pages["/away"] = reply(b"", "302 Found", location=world.web.url("/a", "other.example"))
    for only in ("docs.test", "*.test"):
        found = await world.documents(Reach(only=frozenset({only}))).read(world.web.url("/a"))
        assert isinstance(found, Page)
    for address in (world.web.url("/a", "test"), world.web.url("/a", "notdocs.test.evil"), world.web.url("/away")):
        with pytest.raises(CallerError, match="VIGIL_DOCUMENT_HOSTS"):
            await world.documents(Reach(only=frozenset({"*.test"}))).read(address)
    assert world.asked == ["/a", "/a", "/away"]


async def test_a_host_that_does_not_exist_is_told_apart_from_a_silent_name_server(world: World) -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    async def silent(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    async def odd(host: str, port: int) -> list[str]:
        return ["fe80::1%eth0x!"]

    with pytest.raises(CallerError, match="no such host"):
        await world.documents(net=Network(unknown)).read("https://docs.test/a")
    with pytest.raises(TransientError, match="cannot be looked up"):
        await world.documents(net=Network(silent)).read("https://docs.test/a")
    with pytest.raises(CallerError, match="not public"):
        await world.documents(net=Network(odd)).read("https://docs.test/a")


async def test_the_real_name_server_and_judge_refuse_this_machine(world: World) -> None:
    for host in ("localhost", "127.0.0.1", "[::1]"):
        with pytest.raises(CallerError, match="not public"):
            await world.documents(net=Network()).read(f"http://{host}:{world.web.port}/a")
    assert world.asked == []


def test_the_tests_judge_differs_from_the_real_one_in_one_address() -> None:
    judge = here_is(Reachability.PUBLIC)
    everything = [*NEVER, *PRIVATE.split(), *PUBLIC.split()]
    differing = [t for t in everything if judge(ipaddress.ip_address(t)) is not reachability(ipaddress.ip_address(t))]
    assert differing == ["127.0.0.1"]
    assert Names().known == {}
