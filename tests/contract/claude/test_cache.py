"""What a request costs: read from the cache, written to it, or neither."""

import asyncio

import pytest
from anthropic.types import Usage

from tests.contract.claude.blocks import CACHED, image, png, shape, text, wanting
from tests.contract.claude.conftest import Line, request
from tests.fakes.claude.models import MODELS
from tests.fakes.claude.refusals import Json
from tests.fakes.claude.said import say_json, say_text

LONG = "word " * 1600  # 2,000 tokens
SYSTEM = [text(LONG, cache_control=CACHED)]


def paid(usage: Usage) -> tuple[int | None, int | None, int]:
    """Read, written, and beside the cache."""
    return usage.cache_read_input_tokens, usage.cache_creation_input_tokens, usage.input_tokens


async def cost(line: Line, *content: Json, **more: object) -> tuple[int | None, int | None, int]:
    return paid((await line.ask(*content, **{"system": SYSTEM, **more})).usage)


async def test_what_is_written_is_read_for_five_minutes_after_its_last_use(line: Line) -> None:
    assert await cost(line) == (0, 2000, 2)
    assert await cost(line, text("x" * 40)) == (2000, 0, 10)
    line.claude.clock.let_pass(299.0)
    assert await cost(line) == (2000, 0, 2)
    line.claude.clock.let_pass(299.0)
    assert await cost(line) == (2000, 0, 2)
    line.claude.clock.let_pass(301.0)
    assert await cost(line) == (0, 2000, 2)


async def test_what_lasts_an_hour_is_told_apart(line: Line) -> None:
    asked = {"system": [text(LONG, cache_control={**CACHED, "ttl": "1h"}), text(LONG, cache_control=CACHED)]}
    written = (await line.ask(**asked)).usage.cache_creation
    assert written is not None
    assert (written.ephemeral_1h_input_tokens, written.ephemeral_5m_input_tokens) == (2000, 2000)
    line.claude.clock.let_pass(3500.0)
    assert await cost(line, **asked) == (2000, 2000, 2)


async def test_nothing_is_cached_without_a_breakpoint_or_below_the_least(line: Line) -> None:
    for _ in range(2):
        assert await cost(line, system=LONG) == (0, 0, 2002)
        assert await cost(line, model="claude-haiku-4-5") == (0, 0, 2002)


@pytest.mark.parametrize("model", ["claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-5-5"])
async def test_each_model_has_its_least(line: Line, model: str) -> None:
    least = MODELS[model].cache_minimum
    for length, written in ((4 * least - 4, 0), (4 * least, least)):
        usage = await cost(line, model=model, system=[text("x" * length, cache_control=CACHED)])
        assert usage[1] == written


async def test_another_model_prefix_or_format_is_another_cache(line: Line) -> None:
    line.claude.model = lambda body: say_json({"a": 1}) if "output_config" in body else say_text("Hi.")
    await cost(line)
    assert (await cost(line, model="claude-sonnet-5-5"))[0] == 0
    assert (await cost(line, system=[text("x"), *SYSTEM]))[0] == 0
    assert (await cost(line, output_config=wanting(shape(a={"type": "integer"}))))[0] == 0
    assert (await cost(line, output_config={"effort": "low"}))[0] == 2000


async def test_a_later_breakpoint_reads_what_an_earlier_one_wrote(line: Line) -> None:
    marked = text(LONG, cache_control=CACHED)
    assert await cost(line, marked) == (0, 4000, 0)
    assert await cost(line, text(LONG), text("more"), marked) == (4000, 2001, 0)
    assert await cost(line, text(LONG), *[text("more")] * 21, marked, system=LONG) == (0, 6021, 0)


async def test_the_breakpoint_may_be_left_to_the_api(line: Line) -> None:
    assert await cost(line, text(LONG), system=None, cache_control=CACHED) == (0, 2000, 0)
    assert await cost(line, text(LONG), system=None, cache_control=CACHED) == (2000, 0, 0)


async def test_a_cache_is_there_only_once_the_first_answer_begins(line: Line) -> None:
    line.claude.faults.slow(1, seconds=0.3)
    first = asyncio.create_task(cost(line))
    await line.claude.until(lambda: len(line.claude.requests) == 1)
    assert [await cost(line), await first] == [(0, 2000, 2), (0, 2000, 2)]
    assert await cost(line) == (2000, 0, 2)


async def test_a_failed_call_writes_nothing(line: Line) -> None:
    line.claude.faults.status(1, 529)
    await line.refusal(system=SYSTEM)
    assert await cost(line) == (0, 2000, 2)


async def test_images_count_too(line: Line) -> None:
    assert (await line.ask(image(png()), model="claude-haiku-4-5")).usage.input_tokens == 1600


async def test_a_stream_tells_the_same_usage(line: Line) -> None:
    for expected in ((0, 2000, 2), (2000, 0, 2)):
        async with line.client.messages.stream(**request(system=SYSTEM)) as stream:
            assert paid((await stream.get_final_message()).usage) == expected
