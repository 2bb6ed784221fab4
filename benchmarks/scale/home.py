"""The homes that are measured: built once through the store and the ledger, kept in the cache folder, copied before they are
written to."""

import hashlib
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from adapters.knowledge_store import open_store
from adapters.knowledge_store.access import FLAT_UP_TO
from adapters.knowledge_store.rows import SCHEMA_VERSION
from adapters.records import open_records
from benchmarks.scale.synthetic import EDITION, Synthetic, batches
from bot.settings import Settings
from core.domain.documents import DOCUMENT
from core.domain.ids import subject_of
from core.domain.knowledge import CHUNK, ENTRY, ChangeKind, Revision, StoredEntry
from core.ports.embedder import Embedder
from core.ports.records import Records

BATCH = 5_000


async def built_home(rows: int, embedder: Embedder, settings: Settings) -> Path:
    """The folder of a home with so many entries, index and all; built when it is not in the cache."""
    home = settings.cache / "bench" / f"{rows}-{_key(embedder)}"
    if not home.exists():
        sys.stderr.write(f"Building a home of {rows:,} entries, once, in {home}\n")
        half = home.with_suffix(".part")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        await _fill(half, rows, embedder)
        half.rename(home)
    return home


def _key(embedder: Embedder) -> str:
    """Another model, another schema or other entries make another home."""
    made_of = (EDITION, SCHEMA_VERSION, FLAT_UP_TO, embedder.identity)
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:12]


async def _fill(home: Path, rows: int, embedder: Embedder) -> None:
    known = Synthetic(embedder.dimension)
    records = await open_records(f"sqlite+aiosqlite:///{home / 'records.db'}")
    store = await open_store(str(home / "knowledge"), embedder.identity, embedder.dimension)
    for start, end in batches(rows, BATCH):
        entries = known.batch(start, end)
        await _taught(entries, records)
        await store.put(entries)
        sys.stderr.write(f"\r{end:,}")
    sys.stderr.write("\n")
    await records.close()
    await store.maintain(datetime.now(UTC))
    await store.built()


async def _taught(entries: Sequence[StoredEntry], records: Records) -> None:
    """The ledger as it is when all of these were learned and projected."""
    async with records.begin() as work:
        for stored in entries:
            await work.ledger.append(_first(stored))
        marked = [(subject_of(stored.entry.id), 1) for stored in entries]
        await work.projections.mark(marked, entries[-1].entry.created_at)


def _first(stored: StoredEntry) -> Revision:
    subject = subject_of(stored.entry.id)
    kind = DOCUMENT if stored.entry.kind == CHUNK else stored.entry.kind
    entry = replace(stored.entry, id=subject, kind=kind)
    return Revision(
        subject_kind=ENTRY, subject_id=subject, n=1, change=ChangeKind.ADDED, after=entry, at=entry.created_at,
        why="for the benchmark", job=f"bench:{subject}",
    )  # fmt: skip
