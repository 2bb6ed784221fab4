"""``python -m benchmarks.replays EXPORT [SEED]``: one replay in a process of its own, as a JSON line with what it broke.

With a seed the export is reshaped first, and one message in twenty arrives late.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import structlog

from adapters.history import Export, read_export
from adapters.terminal.messenger import RecordedMessenger
from adapters.terminal.summary import Tally
from benchmarks.gates import Said, repeats
from benchmarks.reshape import late, reshape
from bot.clocks import MessageClock
from bot.feeding import feed, replay_policy, settle_channels
from bot.settings import Settings, load_settings, prepare_environment
from bot.wiring import assemble, opened
from core.ports.journal import Place


async def replayed(settings: Settings, export: Export, home: Path) -> dict[str, object]:
    """Replay, then check all that was said. ``peak_mb`` is this process's largest resident size."""
    begun, clock = time.monotonic(), MessageClock()
    settings = settings.model_copy(update={"records_url": "", "knowledge_uri": ""})
    async with opened(settings, home, clock, RecordedMessenger()) as parts:
        bot = await assemble(parts, settings, replay_policy(settings, export), parks=False)
        await settle_channels(bot, export)
        async for _ in feed(bot, export, clock):
            pass
        seconds, peak = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told, _ = await bot.journal.since(Place())
        async with bot.desk.records.read() as work:
            said = Said({channel.ref.key: channel for channel in await work.channels.all()})
        breaches = [*said.breaches(told), *await repeats(said, parts.embedder, bot.desk.calibration)]
    usage = resource.getrusage(resource.RUSAGE_SELF)
    figures = {"seconds": round(seconds), "cpu_s": round(usage.ru_utime + usage.ru_stime), "peak_mb": round(peak)}
    return {**Tally.of(told).as_json({}), **figures, "breaches": breaches}


def exported(folder: Path, seed: int | None, work: Path) -> Export:
    """The export itself, or its harder form with its late arrivals."""
    if seed is None:
        return read_export(folder)
    harder = work / f"{folder.name}-reshaped"
    reshape(folder, harder, seed)
    export = read_export(harder)
    return replace(export, events=late(export.events, seed))


def main(folder: Path, seed: int | None) -> None:
    """Print what became of it."""
    prepare_environment()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with tempfile.TemporaryDirectory(prefix="vigil-replay-") as work:
        export = exported(folder, seed, Path(work))
        home = Path(work) / "home"
        home.mkdir()
        done = asyncio.run(replayed(load_settings(), export, home))
    print(json.dumps({"export": export.name, **done}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
