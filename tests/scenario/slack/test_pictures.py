"""Screenshots: kept by the running bot, and gone with their message."""

from pathlib import Path

from tests.scenario.slack.running import Running

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def kept(home: Path) -> list[bytes]:
    return [path.read_bytes() for path in (home / "attachments").rglob("*.png")]


async def test_a_customers_screenshot_is_kept_until_its_message_is_deleted(bot: Running) -> None:
    shot = bot.slack.file(bot.bob, "error.png", PNG)
    question = bot.bob.post(bot.channel, "Our multipart uploads fail with 503 SlowDown, why?", files=(shot,))
    card = await bot.card(question)
    assert "The screenshot was not read." in card.text
    await bot.until(lambda: any("attachments_kept" in line for line in bot.log))
    assert kept(bot.home) == [PNG]
    bot.bob.delete(question)
    await bot.until(lambda: sum("attachments_kept" in line for line in bot.log) == 2)
    assert kept(bot.home) == []
