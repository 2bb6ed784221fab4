"""Units of work over one database: one writer at a time, readers beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import TypeVar

from adapters.records.calls import SqlCallStore
from adapters.records.compacting import compacted
from adapters.records.connections import Connections
from adapters.records.database import Database
from adapters.records.documents import SqlDocumentStore, SqlLinkStore
from adapters.records.events import SqlChannelStore, SqlEventStore
from adapters.records.figures import SqlFigureStore
from adapters.records.forgetting import SqlErasure, SqlForgettings, SqlReach
from adapters.records.jobs import SqlJobOwners, SqlJobStore
from adapters.records.journal import SqlJournal
from adapters.records.ledger import SqlLedger, SqlProjections
from adapters.records.lineage import SqlLineage
from adapters.records.marks import SqlMarks
from adapters.records.moved_channels import SqlMovedChannels
from adapters.records.outbox import SqlFeedbackStore, SqlOutboxStore
from adapters.records.overview import SqlOverview
from adapters.records.retention import SqlRetention
from adapters.records.sessions import SqlMessageStore, SqlQuestionStore, SqlSessionStore
from adapters.records.turns import SqlAnswerStore, SqlTurnStore
from adapters.retry import retrying
from core.domain.errors import CallerError
from core.ports import records as ports
from core.ports.figures import FigureStore
from core.ports.forgetting import Erasure, Forgettings, Reach, Retention
from core.ports.journal import Journal
from core.ports.links import DocumentStore, LinkStore

T = TypeVar("T")


class SqlUnitOfWork:
    """All stores over one open transaction."""

    def __init__(self, db: Database, real_now: Callable[[], datetime], *, past: bool = False) -> None:
        self.events: ports.EventStore = SqlEventStore(db)
        self.channels: ports.ChannelStore = SqlChannelStore(db)
        self.sessions: ports.SessionStore = SqlSessionStore(db)
        self.messages: ports.MessageStore = SqlMessageStore(db)
        self.questions: ports.QuestionStore = SqlQuestionStore(db)
        self.turns: ports.TurnStore = SqlTurnStore(db)
        self.answers: ports.AnswerStore = SqlAnswerStore(db)
        self.feedback: ports.FeedbackStore = SqlFeedbackStore(db)
        self.outbox: ports.OutboxStore = SqlOutboxStore(db)
        self.jobs: ports.JobStore = SqlJobStore(db, real_now, past=past)
        self.owners: ports.JobOwners = SqlJobOwners(db, past=past)
        self.ledger: ports.Ledger = SqlLedger(db)
        self.projections: ports.Projections = SqlProjections(db)
        self.lineage: ports.Lineage = SqlLineage(db)
        self.marks: ports.Marks = SqlMarks(db)
        self.moved_channels: ports.MovedChannels = SqlMovedChannels(db)
        self.overview: ports.Overview = SqlOverview(db)
        self.calls: ports.CallStore = SqlCallStore(db)
        self.documents: DocumentStore = SqlDocumentStore(db)
        self.links: LinkStore = SqlLinkStore(db)
        self.reach: Reach = SqlReach(db)
        self.erasure: Erasure = SqlErasure(db)
        self.forgettings: Forgettings = SqlForgettings(db)
        self.retention: Retention = SqlRetention(db)
        self.figures: FigureStore = SqlFigureStore(db)


class SqlRecords:
    """``Records`` over SQL, with its ``journal``. Made by ``open_records``; ``real_now`` is what leases are compared with,
    ``past`` the lock of the records that these are the past of."""

    def __init__(
        self, writers: Connections, readers: Connections, real_now: Callable[[], datetime],
        past: asyncio.Lock | None = None,
    ) -> None:  # fmt: skip
        self._writers = writers
        self._readers = readers
        self._real_now = real_now
        self._one_writer = past or asyncio.Lock()
        self._writing: asyncio.Task[object] | None = None
        self._past = past is not None
        self.journal: Journal = SqlJournal(self._reading)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[ports.UnitOfWork]:
        """As the port says; waits for the writer before it, and about five seconds for another process's."""
        async with self._alone():
            connection = await retrying(self._writers.begun, patience_s=5.0)
            keep = False
            try:
                yield SqlUnitOfWork(Database(connection, reading=False), self._real_now, past=self._past)
                keep = True
            finally:
                await _to_the_end(self._writers.ended(connection, keep=keep))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ports.UnitOfWork]:
        """As the port says."""
        async with self._reading() as db:
            yield SqlUnitOfWork(db, self._real_now, past=self._past)

    def of_the_past(self) -> "SqlRecords":
        """The same records for whoever feeds recorded history into them: its jobs are rows of their own (``lanes``). What is
        closed is both."""
        return SqlRecords(self._writers, self._readers, self._real_now, past=self._one_writer)

    async def compact(self, *, whole: bool = False) -> None:
        """As the port says."""
        async with self._alone():
            writer = await self._writers.lent()
            await retrying(partial(compacted, writer, whole=whole), patience_s=30.0 if whole else 5.0)

    async def close(self) -> None:
        """As the port says."""
        await self._readers.dispose()
        await self._writers.dispose()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Database]:
        connection = await self._readers.begun()
        try:
            yield Database(connection, reading=True)
        finally:
            await self._readers.ended(connection, keep=False)  # which waits for nothing

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        task = asyncio.current_task()
        if self._writing is task:
            raise CallerError(
                "A writing transaction was begun inside another one of the same task: pass the first one on."
            )
        async with self._one_writer:
            self._writing = task
            try:
                yield
            finally:
                self._writing = None


async def _to_the_end(work: Coroutine[object, object, T]) -> T:
    """Finish ``work`` even when the caller is cancelled meanwhile, so that a commit is never left half-known."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
