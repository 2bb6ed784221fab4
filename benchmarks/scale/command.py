"""``python -m benchmarks scale --entries 10000 272325 --parts hot recall``: one column per size."""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adapters.embedding import open_embedder
from adapters.knowledge_store import open_store
from adapters.knowledge_store.store import LanceStore
from benchmarks.scale import figures
from benchmarks.scale.backfill import fed
from benchmarks.scale.figures import told
from benchmarks.scale.home import built_home
from benchmarks.scale.hot_path import hot_path
from benchmarks.scale.synthetic import Asked, Synthetic, real_words, viewers
from bot.running import share_heaps
from bot.settings import Settings, load_settings, prepare_environment

SIZES = (10_000, 272_325)
"""A team after a year, and the paper's knowledge base."""
QUESTIONS = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A home of one size that may be written to."""

    rows: int
    home: Path
    settings: Settings
    identity: str
    dimension: int

    async def store(self) -> LanceStore:
        """Its store."""
        return await open_store(str(self.home / "knowledge"), self.identity, self.dimension)


async def hot(place: Place) -> None:
    """The hot path by steps."""
    asked = Synthetic(place.dimension).asked(4 * QUESTIONS)
    for count in (1, 4):
        groups = [asked[n : n + count] for n in range(0, count * QUESTIONS, count)]
        ran = await hot_path(place.settings, place.home, groups)
        print(f"hot path, {count} in a message, ms             median      p95", end="   ")
        print(f"({ran.cards} cards, {ran.questions} questions)")
        for step, values in ran.steps.items():
            print(f"  {step:<36} {told(values)}")


async def memory(place: Place) -> None:
    """What a process holds that has answered questions in one of our own words each."""
    words = sorted(real_words())[:: len(real_words()) // QUESTIONS]
    groups = [[Asked(f"why does the {one} fail after the upgrade?", np.zeros(0, np.float32))] for one in words]
    await hot_path(place.settings, place.home, groups, drawn=False)
    print(f"resident memory, MB                    {figures.resident_mb():8.0f}")


async def recall(place: Place) -> None:
    """Recall against exact search."""
    asked = Synthetic(place.dimension).asked(60, seed=1)
    found = await figures.recall(await place.store(), asked, place.rows, place.dimension)
    for name, share in found.items():
        print(f"recall@10, filter {name:<20} {share:8.3f}")


async def search(place: Place) -> None:
    """A look-up by itself under each filter, beside a writer, beside upkeep."""
    asked, store = Synthetic(place.dimension).asked(QUESTIONS, seed=2), await place.store()
    await figures.search_ms(store, asked[:5], viewers()["50 %"])
    print("search, both kinds, ms                   median      p95")
    for name, viewer in viewers().items():
        print(f"  filter {name:<29} {told(await figures.search_ms(store, asked, viewer))}")
    beside = await figures.beside_a_writer(store, asked, place.dimension)
    print(f"  beside ten puts a second             {told(beside)}")
    took_s, beside = await figures.beside_upkeep(store, asked)
    print(f"  beside upkeep                        {told(beside)}   (one takes {took_s:.1f} s)")
    store.close()


async def filling(place: Place) -> None:
    """Embedding and putting entries against the bare encoder: not reading, deciding or learning, as a backfill does besides."""
    store = await place.store()
    share = await figures.filling_share(
        store, await open_embedder(place.settings.embedding_model, place.settings.cache)
    )
    print(f"encoder over embedding and putting     {share:8.2f}          (processor time)")
    store.close()


async def backfill(place: Place) -> None:
    """A whole backfill, of which the encoder is a part."""
    whole = await fed(place.settings, place.home.parent)
    n = whole.messages
    print(f"whole backfill, messages a second      {n / whole.wall_s:8.1f}          ", end="")
    print(f"({n} messages; {whole.opening_s:.1f} s before the first)")
    print(f"  processor time a message, ms         {1000 * whole.busy_s / n:8.1f}")
    print(f"  share that the bare encoder takes    {whole.encoder_s / whole.busy_s:8.2f}          (processor time)")


async def cold(place: Place) -> None:
    """``vigil ask`` from nothing."""
    wall, busy = await figures.cold_ask_s(place.home)
    print(f"vigil ask, cold, s                     {wall:8.2f}          ({busy:.2f} s of processor time)")


PARTS: dict[str, Callable[[Place], Awaitable[None]]] = {
    "hot": hot, "memory": memory, "recall": recall, "search": search, "filling": filling, "backfill": backfill,
    "cold": cold,
}  # fmt: skip


async def _kept(rows: int, settings: Settings) -> tuple[Path, str, int]:
    """The home that is copied, and the model it is for, which is let go: what is measured loads its own."""
    embedder = await open_embedder(settings.embedding_model, settings.cache)
    return await built_home(rows, embedder, settings), embedder.identity, embedder.dimension


async def measure(part: str, rows: int) -> None:
    """Measure one part in a copy of the home of this size."""
    settings = load_settings()
    kept, identity, dimension = await _kept(rows, settings)
    with tempfile.TemporaryDirectory(prefix="vigil-bench-") as folder:
        home = Path(folder) / "home"
        await asyncio.to_thread(shutil.copytree, kept, home)
        offline = settings.model_copy(
            update={"home": home, "engine": "offline", "records_url": "", "knowledge_uri": ""}
        )
        await PARTS[part](Place(rows, home, offline, identity, dimension))


def main(arguments: list[str]) -> None:
    """Measure what is asked for, each part of each size in a process of its own, so that none has the other's memory."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale", description=__doc__)
    parser.add_argument("--entries", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    prepare_environment()
    share_heaps()
    for rows in wanted.entries:
        if wanted.here:
            asyncio.run(measure(wanted.parts[0], rows))
            continue
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        print(f"\n{rows:,} entries; load average {load} on {os.cpu_count()} processors", flush=True)
        for part in wanted.parts:
            command = [sys.executable, "-m", "benchmarks", "scale", "--here", "--entries", str(rows), "--parts", part]
            subprocess.run(command, check=True)
