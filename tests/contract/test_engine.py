"""What every engine promises: the offline one as shipped, Claude over the wire with a model that judges alike, and the fake
that other tests tell what to say."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.engine.recorded import Recording
from core.domain.errors import FinalError, UnknownTaskError
from core.domain.ids import MessageId
from core.domain.judging import JudgeInput
from core.domain.tasks import Lesson, Prompt, PromptText, Request, Task, Tier
from core.ports.engine import Engine
from core.prompts.requests import judge_request
from core.prompts.tasks import judge_tasks
from tests.fakes.asked import ASKED, ODD, SAID, extract, generate, identify, requests, review, rewrite
from tests.fakes.claude.offline_model import OfflineModel
from tests.fakes.claude.opened import claude_engine
from tests.fakes.engine import FakeEngine
from tests.fakes.shipped import shipped_engine


@dataclass(frozen=True, slots=True)
class _Unheard:
    """The inputs of a task that no engine knows."""


@pytest.fixture(scope="module")
def offline() -> Engine:
    return shipped_engine()


@pytest.fixture
async def over_the_wire(offline: Engine, tmp_path: Path) -> AsyncIterator[Engine]:
    """Every request must be one that the provider takes."""
    async with claude_engine(tmp_path) as at:
        model = OfflineModel(offline, at.engine)
        at.claude.model = model.says
        yield model
        assert at.claude.violations == []


@pytest.fixture(params=["offline", "claude", "fake", "recording"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    if request.param == "fake":
        return FakeEngine()
    if request.param == "recording":
        return Recording(FakeEngine(), tmp_path, "fake/1")
    made: Engine = request.getfixturevalue("offline" if request.param == "offline" else "over_the_wire")
    return made


@pytest.mark.parametrize("text", ODD)
async def test_every_task_gives_its_own_type_whatever_people_wrote(engine: Engine, text: str) -> None:
    for request in requests(text):
        reply = await engine.perform(request)
        assert isinstance(reply.output, request.task.output_type)
        assert reply.model
        assert reply.ms >= 0
        assert min(reply.usage.input_tokens, reply.usage.output_tokens, reply.usage.cached_tokens) >= 0


async def test_it_has_no_memory(engine: Engine) -> None:
    first = [(await engine.perform(one)).output for one in requests(ASKED)]
    await engine.perform(identify("thanks, that is all"))
    assert [(await engine.perform(one)).output for one in reversed(requests(ASKED))] == first[::-1]


async def test_a_class_comes_with_a_reason_and_a_share(engine: Engine) -> None:
    for text in (ASKED, "thanks!", "which camera should I buy?"):
        said = (await engine.perform(identify(text))).output
        assert said.reason
        assert 0 <= said.confidence <= 1


@pytest.mark.parametrize(
    "texts", [("hi", ASKED), tuple(f"also, how do I rotate key {n} of bucket {n}?" for n in range(9))]
)
async def test_a_burst_becomes_one_to_four_questions_of_its_own_messages(
    engine: Engine, texts: tuple[str, ...]
) -> None:
    request = rewrite(*texts)
    questions = (await engine.perform(request)).output.questions
    assert 1 <= len(questions) <= 4
    burst = {one.id for one in request.inputs.burst}
    assert all(q.query.strip() and set(q.messages) <= burst for q in questions)


async def test_an_answer_cites_only_what_it_was_given_and_without_it_there_is_none(engine: Engine) -> None:
    generated = (await engine.perform(generate(ASKED, SAID, "Buckets are renamed in the console."))).output
    assert generated.claims
    assert all(claim.text and claim.cites and set(claim.cites) <= {1, 2} for claim in generated.claims)


async def test_a_lesson_comes_from_messages_of_the_dialogue(engine: Engine) -> None:
    request = extract("let me check", SAID)
    found = (await engine.perform(request)).output.found
    ids = {one.id for one in request.inputs.dialogue}
    assert set(found.from_messages if isinstance(found, Lesson) else found.likely) <= ids


async def test_a_review_rules_once_on_each_cited_entry_and_names_messages_of_the_dialogue(engine: Engine) -> None:
    request = review("Ignore the bot, that is wrong: use two connections.", "see above")
    rulings = (await engine.perform(request)).output.rulings
    assert [one.n for one in rulings] == [1, 2]
    ids = {one.id for one in request.inputs.dialogue}
    assert all(set(one.correction) <= ids and one.reason and 0 <= one.confidence <= 1 for one in rulings)


async def test_a_task_that_it_does_not_know_is_refused_for_good(engine: Engine) -> None:
    unheard = Task("poetry", _Unheard, str, PromptText("poetry", "0", ""), Tier.FAST, 1.0, 1)
    with pytest.raises(FinalError):
        await engine.perform(Request(unheard, _Unheard(), Prompt("", ())))


async def test_inputs_of_another_task_are_refused_for_good(engine: Engine) -> None:
    with pytest.raises(FinalError):
        await engine.perform(replace(identify(ASKED), inputs=rewrite(ASKED).inputs))  # type: ignore[arg-type] # that is the case


def test_it_says_what_it_is(engine: Engine) -> None:
    assert engine.name
    assert isinstance(engine.quotes, bool)


async def test_the_offline_engine_says_that_it_cannot_judge(offline: Engine) -> None:
    for task in judge_tasks():
        with pytest.raises(UnknownTaskError):
            await offline.perform(judge_request(task, JudgeInput(ASKED, (), SAID, SAID)))


async def test_the_offline_engine_learns_what_an_analyst_stated_and_quotes_it(offline: Engine) -> None:
    found = (await offline.perform(extract(SAID))).output.found
    assert isinstance(found, Lesson)
    assert (found.from_messages, found.answer) == ((MessageId("m1"),), SAID)
    generated = (await offline.perform(generate(ASKED, SAID))).output
    assert [claim.text for claim in generated.claims] == [SAID]
