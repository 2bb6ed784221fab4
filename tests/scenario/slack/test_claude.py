"""The running bot with Claude: its card, its pictures, and what it does while the provider fails."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from tests.fakes.claude.offline_model import task_of
from tests.fakes.claude.plain_model import plain
from tests.fakes.claude.server import FakeClaude, fake_claude
from tests.scenario.slack.conftest import SLOW_DOWN
from tests.scenario.slack.running import Running, running

ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"
ANSWER = "Lower the concurrency to 4 parallel parts"
KEY = "sk-ant-of-this-test"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[tuple[Running, FakeClaude]]:
    async with fake_claude() as claude:
        claude.api_key, claude.model = KEY, plain
        settings = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": claude.base_url}
        async with running(tmp_path, [SLOW_DOWN], None, **settings) as started:
            yield started, claude
        assert claude.violations == []


def _screenshot() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "PNG")
    return made.getvalue()


async def test_claude_answers_from_what_is_known_and_sees_the_screenshot(bot: tuple[Running, FakeClaude]) -> None:
    running_, claude = bot
    shot = running_.slack.file(running_.bob, "error.png", _screenshot())
    card = await running_.card(running_.bob.post(running_.channel, ASKED, files=(shot,)))
    assert ANSWER in card.text
    assert "Found in the team's knowledge" in card.text
    assert "not read" not in card.text
    asked = {task_of(one.body): one.body["messages"][0]["content"] for one in claude.requests}
    assert set(asked) == {"identify", "rewrite", "generate"}
    assert all(any(block["type"] == "image" for block in content) for content in asked.values())
    await running_.until_recorded("SELECT 1 FROM calls WHERE task = 'generate' AND outcome = 'ok' AND usd > 0")
    assert KEY not in "\n".join(running_.log)


async def test_in_an_outage_it_is_silent_unless_it_is_asked_and_recovers_by_itself(
    bot: tuple[Running, FakeClaude],
) -> None:
    running_, claude = bot
    claude.faults.outage = True
    unasked = running_.bob.post(running_.channel, ASKED)
    await running_.until_recorded("SELECT 1 FROM turns")
    direct = running_.bob.post(running_.channel, f"<@{running_.slack.app.bot.id}> {ASKED}")
    card = await running_.card(direct)
    assert ANSWER in card.text
    assert "Reduced service" in card.text
    assert running_.cards(unasked) == []
    claude.faults.outage = False
    again = running_.bob.post(running_.channel, f"<@{running_.slack.app.bot.id}> once more: {ASKED}")
    await running_.card(again)
    assert ASKED not in "\n".join(running_.log)
