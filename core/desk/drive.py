"""Feeding recorded events through the door, with the timers of message time (DESIGN 8)."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from core.desk.intake import Intake
from core.desk.runner import Runner
from core.domain.events import InboundEvent
from core.ports.records import Records

MOST_HELD = timedelta(days=2)
"""How long, in message time, everything may be held up by an outage before nothing more is tried: longer than until the next
day's budget. Message time jumps, so that an outage in real time would else never end."""


class SettableClock(Protocol):
    """A clock that a replay moves; it never runs backwards."""

    def now(self) -> datetime:
        """The message time reached."""
        ...

    def advance(self, to: datetime) -> None:
        """Move on; an earlier time changes nothing."""
        ...


async def drive(
    events: Iterable[InboundEvent], intake: Intake, runner: Runner, records: Records, clock: SettableClock
) -> AsyncIterator[InboundEvent]:
    """Receive events in order, running what is due before each, and give every event once it is in.

    Events that were stored before (a replay that was interrupted) are passed over without moving time, so that what was
    pending then runs exactly as it would have.
    """
    for event in events:
        await take(event, intake, runner, records, clock)
        yield event


async def take(event: InboundEvent, intake: Intake, runner: Runner, records: Records, clock: SettableClock) -> bool:
    """Receive one event in its turn, unless it was stored before; gives whether it was new."""
    if await _known(records, event):
        return False
    await run_until(event.at, runner, clock)
    clock.advance(event.at)
    return (await intake.receive(event)).stored


async def _known(records: Records, event: InboundEvent) -> bool:
    async with records.read() as work:
        return await work.events.known(event.source, event.external_id)


async def run_until(until: datetime | None, runner: Runner, clock: SettableClock) -> None:
    """Run all timers up to ``until`` one after the other at their own times; ``None`` drains everything, but for what an outage
    holds up."""

    def time_of(next_at: datetime) -> datetime | None:
        if next_at > until if until else _is_held(runner, next_at):
            return None
        clock.advance(next_at)
        return clock.now()

    await runner.run_while(time_of)


def _is_held(runner: Runner, next_at: datetime) -> bool:
    return runner.held_since is not None and next_at > runner.held_since + MOST_HELD
