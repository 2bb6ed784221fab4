"""What analysts look at first, by indexes: it is asked inside an event's transaction, however much is known."""

from datetime import datetime

from sqlalchemy import bindparam, distinct, exists, func, select

from adapters.records import tables
from adapters.records.database import Database
from adapters.records.ledger import IS_HEAD, row_to_revision
from adapters.records.turns import row_to_answer, row_to_turn
from core.domain.answers import Answer
from core.domain.channels import ChannelRef
from core.domain.knowledge import ChangeKind, Revision
from core.domain.records import Numbers
from core.domain.sessions import Delivery, QuestionState, Turn

_a, _c, _r, _w, _q = (
    tables.answers.c, tables.cited.c, tables.revisions.c, tables.candidates.c, tables.questions.c,
)  # fmt: skip
_WAITING = (
    select(tables.revisions)
    .join_from(tables.candidates, tables.revisions, _r.subject_id == _w.entry)
    .where(IS_HEAD)
    .order_by(_w.since, _w.entry)
    .limit(bindparam("most"))
)
_HOW_MANY_WAIT = select(func.count()).select_from(tables.candidates)
_SHOWN = _a.sent_at >= bindparam("since")
_ANSWERED = select(func.count(distinct(_a.question))).where(_SHOWN)
_ACCEPTED = (
    select(func.count(distinct(_a.question)))
    .join_from(tables.answers, tables.questions, _q.id == _a.question)
    .where(_SHOWN, _q.state == QuestionState.ACCEPTED.value)
)
_WITHDRAWN = select(func.count()).where(_SHOWN, _a.withdrawn_at.is_not(None))
_CHANGED = select(func.count()).where(_r.change == bindparam("change"), _r.at >= bindparam("since"))
_MOVES = [ChangeKind.UPDATED.value, ChangeKind.RETIRED.value, ChangeKind.RESTORED.value]
_MOVED = exists().where(_c.answer == _a.id, _r.subject_id == _c.entry, _r.n > 1, _r.change.in_(_MOVES))
_OUTDATED = (
    select(tables.answers).where(_SHOWN, _MOVED).order_by(_a.sent_at.desc(), _a.row.desc()).limit(bindparam("most"))
)
_t, _s = tables.turns.c, tables.sessions.c
_UNSEEN = (
    select(tables.turns)
    .join_from(tables.turns, tables.sessions, _s.id == _t.session)
    .where(
        _t.at >= bindparam("since"), _t.delivery.in_([Delivery.SHADOW.value, Delivery.NONE.value]),
        _s.platform == bindparam("platform"), _s.workspace == bindparam("workspace"), _s.channel == bindparam("channel"),
    )
    .order_by(_t.at.desc(), _t.row.desc())
    .limit(bindparam("most"))
)  # fmt: skip


class SqlOverview:
    """``Overview`` over the tables ``candidates``, ``answers``, ``cited``, ``revisions`` and ``turns``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def waiting(self, limit: int) -> list[Revision]:
        """As the port says."""
        return [row_to_revision(row) for row in await self._db.rows(_WAITING, {"most": limit})]

    async def how_many_wait(self) -> int:
        """As the port says."""
        return await self._db.value(_HOW_MANY_WAIT, {}) or 0

    async def numbers(self, since: datetime) -> Numbers:
        """As the port says."""
        at = {"since": since}
        return Numbers(
            answered=await self._db.value(_ANSWERED, at) or 0,
            accepted=await self._db.value(_ACCEPTED, at) or 0,
            withdrawn=await self._db.value(_WITHDRAWN, at) or 0,
            learned=await self._db.value(_CHANGED, {**at, "change": ChangeKind.ADDED.value}) or 0,
            retired=await self._db.value(_CHANGED, {**at, "change": ChangeKind.RETIRED.value}) or 0,
        )

    async def outdated(self, since: datetime, limit: int) -> list[Answer]:
        """As the port says."""
        return [row_to_answer(row) for row in await self._db.rows(_OUTDATED, {"since": since, "most": limit})]

    async def unseen(self, channel: ChannelRef, since: datetime, limit: int) -> list[Turn]:
        """As the port says."""
        where = {"platform": channel.platform, "workspace": channel.workspace, "channel": channel.channel}
        return [row_to_turn(row) for row in await self._db.rows(_UNSEEN, {**where, "since": since, "most": limit})]
