"""What people's clicks, corrections and confirmations say about Vigil's judgement, as labelled rows to train and measure with.

``labels_of`` gives rows for ``vigil labels export``; each is one JSON object a line with ``v`` (1), ``kind``, ``label``, ``at``
and ``language``. Texts are masked: secrets at the door; here the names of
people and customers, and the hosts, addresses and ids that customers named. Kinds:

- ``accept``: ``question``, ``answer``, ``role`` of who accepted, ``entries`` [{``entry``, ``revision``, ``text``}] as cited;
  label ``accepted``. Accepts that were undone are left out.
- ``identify``: ``dialogue``, ``asked`` (indices of the question's lines in it); label ``within_scope``. One per accepted
  question.
- ``extract``: ``question``, ``dialogue``, ``asked``, ``taught`` (indices of the lines that carry the solution), ``answer``; the
  label is what became of the lesson: ``confirmed`` by people, ``retired`` or ``replaced`` by a ruling, else ``standing``.
- ``review``: ``question``, ``run`` {``inputs``, ``output``} of the task; label: the verdicts that hold, answer by answer.

A dialogue is a list of {``role``, ``basis``, ``text``}, oldest first, without what was deleted since.
"""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from re import Pattern

from pydantic import JsonValue, TypeAdapter

from core.desk.thread import job_name
from core.domain.answers import Answer
from core.domain.dialogue import Line
from core.domain.ids import AnswerId, MessageId
from core.domain.knowledge import ChangeKind, EntryStatus
from core.domain.records import Feedback, Run
from core.domain.reviews import ReviewRecord
from core.domain.sessions import Question
from core.domain.tasks import Extraction, Lesson
from core.evaluate.masks import Strangers, strangers
from core.knowledge.parts import history_as_cited
from core.learn.extract import entry_id
from core.learn.review import BY_RULE
from core.ports.records import UnitOfWork
from core.session.transcript import lines
from core.text.names import without_names

VERSION = 1
Row = Mapping[str, object]

