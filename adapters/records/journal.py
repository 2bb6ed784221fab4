"""What happened, in order: messages, decided turns, clicks and revisions behind a place."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import astuple
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import BindParameter, RowMapping, bindparam, func, select

from adapters.records import tables
from adapters.records.columns import Nested
from adapters.records.database import Database
from adapters.records.ledger import row_to_revision
from adapters.records.outbox import row_to_feedback
from adapters.records.sessions import row_to_message, row_to_question, row_to_session
from adapters.records.turns import row_to_answer, row_to_turn
from core.domain.answers import Answer
from core.domain.ids import AnswerId, SessionId
from core.domain.reviews import ReviewRecord
from core.domain.sessions import Turn
from core.ports.journal import AcceptTold, MessageTold, Place, ReviewTold, Told, TurnTold

_REVIEW: Final = Nested(lambda: TypeAdapter(ReviewRecord))

_m, _d, _t, _u, _r, _s, _f, _q = (
    tables.messages.c, tables.decided_turns.c, tables.turns.c, tables.runs.c, tables.revisions.c, tables.sessions.c,
    tables.feedback.c, tables.questions.c,
)  # fmt: skip
_BEHIND: BindParameter[int] = bindparam("place")
_MESSAGES = (
    select(tables.messages, tables.sessions)
    .join_from(tables.messages, tables.sessions, _s.id == _m.session)
    .where(_m.row > _BEHIND)
)
_TURNS = (
    select(_d.row, tables.turns, tables.sessions)
    .join_from(tables.decided_turns, tables.turns, _t.id == _d.turn)
    .join(tables.sessions, _s.id == _t.session)
    .where(_d.row > _BEHIND)
)
_REVIEWS = select(tables.runs).where(_u.row > _BEHIND, _u.task == "review", _u.session.is_not(None))
_CLICKS = (
    select(tables.feedback, tables.questions, tables.sessions)
    .join_from(tables.feedback, tables.answers, tables.answers.c.id == _f.target)
    .join(tables.questions, _q.id == tables.answers.c.question)
    .join(tables.sessions, _s.id == _q.session)
    .where(_f.row > _BEHIND, _f.target_kind == "answer", _f.kind.in_(["accept", "undo"]))
)
_REVISIONS = select(tables.revisions).where(_r.row > _BEHIND)
_READ = ((_MESSAGES, _m.row), (_TURNS, _d.row), (_CLICKS, _f.row), (_REVIEWS, _u.row), (_REVISIONS, _r.row))
"""The kinds in the order of ``Place``, each with the column that counts its rows."""
_END: BindParameter[int] = bindparam("end")
_MOST: BindParameter[int] = bindparam("most")
_PAGES = tuple((statement.where(row <= _END).order_by(row).limit(_MOST), row) for statement, row in _READ)
PAGE = 500
_ANSWERS = select(tables.answers).where(tables.answers.c.id.in_(bindparam("ids", expanding=True)))
# SQLite takes 32,766 values in one statement.
_ANSWERS_AT_ONCE = 10_000

_Placed = tuple[datetime, int, int, Told]


class SqlJournal:
    """``Journal`` over the records; each call is one reading transaction."""

    def __init__(self, reading: Callable[[], AbstractAsyncContextManager[Database]]) -> None:
        self._reading = reading

    async def since(self, place: Place) -> tuple[list[Told], Place]:
        """As the port says."""
        begin = astuple(place)
        async with self._reading() as db:
            kinds = [
                await _placed(db, kind, await db.rows(statement, {"place": begin[kind]}))
                for kind, (statement, _) in enumerate(_READ)
            ]
        told = sorted((placed for kind in kinds for placed in kind), key=lambda placed: placed[:3])
        return [placed[3] for placed in told], Place(*map(_last, kinds, begin))

    async def end(self) -> Place:
        """As the port says."""
        async with self._reading() as db:
            return Place(*[await db.value(select(func.max(row))) or 0 for _, row in _READ])

    async def pages(self, begin: Place, end: Place) -> AsyncIterator[list[Told]]:
        """As the port says. Each page is a reading transaction of its own, so that none holds the log for long."""
        for kind, (statement, row) in enumerate(_PAGES):
            place, last = astuple(begin)[kind], astuple(end)[kind]
            while True:
                async with self._reading() as db:
                    rows = await db.rows(statement, {"place": place, "end": last, "most": PAGE})
                    told = [placed[3] for placed in await _placed(db, kind, rows)]
                if not rows:
                    break
                yield told
                place = rows[-1][row]


async def _placed(db: Database, kind: int, rows: Sequence[RowMapping]) -> list[_Placed]:
    """Rows of a kind as they are told."""
    if kind == 1:
        return await _turns(db, rows)
    one = {0: _message, 2: _click, 3: _review, 4: _revision}[kind]
    return [one(row) for row in rows]


def _last(placed: Sequence[_Placed], before: int) -> int:
    return max((row for _at, _kind, row, _told in placed), default=before)


def _message(row: RowMapping) -> _Placed:
    message = row_to_message(row)
    return message.at, 0, row[_m.row], MessageTold(message, row_to_session(row))


def _revision(row: RowMapping) -> _Placed:
    revision = row_to_revision(row)
    return revision.at, 4, row[_r.row], revision


def _click(row: RowMapping) -> _Placed:
    click = row_to_feedback(row)
    return click.at, 2, row[_f.row], AcceptTold(click, row_to_question(row), row_to_session(row))


def _review(row: RowMapping) -> _Placed:
    at: datetime = row[_u.at]
    return at, 3, row[_u.row], ReviewTold(SessionId(row[_u.session]), at, _REVIEW.load(row[_u.output]).holds)


async def _turns(db: Database, rows: Sequence[RowMapping]) -> list[_Placed]:
    turns = [row_to_turn(row) for row in rows]
    answers = await _answers(db, [id_ for turn in turns for id_ in _answer_ids(turn)])
    return [
        (turn.at, 1, row[_d.row], TurnTold(turn, row_to_session(row), _those(answers, turn)))
        for turn, row in zip(turns, rows, strict=True)
    ]


def _answer_ids(turn: Turn) -> list[AnswerId]:
    return [question.answer for question in turn.questions if question.answer is not None]


def _those(answers: dict[AnswerId, Answer], turn: Turn) -> tuple[Answer, ...]:
    return tuple(answers[id_] for id_ in dict.fromkeys(_answer_ids(turn)) if id_ in answers)


async def _answers(db: Database, ids: Sequence[AnswerId]) -> dict[AnswerId, Answer]:
    found: dict[AnswerId, Answer] = {}
    for start in range(0, len(ids), _ANSWERS_AT_ONCE):
        for row in await db.rows(_ANSWERS, {"ids": ids[start : start + _ANSWERS_AT_ONCE]}):
            answer = row_to_answer(row)
            found[answer.id] = answer
    return found
