"""Keys, headers and the fields of a request: what is taken and what is refused, as the real SDK sends and hears it."""

import anthropic
import pytest
from anthropic import AsyncAnthropic

from tests.contract.claude.blocks import CACHED, text
from tests.contract.claude.conftest import HELLO, Line, request
from tests.fakes.claude.models import MODELS
from tests.fakes.claude.refusals import Json


async def test_a_good_request_is_answered_in_the_real_shape(line: Line) -> None:
    answer = await line.client.messages.create(
        model="claude-haiku-4-5",
        max_tokens=64,
        system=[{"type": "text", "text": "Be short."}],
        messages=[
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Hi."},
            {"role": "user", "content": "Why?"},
        ],
        metadata={"user_id": "u1"},
        stop_sequences=["END"],
    )
    assert (answer.type, answer.role, answer.model, answer.stop_reason) == (
        "message",
        "assistant",
        "claude-haiku-4-5",
        "end_turn",
    )
    assert [block.type for block in answer.content] == ["text"]
    assert answer._request_id
    asked = line.claude.requests[0]
    assert asked.body["metadata"] == {"user_id": "u1"}
    assert asked.headers["anthropic-version"] == "2026-10-21"
    assert line.claude.api_key not in asked.headers.values()
    assert not {"authorization", "x-api-key"} & set(asked.headers)
    assert line.claude.violations == []


async def test_an_error_has_a_type_a_sentence_and_an_id(line: Line) -> None:
    with pytest.raises(anthropic.BadRequestError) as refused:
        await line.ask(colour="blue")
    error = refused.value
    assert (error.type, error.api_message) == ("invalid_request_error", "colour: Extra inputs are not permitted")
    assert isinstance(error.body, dict)
    assert error.request_id == error.body["request_id"]
    assert line.claude.violations == ["colour: Extra inputs are not permitted"]


async def test_the_key_may_come_either_way_and_must_be_right(line: Line) -> None:
    async with AsyncAnthropic(base_url=line.claude.base_url, api_key="other", max_retries=0) as stranger:
        with pytest.raises(anthropic.AuthenticationError) as refused:
            await stranger.messages.create(**request())
        assert refused.value.type == "authentication_error"
        with pytest.raises(anthropic.AuthenticationError, match="header is required"):
            await stranger.messages.create(**request(), extra_headers={"Authorization": line.claude.api_key})
        old_way = {"x-api-key": line.claude.api_key}
        assert (await stranger.messages.create(**request(), extra_headers=old_way)).content
    assert line.claude.violations == []


async def test_the_version_and_the_content_type_must_be_known(line: Line) -> None:
    for headers in ({"anthropic-version": "2020-01-01"}, {"anthropic-version": ""}, {"content-type": "text/plain"}):
        with pytest.raises(anthropic.BadRequestError):
            await line.client.messages.create(**request(), extra_headers=headers)
    assert len(line.claude.violations) == 3
    first = {"anthropic-version": "2023-06-01"}
    assert (await line.client.messages.create(**request(), extra_headers=first)).content


async def test_another_path_is_not_found(line: Line) -> None:
    with pytest.raises(anthropic.NotFoundError):
        await line.client.messages.count_tokens(model="claude-opus-5-5", messages=[{"role": "user", "content": "a"}])


async def test_a_body_beyond_32_megabytes_is_too_large(line: Line) -> None:
    with pytest.raises(anthropic.ContentTooLargeError) as refused:
        await line.ask(text("x" * (32 * 2**20)))
    assert isinstance(refused.value.body, dict)
    assert refused.value.body["error"]["type"] == "request_too_large"
    assert (await line.ask(text("x" * (31 * 2**20)))).content


