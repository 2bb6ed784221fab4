"""What one person looked up is shared with the channel: by them alone, once, and only what everybody there may see."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.domain.cards import Card, CardKind, CardState, Notice
from core.domain.channels import Channel, ChannelSettings, DeliveryMode
from core.domain.errors import FinalError, TransientError
from core.domain.ids import EntryId
from core.domain.knowledge import INTERNAL, SHARED, Audience
from core.domain.people import Person
from core.knowledge.ledger import Because, retire
from tests.unit.desk.asking import command, press, submit
from tests.unit.desk.clicking import ASKED
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, HOME, OTHER, Table, table

LEE = Person("ULEE", "Lee", HOME)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, analysts=frozenset({ANALYST.id})) as one:
        async with one.desk.records.begin() as work:
            organisations = frozenset({"T0CUS", "T0OTHER"})
            await work.channels.put(Channel(CHANNEL, "support", external=True, organisations=organisations))
        yield one


async def looked_up(desk: Table, by: Person = LEE, audience: Audience = SHARED) -> Card:
    """Look something up; gives the card that only its asker sees."""
    await desk.know(ASKED, audience=audience)
    await command(desk, ASKED, by)
    await desk.wait(5)
    card = list(desk.messenger.posted.values())[-1]
    assert card.kind is CardKind.LOOKUP
    return card


def _share(card: Card) -> str:
    (target,) = [action.target for action in card.actions if action.kind == "share"]
    return target


async def _cards(desk: Table) -> list[Card]:
    await desk.wait(5)
    return list(desk.messenger.posted.values())


async def test_an_answer_is_posted_for_everybody_and_says_who_shared_it(desk: Table) -> None:
    looked = await looked_up(desk)
    assert await press(desk, "share", _share(looked), LEE, CHANNEL) == Notice("share_done")
    _, shared = await _cards(desk)
    assert (shared.kind, shared.destination.person) == (CardKind.ANSWER, None)
    assert shared.destination.channel == CHANNEL
    assert shared.notice == Notice("shared_by", (("by", "Lee"), ("person", "ULEE")))
    assert shared.sections[0].answer.plain_text == looked.sections[0].answer.plain_text


async def test_what_one_person_looked_up_is_sent_again_after_any_error_because_nobody_can_look_for_it(
    desk: Table,
) -> None:
    for failure in (TransientError("Slow down.", retry_after_s=3), TransientError("dropped")):
        desk.messenger.failures.append(failure)
    await desk.know(ASKED, audience=SHARED)
    await command(desk, ASKED, LEE)
    await desk.wait(60)
    assert [card.kind for card in desk.messenger.posted.values()] == [CardKind.LOOKUP]
    assert desk.messenger.calls.count("send") == 3


async def test_whoever_shared_what_the_platform_refuses_is_told(desk: Table) -> None:
    looked = await looked_up(desk)
    await press(desk, "share", _share(looked), LEE, CHANNEL)
    desk.messenger.failures = [FinalError("not in the channel")]
    _, told = await _cards(desk)
    assert (told.destination.person, told.notice) == (LEE.id, Notice("not_sent_refused"))
    assert (told.sections, told.actions) == ((), ())


async def test_where_nothing_is_read_buttons_of_what_was_looked_up_work(desk: Table) -> None:
    off = Channel(CHANNEL, "support", settings=ChannelSettings(mode=DeliveryMode.OFF))
    async with desk.desk.records.begin() as work:
        await work.channels.put(off)
    looked = await looked_up(desk)
    assert await press(desk, "share", _share(looked), LEE, CHANNEL) == Notice("channel_is_silent")
    assert isinstance(await press(desk, "accept", looked.sections[0].answer.id, LEE, CHANNEL), Card)


async def test_it_is_shared_once(desk: Table) -> None:
    looked = await looked_up(desk)
    await press(desk, "share", _share(looked), LEE, CHANNEL)
    assert await press(desk, "share", _share(looked), LEE, CHANNEL) == Notice("share_again")
    assert len(await _cards(desk)) == 2


async def test_only_its_asker_shares_it_and_only_where_it_was_asked(desk: Table) -> None:
    looked = await looked_up(desk)
    assert await press(desk, "share", _share(looked), ANALYST, CHANNEL) == Notice("card_unknown")
    assert await press(desk, "share", _share(looked), LEE, OTHER) == Notice("card_unknown")
    assert await press(desk, "share", "nothing", LEE, CHANNEL) == Notice("card_unknown")
    assert len(await _cards(desk)) == 1


@pytest.mark.parametrize("audience", [INTERNAL])
async def test_what_an_analyst_alone_may_see_is_not_shared(desk: Table, audience: Audience) -> None:
    looked = await looked_up(desk, ANALYST, audience)
    assert await press(desk, "share", _share(looked), ANALYST, CHANNEL) == Notice("share_not_for_channel")
    assert len(await _cards(desk)) == 1


async def test_what_changed_since_is_not_shared(desk: Table) -> None:
    looked = await looked_up(desk)
    async with desk.desk.records.begin() as work:
        await retire(work, EntryId("known"), Because("wrong", "test:retire", desk.clock.now()))
    assert await press(desk, "share", _share(looked), LEE, CHANNEL) == Notice("share_not_for_channel")


async def test_the_audience_is_looked_at_again_when_the_card_goes_out(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        alone = Channel(CHANNEL, "support", external=True, organisations=frozenset({"T0CUS"}))
        await work.channels.put(alone)
    looked = await looked_up(desk, ANALYST, Audience.customer("T0CUS"))
    assert await press(desk, "share", _share(looked), ANALYST, CHANNEL) == Notice("share_done")
    await desk.post("hello from another customer", Person("UNEW", "Ann", "T0OTHER"))
    looked_at, told = await _cards(desk)
    assert (looked_at.kind, told.destination.person) == (CardKind.LOOKUP, ANALYST.id)
    assert told.notice == Notice("not_sent_moved"), "whoever shared it is told"
    session = (await _lookup_turns(desk, looked))[0]
    assert session == "sent"


async def _lookup_turns(desk: Table, card: Card) -> list[str]:
    return [turn.delivery.value for turn in await desk.turns(card.session)]


async def test_it_is_not_shared_where_vigil_only_records(desk: Table) -> None:
    looked = await looked_up(desk)
    await submit(desk, "config", CHANNEL.channel, channel=CHANNEL, mode=f"mode_{DeliveryMode.SHADOW}")
    assert await press(desk, "share", _share(looked), LEE, CHANNEL) == Notice("channel_is_silent")


async def test_a_look_up_of_yesterday_is_not_shared(desk: Table) -> None:
    looked = await looked_up(desk)
    await desk.wait(90_000)
    assert await press(desk, "share", _share(looked), LEE, CHANNEL) == Notice("share_too_old")


async def test_a_shared_card_is_accepted_and_withdrawn_like_any(desk: Table) -> None:
    looked = await looked_up(desk)
    await press(desk, "share", _share(looked), LEE, CHANNEL)
    _, shared = await _cards(desk)
    own = shared.sections[0].answer.id
    assert await press(desk, "accept", own, CUSTOMER, CHANNEL) == Notice("only_asker_or_analyst")
    async with desk.desk.records.begin() as work:
        await retire(work, EntryId("known"), Because("wrong", "test:retire", desk.clock.now()))
    _, shared = await _cards(desk)
    assert shared.state is CardState.WITHDRAWN
