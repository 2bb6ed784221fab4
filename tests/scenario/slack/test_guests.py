"""A guest makes a channel a shared one, and is nobody's analyst; and nothing is shared where not everybody may see it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.text.catalogue import say
from tests.fakes.slack.member import Member
from tests.fakes.slack.world import Channel, Message, World
from tests.scenario.slack.running import Running, running, teach

pytestmark = pytest.mark.asyncio(loop_scope="module")
HOME_ONLY = ("How do I rotate the gateway key?", "Run rotate --now on the gateway node, then restart it.")
INTERNAL = ("What is the margin on the Pro plan?", "The margin on the Pro plan is 40 percent.")
KEY, NODE = "How do we rotate the gateway key?", "Run rotate --now on the gateway node"
ONLY_ANALYST = "Only an analyst can do this."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A bot that knows what is for colleagues only and what is for analysts only. Nobody is named: all colleagues are these."""
    home = tmp_path_factory.mktemp("bot")
    await teach(home, HOME_ONLY, audience=f"customer:{World().home.id}")
    await teach(home, INTERNAL, audience="internal")
    async with running(home, VIGIL_ANALYSTS="") as started:
        yield started


def internal(bot: Running, name: str, *others: Member) -> Channel:
    """A channel of colleagues and whom else is given."""
    return bot.slack.channel(name, [bot.slack.bot, bot.dana, bot.lee, *others])


def new_guest(bot: Running) -> Member:
    return bot.slack.person("Gus Guest", guest=True)


async def mentioned(bot: Running, who: Member, channel: Channel) -> Message:
    """What the bot answers to somebody who asks it about the key."""
    return await bot.card(who.post(channel, f"{bot.slack.bot.mention} {KEY}"), who)


async def told(bot: Running, channel: Channel, who: Member, words: str) -> Message:
    """Wait until somebody alone is told something; gives it."""

    def found() -> list[Message]:
        return [m for m in channel.ephemerals if m.ephemeral_to == who.id and words in m.text]

    await bot.until(found)
    return found()[-1]


def posted(bot: Running, channel: Channel) -> list[Message]:
    return [message for message in channel.messages.values() if message.body.get("bot_id") == bot.slack.app.bot.bot_id]


async def refused(bot: Running, who: Member, why: str) -> None:
    """It is on the log who was refused, and why."""
    await bot.until(lambda: any("refused" in line and who.id in line and why in line for line in bot.log))


def tells_nothing(card: Message) -> bool:
    return "I have nothing reliable on this." in card.text and "gateway" not in str(card.body)


async def test_what_is_for_colleagues_only_is_not_shown_where_a_guest_reads_along(bot: Running) -> None:
    guest = new_guest(bot)
    guest.post(internal(bot, "lobby", guest), "Good morning, everybody.")
    await bot.slack.deliveries.settled()
    assert tells_nothing(await mentioned(bot, bot.lee, internal(bot, "projects", guest)))
    assert NODE in (await mentioned(bot, bot.lee, internal(bot, "operations"))).text


async def test_once_a_guest_has_written_what_is_for_colleagues_only_is_not_shown_any_more(bot: Running) -> None:
    guest = new_guest(bot)
    channel = internal(bot, "reception", guest)
    guest.post(channel, "Good morning, everybody.")
    await bot.slack.deliveries.settled()
    assert tells_nothing(await mentioned(bot, bot.lee, channel))


async def test_once_a_guest_has_joined_what_is_for_colleagues_only_is_not_shown_any_more(bot: Running) -> None:
    channel = internal(bot, "gateway")
    assert NODE in (await mentioned(bot, bot.lee, channel)).text
    new_guest(bot).join(channel)
    await bot.slack.deliveries.settled()
    assert tells_nothing(await mentioned(bot, bot.dana, channel))


async def test_a_guest_is_no_analyst_where_every_colleague_is(bot: Running) -> None:
    guest = new_guest(bot)
    channel = internal(bot, "helpdesk", guest)
    await guest.command(channel, "/vigil pause")
    await told(bot, channel, guest, ONLY_ANALYST)
    await refused(bot, guest, "only_analyst")
    await bot.lee.command(channel, "/vigil pause")
    await told(bot, channel, bot.lee, "Vigil is paused in this channel")


async def test_what_an_analyst_alone_may_see_is_not_shared_with_a_customer(bot: Running) -> None:
    await bot.lee.command(bot.channel, f"/vigil {INTERNAL[0]}")
    card = await told(bot, bot.channel, bot.lee, "40 percent")
    await bot.lee.press(card, "vigil:share:0")
    await told(bot, bot.channel, bot.lee, say("en", "share_not_for_channel"))
    await refused(bot, bot.lee, "share_not_for_channel")
    assert posted(bot, bot.channel) == []


async def test_what_was_looked_up_among_colleagues_is_not_shared_once_a_guest_is_there(bot: Running) -> None:
    channel = internal(bot, "platform")
    await bot.lee.command(channel, f"/vigil {KEY}")
    card = await told(bot, channel, bot.lee, NODE)
    new_guest(bot).join(channel)
    await bot.slack.deliveries.settled()
    await bot.lee.press(card, "vigil:share:0")
    await told(bot, channel, bot.lee, say("en", "share_not_for_channel"))
    assert posted(bot, channel) == []
