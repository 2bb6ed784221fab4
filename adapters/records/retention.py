"""Retention: finding and taking out what is older than it may be kept, some rows at a time."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, or_, select, update

from adapters.records import tables
from adapters.records.database import Database
from core.domain.cards import OutboxState
from core.domain.ids import SessionId
from core.domain.jobs import JobState
from core.domain.sessions import Phase, SessionKind

_s, _m, _e, _u, _f, _j, _o, _x = (
    tables.sessions.c, tables.messages.c, tables.events.c, tables.runs.c, tables.feedback.c, tables.jobs.c,
    tables.outbox.c, tables.meta.c,
)  # fmt: skip
_OVER = select(_s.id).where(or_(_s.phase == Phase.CLOSED, _s.kind != SessionKind.SUPPORT))
_KNOWN = select(_s.id)
_AWAITED = select(_j.key).where(_j.state == JobState.READY)
_ON_ITS_WAY = select(_o.session).where(_o.state.in_([OutboxState.PENDING, OutboxState.SENDING]))
_HELD = "early:"


class SqlRetention:
    """``Retention`` over ``messages``, ``events``, ``meta``, ``runs``, ``feedback`` and ``outbox``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def expiring(self, before: datetime, limit: int) -> list[SessionId]:
        """As the port says."""
        due = (
            select(_m.session)
            .where(
                _m.expired_at.is_(None), _m.at < before, _m.session.in_(_OVER), _m.session.not_in(_AWAITED),
                _m.session.not_in(_ON_ITS_WAY), _m.id.not_in(_AWAITED),
            )
            .distinct()
            .order_by(_m.session)
            .limit(limit)
        )  # fmt: skip
        return [SessionId(row[_m.session]) for row in await self._db.rows(due)]

    async def events(self, before: datetime, limit: int) -> int:
        """As the port says."""
        some = first_rows(tables.events, limit, _e.at < before, _e.body != "")
        emptied = await self._db.write(update(tables.events).where(_e.row.in_(some)).values(body=""))
        held = await self._db.rows(select(_x.key, _x.value).where(_x.key.startswith(_HELD, autoescape=True)))
        old = [row[_x.key] for row in held if datetime.fromisoformat(json.loads(row[_x.value])["at"]) < before]
        if old:
            await self._db.write(delete(tables.meta).where(_x.key.in_(old[:limit])))
        return emptied

    async def runs(self, before: datetime, limit: int) -> int:
        """As the port says."""
        return await self._db.write(
            delete(tables.runs).where(_u.row.in_(first_rows(tables.runs, limit, _u.at < before)))
        )

    async def feedback(self, before: datetime, limit: int) -> int:
        """As the port says."""
        some = first_rows(tables.feedback, limit, _f.at < before, _f.text != "")
        return await self._db.write(update(tables.feedback).where(_f.row.in_(some)).values(text=""))

    async def cards(self, before: datetime, limit: int) -> int:
        """As the port says."""
        over = (
            _o.state.in_([OutboxState.SENT, OutboxState.DROPPED]),
            or_(_o.session.in_(_OVER), _o.session.not_in(_KNOWN)),
        )
        some = first_rows(tables.outbox, limit, _o.not_before < before, *over, _o.card_id.not_in(_AWAITED))
        return await self._db.write(delete(tables.outbox).where(_o.row.in_(some)))


def first_rows(table: Table, limit: int, *which: ColumnElement[bool]) -> Select[Any]:
    """The first rows recorded of which all of that holds."""
    row = table.c.row
    return select(row).where(*which).order_by(row).limit(limit)
