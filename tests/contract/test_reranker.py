"""What every reranker promises, and that rerank uses it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.embedding import open_reranker
from core.domain.ids import EntryId
from core.domain.knowledge import QA, SHARED, KnowledgeEntry, Passage
from core.ports.reranker import Reranker
from core.respond.relevance import FEATURES
from core.respond.rerank import rerank, rerank_text
from tests.fakes.reranker import WordsReranker
from tests.fakes.tiny_cross_encoder import write_cross_encoder
from tests.unit.desk.support import CALIBRATION

AT = datetime(2026, 11, 2, tzinfo=UTC)
ASKED = "multipart uploads fail with SlowDown"
TEXTS = [
    "How to pay an invoice.",
    "SlowDown: multipart uploads fail above four connections.",
    "Uploads and their limits.",
]
COSINE = (0.0, 8.0, *[0.0] * (len(FEATURES) - 2))
COSINE_ONLY = replace(CALIBRATION, relevance=COSINE, document_relevance=COSINE)


def passage(text: str, cosine: float) -> Passage:
    entry = KnowledgeEntry(
        id=EntryId(text), kind=QA, audience=SHARED, title="t", answer=text, created_at=AT, updated_at=AT
    )
    return Passage(entry, 1, 0.5, cosine, cosine, 0.5, cosine)


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Reranker:
    folder = tmp_path_factory.mktemp("reranker")
    return asyncio.run(open_reranker(str(write_cross_encoder(folder / "tiny")), folder))


@pytest.fixture(params=["fake", "cross-encoder"])
def reranker(request: pytest.FixtureRequest) -> Reranker:
    if request.param == "fake":
        return WordsReranker()
    made: Reranker = request.getfixturevalue("cross_encoder")
    return made


async def test_it_gives_one_score_per_text_in_order(reranker: Reranker) -> None:
    scores = await reranker.score(ASKED, TEXTS)
    assert len(scores) == len(TEXTS)
    assert all(0 <= score <= 1 for score in scores)
    assert await reranker.score(ASKED, TEXTS[::-1]) == scores[::-1]
    assert await reranker.score(ASKED, TEXTS[1:2]) == pytest.approx(scores[1:2], abs=1e-5)


async def test_it_takes_no_texts_and_odd_ones(reranker: Reranker) -> None:
    assert await reranker.score(ASKED, []) == []
    odd = ["", " ", "🙂", "a\x00b", "x" * 100_000]
    assert len(await reranker.score("", odd)) == len(odd)
    assert all(0 <= score <= 1 for score in await reranker.score("🙂", odd))


def test_it_says_what_it_is(reranker: Reranker) -> None:
    assert reranker.identity


async def test_its_scores_take_the_place_of_the_calibrated_relevance(reranker: Reranker) -> None:
    passages = [passage(text, cosine) for text, cosine in zip(TEXTS, (0.9, 0.2, 0.4), strict=True)]
    without = await rerank(ASKED, passages, COSINE_ONLY)
    assert [p.entry.answer for p in without] == [TEXTS[0], TEXTS[2], TEXTS[1]]
    scores = await reranker.score(ASKED, [rerank_text(p.entry) for p in passages])
    ranked = await rerank(ASKED, passages, COSINE_ONLY, reranker)
    assert [p.relevance for p in ranked] == sorted(scores, reverse=True)
    assert ranked[0].entry.answer == TEXTS[scores.index(max(scores))]
    assert len(await rerank(ASKED, passages, COSINE_ONLY, reranker, best=2)) == 2


async def test_the_fake_puts_the_text_with_the_querys_words_first() -> None:
    scores = await WordsReranker().score(ASKED, TEXTS)
    assert scores.index(max(scores)) == 1
