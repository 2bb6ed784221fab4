"""``vigil chat``: the whole bot in a terminal, in a home of its own."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.terminal.lines import EditedLines, PipedLines, above_the_line
from adapters.terminal.messenger import AbsentMessenger, TerminalMessenger
from adapters.terminal.room import ANALYSTS, Room
from adapters.terminal.screen import JsonScreen, PeopleScreen, Screen
from adapters.terminal.typed import COMMANDS, parse
from bot.called import as_called
from bot.chat_acts import Chat
from bot.chat_drive import Drive
from bot.chat_floor import Floor
from bot.chat_home import Begun, begun_in, customers_of
from bot.chat_start import first_speakers, welcome
from bot.clocks import MovableClock
from bot.engines import check_provider
from bot.feeding import REPLAY_BUDGET_S
from bot.home import hold
from bot.past import at
from bot.running import STOPPED
from bot.settings import Settings
from bot.wiring import assemble, opened
from core.domain.channels import DeliveryMode
from core.domain.errors import CallerError, VigilError
from core.domain.policy import Policy

NO_INPUT = "There is nothing to read: standard input is closed."
MARK = "chat:ahead"
"""How far the clock was ahead, as a time after 1970."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to chat: what to begin with (an export, or a home), afresh or not, as JSON or for people."""

    begin_with: Path | None = None
    fresh: bool = False
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Typist:
    """How it is typed: ``live`` by a person, whose pauses are real, and ``edits`` with a line editor."""

    live: bool
    edits: bool


async def chat(settings: Settings, wanted: Wanted) -> int:
    """Chat until the end of what is typed; gives the exit code. Raises ``CallerError`` where there is nothing to begin with, or
    another process is in the chat's home."""
    if sys.stdin is None or sys.stdin.closed:
        raise CallerError(NO_INPUT)
    typist = Typist(sys.stdin.isatty(), sys.stdin.isatty() and sys.stdout.isatty() and not wanted.as_json)
    await check_provider(settings)
    begun = await begun_in(settings, wanted.begin_with, wanted.fresh)
    settings = settings.model_copy(update={"home": begun.home, "records_url": "", "knowledge_uri": ""})
    screen: Screen = JsonScreen({}) if wanted.as_json else PeopleScreen(echoes=not typist.live)
    with hold(begun.home):
        async with opened_chat(settings, begun, screen, live=typist.live) as made:
            if not wanted.as_json:
                await welcome(made, begun, settings)
            code = await _until_stopped(made, typist)
    if typist.live and not wanted.as_json:
        screen.say([as_called(f"Kept in {begun.home}; the same command goes on from there, --fresh begins anew.")])
    return code


@asynccontextmanager
async def opened_chat(settings: Settings, begun: Begun, screen: Screen, *, live: bool) -> AsyncIterator[Chat]:
    """Open the bot of a chat in its held home, and go on where that was left."""
    clock = MovableClock()
    async with opened(settings, begun.home, clock, AbsentMessenger(), holds=True) as parts:
        async with parts.records.read() as work:
            channels, ahead = await work.channels.all(), await work.marks.get(MARK)
        floor = Floor(parts.records, Room(customers_of(channels)), screen, clock)
        messenger = TerminalMessenger(floor.show, floor.room.described)
        bot = await assemble(replace(parts, messenger=messenger), settings, _policy(settings, begun, live))
        told = await floor.remember(bot.journal)
        clock.advance(datetime.now(UTC) + ((ahead or _EPOCH) - _EPOCH))
        clock.advance(max((at(one) for one in told), default=_EPOCH))
        made = Chat(bot, floor, Drive(bot.runner, clock, lambda: floor.tell(bot.journal)), clock, live=live)
        await first_speakers(made, channels)
        await made.look_around()
        yield made


def _policy(settings: Settings, begun: Begun, live: bool) -> Policy:
    """Roles are what ``/as`` says, so that nobody is an analyst by id; modes are what ``/mode`` says. Through a pipe a slow
    machine says the same as a fast one."""
    policy = settings.policy()
    return replace(
        policy,
        analysts=frozenset(),
        analyst_groups=frozenset(),
        analyst_channel=ANALYSTS,
        mode=DeliveryMode.AUTO,
        scope=begun.scope or policy.scope,
        answer_budget_s=policy.answer_budget_s if live else REPLAY_BUDGET_S,
    )


async def _until_stopped(made: Chat, typist: Typist) -> int:
    """Read what is typed until its end, Ctrl-C or SIGTERM; gives the exit code."""
    reading = asyncio.create_task(_typed(made, typist))
    tasks: list[asyncio.Task[Any]] = [reading]
    if typist.live:
        tasks.append(asyncio.create_task(made.drive.live()))
    with contextlib.suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, reading.cancel)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.result()
    return 0 if reading.cancelled() else reading.result()


async def _typed(made: Chat, typist: Typist) -> int:
    """Do line by line what is typed; gives the exit code."""
    try:
        if not typist.edits:
            await _each(made, PipedLines(sys.stdin.fileno(), made.prompt if typist.live else None))
            return 0
        with above_the_line():
            await _each(made, EditedLines(made.prompt, made.status, tuple(f"/{name}" for name in COMMANDS)))
    except KeyboardInterrupt:
        return STOPPED
    return 0


async def _each(made: Chat, source: PipedLines | EditedLines) -> None:
    async for line in source.lines():
        try:
            if not await made.do(parse(line)):
                return
        except VigilError as error:
            if not made.live:
                raise
            made.say(error.sentence)
        finally:
            await made.look_around()
            await _keep_time(made)


async def _keep_time(made: Chat) -> None:
    """Keep how far the clock is ahead, so that it goes on from there next time."""
    if made.clock.ahead:
        async with made.bot.desk.records.begin() as work:
            await work.marks.put(MARK, _EPOCH + made.clock.ahead)
