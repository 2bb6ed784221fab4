"""Sessions, their transcript and their questions."""

from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, and_, bindparam, or_, select, update

from adapters.records import rows, tables
from adapters.records.columns import Nested
from adapters.records.database import Database
from adapters.records.events import ref_to_row
from core.domain.channels import ChannelRef
from core.domain.events import Attachment
from core.domain.ids import MessageId, QuestionId, SessionId, TurnId
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.sessions import Message, Phase, Question, QuestionClass, QuestionState, Session, SessionKind

PERSON: Final = Nested(lambda: TypeAdapter(Person))
_ATTACHMENTS: Final = Nested(lambda: TypeAdapter(tuple[Attachment, ...]))
MESSAGE_IDS: Final = Nested(lambda: TypeAdapter(tuple[MessageId, ...]))

_s, _m, _q = tables.sessions.c, tables.messages.c, tables.questions.c


def _session_to_row(session: Session) -> dict[str, object]:
    return {
        **ref_to_row(session.channel), "id": session.id, "thread": session.thread, "opener": PERSON.dump(session.opener),
        "opened_at": session.opened_at, "last_at": session.last_at, "threaded": session.threaded, "kind": session.kind,
        "phase": session.phase, "seq": session.seq, "closed_at": session.closed_at, "close_reason": session.close_reason,
    }  # fmt: skip


def row_to_session(row: RowMapping) -> Session:
    """Give the session of a row."""
    return Session(
        id=SessionId(row[_s.id]),
        channel=ChannelRef(row[_s.platform], row[_s.workspace], row[_s.channel]),
        thread=row[_s.thread],
        opener=PERSON.load(row[_s.opener]),
        opened_at=row[_s.opened_at],
        last_at=row[_s.last_at],
        threaded=row[_s.threaded],
        kind=SessionKind(row[_s.kind]),
        phase=Phase(row[_s.phase]),
        seq=row[_s.seq],
        closed_at=row[_s.closed_at],
        close_reason=row[_s.close_reason],
    )


def _message_to_row(message: Message) -> dict[str, object]:
    return {
        "id": message.id, "session": message.session, "platform_id": message.platform_id, "seq": message.seq,
        "at": message.at, "author": PERSON.dump(message.author), "role": message.standing.role,
        "basis": message.standing.basis, "text": message.text, "direct": message.direct,
        "attachments": _ATTACHMENTS.dump(message.attachments), "turn": message.turn,
        "edited_at": message.edited_at, "deleted_at": message.deleted_at, "thread": message.thread,
        "expired_at": message.expired_at,
    }  # fmt: skip


def row_to_message(row: RowMapping) -> Message:
    """Give the message of a row."""
    return Message(
        id=MessageId(row[_m.id]),
        session=SessionId(row[_m.session]),
        platform_id=row[_m.platform_id],
        seq=row[_m.seq],
        at=row[_m.at],
        author=PERSON.load(row[_m.author]),
        standing=Standing(Role(row[_m.role]), RoleBasis(row[_m.basis])),
        text=row[_m.text],
        direct=row[_m.direct],
        attachments=_ATTACHMENTS.load(row[_m.attachments]),
        turn=None if row[_m.turn] is None else TurnId(row[_m.turn]),
        edited_at=row[_m.edited_at],
        deleted_at=row[_m.deleted_at],
        thread=row[_m.thread],
        expired_at=row[_m.expired_at],
    )


def _question_to_row(question: Question) -> dict[str, object]:
    return {
        "id": question.id, "session": question.session, "messages": MESSAGE_IDS.dump(question.messages),
        "asked_at": question.asked_at, "query": question.query, "context": question.context, "class_": question.class_,
        "state": question.state, "language": question.language, "direct": question.direct, "tries": question.tries,
        "merged_into": question.merged_into,
    }  # fmt: skip


