"""Everything that goes wrong on demand, as the real SDK meets it."""

import json
import time

import anthropic
import httpx2
import pytest

from tests.contract.claude.blocks import text
from tests.contract.claude.conftest import Line, request
from tests.fakes.claude.said import say_text


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, anthropic.AuthenticationError, "authentication_error"),
        (403, anthropic.PermissionDeniedError, "permission_error"),
        (404, anthropic.NotFoundError, "not_found_error"),
        (413, anthropic.ContentTooLargeError, "request_too_large"),
        (429, anthropic.RateLimitError, "rate_limit_error"),
        (500, anthropic.InternalServerError, "api_error"),
        (529, anthropic.OverloadedError, "overloaded_error"),
    ],
)
async def test_each_status_comes_as_often_as_asked(
    line: Line, status: int, error: type[anthropic.APIStatusError], kind: str
) -> None:
    line.claude.faults.status(2, status)
    for _ in range(2):
        with pytest.raises(error) as refused:
            await line.ask()
        assert (refused.value.status_code, refused.value.type) == (status, kind)
        assert refused.value.request_id
        assert "retry-after" not in refused.value.response.headers
    assert (await line.ask()).content
    assert line.claude.violations == []
    assert line.claude.faults.met == ["status", "status"]


async def test_a_wait_may_be_told_in_seconds_and_milliseconds(line: Line) -> None:
    line.claude.faults.status(1, 429, retry_after_s=3)
    line.claude.faults.status(1, 429, retry_after_ms=250)
    for name, value in (("retry-after", "3"), ("retry-after-ms", "250")):
        with pytest.raises(anthropic.RateLimitError) as refused:
            await line.ask()
        assert refused.value.response.headers[name] == value
    again = line.client.with_options(max_retries=1)
    line.claude.faults.status(1, 429, retry_after_ms=1)
    assert (await again.messages.create(**request())).content


async def test_a_fault_may_be_meant_for_some_requests_only(line: Line) -> None:
    line.claude.faults.status(1, 500, when=lambda body: body["model"] == "claude-haiku-4-5")
    assert (await line.ask()).content
    assert await line.refusal(model="claude-haiku-4-5") == "Internal server error"
    assert (await line.ask(model="claude-haiku-4-5")).content


async def test_an_answer_may_be_slow(line: Line) -> None:
    line.claude.faults.slow(2, seconds=0.3)
    began = time.monotonic()
    assert (await line.ask()).content
    assert time.monotonic() - began >= 0.3
    with pytest.raises(anthropic.APITimeoutError):
        await line.client.with_options(timeout=0.1).messages.create(**request())


async def test_a_connection_may_end_before_the_answer(line: Line) -> None:
    line.claude.faults.dropped_unread()
    line.claude.faults.dropped()
    for read in (0, 1):
        with pytest.raises(anthropic.APIConnectionError):
            await line.ask()
        assert len(line.claude.requests) == read
    assert (await line.ask()).content


async def listen(line: Line, heard: list[str]) -> None:
    """Stream an answer and write down what comes."""
    async with line.client.messages.stream(**request()) as stream:
        async for piece in stream.text_stream:
            heard.append(piece)


async def test_a_connection_may_end_in_the_answer(line: Line) -> None:
    line.claude.faults.dropped_midway(2)
    line.claude.model = lambda body: say_text("long " * 100)
    with pytest.raises(anthropic.APIConnectionError):
        await line.ask()
    heard: list[str] = []
    # Inside a stream the SDK lets the transport's own error through.
    with pytest.raises(httpx2.RemoteProtocolError):
        await listen(line, heard)
    assert 0 < len("".join(heard)) < 500
    assert (await line.ask()).content


async def test_a_stream_may_end_in_an_error_event(line: Line) -> None:
    line.claude.faults.overloaded_midway(2)
    line.claude.model = lambda body: say_text("long " * 100)
    heard: list[str] = []
    with pytest.raises(anthropic.APIStatusError) as refused:
        await listen(line, heard)
    assert (refused.value.status_code, refused.value.type) == (200, "overloaded_error")
    assert 0 < len("".join(heard)) < 500
    with pytest.raises(anthropic.OverloadedError):
        await line.ask()


async def test_an_answer_may_be_no_json(line: Line) -> None:
    line.claude.faults.garbled()
    with pytest.raises(json.JSONDecodeError):
        await line.ask()
    assert (await line.ask()).content


async def test_an_answer_may_lack_its_fields(line: Line) -> None:
    line.claude.faults.stripped()
    line.claude.faults.emptied()
    assert set((await line.ask()).to_dict()) == {"id", "type", "role", "model"}
    assert (await line.ask()).content == []


async def test_a_proxy_may_answer_instead(line: Line) -> None:
    line.claude.faults.proxy_page()
    with pytest.raises(anthropic.InternalServerError) as refused:
        await line.ask()
    assert (refused.value.status_code, refused.value.type) == (502, None)
    assert "<html>" in refused.value.response.text


async def test_an_outage_lasts_until_it_is_ended(line: Line) -> None:
    line.claude.faults.outage = True
    for _ in range(3):
        with pytest.raises(anthropic.OverloadedError):
            await line.ask()
    line.claude.faults.outage = False
    assert (await line.ask()).content


async def test_a_closed_port_refuses_until_it_is_open_again(line: Line) -> None:
    assert (await line.ask()).content
    await line.claude.close_port()
    for _ in range(2):
        with pytest.raises(anthropic.APIConnectionError):
            await line.ask()
    assert len(line.claude.requests) == 1
    await line.claude.open_port()
    assert (await line.ask()).content


async def test_a_malformed_request_is_noted_even_where_a_fault_answers_it(line: Line) -> None:
    line.claude.faults.status(1, 529)
    assert await line.refusal(text("")) == "Overloaded"
    assert line.claude.violations == ["messages: text content blocks must be non-empty"]
