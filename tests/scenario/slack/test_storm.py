"""A thousand events in ten seconds with everything going wrong: nothing is lost and nothing is said twice."""

from pathlib import Path

import pytest

from tests.fakes.slack.deliveries import Patience
from tests.scenario.slack.conftest import SLOW_DOWN
from tests.scenario.slack.running import running
from tests.scenario.slack.storm import acked_before_stored, stored, storm

ANSWER = "Lower the concurrency to 4 parallel parts"
SOONER = Patience(retry_after_s=(0.0, 12.0, 60.0))
"""A killed bot is back within seconds; Slack's own last retries come after minutes."""


@pytest.mark.slow
async def test_a_busy_morning_loses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    async with running(tmp_path, [SLOW_DOWN], SOONER) as bot:
        early = acked_before_stored(bot)
        came = await storm(bot)
        await bot.until(lambda: all(e.ack or e.lost for e in came.envelopes), within_s=120)
        assert early == []
        posted = {(e.event["channel"], e.event["ts"]) for e in came.envelopes}
        assert posted <= stored(tmp_path)
        await bot.until(lambda: all(bot.cards(thread) for thread in came.threads), within_s=240)
        await bot.slack.deliveries.settled(60)
        cards = [bot.cards(thread) for thread in came.threads]
        assert [len(one) for one in cards] == [1] * len(came.threads)
        assert all(ANSWER in one[0].text for one in cards)
