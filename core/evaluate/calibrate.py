"""Making core's thresholds for an embedding model from the project's own labelled sets.

``match.jsonl`` gives the relevance weights and the cutoff, ``answers.jsonl`` theta, ``same_lesson.jsonl`` the near-duplicate
thresholds. The rows were written without a look at any measured data (``own/README.md``).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import numpy as np

from core.domain.calibration import Calibration
from core.domain.ids import EntryId, make_id
from core.domain.knowledge import QA, SHARED, KnowledgeEntry, Viewer
from core.evaluate.cutoffs import cheapest_cutoff, reranked
from core.knowledge.near_duplicates import Relation, asked_apart, opposed
from core.knowledge.projection import stored_entries
from core.ports.embedder import Embedder
from core.ports.knowledge_store import KnowledgeStore
from core.ports.reranker import Reranker
from core.respond.relevance import FEATURES, Field, features
from core.respond.retrieve import retrieve
from core.respond.skip_repeat import likeness, repeat_features
from core.text.opposites import names_other_things
from core.text.terms import keys

WRONG_COSTS = 1.4
"""What a wrong card costs against a missed one. Relevance is a probability, so citing pays from cost / (1 + cost) on."""
FIT_PRECISION = 0.78
"""An answer must also lie near the question by itself: of those above the cutoff and the fit, at least this share is right.
On the own matches the cutoff alone gives .78 (recall .41); from long posts more that lies beside the question passes it."""
RAISE_PRECISION = 0.6
REPEAT_PRECISION = 0.86
"""An answer held back as a repeat is lost, one sent twice is only said twice: most of those held back must be repeats."""
SAME_PRECISION = 0.95
"""A lesson taken for a known one is lost, one that overrules a known one takes its place: nearly all must be right. What is
told apart needlessly is only kept twice."""
RELATED_WEIGHT = 0.25
RIDGE = 1.0
_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Judged:
    """What is seen of a question and an entry, whether the entry answers it, and how much the pair counts."""

    seen: tuple[float, ...]
    answers: bool
    weight: float
    question: str
    entry: KnowledgeEntry

    @property
    def fit(self) -> float:
        """The cosine of the entry's answer by itself with the question."""
        return self.seen[FEATURES.index("answer_cosine")]


async def calibrate(embedder: Embedder, store: KnowledgeStore, reranker: Reranker | None = None) -> Calibration:
    """Make the thresholds; ``store`` is an empty one that is filled with the own entries. A cross-encoder's scores are no
    probabilities of being right, so its cutoff is the one that costs least on the same pairs."""
    judged = await _judge(embedder, store)
    weights = fit_logistic([j.seen for j in judged], [j.answers for j in judged], [j.weight for j in judged])
    scores = [_logistic(weights, j.seen) for j in judged]
    labels, shares = [j.answers for j in judged], [j.weight for j in judged]
    cutoff = round(WRONG_COSTS / (1 + WRONG_COSTS), 4)
    found = scores if reranker is None else await reranked([(j.question, j.entry) for j in judged], reranker)
    cutoff = cutoff if reranker is None else cheapest_cutoff(found, labels, shares, WRONG_COSTS)
    above = [j for j, score in zip(judged, found, strict=True) if score >= cutoff]
    pairs = await lesson_pairs(embedder)
    near = best_threshold([p.questions for p in pairs], [p.relation != Relation.DIFFERENT for p in pairs])
    same_answer = _same_answer([p for p in pairs if p.questions >= near])
    repeat_weights, theta = await _repeats(embedder)
    return Calibration(
        identity=embedder.identity,
        relevance=weights,
        answer_cutoff=cutoff,
        answer_fit=cutoff_at(
            [j.fit for j in above], [j.answers for j in above], [j.weight for j in above], FIT_PRECISION
        ),
        scope_raise=cutoff_at(scores, labels, shares, RAISE_PRECISION),
        repeat_weights=repeat_weights,
        repeat_theta=theta,
        near_duplicate=near,
        same_question=_same_question(pairs, same_answer),
        same_answer=same_answer,
    )


