"""The home tab: the week for everybody, for analysts the review queue with buttons that work."""

import copy
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.kb_changes import working
from core.domain.ids import EntryId
from core.domain.knowledge import QA, SHARED, EntryStatus, KnowledgeEntry
from core.knowledge.ledger import Because, add
from tests.fakes.replayed import settings_in
from tests.fakes.slack.member import Member
from tests.scenario.slack.running import Running, running

NOW = datetime.now(UTC)
WAITS = KnowledgeEntry(
    id=EntryId("waits"), kind=QA, audience=SHARED, title="Uploads, 503 SlowDown", question="Why do uploads give SlowDown?",
    answer="Lower the concurrency.", created_at=NOW, updated_at=NOW, status=EntryStatus.CANDIDATE,
)  # fmt: skip

RETRIEVABLE = "SELECT 1 FROM revisions WHERE n > 1 AND projected_at IS NOT NULL"
"""What was edited and approved can be found."""


async def candidate(home: Path) -> None:
    """Let something wait for an approval before the bot starts."""
    async with working(settings_in(home), make=True) as desk, desk.records.begin() as work:
        await add(work, WAITS, Because("a lesson", "test:waits", NOW))


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Running]:
    """A bot in whose queue something waits."""
    await candidate(tmp_path)
    async with running(tmp_path) as started:
        yield started


def shows(who: Member, words: str) -> bool:
    return who.home is not None and words in str(who.home.blocks)


async def opened(bot: Running, who: Member) -> None:
    who.opens_home()
    await bot.until(lambda: shows(who, "The last seven days"))


async def test_who_is_no_analyst_sees_the_week_alone(bot: Running) -> None:
    await opened(bot, bot.lee)
    assert not shows(bot.lee, "Waiting for review")


async def test_an_analyst_edits_and_approves_what_waits(bot: Running) -> None:
    await opened(bot, bot.dana)
    assert shows(bot.dana, "Uploads, 503 SlowDown")
    assert bot.dana.home is not None
    await bot.dana.press(bot.dana.home, "vigil:edit_entry:1")
    await bot.until(lambda: bot.dana.modals)
    refused = await bot.dana.submit(answer="")
    assert "answer" in refused.errors
    await bot.dana.submit(answer="Lower the concurrency to 4 parallel parts.")
    await bot.until(lambda: shows(bot.dana, "Nothing waits for review."))
    assert bot.dana.modals == []
    await bot.until_recorded(RETRIEVABLE)
    question = bot.bob.post(bot.channel, "Why do our uploads give 503 SlowDown?")
    assert "4 parallel parts" in (await bot.card(question)).text
    assert bot.slack.deliveries.violations == []
    assert bot.dana.warnings == []


async def test_a_stale_button_says_so(bot: Running) -> None:
    await opened(bot, bot.dana)
    assert bot.dana.home is not None
    before = copy.deepcopy(bot.dana.home)
    before.person = bot.dana.person
    await bot.dana.press(bot.dana.home, "vigil:reject:2")
    await bot.dana.press(before, "vigil:approve:0")
    await bot.until(lambda: shows(bot.dana, "Somebody has changed this meanwhile."))


async def test_a_channel_is_configured_from_the_home(bot: Running) -> None:
    bot.dana.post(bot.channel, "Good morning.")
    await bot.slack.deliveries.settled()
    await opened(bot, bot.dana)
    assert bot.dana.home is not None
    assert shows(bot.dana, "#support · answers · shared with one organisation")
    await bot.dana.press(bot.dana.home, "vigil:configure:0")
    await bot.until(lambda: bot.dana.modals)
    await bot.dana.submit(mode="mode_shadow")
    await bot.until(lambda: shows(bot.dana, "#support · records only"))
