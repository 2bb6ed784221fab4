"""What Vigil was worth, counted in SQL that any database takes: joins, sums and whole-number division."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, exists, func, or_, select, tuple_, type_coerce

from adapters.records import tables
from adapters.records.database import Database
from core.domain.channels import ChannelRef
from core.domain.documents import DOCUMENT
from core.domain.figures import AnswerDay, Help, KnowledgeDay, OnCalls, Over
from core.domain.knowledge import CHUNK, QA, ChangeKind
from core.domain.people import Role
from core.domain.sessions import Delivery, QuestionClass

_s, _q, _a, _m, _t, _f, _e = (
    tables.sessions.c, tables.questions.c, tables.answers.c, tables.messages.c, tables.turns.c, tables.feedback.c,
    tables.entry_sources.c,
)  # fmt: skip
_DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1)
OTHER = "other"
Channels = tuple[ChannelRef, ...] | None


class SqlFigureStore:
    """``FigureStore`` over the tables ``sessions``, ``answers``, ``feedback``, ``turns`` and ``revisions``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def span(self, channels: Channels) -> tuple[datetime, datetime] | None:
        """As the port says."""
        of = select(func.min(_m.at).label("first"), func.max(_m.at).label("last"))
        found = await self._db.row(of if channels is None else of.where(_m.session.in_(_sessions_in(channels))))
        return None if found is None or found["first"] is None else (found["first"], found["last"])

    async def on_calls(self, over: Over) -> list[OnCalls]:
        """As the port says."""
        rows = await self._db.rows(_on_calls(over))
        return [OnCalls(row["answers"], Help(row["help"]), row["n"]) for row in rows]

    async def answers(self, over: Over) -> list[AnswerDay]:
        """As the port says."""
        rows = await self._db.rows(_answers(over))
        counts = ("posted", "withdrawn", "by_requester", "by_analyst")
        return [AnswerDay(_date(row["day"]), *(row[name] for name in counts)) for row in rows]

    async def leads(self, over: Over) -> tuple[list[float], int]:
        """As the port says."""
        here = [
            _t.at >= over.since,
            _t.at < over.until,
            _in_scope(_t.session),
            *_of_channels(_t.session, over.channels),
        ]
        leads = select(_t.lead_s).where(_t.lead_s.is_not(None), *here).order_by(_t.lead_s)
        recorded = select(func.count()).where(_t.delivery == Delivery.SHADOW.value, *here)
        found = await self._db.rows(leads)
        return [row[_t.lead_s] for row in found], await self._db.value(recorded) or 0

    async def growth(self, over: Over) -> list[KnowledgeDay]:
        """As the port says."""
        rows = await self._db.rows(_growth(over))
        return [
            KnowledgeDay(_date(row["day"]), row["kind"], ChangeKind(row["change"]), row["revisions"], row["grew"])
            for row in rows
        ]


def _on_calls(over: Over) -> Select[Any]:
    here = _a.session == _s.id
    standing = (here, _a.sent_at.is_not(None), _a.withdrawn_at.is_(None))
    each = (
        select(
            select(func.count()).where(*standing).correlate(tables.sessions).scalar_subquery().label("answers"),
            select(func.min(_a.sent_at)).where(*standing).correlate(tables.sessions).scalar_subquery().label("helped_at"),
            select(func.min(_m.at)).where(_m.session == _s.id, _m.role == Role.ANALYST.value)
            .correlate(tables.sessions).scalar_subquery().label("analyst_at"),
        )
        .select_from(tables.sessions)
        .where(_s.opened_at >= over.since, _s.opened_at < over.until, _in_scope(_s.id), *_in_channels(over.channels))
        .subquery()
    )  # fmt: skip
    first = or_(each.c.analyst_at.is_(None), each.c.helped_at <= each.c.analyst_at)
    when = case(
        (each.c.answers == 0, Help.NONE.value), (first, Help.BEFORE.value), else_=Help.AFTER.value
    ).label("help")  # fmt: skip
    return select(each.c.answers, when, func.count().label("n")).group_by(each.c.answers, when)


def _answers(over: Over) -> Select[*tuple[Any, ...]]:
    newer = tables.feedback.alias("newer")
    clicks = ("accept", "undo")
    last = ~exists().where(
        newer.c.target_kind == "answer", newer.c.target == _f.target, newer.c.kind.in_(clicks), newer.c.row > _f.row
    )
    # An answer has one last click at most, so that the join makes no row twice.
    clicked = (_f.target_kind == "answer") & (_f.target == _a.id) & (_f.kind == "accept") & last
    day = _day(_a.sent_at)
    return (
        select(
            day, func.count().label("posted"), _count(_a.withdrawn_at.is_not(None)).label("withdrawn"),
            _count(_f.role == Role.REQUESTER.value).label("by_requester"),
            _count(_f.role == Role.ANALYST.value).label("by_analyst"),
        )
        .select_from(tables.answers.outerjoin(tables.feedback, clicked))
        .where(
            _a.sent_at >= over.since, _a.sent_at < over.until, _in_scope(_a.session),
            *_of_channels(_a.session, over.channels),
        )
        .group_by(day).order_by(day)
    )  # fmt: skip


def _growth(over: Over) -> Select[Any]:
    one, before = tables.revisions.alias("one"), tables.revisions.alias("before")
    same = (before.c.subject_id == one.c.subject_id) & (before.c.n == one.c.n - 1)
    same &= before.c.subject_kind == one.c.subject_kind
    retired = ChangeKind.RETIRED.value
    stood = case((before.c.change.is_(None), 0), (before.c.change == retired, 0), else_=1)
    stands = case((one.c.change == retired, 0), else_=1)
    # In JSON a quote inside a text is escaped: unescaped these stand only for the field itself.
    kinds = [(one.c.after.like(f'%"kind":"{kind}"%'), kind) for kind in (QA, CHUNK, DOCUMENT)]
    kind, day = case(*kinds, else_=OTHER).label("kind"), _day(one.c.at)
    made: Select[Any] = select(
        day, kind, one.c.change, func.count().label("revisions"), func.sum(stands - stood).label("grew")
    ).select_from(one.outerjoin(before, same))
    learned = select(_e.entry).join_from(tables.entry_sources, tables.messages, _m.id == _e.message)
    here = [] if over.channels is None else [
        one.c.subject_id.in_(learned.where(_m.session.in_(_sessions_in(over.channels))))
    ]  # fmt: skip
    return made.where(one.c.at < over.until, *here).group_by(day, kind, one.c.change).order_by(day, kind, one.c.change)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _day(at: ColumnElement[datetime]) -> ColumnElement[int]:
    """Whole days since 1970; times are kept as microseconds."""
    return (type_coerce(at, BigInteger) // _DAY).label("day")


def _date(day: int) -> date:
    return _EPOCH + timedelta(days=int(day))


def _in_scope(session: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether it is an on-call's: what is forgotten asks nothing in scope any more."""
    return exists().where(_q.session == session, _q.class_ == QuestionClass.WITHIN_SCOPE.value)


def _sessions_in(channels: Sequence[ChannelRef]) -> Select[Any]:
    return select(_s.id).where(*_in_channels(channels))


def _in_channels(channels: Sequence[ChannelRef] | None) -> list[ColumnElement[bool]]:
    if channels is None:
        return []
    named = [(one.platform, one.workspace, one.channel) for one in channels]
    return [tuple_(_s.platform, _s.workspace, _s.channel).in_(named)]


def _of_channels(session: ColumnElement[str], channels: Sequence[ChannelRef] | None) -> list[ColumnElement[bool]]:
    return [] if channels is None else [session.in_(_sessions_in(channels))]
