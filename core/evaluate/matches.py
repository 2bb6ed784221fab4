"""What it takes to cite a past answer or a part of a document, from the own matches and the own forums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.domain.knowledge import CHUNK, QA, SHARED, KnowledgeEntry, Passage, Viewer
from core.evaluate.cutoffs import cheapest_cutoff, cutoff_at, fit_logistic, reranked
from core.evaluate.own_rows import WRITTEN, own_entry, own_rows
from core.knowledge.projection import stored_entries
from core.ports.embedder import Embedder
from core.ports.knowledge_store import KnowledgeStore
from core.ports.reranker import Reranker
from core.respond.relevance import Field, features
from core.respond.retrieve import retrieve

RELATED_WEIGHT = 0.25
WRONG_PER_POST = 2


@dataclass(frozen=True, slots=True)
class Judged:
    """What is seen of a question and an entry, whether the entry answers it, and how much the pair counts."""

    seen: tuple[float, ...]
    answers: bool
    weight: float
    question: str
    entry: KnowledgeEntry


@dataclass(frozen=True, slots=True)
class Citing:
    """The weights that give the judged pairs of one kind their relevance (``scores``), and the least score that is cited: a
    cross-encoder's where there is one, else the relevance."""

    judged: Sequence[Judged]
    weights: tuple[float, ...]
    scores: Sequence[float]
    cutoff: float

    def relevance_at(self, precision: float) -> float:
        """The least relevance from which on ``precision`` (0..1) of the pairs are right."""
        return cutoff_at(self.scores, [j.answers for j in self.judged], [j.weight for j in self.judged], precision)


async def citing(
    kind: str, wrong_costs: float, embedder: Embedder, store: KnowledgeStore, reranker: Reranker | None
) -> Citing:
    """Judge the own matches as entries of a kind. Relevance is a probability, so citing pays from cost / (1 + cost) on, where
    a wrong card costs ``wrong_costs`` missed ones; a cross-encoder's scores are none, so its cutoff is what costs least."""
    judged = await judge(kind, embedder, store)
    if kind == QA:
        judged += await judge_forums(embedder, store)
    labels, shares = [j.answers for j in judged], [j.weight for j in judged]
    weights = fit_logistic([j.seen for j in judged], labels, shares)
    scores = [_logistic(weights, j.seen) for j in judged]
    if reranker is None:
        return Citing(judged, weights, scores, round(wrong_costs / (1 + wrong_costs), 4))
    found = await reranked([(j.question, j.entry) for j in judged], reranker)
    return Citing(judged, weights, scores, cheapest_cutoff(found, labels, shares, wrong_costs))


async def judge(kind: str, embedder: Embedder, store: KnowledgeStore) -> list[Judged]:
    """Look every question up among all own entries, as past answers or as parts of documents. The labelled entry is judged as
    labelled. Where it answers, the best of the others stands for the same question asked of a base that does not hold the
    answer: it must not be cited. The related pairs were written to mislead, so they weigh as little as they are rare in what
    retrieval brings up."""
    rows = own_rows("match.jsonl")
    entries = {entry.id: entry for entry in (_of_kind(kind, own_entry(row["entry"])) for row in rows)}
    await store.reset()
    await store.put(await stored_entries([(entry, 1) for entry in entries.values()], embedder))
    judged: list[Judged] = []
    for row in rows:
        named, answers = own_entry(row["entry"]).id, row["label"] == "answers"
        found, field = await _found(row["question"], row.get("history") or (), embedder, store)
        for passage in found:
            seen = features(row["question"], passage, field)
            if passage.entry.id == named:
                judged.append(Judged(seen, answers, 1.0 if answers else RELATED_WEIGHT, row["question"], passage.entry))
        others = _without([p for p in found if p.entry.id != named and p.entry.answer != entries[named].answer])
        if answers and others:
            near, rest = max(others, key=lambda p: p.cosine), Field.of(others, later=field.later)
            judged.append(Judged(features(row["question"], near, rest), False, 1.0, row["question"], near.entry))
    return judged


async def judge_forums(embedder: Embedder, store: KnowledgeStore) -> list[Judged]:
    """Look every post of the own forums up in its dense base: what answers it, and the nearest two that do not."""
    rows = own_rows("forum.jsonl")
    judged: list[Judged] = []
    for base in sorted({row["base"] for row in rows}):
        known = {own_entry(row).id: row["id"] for row in rows if row["base"] == base and row["kind"] == "entry"}
        entries = [own_entry(row) for row in rows if row["base"] == base and row["kind"] == "entry"]
        await store.reset()
        await store.put(await stored_entries([(entry, 1) for entry in entries], embedder))
        for row in (row for row in rows if row["base"] == base and row["kind"] == "post"):
            found, field = await _found(row["text"], row["history"], embedder, store)
            right = [p for p in found if known[p.entry.id] in row["answers"]]
            others = _without([p for p in found if p not in right])
            rest = Field.of(others, later=field.later)
            judged += [Judged(features(row["text"], p, field), True, 1.0, row["text"], p.entry) for p in right]
            judged += [
                Judged(features(row["text"], p, rest), False, 1.0, row["text"], p.entry)
                for p in sorted(others, key=lambda p: -p.cosine)[:WRONG_PER_POST]
            ]
    return judged


def _without(others: Sequence[Passage]) -> list[Passage]:
    """What would have been found of a base that does not hold the answer: the best of the others is the best there is."""
    best = max((p.relevance for p in others), default=0.0) or 1.0
    return [replace(p, relevance=p.relevance / best) for p in others]


async def _found(
    question: str, history: Sequence[Mapping[str, str]], embedder: Embedder, store: KnowledgeStore
) -> tuple[list[Passage], Field]:
    context = "\n".join(said["text"] for said in history if said["role"] == "customer")
    found = await retrieve(question, context, viewer=Viewer((SHARED,)), now=WRITTEN, embedder=embedder, store=store)
    return found, Field.of(found, later=bool(history))


def _of_kind(kind: str, entry: KnowledgeEntry) -> KnowledgeEntry:
    """A part of a document has a heading and a text; nobody has written down a question for it."""
    return replace(entry, kind=CHUNK, question="", keys=()) if kind == CHUNK else entry


def _logistic(weights: Sequence[float], seen: Sequence[float]) -> float:
    return float(1 / (1 + np.exp(-np.dot(weights, seen))))
