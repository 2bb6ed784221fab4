"""``vigil eval growth``: a dated replay in a home that is thrown away, told per tenth of its time."""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.history import Export, read_export
from adapters.terminal.messenger import RecordedMessenger
from bot.clocks import MessageClock
from bot.feeding import feed, replay_policy, settle_channels
from bot.settings import Settings
from bot.wiring import assemble, opened
from core.domain.errors import CallerError
from core.domain.policy import Policy
from core.evaluate.growth import TENTHS, Tenth, growth_report, tenths
from core.evaluate.report import Report
from core.ports.journal import Place

HEAD = "tenth  in scope  answered        led to the human's  known  retired"


@dataclass(frozen=True, slots=True)
class Growing:
    """What to replay, and what is switched off: ``learning`` off keeps what the first tenth taught and adds nothing, not by
    review or accept either; ``review`` off corrects nothing."""

    export: Path
    home_team: str | None = None
    learning: bool = True
    review: bool = True


async def growth(settings: Settings, wanted: Growing, as_json: bool) -> Report:
    """Replay, then print a line per tenth and the figures of the whole."""
    begun = time.monotonic()
    export = await asyncio.to_thread(read_export, wanted.export, wanted.home_team)
    if not export.events:
        raise CallerError(f"{export.name} holds no messages: name an export with threads.")
    found = await _replayed(settings, export, _policy(settings, export, wanted))
    done = growth_report(found, begun)
    _print(found, done, as_json)
    return done


def _policy(settings: Settings, export: Export, wanted: Growing) -> Policy:
    policy = replace(replay_policy(settings, export), review=wanted.review and wanted.learning)
    if wanted.learning:
        return policy
    first, last = export.events[0].at, export.events[-1].at
    return replace(policy, learn_until=first + (last - first) / TENTHS, accept_reactions=frozenset())


async def _replayed(settings: Settings, export: Export, policy: Policy) -> list[Tenth]:
    settings = settings.model_copy(update={"records_url": "", "knowledge_uri": ""})
    clock = MessageClock()
    with tempfile.TemporaryDirectory(prefix="vigil-growth-") as home:
        async with opened(settings, Path(home), clock, RecordedMessenger()) as parts:
            bot = await assemble(parts, settings, policy, parks=False)
            await settle_channels(bot, export)
            async for _ in feed(bot, export, clock):
                pass
            told, _ = await bot.journal.since(Place())
            return await tenths(told, parts.embedder, bot.desk.calibration)


def _print(found: Sequence[Tenth], done: Report, as_json: bool) -> None:
    if as_json:
        lines = [json.dumps(line) for line in (*(one.as_json(n) for n, one in enumerate(found, 1)), done.as_json())]
    else:
        lines = [HEAD, *(_row(number, one) for number, one in enumerate(found, start=1)), *_figures(done)]
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _row(number: int, one: Tenth) -> str:
    shares = f"{_part(one.answered):<14}  {_part(one.led):<18}"
    return f"{number:>5}  {len(one.answered):>8}  {shares}  {one.known:>5}  {one.retired:>7}"


def _figures(done: Report) -> list[str]:
    return [
        f"growth     {name:<13} {one.value:.3f}  [{one.low:.3f}, {one.high:.3f}]  n={done.n}  {done.seconds:.0f} s"
        for name, one in done.figures.items()
    ]


def _part(hits: Sequence[bool]) -> str:
    return f"{sum(hits)} of {len(hits)} ({sum(hits) / len(hits):.0%})" if hits else "none"
