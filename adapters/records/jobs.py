"""The job rows.

``run_at`` is job time: the clock's live, the messages' in a replay. Leases are real time, whatever the job time is: they are
compared with ``real_now``, and who claims gives ``lease_until`` in real time. A lease that has not run out is respected for its
own owner as well, because the job is running there right now; leases of a dead process end early by ``release``.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, and_, bindparam, delete, func, or_, select, tuple_, update

from adapters.records import tables
from adapters.records.database import Database, upsert
from adapters.records.lanes import lane_of, name_of, names
from core.domain.jobs import Job, JobOrder, JobState, Lane

_j = tables.jobs.c
_SLOT = tuple_(_j.lane, _j.key)
_THIS = and_(_j.lane == bindparam("at_lane"), _j.key == bindparam("at_key"))
_UNCHANGED = _j.generation == bindparam("at_generation")
_OWN = _j.owner == bindparam("at_owner")
_NO_LEASE = {"lease_until": None, "owner": ""}
_READY = _j.state == JobState.READY
_LANE = _j.lane.in_(bindparam("lanes", expanding=True))

_HELD = select(tables.jobs).where(_SLOT.in_(bindparam("slots", expanding=True)))
_DUE = (
    select(tables.jobs)
    .where(_READY, _LANE, _j.run_at <= bindparam("now"))
    .where(or_(_j.lease_until.is_(None), _j.lease_until <= bindparam("real_now")))
    .order_by(_j.run_at, _j.lane, _j.key)
    .limit(bindparam("most"))
)
_LEASE = update(tables.jobs).where(_THIS).values(attempts=_j.attempts + 1)
_FINISH = delete(tables.jobs).where(_THIS, _UNCHANGED)
_GIVE_BACK = update(tables.jobs).where(_THIS, _OWN).values(_NO_LEASE)
_PUT_BACK = update(tables.jobs).where(_THIS, _UNCHANGED, _OWN)
_NEXT = select(func.min(_j.run_at)).where(_READY, _LANE)
_RELEASE = update(tables.jobs).where(_LANE, _j.lease_until.is_not(None), ~_OWN).values(_NO_LEASE)
_UNPARK = update(tables.jobs).where(_LANE, _j.state == JobState.PARKED).values(state=JobState.READY, attempts=0)
_LISTED = select(tables.jobs).where(_LANE).order_by(_j.lane, _j.key)
_MOVE = update(tables.jobs).where(_THIS)


def _job_to_row(job: Job, *, past: bool) -> dict[str, object]:
    return {
        "lane": name_of(job.lane, past=past), "key": job.key, "run_at": job.run_at, "first_at": job.first_at,
        "generation": job.generation, "attempts": job.attempts, "lease_until": job.lease_until, "owner": job.owner,
        "state": job.state, "reason": job.reason,
    }  # fmt: skip


def row_to_job(row: RowMapping) -> Job:
    """Give the job of a row."""
    return Job(
        lane=lane_of(row[_j.lane]),
        key=row[_j.key],
        run_at=row[_j.run_at],
        first_at=row[_j.first_at],
        generation=row[_j.generation],
        attempts=row[_j.attempts],
        lease_until=row[_j.lease_until],
        owner=row[_j.owner],
        state=JobState(row[_j.state]),
        reason=row[_j.reason],
    )


def _ordered(job: Job | None, order: JobOrder, now: datetime) -> Job:
    first_at = job.first_at if job else now
    run_at = now + timedelta(seconds=order.quiet_s)
    if order.at_most_s is not None:
        run_at = min(run_at, first_at + timedelta(seconds=order.at_most_s))
    if job is None:
        return Job(order.lane, order.key, run_at, first_at)
    return replace(job, run_at=run_at, generation=job.generation + 1, state=JobState.READY, attempts=0, reason="")


class SqlJobStore:
    """``JobStore`` over the table ``jobs``; of the ``past``, over the rows of recorded history."""

    def __init__(self, db: Database, real_now: Callable[[], datetime], *, past: bool = False) -> None:
        self._db = db
        self._real_now = real_now
        self._past = past

    async def order(self, now: datetime, *orders: JobOrder) -> None:
        """As the port says."""
        if not orders:
            return
        slots = [(name_of(order.lane, past=self._past), order.key) for order in orders]
        held = [row_to_job(row) for row in await self._db.rows(_HELD, {"slots": slots})]
        jobs = {(job.lane, job.key): job for job in held}
        for order in orders:
            slot = (order.lane, order.key)
            jobs[slot] = _ordered(jobs.get(slot), order, now)
        rows = [_job_to_row(job, past=self._past) for job in jobs.values()]
        await self._db.write(upsert(tables.jobs, "lane", "key"), rows)

    async def claim(
        self, now: datetime, owner: str, lease_until: datetime, limit: int, lane: Lane | None = None
    ) -> list[Job]:
        """As the port says; ``now`` is job time, ``lease_until`` real time, and any lease still running is respected."""
        at = {"now": now, "real_now": self._real_now(), "most": limit, "lanes": names(lane, past=self._past)}
        due = await self._db.rows(_DUE, at)
        jobs = [row_to_job(row) for row in due]
        if jobs:
            lease = {"owner": owner, "lease_until": lease_until}
            await self._db.write(_LEASE, [{**self._at(job), **lease} for job in jobs])
        return [replace(job, attempts=job.attempts + 1, owner=owner, lease_until=lease_until) for job in jobs]

    async def finish(self, job: Job) -> None:
        """As the port says; a lease that somebody else has taken since is left to them."""
        if not await self._db.write(_FINISH, {**self._at(job), "at_generation": job.generation}):
            await self._db.write(_GIVE_BACK, {**self._at(job), "at_owner": job.owner})

    async def put_back(self, job: Job) -> None:
        """As the port says; a row that somebody else has leased since is left to them."""
        values = {"run_at": job.run_at, "attempts": job.attempts, "state": job.state, "reason": job.reason, **_NO_LEASE}
        at = {**self._at(job), "at_owner": job.owner}
        if not await self._db.write(_PUT_BACK, {**at, "at_generation": job.generation, **values}):
            await self._db.write(_GIVE_BACK, at)

    async def next_run_at(self, lane: Lane | None = None) -> datetime | None:
        """As the port says."""
        found: datetime | None = await self._db.value(_NEXT, {"lanes": names(lane, past=self._past)})
        return found

    def _at(self, job: Job) -> dict[str, object]:
        return {"at_lane": name_of(job.lane, past=self._past), "at_key": job.key}


class SqlJobOwners:
    """``JobOwners`` over the same rows."""

    def __init__(self, db: Database, *, past: bool = False) -> None:
        self._db = db
        self._past = past

    async def release(self, owner: str) -> int:
        """As the port says."""
        lanes = names(None, past=self._past)
        await self._db.write(_UNPARK, {"lanes": lanes})
        return await self._db.write(_RELEASE, {"at_owner": owner, "lanes": lanes})

    async def listing(self, lane: Lane | None = None) -> list[Job]:
        """As the port says."""
        found = await self._db.rows(_LISTED, {"lanes": names(lane, past=self._past)})
        return [row_to_job(row) for row in found]

    async def shift(self, by: timedelta) -> None:
        """As the port says."""
        for job in await self.listing():
            lease = job.lease_until + by if job.lease_until else None
            times = {"run_at": job.run_at + by, "first_at": job.first_at + by, "lease_until": lease}
            at = {"at_lane": name_of(job.lane, past=self._past), "at_key": job.key}
            await self._db.write(_MOVE, {**at, **times})
