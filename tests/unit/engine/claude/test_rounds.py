"""An answer that cannot be used: given up on the hot path, given back once by the tasks that can wait."""

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.engine.claude.engine import DECLINED, NOT_USABLE
from core.domain.costs import CallOutcome
from core.domain.errors import BudgetSpentError, FinalError, UnusableAnswerError
from core.domain.ids import SessionId
from core.domain.tasks import Lesson, NotKnownYet, Request
from core.prompts.requests import identify_request
from tests.fakes.asked import SAID, extract, generate, identify, judge, requests, review, rewrite
from tests.fakes.claude.opened import FAST, At
from tests.fakes.claude.said import Said, cut, refuse, say_json, say_malformed, say_text
from tests.unit.engine.claude.saying import RULING, SOLUTION, plain, says, solved, spoilt

HOT = [identify("why?"), rewrite("why?"), generate("why?", SAID)]
LATER = [extract(SAID), review(SAID), judge("why?")]
OK, UNUSABLE, CUT, REFUSED = CallOutcome.OK, CallOutcome.UNUSABLE, CallOutcome.CUT, CallOutcome.REFUSED


def named(request: Request[Any, Any]) -> str:
    return request.task.name


async def given_up(at: At, request: Request[Any, Any]) -> str:
    with pytest.raises(UnusableAnswerError) as given:
        await at.engine.perform(request)
    return given.value.sentence


@pytest.mark.parametrize("request_", HOT, ids=named)
@pytest.mark.parametrize(
    ("bad", "outcome"),
    [(say_malformed(" \n"), UNUSABLE), (cut("Set it to"), CUT), (cut(), CUT)],
    ids=["blank", "cut", "thought"],
)
async def test_on_the_hot_path_one_bad_answer_is_enough(
    at: At, request_: Request[Any, Any], bad: Said, outcome: CallOutcome
) -> None:
    at.claude.answers.append(bad)
    assert await given_up(at, request_) == NOT_USABLE
    assert (len(at.claude.requests), at.meter.outcomes) == (1, [outcome])


@pytest.mark.parametrize("request_", LATER, ids=named)
@pytest.mark.parametrize(
    "bad",
    [say_malformed("SECRET"), spoilt({"SECRET": 1}), cut('{"reason": "SECRET')],
    ids=["text", "json", "cut"],
)
async def test_a_task_that_can_wait_has_its_answer_put_right_once(
    at: At, request_: Request[Any, Any], bad: Said
) -> None:
    at.claude.answers.append(bad)
    with capture_logs() as logs:
        reply = await at.engine.perform(request_)
    assert isinstance(reply.output, request_.task.output_type)
    assert at.meter.outcomes[1:] == [OK]
    first, second = (asked.body for asked in at.claude.requests)
    said, again = second["messages"][1:]
    assert second["messages"][:1] == first["messages"]
    assert "SECRET" in said["content"]
    assert "SECRET" not in again["content"] + json.dumps(logs)
    assert at.claude.violations == []
    assert reply.usage.input_tokens == sum(call.usage.input_tokens for call in at.meter.calls)
    assert reply.usage.output_tokens == sum(call.usage.output_tokens for call in at.meter.calls)


@pytest.mark.parametrize("request_", LATER, ids=named)
async def test_the_second_bad_answer_is_the_last(at: At, request_: Request[Any, Any]) -> None:
    at.claude.answers += [say_malformed("no"), cut("{"), say_malformed("never asked for")]
    assert await given_up(at, request_) == NOT_USABLE
    assert (len(at.claude.answers), at.meter.outcomes) == (1, [UNUSABLE, CUT])


@pytest.mark.parametrize("request_", [*HOT, *LATER], ids=named)
@pytest.mark.parametrize("bad", [refuse("cyber", "SECRET"), refuse(after="Set it")], ids=["at once", "midway"])
async def test_what_the_model_declines_is_not_asked_again(at: At, request_: Request[Any, Any], bad: Said) -> None:
    at.claude.answers.append(bad)
    with capture_logs() as logs:
        assert await given_up(at, request_) == DECLINED
    assert (len(at.claude.requests), at.meter.outcomes) == (1, [REFUSED])
    assert "SECRET" not in json.dumps(logs)


