"""What the rulings of a review change in what is known (DESIGN 6, Review and Generalise)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.channels import Channel
from core.domain.dialogue import Line
from core.domain.ids import EntryId, MessageId, make_id
from core.domain.knowledge import INTERNAL, SHARED, KnowledgeEntry
from core.domain.people import Role, RoleBasis
from core.domain.reviews import CitedEntry, EntryRuling, Verdict
from core.domain.sessions import Question
from core.domain.tasks import Lesson
from core.learn.accept import narrowest
from core.learn.extract import Learned, learned, valid_until
from core.learn.generalise import Lexicon, audience_of
from core.learn.said import LEAST_SHARE, keys_said, told_by_people, unsaid
from core.learn.teaching import may_teach
from core.text.carried import shares
from core.text.invented import invented
from core.text.language import language_of

MOST_KEYS = 20


@dataclass(frozen=True, slots=True)
class Scene:
    """What a correction is judged by: the question, its whole dialogue, where it was said, whose it is, and what names them."""

    question: Question
    dialogue: tuple[Line, ...]
    channel: Channel
    customer: str
    lexicon: Lexicon
    now: datetime


@dataclass(frozen=True, slots=True)
class Retire:
    """A learned entry leaves retrieval."""

    entry: EntryId
    why: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A part of a document that misled is put on record."""

    entry: EntryId
    why: str


@dataclass(frozen=True, slots=True)
class Reword:
    """An entry's new text, and the messages that it was learned from."""

    entry: KnowledgeEntry
    from_messages: tuple[MessageId, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Add:
    """An entry of its own, ``beside`` the cited one, which stays as it is."""

    learned: Learned
    beside: EntryId


Correction = Retire | Flag | Reword | Add


def correction_of(ruling: EntryRuling, cited: CitedEntry, scene: Scene) -> Correction | None:
    """Say what a ruling that holds changes; ``None`` when it keeps, or when its lesson may not be kept."""
    match ruling.verdict, ruling.lesson:
        case Verdict.DELETE, _:
            why = f"an analyst corrected it: {ruling.reason}"
            return Retire(cited.entry.id, why) if cited.learned else Flag(cited.entry.id, why)
        case Verdict.UPDATE, Lesson() as lesson:
            if ruling.sibling or not cited.learned or scene.channel.settings.approval:
                return _beside(lesson, ruling, cited, scene)
            return _reworded(lesson, ruling, cited, scene) or _beside(lesson, ruling, cited, scene)
        case _:
            return None


def _reworded(lesson: Lesson, ruling: EntryRuling, cited: CitedEntry, scene: Scene) -> Reword | None:
    """The entry in its new words; ``None`` where they would bring what only a requester says, or a customer's particulars or
    name, into what others see."""
    known = cited.current
    dialogue = _after_team(known, scene)
    if unsaid(lesson, dialogue) or may_teach(lesson, dialogue).stays:
        return None
    after = replace(
        known,
        question=_question(ruling.question, known, dialogue),
        answer=lesson.answer,
        object=lesson.object or known.object,
        symptom=lesson.symptom or known.symptom,
        conditions=all_conditions(known.conditions, lesson.conditions),
        keys=tuple(dict.fromkeys((*known.keys, *keys_said(lesson, dialogue))))[:MOST_KEYS],
        language=language_of(lesson.answer),
        updated_at=scene.now,
        expires_at=valid_until(lesson, scene.now) or known.expires_at,
        taught_by=Role.ANALYST,
    )
    shown = f"{after.title}\n{after.object}\n{after.symptom}\n{after.answer}\n{after.conditions}"
    seen_by = audience_of(shown, dialogue, scene.customer, scene.lexicon)
    if (known.audience == SHARED and seen_by.because) or (known.audience != INTERNAL and seen_by.audience == INTERNAL):
        return None
    return Reword(after, lesson.from_messages, ruling.reason)


def _question(new: str, known: KnowledgeEntry, dialogue: Sequence[Line]) -> str:
    """What the entry answers from now on: in new words only where people used them."""
    told = told_by_people(dialogue)
    said = new.strip() and not invented(new, told) and shares(new, told, LEAST_SHARE)
    return new if said else known.question


def _after_team(known: KnowledgeEntry, scene: Scene) -> Sequence[Line]:
    """The dialogue behind what the entry says already: that is the team's, whoever repeats it."""
    text = _said_by(known)
    return (Line(MessageId(""), Role.ANALYST, RoleBasis.HOME, "", text, known.updated_at), *scene.dialogue)


def _said_by(known: KnowledgeEntry) -> str:
    return f"{known.title}\n{known.question}\n{known.answer}\n{known.conditions}"


def _beside(lesson: Lesson, ruling: EntryRuling, cited: CitedEntry, scene: Scene) -> Add | None:
    dialogue = _after_team(cited.current, scene)
    if unsaid(lesson, dialogue):
        return None
    made = learned(lesson, scene.question, dialogue, scene.channel, scene.customer, scene.lexicon, scene.now)
    if not isinstance(made, Learned):
        return None
    entry = replace(
        made.entry,
        id=EntryId(make_id("entry", scene.question.id, cited.entry.id)),
        audience=narrowest([made.entry.audience, cited.current.audience]),
        title=made.entry.title or cited.current.title,
        derived_from=() if cited.learned else (cited.entry.id,),
    )
    return Add(replace(made, entry=entry, why=f"{ruling.reason}; {made.why}"), cited.entry.id)


def all_conditions(known: str, new: str) -> str:
    """The conditions that held before, and behind them what is new."""
    if new.casefold() in known.casefold():
        return known
    return new if known.casefold() in new.casefold() else f"{known}; {new}"


def subject_of(correction: Correction) -> EntryId:
    """The entry that a correction is written to."""
    match correction:
        case Reword():
            return correction.entry.id
        case Add():
            return correction.learned.entry.id
        case Retire() | Flag():
            return correction.entry
