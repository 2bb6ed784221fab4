"""A record answers again what an engine was asked, without asking it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.engine.recorded import Recording, Replaying, recorded_engines
from core.domain.answers import Claim, Span
from core.domain.dialogue import Line, Picture
from core.domain.errors import (
    BudgetSpentError,
    CallerError,
    FinalError,
    TransientError,
    UnknownTaskError,
    UnusableAnswerError,
    VigilError,
)
from core.domain.ids import EntryId, MessageId
from core.domain.judging import Agreement, Judged, JudgeInput
from core.domain.knowledge import QA, SHARED, KnowledgeEntry, Passage
from core.domain.people import Role, RoleBasis
from core.domain.tasks import (
    ExtractInput,
    Extraction,
    Generated,
    GenerateInput,
    Lesson,
    Reply,
    Request,
    RewriteInput,
    Usage,
)
from core.ports.engine import Engine
from core.prompts.requests import extract_request, generate_request, judge_request, rewrite_request
from core.prompts.tasks import judge_tasks
from tests.fakes.engine import FakeEngine

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY = "fake/small+large"


class PaidEngine(FakeEngine):
    """One whose calls cost something."""

    remote = True

    async def perform(self, request: Request[Any, Any]) -> Reply[Any]:
        reply = await super().perform(request)
        return replace(reply, usage=Usage(1200, 80, 1000, 40), ms=731.5)


def files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def said(n: int, text: str, role: Role = Role.REQUESTER) -> Line:
    return Line(MessageId(f"m{n}"), role, RoleBasis.HOME, "Kim", text, AT + timedelta(minutes=n))


def passage(answer: str, score: float = 0.7) -> Passage:
    entry = KnowledgeEntry(
        id=EntryId("e"), kind=QA, audience=SHARED, title="Kettles", question="Why cold?", answer=answer, created_at=AT,
        updated_at=AT,
    )  # fmt: skip
    return Passage(entry, 1, score, score, score, score, score)


def asks_to_generate(answer: str = "Descale it.", score: float = 0.7) -> Request[GenerateInput, Generated]:
    return generate_request(GenerateInput("水壶为什么不热？🙂", (said(0, "hello"),), (passage(answer, score),)))


def asks_to_extract() -> Request[ExtractInput, Extraction]:
    dialogue = (said(0, "The kettle stays cold."), said(1, "Descale it.", Role.ANALYST))
    return extract_request(ExtractInput("kettle", AT, (MessageId("m0"),), dialogue, final=True))


def asks_to_judge() -> Request[JudgeInput, Judged]:
    return judge_request(judge_tasks()[1], JudgeInput("kettle", (said(0, "cold"),), "Descale it.", "Clean it."))


def asks_to_rewrite(text: str = "cold") -> Request[RewriteInput, Any]:
    return rewrite_request(RewriteInput((), (said(0, text),)))


OUTPUTS: list[tuple[Request[Any, Any], object]] = [
    (asks_to_generate(), Generated((Claim("Descale it.", (1,), (Span(1, "Descale it."),)),))),
    (asks_to_generate(), Generated((), "NO_RELIABLE_ANSWER")),
    (asks_to_judge(), Judged(Agreement.CONTRARY, "it warns of that")),
    (
        asks_to_extract(),
        Extraction(Lesson("kettle", "cold", "", "Descale.", ("E1",), (MessageId("m1"),), AT, True, 0.625)),
    ),
]


def telling(task: str, output: object, engine: FakeEngine | None = None) -> FakeEngine:
    engine = engine or PaidEngine()
    engine.says[task] = output if isinstance(output, VigilError) else lambda _: output
    return engine


@pytest.mark.parametrize(("request_", "output"), OUTPUTS)
async def test_a_replay_gives_the_same_reply_and_asks_nobody(
    request_: Request[Any, Any], output: object, tmp_path: Path
) -> None:
    engine = telling(request_.task.name, output)
    given = await Recording(engine, tmp_path, KEY).perform(request_)
    again = Replaying(tmp_path, "fake")
    assert await again.perform(request_) == given == Reply(output, "fake/1", Usage(1200, 80, 1000, 40), 731.5)
    assert engine.asked == [request_.task.name]
    assert (again.name, again.quotes, again.remote) == ("fake", True, True)
    assert recorded_engines(tmp_path) == ["fake"]


async def test_one_file_per_distinct_request_tells_all_that_was_asked_and_answered(tmp_path: Path) -> None:
    recording = Recording(PaidEngine(), tmp_path, KEY)
    for text in ("cold", "cold", "warm"):
        await recording.perform(asks_to_rewrite(text))
    found = files(tmp_path / "rewrite")
    assert [len(file.stem) for file in found] == [64, 64]
    kept = next(
        one for file in found if (one := json.loads(file.read_text("utf-8")))["inputs"]["burst"][0]["text"] == "cold"
    )
    assert (kept["task"], kept["engine"], kept["key"], kept["model"]) == ("rewrite", "fake", KEY, "fake/1")
    assert kept["prompt"]["hash"] == asks_to_rewrite().task.prompt.hash
    assert kept["settings"]["tier"] == "fast"
    assert kept["stable"] == asks_to_rewrite().prompt.stable
    assert [block["label"] for block in kept["blocks"]] == ["dialogue", "burst"]
    assert kept["usage"]["cached_tokens"] == 1000
    assert kept["output"]["questions"][0]["query"] == "cold"


async def test_an_answer_that_costs_is_asked_for_once_and_a_free_one_anew(tmp_path: Path) -> None:
    paid, free = PaidEngine(), FakeEngine()
    for engine, folder in ((paid, tmp_path / "paid"), (free, tmp_path / "free")):
        for _ in range(2):
            await Recording(engine, folder, KEY).perform(asks_to_rewrite())
    assert (len(paid.asked), len(free.asked)) == (1, 2)


async def asked_again(
    first: Request[Any, Any], second: Request[Any, Any], folder: Path, home: Path | None = None
) -> bool:
    """Whether the second request is another one than the first."""
    engine = PaidEngine()
    recording = Recording(engine, folder, KEY, home)
    await recording.perform(first)
    await recording.perform(second)
    return len(engine.asked) == 2


def other_tier(request: Request[Any, Any]) -> Request[Any, Any]:
    return replace(request, task=replace(request.task, tier=asks_to_judge().task.tier))


def other_caps(request: Request[Any, Any]) -> Request[Any, Any]:
    return replace(request, task=replace(request.task, timeout_s=99.0, max_output_tokens=9))


@pytest.mark.parametrize(
    ("first", "second", "another"),
    [
        (asks_to_rewrite("cold"), asks_to_rewrite("warm"), True),
        (asks_to_rewrite(), other_tier(asks_to_rewrite()), True),
        (asks_to_rewrite(), other_caps(asks_to_rewrite()), False),
        (asks_to_generate(), asks_to_generate("Replace it."), True),
        (asks_to_generate(), asks_to_generate(score=0.71), False),
    ],
)
async def test_requests_are_the_same_when_a_model_reads_the_same(
    first: Request[Any, Any], second: Request[Any, Any], another: bool, tmp_path: Path
) -> None:
    assert await asked_again(first, second, tmp_path) is another


async def test_other_models_and_other_pictures_make_another_request(tmp_path: Path) -> None:
    for name, content in (("a.png", b"one"), ("b.png", b"two"), ("c.png", b"one")):
        (tmp_path / name).write_bytes(content)
    one, other, same = (replace(asks_to_rewrite(), pictures=(Picture("m1", f"{n}.png"),)) for n in "abc")
    assert await asked_again(one, other, tmp_path / "pictures", tmp_path)
    assert not await asked_again(one, same, tmp_path / "same", tmp_path)
    engine = PaidEngine()
    for key in (KEY, "fake/other"):
        await Recording(engine, tmp_path / "models", key).perform(asks_to_rewrite())
    assert len(engine.asked) == 2


async def test_what_the_record_lacks_is_told_with_the_command_that_records_it(tmp_path: Path) -> None:
    await Recording(PaidEngine(), tmp_path, KEY).perform(asks_to_rewrite("cold"))
    with pytest.raises(FinalError, match=r"lacks an answer to this request of rewrite: run .* --record") as told:
        await Replaying(tmp_path, "fake").perform(asks_to_rewrite("warm"))
    assert not isinstance(told.value, UnknownTaskError)
    with pytest.raises(CallerError, match="no record of the claude engine"):
        Replaying(tmp_path, "claude")


def emptied(text: str) -> str:
    return ""


def halved(text: str) -> str:
    return text[: len(text) // 2]


def of_another_type(text: str) -> str:
    return json.dumps({**json.loads(text), "output": {"questions": [{"query": 5}]}})


def without_usage(text: str) -> str:
    return json.dumps({key: value for key, value in json.loads(text).items() if key != "usage"})


@pytest.mark.parametrize("spoil", [emptied, halved, of_another_type, without_usage])
async def test_a_file_that_is_spoilt_is_told_by_a_replay_and_made_anew_by_a_record(
    spoil: Callable[[str], str], tmp_path: Path
) -> None:
    engine = PaidEngine()
    given = await Recording(engine, tmp_path, KEY).perform(asks_to_rewrite())
    (file,) = files(tmp_path / "rewrite")
    file.write_text(spoil(file.read_text("utf-8")), "utf-8")
    with pytest.raises(FinalError, match=rf"{file.name} of rewrite .* is not readable"):
        await Replaying(tmp_path, "fake").perform(asks_to_rewrite())
    assert await Recording(engine, tmp_path, KEY).perform(asks_to_rewrite()) == given
    assert await Replaying(tmp_path, "fake").perform(asks_to_rewrite()) == given
    assert len(engine.asked) == 2


@pytest.mark.parametrize(
    "error",
    [UnusableAnswerError("No JSON came."), TransientError("It took too long."), UnknownTaskError("Never heard.")],
)
async def test_a_failure_of_a_request_is_repeated_by_a_replay_and_tried_again_by_a_record(
    error: VigilError, tmp_path: Path
) -> None:
    engine = telling("rewrite", error)
    with pytest.raises(type(error)):
        await Recording(engine, tmp_path, KEY).perform(asks_to_rewrite())
    with pytest.raises(type(error), match=error.sentence) as told:
        await Replaying(tmp_path, "fake").perform(asks_to_rewrite())
    assert type(told.value) is type(error)
    engine.says.clear()
    await Recording(engine, tmp_path, KEY).perform(asks_to_rewrite())
    assert (await Replaying(tmp_path, "fake").perform(asks_to_rewrite())).model == "fake/1"


@pytest.mark.parametrize("error", [FinalError("The key is refused."), BudgetSpentError("Spent.")])
async def test_what_ends_a_run_is_no_answer_to_keep(error: VigilError, tmp_path: Path) -> None:
    with pytest.raises(type(error)):
        await Recording(telling("rewrite", error), tmp_path, KEY).perform(asks_to_rewrite())
    assert files(tmp_path) == []


async def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    with pytest.raises(FinalError, match="name another folder with --record"):
        await Recording(FakeEngine(), tmp_path / "taken", KEY).perform(asks_to_rewrite())


async def test_nothing_but_whole_files_is_left(tmp_path: Path) -> None:
    recording: Engine = Recording(FakeEngine(), tmp_path, KEY)
    await recording.perform(asks_to_rewrite())
    assert [file.suffix for file in files(tmp_path)] == [".json", ".json"]
