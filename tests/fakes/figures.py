"""``FigureStore`` in memory: counted one by one, as the definitions say."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from core.domain.answers import Answer
from core.domain.channels import ChannelRef
from core.domain.documents import DOCUMENT
from core.domain.figures import AnswerDay, Help, KnowledgeDay, OnCalls, Over
from core.domain.ids import SessionId
from core.domain.knowledge import CHUNK, QA, ChangeKind
from core.domain.people import Role
from core.domain.sessions import Delivery, QuestionClass, Session
from tests.fakes.records import Tables


class MemoryFigures:
    """What Vigil was worth."""

    def __init__(self, tables: Tables) -> None:
        self._t = tables

    def _in(self, session: SessionId, channels: tuple[ChannelRef, ...] | None) -> bool:
        return channels is None or self._t.sessions[session].channel in channels

    async def span(self, channels: tuple[ChannelRef, ...] | None) -> tuple[datetime, datetime] | None:
        times = [message.at for message in self._t.messages.values() if self._in(message.session, channels)]
        return (min(times), max(times)) if times else None

    async def on_calls(self, over: Over) -> list[OnCalls]:
        asked = self._asked()
        found: Counter[tuple[int, Help]] = Counter()
        for one in self._t.sessions.values():
            if one.id in asked and over.since <= one.opened_at < over.until and self._in(one.id, over.channels):
                found[self._helped(one)] += 1
        return [OnCalls(answers, when, count) for (answers, when), count in found.items()]

    def _asked(self) -> set[SessionId]:
        return {q.session for q in self._t.questions.values() if q.class_ is QuestionClass.WITHIN_SCOPE}

    def _helped(self, session: Session) -> tuple[int, Help]:
        mine = [a for a in self._t.answers.values() if a.session == session.id and a.withdrawn_at is None]
        sent = [a.sent_at for a in mine if a.sent_at is not None]
        wrote = [m.at for m in self._t.messages.values() if m.session == session.id and m.role is Role.ANALYST]
        if not sent:
            return 0, Help.NONE
        return len(sent), Help.BEFORE if not wrote or min(sent) <= min(wrote) else Help.AFTER

    def _posted(self, over: Over) -> Iterator[tuple[date, Answer]]:
        for one in [a for a in self._t.answers.values() if a.session in self._asked()]:
            if one.sent_at and over.since <= one.sent_at < over.until and self._in(one.session, over.channels):
                yield one.sent_at.date(), one

    async def answers(self, over: Over) -> list[AnswerDay]:
        found: dict[date, list[Answer]] = {}
        for day, answer in self._posted(over):
            found.setdefault(day, []).append(answer)
        return [
            AnswerDay(
                day, len(all_), sum(a.withdrawn_at is not None for a in all_),
                sum(self._accepted(a) == "requester" for a in all_), sum(self._accepted(a) == "analyst" for a in all_),
            )
            for day, all_ in sorted(found.items())
        ]  # fmt: skip

    def _accepted(self, answer: Answer) -> str:
        rows = [f for f in self._t.feedback.values() if (f.target_kind, f.target) == ("answer", answer.id)]
        clicks = [f for f in rows if f.kind in ("accept", "undo")]
        return clicks[-1].role if clicks and clicks[-1].kind == "accept" else ""

    async def leads(self, over: Over) -> tuple[list[float], int]:
        turns = [t for t in self._t.turns.values() if over.since <= t.at < over.until]
        turns = [t for t in turns if t.session in self._asked() and self._in(t.session, over.channels)]
        recorded = sum(t.delivery is Delivery.SHADOW for t in turns)
        return sorted(t.lead_s for t in turns if t.lead_s is not None), recorded

    async def growth(self, over: Over) -> list[KnowledgeDay]:
        counted: Counter[tuple[date, str, ChangeKind]] = Counter()
        grew: Counter[tuple[date, str, ChangeKind]] = Counter()
        for (subject, n), one in self._t.revisions.items():
            if one.at >= over.until or not self._learned(subject, over):
                continue
            kind = one.after.kind if one.after.kind in (QA, CHUNK, DOCUMENT) else "other"
            key, before = (one.at.date(), kind, one.change), self._t.revisions.get((subject, n - 1))
            counted[key] += 1
            grew[key] += (one.change is not ChangeKind.RETIRED) - bool(
                before and before.change is not ChangeKind.RETIRED
            )
        return [KnowledgeDay(*key, counted[key], grew[key]) for key in sorted(counted)]

    def _learned(self, subject: str, over: Over) -> bool:
        if over.channels is None:
            return True
        head = max((r for r in self._t.revisions.values() if r.subject_id == subject), key=lambda r: r.n)
        told = [self._t.messages[m].session for m in head.from_messages if m in self._t.messages]
        return any(self._in(session, over.channels) for session in told)