def row_to_question(row: RowMapping) -> Question:
    """Give the question of a row."""
    return Question(
        id=QuestionId(row[_q.id]),
        session=SessionId(row[_q.session]),
        messages=MESSAGE_IDS.load(row[_q.messages]),
        asked_at=row[_q.asked_at],
        query=row[_q.query],
        context=row[_q.context],
        class_=None if row[_q.class_] is None else QuestionClass(row[_q.class_]),
        state=QuestionState(row[_q.state]),
        language=row[_q.language],
        direct=row[_q.direct],
        tries=row[_q.tries],
        merged_into=None if row[_q.merged_into] is None else QuestionId(row[_q.merged_into]),
    )


_SESSION = rows.kind(tables.sessions, _session_to_row, row_to_session)
_MESSAGE = rows.kind(tables.messages, _message_to_row, row_to_message, "at", "seq")
_QUESTION = rows.kind(tables.questions, _question_to_row, row_to_question, "asked_at")

_WITHOUT_TURN = _MESSAGE.by_session.where(
    _m.turn.is_(None), _m.deleted_at.is_(None), or_(_m.role == Role.REQUESTER, _m.direct.is_(True))
)
_BY_ANALYST = select(_m.row).where(_m.session == bindparam("session"), _m.role == Role.ANALYST).limit(1)
_ASSIGN_TURN = update(tables.messages).where(_m.id == bindparam("message")).values(turn=bindparam("to_turn"))

_IN_CHANNEL = and_(
    _s.platform == bindparam("platform"), _s.workspace == bindparam("workspace"), _s.channel == bindparam("channel")
)
_IN_THREAD = (
    select(tables.sessions)
    .where(_IN_CHANNEL, _s.thread == bindparam("thread"))
    .order_by(_s.opened_at.desc(), _s.row.desc())
    .limit(1)
)
_UNTHREADED = (
    select(tables.sessions)
    .where(_IN_CHANNEL, _s.threaded.is_(False), _s.phase != Phase.CLOSED, _s.last_at >= bindparam("since"))
    .order_by(_s.opened_at, _s.row)
)


class SqlSessionStore:
    """``SessionStore`` over the table ``sessions``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, session: SessionId) -> Session | None:
        """As the port says."""
        return await rows.get(self._db, _SESSION, session)

    async def put(self, session: Session) -> None:
        """As the port says."""
        await rows.put(self._db, _SESSION, session)

    async def in_thread(self, channel: ChannelRef, thread: str) -> Session | None:
        """As the port says."""
        row = await self._db.row(_IN_THREAD, {**ref_to_row(channel), "thread": thread})
        return None if row is None else row_to_session(row)

    async def unthreaded(self, channel: ChannelRef, since: datetime) -> list[Session]:
        """As the port says."""
        found = await self._db.rows(_UNTHREADED, {**ref_to_row(channel), "since": since})
        return [row_to_session(row) for row in found]

    async def has_analyst(self, session: SessionId) -> bool:
        """As the port says."""
        return await self._db.row(_BY_ANALYST, {"session": session}) is not None


class SqlMessageStore:
    """``MessageStore`` over the table ``messages``; equal timestamps come in the order of arrival."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, message: MessageId) -> Message | None:
        """As the port says."""
        return await rows.get(self._db, _MESSAGE, message)

    async def put(self, *messages: Message) -> None:
        """As the port says."""
        await rows.put(self._db, _MESSAGE, *messages)

    async def of_session(self, session: SessionId) -> list[Message]:
        """As the port says."""
        return await rows.of_session(self._db, _MESSAGE, session)

    async def without_turn(self, session: SessionId) -> list[Message]:
        """As the port says."""
        return [row_to_message(row) for row in await self._db.rows(_WITHOUT_TURN, {"session": session})]

    async def assign_turn(self, turn: TurnId | None, *messages: MessageId) -> None:
        """As the port says."""
        if messages:
            await self._db.write(_ASSIGN_TURN, [{"message": one, "to_turn": turn} for one in messages])


class SqlQuestionStore:
    """``QuestionStore`` over the table ``questions``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, question: QuestionId) -> Question | None:
        """As the port says."""
        return await rows.get(self._db, _QUESTION, question)

    async def put(self, *questions: Question) -> None:
        """As the port says."""
        await rows.put(self._db, _QUESTION, *questions)

    async def of_session(self, session: SessionId) -> list[Question]:
        """As the port says."""
        return await rows.of_session(self._db, _QUESTION, session)
