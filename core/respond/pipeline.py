"""The hot path: identify, rewrite, retrieve, rerank, generate, skip repeats (DESIGN 5)."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

from core.domain.answers import Abstention, Answer
from core.domain.ids import QuestionId, make_id
from core.domain.knowledge import Passage, Vector
from core.domain.people import Role
from core.domain.sessions import Outcome, Question, QuestionClass
from core.domain.tasks import Identified
from core.respond.generate import generate
from core.respond.identify import with_model, without_model
from core.respond.lookups import Lookups
from core.respond.rewrite import rewrite
from core.respond.situation import Asked, Resolved, Response, Situation, Tools
from core.respond.skip_repeat import OFF, find_repeat
from core.respond.steps import Steps

STALE = "the message is too old to answer"
REPEATS = "the same was already answered in this session"
ANALYST_SAID = "an analyst has said the same in this session"
ANSWERED = "answered from the knowledge base"
T = TypeVar("T")


async def respond(situation: Situation, tools: Tools) -> Response:
    """Take a burst through the six steps. Raises ``Superseded`` when the requester writes on meanwhile."""
    steps, lookups = Steps(tools.clock), Lookups(situation, tools)
    async with AsyncExitStack() as early:
        async with steps.step("identify", situation):
            identified, asking = await without_model(situation, tools), None
            if identified is None:
                asking = await early.enter_async_context(_begun(situation, tools, steps))
                identified = await with_model(situation, tools, steps, lookups)
        silent = identified.class_ is not QuestionClass.WITHIN_SCOPE and not situation.direct
        asked: list[Asked] = []
        if not silent:
            async with steps.step("rewrite", situation):
                asked = await (asking or rewrite(situation, tools, steps))
    if silent:  # told only now, so that it counts the tokens of a rewriting that nobody wanted
        return _response([_silent(situation, identified)], steps)
    questions = [(one, _question(one, number, situation, identified.class_)) for number, one in enumerate(asked)]
    drafts = await _drafted(questions, situation, tools, steps, lookups)
    return _response(await _without_repeats(drafts, situation, tools, steps), steps)


async def _at_once(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Do the same for all questions: where it takes long, four must not take four times as long. The first that fails ends
    all."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


@asynccontextmanager
async def _begun(situation: Situation, tools: Tools, steps: Steps) -> AsyncIterator[asyncio.Task[list[Asked]] | None]:
    """The rewriting, begun while the class is asked for, where an engine takes seconds. It is let to its end even where nobody
    wants it any more: what a call that is broken off has cost is only estimated."""
    if not tools.engine.remote:
        yield None
        return
    task = asyncio.create_task(rewrite(situation, tools, steps))
    try:
        yield task
    except asyncio.CancelledError:
        task.cancel()
        raise
    finally:
        await _ended(task)


async def _ended(task: asyncio.Task[list[Asked]]) -> None:
    """Wait until a task has ended, whatever came of it. If the wait is cancelled, so is the task."""
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait({task})
        raise
    finally:
        if task.done() and not task.cancelled():
            task.exception()  # whoever wanted it has had it


async def _drafted(
    questions: Sequence[tuple[Asked, Question]], situation: Situation, tools: Tools, steps: Steps, lookups: Lookups
) -> list[Resolved]:
    """The questions with their answers, before these are compared with what has been said; each step for all of them."""
    if situation.stale:
        return [Resolved(question, Outcome.STALE, STALE) for _, question in questions]
    async with steps.step("retrieve", situation):
        await _at_once([lookups.found(asked.text, asked.context) for asked, _ in questions])
    async with steps.step("rerank", situation):
        ranked = [tuple(await lookups.ranked(asked.text, asked.context, crossed=True)) for asked, _ in questions]
    async with steps.step("generate", situation):
        found = zip(questions, ranked, strict=True)
        return await _at_once([_answered(*one, passages, situation, tools, steps) for one, passages in found])


async def _answered(
    asked: Asked, question: Question, passages: tuple[Passage, ...], situation: Situation, tools: Tools, steps: Steps
) -> Resolved:
    answer, run = await generate(asked, question.id, passages, situation, tools, steps)
    if isinstance(answer, Abstention):
        return Resolved(question, Outcome.ABSTAINED, answer.reason, passages, run=run)
    # Asked directly, a question is ours as soon as we know the answer.
    ours = replace(question, class_=QuestionClass.WITHIN_SCOPE)
    return Resolved(ours, Outcome.ANSWERED, ANSWERED, passages, answer, run=run)


async def _without_repeats(
    drafts: Sequence[Resolved], situation: Situation, tools: Tools, steps: Steps
) -> list[Resolved]:
    """The drafts, each unless its answer was already given, by Vigil, in this response or before, or by an analyst."""
    if not any(draft.answer for draft in drafts):
        return list(drafts)
    said, known = [line.text for line in situation.dialogue if line.role is Role.ANALYST], tools.calibration
    resolved: list[Resolved] = []
    async with steps.step("skip_repeat", situation):
        vectors = await _vectors(drafts, situation.sent, said, tools)
        for draft in drafts:
            seen = [*situation.sent, *(r.answer for r in resolved if r.answer)]
            index = None
            if draft.answer:
                texts = [*(one.plain_text for one in seen), *said]
                index = await find_repeat(
                    draft.answer.plain_text, texts, tools.embedder, known.repeat_weights, known.repeat_theta, vectors
                )
            resolved.append(draft if index is None else _repeat(draft, seen, index))
    return resolved


async def _vectors(
    drafts: Sequence[Resolved], sent: Sequence[Answer], said: Sequence[str], tools: Tools
) -> Mapping[str, Vector]:
    """The vectors of all that is to be compared: of answers that quote a whole one from the store, the others computed
    together."""
    answers = [draft.answer.plain_text for draft in drafts if draft.answer]
    texts = list(dict.fromkeys([*answers, *(one.plain_text for one in sent), *said]))
    stored = {p.entry.answer: p.answer_vector for draft in drafts for p in draft.passages}
    known = {text: vector for text in texts if (vector := stored.get(text)) is not None}
    if len(answers) + len(sent) + len(said) < 2 or tools.calibration.repeat_theta >= OFF:
        return known
    missing = [text for text in texts if text not in known]
    return known | dict(zip(missing, await tools.embedder.embed(missing, "passage"), strict=True))


def _repeat(draft: Resolved, seen: Sequence[Answer], index: int) -> Resolved:
    if index >= len(seen):
        return replace(draft, outcome=Outcome.REPEAT, reason=ANALYST_SAID, answer=None)
    return replace(draft, outcome=Outcome.REPEAT, reason=REPEATS, answer=None, repeats=seen[index].question)


def _question(asked: Asked, number: int, situation: Situation, class_: QuestionClass) -> Question:
    return Question(
        id=QuestionId(make_id("question", situation.session, situation.as_of, number)),
        session=situation.session,
        messages=asked.messages,
        asked_at=max(line.at for line in situation.burst if line.id in asked.messages),
        query=asked.text,
        context=asked.context,
        class_=class_,
        language=situation.language,
        direct=situation.direct,
    )


def _silent(situation: Situation, identified: Identified) -> Resolved:
    asked = Asked("\n".join(line.text for line in situation.burst), "", tuple(line.id for line in situation.burst))
    return Resolved(_question(asked, 0, situation, identified.class_), Outcome.SILENT, identified.reason)


def _response(resolved: list[Resolved], steps: Steps) -> Response:
    runs = tuple(r.run for r in resolved if r.run)
    return Response(tuple(resolved), runs, steps.ms, steps.tokens)