async def test_a_model_must_be_known(line: Line) -> None:
    for model in MODELS:
        assert (await line.ask(model=model)).model == model
    with pytest.raises(anthropic.NotFoundError) as refused:
        await line.ask(model="claude-opus-9")
    assert (refused.value.type, refused.value.api_message) == ("not_found_error", "model: claude-opus-9")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"max_tokens": None}, "max_tokens: Field required"),
        ({"max_tokens": 0}, "max_tokens: Input should be greater than or equal to 1"),
        ({"max_tokens": True}, "max_tokens: Input should be a valid integer"),
        ({"max_tokens": 128_001}, "max_tokens: 128001 > 128000, which is the maximum"),
        ({"messages": []}, "messages: at least one message is required"),
        ({"messages": [{"role": "user", "content": ""}]}, "messages.0: all messages must have non-empty content"),
        ({"messages": [{"role": "user", "content": ["a"]}]}, "messages.0.content.0: Input should be a valid dict"),
        ({"messages": [{"role": "system", "content": "a"}]}, 'messages: Unexpected role "system"'),
        ({"messages": [{"role": "assistant", "content": "a"}, HELLO]}, "messages: first message must use the"),
        ({"messages": [HELLO, {"role": "assistant", "content": "{"}]}, "Prefilling assistant messages is not supp"),
        ({"messages": [{**HELLO, "name": "Bob"}]}, "messages.0.name: Extra inputs are not permitted"),
        ({"system": ""}, "system: text content blocks must be non-empty"),
        ({"system": [text(" ")]}, "system: text content blocks must contain non-whitespace text"),
        ({"system": [{"type": "image"}]}, "system.0: Input tag 'image' found using 'type' does not match"),
        ({"system": 1}, "system: Input should be a valid list"),
        ({"stream": "yes"}, "stream: Input should be a valid boolean"),
        ({"stop_sequences": [" "]}, "stop_sequences: each stop sequence must contain non-whitespace"),
        ({"metadata": {"team": "a"}}, "metadata.team: Extra inputs are not permitted"),
        ({"service_tier": "best"}, "service_tier: Input should be 'auto' or 'standard_only'"),
        ({"tools": []}, "tools: not simulated by this fake"),
    ],
)
async def test_each_wrong_field_is_refused(line: Line, changed: Json, sentence: str) -> None:
    assert (await line.refusal(**changed)).startswith(sentence)
    assert len(line.claude.violations) == 1


async def test_there_are_four_breakpoints_of_one_kind(line: Line) -> None:
    marked = text(cache_control=CACHED)
    assert (await line.ask(marked, marked, system=[marked, text(cache_control={**CACHED, "ttl": "1h"})])).content
    told = await line.refusal(marked, marked, marked, system=[marked], cache_control=CACHED)
    assert told == "A maximum of 4 blocks with cache_control may be provided. Found 5."
    assert "cache_control.type" in await line.refusal(text(cache_control={"type": "lasting"}))
    assert "cache_control.ttl" in await line.refusal(text(cache_control={**CACHED, "ttl": "1d"}))
    assert "empty text blocks" in await line.refusal(text("", cache_control=CACHED))
    assert (await line.ask(text(cache_control=None))).content


@pytest.mark.parametrize("name", ["temperature", "top_p", "top_k"])
async def test_sampling_is_for_old_models_by_the_old_version(line: Line, name: str) -> None:
    old = {"anthropic-version": "2023-06-01"}
    create = line.client.messages.create
    assert await line.refusal(**{name: 1}) == f"{name}: Extra inputs are not permitted"
    with pytest.raises(anthropic.BadRequestError, match="is deprecated for this model"):
        await create(**request(), extra_body={name: 1}, extra_headers=old)
    assert (await create(**request(model="claude-haiku-4-5"), extra_body={name: 1}, extra_headers=old)).content


async def test_effort_is_for_models_that_have_it(line: Line) -> None:
    for effort in ("low", "medium", "high", "xhigh", "max"):
        assert (await line.ask(output_config={"effort": effort})).content
    assert (await line.ask(output_config={"effort": None})).content
    assert "output_config.effort" in await line.refusal(output_config={"effort": "utmost"})
    assert "output_config.zeal" in await line.refusal(output_config={"zeal": "high"})
    old, older = {"model": "claude-sonnet-4-6"}, {"model": "claude-haiku-4-5"}
    assert "effort level 'xhigh'" in await line.refusal(**old, output_config={"effort": "xhigh"})
    assert "support the effort parameter" in await line.refusal(**older, output_config={"effort": "low"})


@pytest.mark.parametrize(
    ("model", "taken"),
    [
        ("claude-opus-5-5", {"adaptive"}),
        ("claude-sonnet-5-5", {"adaptive", "between_tools"}),
        ("claude-haiku-5-5", {"adaptive", "disabled"}),
        ("claude-haiku-4-5", {"disabled"}),
    ],
)
async def test_each_model_takes_its_kinds_of_thinking(line: Line, model: str, taken: set[str]) -> None:
    for kind in ("adaptive", "disabled", "between_tools"):
        if kind in taken:
            assert (await line.ask(model=model, thinking={"type": kind})).content
        else:
            assert f'"thinking.type.{kind}" is not sup' in await line.refusal(model=model, thinking={"type": kind})
    budget = {"type": "enabled", "budget_tokens": 1024}
    assert '"thinking.type.enabled" is not supported' in await line.refusal(model=model, thinking=budget)
    assert "thinking.type: Input should be" in await line.refusal(model=model, thinking={"type": "deep"})


async def test_thinking_is_not_switched_off_at_the_highest_efforts(line: Line) -> None:
    off: Json = {"model": "claude-haiku-5-5", "thinking": {"type": "disabled"}}
    assert (await line.ask(**off, output_config={"effort": "high"})).content
    assert "effort high or below" in await line.refusal(**off, output_config={"effort": "max"})
    assert "thinking.display" in await line.refusal(thinking={"type": "adaptive", "display": "all"})
