"""Each task's inputs as a request: what the engine performs, what ``vigil prompt show`` prints and what suites send are one."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.domain.answers import ABSTENTION
from core.domain.ids import MessageId, SessionId
from core.domain.judging import Judged, JudgeInput
from core.domain.reviews import Review, ReviewInput
from core.domain.tasks import (
    Block,
    ExtractInput,
    Extraction,
    Generated,
    GenerateInput,
    Identified,
    IdentifyInput,
    Line,
    Picture,
    Prompt,
    Request,
    RewriteInput,
    Rewriting,
    Task,
    labels,
)
from core.prompts.blocks import answers_block, cited_block, dialogue_block, indented, passages_block
from core.prompts.load import render
from core.prompts.tasks import extract_task, generate_task, identify_task, review_task, rewrite_task


def identify_request(inputs: IdentifyInput, about: SessionId | None = None) -> Request[IdentifyInput, Identified]:
    """Ask for the class of the burst."""
    named = labels(inputs.lines)
    blocks = (
        dialogue_block(inputs.dialogue, named),
        dialogue_block(inputs.burst, named, "burst"),
        passages_block(inputs.known, "known"),
    )
    return _request(identify_task(), inputs, render(identify_task().prompt, {"scope": inputs.scope}, *blocks), about)


def rewrite_request(inputs: RewriteInput, about: SessionId | None = None) -> Request[RewriteInput, Rewriting]:
    """Ask for the burst's questions."""
    named = labels(inputs.lines)
    blocks = (dialogue_block(inputs.dialogue, named), dialogue_block(inputs.burst, named, "burst"))
    return _request(rewrite_task(), inputs, render(rewrite_task().prompt, {}, *blocks), about)


def generate_request(inputs: GenerateInput, about: SessionId | None = None) -> Request[GenerateInput, Generated]:
    """Ask for an answer. The passages are not among the blocks: an engine gives them in the form that it cites from."""
    named = labels(inputs.lines)
    blocks = (
        dialogue_block(inputs.dialogue, named),
        dialogue_block(inputs.burst, named, "burst"),
        Block("question", indented(inputs.question)),
    )
    return _request(generate_task(), inputs, render(generate_task().prompt, {"abstention": ABSTENTION}, *blocks), about)


def extract_request(inputs: ExtractInput, about: SessionId | None = None) -> Request[ExtractInput, Extraction]:
    """Ask what humans have answered."""
    named = labels(inputs.lines)
    asked = [line for line in inputs.dialogue if line.id in inputs.asked_in]
    blocks = (dialogue_block(inputs.dialogue, named), _question(inputs.question, asked, named))
    return _request(extract_task(), inputs, render(extract_task().prompt, {}, *blocks), about)


def review_request(inputs: ReviewInput, about: SessionId | None = None) -> Request[ReviewInput, Review]:
    """Ask for a ruling on each cited entry."""
    named = labels(inputs.lines)
    asked = [line for line in inputs.dialogue if line.id in inputs.asked_in]
    blocks = (
        _question(inputs.question, asked, named),
        answers_block(inputs.answers),
        cited_block(inputs.cited),
        dialogue_block(inputs.dialogue, named),
    )
    return _request(review_task(), inputs, render(review_task().prompt, {}, *blocks), about)


def judge_request(task: Task[JudgeInput, Judged], inputs: JudgeInput) -> Request[JudgeInput, Judged]:
    """Ask a judge, who is one of the judge tasks, how far an answer says what the reference says."""
    blocks = (
        dialogue_block(inputs.dialogue, labels(inputs.lines)),
        Block("question", indented(inputs.question)),
        Block("reference", indented(inputs.reference)),
        Block("answer", indented(inputs.answer)),
    )
    return _request(task, inputs, render(task.prompt, {}, *blocks), None)


def _question(text: str, asked: Sequence[Line], named: Mapping[MessageId, str]) -> Block:
    """What was asked, in the words that retrieval used, and the messages that ask it."""
    said = ", ".join(named[line.id] for line in asked)
    return Block("question", f"{indented(text)}\n(asked in {said})" if said else indented(text))


def _request(task: Task[Any, Any], inputs: Any, prompt: Prompt, about: SessionId | None) -> Request[Any, Any]:
    named = labels(inputs.lines)
    kept = dict.fromkeys((named[line.id], path) for line in inputs.lines for path in line.kept)
    return Request(task, inputs, prompt, tuple(Picture(of, path) for of, path in kept), about)
