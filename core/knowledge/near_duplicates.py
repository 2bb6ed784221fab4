"""What a new lesson is to what is known already, within one audience (DESIGN 6, near duplicates)."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.calibration import Calibration
from core.domain.ids import EntryId
from core.domain.knowledge import QA, KnowledgeEntry, Passage, SearchQuery, Viewer
from core.knowledge.projection import entry_vectors
from core.ports.embedder import Embedder
from core.ports.knowledge_store import KnowledgeStore
from core.text.conditions import other_context
from core.text.opposites import denies, differs, names_other_things, opposed_words
from core.text.terms import content_terms
from core.text.versions import ranges

NEIGHBOURS = 5


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
    entry: KnowledgeEntry,
    store: KnowledgeStore,
    embedder: Embedder,
    calibration: Calibration,
    without: frozenset[EntryId] = frozenset(),
) -> Neighbour:
    """Look the new entry up among those of its own audience, ``without`` those that are about to go or must stay as they are;
    the store must hold everything learned before."""
    vector = (await entry_vectors([entry], embedder))[0][0]
    viewer = Viewer((entry.audience,))
    text = f"{entry.question or entry.title}\n{entry.answer}"
    query = SearchQuery(text, vector, viewer, entry.updated_at, ((QA, NEIGHBOURS),), entry.language)
    found = [p for p in await store.search(query) if p.entry.id not in (entry.id, *without)]
    judged = [Neighbour(await relation_of(entry, p.entry, embedder, calibration), p) for p in found]
    related = [one for one in judged if one.relation is not Relation.DIFFERENT]
    return min(related, key=_first, default=Neighbour(Relation.DIFFERENT))


def _first(one: Neighbour) -> tuple[int, float, str]:
    """An entry that says the same comes before one to overrule, a sibling last; of equals the nearest."""
    assert one.passage is not None, "what is related is known"
    order = (Relation.SAME, Relation.CONTRARY, Relation.SIBLING)
    return order.index(one.relation), -one.passage.cosine, one.passage.entry.id


async def relation_of(
    new: KnowledgeEntry, known: KnowledgeEntry, embedder: Embedder, calibration: Calibration
) -> Relation:
    """Judge two entries that lie near each other. ``same`` and ``contrary`` change the known entry, so both want a near
    question under the same conditions, ``same`` also answers that differ in nothing, ``contrary`` answers that exclude each
    other. Everything else is added."""
    texts = [new.answer, known.answer, new.question or new.title, known.question or known.title]
    vectors = await embedder.embed(texts, "passage")
    answers, questions = float(vectors[0] @ vectors[1]), float(vectors[2] @ vectors[3])
    if questions < calibration.near_duplicate:
        return Relation.DIFFERENT
    if asked_apart(new, known):
        return Relation.SIBLING
    if opposed(new.answer, known.answer, answers >= calibration.same_answer):
        return Relation.CONTRARY if questions >= calibration.same_question else Relation.SIBLING
    if answers >= calibration.same_answer and not names_other_things(new.answer, known.answer):
        return Relation.SAME
    return Relation.SIBLING if _shares_subject(new, known) else Relation.DIFFERENT


def asked_apart(one: KnowledgeEntry, other: KnowledgeEntry) -> bool:
    """Whether two entries were asked of different things: platforms, versions, codes, opposites, or under other conditions."""
    asked = [e.question or e.title for e in (one, other)]
    return (
        other_context(*(f"{e.question or e.title}\n{e.conditions}" for e in (one, other)))
        or opposed_words(*asked)
        or names_other_things(*asked)
        or _other_conditions(one, other)
    )


def opposed(one: str, other: str, near: bool) -> bool:
    """Whether two answers exclude each other. Antonyms and other numbers mean that only in ``near`` answers."""
    return denies(one, other) or (near and differs(one, other))


def _other_conditions(one: KnowledgeEntry, other: KnowledgeEntry) -> bool:
    """Whether their conditions differ. One that a single entry names is shared where the other's answer says it."""
    if ranges(one.conditions) != ranges(other.conditions) or opposed_words(one.conditions, other.conditions):
        return True
    terms = [set(content_terms(e.conditions)) for e in (one, other)]
    if not (terms[0] and terms[1]):
        return not (terms[0] <= set(content_terms(other.answer)) and terms[1] <= set(content_terms(one.answer)))
    return len(terms[0] & terms[1]) < _CONDITIONS_ALIKE * len(terms[0] | terms[1])


def _shares_subject(one: KnowledgeEntry, other: KnowledgeEntry) -> bool:
    terms = [set(content_terms(e.question or e.title)) for e in (one, other)]
    smaller = min(len(t) for t in terms)
    return smaller > 0 and len(terms[0] & terms[1]) / smaller >= _SUBJECT_SHARE


_SUBJECT_SHARE = 0.6
_CONDITIONS_ALIKE = 0.5
