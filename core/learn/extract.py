"""Learning what humans said of a question that Vigil did not answer (DESIGN 6, Extract)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.channels import Channel
from core.domain.dialogue import Line
from core.domain.ids import EntryId, MessageId, make_id
from core.domain.knowledge import INTERNAL, QA, SHARED, Audience, EntryStatus, KnowledgeEntry
from core.domain.people import Role
from core.domain.sessions import Question
from core.domain.tasks import (
    ExtractInput,
    Extraction,
    Lesson,
    NotKnownYet,
    Reply,
)
from core.learn.generalise import Lexicon, audience_of
from core.learn.said import keys_said
from core.learn.teaching import Teaching, may_teach
from core.ports.engine import Engine
from core.prompts.requests import extract_request
from core.text.language import language_of

MOST_QUESTION_CHARS = 2000
LONGEST = timedelta(days=366)
"""What holds for a time holds for a year at most: who means longer means for good, and it is no model that decides so."""
CONFIRMED = "the requester confirmed it"
STATED = "an analyst stated it as fact"
OWN_FIX = "the requester found it, no analyst has confirmed it"
AGREED = "the requester found it, an analyst confirmed it"


@dataclass(frozen=True, slots=True)
class Learned:
    """A lesson as an entry, the messages that ask what it answers, and the ruling on who may see it."""

    entry: KnowledgeEntry
    lesson: Lesson
    asked_in: tuple[MessageId, ...]
    why: str


async def extract(question: Question, dialogue: Sequence[Line], final: bool, engine: Engine) -> Reply[Extraction]:
    """Ask the engine what the whole labelled dialogue taught about one question."""
    inputs = ExtractInput(question.query, question.asked_at, question.messages, tuple(dialogue), final)
    return await engine.perform(extract_request(inputs, question.session))


def learned(
    found: Lesson,
    question: Question,
    dialogue: Sequence[Line],
    channel: Channel,
    customer: str,
    lexicon: Lexicon,
    now: datetime,
) -> Learned | NotKnownYet:
    """Make the entry that a lesson stands for, or say why it may not be kept. The entry's id follows from the question, so
    that a later run revises it."""
    teaching = may_teach(found, dialogue)
    if not teaching.allowed:
        return NotKnownYet(teaching.reason)
    title = f"{found.object}: {found.symptom}" if found.object and found.symptom else found.object or found.symptom
    shown = f"{title}\n{found.answer}\n{found.conditions}"
    ruling = audience_of(shown, dialogue, customer, lexicon)
    audience = Audience.customer(customer) if teaching.stays and ruling.audience != INTERNAL else ruling.audience
    entry = KnowledgeEntry(
        id=entry_id(question),
        kind=QA,
        audience=audience,
        title=title,
        question=question.query[:MOST_QUESTION_CHARS],
        answer=found.answer,
        object=found.object,
        symptom=found.symptom,
        conditions=found.conditions,
        keys=keys_said(found, dialogue),
        language=language_of(found.answer),
        status=EntryStatus.CANDIDATE if channel.settings.approval else EntryStatus.ACTIVE,
        created_at=now,
        updated_at=now,
        expires_at=valid_until(found, now),
        confirmed_at=now if found.confirmed else None,
        confirmations=1 if found.confirmed else 0,
        taught_by=Role.REQUESTER if teaching.own else Role.ANALYST,
    )
    why = _why(teaching, found)
    kept = "" if audience == SHARED else "; kept internal" if audience == INTERNAL else f"; kept for {customer}"
    return Learned(entry, found, question.messages, why + kept + (f": {ruling.because}" if ruling.because else ""))


def valid_until(found: Lesson, now: datetime) -> datetime | None:
    """Until when a lesson holds; ``None`` where it holds for good."""
    return min(found.expires_at, now + LONGEST) if found.expires_at else None


def _why(teaching: Teaching, found: Lesson) -> str:
    if teaching.own:
        return OWN_FIX if teaching.stays else AGREED
    return CONFIRMED if found.confirmed else STATED


def entry_id(question: Question) -> EntryId:
    """The id of the entry that a question may teach."""
    return EntryId(make_id("entry", question.id))
