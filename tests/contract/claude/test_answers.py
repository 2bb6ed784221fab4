"""What the model is told to say, whole and as a stream: citations, thinking, refusals and cuts."""

import asyncio

import pytest
from anthropic.types import Message, TextBlock

from tests.contract.claude.blocks import result, text
from tests.contract.claude.conftest import Line, request
from tests.fakes.claude.refusals import Json
from tests.fakes.claude.said import Said, cut, refuse, say_text
from tests.fakes.claude.server import fake_claude

CITED: Json = {"citations": {"enabled": True}}
RESULTS = (
    result("Use UTF-8. ", "Never Latin-1. ", "Really.", title="Encoding", source="kb://7", **CITED),
    result("Restart.", **CITED),
)
QUOTING = say_text("Well: ", ("use UTF-8", (0, 0, 2), (1, 0, 1)), ".")


def texts(answer: Message) -> list[tuple[str, list[Json]]]:
    """The texts of an answer, each with its citations."""
    found = [block for block in answer.content if isinstance(block, TextBlock)]
    return [(block.text, [dict(cite.to_dict()) for cite in block.citations or []]) for block in found]


async def test_citations_carry_what_the_request_said(line: Line) -> None:
    line.claude.answers.append(QUOTING)
    answer = await line.ask(*RESULTS, text())
    said = texts(answer)
    assert [text for text, _ in said] == ["Well: ", "use UTF-8", "."]
    assert [len(cites) for _, cites in said] == [0, 2, 0]
    assert said[1][1][0] == {
        "type": "search_result_location",
        "cited_text": "Use UTF-8. Never Latin-1. ",
        "source": "kb://7",
        "title": "Encoding",
        "search_result_index": 0,
        "start_block_index": 0,
        "end_block_index": 2,
    }


@pytest.mark.parametrize("thinks", [True, False])
async def test_a_stream_adds_up_to_the_same_message(line: Line, thinks: bool) -> None:
    asked = request(*RESULTS, text(), model="claude-opus-5-5" if thinks else "claude-haiku-4-5")
    line.claude.model = lambda body: QUOTING
    whole = await line.client.messages.create(**asked)
    async with line.client.messages.stream(**asked) as stream:
        kinds = [event.type async for event in stream]
        summed = await stream.get_final_message()
    assert summed.usage == whole.usage
    assert texts(summed) == texts(whole)
    assert [block.type for block in summed.content] == [block.type for block in whole.content]
    assert (summed.stop_reason, summed.stop_details) == (whole.stop_reason, whole.stop_details)
    assert kinds[0] == "message_start"
    assert {"content_block_start", "text", "citation", "content_block_stop", "message_delta"} <= set(kinds)
    assert ("signature" in kinds) is thinks
    assert line.claude.requests[1].body["stream"] is True


@pytest.mark.parametrize(
    ("more", "thinks"),
    [
        ({}, True),
        ({"thinking": {"type": "adaptive"}}, True),
        ({"model": "claude-sonnet-5-5", "thinking": {"type": "between_tools"}}, False),
        ({"model": "claude-haiku-5-5", "thinking": {"type": "disabled"}}, False),
        ({"model": "claude-haiku-4-5"}, False),
    ],
)
async def test_thinking_stands_before_the_text(line: Line, more: Json, thinks: bool) -> None:
    answer = await line.ask(**more)
    assert [block.type for block in answer.content] == (["thinking", "text"] if thinks else ["text"])
    details = answer.usage.output_tokens_details
    assert details is not None
    assert (details.thinking_tokens > 0) is thinks
    assert answer.usage.output_tokens == details.thinking_tokens + 2


async def test_thinking_is_shown_only_where_asked_for(line: Line) -> None:
    shown = await line.ask(thinking={"type": "adaptive", "display": "summarized"})
    hidden = await line.ask(thinking={"type": "adaptive"})
    assert [bool(answer.content[0].to_dict()["thinking"]) for answer in (shown, hidden)] == [True, False]


@pytest.mark.parametrize("streams", [True, False])
async def test_a_refusal_has_details_and_perhaps_no_content(line: Line, streams: bool) -> None:
    line.claude.answers += [refuse("cyber", "It could harm."), refuse(after="Well")]
    answers = []
    for _ in range(2):
        if streams:
            async with line.client.messages.stream(**request()) as stream:
                answers.append((await stream.get_final_message()).to_dict())
        else:
            answers.append((await line.ask()).to_dict())
    assert [answer["stop_reason"] for answer in answers] == ["refusal", "refusal"]
    assert answers[0]["content"] == []
    assert answers[0]["stop_details"] == {"type": "refusal", "category": "cyber", "explanation": "It could harm."}
    assert answers[1]["content"] != []


async def test_a_cut_answer_has_used_up_its_tokens(line: Line) -> None:
    line.claude.answers += [cut('{"answer": "Use'), cut()]
    answer = await line.ask(max_tokens=100)
    assert (answer.stop_reason, answer.usage.output_tokens) == ("max_tokens", 100)
    assert [block.type for block in (await line.ask()).content] == ["thinking"]


@pytest.mark.parametrize(
    ("said", "mistake"),
    [
        (say_text(("a", (2, 0, 1))), "search result 2 is cited, there are 2"),
        (say_text(("a", (1, 0, 2))), "blocks 0 to 2 of search result 1 are cited, it has 1"),
        (say_text(("a", (0, 1, 1))), "blocks 1 to 1 of search result 0 are cited, it has 3"),
        (say_text("a" * 5000), "1282 tokens are said, 1024 were asked for"),
    ],
)
async def test_a_script_may_not_say_what_no_model_could(line: Line, said: Said, mistake: str) -> None:
    line.claude.answers.append(said)
    await line.refusal(*RESULTS, text())
    assert line.claude.mistakes == [mistake]
    line.claude.mistakes.clear()


async def test_a_model_that_fails_is_a_mistake_of_the_test(line: Line) -> None:
    line.claude.model = lambda body: say_text(body["missing"])
    await line.refusal()
    assert line.claude.mistakes == ["KeyError('missing')"]
    line.claude.mistakes.clear()


async def test_nothing_is_cited_that_may_not_be(line: Line) -> None:
    line.claude.answers.append(QUOTING)
    await line.refusal(result("a", "b"), result("c"), text())
    assert line.claude.mistakes == ["citations are not enabled"]
    line.claude.mistakes.clear()


async def test_a_wrong_script_fails_the_test_at_its_end() -> None:
    with pytest.raises(AssertionError):
        async with fake_claude() as claude:
            claude.mistakes.append("a")


async def test_the_queue_is_said_before_the_model_is_asked(line: Line) -> None:
    line.claude.model = lambda body: say_text(body["messages"][0]["content"][0]["text"])
    line.claude.answers.append(say_text("first"))
    said = [(await line.ask(text("second"))).content[-1].to_dict()["text"] for _ in range(2)]
    assert said == ["first", "second"]


async def test_requests_are_recorded_with_time_and_crowd(line: Line) -> None:
    line.claude.faults.slow(3, seconds=0.2)
    before = line.claude.clock.now()
    asking = [asyncio.create_task(line.ask(text(str(n)))) for n in range(3)]
    await line.claude.until(lambda: len(line.claude.requests) == 3)
    await asyncio.gather(*asking)
    await line.ask()
    assert line.claude.busiest == 3
    assert all(asked.at >= before for asked in line.claude.requests)
    assert {asked.body["messages"][0]["content"][0]["text"] for asked in line.claude.requests[:3]} == {"0", "1", "2"}
