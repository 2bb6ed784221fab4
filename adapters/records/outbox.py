"""Cards on their way out, and what people did to what they saw."""

from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, bindparam, select

from adapters.records import tables
from adapters.records.columns import Nested
from adapters.records.database import Database, insert_new, upsert
from core.domain.cards import Card, OutboxItem, OutboxState
from core.domain.channels import ChannelRef
from core.domain.ids import CardId, SessionId
from core.domain.records import Feedback

_CARD: Final = Nested(lambda: TypeAdapter(Card))

_o, _f = tables.outbox.c, tables.feedback.c
_WAITING = _o.state.in_([OutboxState.PENDING, OutboxState.SENDING])
_GET = select(tables.outbox).where(_o.card_id == bindparam("card_id"))
_POSTED = select(tables.outbox).where(_o.platform_id == bindparam("platform_id"))
_ALL_WAITING = select(tables.outbox).where(_WAITING).order_by(_o.row)
_OF_SESSION = _ALL_WAITING.where(_o.session == bindparam("session"))
_OF_TARGET = (
    select(tables.feedback)
    .where(_f.target_kind == bindparam("kind"), _f.target == bindparam("target"))
    .order_by(_f.at, _f.row)
)
_ON = select(tables.feedback).where(_f.target_kind == bindparam("kind")).order_by(_f.at, _f.row)


def _item_to_row(item: OutboxItem) -> dict[str, object]:
    return {
        "card_id": item.card.id, "session": item.card.session, "as_of": item.as_of, "payload": _CARD.dump(item.card),
        "state": item.state, "not_before": item.not_before, "not_after": item.not_after, "sending_at": item.sending_at,
        "platform_id": item.platform_id, "reason": item.reason, "attempts": item.attempts,
    }  # fmt: skip


def row_to_item(row: RowMapping) -> OutboxItem:
    """Give the outbox item of a row."""
    return OutboxItem(
        card=_CARD.load(row[_o.payload]),
        as_of=row[_o.as_of],
        not_before=row[_o.not_before],
        not_after=row[_o.not_after],
        state=OutboxState(row[_o.state]),
        sending_at=row[_o.sending_at],
        platform_id=row[_o.platform_id],
        reason=row[_o.reason],
        attempts=row[_o.attempts],
    )


def _feedback_to_row(feedback: Feedback) -> dict[str, object]:
    return {
        "id": feedback.id, "target_kind": feedback.target_kind, "target": feedback.target, "actor": feedback.actor,
        "role": feedback.role, "kind": feedback.kind, "text": feedback.text, "at": feedback.at,
    }  # fmt: skip


def row_to_feedback(row: RowMapping) -> Feedback:
    """Give the feedback of a row."""
    return Feedback(
        id=row[_f.id],
        target_kind=row[_f.target_kind],
        target=row[_f.target],
        actor=row[_f.actor],
        role=row[_f.role],
        kind=row[_f.kind],
        text=row[_f.text],
        at=row[_f.at],
    )


class SqlOutboxStore:
    """``OutboxStore`` over the table ``outbox``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, card: CardId) -> OutboxItem | None:
        """As the port says."""
        row = await self._db.row(_GET, {"card_id": card})
        return None if row is None else row_to_item(row)

    async def put(self, item: OutboxItem) -> None:
        """As the port says."""
        await self._db.write(upsert(tables.outbox, "card_id"), _item_to_row(item))

    async def posted(self, channel: ChannelRef, platform_id: str) -> Card | None:
        """As the port says."""
        found = [row_to_item(row).card for row in await self._db.rows(_POSTED, {"platform_id": platform_id})]
        return next((card for card in found if card.destination.channel == channel), None)

    async def waiting(self, session: SessionId | None = None) -> list[OutboxItem]:
        """As the port says."""
        statement = _ALL_WAITING if session is None else _OF_SESSION
        params = None if session is None else {"session": session}
        return [row_to_item(row) for row in await self._db.rows(statement, params)]


class SqlFeedbackStore:
    """``FeedbackStore`` over the table ``feedback``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, feedback: Feedback) -> None:
        """As the port says."""
        await self._db.write(insert_new(tables.feedback), _feedback_to_row(feedback))

    async def of_target(self, kind: str, target: str) -> list[Feedback]:
        """As the port says."""
        return [row_to_feedback(row) for row in await self._db.rows(_OF_TARGET, {"kind": kind, "target": target})]

    async def on(self, kind: str) -> list[Feedback]:
        """As the port says."""
        return [row_to_feedback(row) for row in await self._db.rows(_ON, {"kind": kind})]
