"""``Records`` in memory: a transaction works on a copy of every table and puts it in place when it ends well."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.domain.answers import Answer
from core.domain.channels import ChannelRef
from core.domain.errors import CallerError
from core.domain.ids import AnswerId, EntryId, MessageId, QuestionId, subject_of
from core.domain.jobs import Job, JobOrder, JobState, Lane
from core.domain.knowledge import Revision
from core.domain.sessions import Question
from core.ports import records as ports
from core.ports.figures import FigureStore
from core.ports.forgetting import Erasure, Forgettings, Reach, Retention
from core.ports.links import DocumentStore, LinkStore
from tests.fakes.calls import MemoryCalls
from tests.fakes.figures import MemoryFigures
from tests.fakes.forgetting import MemoryErasure, MemoryForgettings, MemoryReach, MemoryRetention
from tests.fakes.links import MemoryLinks, MemorySources
from tests.fakes.overview import MemoryOverview
from tests.fakes.records import (
    ById,
    Channels,
    Closed,
    Events,
    Feedbacks,
    Messages,
    Outbox,
    Sessions,
    Tables,
    Turns,
    cleaned,
)


class Jobs:
    def __init__(self, tables: Tables) -> None:
        self._jobs = tables.jobs

    async def order(self, now: datetime, *orders: JobOrder) -> None:
        for order in orders:
            job = self._jobs.get((order.lane, order.key))
            first_at = job.first_at if job else now
            run_at = now + timedelta(seconds=order.quiet_s)
            if order.at_most_s is not None:
                run_at = min(run_at, first_at + timedelta(seconds=order.at_most_s))
            if job is None:
                changed = Job(order.lane, order.key, run_at, first_at)
            else:
                changed = replace(job, run_at=run_at, generation=job.generation + 1)
                changed = replace(changed, state=JobState.READY, attempts=0, reason="")
            self._jobs[order.lane, order.key] = cleaned(changed)

    def _in_order(self, jobs: Iterable[Job]) -> list[Job]:
        return sorted(jobs, key=lambda job: (job.run_at, job.lane, job.key))

    def _ready(self, lane: Lane | None) -> list[Job]:
        return [j for j in self._jobs.values() if j.state is JobState.READY and lane in (None, j.lane)]

    async def claim(
        self, now: datetime, owner: str, lease_until: datetime, limit: int, lane: Lane | None = None
    ) -> list[Job]:
        real_now = datetime.now(UTC)
        ready = [j for j in self._ready(lane) if j.run_at <= now]
        free = [j for j in ready if j.lease_until is None or j.lease_until <= real_now]
        taken = [
            replace(j, attempts=j.attempts + 1, owner=owner, lease_until=lease_until)
            for j in self._in_order(free)[:limit]
        ]
        self._jobs.update({(job.lane, job.key): job for job in taken})
        return taken

    async def finish(self, job: Job) -> None:
        held = self._jobs.get((job.lane, job.key))
        if held and held.generation == job.generation:
            del self._jobs[job.lane, job.key]
        elif held and held.owner == job.owner:
            self._jobs[job.lane, job.key] = replace(held, lease_until=None, owner="")

    async def put_back(self, job: Job) -> None:
        held = self._jobs.get((job.lane, job.key))
        if held is None or held.owner != job.owner:
            return
        if held.generation == job.generation:
            held = replace(held, run_at=job.run_at, attempts=job.attempts, state=job.state, reason=job.reason)
        self._jobs[job.lane, job.key] = cleaned(replace(held, lease_until=None, owner=""))

    async def next_run_at(self, lane: Lane | None = None) -> datetime | None:
        return min((job.run_at for job in self._ready(lane)), default=None)

    async def release(self, owner: str) -> int:
        parked = [j for j in self._jobs.values() if j.state is JobState.PARKED]
        self._jobs.update({(j.lane, j.key): replace(j, state=JobState.READY, attempts=0) for j in parked})
        others = [j for j in self._jobs.values() if j.lease_until is not None and j.owner != owner]
        self._jobs.update({(j.lane, j.key): replace(j, lease_until=None, owner="") for j in others})
        return len(others)

    async def listing(self, lane: Lane | None = None) -> list[Job]:
        return [job for (of, _), job in sorted(self._jobs.items()) if lane in (None, of)]

    async def shift(self, by: timedelta) -> None:
        for slot, job in self._jobs.items():
            lease = job.lease_until + by if job.lease_until else None
            self._jobs[slot] = replace(job, run_at=job.run_at + by, first_at=job.first_at + by, lease_until=lease)


class MemoryLedger:
    """The ledger and what of it is projected."""

    def __init__(self, tables: Tables) -> None:
        self._rows, self._projected = tables.revisions, tables.projected

    async def append(self, revision: Revision) -> bool:
        head = await self.head(revision.subject_id)
        if revision.n != (head.n if head else 0) + 1:
            same = self._rows.get((revision.subject_id, revision.n))
            if same and same.job == revision.job:
                return False
            raise CallerError("The entry has changed in the meantime.")
        self._rows[revision.subject_id, revision.n] = cleaned(revision)
        return True

    async def head(self, subject: EntryId) -> Revision | None:
        return max(await self.history(subject), key=lambda r: r.n, default=None)

    async def history(self, subject: EntryId) -> list[Revision]:
        return [r for (of, _), r in sorted(self._rows.items()) if of == subject]

    async def heads(self, after: EntryId | None, limit: int) -> list[Revision]:
        newest = {r.subject_id: r for _, r in sorted(self._rows.items())}
        return [newest[s] for s in sorted(newest) if s > (after or "")][:limit]

    async def touched_by(self, job: str) -> list[EntryId]:
        return sorted({r.subject_id for r in self._rows.values() if r.job == job})

    async def pending(self, limit: int) -> list[Revision]:
        heads = {r.subject_id: r for _, r in sorted(self._rows.items())}
        waiting = [r for r in self._rows.values() if heads[r.subject_id].n == r.n]
        return [r for r in waiting if (r.subject_id, r.n) not in self._projected][:limit]

    async def mark(self, subjects: Sequence[tuple[EntryId, int]], at: datetime) -> None:
        self._projected.update({(s, n): at for s, most in subjects for n in range(1, most + 1)})

    async def lost(self, stored: Mapping[EntryId, int]) -> list[EntryId]:
        heads = [(r.subject_id, r.n) for r in await self.heads(None, len(self._rows))]
        return [s for s, n in heads if (s, n) in self._projected and stored.get(s) != n]

    async def sources(self, entry: EntryId) -> list[MessageId]:
        head = await self.head(entry)
        return list(dict.fromkeys(head.from_messages)) if head else []

    async def learned_from(self, message: MessageId) -> list[EntryId]:
        return [r.subject_id for r in await self.heads(None, len(self._rows)) if message in r.from_messages]


class MemoryLineage:
    """What stands on an entry."""

    def __init__(self, tables: Tables, ledger: MemoryLedger) -> None:
        self._t, self._ledger = tables, ledger

    async def length(self) -> int:
        return len(self._t.revisions)

    async def derived(self, source: EntryId) -> list[EntryId]:
        heads = await self._ledger.heads(None, len(self._t.revisions))
        return [head.subject_id for head in heads if source in map(subject_of, head.after.derived_from)]

    async def citing(self, entry: EntryId) -> list[Answer]:
        shown = await self.shown(datetime.min.replace(tzinfo=UTC))
        return [answer for answer in shown if entry in {subject_of(c.entry) for c in answer.citations}]

    async def shown(self, since: datetime) -> list[Answer]:
        sent = [(a.sent_at, a) for a in self._t.answers.values() if a.sent_at is not None and a.sent_at >= since]
        return [answer for _, answer in sorted(sent, key=lambda one: one[0])]

    async def changes(self, since: datetime) -> list[Revision]:
        return sorted((r for r in self._t.revisions.values() if r.at >= since), key=lambda r: r.at)


class Marks:
    def __init__(self, tables: Tables) -> None:
        self._marks = tables.marks

    async def get(self, name: str) -> datetime | None:
        return self._marks.get(name)

    async def put(self, name: str, at: datetime | None) -> None:
        if at is not None:
            self._marks[name] = at
        elif name in self._marks:
            del self._marks[name]

    async def names(self, beginning: str) -> list[str]:
        return sorted(name for name in self._marks if name.startswith(beginning))


class MovedChannels:
    def __init__(self, tables: Tables) -> None:
        self._moved = tables.moved_channels

    async def put(self, first: ChannelRef, later: Sequence[str]) -> None:
        self._moved[first] = tuple(later)

    async def all(self) -> dict[ChannelRef, tuple[str, ...]]:
        return dict(self._moved)


class MemoryUnitOfWork:
    """All stores over one copy of the tables."""

    def __init__(self, tables: Tables) -> None:
        jobs, ledger = Jobs(tables), MemoryLedger(tables)
        self.events: ports.EventStore = Events(tables)
        self.channels: ports.ChannelStore = Channels(tables)
        self.sessions: ports.SessionStore = Sessions(tables)
        self.messages: ports.MessageStore = Messages(tables)
        self.questions: ports.QuestionStore = ById[QuestionId, Question](tables.questions, lambda q: q.asked_at)
        self.turns: ports.TurnStore = Turns(tables)
        self.answers: ports.AnswerStore = ById[AnswerId, Answer](tables.answers, lambda _: 0)
        self.feedback: ports.FeedbackStore = Feedbacks(tables)
        self.outbox: ports.OutboxStore = Outbox(tables)
        self.jobs: ports.JobStore = jobs
        self.owners: ports.JobOwners = jobs
        self.ledger: ports.Ledger = ledger
        self.projections: ports.Projections = ledger
        self.lineage: ports.Lineage = MemoryLineage(tables, ledger)
        self.marks: ports.Marks = Marks(tables)
        self.moved_channels: ports.MovedChannels = MovedChannels(tables)
        self.overview: ports.Overview = MemoryOverview(tables)
        self.calls: ports.CallStore = MemoryCalls(tables)
        self.documents: DocumentStore = MemorySources(tables)
        self.links: LinkStore = MemoryLinks(tables)
        self.reach: Reach = MemoryReach(tables)
        self.erasure: Erasure = MemoryErasure(tables)
        self.forgettings: Forgettings = MemoryForgettings(tables)
        self.retention: Retention = MemoryRetention(tables)
        self.figures: FigureStore = MemoryFigures(tables)


class MemoryRecords:
    """``Records`` without a file."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._one_writer = asyncio.Lock()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[ports.UnitOfWork]:
        async with self._one_writer:
            tables = self._tables.copied(dict)
            yield MemoryUnitOfWork(tables)
            tables.check()
            self._tables = tables

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ports.UnitOfWork]:
        yield MemoryUnitOfWork(self._tables.copied(Closed))

    async def compact(self, *, whole: bool = False) -> None:
        """There is no file."""

    async def close(self) -> None:
        """Nothing is held."""
