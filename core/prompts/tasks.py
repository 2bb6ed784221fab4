"""The tasks there are: types, prompt, tier and caps of each."""

from functools import cache
from typing import TypeVar

from core.domain.judging import Judged, JudgeInput
from core.domain.reviews import Review, ReviewInput
from core.domain.tasks import (
    Effort,
    ExtractInput,
    Extraction,
    Generated,
    GenerateInput,
    Identified,
    IdentifyInput,
    RewriteInput,
    Rewriting,
    Task,
    Tier,
)
from core.prompts.load import load_prompt

In = TypeVar("In")
Out = TypeVar("Out")
_NONE: frozenset[str] = frozenset()


@cache
def identify_task() -> Task[IdentifyInput, Identified]:
    """Class of a burst."""
    prompt = load_prompt("identify", frozenset({"scope"}))
    return Task("identify", IdentifyInput, Identified, prompt, Tier.FAST, timeout_s=4.0, max_output_tokens=200)


@cache
def rewrite_task() -> Task[RewriteInput, Rewriting]:
    """One to four self-contained questions."""
    prompt = load_prompt("rewrite", _NONE)
    return Task("rewrite", RewriteInput, Rewriting, prompt, Tier.FAST, timeout_s=4.0, max_output_tokens=600)


@cache
def generate_task() -> Task[GenerateInput, Generated]:
    """An answer from evidence, or an abstention."""
    prompt = load_prompt("generate", frozenset({"abstention"}))
    return Task("generate", GenerateInput, Generated, prompt, Tier.STRONG, timeout_s=8.0, max_output_tokens=800)


@cache
def extract_task() -> Task[ExtractInput, Extraction]:
    """A definitive human solution, or none yet."""
    return _unhurried("extract", ExtractInput, Extraction, max_output_tokens=1500)


@cache
def review_task() -> Task[ReviewInput, Review]:
    """Keep, delete or update each entry behind an answer."""
    return _unhurried("review", ReviewInput, Review, max_output_tokens=3000)


@cache
def judge_tasks() -> tuple[Task[JudgeInput, Judged], ...]:
    """Two judges of an answer beside a reference, asked in different words: where they disagree, neither is to be trusted."""
    return tuple(_unhurried(name, JudgeInput, Judged, max_output_tokens=400) for name in ("judge", "judge_claims"))


def _unhurried(name: str, takes: type[In], gives: type[Out], max_output_tokens: int) -> Task[In, Out]:
    """A task off the hot path: it may think, and what it gives may be put right once."""
    prompt = load_prompt(name, _NONE)
    return Task(name, takes, gives, prompt, Tier.STRONG, 60.0, max_output_tokens, effort=Effort.MEDIUM, repairs=1)
