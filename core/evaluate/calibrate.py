"""Making core's thresholds for an embedding model from the project's own labelled sets.

``match.jsonl`` gives the relevance weights and the cutoff, ``answers.jsonl`` theta, ``same_lesson.jsonl`` the near-duplicate
thresholds. The rows were written without a look at any measured data (``own/README.md``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.calibration import Calibration
from core.domain.knowledge import CHUNK, QA, KnowledgeEntry
from core.evaluate.cutoffs import best_threshold, cutoff_at, fit_logistic
from core.evaluate.matches import citing
from core.evaluate.own_rows import own_entry, own_rows
from core.knowledge.near_duplicates import Relation, asked_apart, opposed
from core.ports.embedder import Embedder
from core.ports.knowledge_store import KnowledgeStore
from core.ports.reranker import Reranker
from core.respond.skip_repeat import likeness, repeat_features
from core.text.opposites import names_other_things

WRONG_COSTS = 0.67
"""What a wrong card costs against a missed one, so that .4 is the least relevance: held out, .72 of the own pairs above it are
right and .56 of the right ones are cited; from .58 on it is .76, but only .36."""
WRONG_DOCUMENT_COSTS = 1.0
"""The same of a page of the documentation, which holds for everybody: beside the question it costs a look, not a wrong turn."""
RAISE_PRECISION = 0.6
REPEAT_PRECISION = 0.86
"""An answer held back as a repeat is lost, one sent twice is only said twice: most of those held back must be repeats."""
SAME_PRECISION = 0.95
"""A lesson taken for a known one is lost, one that overrules a known one takes its place: nearly all must be right. What is
told apart needlessly is only kept twice."""


async def calibrate(embedder: Embedder, store: KnowledgeStore, reranker: Reranker | None = None) -> Calibration:
    """Make the thresholds; ``store`` is emptied and filled with the own entries."""
    learned = await citing(QA, WRONG_COSTS, embedder, store, reranker)
    documents = await citing(CHUNK, WRONG_DOCUMENT_COSTS, embedder, store, reranker)
    pairs = await lesson_pairs(embedder)
    near = best_threshold([p.questions for p in pairs], [p.relation != Relation.DIFFERENT for p in pairs])
    same_answer = _same_answer([p for p in pairs if p.questions >= near])
    repeat_weights, theta = await _repeats(embedder)
    return Calibration(
        identity=embedder.identity,
        relevance=learned.weights,
        answer_cutoff=learned.cutoff,
        scope_raise=learned.relevance_at(RAISE_PRECISION),
        repeat_weights=repeat_weights,
        repeat_theta=theta,
        near_duplicate=near,
        same_question=_same_question(pairs, same_answer),
        same_answer=same_answer,
        document_relevance=documents.weights,
        document_cutoff=documents.cutoff,
        document_raise=documents.relevance_at(RAISE_PRECISION),
    )


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
