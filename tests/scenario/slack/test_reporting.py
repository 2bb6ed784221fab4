"""Channels in which it only records, channels in which it is off, and the week in numbers."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.fakes.slack.member import Member
from tests.fakes.slack.world import Channel, Message
from tests.scenario.slack.conftest import SLOW_DOWN
from tests.scenario.slack.running import Running, command, running

pytestmark = pytest.mark.asyncio(loop_scope="module")
ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"
ANSWER = "Lower the concurrency to 4 parallel parts"
UNKNOWN = "Our nightly backup job fails with error 504 Gateway Timeout, how do we fix it?"
RECORDED = "SELECT 1 FROM turns JOIN sessions ON sessions.id = turns.session WHERE channel = ? AND delivery = 'shadow'"
STORED = (
    "SELECT type FROM events WHERE channel = ? AND type NOT IN ('channel_changed', 'command_issued', 'form_submitted')"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A bot that only records, except in its first channel, where it answers."""
    async with running(tmp_path_factory.mktemp("bot"), [SLOW_DOWN], VIGIL_MODE="shadow") as started:
        await configured(started, started.channel, "mode_auto")
        yield started


async def configured(bot: Running, channel: Channel, mode: str) -> None:
    """Set for a channel what the bot does there."""
    await bot.dana.command(channel, "/vigil config")
    await bot.until(lambda: bot.dana.modals)
    await bot.dana.submit(mode=mode)
    await bot.until(lambda: not bot.dana.modals)


def customers(bot: Running, name: str) -> tuple[Channel, Member]:
    """A channel with a customer's person, and that person."""
    carol, acme = bot.slack.person("Carol Customer", bot.bob.person.team), bot.bob.person.team
    return bot.slack.channel(name, [bot.slack.bot, bot.dana, bot.lee, carol], shared_with=[acme]), carol


def posted(bot: Running, channel: Channel) -> list[Message]:
    return [message for message in channel.messages.values() if message.body.get("bot_id") == bot.slack.app.bot.bot_id]


async def stats(bot: Running, who: Member, channel: Channel) -> str:
    """What somebody is told of the week."""
    await who.command(channel, "/vigil stats")
    assert channel.ephemerals[-1].ephemeral_to == who.id
    return channel.ephemerals[-1].text


def number(week: str, label: str) -> int:
    (line,) = (line for line in week.splitlines() if line.startswith(f"{label}: "))
    return int(line.removeprefix(f"{label}: "))


async def test_where_it_only_records_nobody_sees_a_card_and_analysts_see_what_it_would_have_said(bot: Running) -> None:
    channel, carol = customers(bot, "quiet")
    carol.post(channel, ASKED)
    await bot.until_recorded(RECORDED, channel.id)
    assert (posted(bot, channel), bot.on_record(STORED, channel.id)) == ([], [("message_posted",)])
    told = await stats(bot, bot.dana, channel)
    assert "Vigil only records here. It would have answered 1 of 1 questions in scope." in told
    assert "no analyst answered 1" in told
    assert "only records" not in await stats(bot, bot.lee, channel)
    report = await command(bot.slack, bot.home, "shadow", VIGIL_MODE="shadow")
    assert report.stdout.startswith("#quiet: Vigil would have answered 1 of 1 question in scope."), report.stderr
    assert ANSWER in report.stdout


async def test_where_it_is_off_nothing_is_posted_and_nothing_is_stored(bot: Running) -> None:
    channel, carol = customers(bot, "confidential")
    await configured(bot, channel, "mode_off")
    question = carol.post(channel, f"{bot.slack.bot.mention} {ASKED}")
    carol.react(question, "white_check_mark")
    carol.edit(question, f"{bot.slack.bot.mention} {ASKED} Please hurry.")
    await bot.slack.deliveries.settled()
    assert bot.on_record(STORED, channel.id) == []
    await bot.card(bot.dana.post(bot.channel, f"{bot.slack.bot.mention} {UNKNOWN}"))
    assert (posted(bot, channel), channel.statuses) == ([], {})


@pytest.mark.parametrize("analyst", [True, False])
async def test_the_week_in_numbers_is_for_everybody(bot: Running, analyst: bool) -> None:
    channel, carol = customers(bot, f"busy-{analyst}")
    await configured(bot, channel, "mode_auto")
    who = bot.dana if analyst else bot.lee
    before = await stats(bot, who, channel)
    question = carol.post(channel, ASKED)
    await carol.press(await bot.card(question, carol), "vigil:accept:0")
    await bot.until(lambda: "Accepted by Carol Customer" in bot.cards(question, carol)[0].text)
    week = await stats(bot, who, channel)
    assert week.splitlines()[0] == "The last seven days"
    for label in ("Questions answered", "Answers accepted"):
        assert number(week, label) == number(before, label) + 1
    assert "only records" not in week
