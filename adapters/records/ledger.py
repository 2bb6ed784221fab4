"""The ledger of revisions, what of it retrieval has seen, and what every entry was learned from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, String, and_, bindparam, cast, delete, exists, func, insert, select, update

from adapters.records import tables
from adapters.records.columns import Nested
from adapters.records.database import Database
from adapters.records.sessions import MESSAGE_IDS
from core.domain.errors import CallerError
from core.domain.ids import EntryId, MessageId, subject_of
from core.domain.knowledge import ChangeKind, EntryStatus, KnowledgeEntry, Revision

_ENTRY: Final = Nested(lambda: TypeAdapter(KnowledgeEntry))

_r, _s = tables.revisions.c, tables.entry_sources.c
_later = tables.revisions.alias("later")
IS_HEAD = ~exists().where(and_(_later.c.subject_id == _r.subject_id, _later.c.n > _r.n))
_OF_SUBJECT = select(tables.revisions).where(_r.subject_id == bindparam("subject"))

_HEAD = _OF_SUBJECT.order_by(_r.n.desc()).limit(1)
_HISTORY = _OF_SUBJECT.order_by(_r.n)
_HEAD_N = select(_r.n).where(_r.subject_id == bindparam("subject")).order_by(_r.n.desc()).limit(1)
_JOB_OF = select(_r.job).where(_r.subject_id == bindparam("subject"), _r.n == bindparam("at_n"))
_HEADS = (
    select(tables.revisions)
    .where(_r.subject_id > bindparam("after"), IS_HEAD)
    .order_by(_r.subject_id)
    .limit(bindparam("most"))
)
_TOUCHED_BY = select(_r.subject_id).where(_r.job == bindparam("job")).distinct().order_by(_r.subject_id)
_ADD = insert(tables.revisions)
_PENDING = select(tables.revisions).where(_r.projected_at.is_(None), IS_HEAD).order_by(_r.row).limit(bindparam("most"))
_MARK = (
    update(tables.revisions)
    .where(_r.subject_id == bindparam("subject"), _r.n <= bindparam("at_n"), _r.projected_at.is_(None))
    .values(projected_at=bindparam("projected"))
)
_PROJECTED = select(_r.subject_id, _r.n).where(_r.projected_at.is_not(None), IS_HEAD).order_by(_r.subject_id)
_UNSEEN = select(_r.subject_id).where(_r.projected_at.is_(None))
_newest = (
    select(_r.subject_id, func.max(_r.n).label("n"))
    .where(_r.subject_id.not_in(_UNSEEN))
    .group_by(_r.subject_id)
    .order_by(_r.subject_id)
    .subquery()
)
_ALL_PROJECTED = select(func.aggregate_strings(_newest.c.subject_id + ":" + cast(_newest.c.n, String), ","))
_SOURCES = select(_s.message).where(_s.entry == bindparam("entry")).order_by(_s.position)
_LEARNED_FROM = select(_s.entry).where(_s.message == bindparam("message")).order_by(_s.entry)
_DROP_SOURCES = delete(tables.entry_sources).where(_s.entry == bindparam("at_entry"))
_ADD_SOURCES = insert(tables.entry_sources)
_DROP_DERIVATIONS = delete(tables.derivations).where(tables.derivations.c.entry == bindparam("at_entry"))
_ADD_DERIVATIONS = insert(tables.derivations)
_WAITS_SINCE = select(tables.candidates.c.since).where(tables.candidates.c.entry == bindparam("entry"))
_DROP_CANDIDATE = delete(tables.candidates).where(tables.candidates.c.entry == bindparam("at_entry"))
_ADD_CANDIDATE = insert(tables.candidates)


def revision_to_row(revision: Revision) -> dict[str, object]:
    """The row of a revision that nobody has projected."""
    return {
        "subject_kind": revision.subject_kind, "subject_id": revision.subject_id, "n": revision.n,
        "change": revision.change, "after": _ENTRY.dump(revision.after), "at": revision.at, "why": revision.why,
        "job": revision.job, "from_messages": MESSAGE_IDS.dump(revision.from_messages),
    }  # fmt: skip


def row_to_revision(row: RowMapping) -> Revision:
    """Give the revision of a row."""
    return Revision(
        subject_kind=row[_r.subject_kind],
        subject_id=EntryId(row[_r.subject_id]),
        n=row[_r.n],
        change=ChangeKind(row[_r.change]),
        after=_ENTRY.load(row[_r.after]),
        at=row[_r.at],
        why=row[_r.why],
        job=row[_r.job],
        from_messages=MESSAGE_IDS.load(row[_r.from_messages]),
    )


class SqlLedger:
    """``Ledger`` over the tables ``revisions`` and ``entry_sources``. An id names one subject, whatever its kind."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def append(self, revision: Revision) -> bool:
        """As the port says; raises ``CallerError`` when ``n`` does not follow the head."""
        subject = {"subject": revision.subject_id}
        head: int = await self._db.value(_HEAD_N, subject) or 0
        if revision.n != head + 1:
            if await self._db.value(_JOB_OF, {**subject, "at_n": revision.n}) == revision.job:
                return False
            raise CallerError(
                f"Entry {revision.subject_id} is at revision {head}, so revision {revision.n} cannot follow: "
                "it has changed in the meantime."
            )
        await self._db.write(_ADD, revision_to_row(revision))
        await keep_lineage(self._db, revision, anew=revision.n > 1)
        return True

    async def head(self, subject: EntryId) -> Revision | None:
        """As the port says."""
        row = await self._db.row(_HEAD, {"subject": subject})
        return None if row is None else row_to_revision(row)

    async def history(self, subject: EntryId) -> list[Revision]:
        """As the port says."""
        return [row_to_revision(row) for row in await self._db.rows(_HISTORY, {"subject": subject})]

    async def heads(self, after: EntryId | None, limit: int) -> list[Revision]:
        """As the port says."""
        return [row_to_revision(row) for row in await self._db.rows(_HEADS, {"after": after or "", "most": limit})]

    async def touched_by(self, job: str) -> list[EntryId]:
        """As the port says."""
        return [EntryId(row[_r.subject_id]) for row in await self._db.rows(_TOUCHED_BY, {"job": job})]


