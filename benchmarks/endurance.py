"""Months of support in minutes: events by the fake clock through the real door, driver, records and store, with a cheap
embedder and engine. ``python -m benchmarks.endurance [EVENTS]`` prints what is held at 20, 60 and 100 percent."""

import asyncio
import functools
import gc
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from pydantic_core import TzInfo

from adapters.knowledge_store import upkeep
from bot.running import share_heaps
from bot.settings import prepare_environment
from core.desk.retain_job import order_retention
from core.domain.channels import ChannelRef
from core.domain.events import MessageDeleted, MessageEdited
from core.domain.knowledge import Audience, KnowledgeEntry, StoredEntry
from core.domain.people import Person, Role
from core.domain.sessions import QuestionClass
from core.domain.tasks import ExtractInput, Extraction, Identified, IdentifyInput, Lesson, NotKnownYet
from core.knowledge.ledger import order_upkeep
from tests.unit.desk.support import ANALYST, HOME, Table, table

EVENTS = 10_000
MONTHS = timedelta(days=61)
SITTING = 12
"""Messages in quick succession, most of them in two threads; then nobody writes for a while."""
LEFT_S = 3 * 86_400.0
PARTS = (0.2, 0.6, 1.0)
CHANNELS = tuple(ChannelRef("slack", HOME, f"C{n}") for n in range(8))
THINGS = "bucket upload region timeout key policy version restore retry header token queue client error limit console".split()
SMALL_TALK = ("ok", "thanks a lot", "one moment", "trying now")
VERBS = "fails stops hangs grows repeats expires".split()