async def test_a_solution_of_nobody_is_put_right(at: At) -> None:
    at.claude.answers += [say_json(solved(from_messages=["m7"])), say_json(solved())]
    found = (await at.engine.perform(extract(SAID))).output.found
    assert isinstance(found, Lesson)
    assert "from_messages names no message" in at.claude.requests[1].body["messages"][2]["content"]


async def test_an_update_without_its_text_is_put_right(at: At) -> None:
    bare = {"rulings": [RULING | {"verdict": "update"}]}
    whole = {"rulings": [RULING | {"verdict": "update", "solution": SOLUTION}]}
    at.claude.answers += [say_json(bare), say_json(whole)]
    (ruling,) = (await at.engine.perform(review(SAID))).output.rulings
    assert ruling.lesson is not None


async def test_a_blank_answer_is_put_right_by_a_request_that_the_provider_takes(at: At) -> None:
    at.claude.answers += [say_malformed(" "), say_json(solved())]
    await at.engine.perform(extract(SAID))
    assert at.claude.violations == []


async def test_half_a_character_in_an_answer_does_no_harm(at: At) -> None:
    at.claude.answers += [say_malformed('{"a": "\ud800'), say_json(says("extract", found=False, reason="no \ud83d"))]
    found = (await at.engine.perform(extract(SAID))).output.found
    assert isinstance(found, NotKnownYet)
    assert found.reason == "no \ufffd"
    at.claude.answers.append(say_text(("Set it to \udc00 4.", (0, 0, 1))))
    (claim,) = (await at.engine.perform(generate("why?", SAID))).output.claims
    assert claim.text == "Set it to \ufffd 4."
    assert at.claude.violations == []


async def test_thoughts_before_the_answer_are_no_part_of_it(at: At) -> None:
    for request in requests("why?"):
        assert isinstance((await at.engine.perform(request)).output, request.task.output_type)
    assert at.meter.outcomes == [OK] * len(requests(""))


async def test_each_call_is_admitted_and_each_answer_counted_with_what_it_cost(at: At) -> None:
    request = identify_request(identify("why?").inputs, SessionId("s1"))
    for _ in range(2):
        await at.engine.perform(request)
    first, second = at.meter.calls
    assert at.meter.asked == 2
    assert (first.task, first.model, first.session, first.outcome) == ("identify", FAST, "s1", OK)
    assert (first.usage.cached_tokens, second.usage.written_tokens) == (0, 0)
    assert first.usage.written_tokens == second.usage.cached_tokens
    assert first.usage.input_tokens == second.usage.input_tokens > first.usage.written_tokens
    assert first.usd is not None
    assert min(first.ms, second.ms) > 0


async def test_a_repair_is_admitted_and_counted_for_itself(at: At) -> None:
    at.claude.answers.append(say_malformed("no"))
    await at.engine.perform(extract(SAID))
    assert (at.meter.asked, at.meter.outcomes) == (2, [UNUSABLE, OK])


@pytest.mark.parametrize("left", [0, 1])
async def test_a_spent_budget_stops_before_a_request(at: At, left: int) -> None:
    at.meter.left = left
    at.claude.model = lambda body: say_malformed("no")
    with pytest.raises(BudgetSpentError):
        await at.engine.perform(extract(SAID))
    assert len(at.claude.requests) == len(at.meter.calls) == left
    at.meter.left, at.claude.model = 10, plain
    await at.engine.perform(identify("why?"))


async def test_inputs_of_another_task_never_reach_the_provider(at: At) -> None:
    request = identify("why?")
    other: Any = Request(request.task, rewrite("why?").inputs, request.prompt)
    with pytest.raises(FinalError):
        await at.engine.perform(other)
    assert at.claude.requests == []
