"""What a model answered as the task's output type. The second check: the schema says the form, this the sense."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from adapters.engine.claude.schemas import (
    ANSWERS,
    Said,
    SaidExtraction,
    SaidIdentified,
    SaidJudged,
    SaidReview,
    SaidRewriting,
    SaidRuling,
    SaidSolution,
)
from core.domain.ids import MessageId
from core.domain.judging import Judged
from core.domain.reviews import EntryRuling, Review, Verdict
from core.domain.tasks import (
    Extraction,
    Identified,
    Lesson,
    Line,
    NotKnownYet,
    Rewriting,
    Rewritten,
    labels,
)

MOST_QUESTIONS = 4
TEMPORARY = timedelta(days=7)
"""DESIGN 6: how long a temporary solution holds where nobody has named a date."""


class Unusable(ValueError):
    """An answer that is not what the task asks for. The text says why, in words for the model that is to put it right; it holds
    nothing of what people wrote."""


def read_answer(task: str, text: str, inputs: Any) -> object:
    """The output of a task from the model's JSON. Raises ``Unusable``."""
    try:
        said = ANSWERS[task].model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Unusable(f"it does not fit the schema ({place or 'the whole'}: {first['type']})") from None
    return _output(said, _Named(inputs.lines))


def _output(said: Said, named: "_Named") -> object:
    match said:
        case SaidIdentified():
            return Identified(said.class_, said.reason.strip(), _share(said.confidence))
        case SaidRewriting():
            return _rewriting(said, named)
        case SaidExtraction():
            return _extraction(said, named)
        case SaidReview():
            return Review(tuple(_ruling(one, named) for one in said.rulings))
        case SaidJudged():
            return Judged(said.agreement, said.reason.strip())
        case _:
            return None


class _Named:
    """The lines by the labels that the prompt gave them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = {line.id: line for line in lines}
        self._ids = {label: id_ for id_, label in labels(lines).items()}

    def ids(self, said: Iterable[str]) -> tuple[MessageId, ...]:
        """The messages that are meant; a label that nobody has is left out."""
        return tuple(dict.fromkeys(self._ids[one] for one in said if one in self._ids))


def _rewriting(said: SaidRewriting, named: _Named) -> Rewriting:
    questions = [one for one in said.questions if one.query.strip()][:MOST_QUESTIONS]
    return Rewriting(tuple(Rewritten(q.query.strip(), named.ids(q.messages), q.context.strip()) for q in questions))


def _extraction(said: SaidExtraction, named: _Named) -> Extraction:
    if not said.found:
        return Extraction(NotKnownYet(said.reason.strip(), named.ids(said.likely)))
    if said.solution is None:
        raise Unusable("found is true and there is no solution")
    return Extraction(_lesson(said.solution, named))


def _ruling(said: SaidRuling, named: _Named) -> EntryRuling:
    if said.verdict is Verdict.UPDATE and said.solution is None:
        raise Unusable("an update brings its whole new text in solution")
    return EntryRuling(
        n=said.n, verdict=said.verdict, reason=said.reason.strip(), correction=named.ids(said.correction),
        sibling=said.sibling, confirmed=said.confirmed, confidence=_share(said.confidence),
        question=said.question.strip(),
        lesson=_lesson(said.solution, named) if said.verdict is Verdict.UPDATE and said.solution else None,
    )  # fmt: skip


def _lesson(said: SaidSolution, named: _Named) -> Lesson:
    taught = named.ids(said.from_messages)
    if not said.answer.strip():
        raise Unusable("the solution has no answer")
    if not taught:
        raise Unusable("from_messages names no message of the dialogue")
    return Lesson(
        object=said.object.strip(), symptom=said.symptom.strip(), conditions=said.conditions.strip(),
        answer=said.answer.strip(), keys=tuple(key.strip() for key in said.keys if key.strip()), from_messages=taught,
        expires_at=_expiry(said, max(named.lines[one].at for one in taught)), confirmed=said.confirmed,
        confidence=_share(said.confidence),
    )  # fmt: skip


def _expiry(said: SaidSolution, taught_at: datetime) -> datetime | None:
    if said.expires_at is None:
        return taught_at + TEMPORARY if said.temporary else None
    try:
        named = datetime.fromisoformat(said.expires_at)
        return named.replace(tzinfo=UTC) if named.tzinfo is None else named.astimezone(UTC)
    except (ValueError, OverflowError):  # OverflowError: a time zone leads out of all years
        raise Unusable("expires_at is no ISO 8601 date") from None


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0) if value == value else 0.0  # noqa: PLR0124  # the one number that is not itself: NaN
