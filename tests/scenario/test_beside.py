"""Commands that begin in a free home, where a bot may be started at any time."""

from pathlib import Path

import pytest

from adapters.terminal.messenger import RecordedMessenger
from bot.beside import opened_beside
from bot.clocks import SystemClock
from bot.wiring import Seat, opened
from core.knowledge.projection import stored_entries
from tests.contract.test_knowledge_store import entry
from tests.fakes.replayed import settings_in


@pytest.mark.parametrize("seat", [Seat.BESIDE, Seat.PAST])
async def test_what_began_without_a_bot_sees_at_once_what_a_later_bot_writes(tmp_path: Path, seat: Seat) -> None:
    settings, clock, messenger = settings_in(tmp_path), SystemClock(), RecordedMessenger()
    async with (
        opened_beside(settings, tmp_path, clock, messenger, settings.policy(), seat) as beside,
        opened(settings, tmp_path, clock, messenger, holds=True) as bot,
    ):
        for n in range(3):
            await bot.store.put(await stored_entries([(entry(f"e{n}"), 1)], bot.embedder))
            assert len(await beside.desk.store.inventory()) == n + 1