async def keep_lineage(db: Database, head: Revision, *, anew: bool) -> None:
    """Keep what a head was learned from and is derived from, and whether it waits for an approval; ``anew`` in place of what is
    kept."""
    entry = head.subject_id
    if anew:
        await db.write(_DROP_SOURCES, {"at_entry": entry})
        await db.write(_DROP_DERIVATIONS, {"at_entry": entry})
    sources = dict.fromkeys(head.from_messages)
    if sources:
        rows = [{"entry": entry, "message": m, "position": i} for i, m in enumerate(sources)]
        await db.write(_ADD_SOURCES, rows)
    derived = dict.fromkeys(subject_of(one) for one in head.after.derived_from)
    if derived:
        await db.write(_ADD_DERIVATIONS, [{"entry": entry, "source": one} for one in derived])
    await _keep_candidate(db, head, known=anew)


async def _keep_candidate(db: Database, head: Revision, *, known: bool) -> None:
    """Whoever waits for an approval keeps the time since which they do."""
    entry, waits = head.subject_id, head.after.status is EntryStatus.CANDIDATE
    known = known and await db.value(_WAITS_SINCE, {"entry": entry}) is not None
    if waits and not known:
        await db.write(_ADD_CANDIDATE, {"entry": entry, "since": head.at})
    elif known and not waits:
        await db.write(_DROP_CANDIDATE, {"at_entry": entry})


class SqlProjections:
    """``Projections`` over the tables ``revisions`` and ``entry_sources``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def pending(self, limit: int) -> list[Revision]:
        """As the port says."""
        return [row_to_revision(row) for row in await self._db.rows(_PENDING, {"most": limit})]

    async def mark(self, subjects: Sequence[tuple[EntryId, int]], at: datetime) -> None:
        """As the port says."""
        if subjects:
            await self._db.write(_MARK, [{"subject": s, "at_n": n, "projected": at} for s, n in subjects])

    async def lost(self, stored: Mapping[EntryId, int]) -> list[EntryId]:
        """As the port says."""
        unseen = {row[_r.subject_id] for row in await self._db.rows(_UNSEEN)}
        there = ",".join(f"{subject}:{n}" for subject, n in sorted(stored.items()) if subject not in unseen)
        if there == (await self._db.value(_ALL_PROJECTED) or ""):
            return []  # as nearly always: one text of 272,325 heads is compared in .3 s, row by row it takes 2
        projected = ((EntryId(row[_r.subject_id]), row[_r.n]) for row in await self._db.rows(_PROJECTED))
        return [subject for subject, n in projected if stored.get(subject) != n]

    async def sources(self, entry: EntryId) -> list[MessageId]:
        """As the port says."""
        return [MessageId(row[_s.message]) for row in await self._db.rows(_SOURCES, {"entry": entry})]

    async def learned_from(self, message: MessageId) -> list[EntryId]:
        """As the port says."""
        return [EntryId(row[_s.entry]) for row in await self._db.rows(_LEARNED_FROM, {"message": message})]
