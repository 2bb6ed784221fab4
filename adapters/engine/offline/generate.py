"""Generate without a model: quote what the sources say, each quotation cited, nothing in own words (QUOTED on the card)."""

from collections.abc import Sequence

import numpy as np

from core.domain.answers import Claim
from core.domain.knowledge import Passage
from core.domain.tasks import Generated, GenerateInput
from core.ports.embedder import Embedder
from core.text.sentences import sentences
from core.text.terms import coverage

MOST_CHARS = 700
SECOND_AT_LEAST = 0.8
"""A further source is quoted only when it is at least this share as relevant as the best one."""
SAYS_THE_SAME = 0.75
_MASKS = ("<email>", "<secret>", "<card>")
NOTHING_TO_QUOTE = "the sources hold nothing that may be quoted"
BESIDE_THE_POINT = "what the sources answer is not near enough to the question"
FITS = 0.3
"""Least cosine of an answer with the question. On the own matches it takes precision from .77 to .78 at recall .38 to .35; on
long forum posts what lies below says something else than the analyst then does."""


async def generate(inputs: GenerateInput, embedder: Embedder) -> Generated:
    """Quote the best source, and a second one where it says something else or holds under other conditions."""
    claims: list[Claim] = []
    numbered = [(n, p) for n, p in enumerate(inputs.passages, start=1) if p.answer_cosine >= FITS]
    if not numbered:
        return Generated((), BESIDE_THE_POINT)
    for n, passage in await _chosen(numbered, embedder):
        text = await _quotation(inputs.question, passage, embedder)
        if text:
            claims.append(Claim(_with_conditions(text, passage), (n,)))
    return Generated(tuple(claims), "" if claims else NOTHING_TO_QUOTE)


async def _chosen(passages: Sequence[tuple[int, Passage]], embedder: Embedder) -> list[tuple[int, Passage]]:
    best = passages[0]
    near = [one for one in passages[1:] if one[1].relevance >= SECOND_AT_LEAST * best[1].relevance]
    if not near:
        return [best]
    vectors = await embedder.embed([passage.entry.answer for _, passage in (best, *near)], "passage")
    held = best[1].entry.conditions
    other = [
        one
        for one, cosine in zip(near, vectors[1:] @ vectors[0], strict=True)
        if cosine < SAYS_THE_SAME or one[1].entry.conditions != held
    ]
    return [best, *other[:1]]


async def _quotation(question: str, passage: Passage, embedder: Embedder) -> str:
    """The source's sentences, all of a short one, else those nearest to the question, in their own order."""
    pieces = [s.text.strip() for s in sentences(passage.entry.answer) if s.text.strip()]
    kept = [piece for piece in pieces if not any(mask in piece for mask in _MASKS)]
    if sum(len(piece) for piece in kept) <= MOST_CHARS:
        return " ".join(kept)
    vectors = await embedder.embed([question, *kept], "passage")
    scores = vectors[1:] @ vectors[0] + np.array([coverage(question, piece) for piece in kept])
    chosen: list[int] = []
    for i in sorted(range(len(kept)), key=lambda i: (-float(scores[i]), i)):
        if sum(len(kept[j]) for j in chosen) + len(kept[i]) <= MOST_CHARS:
            chosen.append(i)
    return " ".join(kept[i] for i in sorted(chosen))


def _with_conditions(text: str, passage: Passage) -> str:
    conditions = passage.entry.conditions
    if all(clause in text.lower() for clause in conditions.lower().split("; ")):
        return text
    return f"{conditions}：{text}" if passage.entry.language == "zh" else f"{conditions}: {text}"
