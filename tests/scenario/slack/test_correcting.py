"""A thread that was answered from what no longer holds is corrected from an analyst's home."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenario.slack.conftest import SLOW_DOWN
from tests.scenario.slack.running import Running, running

ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"
WRONG = "The bot's answer is wrong. Do not lower the concurrency: SlowDown comes from the old endpoint, use the v2 one."
HOLDS = "Switch to the v2 endpoint; the concurrency does not matter."


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Running]:
    """A bot that learns a second after a thread has settled."""
    async with running(tmp_path, [SLOW_DOWN], VIGIL_SETTLE_S="1") as started:
        yield started


async def test_an_analyst_posts_a_correction_and_the_thread_leaves_the_list(bot: Running) -> None:
    question = bot.bob.post(bot.channel, ASKED)
    await bot.card(question)
    bot.dana.post(bot.channel, WRONG, thread=question)
    await bot.until(lambda: "Withdrawn on" in bot.cards(question)[0].text)
    bot.dana.opens_home()
    await bot.until(lambda: bot.dana.home)
    assert bot.dana.home is not None
    assert "no longer holds: 1" in str(bot.dana.home.blocks)
    await bot.dana.press(bot.dana.home, "vigil:post_correction:0")
    await bot.until(lambda: bot.dana.modals)
    await bot.dana.submit(correction=HOLDS)
    await bot.until(lambda: len(bot.cards(question)) == 2)
    assert f"By Dana Analyst: {HOLDS}" in bot.cards(question)[1].text
    await bot.until(lambda: "The correction is being posted." in str(bot.dana.home and bot.dana.home.blocks))
    assert "no longer holds" not in str(bot.dana.home.blocks)
    assert bot.slack.deliveries.violations == []
    assert bot.dana.warnings == []
