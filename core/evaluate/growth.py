"""What a dated replay came to per tenth of its time: what was asked, answered, known, and whether humans then said the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.domain.answers import Answer
from core.domain.calibration import Calibration
from core.domain.ids import EntryId, SessionId
from core.domain.knowledge import ChangeKind, KnowledgeEntry, Revision
from core.domain.people import Role
from core.domain.sessions import Message, Outcome, QuestionClass
from core.evaluate.metrics import measured, share
from core.evaluate.report import Report, report
from core.knowledge.near_duplicates import opposed
from core.ports.embedder import Embedder
from core.ports.journal import MessageTold, Told, TurnTold
from core.session.answered import reply_answers
from core.text.opposites import names_other_things
from core.text.terms import content_terms

TENTHS = 10
LATE = TENTHS // 2
LEAST_TERMS = 3
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Tenth:
    """One tenth of the time. ``answered`` tells of each question in scope whether it was answered, ``led`` of each answer after
    which humans answered in its thread whether its citations lead to what they said. ``known`` entries are those not retired
    at its end, ``retired`` the retirements in it."""

    answered: list[bool] = field(default_factory=list)
    led: list[bool] = field(default_factory=list)
    known: int = 0
    retired: int = 0

    def as_json(self, number: int) -> dict[str, object]:
        """One line of ``vigil eval growth --json``; shares are ``null`` where there was nothing to share."""
        return {
            "v": 1, "suite": "growth", "tenth": number, "in_scope": len(self.answered), "answered": sum(self.answered),
            "answered_share": _share(self.answered), "compared": len(self.led), "led": sum(self.led),
            "led_share": _share(self.led), "known": self.known, "retired": self.retired,
        }  # fmt: skip


def _share(hits: Sequence[bool]) -> float | None:
    return round(share(hits), 4) if hits else None


@dataclass(frozen=True, slots=True)
class Thread:
    """What is needed of a replay to look back from its answers."""

    messages: Mapping[SessionId, Sequence[Message]]
    entries: Mapping[tuple[EntryId, int], KnowledgeEntry]

    @classmethod
    def of(cls, told: Iterable[Told]) -> "Thread":
        """Collect it."""
        messages: dict[SessionId, list[Message]] = {}
        entries: dict[tuple[EntryId, int], KnowledgeEntry] = {}
        for one in told:
            if isinstance(one, MessageTold):
                messages.setdefault(one.session.id, []).append(one.message)
            elif isinstance(one, Revision):
                entries[one.subject_id, one.n] = one.after
        return cls(messages, entries)


async def tenths(told: Sequence[Told], embedder: Embedder, calibration: Calibration) -> list[Tenth]:
    """Sort a replay's journal into ten equal spans between its first and its last message.

    A citation *leads to what humans answered* when an analyst's message after the answer in the same thread answers (as
    ``reply_answers`` has it) and, whole or in one of its paragraphs, says the same as the answer of a cited entry at the cited
    revision. That is judged as near duplicates are, where the question is the same: a cosine from ``same_answer`` on, no
    exclusion, no other things named. Humans who solve it in another way, or who only agree, count against it; those who
    say something near that does not help count for it.
    """
    thread, found = Thread.of(told), [Tenth() for _ in range(TENTHS)]
    place = _place_in([one.message.at for one in told if isinstance(one, MessageTold)])
    known: set[EntryId] = set()
    for one in told:
        match one:
            case TurnTold():
                await _count(one, found[place(one.turn.at)], thread, embedder, calibration)
            case Revision():
                now = found[place(one.at)]
                now.retired += one.change is ChangeKind.RETIRED
                (known.discard if one.change is ChangeKind.RETIRED else known.add)(one.subject_id)
                for later in found[place(one.at) :]:
                    later.known = len(known)
            case _:  # messages are in ``thread``; what people clicked shows in the revisions
                pass
    return found


def _place_in(times: Sequence[datetime]) -> Callable[[datetime], int]:
    """Give the tenth (0..9) that a time lies in; what runs after the last message is in the last."""
    begin, end = (min(times), max(times)) if times else (_NEVER, _NEVER)

    def place(at: datetime) -> int:
        return max(0, min(TENTHS - 1, int(TENTHS * ((at - begin) / (end - begin))))) if end > begin else TENTHS - 1

    return place


async def _count(told: TurnTold, tenth: Tenth, thread: Thread, embedder: Embedder, calibration: Calibration) -> None:
    for question in told.turn.questions:
        if question.class_ is QuestionClass.WITHIN_SCOPE:
            tenth.answered.append(question.outcome is Outcome.ANSWERED)
        said = said_after(told, thread) if question.outcome is Outcome.ANSWERED else []
        answer = next((a for a in told.answers if a.id == question.answer), None)
        if answer and said:
            tenth.led.append(await _leads(answer, said, thread, embedder, calibration))


def said_after(told: TurnTold, thread: Thread) -> list[str]:
    """What analysts answered in the thread after the turn."""
    messages = thread.messages.get(told.turn.session, ())
    later = [m for m in messages if m.at > told.turn.at and m.role is Role.ANALYST and not (m.direct or m.deleted_at)]
    return [m.text for m in later if reply_answers(m.text)]


async def _leads(
    answer: Answer, said: Sequence[str], thread: Thread, embedder: Embedder, calibration: Calibration
) -> bool:
    cited = [thread.entries.get((c.entry, c.revision)) for c in answer.citations]
    texts = [text for whole in said for text in dict.fromkeys((whole, *_paragraphs(whole)))]
    return any([await agrees(e.answer, texts, embedder, calibration) for e in cited if e is not None])


async def agrees(answer: str, said: Sequence[str], embedder: Embedder, calibration: Calibration) -> bool:
    """Whether one of the texts, said to the same question, says what the answer says."""
    if not said:
        return False
    vectors = await embedder.embed([answer, *said], "passage")
    near = [
        text for text, cosine in zip(said, vectors[1:] @ vectors[0], strict=True) if cosine >= calibration.same_answer
    ]
    return any(not opposed(answer, text, near=True) and not names_other_things(answer, text) for text in near)


def _paragraphs(text: str) -> list[str]:
    return [part for part in text.splitlines() if len(content_terms(part)) >= LEAST_TERMS]


def growth_report(found: Sequence[Tenth], begun: float) -> Report:
    """The whole replay in figures: ``answered`` and ``led`` over all of it, ``answered_late`` over its second half. ``n``
    counts the questions in scope."""
    answered = [hit for tenth in found for hit in tenth.answered]
    figures = {
        "answered": measured(answered, share),
        "answered_late": measured([hit for tenth in found[LATE:] for hit in tenth.answered], share),
        "led": measured([hit for tenth in found for hit in tenth.led], share),
    }
    return report("growth", len(answered), begun, figures)
