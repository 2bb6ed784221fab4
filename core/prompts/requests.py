"""Each task's inputs as a request: what the engine performs, what ``vigil prompt show`` prints and what suites send are one."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from core.domain.answers import ABSTENTION
from core.domain.dialogue import Line, Picture, labels
from core.domain.ids import SessionId
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
    Prompt,
    Request,
    RewriteInput,
    Rewriting,
    Task,
)
from core.prompts.blocks import Cast, answers_block, cited_block, dialogue_block, known_block, text_block
from core.prompts.clip import UNHURRIED_CHARS, recent
from core.prompts.load import render
from core.prompts.tasks import extract_task, generate_task, identify_task, judge_tasks, review_task, rewrite_task

Maker = tuple[type[Any], Callable[[Any], Request[Any, Any]]]
MOST_KNOWN = 5
MOST_KNOWN_CHARS = 240
"""What identify sees of the nearest entries: enough to tell the subject."""
STILL_OPEN = "still open: the people in it may go on"
HAS_ENDED = "has ended: nothing more will be said"


def identify_request(inputs: IdentifyInput, about: SessionId | None = None) -> Request[IdentifyInput, Identified]:
    """Ask for the class of the burst."""
    shown, blocks = _burst(inputs)
    blocks = (known_block(inputs.known, MOST_KNOWN, MOST_KNOWN_CHARS), *blocks)
    prompt = render(identify_task().prompt, {"scope": inputs.scope}, *blocks)
    return _request(identify_task(), inputs, prompt, about, shown)


def rewrite_request(inputs: RewriteInput, about: SessionId | None = None) -> Request[RewriteInput, Rewriting]:
    """Ask for the burst's questions."""
    shown, blocks = _burst(inputs)
    return _request(rewrite_task(), inputs, render(rewrite_task().prompt, {}, *blocks), about, shown)


def generate_request(inputs: GenerateInput, about: SessionId | None = None) -> Request[GenerateInput, Generated]:
    """Ask for an answer. The passages are not among the blocks: an engine gives them in the form that it cites from."""
    shown, blocks = _burst(inputs)
    blocks = (*blocks, text_block("question", inputs.question))
    prompt = render(generate_task().prompt, {"abstention": ABSTENTION}, *blocks)
    return _request(generate_task(), inputs, prompt, about, shown)


def extract_request(inputs: ExtractInput, about: SessionId | None = None) -> Request[ExtractInput, Extraction]:
    """Ask what humans have answered."""
    shown, (dialogue, question) = _asked(inputs)
    blocks = (dialogue, Block("session", HAS_ENDED if inputs.final else STILL_OPEN), question)
    return _request(extract_task(), inputs, render(extract_task().prompt, {}, *blocks), about, shown)


def review_request(inputs: ReviewInput, about: SessionId | None = None) -> Request[ReviewInput, Review]:
    """Ask for a ruling on each cited entry."""
    shown, blocks = _asked(inputs)
    blocks = (*blocks, answers_block(inputs.answers), cited_block(inputs.cited))
    return _request(review_task(), inputs, render(review_task().prompt, {}, *blocks), about, shown)


def judge_request(task: Task[JudgeInput, Judged], inputs: JudgeInput) -> Request[JudgeInput, Judged]:
    """Ask a judge, who is one of the judge tasks, how far an answer says what the reference says."""
    shown = recent(inputs.dialogue, most_chars=UNHURRIED_CHARS)
    blocks = (
        dialogue_block(inputs.dialogue, shown, Cast.of(inputs.lines)),
        text_block("question", inputs.question),
        text_block("reference", inputs.reference),
        text_block("answer", inputs.answer),
    )
    return _request(task, inputs, render(task.prompt, {}, *blocks), None, shown)


def request_makers() -> Mapping[str, Maker]:
    """The input type of each task and what makes its request, by the task's name."""
    makers: dict[str, Maker] = {
        "identify": (IdentifyInput, identify_request),
        "rewrite": (RewriteInput, rewrite_request),
        "generate": (GenerateInput, generate_request),
        "extract": (ExtractInput, extract_request),
        "review": (ReviewInput, review_request),
    }
    return makers | {task.name: (JudgeInput, partial(judge_request, task)) for task in judge_tasks()}


def _burst(inputs: IdentifyInput | RewriteInput | GenerateInput) -> tuple[tuple[Line, ...], tuple[Block, ...]]:
    """The lines that are shown while people wait, as the blocks of the dialogue and of the burst."""
    cast, before, burst = Cast.of(inputs.lines), recent(inputs.dialogue), recent(inputs.burst)
    dialogue = dialogue_block(inputs.dialogue, before, cast)
    return (*before, *burst), (dialogue, dialogue_block(inputs.burst, burst, cast, "burst"))


def _asked(inputs: ExtractInput | ReviewInput) -> tuple[tuple[Line, ...], tuple[Block, ...]]:
    """The lines that are shown of a whole thread, as blocks: the dialogue; what was asked in it, in the words that retrieval
    used, and the messages that ask it."""
    shown, cast = recent(inputs.dialogue, inputs.asked_in, UNHURRIED_CHARS), Cast.of(inputs.lines)
    asked_in = ", ".join(name for id_, name in cast.named.items() if id_ in inputs.asked_in)
    question = f"(asked in {asked_in}) {inputs.question}" if asked_in else inputs.question
    return shown, (dialogue_block(inputs.dialogue, shown, cast), text_block("question", question))


def _request(
    task: Task[Any, Any], inputs: Any, prompt: Prompt, about: SessionId | None, shown: Sequence[Line]
) -> Request[Any, Any]:
    """A request with the pictures of those lines that are ``shown``."""
    named = labels(inputs.lines)
    kept = dict.fromkeys((named[line.id], path) for line in shown for path in line.kept)
    return Request(task, inputs, prompt, tuple(Picture(of, path) for of, path in kept), about)
