"""What happened as JSON objects, one a line, exactly as DESIGN 11 lists them."""

import json
from collections.abc import Mapping
from datetime import datetime

from core.domain.answers import Answer
from core.domain.knowledge import Revision
from core.domain.reviews import Verdicts
from core.domain.sessions import Message, Session, Turn, TurnQuestion
from core.ports.journal import AcceptTold, MessageTold, ReviewTold, Told, TurnTold

VERSION = 1


def line(told: Told, channels: Mapping[str, str]) -> str:
    """Give the JSON line of a message, a turn, an accept or a change of knowledge, or a line per verdict of a review;
    ``channels`` names channels by id."""
    match told:
        case MessageTold():
            return _dump("message", message(told.message, told.session, channels))
        case TurnTold():
            return _dump("turn", turn(told))
        case AcceptTold():
            return _dump("accept", accept(told))
        case ReviewTold():
            return "\n".join(_dump("review", review(one)) for one in told.verdicts)
        case Revision():
            return _dump("knowledge", knowledge(told))


def summary(values: Mapping[str, object]) -> str:
    """Give the closing JSON line."""
    return _dump("summary", dict(values))


def _dump(kind: str, fields: dict[str, object]) -> str:
    text = json.dumps({"v": VERSION, "type": kind, **fields}, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()


def message(one: Message, session: Session, channels: Mapping[str, str]) -> dict[str, object]:
    """A message: its text is not printed."""
    return {
        "id": one.id,
        "channel": channels.get(session.channel.channel, session.channel.channel),
        "thread": session.thread,
        "author": one.author.id,
        "role": one.role.value,
        "ts": one.platform_id,
    }


def turn(told: TurnTold) -> dict[str, object]:
    """A turn with its questions and answers; ``ms`` is the time of all steps."""
    answers = {answer.id: answer for answer in told.answers}
    return {
        "session": told.turn.session,
        "as_of": told.turn.as_of,
        "message_ids": list(told.turn.messages),
        "questions": [_question(q, answers.get(q.answer) if q.answer else None) for q in told.turn.questions],
        "delivery": told.turn.delivery.value,
        "ms": round(sum(ms for _, ms in told.turn.ms), 1),
    }


def turn_record(one: Turn) -> dict[str, object]:
    """A turn's record by itself, with the milliseconds of each step."""
    return {
        "session": one.session,
        "as_of": one.as_of,
        "message_ids": list(one.messages),
        "questions": [_question(question, None) | {"answer": question.answer} for question in one.questions],
        "delivery": one.delivery.value,
        "lead_s": one.lead_s,
        "ms": dict(one.ms),
    }


def _question(question: TurnQuestion, answer: Answer | None) -> dict[str, object]:
    return {
        "id": question.question,
        "class": question.class_.value if question.class_ else None,
        "query": question.query,
        "outcome": question.outcome.value,
        "reason": question.reason,
        "passages": [{"entry": p.entry, "revision": p.revision, "score": p.score} for p in question.passages],
        "answer": answer_json(answer) if answer else None,
    }


def answer_json(answer: Answer) -> dict[str, object]:
    """An answer: its text with markers, and what they cite."""
    citations = [{"n": c.n, "entry": c.entry, "title": c.title, "url": c.url} for c in answer.citations]
    return {"id": answer.id, "text": answer.marked_text, "citations": citations}


def accept(told: AcceptTold) -> dict[str, object]:
    """An accept, or with ``undone`` what took it back."""
    undone = {"undone": True} if told.click.kind == "undo" else {}
    return {"answer": told.click.target, "by": told.click.actor, **undone}


def review(one: Verdicts) -> dict[str, object]:
    """A verdict on entries behind an answer."""
    return {"answer": one.answer, "verdict": one.verdict.value, "entries": list(one.entries), "reason": one.reason}


def knowledge(revision: Revision) -> dict[str, object]:
    """A change of knowledge."""
    return {
        "change": revision.change.value,
        "entry": revision.subject_id,
        "revision": revision.n,
        "kind": revision.after.kind,
        "audience": revision.after.audience.value,
        "reason": revision.why,
        "from": list(revision.from_messages),
    }


def moment(at: datetime) -> str:
    """A time as ISO 8601 in UTC with Z."""
    return at.isoformat().replace("+00:00", "Z")
