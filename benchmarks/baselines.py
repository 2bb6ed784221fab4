"""What a simple approach reaches on the same rows: each a few lines, so that a figure of Vigil can be judged by it."""

import math
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import numpy as np

from adapters.engine.offline.exemplars import load_exemplars
from core.domain.sessions import QuestionClass
from core.evaluate.metrics import f1_of, macro_f1, mrr_at_10, ndcg_at_10, share, weighted_f1
from core.evaluate.refusing import ANSWER, REFUSE
from core.evaluate.retrieval import ANSWERABLE, Ranks
from core.evaluate.suites import CLASSES
from core.ports.embedder import Embedder
from core.text.terms import content_terms

Rows = Sequence[Mapping[str, Any]]
Reached = dict[str, float]
"""The suite's metric by the name of the approach."""
RankMetric = Callable[[Sequence[Ranks]], float]
Baseline = Callable[[Rows, Rows, Embedder], Awaitable[Reached]]

BEST = 10
K1, B = 1.2, 0.75
"""BM25's usual weights (Robertson and Zaragoza 2009)."""


async def identify(rows: Rows, corpus: Rows, embedder: Embedder) -> Reached:
    """The class whose five nearest own utterances lie nearest to the message."""
    exemplars = await load_exemplars(embedder)
    vectors = await embedder.embed([str(row["text"]) for row in rows], "query")
    said = [max(QuestionClass, key=lambda c: exemplars.nearness(vector, c)) for vector in vectors]
    labels = [CLASSES.get(str(row["label"]), str(row["label"])) for row in rows]
    return {"nearest own utterances": macro_f1(list(zip(labels, said, strict=True)))}


async def scope(rows: Rows, corpus: Rows, embedder: Embedder) -> Reached:
    """Whether the nearest own utterances that ask for something are in scope of their team."""
    exemplars = await load_exemplars(embedder)
    vectors = await embedder.embed([str(row["text"]) for row in rows], "query")
    asked = (QuestionClass.WITHIN_SCOPE, QuestionClass.OUT_OF_SCOPE)
    said = [max(asked, key=lambda c: exemplars.nearness(vector, c)) for vector in vectors]
    ours = [str(row["label"]) == QuestionClass.WITHIN_SCOPE for row in rows]
    pairs = [(str(one), str(best is QuestionClass.WITHIN_SCOPE)) for one, best in zip(ours, said, strict=True)]
    return {"nearest own utterances": macro_f1(pairs)}


async def retrieve(rows: Rows, corpus: Rows, embedder: Embedder) -> Reached:
    """Full text alone and vectors alone, each for the requester's turns and for the last one; the better of the two."""
    return await _retrieved(rows, corpus, embedder, ndcg_at_10)


async def retrieve_first(rows: Rows, corpus: Rows, embedder: Embedder) -> Reached:
    """The same by the rank of the first that is relevant."""
    return await _retrieved(rows, corpus, embedder, mrr_at_10)


async def _retrieved(rows: Rows, corpus: Rows, embedder: Embedder, metric: RankMetric) -> Reached:
    asked = [row for row in rows if row.get("relevant_ids")]
    last = [str(row["query"]) for row in asked]
    whole = ["\n".join([*_earlier(row), str(row["query"])]) for row in asked]
    bm25, documents = await _searched(corpus, embedder)

    def reached(scores: Sequence[np.ndarray[Any, Any]]) -> float:
        return metric([_ranks(one, row, corpus) for one, row in zip(scores, asked, strict=True)])

    return {
        "BM25 alone": max(reached([bm25.scores(query) for query in queries]) for queries in (last, whole)),
        "vectors alone": max([reached(list((await embedder.embed(q, "query")) @ documents.T)) for q in (last, whole)]),
    }


async def rewrite(rows: Rows, corpus: Rows, embedder: Embedder) -> Reached:
    """What the last turn finds by itself, and what people's rewriting of it finds, by vectors alone."""
    held = {str(document["id"]) for document in corpus}
    rows = [{**row, "relevant_ids": kept} for row in rows if (kept := held & set(row["relevant_ids"]))]
    _, documents = await _searched(corpus, embedder)

    async def reached(part: str) -> float:
        scores = (await embedder.embed([str(row[part]) for row in rows], "query")) @ documents.T
        return ndcg_at_10([_ranks(one, row, corpus) for one, row in zip(scores, rows, strict=True)])

    return {"last turn, vectors": await reached("last_turn"), "rewritten by people, vectors": await reached("rewrite")}


