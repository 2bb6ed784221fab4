"""What the live driver makes of a scenario is what a replay of it makes, whatever runs side by side (DESIGN 8)."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.history import Export
from bot import replay as replaying
from bot.clocks import MessageClock
from bot.wiring import Bot
from core.desk import runner
from tests.fakes.replayed import EXAMPLES, Replayed, replayed

SOON_S = 0.01
EVENTS = 40
"""The first days of the example: enough for answers, abstentions and silence."""


async def _until_nothing_is_due(bot: Bot, clock: MessageClock, driver: "asyncio.Task[None]") -> None:
    while (due := await bot.runner.next_at()) is not None and due <= clock.now():
        await asyncio.sleep(SOON_S)
        if driver.done():
            driver.result()


async def _live_feed(bot: Bot, export: Export, clock: MessageClock) -> AsyncIterator[None]:
    """Stands for ``bot.feeding.feed``: the live driver works, here only time passes and messages come."""
    driver = asyncio.create_task(bot.runner.live())
    try:
        for event in (*export.events[:EVENTS], None):
            while (due := await bot.runner.next_at()) is not None and (event is None or due <= event.at):
                clock.advance(due)
                await _until_nothing_is_due(bot, clock, driver)
            if event is not None:
                clock.advance(event.at)
                await bot.intake.receive(event)
            yield
    finally:
        driver.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await driver


def _turns(one: Replayed) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    names = one.ts
    return {tuple(names[m] for m in turn["message_ids"]): turn["questions"] for turn in one.of("turn")}


def test_live_gives_the_same_turns_as_a_replay(acme: Replayed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "feed", _live_feed)
    monkeypatch.setattr(runner, "POLL_S", SOON_S)
    with contextlib.redirect_stderr(io.StringIO()):
        live = replayed(EXAMPLES / "acme", tmp_path)
    said = set(live.ts.values())
    assert _turns(live) == {messages: made for messages, made in _turns(acme).items() if said.issuperset(messages)}
    outcomes = {question["outcome"] for made in _turns(live).values() for question in made}
    assert outcomes >= {"answered", "abstained", "silent"}
