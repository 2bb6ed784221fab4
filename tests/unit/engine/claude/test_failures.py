"""Everything that goes wrong between Vigil and the provider ends in an error of ours, after the one policy's attempts."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.engine.claude import failures
from adapters.engine.claude.engine import TOO_SLOW
from core.domain.errors import FinalError, TransientError, UnusableAnswerError, VigilError
from core.domain.tasks import Request
from tests.fakes.asked import SAID, extract, generate, identify
from tests.fakes.claude.faults import Faults
from tests.fakes.claude.opened import At, claude_engine

ATTEMPTS = 4
SECRET = "the customer's own words"
FAULTS: dict[str, Callable[[Faults], None]] = {
    "500": lambda faults: faults.status(9, 500, says=SECRET),
    "503": lambda faults: faults.status(9, 503, says=SECRET),
    "504": lambda faults: faults.status(9, 504, says=SECRET),
    "529": lambda faults: faults.status(9, 529, says=SECRET),
    "429": lambda faults: faults.status(9, 429, says=SECRET),
    "408": lambda faults: faults.status(9, 408, says=SECRET),
    "409": lambda faults: faults.status(9, 409, says=SECRET),
    "dropped unread": lambda faults: faults.dropped_unread(9),
    "dropped": lambda faults: faults.dropped(9),
    "dropped midway": lambda faults: faults.dropped_midway(9),
    "overloaded midway": lambda faults: faults.overloaded_midway(9),
    "garbled": lambda faults: faults.garbled(9),
    "stripped": lambda faults: faults.stripped(9),
    "proxy page": lambda faults: faults.proxy_page(9),
}
USAGE: dict[str, Any] = {"input_tokens": 1, "output_tokens": 1}
MESSAGE: dict[str, Any] = {
    "id": "m", "type": "message", "role": "assistant", "model": "x", "content": [], "stop_reason": "end_turn",
    "usage": USAGE,
}  # fmt: skip
NO_MESSAGES: list[object] = [
    None, [], [1], "text", 7, {}, {"type": "error", "error": {"type": "api_error", "message": SECRET}},
    MESSAGE | {"content": None}, MESSAGE | {"content": SECRET}, MESSAGE | {"content": {"type": "text"}},
    MESSAGE | {"content": [{"type": "text"}]}, MESSAGE | {"content": [{"type": "text", "text": None}]},
    MESSAGE | {"content": [{"type": "text", "text": {"a": SECRET}}]}, MESSAGE | {"usage": None}, MESSAGE | {"usage": []},
    MESSAGE | {"usage": {"input_tokens": "1", "output_tokens": 1}}, MESSAGE | {"usage": {"input_tokens": 1}},
    MESSAGE | {"usage": {"input_tokens": -1, "output_tokens": True}}, MESSAGE | {"content": [{}]},
]  # fmt: skip
ODD_MESSAGES: list[dict[str, Any]] = [
    MESSAGE, MESSAGE | {"content": [None, 7, "text"]}, MESSAGE | {"stop_reason": 7},
    MESSAGE | {"content": [{"type": "of tomorrow", "text": SECRET}]}, MESSAGE | {"stop_reason": {"a": 1}},
    MESSAGE | {"content": [{"type": "tool_use", "id": "t", "name": "write", "input": {}}], "stop_reason": "tool_use"},
    MESSAGE | {"content": [{"type": "text", "text": " "}], "usage": USAGE | {"cache_read_input_tokens": "many"}},
]  # fmt: skip


async def failed(at: At, request: Request[Any, Any] | None = None) -> VigilError:
    """What comes of a request; whatever that is, nobody's words and no key are in it or in the log."""
    with capture_logs() as logs, pytest.raises(VigilError) as given:
        await at.engine.perform(request or identify(SECRET))
    told = json.dumps([logs, given.value.sentence, repr(given.value), repr(given.value.__cause__)])
    assert SECRET not in told
    assert at.claude.api_key not in told
    assert given.value.__suppress_context__ or given.value.__context__ is None
    return given.value


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_may_pass_is_tried_four_times_in_all(at: At, fault: str) -> None:
    FAULTS[fault](at.claude.faults)
    error = await failed(at)
    assert type(error) is TransientError
    assert len(at.claude.faults.met) == ATTEMPTS
    assert len(at.slept) == ATTEMPTS - 1
    assert (at.meter.asked, at.meter.calls) == (1, [])


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_has_passed_leaves_nothing_behind(at: At, fault: str) -> None:
    FAULTS[fault](at.claude.faults)
    at.claude.faults.waiting[0].times = ATTEMPTS - 1
    await at.engine.perform(identify("why?"))
    assert (len(at.claude.faults.met), len(at.meter.calls)) == (ATTEMPTS - 1, 1)


