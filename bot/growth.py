"""``vigil eval growth`` and ``vigil eval replay-quality``: a dated replay in a home that is thrown away, then looked back
on."""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.history import Export, read_export
from adapters.terminal.messenger import RecordedMessenger
from bot.clocks import MessageClock
from bot.feeding import feed, replay_policy, settle_channels
from bot.measure import Performing, at_once, opened_engine
from bot.settings import Settings
from bot.telling import Telling, tell
from bot.wiring import assemble, opened
from core.domain.calibration import Calibration
from core.domain.errors import CallerError
from core.domain.policy import Policy
from core.evaluate.counting import Counting
from core.evaluate.growth import TENTHS, Tenth, growth_report, tenths
from core.evaluate.replay_quality import replay_quality
from core.evaluate.report import Report
from core.evaluate.trial import Ablation
from core.ports.embedder import Embedder
from core.ports.journal import Place, Told

HEAD = "tenth  in scope  answered        led to the human's  known  retired"


@dataclass(frozen=True, slots=True)
class Growing:
    """What to replay (``limit``: only the first so many messages and other events), and what is ablated: without learning the
    first tenth teaches and nothing is added, not by review or accept either; without review nothing is corrected."""

    export: Path
    home_team: str | None = None
    ablated: frozenset[Ablation] = frozenset()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class _Replayed:
    told: Sequence[Told]
    engine: Counting
    embedder: Embedder
    calibration: Calibration


async def growth(settings: Settings, wanted: Growing, how: Performing, telling: Telling) -> Report:
    """Replay, then print a line per tenth and the figures of the whole."""
    begun = time.monotonic()
    async with _replayed(settings, wanted, how) as one:
        found = await tenths(one.told, one.embedder, one.calibration)
        _print(found, telling.as_json)
        return tell(growth_report(found, begun), one.engine, telling)


async def quality(settings: Settings, wanted: Growing, how: Performing, telling: Telling) -> Report:
    """Replay, then judge what was answered and print the figures. ``at_once`` counts what is judged; a replay is one thread of
    time."""
    begun = time.monotonic()
    async with _replayed(settings, wanted, how) as one:
        flight = at_once(how, one.engine)
        done = await replay_quality(one.told, one.engine, one.embedder, one.calibration, flight, begun)
        return tell(done, one.engine, telling)


@asynccontextmanager
async def _replayed(settings: Settings, wanted: Growing, how: Performing) -> AsyncIterator[_Replayed]:
    export = await asyncio.to_thread(read_export, wanted.export, wanted.home_team)
    export = replace(export, events=export.events[: wanted.limit])
    if not export.events:
        raise CallerError(f"{export.name} holds no messages: name an export with threads.")
    # Which engine performs is asked below: a record replays without a key.
    here = settings.model_copy(update={"records_url": "", "knowledge_uri": "", "engine": "offline"})
    clock = MessageClock()
    with tempfile.TemporaryDirectory(prefix="vigil-growth-") as home:
        async with (
            opened(here, Path(home), clock, RecordedMessenger()) as parts,
            opened_engine(settings, how, parts.embedder, Path(home)) as engine,
        ):
            policy = _policy(settings, export, wanted.ablated)
            local = parts.engine if engine.remote else None
            bot = await assemble(replace(parts, engine=engine, local=local), here, policy, parks=False)
            await settle_channels(bot, export)
            async for _ in feed(bot, export, clock):
                pass
            told, _ = await bot.journal.since(Place())
            yield _Replayed(told, engine, parts.embedder, bot.desk.calibration)


def _policy(settings: Settings, export: Export, ablated: frozenset[Ablation]) -> Policy:
    learning = Ablation.NO_LEARNING not in ablated
    policy = replace(replay_policy(settings, export), review=learning and Ablation.NO_REVIEW not in ablated)
    if learning:
        return policy
    first, last = export.events[0].at, export.events[-1].at
    return replace(policy, learn_until=first + (last - first) / TENTHS, accept_reactions=frozenset())


def _print(found: Sequence[Tenth], as_json: bool) -> None:
    if as_json:
        lines = [json.dumps(one.as_json(n)) for n, one in enumerate(found, start=1)]
    else:
        lines = [HEAD, *(_row(number, one) for number, one in enumerate(found, start=1))]
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _row(number: int, one: Tenth) -> str:
    shares = f"{_part(one.answered):<14}  {_part(one.led):<18}"
    return f"{number:>5}  {len(one.answered):>8}  {shares}  {one.known:>5}  {one.retired:>7}"


def _part(hits: Sequence[bool]) -> str:
    return f"{sum(hits)} of {len(hits)} ({sum(hits) / len(hits):.0%})" if hits else "none"
