"""The one place where concrete objects are made. Tests call it too, with fakes in place of some."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial
from pathlib import Path
from uuid import uuid4

from adapters.embedding import open_embedder, open_reranker
from adapters.engine.offline.engine import OfflineEngine
from adapters.engine.offline.weights import load_weights
from adapters.knowledge_store import open_store
from bot.calibrations import key_of, load_calibration
from bot.engines import opened_engines
from bot.home import hold_if_free, teaching
from bot.records import records_of
from bot.settings import Settings
from core.desk.consumers import CONSUMERS
from core.desk.context import Desk
from core.desk.fetch_job import fetch_consumer
from core.desk.intake import Intake
from core.desk.refresh_job import link_consumer
from core.desk.runner import Runner
from core.domain.policy import Policy
from core.knowledge.beside import Projecting, ProjectorBeside
from core.knowledge.projection import Projector
from core.ports.attachments import Attachments
from core.ports.clock import Clock
from core.ports.documents import Documents
from core.ports.embedder import Embedder
from core.ports.engine import Engine
from core.ports.journal import Journal
from core.ports.knowledge_store import KnowledgeStore
from core.ports.messenger import Messenger
from core.ports.records import Records
from core.ports.reranker import Reranker


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything running: the desk, the door, the driver, the journal to tell from, the projector of who holds the home, and
    the records on which the running bot works."""

    desk: Desk
    intake: Intake
    runner: Runner
    journal: Journal
    projector: Projector
    live: Records


@dataclass(frozen=True, slots=True)
class Parts:
    """The ports as made for a home; a test replaces or wraps some before they are put together. ``local`` is the engine on this
    machine where ``engine`` is another one, ``past`` the same records for who feeds recorded history."""

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
    documents: Documents | None = None
    past: Records | None = None
    home: Path | None = None


class Seat(Enum):
    """What a process is in a home: its ``HOLDER``, which projects and works on what is live; one ``BESIDE`` it, which only
    writes the ledger; or one that feeds recorded history (``PAST``), whose jobs are its own."""

    HOLDER = auto()
    BESIDE = auto()
    PAST = auto()


@asynccontextmanager
async def opened(
    settings: Settings, home: Path, clock: Clock, messenger: Messenger, *, anew: bool = False, holds: bool = False
) -> AsyncIterator[Parts]:
    """Open the real ports of a home and close them at the end; ``anew`` starts with an empty knowledge store and ends when its
    index is built; who ``holds`` the home also starts anew where an older version of Vigil has written the store."""
    embedder = await open_embedder(settings.embedding_model, settings.cache)
    reranker = await open_reranker(settings.reranker_model, settings.cache) if settings.reranker_model else None
    weights = load_weights(embedder.identity, settings.home)
    records = await records_of(settings, home, holds=holds)
    async with AsyncExitStack() as ends:
        ends.push_async_callback(records.close)
        uri = settings.knowledge_uri or str(home / "knowledge")
        store = await open_store(uri, embedder.identity, embedder.dimension, anew=anew, holds=holds)
        ends.callback(store.close)
        offline = OfflineEngine(embedder, weights, settings.cache)
        async with opened_engines(settings, home, records, offline) as engines:
            yield Parts(
                records, records.journal, store, embedder, engines.engine, messenger, clock, reranker, local=engines.local,
                past=records.of_the_past(), home=home,
            )  # fmt: skip
        if anew:
            await store.built()


@asynccontextmanager
async def opened_documents(settings: Settings) -> AsyncIterator[Documents]:
    """Open what reads documents, as far as the settings let it reach."""
    from adapters.documents.reader import open_documents

    async with open_documents(settings.document_reach()) as documents:
        yield documents


async def assemble(
    parts: Parts, settings: Settings, policy: Policy, *, parks: bool = True, seat: Seat = Seat.HOLDER
) -> Bot:
    """Put the ports together; ``parks`` is the runner's. Who holds the home gives back the leases of a dead process and puts
    anew what the store has lost; a backfill gives back those of the backfill before it, and must be the only one."""
    calibration = load_calibration(key_of(parts.embedder, parts.reranker), settings.home)
    if settings.dedup_theta is not None:
        calibration = replace(calibration, repeat_theta=settings.dedup_theta)
    owner = f"bot-{uuid4().hex[:12]}"
    records = parts.records if seat is not Seat.PAST or parts.past is None else parts.past
    own = Projector(records, parts.store, parts.embedder, parts.clock)
    consumers = CONSUMERS if parts.attachments is None else (*CONSUMERS, fetch_consumer)
    consumers = consumers if parts.documents is None else (*consumers, link_consumer)
    desk = Desk(
        records, parts.store, parts.embedder, parts.engine, parts.messenger, parts.clock, policy, calibration,
        _projecting(own, parts, seat), consumers, owner, parts.reranker, parts.attachments, parts.local,
        parts.documents,
        nullcontext if parts.home is None else partial(teaching, parts.home),
    )  # fmt: skip
    if seat is not Seat.BESIDE:
        async with records.begin() as work:
            await work.owners.release(owner)
    if seat is Seat.HOLDER:
        await own.mend()
    return Bot(
        desk, Intake(desk), Runner(desk, parks=parks, sends=seat is Seat.HOLDER), parts.journal, own, parts.records
    )


def _projecting(own: Projector, parts: Parts, seat: Seat) -> Projecting:
    if seat is Seat.HOLDER or parts.home is None:
        return own
    return ProjectorBeside(own, parts.records, parts.clock, partial(hold_if_free, parts.home))
