"""The tasks there are: types, prompt, tier and caps of each."""

from functools import cache

from core.domain.reviews import Review, ReviewInput
from core.domain.tasks import (
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
    prompt = load_prompt("extract", _NONE)
    return Task("extract", ExtractInput, Extraction, prompt, Tier.STRONG, timeout_s=60.0, max_output_tokens=1200)


@cache
def review_task() -> Task[ReviewInput, Review]:
    """Keep, delete or update each entry behind an answer."""
    prompt = load_prompt("review", _NONE)
    return Task("review", ReviewInput, Review, prompt, Tier.STRONG, timeout_s=60.0, max_output_tokens=2000)
