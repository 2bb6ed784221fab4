"""What people do on a message in Slack: close its session, ask why."""

from tests.fakes.slack.world import Message
from tests.scenario.slack.running import Running

ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"


def told(bot: Running, who: str) -> list[Message]:
    return [message for message in bot.channel.ephemerals if message.ephemeral_to == who]


async def test_why_and_close_on_a_message_and_why_in_its_thread(bot: Running) -> None:
    question = bot.bob.post(bot.channel, ASKED)
    card = await bot.card(question)
    await bot.dana.shortcut(card, "why_message")
    await bot.until(lambda: bot.dana.modals)
    assert "answered" in str(bot.dana.modals[-1].blocks)
    why = bot.bob.post(bot.channel, f"{bot.slack.bot.mention} why?", thread=question)
    await bot.until(lambda: told(bot, bot.bob.id))
    (page,) = told(bot, bot.bob.id)
    assert "Why Vigil did that" in page.text
    assert (page.root_ts, told(bot, bot.dana.id)) == (why.root_ts, [])
    await bot.dana.shortcut(question, "close_session")
    await bot.until(lambda: told(bot, bot.dana.id))
    assert "This thread is closed for Vigil" in told(bot, bot.dana.id)[-1].text
    assert len(bot.cards(question)) == 2  # the answer, and what Bob alone was told
    assert bot.slack.deliveries.violations == []
    assert bot.dana.warnings == []
