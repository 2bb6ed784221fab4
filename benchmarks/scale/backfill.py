"""A whole ``vigil backfill`` of a made-up export: reading, deciding, learning and putting, against the bare encoder on the same
texts."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from adapters.embedding import open_embedder
from benchmarks.year import Size, write_year
from bot.export_backfill import backfill
from bot.settings import Settings

MOST, FEW = Size(channels=6, days=14), Size(channels=1, days=2)
"""343 messages; and some that go before, so that models are loaded and what is left is what a backfill takes before its first
message: to open the home, and to read what it knew."""


@dataclass(frozen=True, slots=True)
class Fed:
    """What so many messages took, real and processor time, beyond what a backfill of few takes; ``opening_s`` is that in real
    time, ``encoder_s`` the bare encoder's processor time for their texts."""

    messages: int
    wall_s: float
    busy_s: float
    encoder_s: float
    opening_s: float


async def fed(settings: Settings, folder: Path) -> Fed:
    """Feed a home; exports are written to ``folder``."""
    write_year(folder / "few", FEW)
    messages = write_year(folder / "most", MOST)
    await _took(settings, folder / "few")  # loads what is loaded once
    opening, busy = await _took(settings, folder / "few")  # all of it is known: nothing is fed
    wall, all_busy = await _took(settings, folder / "most")
    encoder = await _encoder_s(settings, folder / "most")
    return Fed(messages, wall - opening, all_busy - busy, encoder, opening)


async def _took(settings: Settings, export: Path) -> tuple[float, float]:
    wall, busy = time.perf_counter(), time.process_time()
    await backfill(settings, export, None, lists_skipped=False)
    return time.perf_counter() - wall, time.process_time() - busy


async def _encoder_s(settings: Settings, export: Path) -> float:
    texts = _texts(export)
    embedder = await open_embedder(settings.embedding_model, settings.cache)
    await embedder.embed(texts[:1], "passage")
    busy = time.process_time()
    await embedder.embed(texts, "passage")
    return time.process_time() - busy


def _texts(export: Path) -> list[str]:
    return [one["text"] for day in sorted(export.glob("*/*.json")) for one in json.loads(day.read_text("utf-8"))]