async def test_a_learn_task_stacks_no_attempts_on_its_repairs(at: At) -> None:
    at.claude.faults.status(9, 500)
    await failed(at, extract(SAID))
    assert len(at.claude.requests) == ATTEMPTS


@pytest.mark.parametrize("body", NO_MESSAGES, ids=lambda body: json.dumps(body)[:40])
async def test_what_is_no_message_is_tried_again(at: At, body: object) -> None:
    at.claude.faults.answered(json.dumps(body), ATTEMPTS)
    assert type(await failed(at)) is TransientError
    assert len(at.claude.requests) == ATTEMPTS


@pytest.mark.parametrize("body", ODD_MESSAGES, ids=lambda body: json.dumps(body)[-60:])
async def test_a_message_that_says_nothing_is_unusable(at: At, body: dict[str, Any]) -> None:
    at.claude.faults.answered(json.dumps(body))
    assert isinstance(await failed(at), UnusableAnswerError)
    assert len(at.claude.requests) == len(at.meter.calls) == 1


@pytest.mark.parametrize(
    "citation",
    [None, 7, {}, {"type": "of tomorrow"}, {"type": "search_result_location"},
     {"type": "search_result_location", "search_result_index": "0", "cited_text": "a"},
     {"type": "search_result_location", "search_result_index": -1, "cited_text": "a"},
     {"type": "search_result_location", "search_result_index": 0, "cited_text": None}],
)  # fmt: skip
async def test_a_broken_citation_cites_nothing(at: At, citation: object) -> None:
    content = [{"type": "text", "text": "Set it to 4.", "citations": [citation]}]
    at.claude.faults.answered(json.dumps(MESSAGE | {"content": content}))
    (claim,) = (await at.engine.perform(generate("why?", SAID))).output.claims
    assert (claim.text, claim.cites) == ("Set it to 4.", ())


@pytest.mark.parametrize("status", [401, 402, 403, 404])
async def test_what_a_person_must_mend_waits_and_is_not_tried_at_once(at: At, status: int) -> None:
    at.claude.faults.status(9, status, says=SECRET)
    error = await failed(at)
    assert isinstance(error, failures.MendedByPersonError)
    assert (error.retry_after_s, len(at.claude.requests), at.slept) == (300.0, 1, [])


async def test_a_wrong_key_is_told_as_such_and_not_shown(tmp_path: Path) -> None:
    async with claude_engine(tmp_path, key="sk-ant-wrong-key") as at:
        error = await failed(at)
    assert error.sentence == failures.REFUSED_KEY.format(status=401)
    assert "sk-ant-wrong-key" not in repr(error)


@pytest.mark.parametrize(
    ("status", "kind", "sentence"),
    [(400, UnusableAnswerError, failures.NOT_ACCEPTED.format(status=400)), (413, FinalError, failures.TOO_LONG)],
)
async def test_what_is_not_accepted_is_not_tried_at_once_again(
    at: At, status: int, kind: type[VigilError], sentence: str
) -> None:
    at.claude.faults.status(9, status, says=SECRET)
    error = await failed(at)
    assert (type(error), error.sentence, len(at.claude.requests)) == (kind, sentence, 1)