@dataclass(frozen=True, slots=True)
class Asked:
    """A thread: where it is, its first message, who asked and about what."""

    channel: ChannelRef
    ts: str
    asker: Person
    about: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a process and its home hold: live objects, open files, resident memory, the records with their log, how old in days
    the oldest words of a transcript are, the store; and the seconds of processor time since the beginning."""

    events: int
    objects: int
    open_files: int
    resident_mb: float
    records_mb: float
    wal_mb: float
    words_days: float
    store_files: int
    store_mb: float
    entries: int
    jobs: int
    cpu_s: float


async def endure(folder: Path, events: int = EVENTS, seed: int = 3) -> AsyncIterator[tuple[Held, Table]]:
    """Live through ``events`` and give what is held at each of ``PARTS``; at the end everything that waits has been done."""
    upkeep.KEEP_VERSIONS = timedelta(seconds=1)  # by the real clock, two months pass in minutes
    async with table(folder) as desk:
        desk.engine.says |= {"identify": _identify, "extract": _extract}
        chance, pause_s = random.Random(seed), MONTHS.total_seconds() * SITTING / events
        marks = [int(events * part) for part in PARTS]
        threads: list[Asked] = []
        for n in range(1, events + 1):
            await _say(desk, threads, chance, n)
            if n % SITTING and n != events:
                desk.clock.pass_s(1)
                continue
            await order_retention(desk.desk)
            async with desk.desk.records.begin() as work:
                await order_upkeep(work, desk.clock.now())  # as often as months of lessons would have it
            await desk.wait(pause_s if n < events else LEFT_S)
            desk.engine.asked.clear()
            desk.messenger.posted.clear()
            desk.messenger.calls.clear()
            if marks and n >= marks[0]:
                marks.pop(0)
                yield await held(desk, folder, n), desk


def _identify(inputs: IdentifyInput) -> Identified:
    asks = any("?" in line.text for line in inputs.burst)
    return Identified(QuestionClass.WITHIN_SCOPE if asks else QuestionClass.NO_ASSISTANCE_NEEDED, "by its mark", 1.0)


def _extract(inputs: ExtractInput) -> Extraction:
    said = [line for line in inputs.dialogue if line.role is Role.ANALYST and "set `" in line.text]
    if not said:
        return Extraction(NotKnownYet("nobody has said it"))
    last = said[-1]
    thing = inputs.question.split()[1]
    return Extraction(Lesson(thing, inputs.question, "", last.text, (), (last.id,), None, True, 1.0))


async def _say(desk: Table, threads: list[Asked], chance: random.Random, n: int) -> None:
    """A new question, an answer to one, small talk, an edit or a deletion."""
    kind = chance.random()
    if n % SITTING in (1, 2) or not threads:
        asker, channel = Person(f"U{n % 97}", f"Asker {n % 97}", "T0CUS"), CHANNELS[n % len(CHANNELS)]
        about = f"{chance.choice(THINGS)}-{chance.randrange(40)}"
        text = f"The {about} {chance.choice(VERBS)} with code {chance.randrange(400)}, why?"
        threads.append(Asked(channel, await desk.post(text, asker, channel=channel), asker, about))
        del threads[:-2]
        return
    one = threads[n % len(threads)]
    about = one.about
    if kind < 0.3:
        said = f"Please set `{about}={chance.randrange(9)}` in {about}.toml."
        await desk.post(said, ANALYST, thread=one.ts, channel=one.channel)
    elif kind < 0.95:
        await desk.post(chance.choice(SMALL_TALK), one.asker, thread=one.ts, channel=one.channel)
    elif kind < 0.98:
        await _change(desk, one, edited=f"The {about} {chance.choice(VERBS)}, any idea why?")
    else:
        await _change(desk, one)


async def _change(desk: Table, one: Asked, edited: str | None = None) -> None:
    ts, channel, at = one.ts, one.channel, desk.clock.at
    name = f"{channel.channel}:{ts}:{at}"
    await desk.intake.receive(
        MessageDeleted(source="test", external_id=name, at=at, channel=channel, message_id=ts)
        if edited is None
        else MessageEdited(source="test", external_id=name, at=at, channel=channel, message_id=ts, text=edited)
    )


async def held(desk: Table, folder: Path, events: int) -> Held:
    """Look at what is held now, but for what bounded caches of texts and entries remember: they take thousands of events to
    fill."""
    kind = type(functools.lru_cache(_mb))
    for cache in [one for one in gc.get_objects() if type(one) is kind]:
        cache.cache_clear()
    gc.collect()
    files = await asyncio.to_thread(
        lambda: [f.stat().st_size for f in (folder / "knowledge").rglob("*") if f.is_file()]
    )
    async with desk.desk.records.read() as work:
        jobs = await work.owners.listing()
    words_days = await asyncio.to_thread(_oldest_words, folder / "records.db", desk.clock.at)
    return Held(
        events, _objects(), _open_files(), _resident_mb(), _mb(folder / "records.db"), _mb(folder / "records.db-wal"),
        words_days, len(files), sum(files) / 1e6, len(await desk.desk.store.inventory()), len(jobs), time.process_time(),
    )  # fmt: skip


def _objects() -> int:
    return sum(type(one) not in (StoredEntry, KnowledgeEntry, Audience, TzInfo) for one in gc.get_objects())


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _oldest_words(records: Path, now: datetime) -> float:
    with closing(sqlite3.connect(records)) as open_:
        (oldest,) = open_.execute("SELECT min(at) FROM messages WHERE text != ''").fetchone()
    return (now.timestamp() - oldest / 1e6) / 86_400 if oldest else 0.0


def _mb(path: Path) -> float:
    return path.stat().st_size / 1e6 if path.exists() else 0.0


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * 4096 / 1e6


async def main(events: int, tell: Callable[[str], object] = print) -> None:
    """Print a line for each part."""
    with tempfile.TemporaryDirectory(prefix="vigil-endurance-") as folder:
        async for one, _ in endure(Path(folder), events):
            tell(
                f"{one.events:>6} events  {one.objects:>7} objects  {one.open_files:>4} open files  "
                f"{one.resident_mb:6.0f} MB resident  records "
                f"{one.records_mb:6.1f} MB + {one.wal_mb:4.1f} log, "
                f"words of {one.words_days:4.1f} days  store {one.store_files:>4} files {one.store_mb:6.1f} MB, "
                f"{one.entries} entries  {one.jobs} jobs  {one.cpu_s:5.0f} s of processor"
            )


if __name__ == "__main__":
    prepare_environment()
    share_heaps()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS))
