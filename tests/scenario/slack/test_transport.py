"""What goes wrong between Slack and the bot, and must not be seen by anybody: each was a known failure of a peer."""

import signal
import sqlite3
from functools import partial
from pathlib import Path

from tests.scenario.slack.conftest import SLOW_DOWN
from tests.scenario.slack.running import Running, running

ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"
ANSWER = "Lower the concurrency to 4 parallel parts"


async def test_what_is_delivered_twice_is_answered_once(bot: Running) -> None:
    bot.slack.deliveries.hold()
    question = bot.bob.post(bot.channel, f"{bot.slack.bot.mention} {ASKED}")
    bot.slack.deliveries.release(lambda held: [*held, *held, *reversed(held)])
    await bot.card(question)
    await bot.slack.deliveries.settled()
    follow_up = bot.bob.post(bot.channel, "And where is the setting for that?", thread=question)
    await bot.until(lambda: follow_up.ts in [m.ts for m in bot.bob.screen(bot.channel, question)])
    await bot.slack.deliveries.settled()
    assert sum(ANSWER in card.text for card in bot.cards(question)) == 1


def _more_than(bot: Running, connections: int) -> bool:
    return len(bot.slack.connections.all) > connections


async def test_a_refreshed_connection_is_replaced_before_it_is_closed(bot: Running) -> None:
    for connection in list(bot.slack.connections.live):
        before = len(bot.slack.connections.all)
        await connection.disconnect("warning")
        await bot.until(partial(_more_than, bot, before))
        assert connection in bot.slack.connections.live, "closed before the next one stood"
    question = bot.bob.post(bot.channel, ASKED)
    assert ANSWER in (await bot.card(question)).text
    assert bot.slack.connections.tickets_refused == 0


async def test_a_socket_that_answers_pings_and_carries_nothing_is_replaced(tmp_path: Path) -> None:
    async with running(tmp_path, [SLOW_DOWN], VIGIL_SLACK_SILENT_S="2") as bot:
        deaf = list(bot.slack.connections.live)
        for connection in deaf:
            connection.go_deaf(pongs=True, routed=False)
        await bot.until(lambda: len(bot.slack.connections.live) >= 2)
        question = bot.bob.post(bot.channel, ASKED)
        assert ANSWER in (await bot.card(question)).text


async def test_cut_lines_are_opened_again(bot: Running) -> None:
    for connection in list(bot.slack.connections.live):
        connection.drop()
    await bot.until(lambda: len(bot.slack.connections.live) >= 2)
    question = bot.bob.post(bot.channel, ASKED)
    assert ANSWER in (await bot.card(question)).text


async def test_a_post_whose_answer_is_lost_is_found_and_not_posted_again(bot: Running) -> None:
    bot.slack.faults.lost_answer(1)
    question = bot.bob.post(bot.channel, ASKED)
    card = await bot.card(question)
    await bot.bob.press(card, "vigil:accept:0")
    await bot.until(lambda: "Accepted by" in bot.cards(question)[0].text)
    assert bot.slack.called("conversations.replies")
    assert len(bot.cards(question)) == 1


async def test_a_storm_of_rate_limits_delays_and_loses_nothing(bot: Running) -> None:
    bot.slack.faults.storm(3, retry_after_s=1, method="chat.postMessage")
    question = bot.bob.post(bot.channel, ASKED)
    assert ANSWER in (await bot.card(question)).text
    assert len(bot.cards(question)) == 1


async def test_buttons_work_after_a_restart(bot: Running) -> None:
    question = bot.bob.post(bot.channel, ASKED)
    card = await bot.card(question)
    await bot.kill()
    await bot.start()
    outcome = await bot.bob.press(card, "vigil:accept:0")
    assert outcome.warning == ""
    await bot.until(lambda: "Accepted by Bob Customer" in bot.cards(question)[0].text)
    await bot.bob.press(bot.cards(question)[0], "vigil:undo_accept:0")
    await bot.until(lambda: "Accepted by" not in bot.cards(question)[0].text)


async def test_ctrl_c_ends_a_busy_bot_soon_and_without_a_traceback(bot: Running) -> None:
    for n in range(15):
        bot.bob.post(bot.channel, f"{ASKED} Part {n}.")
    await bot.until(lambda: bot.slack.called("chat.postMessage"))
    assert await bot.stop(signal.SIGINT) == 130
    assert [line for line in bot.log if "Traceback" in line or "Unclosed" in line or "closed" in line] == []
    assert bot.log[-1] == "Stopped."
    await bot.start()


async def test_a_store_that_fails_makes_slack_deliver_again(bot: Running) -> None:
    held = sqlite3.connect(bot.home / "records.db", isolation_level=None, timeout=30)
    held.execute("BEGIN IMMEDIATE")
    question = bot.bob.post(bot.channel, ASKED)
    try:
        await bot.until(lambda: any(len(envelope.attempts) > 1 for envelope in bot.slack.deliveries.events("message")))
    finally:
        held.execute("ROLLBACK")
        held.close()
    assert ANSWER in (await bot.card(question)).text
    assert len(bot.cards(question)) == 1


async def test_follow_ups_in_a_thread_and_direct_messages_are_answered(bot: Running) -> None:
    opened = bot.bob.post(bot.channel, "Hello, we have a problem with the nightly job")
    bot.dana.post(bot.channel, "Hi Bob, what is it?", thread=opened)
    bot.bob.post(bot.channel, ASKED, thread=opened)
    assert ANSWER in (await bot.card(opened)).text
    direct = bot.lee.direct()
    asked = bot.lee.post(direct, ASKED)
    await bot.until(lambda: any(ANSWER in message.text for message in bot.lee.screen(direct, asked)))
