"""What people write while the bot is dead or cut off is read when it is back."""

from pathlib import Path

from adapters.records import open_records
from core.domain.channels import ChannelRef
from core.domain.sessions import Message
from core.ports.journal import MessageTold, Place
from tests.scenario.slack.running import Running

ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"


def caught_up(bot: Running) -> int:
    return sum("caught_up" in line for line in bot.log)


async def transcript(home: Path, channel: ChannelRef) -> list[Message]:
    records = await open_records(f"sqlite+aiosqlite:///{home / 'records.db'}")
    try:
        told, _ = await records.journal.since(Place())
    finally:
        await records.close()
    return [t.message for t in told if isinstance(t, MessageTold) and t.session.channel == channel]


async def test_what_was_written_while_the_bot_was_dead_is_answered_once(bot: Running) -> None:
    await bot.until(lambda: caught_up(bot) == 1)
    before = bot.bob.post(bot.channel, ASKED)
    await bot.card(before)
    await bot.kill()
    bot.dana.post(bot.channel, "That is the concurrency again.", thread=before)
    missed = bot.lee.post(bot.channel, "We plan a maintenance window on Friday.")
    asked = bot.bob.post(bot.channel, "Multipart uploads fail with 503 SlowDown, what can we do about that?")
    await bot.start()
    await bot.card(asked)
    await bot.until(lambda: caught_up(bot) == 2)
    assert len(bot.cards(before)) == 1
    assert len(bot.cards(asked)) == 1
    assert bot.cards(missed) == []
    await bot.stop()
    kept = await transcript(bot.home, ChannelRef("slack", bot.slack.world.home.id, bot.channel.id))
    written = {m.ts for m in bot.channel.messages.values() if m.body["user"] != bot.slack.bot.id}
    assert sorted(m.platform_id for m in kept) == sorted(written)


async def test_a_channel_that_the_bot_was_not_told_of_before_is_not_read_back(bot: Running) -> None:
    await bot.until(lambda: caught_up(bot) == 1)
    await bot.kill()
    late = bot.slack.channel("elsewhere", [bot.slack.bot, bot.dana, bot.bob])
    old = bot.bob.post(late, ASKED)
    await bot.start()
    await bot.until(lambda: caught_up(bot) == 2)
    await bot.stop()
    assert await transcript(bot.home, ChannelRef("slack", bot.slack.world.home.id, late.id)) == []
    assert bot.bob.screen(late, old) == [old]


async def test_a_rate_limit_slows_catching_up_and_not_the_live_answers(bot: Running) -> None:
    await bot.until(lambda: caught_up(bot) == 1)
    await bot.kill()
    missed = bot.bob.post(bot.channel, "Multipart uploads fail with 503 SlowDown, what can we do about that?")
    bot.slack.faults.storm(1, retry_after_s=5, method="conversations.history")
    await bot.start()
    # Another person: with what Bob has asked just before it could be one burst.
    ann = bot.slack.person("Ann Customer", bot.bob.person.team)
    ann.join(bot.channel)
    live = ann.post(bot.channel, ASKED)
    await bot.card(live)
    assert caught_up(bot) == 1, "the live question was answered while Slack held the reading back"
    await bot.until(lambda: caught_up(bot) == 2)
    await bot.stop()
    kept = await transcript(bot.home, ChannelRef("slack", bot.slack.world.home.id, bot.channel.id))
    assert {missed.ts, live.ts} <= {m.platform_id for m in kept}


async def test_what_was_written_while_the_line_was_cut_is_read(bot: Running) -> None:
    await bot.until(lambda: caught_up(bot) == 1)
    bot.slack.faults.refused(2, "internal_error", method="apps.connections.open")
    for connection in bot.slack.connections.live:
        connection.drop()
    missed = bot.bob.post(bot.channel, ASKED)
    await bot.card(missed)
    assert len(bot.cards(missed)) == 1
