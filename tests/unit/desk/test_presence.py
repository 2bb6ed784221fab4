"""A guest of the home workspace sees what their own channel may see, also where they only click or command (DESIGN 1.4)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.domain.cards import EntryPage, Notice
from core.domain.channels import Channel
from core.domain.knowledge import SHARED, Audience
from core.domain.people import Person
from tests.unit.desk.asking import command, press
from tests.unit.desk.clicking import ASKED
from tests.unit.desk.support import ANALYST, CHANNEL, HOME, KNOWN, Table, table

GUEST = Person("UGUE", "Gus", f"guest:{CHANNEL.channel}")
STRANGER = Person("USTR", "USTR")
COLLEAGUE = Person("UCOL", "Col", HOME)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, analysts=frozenset({ANALYST.id})) as one:
        yield one


async def _looked_up(desk: Table, by: Person, audience: Audience) -> list[str]:
    await desk.know(ASKED, audience=audience)
    await command(desk, ASKED, by)
    await desk.wait(10)
    (card,) = desk.messenger.posted.values()
    closest = [citation.title for citation in card.closest]
    return [*closest, *(section.answer.plain_text for section in card.sections)]


@pytest.mark.parametrize("by", [GUEST, STRANGER])
async def test_what_only_the_home_organisation_may_see_is_not_looked_up_for(desk: Table, by: Person) -> None:
    assert await _looked_up(desk, by, Audience.customer(HOME)) == []


@pytest.mark.parametrize("by", [GUEST, STRANGER])
async def test_what_all_customers_may_see_is_looked_up_for(desk: Table, by: Person) -> None:
    assert await _looked_up(desk, by, SHARED) == [KNOWN]


async def test_what_the_home_organisation_may_see_is_looked_up_for_its_members(desk: Table) -> None:
    assert await _looked_up(desk, COLLEAGUE, Audience.customer(HOME)) == [KNOWN]


async def test_a_look_up_of_what_one_customer_may_see_is_not_for_a_guest_of_the_channel(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        await work.channels.put(Channel(CHANNEL, "support", external=True, organisations=frozenset({"T0CUS"})))
    assert await _looked_up(desk, GUEST, Audience.customer("T0CUS")) == []


async def _channel(desk: Table) -> Channel:
    async with desk.desk.records.read() as work:
        return await work.channels.get(CHANNEL)


async def test_a_guest_who_only_commands_makes_the_channel_a_shared_one(desk: Table) -> None:
    await command(desk, "help", GUEST)
    channel = await _channel(desk)
    assert (channel.external, channel.customer) == (True, GUEST.organisation)


async def test_a_guest_who_clicks_opens_nothing_of_the_home_organisation(desk: Table) -> None:
    entry = await desk.know(ASKED, audience=Audience.customer(HOME))
    assert isinstance(await press(desk, "open_entry", entry, COLLEAGUE, CHANNEL), EntryPage)
    assert await press(desk, "open_entry", entry, GUEST, CHANNEL) == Notice("entry_unknown")


async def test_a_click_on_a_persons_home_is_in_no_channel(desk: Table) -> None:
    await press(desk, "approve", "known@1", GUEST)
    async with desk.desk.records.read() as work:
        assert await work.channels.all() == []
