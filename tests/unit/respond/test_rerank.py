"""In which order passages come, and what each kind must reach (DESIGN 5.4, 5.5)."""

from dataclasses import replace

from core.domain.ids import EntryId
from core.domain.knowledge import CHUNK, QA, SHARED, KnowledgeEntry, Passage
from core.respond.relevance import FEATURES
from core.respond.rerank import FOUND_WEIGHT, rerank
from tests.unit.desk.support import CALIBRATION
from tests.unit.respond.test_relevance import AT

EVEN = replace(CALIBRATION, relevance=(0.0,) * len(FEATURES), document_relevance=(0.0,) * len(FEATURES))


def passage(name: str, kind: str = QA, found: float = 0.5, cosine: float = 0.5) -> Passage:
    entry = KnowledgeEntry(
        id=EntryId(name), kind=kind, audience=SHARED, title=name, answer=name, created_at=AT, updated_at=AT
    )
    return Passage(entry, 1, found, cosine, cosine, 0.0, cosine)


async def test_what_is_equally_relevant_comes_as_the_store_ranked_it() -> None:
    ranked = await rerank("why?", [passage("a", found=0.2), passage("b", found=0.9)], EVEN)
    assert [p.entry.id for p in ranked] == ["b", "a"]
    assert [p.relevance for p in ranked] == [0.5, 0.5], "the rank is no evidence of its own"


async def test_what_is_far_more_relevant_comes_first_whatever_its_rank() -> None:
    near, far = passage("near", found=0.0, cosine=0.9), passage("far", found=1.0, cosine=0.0)
    ranked = await rerank("why?", [far, near], CALIBRATION)
    assert ranked[0].relevance - ranked[1].relevance > FOUND_WEIGHT
    assert [p.entry.id for p in ranked] == ["near", "far"]


async def test_a_part_of_a_document_is_weighed_as_one() -> None:
    sure = replace(EVEN, document_relevance=(9.0, *[0.0] * (len(FEATURES) - 1)))
    ranked = await rerank("why?", [passage("learned", found=1.0), passage("page", CHUNK)], sure)
    assert [p.entry.id for p in ranked] == ["page", "learned"]
    assert ranked[0].relevance > 0.99


def test_each_kind_has_its_thresholds() -> None:
    known = replace(CALIBRATION, answer_cutoff=0.6, document_cutoff=0.5, scope_raise=0.3, document_raise=0.4)
    assert (known.cutoff_of(QA), known.cutoff_of(CHUNK)) == (0.6, 0.5)
    assert (known.raise_of(QA), known.raise_of(CHUNK)) == (0.3, 0.4)
