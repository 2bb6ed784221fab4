"""Promise 1: silent unless sure.

Out of scope, small talk, already answered, thin evidence: no card, and the reason is recorded. Asked directly, it always
replies.
"""

import pytest

from core.domain.people import Person
from core.domain.sessions import Delivery, Outcome, QuestionClass, TurnQuestion
from core.domain.tasks import Generated, Identified
from tests.fakes.replayed import Replayed
from tests.promises.conftest import ASKED, UNKNOWN
from tests.unit.desk.support import ANALYST, CUSTOMER, Table


async def _only_question(desk: Table, ts: str) -> TurnQuestion:
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert turn.delivery is Delivery.NONE
    (question,) = turn.questions
    return question


@pytest.mark.parametrize("class_", [QuestionClass.OUT_OF_SCOPE, QuestionClass.NO_ASSISTANCE_NEEDED])
async def test_what_is_out_of_scope_or_small_talk_gets_no_card_and_a_reason(desk: Table, class_: QuestionClass) -> None:
    desk.engine.says["identify"] = lambda _: Identified(class_, "told so", 1.0)
    question = await _only_question(desk, await _asked(desk, UNKNOWN))
    assert (question.outcome, question.reason, desk.messenger.posted) == (Outcome.SILENT, "told so", {})


async def test_thin_evidence_is_no_evidence(desk: Table) -> None:
    question = await _only_question(desk, await _asked(desk, UNKNOWN))
    assert (question.outcome, bool(question.reason), desk.messenger.posted) == (Outcome.ABSTAINED, True, {})


async def test_a_model_that_declines_is_silence_with_a_reason(desk: Table) -> None:
    desk.engine.says["generate"] = lambda _: Generated((), "the conditions contradict")
    question = await _only_question(desk, await _asked(desk, ASKED))
    assert (question.outcome, bool(question.reason), desk.messenger.posted) == (Outcome.ABSTAINED, True, {})


async def test_what_an_analyst_has_answered_already_gets_no_card(desk: Table) -> None:
    root = await desk.post(ASKED)
    await desk.post("Set `max_concurrency=4`, that solves it.", ANALYST, thread=root)
    await desk.wait(60)
    assert desk.messenger.posted == {}
    (turn,) = await desk.turns((await desk.session_of(root)).id)
    assert "analyst" in f"{turn.delivery_reason} {turn.questions[0].reason}"


async def _asked(desk: Table, text: str) -> str:
    ts = await desk.post(text)
    await desk.wait(60)
    return ts


@pytest.mark.parametrize("text", [ASKED, UNKNOWN, "hello"])
@pytest.mark.parametrize("by", [CUSTOMER, ANALYST])
async def test_asked_directly_it_always_replies(desk: Table, text: str, by: Person) -> None:
    class_ = QuestionClass.NO_ASSISTANCE_NEEDED if text == "hello" else QuestionClass.WITHIN_SCOPE
    desk.engine.says["identify"] = lambda _: Identified(class_, "told so", 1.0)
    await desk.post(text, by, direct=True)
    await desk.wait(60)
    assert len(desk.messenger.posted) == 1


def test_in_the_example_every_question_has_a_reason_and_a_card_stands_for_each_answer_alone(acme: Replayed) -> None:
    questions = [(turn, question) for turn in acme.of("turn") for question in turn["questions"]]
    assert len(questions) > 60
    assert all(question["reason"] for _, question in questions)
    silent = [turn for turn in acme.of("turn") if all(q["outcome"] != "answered" for q in turn["questions"])]
    assert {turn["delivery"] for turn in silent} <= {"none", "dropped"}
    assert not any(q["answer"] and q["class"] != "within_scope" for _, q in questions)
