"""A channel whose id changes because it gets shared: everything in it goes on."""

import asyncio
import sqlite3

from tests.fakes.slack.world import Channel, Message
from tests.scenario.slack.running import Running, command

ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"
ANSWER = "Lower the concurrency to 4 parallel parts"


async def moved(bot: Running, times: int = 1) -> None:
    """Share the channel with another workspace, which gives it another id, and wait until the bot knows."""
    bot.slack.share(bot.channel, bot.slack.team(f"Globex {times}"), new_id=True)
    await bot.until(lambda: sum("channel_moved" in line for line in bot.log) == times)


def asked_by_another(bot: Running) -> Message:
    """The same question of somebody else: a session of its own."""
    eve = bot.slack.person("Eve Customer", bot.bob.person.team)
    eve.join(bot.channel)
    return eve.post(bot.channel, ASKED)


async def drafting(bot: Running) -> Channel:
    """Set for the channel that analysts see a draft first; gives where."""
    analysts = bot.slack.channel("analysts", [bot.slack.bot, bot.dana])
    await bot.dana.command(bot.channel, "/vigil config")
    await bot.until(lambda: bot.dana.modals)
    await bot.dana.submit(mode="mode_draft", analyst_channel=analysts.id)
    await bot.until(lambda: not bot.dana.modals)
    return analysts


async def drafts(bot: Running, analysts: Channel, number: int) -> list[Message]:
    await bot.until(lambda: len(bot.dana.screen(analysts)) == number)
    return bot.dana.screen(analysts)


def channels_on_record(bot: Running) -> set[str]:
    with sqlite3.connect(f"file:{bot.home / 'records.db'}?mode=ro", uri=True) as records:
        return {channel for (channel,) in records.execute("SELECT DISTINCT channel FROM sessions")}


async def test_the_thread_its_card_and_the_settings_go_on_under_the_new_id(bot: Running) -> None:
    old = bot.channel.id
    question = bot.bob.post(bot.channel, ASKED)
    card = await bot.card(question)
    analysts = await drafting(bot)
    await moved(bot)
    assert bot.channel.id != old
    await bot.bob.press(card, "vigil:accept:0")
    await bot.until(lambda: "Accepted by Bob Customer" in bot.cards(question)[0].text)
    again = asked_by_another(bot)
    (draft,) = await drafts(bot, analysts, 1)
    await bot.dana.press(draft, "vigil:send_draft:0")
    assert ANSWER in (await bot.card(again)).text
    assert channels_on_record(bot) == {old}
    assert bot.slack.deliveries.violations == []


async def test_a_bot_that_starts_anew_still_knows_and_catches_up(bot: Running) -> None:
    old = bot.channel.id
    question = bot.bob.post(bot.channel, ASKED)
    card = await bot.card(question)
    await moved(bot)
    await moved(bot, 2)
    await bot.stop()
    missed = asked_by_another(bot)
    await bot.start()
    await bot.card(missed)
    await bot.bob.press(card, "vigil:accept:0")
    await bot.until(lambda: "Accepted by Bob Customer" in bot.cards(question)[0].text)
    assert len(bot.cards(missed)) == 1
    assert channels_on_record(bot) == {old}


async def test_a_card_that_is_on_its_way_meanwhile_is_posted_once_under_the_new_id(bot: Running) -> None:
    bot.slack.faults.slow(1, seconds=2.0, method="chat.postMessage")
    question = bot.bob.post(bot.channel, ASKED)
    for _ in range(500):
        if bot.slack.faults.met:
            break
        await asyncio.sleep(0.02)
    assert (bot.slack.faults.met, bot.cards(question)) == ([("slow", "chat.postMessage")], [])
    await moved(bot)
    assert ANSWER in (await bot.card(question)).text
    assert [given["channel"] == bot.channel.id for given in bot.slack.called("chat.postMessage")] == [False, True]


async def test_a_card_that_waits_meanwhile_is_posted_under_the_new_id(bot: Running) -> None:
    question = bot.bob.post(bot.channel, ASKED)
    await bot.slack.deliveries.settled()
    await moved(bot)
    assert ANSWER in (await bot.card(question)).text
    assert channels_on_record(bot) == {bot.slack.deliveries.events("message")[0].event["channel"]}


async def test_a_channel_is_read_back_by_its_old_and_its_new_id(bot: Running) -> None:
    old = bot.channel.id
    await moved(bot)
    await bot.stop()
    bot.bob.post(bot.channel, ASKED)
    for name in (old, bot.channel.id):
        done = await command(bot.slack, bot.home, "backfill", "--channel", name)
        assert done.returncode == 0, done.stderr
    assert channels_on_record(bot) == {old}
