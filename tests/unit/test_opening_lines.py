"""Beneath an answer of ``vigil ask``: what opens the sources, and what was only named as closest."""

from datetime import UTC, datetime

from bot.opening import opening
from core.domain.answers import Citation
from core.domain.cards import Card, Destination
from core.domain.channels import ChannelRef
from core.domain.ids import CardId, EntryId, SessionId, TurnId
from core.domain.knowledge import CHUNK
from tests.fakes.unit_of_work import MemoryRecords

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
PART = Citation(2, EntryId("2d51f2cf-0000#3"), 1, "Backups", "https://docs.example.com/backups", CHUNK, NOW)


async def test_a_document_that_is_only_near_is_opened_like_one_that_answers() -> None:
    channel = ChannelRef("terminal", "home", "ask")
    card = Card(CardId("c"), SessionId("s"), TurnId("t"), Destination(channel, "ask"), "en", (), closest=(PART,))
    async with MemoryRecords().read() as work:
        (line,) = await opening(work, card)
    assert line.startswith("[2] https://docs.example.com/backups: `vigil kb show 2d51f2cf#3` prints it.")