async def refuse(rows: Rows, corpus: Rows, embedder: Embedder) -> Reached:
    """Refusing everything, and refusing below the cosine of the best document that is best on these very rows."""
    _, documents = await _searched(corpus, embedder)
    nearest = ((await embedder.embed([str(row["query"]) for row in rows], "query")) @ documents.T).max(axis=1)
    labels = [ANSWER if row["answerability"] in ANSWERABLE else REFUSE for row in rows]

    def reached(threshold: float) -> float:
        said = [ANSWER if cosine >= threshold else REFUSE for cosine in nearest]
        return f1_of(REFUSE)(list(zip(labels, said, strict=True)))

    best = max((n / 100 for n in range(100)), key=reached)
    return {"refuse all": reached(2.0), f"cosine {best:.2f}, the best in hindsight": reached(best)}


async def _searched(corpus: Rows, embedder: Embedder) -> tuple["Bm25", "np.ndarray[Any, Any]"]:
    texts = [f"{document.get('title') or ''}\n{document['text']}" for document in corpus]
    return Bm25(texts), await embedder.embed(texts, "passage")


def _earlier(row: Mapping[str, Any]) -> list[str]:
    return [str(said["text"]) for said in row.get("history") or () if said["role"] == "customer"]


def _ranks(scores: "np.ndarray[Any, Any]", row: Mapping[str, Any], corpus: Rows) -> tuple[list[int], int]:
    relevant = set(row["relevant_ids"])
    best = np.argsort(-scores, kind="stable")[:BEST]
    return [rank for rank, i in enumerate(best, start=1) if corpus[i]["id"] in relevant], len(relevant)


class Bm25:
    """Okapi BM25 over stemmed words."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(content_terms(text)) for text in texts]
        lengths = np.array([count.total() for count in counts], dtype=float)
        self._norm = K1 * (1 - B + B * lengths / lengths.mean())
        self._holding: dict[str, list[tuple[int, int]]] = {}
        for i, count in enumerate(counts):
            for term, times in count.items():
                self._holding.setdefault(term, []).append((i, times))

    def scores(self, query: str) -> "np.ndarray[Any, Any]":
        """One per text, higher is better."""
        found = np.zeros(len(self._norm))
        for term in set(content_terms(query)):
            holding = self._holding.get(term, [])
            weight = math.log(1 + (len(found) - len(holding) + 0.5) / (len(holding) + 0.5))
            for i, times in holding:
                found[i] += weight * times * (K1 + 1) / (times + self._norm[i])
        return found


async def extract(rows: Rows, corpus: Rows, embedder: Embedder) -> Reached:
    """The longest message of an analyst, and the first one."""
    longest: list[bool] = []
    first: list[bool] = []
    for messages in (row["messages"] for row in rows):
        replies = [m for m in messages[1:] if m["role"] == "analyst"]
        if len(messages) > 2 and any(map(_solved, messages)):
            longest.append(bool(replies) and _solved(max(replies, key=lambda m: len(m["text"]))))
            first.append(bool(replies) and _solved(replies[0]))
    return {"longest analyst message": share(longest), "first": share(first)}


def _solved(message: Mapping[str, Any]) -> bool:
    return "accepted_solution" in (message.get("labels") or ())


async def dedup(rows: Rows, corpus: Rows, embedder: Embedder) -> Reached:
    """The cosine at the threshold that is best on these very rows, in hindsight."""
    old, new = [await embedder.embed([str(row[side]) for row in rows], "passage") for side in ("old", "new")]
    cosines = (old * new).sum(axis=1)
    labels = ["skip" if row["duplicate"] else "send" for row in rows]

    def reached(threshold: float) -> float:
        said = ["skip" if cosine > threshold else "send" for cosine in cosines]
        return weighted_f1(list(zip(labels, said, strict=True)))

    best = max((n / 100 for n in range(30, 100)), key=reached)
    return {f"cosine {best:.2f}, the best in hindsight": reached(best)}
