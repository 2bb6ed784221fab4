"""The simple approaches that the README's figures are judged by, on rows whose value is plain."""

from typing import Any

import pytest

from benchmarks import baselines
from tests.fakes.embedder import HashEmbedder

EMBEDDER = HashEmbedder()
SOLVED = ["accepted_solution"]


def said(role: str, text: str, *labels: str) -> dict[str, object]:
    return {"role": role, "text": text, "labels": list(labels)}


async def test_retrieval_by_words_and_by_vectors_finds_what_shares_the_words() -> None:
    corpus = [
        {"id": "pay", "title": "Invoices", "text": "How to pay an invoice by card."},
        {"id": "slow", "title": "SlowDown", "text": "Multipart uploads fail with SlowDown above four connections."},
        {"id": "lock", "text": "Object lock keeps versions from being deleted."},
    ]
    rows: list[dict[str, Any]] = [
        {"query": "multipart uploads SlowDown", "relevant_ids": ["slow"], "history": []},
        {"query": "and versions of it?", "relevant_ids": ["lock"], "history": [said("customer", "object lock")]},
        {"query": "no document answers this", "relevant_ids": []},
    ]
    assert await baselines.retrieve(rows, corpus, EMBEDDER) == {"BM25 alone": 1.0, "vectors alone": 1.0}


def test_bm25_prefers_rare_words_and_short_texts() -> None:
    bm25 = baselines.Bm25(
        ["bucket policy", "bucket quota", "bucket policy and many other words about regions and keys"]
    )
    scores = bm25.scores("bucket policy")
    assert scores[0] > scores[2] > scores[1] > 0
    assert not bm25.scores("unheard").any()


async def test_the_longest_and_the_first_message_of_an_analyst_are_counted_over_solved_threads_with_two_replies() -> (
    None
):
    asked = said("customer", "why?")
    rows = [
        {"messages": [asked, said("analyst", "short", *SOLVED), said("analyst", "much longer than that")]},
        {"messages": [asked, said("analyst", "short"), said("analyst", "much longer than that", *SOLVED)]},
        {"messages": [asked, said("analyst", "x"), said("customer", "a fix of my own, told at length", *SOLVED)]},
        {"messages": [asked, said("analyst", "the only reply", *SOLVED)]},
        {"messages": [asked, said("analyst", "nobody"), said("analyst", "was marked")]},
    ]
    reached = await baselines.extract(rows, [], EMBEDDER)
    assert reached == {"longest analyst message": pytest.approx(1 / 3), "first": pytest.approx(1 / 3)}


async def test_repeats_are_told_by_the_threshold_that_parts_them_best() -> None:
    rows = [
        {"old": "Set the part size to 64 MiB.", "new": "Set the part size to 64 MiB", "duplicate": True},
        {"old": "Set the part size to 64 MiB.", "new": "Invoices are sent on Mondays.", "duplicate": False},
    ]
    ((approach, value),) = (await baselines.dedup(rows, [], EMBEDDER)).items()
    assert value == 1.0
    assert approach.startswith("cosine 0.")


async def test_classes_are_told_by_the_nearest_own_utterances() -> None:
    texts = ["thanks a lot!", "thanks, works"]
    rows = [{"text": text, "label": "no_assistance"} for text in texts]
    assert await baselines.identify(rows, [], EMBEDDER) == {"nearest own utterances": 1.0}
    wrong = [{"text": text, "label": "within_scope"} for text in texts]
    assert await baselines.identify(wrong, [], EMBEDDER) == {"nearest own utterances": 0.0}


async def test_scope_by_the_nearest_own_utterances_is_a_share_of_agreement() -> None:
    inside, outside = "uploads to the bucket fail with an error", "what shall I cook tonight?"
    rows: list[dict[str, Any]] = [{"text": inside, "label": "within_scope"}, {"text": outside, "label": "out_of_scope"}]
    reached = await baselines.scope(rows, [], EMBEDDER)
    turned = [{**row, "label": "out_of_scope" if row["label"] == "within_scope" else "within_scope"} for row in rows]
    assert reached == {"nearest own utterances": 1.0}
    assert await baselines.scope(turned, [], EMBEDDER) == {"nearest own utterances": 0.0}


async def test_refusing_is_judged_by_refusing_everything_and_by_the_nearest_document() -> None:
    corpus = [{"id": "a", "text": "rotate the access key"}]
    rows = [
        {"query": "rotate the access key", "answerability": "ANSWERABLE"},
        {"query": "who won the cup", "answerability": "UNANSWERABLE"},
    ]
    reached = await baselines.refuse(rows, corpus, EMBEDDER)
    assert reached.pop("refuse all") == pytest.approx(2 / 3)
    assert list(reached.values()) == [1.0]


async def test_rewriting_is_judged_by_the_last_turn_and_by_what_people_made_of_it() -> None:
    corpus = [{"id": "key", "text": "rotate the access key"}, {"id": "cup", "text": "who won the cup"}]
    rows = [
        {"last_turn": "who did it", "rewrite": "rotate the access key", "relevant_ids": ["key"]},
        {"last_turn": "of another corpus", "rewrite": "of another corpus", "relevant_ids": ["elsewhere"]},
    ]
    reached = await baselines.rewrite(rows, corpus, EMBEDDER)
    assert reached["last turn, vectors"] < reached["rewritten by people, vectors"] == 1.0