_LINES = TypeAdapter(tuple[Line, ...])
_EXTRACTION = TypeAdapter(Extraction)
_REVIEW = TypeAdapter(ReviewRecord)
_RULED = ("review:", "hand:")
_PERSONAL = frozenset({"author", "name", "actor"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its dialogue, the mask of the names in it, and whether nothing of it was deleted."""

    question: Question
    dialogue: tuple[Line, ...]
    mask: Pattern[str] | None
    whole: bool

    def text(self, text: str) -> str:
        """A text without names."""
        return without_names(text, self.mask)

    def row(self, kind: str, at: datetime, label: str | list[str], **fields: object) -> Row:
        """One labelled row."""
        when = at.isoformat().replace("+00:00", "Z")
        return {"v": VERSION, "kind": kind, "language": self.question.language, **fields, "label": label, "at": when}

    def shown(self, dialogue: Sequence[Line]) -> list[dict[str, str]]:
        """Lines without ids and names."""
        return [{"role": m.role.value, "basis": m.basis.value, "text": self.text(m.text)} for m in dialogue]


async def labels_of(work: UnitOfWork, scope: str = "") -> AsyncGenerator[Row, None]:
    """Give every row that the records hold, accepts first, each kind oldest first. What ``scope`` names is the team's own and
    stays."""
    known = await strangers(work, scope)
    for click in _standing(await work.feedback.on("answer")):
        answer = await work.answers.get(AnswerId(click.target))
        asked = await _asked(work, known, await work.questions.get(answer.question)) if answer else None
        if answer and asked:
            yield await _accept(work, click, answer, asked)
            yield _identify(click, asked)
    for run in {run.question: run for run in await work.turns.runs("extract")}.values():
        if row := await _extract(work, known, run):
            yield row
    for run in await work.turns.runs("review"):
        if row := await _review(work, known, run):
            yield row


def _standing(clicks: Sequence[Feedback]) -> list[Feedback]:
    last = {click.target: click for click in clicks if click.kind in ("accept", "undo")}
    return [click for click in last.values() if click.kind == "accept"]


async def _asked(work: UnitOfWork, known: Strangers, question: Question | None) -> Asked | None:
    session = await work.sessions.get(question.session) if question else None
    if question is None or session is None:
        return None
    messages = await work.messages.of_session(session.id)
    if any(m.expired_at is not None for m in messages if m.id in question.messages):
        return None  # its words are no longer kept
    people = {m.author for m in messages}
    for organisation in {person.organisation for person in people if person.organisation}:
        people |= set(await work.channels.members(session.channel.platform, organisation))
    dialogue = lines(messages)
    mask = known.mask(people, dialogue)
    return Asked(question, dialogue, mask, all(m.deleted_at is None for m in messages))


async def _accept(work: UnitOfWork, click: Feedback, answer: Answer, asked: Asked) -> Row:
    images = [(c, await history_as_cited(work, c.entry, c.revision)) for c in answer.citations]
    entries = [
        {"entry": c.entry, "revision": c.revision, "text": asked.text(history[c.revision - 1].after.answer)}
        for c, history in images
        if len(history) >= c.revision
    ]
    question, text = asked.text(asked.question.query), asked.text(answer.plain_text)
    return asked.row("accept", click.at, "accepted", question=question, answer=text, role=click.role, entries=entries)


def _identify(click: Feedback, asked: Asked) -> Row:
    """The dialogue up to the question's last message: what Vigil knew when it classed it."""
    last = max((i for i, line in enumerate(asked.dialogue) if line.id in asked.question.messages), default=-1)
    until = asked.dialogue[: last + 1]
    indices = _indices(until, asked.question.messages)
    return asked.row("identify", click.at, "within_scope", dialogue=asked.shown(until), asked=indices)


async def _extract(work: UnitOfWork, known: Strangers, run: Run) -> Row | None:
    asked = await _asked(work, known, await work.questions.get(run.question)) if run.question else None
    found = _EXTRACTION.validate_json(run.output).found
    label = await _became(work, asked.question) if asked else None
    if asked is None or label is None or not isinstance(found, Lesson):
        return None
    live = {line.id for line in asked.dialogue}
    dialogue = [line for line in _LINES.validate_json(run.inputs) if line.id in live]
    return asked.row(
        "extract", run.at, label, question=asked.text(asked.question.query), dialogue=asked.shown(dialogue),
        asked=_indices(dialogue, asked.question.messages), taught=_indices(dialogue, found.from_messages),
        answer=asked.text(found.answer),
    )  # fmt: skip


async def _became(work: UnitOfWork, question: Question) -> str | None:
    """What became of the lesson of a question; ``None`` where its source went away, which says nothing about it."""
    history = await work.ledger.history(entry_id(question))
    if not history:
        return "confirmed" if await work.ledger.touched_by(job_name(question.id)) else None
    head, ruled = history[-1], history[-1].job.startswith(_RULED)
    if head.after.status is EntryStatus.RETIRED:
        return "retired" if ruled else None
    if ruled and head.change is ChangeKind.UPDATED:
        return "replaced"
    return "confirmed" if head.after.confirmations else "standing"


async def _review(work: UnitOfWork, known: Strangers, run: Run) -> Row | None:
    asked = await _asked(work, known, await work.questions.get(run.question)) if run.question else None
    if asked is None or not asked.whole or run.model == BY_RULE:
        return None
    inputs, output = (_scrubbed(json.loads(text), asked) for text in (run.inputs, run.output))
    question, task = asked.text(asked.question.query), {"inputs": inputs, "output": output}
    held = [one.verdict.value for one in _REVIEW.validate_json(run.output).holds]
    return asked.row("review", run.at, held, question=question, run=task)


def _scrubbed(value: JsonValue, asked: Asked) -> JsonValue:
    """The value without names, and without fields that hold nothing else."""
    if isinstance(value, str):
        return asked.text(value)
    if isinstance(value, list):
        return [_scrubbed(item, asked) for item in value]
    if isinstance(value, dict):
        return {key: _scrubbed(item, asked) for key, item in value.items() if key not in _PERSONAL}
    return value


def _indices(dialogue: Sequence[Line], messages: Sequence[MessageId]) -> list[int]:
    return [i for i, line in enumerate(dialogue) if line.id in messages]
