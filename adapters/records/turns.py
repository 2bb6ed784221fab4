"""Turns, answers and the runs behind them."""

from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, bindparam, select

from adapters.records import rows, tables
from adapters.records.columns import Nested
from adapters.records.database import Database, insert_new, upsert
from adapters.records.sessions import MESSAGE_IDS
from core.domain.answers import Answer, Citation, Claim
from core.domain.ids import AnswerId, CardId, EntryId, QuestionId, RunId, SessionId, TurnId, subject_of
from core.domain.records import Run
from core.domain.sessions import Delivery, Turn, TurnQuestion

_QUESTIONS: Final = Nested(lambda: TypeAdapter(tuple[TurnQuestion, ...]))
_MS: Final = Nested(lambda: TypeAdapter(tuple[tuple[str, float], ...]))
_CLAIMS: Final = Nested(lambda: TypeAdapter(tuple[Claim, ...]))
_CITATIONS: Final = Nested(lambda: TypeAdapter(tuple[Citation, ...]))

_t, _a, _r = tables.turns.c, tables.answers.c, tables.runs.c


def _turn_to_row(turn: Turn) -> dict[str, object]:
    return {
        "id": turn.id, "session": turn.session, "as_of": turn.as_of, "at": turn.at,
        "messages": MESSAGE_IDS.dump(turn.messages), "questions": _QUESTIONS.dump(turn.questions),
        "delivery": turn.delivery, "delivery_reason": turn.delivery_reason, "card": turn.card, "ms": _MS.dump(turn.ms),
        "tokens": turn.tokens, "lead_s": turn.lead_s,
    }  # fmt: skip


def row_to_turn(row: RowMapping) -> Turn:
    """Give the turn of a row."""
    return Turn(
        id=TurnId(row[_t.id]),
        session=SessionId(row[_t.session]),
        as_of=row[_t.as_of],
        at=row[_t.at],
        messages=MESSAGE_IDS.load(row[_t.messages]),
        questions=_QUESTIONS.load(row[_t.questions]),
        delivery=Delivery(row[_t.delivery]),
        delivery_reason=row[_t.delivery_reason],
        card=None if row[_t.card] is None else CardId(row[_t.card]),
        ms=_MS.load(row[_t.ms]),
        tokens=row[_t.tokens],
        lead_s=row[_t.lead_s],
    )


def _answer_to_row(answer: Answer) -> dict[str, object]:
    return {
        "id": answer.id, "question": answer.question, "session": answer.session, "claims": _CLAIMS.dump(answer.claims),
        "citations": _CITATIONS.dump(answer.citations), "card": answer.card, "sent_at": answer.sent_at,
        "withdrawn_at": answer.withdrawn_at,
    }  # fmt: skip


def row_to_answer(row: RowMapping) -> Answer:
    """Give the answer of a row."""
    return Answer(
        id=AnswerId(row[_a.id]),
        question=QuestionId(row[_a.question]),
        session=SessionId(row[_a.session]),
        claims=_CLAIMS.load(row[_a.claims]),
        citations=_CITATIONS.load(row[_a.citations]),
        card=None if row[_a.card] is None else CardId(row[_a.card]),
        sent_at=row[_a.sent_at],
        withdrawn_at=row[_a.withdrawn_at],
    )


def _run_to_row(run: Run) -> dict[str, object]:
    return {
        "id": run.id, "task": run.task, "prompt_hash": run.prompt_hash, "model": run.model, "at": run.at,
        "session": run.session, "question": run.question, "inputs": run.inputs, "evidence": run.evidence,
        "output": run.output, "ms": run.ms, "tokens": run.tokens,
    }  # fmt: skip


def row_to_run(row: RowMapping) -> Run:
    """Give the run of a row."""
    return Run(
        id=RunId(row[_r.id]),
        task=row[_r.task],
        prompt_hash=row[_r.prompt_hash],
        model=row[_r.model],
        at=row[_r.at],
        session=None if row[_r.session] is None else SessionId(row[_r.session]),
        question=None if row[_r.question] is None else QuestionId(row[_r.question]),
        inputs=row[_r.inputs],
        evidence=row[_r.evidence],
        output=row[_r.output],
        ms=row[_r.ms],
        tokens=row[_r.tokens],
    )


_RUNS = select(tables.runs).where(_r.task == bindparam("task")).order_by(_r.at, _r.row)
_TURN = rows.kind(tables.turns, _turn_to_row, row_to_turn, "at")
_ANSWER = rows.kind(tables.answers, _answer_to_row, row_to_answer)


class SqlTurnStore:
    """``TurnStore`` over the tables ``turns`` and ``runs``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, turn: TurnId) -> Turn | None:
        """As the port says."""
        return await rows.get(self._db, _TURN, turn)

    async def put(self, turn: Turn) -> None:
        """As the port says; notes when the turn's delivery is decided, for the journal."""
        await rows.put(self._db, _TURN, turn)
        if turn.delivery is not Delivery.PENDING:
            await self._db.write(insert_new(tables.decided_turns), {"turn": turn.id})

    async def of_session(self, session: SessionId) -> list[Turn]:
        """As the port says."""
        return await rows.of_session(self._db, _TURN, session)

    async def add_run(self, run: Run) -> None:
        """As the port says."""
        await self._db.write(upsert(tables.runs, "id"), _run_to_row(run))

    async def runs(self, task: str) -> list[Run]:
        """As the port says."""
        return [row_to_run(row) for row in await self._db.rows(_RUNS, {"task": task})]


class SqlAnswerStore:
    """``AnswerStore`` over the table ``answers``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, answer: AnswerId) -> Answer | None:
        """As the port says."""
        return await rows.get(self._db, _ANSWER, answer)

    async def put(self, *answers: Answer) -> None:
        """As the port says."""
        await rows.put(self._db, _ANSWER, *answers)
        cited = [{"answer": a.id, "entry": e} for a in answers for e in _subjects(a)]
        if cited:
            await self._db.write(insert_new(tables.cited), cited)

    async def of_session(self, session: SessionId) -> list[Answer]:
        """As the port says."""
        return await rows.of_session(self._db, _ANSWER, session)


def _subjects(answer: Answer) -> dict[EntryId, None]:
    """What an answer cites as the ledger knows it, each once."""
    return dict.fromkeys(subject_of(citation.entry) for citation in answer.citations)
