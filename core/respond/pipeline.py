"""The hot path: identify, rewrite, retrieve, rerank, generate, skip repeats (DESIGN 5)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from core.domain.answers import Abstention
from core.domain.ids import QuestionId, make_id
from core.domain.people import Role
from core.domain.sessions import Outcome, Question, QuestionClass
from core.domain.tasks import Identified
from core.respond.generate import generate
from core.respond.identify import with_model, without_model
from core.respond.lookups import Lookups
from core.respond.rewrite import rewrite
from core.respond.situation import Asked, Resolved, Response, Situation, Tools
from core.respond.skip_repeat import find_repeat
from core.respond.steps import Steps

STALE = "the message is too old to answer"
REPEATS = "the same was already answered in this session"
ANALYST_SAID = "an analyst has said the same in this session"
ANSWERED = "answered from the knowledge base"
Draft = Callable[[Asked, Question], Coroutine[Any, Any, Resolved]]


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
    draft = partial(_drafted, situation=situation, tools=tools, steps=steps, lookups=lookups)
    drafts = await _at_once(questions, draft) if tools.engine.remote else [await draft(*one) for one in questions]
    resolved: list[Resolved] = []
    for one in drafts:
        resolved.append(await _unless_repeat(one, resolved, situation, tools, steps))
    return _response(resolved, steps)


async def _at_once(questions: Sequence[tuple[Asked, Question]], draft: Draft) -> list[Resolved]:
    """Where each answer takes seconds, four must not take four times as long. The first that fails ends all."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(draft(*one)) for one in questions]
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
    asked: Asked, question: Question, situation: Situation, tools: Tools, steps: Steps, lookups: Lookups
) -> Resolved:
    """One question with its answer, before it is compared with what has been said."""
    if situation.stale:
        return Resolved(question, Outcome.STALE, STALE)
    async with steps.step("retrieve", situation):
        await lookups.found(asked.text, asked.context)
    async with steps.step("rerank", situation):
        passages = tuple(await lookups.ranked(asked.text, asked.context, crossed=True))
    async with steps.step("generate", situation):
        answer, run = await generate(asked, question.id, passages, situation, tools, steps)
    if isinstance(answer, Abstention):
        return Resolved(question, Outcome.ABSTAINED, answer.reason, passages, run=run)
    # Asked directly, a question is ours as soon as we know the answer.
    ours = replace(question, class_=QuestionClass.WITHIN_SCOPE)
    return Resolved(ours, Outcome.ANSWERED, ANSWERED, passages, answer, run=run)


async def _unless_repeat(
    draft: Resolved, before: Sequence[Resolved], situation: Situation, tools: Tools, steps: Steps
) -> Resolved:
    """The draft, unless its answer was already given, by Vigil or an analyst."""
    if draft.answer is None:
        return draft
    seen = [*situation.sent, *(r.answer for r in before if r.answer)]
    said = [line.text for line in situation.dialogue if line.role is Role.ANALYST]
    texts, known = [*(one.plain_text for one in seen), *said], tools.calibration
    async with steps.step("skip_repeat", situation):
        index = await find_repeat(
            draft.answer.plain_text, texts, tools.embedder, known.repeat_weights, known.repeat_theta
        )
    if index is None:
        return draft
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
