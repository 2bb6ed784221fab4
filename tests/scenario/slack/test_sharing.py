"""A look-up becomes a card for everybody."""

from tests.fakes.slack.world import Message
from tests.scenario.slack.running import Running


def posted(bot: Running) -> list[Message]:
    return [m for m in bot.channel.messages.values() if m.body.get("bot_id") == bot.slack.app.bot.bot_id]


def answers(bot: Running) -> list[Message]:
    return [message for message in bot.channel.ephemerals if "Lower the concurrency" in message.text]


async def test_a_look_up_is_shared_with_the_channel_once(bot: Running) -> None:
    await bot.lee.command(bot.channel, "/vigil why do multipart uploads fail with SlowDown?")
    await bot.until(lambda: answers(bot))
    (card,) = answers(bot)
    assert posted(bot) == []
    await bot.lee.press(card, "vigil:share:0")
    await bot.until(lambda: posted(bot))
    (shared,) = posted(bot)
    assert "Lower the concurrency" in shared.text
    assert "Shared by Lee Colleague." in shared.text
    await bot.lee.press(card, "vigil:share:0")
    await bot.until(lambda: any("shared already" in m.text for m in bot.channel.ephemerals))
    assert len(posted(bot)) == 1
    assert bot.slack.deliveries.violations == []
