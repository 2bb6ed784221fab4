"""What a button may not do: not for others, not elsewhere, not with somebody else's id. Refused, logged, without effect."""

import copy
import sqlite3

from tests.fakes.slack.world import Channel, Message
from tests.scenario.slack.running import Running, teach

ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"
ONLY = "Only the asker or an analyst can accept this."


def _feedback(bot: Running) -> int:
    with sqlite3.connect(f"file:{bot.home / 'records.db'}?mode=ro", uri=True) as records:
        return int(records.execute("SELECT count(*) FROM feedback").fetchone()[0])


def _forged(bot: Running, card: Message, value: str, channel: Channel | None = None) -> Message:
    """The card with another value behind its first button, as a tampered client would send it, perhaps in another channel."""
    body = {**copy.deepcopy(card.body), "ts": bot.slack.world.clock.ts()}
    button = next(e for block in body["blocks"] if block["type"] == "actions" for e in block["elements"])
    button["value"] = value
    forged = Message(channel or card.channel, body)
    forged.channel.messages[forged.ts] = forged
    return forged


async def _logged(bot: Running, who: str, why: str) -> None:
    """The refusal is on the log by its reason and ids, without a word of anybody."""
    await bot.until(lambda: any("refused" in one and who in one and why in one for one in bot.log))
    assert not any("SlowDown" in one or "xxxx" in one for one in bot.log)


async def _told(bot: Running, who: str, text: str) -> None:
    channels = bot.slack.world.channels.values()
    await bot.until(lambda: any(m.text == text and m.ephemeral_to == who for c in channels for m in c.ephemerals))


async def test_a_bystander_cannot_accept_what_another_customer_asked(bot: Running) -> None:
    eve = bot.slack.person("Eve Bystander", bot.bob.person.team)
    eve.join(bot.channel)
    question = bot.bob.post(bot.channel, ASKED)
    card = await bot.card(question)
    outcome = await eve.press(card, "vigil:accept:0")
    assert outcome.warning == ""
    await _told(bot, eve.id, ONLY)
    await _logged(bot, eve.id, "only_asker_or_analyst")
    assert (_feedback(bot), "Accepted" in bot.cards(question)[0].text) == (0, False)


async def test_a_button_with_a_foreign_or_stale_value_does_nothing(bot: Running) -> None:
    question = bot.bob.post(bot.channel, ASKED)
    card = await bot.card(question)
    other = bot.slack.channel("other", [bot.slack.bot, bot.dana, bot.bob], shared_with=[bot.bob.person.team])
    answer = card.blocks[-2]["elements"][0]["value"]
    for value, where in (("no-such-answer", None), (answer, other), ("x" * 1900, None)):
        forged = _forged(bot, card, value, where)
        outcome = await bot.bob.press(forged, "vigil:accept:0")
        assert outcome.warning == ""
    await _told(bot, bot.bob.id, "This card is no longer known here.")
    await _logged(bot, bot.bob.id, "card_unknown")
    assert _feedback(bot) == 0


async def test_an_entry_opens_only_for_whom_it_is(bot: Running) -> None:
    question = bot.bob.post(bot.channel, ASKED)
    card = await bot.card(question)
    await bot.bob.press(card, "vigil:open_entry:1")
    await bot.until(lambda: bot.bob.modals)
    assert "Lower the concurrency" in str(bot.bob.modals[-1].blocks)
    await bot.bob.close()
    await bot.stop()
    await teach(bot.home, ("What is our margin?", "The margin is 40 percent."), audience="internal")
    with sqlite3.connect(bot.home / "records.db") as records:
        (secret,) = records.execute("SELECT subject_id FROM revisions WHERE after LIKE '%margin is 40%'").fetchone()
    await bot.start()
    buttons = [e for block in card.blocks if block["type"] == "actions" for e in block["elements"]]
    opens = next(e for e in buttons if "open_entry" in e["action_id"])
    opens["value"] = secret
    await bot.bob.press(card, opens["action_id"])
    await _told(bot, bot.bob.id, "This entry cannot be shown here.")
    await _logged(bot, bot.bob.id, "entry_unknown")
    assert bot.bob.modals == []
    await bot.dana.press(card, opens["action_id"])
    await bot.until(lambda: bot.dana.modals)
    assert "40 percent" in str(bot.dana.modals[-1].blocks)


async def test_what_only_analysts_may_see_reaches_them_alone(bot: Running) -> None:
    await bot.stop()
    lesson = ("What is the margin on the Pro plan?", "The margin on the Pro plan is 40 percent.")
    await teach(bot.home, lesson, audience="internal")
    await bot.start()
    question = bot.bob.post(bot.channel, f"{bot.slack.bot.mention} What is the margin on the Pro plan?")
    assert "40 percent" not in (await bot.card(question)).text
    await bot.lee.command(bot.channel, "/vigil What is the margin on the Pro plan?")
    await bot.until(
        lambda: any(m.ephemeral_to == bot.lee.id and "Looking" not in m.text for m in bot.channel.ephemerals)
    )
    assert not any("40 percent" in m.text for m in bot.channel.ephemerals)
    await bot.dana.command(bot.channel, "/vigil What is the margin on the Pro plan?")
    await bot.until(
        lambda: any("40 percent" in m.text for m in bot.channel.ephemerals if m.ephemeral_to == bot.dana.id)
    )
