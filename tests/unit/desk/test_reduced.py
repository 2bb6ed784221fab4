"""Service while a remote engine cannot answer: who is still answered, what is told, and that all is as before afterwards."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.desk.cards import OUTAGE
from core.desk.intake import Intake
from core.desk.runner import Runner
from core.domain.cards import CardNote
from core.domain.errors import BudgetSpentError, FinalError, TransientError, UnusableAnswerError, VigilError
from core.domain.knowledge import Passage, SearchQuery
from core.domain.sessions import Outcome, QuestionClass, QuestionState, TurnQuestion
from core.domain.tasks import Extraction, Generated, Identified, Lesson
from core.respond import reduced
from core.respond.reduced import BUDGET_SPENT, ENGINE_FAILED, NO_USABLE_ANSWER, TIMED_OUT
from tests.fakes.engine import FakeEngine
from tests.unit.desk.support import ANALYST, KNOWN, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"
ANSWER = "Use four connections at most, the limit is per connection."
OUTAGES = [
    (TransientError("down"), ENGINE_FAILED),
    (BudgetSpentError("spent", retry_after_s=3600), BUDGET_SPENT),
    (UnusableAnswerError("no JSON"), NO_USABLE_ANSWER),
    (FinalError("The key is refused."), "The key is refused."),
]


class Remote(FakeEngine):
    """An engine elsewhere."""

    name = "remote"
    quotes = False
    remote = True


async def _opened(folder: Path, **policy: object) -> AsyncIterator[Table]:
    async with table(folder, **policy) as one:
        remote = Remote()
        desk = replace(one.desk, engine=remote, local=FakeEngine())
        await one.know(ASKED)
        yield replace(one, desk=desk, intake=Intake(desk), runner=Runner(desk), engine=remote)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async for one in _opened(tmp_path):
        yield one


@pytest.fixture
async def speaking(tmp_path: Path) -> AsyncIterator[Table]:
    async for one in _opened(tmp_path, fallback_speaks=True):
        yield one


def break_off(desk: Table, error: VigilError, *tasks: str) -> None:
    for task in tasks or ("identify", "rewrite", "generate", "extract", "review"):
        desk.engine.says[task] = error


async def asked(desk: Table, *, direct: bool, seconds: float = 30) -> TurnQuestion:
    """Ask, and give what became of it."""
    ts = await desk.post(ASKED, direct=direct)
    await desk.wait(seconds)
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    return turn.questions[0]


def notes(desk: Table) -> list[tuple[CardNote, ...]]:
    return [card.notes for card in desk.messenger.posted.values()]


async def test_as_long_as_the_model_answers_nothing_is_reduced(desk: Table) -> None:
    assert (await asked(desk, direct=True)).outcome is Outcome.ANSWERED
    assert notes(desk) == [(CardNote.FROM_KNOWLEDGE,)]
    assert isinstance(desk.desk.local, FakeEngine)
    assert desk.desk.local.asked == []


@pytest.mark.parametrize("task", ["identify", "rewrite", "generate"])
@pytest.mark.parametrize(("error", "why"), OUTAGES)
async def test_asked_directly_the_local_engine_answers_and_the_card_says_so(
    desk: Table, task: str, error: VigilError, why: str
) -> None:
    break_off(desk, error, task)
    question = await asked(desk, direct=True)
    assert question.outcome is Outcome.ANSWERED
    assert question.reason.endswith(f"; reduced service: {why}")
    (card,) = desk.messenger.posted.values()
    assert (card.notes, card.sections[0].answer.plain_text) == ((CardNote.REDUCED,), KNOWN)


@pytest.mark.parametrize(("error", "why"), OUTAGES)
async def test_unasked_it_stays_silent_and_says_why(desk: Table, error: VigilError, why: str) -> None:
    break_off(desk, error)
    question = await asked(desk, direct=False)
    assert (question.outcome, question.reason) == (Outcome.FAILED, why)
    assert desk.messenger.posted == {}


async def test_where_the_team_wants_it_the_local_engine_also_speaks_unasked(speaking: Table) -> None:
    break_off(speaking, TransientError("down"))
    assert (await asked(speaking, direct=False)).outcome is Outcome.ANSWERED
    assert notes(speaking) == [(CardNote.REDUCED,)]


async def test_a_model_that_takes_too_long_is_an_outage(tmp_path: Path) -> None:
    async def never(_: object) -> None:
        await asyncio.sleep(60)

    async for desk in _opened(tmp_path, answer_budget_s=0.05):
        desk.engine.says["generate"] = never
        question = await asked(desk, direct=True)
        assert (question.outcome, question.reason.endswith(TIMED_OUT)) == (Outcome.ANSWERED, True)


async def test_the_local_engine_has_no_more_than_its_time_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(reduced, "LEAST_S", 0.05)
    async for desk in _opened(tmp_path, answer_budget_s=0.05):
        assert isinstance(desk.desk.local, FakeEngine)
        desk.engine.says["generate"] = desk.desk.local.says["generate"] = never
        question = await asked(desk, direct=True)
        assert (question.outcome, question.reason) == (Outcome.FAILED, TIMED_OUT)
        assert [card.notice for card in desk.messenger.posted.values()] == [OUTAGE]


async def test_what_no_engine_mends_is_told_as_before(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    async def search(query: SearchQuery) -> list[Passage]:
        raise FinalError("The knowledge store cannot be read.")

    monkeypatch.setattr(desk.desk.store, "search", search)
    question = await asked(desk, direct=True)
    assert (question.outcome, question.reason) == (Outcome.FAILED, "The knowledge store cannot be read.")


async def test_a_question_that_only_the_fallback_saw_is_classed_again_when_the_model_is_back(desk: Table) -> None:
    assert isinstance(desk.desk.local, FakeEngine)
    desk.desk.local.says["identify"] = lambda _: Identified(QuestionClass.OUT_OF_SCOPE, "told so", 1.0)
    desk.desk.local.says["generate"] = lambda _: Generated((), "told so")
    break_off(desk, TransientError("down"))
    ts = await desk.post(ASKED, direct=True)
    await desk.wait(30)
    (card,) = desk.messenger.posted.values()
    assert (card.notes, card.sections) == ((CardNote.REDUCED,), ())
    desk.engine.says.clear()
    await desk.post(ANSWER, ANALYST, thread=ts)
    await desk.wait(700)
    (question,) = await desk.questions((await desk.session_of(ts)).id)
    assert question.class_ is QuestionClass.WITHIN_SCOPE


async def test_after_an_hour_of_outage_everything_is_as_before_and_what_was_said_meanwhile_is_learned(
    desk: Table,
) -> None:
    break_off(desk, TransientError("down"))
    other = "how do I rotate the gateway key?"
    ts = await desk.post(other)
    await desk.wait(30)
    said = await desk.post("To rotate the gateway key run rotate --now on the gateway node.", ANALYST, thread=ts)
    await desk.wait(3600)
    (question,) = await desk.questions((await desk.session_of(ts)).id)
    assert (question.state, question.class_) == (QuestionState.OPEN, None)
    (told,) = [m.id for m in await desk.messages(question.session) if m.platform_id == said]
    lesson = Lesson("gateway", "key", "", "Run `rotate --now`.", (), (told,), None, confirmed=True, confidence=1.0)
    desk.engine.says = {"extract": lambda _: Extraction(lesson)}
    await desk.wait(700)
    (question,) = await desk.questions((await desk.session_of(ts)).id)
    assert question.state is QuestionState.RESOLVED
    assert (await asked(desk, direct=False)).outcome is Outcome.ANSWERED
    assert notes(desk) == [(CardNote.FROM_KNOWLEDGE,)]