async def test_an_empty_account_waits_for_a_person_though_it_is_told_as_a_bad_request(at: At) -> None:
    at.claude.faults.status(9, 400, says="Your credit balance is too low to access the Anthropic API.")
    error = await failed(at)
    assert (error.sentence, len(at.claude.requests)) == (failures.NO_MONEY, 1)
    assert isinstance(error, failures.MendedByPersonError)


@pytest.mark.parametrize("status", [429, 503, 529])
async def test_a_wait_that_is_told_and_short_is_waited(at: At, status: int) -> None:
    at.claude.faults.status(1, status, retry_after_s=3)
    await at.engine.perform(identify("why?"))
    assert at.slept == [3.0]


async def test_a_wait_in_milliseconds_goes_before_one_in_seconds(at: At) -> None:
    at.claude.faults.status(1, 429, retry_after_ms=2_500, retry_after_s=9)
    await at.engine.perform(identify("why?"))
    assert at.slept == [2.5]


@pytest.mark.parametrize(("told_s", "kept_s"), [(30.0, 30.0), (86_400.0, 600.0)])
async def test_a_wait_longer_than_the_task_is_left_to_the_caller(at: At, told_s: float, kept_s: float) -> None:
    at.claude.faults.status(9, 429, retry_after_s=told_s)
    error = await failed(at)
    assert isinstance(error, TransientError)
    assert (error.retry_after_s, len(at.claude.requests), at.slept) == (kept_s, 1, [])


@pytest.mark.parametrize("told", ["soon", "nan", "-5", "Wed, 21 Oct 2026 07:28:00 GMT", ""])
async def test_a_wait_that_is_none_is_as_if_it_were_not_told(at: At, told: str) -> None:
    at.claude.faults.status(9, 429)
    refusal = at.claude.faults.waiting[0].refusal
    assert refusal is not None
    refusal.headers["retry-after"] = told
    error = await failed(at)
    assert isinstance(error, TransientError)
    assert (error.retry_after_s, len(at.slept)) == (None, ATTEMPTS - 1)
    assert all(0 <= slept <= 2 for slept in at.slept)


async def test_without_a_wait_that_is_told_pauses_grow(at: At) -> None:
    at.claude.faults.status(9, 529)
    await failed(at)
    assert all(0 <= slept <= longest for slept, longest in zip(at.slept, (0.5, 1.0, 2.0), strict=True))


async def test_an_answer_that_is_slow_is_given_up_within_the_time_of_the_task(at: At) -> None:
    at.claude.faults.slow(1, seconds=2.0)
    hurried = identify(SECRET)
    error = await failed(at, replace(hurried, task=replace(hurried.task, timeout_s=0.05)))
    assert (type(error), error.sentence) == (TransientError, TOO_SLOW)
    assert (len(at.claude.requests) <= 1, at.meter.calls) == (True, [])


async def test_a_server_that_is_not_there_is_tried_four_times(at: At) -> None:
    await at.claude.close_port()
    assert type(await failed(at)) is TransientError
    assert len(at.slept) == ATTEMPTS - 1
    await at.claude.open_port()
    await at.engine.perform(identify("why?"))


async def test_of_an_error_answer_only_words_are_logged(at: At) -> None:
    at.claude.faults.status(1, 418, says=SECRET)
    with capture_logs() as logs, pytest.raises(UnusableAnswerError):
        await at.engine.perform(identify("why?"))
    (line,) = (log for log in logs if log["event"] == "model_refused_call")
    assert (line["status"], line["type"]) == (418, "api_error")
    assert line["request_id"].startswith("req_")


@pytest.mark.parametrize("told", [SECRET, "x" * 65, "", None, 7, {"a": SECRET}])
def test_a_kind_that_is_no_word_is_not_logged(told: object) -> None:
    assert failures._word(told) is None
    assert failures._word("rate_limit_error") == "rate_limit_error"
