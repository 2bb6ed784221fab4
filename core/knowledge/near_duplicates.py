"""What a new lesson is to what is known already, within one audience (DESIGN 6, near duplicates)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.domain.calibration import Calibration
from core.domain.knowledge import QA, KnowledgeEntry, Passage, SearchQuery, Viewer
from core.knowledge.projection import embedding_text
from core.ports.embedder import Embedder
from core.ports.knowledge_store import KnowledgeStore
from core.text.terms import content_terms, keys, versions

NEIGHBOURS = 5
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\d)")


class Relation(StrEnum):
    """``same`` answer confirms, a ``sibling`` has other conditions, a ``contrary`` answer updates, ``different`` is new."""

    SAME = "same"
    SIBLING = "sibling"
    CONTRARY = "contrary"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The known entry that matters to a new one, and how."""

    relation: Relation
    passage: Passage | None = None


async def neighbour_of(
    entry: KnowledgeEntry, store: KnowledgeStore, embedder: Embedder, calibration: Calibration
) -> Neighbour:
    """Look the new entry up among those of its own audience; the store must hold everything learned before."""
    vector = (await embedder.embed([embedding_text(entry)], "passage"))[0]
    viewer = Viewer((entry.audience,))
    text = f"{entry.question or entry.title}\n{entry.answer}"
    query = SearchQuery(text, vector, viewer, entry.updated_at, ((QA, NEIGHBOURS),), entry.language)
    found = [p for p in await store.search(query) if p.entry.id != entry.id]
    for passage in sorted(found, key=lambda p: (-p.cosine, p.entry.id)):
        relation = await relation_of(entry, passage.entry, embedder, calibration)
        if relation is not Relation.DIFFERENT:
            return Neighbour(relation, passage)
    return Neighbour(Relation.DIFFERENT)


async def relation_of(
    new: KnowledgeEntry, known: KnowledgeEntry, embedder: Embedder, calibration: Calibration
) -> Relation:
    """Judge two entries that lie near each other: by what they answer, what they ask, and the codes they name."""
    texts = [new.answer, known.answer, new.question or new.title, known.question or known.title]
    vectors = await embedder.embed(texts, "passage")
    answers, questions = float(vectors[0] @ vectors[1]), float(vectors[2] @ vectors[3])
    if answers >= calibration.same_answer and not _contradict(new.answer, known.answer):
        return Relation.SAME
    if questions < calibration.near_duplicate:
        return Relation.DIFFERENT
    if _other_conditions([new, known]):
        return Relation.SIBLING
    return Relation.CONTRARY if _shares_subject(new, known) else Relation.DIFFERENT


def _other_conditions(pair: Sequence[KnowledgeEntry]) -> bool:
    asked = [set(keys(f"{e.question} {e.conditions}")) | set(versions(e.conditions)) for e in pair]
    return bool(asked[0] - asked[1] and asked[1] - asked[0]) or pair[0].conditions != pair[1].conditions


def _contradict(one: str, other: str) -> bool:
    numbers = [set(_NUMBER.findall(text)) for text in (one, other)]
    return bool(numbers[0] and numbers[1] and not numbers[0] & numbers[1])


def _shares_subject(one: KnowledgeEntry, other: KnowledgeEntry) -> bool:
    terms = [set(content_terms(e.question or e.title)) for e in (one, other)]
    smaller = min(len(t) for t in terms)
    return smaller > 0 and len(terms[0] & terms[1]) / smaller >= _SUBJECT_SHARE


_SUBJECT_SHARE = 0.6
