"""The one place where concrete objects are made. Tests call it too, with fakes in place of some."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from adapters.embedding import open_embedder, open_reranker
from adapters.engine.offline.engine import OfflineEngine
from adapters.engine.offline.weights import load_weights
from adapters.knowledge_store import open_store
from adapters.records import open_records
from bot.calibrations import key_of, load_calibration
from bot.engines import opened_engines
from bot.settings import Settings
from core.desk.consumers import CONSUMERS
from core.desk.context import Desk
from core.desk.fetch_job import fetch_consumer
from core.desk.intake import Intake
from core.desk.runner import Runner
from core.domain.policy import Policy
from core.knowledge.projection import Projector
from core.ports.attachments import Attachments
from core.ports.clock import Clock
from core.ports.embedder import Embedder
from core.ports.engine import Engine
from core.ports.journal import Journal
from core.ports.knowledge_store import KnowledgeStore
from core.ports.messenger import Messenger
from core.ports.records import Records
from core.ports.reranker import Reranker


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything running: the desk, the door, the driver, and the journal to tell from."""

    desk: Desk
    intake: Intake
    runner: Runner
    journal: Journal


@dataclass(frozen=True, slots=True)
class Parts:
    """The ports as made for a home; a test replaces or wraps some before they are put together. ``local`` is the engine on this
    machine where ``engine`` is another one."""

    records: Records
    journal: Journal
    store: KnowledgeStore
    embedder: Embedder
    engine: Engine
    messenger: Messenger
    clock: Clock
    reranker: Reranker | None = None
    attachments: Attachments | None = None
    local: Engine | None = None


@asynccontextmanager
async def opened(
    settings: Settings, home: Path, clock: Clock, messenger: Messenger, *, anew: bool = False
) -> AsyncIterator[Parts]:
    """Open the real ports of a home and close them at the end; ``anew`` starts with an empty knowledge store, and ends when its
    index is built."""
    embedder = await open_embedder(settings.embedding_model, settings.cache)
    reranker = await open_reranker(settings.reranker_model, settings.cache) if settings.reranker_model else None
    weights = load_weights(embedder.identity, settings.home)
    records = await open_records(settings.records_url or f"sqlite+aiosqlite:///{home / 'records.db'}")
    async with AsyncExitStack() as ends:
        ends.push_async_callback(records.close)
        uri = settings.knowledge_uri or str(home / "knowledge")
        store = await open_store(uri, embedder.identity, embedder.dimension, anew=anew)
        ends.callback(store.close)
        offline = OfflineEngine(embedder, weights, settings.cache)
        async with opened_engines(settings, home, records, offline) as engines:
            yield Parts(
                records, records.journal, store, embedder, engines.engine, messenger, clock, reranker, local=engines.local
            )  # fmt: skip
        if anew:
            await store.built()


async def assemble(parts: Parts, settings: Settings, policy: Policy, *, parks: bool = True) -> Bot:
    """Put the ports together; ``parks`` is the runner's. The caller holds the home's lock: leases of a dead process are given
    back, and what the store has lost is put anew."""
    calibration = load_calibration(key_of(parts.embedder, parts.reranker), settings.home)
    if settings.dedup_theta is not None:
        calibration = replace(calibration, repeat_theta=settings.dedup_theta)
    owner = f"bot-{uuid4().hex[:12]}"
    projector = Projector(parts.records, parts.store, parts.embedder, parts.clock)
    consumers = CONSUMERS if parts.attachments is None else (*CONSUMERS, fetch_consumer)
    desk = Desk(
        parts.records, parts.store, parts.embedder, parts.engine, parts.messenger, parts.clock, policy, calibration,
        projector, consumers, owner, parts.reranker, parts.attachments, parts.local,
    )  # fmt: skip
    async with parts.records.begin() as work:
        await work.owners.release(owner)
    await projector.mend()
    return Bot(desk, Intake(desk), Runner(desk, parks=parks), parts.journal)
