"""What is on the screen of a chat, and what is still to come."""

from pathlib import Path

from adapters.terminal.room import Post, Room
from adapters.terminal.screen import JsonScreen
from bot.chat_floor import Floor
from bot.clocks import MovableClock
from tests.unit.desk.support import ANALYST, CHANNEL, table


async def test_what_a_requester_said_waits_until_it_is_dealt_with(tmp_path: Path) -> None:
    async with table(tmp_path) as desk:
        floor = Floor(desk.desk.records, Room({}), JsonScreen({}), MovableClock())
        assert not await floor.waits()
        asked = await desk.post("why do multipart uploads fail with SlowDown?")
        floor.room.took(Post(CHANNEL, asked, asked, "", ""))
        assert await floor.waits()
        await desk.wait(30)
        assert not await floor.waits()
        said = await desk.post("I am looking.", ANALYST, thread=asked)
        floor.room.took(Post(CHANNEL, said, asked, "", ""))
        assert not await floor.waits()