def own_rows(name: str) -> list[dict[str, Any]]:
    """Read one of the project's own labelled sets."""
    text = files("core.evaluate").joinpath("own", name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def own_entry(row: dict[str, Any]) -> KnowledgeEntry:
    """An entry of the own sets."""
    question, answer = str(row["question"]), str(row["answer"])
    return KnowledgeEntry(
        id=EntryId(make_id("own", question, answer)), kind=QA, audience=SHARED, title=str(row.get("title") or question[:80]),
        question=question, answer=answer, conditions=str(row.get("conditions") or ""),
        keys=keys(f"{question} {answer}"), created_at=_AT, updated_at=_AT,
    )  # fmt: skip


async def _judge(embedder: Embedder, store: KnowledgeStore) -> list[Judged]:
    """Look every question up among all own entries. The labelled entry is judged as labelled. Where it answers, the best of
    the others stands for the same question asked of a base that does not hold the answer: it must not be cited. The related
    pairs were written to mislead, so they weigh as little as they are rare in what retrieval brings up."""
    rows = own_rows("match.jsonl")
    entries = {entry.id: entry for entry in (own_entry(row["entry"]) for row in rows)}
    await store.put(await stored_entries([(entry, 1) for entry in entries.values()], embedder))
    judged: list[Judged] = []
    for row in rows:
        named, answers = own_entry(row["entry"]).id, row["label"] == "answers"
        context = "\n".join(str(h["text"]) for h in row.get("history") or () if h.get("role") == "customer")
        found = await retrieve(
            row["question"], context, viewer=Viewer((SHARED,)), now=_AT, embedder=embedder, store=store
        )
        field = Field.of(found)
        for passage in found:
            seen = features(row["question"], passage, field)
            if passage.entry.id == named:
                judged.append(Judged(seen, answers, 1.0 if answers else RELATED_WEIGHT, row["question"], passage.entry))
        others = [p for p in found if p.entry.id != named and p.entry.answer != entries[named].answer]
        if answers and others:
            near = max(others, key=lambda p: p.cosine)
            judged.append(Judged(features(row["question"], near, field), False, 1.0, row["question"], near.entry))
    return judged


@dataclass(frozen=True, slots=True)
class LessonPair:
    """Two entries, the cosines of their questions and of their answers, and what the second is to the first."""

    one: KnowledgeEntry
    other: KnowledgeEntry
    questions: float
    answers: float
    relation: Relation


async def lesson_pairs(embedder: Embedder) -> list[LessonPair]:
    """The labelled pairs, and every first side with the second sides of other rows, which are different things."""
    rows = own_rows("same_lesson.jsonl")
    sides = [[own_entry(row[side]) for row in rows] for side in ("a", "b")]
    asked = [await embedder.embed([e.question for e in side], "passage") for side in sides]
    said = [await embedder.embed([e.answer for e in side], "passage") for side in sides]
    pairs = [(i, i) for i in range(len(rows))]
    pairs += [(i, (i + step) % len(rows)) for i in range(len(rows)) for step in (7, 19, 31)]
    return [
        LessonPair(
            sides[0][i], sides[1][j], float(asked[0][i] @ asked[1][j]), float(said[0][i] @ said[1][j]),
            Relation(rows[i]["relation"]) if i == j else Relation.DIFFERENT,
        )
        for i, j in pairs
    ]  # fmt: skip


def _same_answer(near: Sequence[LessonPair]) -> float:
    """From which cosine on answers of near questions say the same, where no rule tells them apart."""
    told = [
        p for p in near
        if not asked_apart(p.one, p.other)
        and not opposed(p.one.answer, p.other.answer, near=True)
        and not names_other_things(p.one.answer, p.other.answer)
    ]  # fmt: skip
    return _precise([p.answers for p in told], [p.relation is Relation.SAME for p in told])


def _same_question(pairs: Sequence[LessonPair], same_answer: float) -> float:
    """From which cosine on questions are the same, where the answers exclude each other."""
    told = [
        p for p in pairs
        if opposed(p.one.answer, p.other.answer, p.answers >= same_answer) and not asked_apart(p.one, p.other)
    ]  # fmt: skip
    return _precise([p.questions for p in told], [p.relation is Relation.CONTRARY for p in told])


def _precise(cosines: Sequence[float], right: Sequence[bool]) -> float:
    return round(cutoff_at(cosines, right, [1.0] * len(right), SAME_PRECISION), 2)


async def _repeats(embedder: Embedder) -> tuple[tuple[float, ...], float]:
    """The weights of a repeat, and theta: from which probability on enough of what is held back is one. A row is judged by
    weights that have not seen it nor its neighbours, which share a side with it."""
    rows = own_rows("answers.jsonl")
    seen = [(await repeat_features(row["new"], [row["old"]], embedder))[0] for row in rows]
    labels, even = [bool(row["duplicate"]) for row in rows], [1.0] * len(rows)
    held_out: list[float] = []
    for start in range(0, len(rows), _BLOCK):
        rest = [*range(start), *range(start + _BLOCK, len(rows))]
        weights = fit_logistic([seen[i] for i in rest], [labels[i] for i in rest], [1.0] * len(rest))
        held_out += [likeness(weights, one) for one in seen[start : start + _BLOCK]]
    return fit_logistic(seen, labels, even), round(cutoff_at(held_out, labels, even, REPEAT_PRECISION), 2)


_BLOCK = 20


def fit_logistic(seen: Sequence[Sequence[float]], labels: Sequence[bool], shares: Sequence[float]) -> tuple[float, ...]:
    """Fit logistic weights to weighted rows with a ridge by Newton's method; the first feature is the bias."""
    x, y, share = np.asarray(seen, dtype=float), np.asarray(labels, dtype=float), np.asarray(shares, dtype=float)
    ridge = RIDGE * np.eye(x.shape[1])
    ridge[0, 0] = 1e-6
    weights = np.zeros(x.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (share * p * (1 - p))[:, None]).T @ x + ridge
        step = np.linalg.solve(hessian, x.T @ (share * (p - y)) + ridge @ weights)
        weights -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    return tuple(round(float(w), 4) for w in weights)


def _logistic(weights: Sequence[float], seen: Sequence[float]) -> float:
    return float(1 / (1 + np.exp(-np.dot(weights, seen))))


def cutoff_at(scores: Sequence[float], labels: Sequence[bool], shares: Sequence[float], precision: float) -> float:
    """Give the lowest score from which on everything above is right in at least ``precision`` of the weighted cases."""
    order = np.argsort(scores)[::-1]
    share = np.asarray(shares, dtype=float)[order]
    right = np.cumsum(np.asarray(labels, dtype=float)[order] * share) / np.cumsum(share)
    good = np.flatnonzero(right >= precision)
    return round(float(np.asarray(scores)[order[good[-1]]]) if len(good) else 0.95, 4)


def best_threshold(values: Sequence[float], labels: Sequence[bool]) -> float:
    """Give the threshold with the best F1 weighted over both sides; of equals the middle one."""
    tries = np.round(np.arange(0.3, 0.96, 0.01), 2)
    scores = [_weighted_f1(np.asarray(values) > t, np.asarray(labels)) for t in tries]
    best = [float(t) for t, score in zip(tries, scores, strict=True) if score >= max(scores) - 1e-9]
    return round(best[len(best) // 2], 4)


def _weighted_f1(said: "np.ndarray[Any, Any]", true: "np.ndarray[Any, Any]") -> float:
    total = 0.0
    for side in (True, False):
        hit = float(((said == side) & (true == side)).sum())
        share = float((true == side).mean())
        total += share * (2 * hit / max(1.0, float((said == side).sum() + (true == side).sum())))
    return total
