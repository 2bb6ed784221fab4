"""The suites that need documents: retrieve, rewrite and refuse, each through the steps that answer in production."""

import time
from collections.abc import Collection, Sequence

from core.domain.errors import CallerError
from core.domain.ids import EntryId, SessionId
from core.domain.knowledge import CHUNK, SHARED, KnowledgeEntry, Viewer
from core.domain.sessions import Outcome
from core.domain.tasks import Line
from core.evaluate.metrics import f1_of, measured, mrr_at_10, ndcg_at_10, recall_at_5, share
from core.evaluate.report import Report, report
from core.evaluate.rows import START, Row, history_lines, line, needed
from core.knowledge.projection import stored_entries
from core.respond.pipeline import respond
from core.respond.retrieve import retrieve
from core.respond.rewrite import rewrite
from core.respond.situation import Situation, Tools
from core.respond.steps import Steps
from core.text.language import language_of

Ranks = tuple[list[int], int]
"""The 1-based ranks at which relevant documents were found, and how many are relevant."""
ANSWERABLE = ("ANSWERABLE", "PARTIAL")
REFUSE, ANSWER = "refuse", "answer"
_BATCH = 256


def situation(dialogue: tuple[Line, ...], burst: tuple[Line, ...], scope: str, *, direct: bool = False) -> Situation:
    """A burst in its dialogue, as the desk would hand it over."""
    text = "\n".join(one.text for one in burst)

    async def current() -> bool:
        return True

    return Situation(
        session=SessionId("evaluated"), as_of=len(dialogue), now=START, scope=scope, language=language_of(text),
        direct=direct, viewer=Viewer((SHARED,)), dialogue=dialogue, burst=burst, answered=False, stale=False, sent=(),
        still_current=current,
    )  # fmt: skip


async def fill(corpus: Sequence[Row], tools: Tools) -> None:
    """Put documents into the store as chunks."""
    entries = [_chunk(row) for row in corpus]
    for start in range(0, len(entries), _BATCH):
        batch = entries[start : start + _BATCH]
        await tools.store.put(await stored_entries([(entry, 1) for entry in batch], tools.embedder))
    await tools.store.maintain(START)


def _chunk(row: Row) -> KnowledgeEntry:
    name, text = needed(row, "id", "text")
    return KnowledgeEntry(
        id=EntryId(str(name)), kind=CHUNK, audience=SHARED, title=str(row.get("title") or ""), answer=str(text),
        created_at=START, updated_at=START,
    )  # fmt: skip


async def _filled(suite: str, corpus: Sequence[Row], tools: Tools) -> None:
    if not corpus:
        raise CallerError(f"The {suite} suite needs --corpus FILE with the documents to search.")
    await fill(corpus, tools)


async def retrieve_suite(rows: Sequence[Row], corpus: Sequence[Row], tools: Tools, scope: str) -> Report:
    """Documents for a question in its dialogue: nDCG@10, MRR@10, recall@5, over the rows that have relevant documents."""
    begun = time.monotonic()
    await _filled("retrieve", corpus, tools)
    ranks: list[Ranks] = []
    for row in (one for one in rows if one.get("relevant_ids")):
        query, relevant = needed(row, "query", "relevant_ids")
        ranks.append(await _looked_up(_in_dialogue(row, str(query), scope), set(relevant), tools))
    figures = {"ndcg_at_10": ndcg_at_10, "mrr_at_10": mrr_at_10, "recall_at_5": recall_at_5}
    return report("retrieve", len(ranks), begun, {name: measured(ranks, one) for name, one in figures.items()})


async def rewrite_suite(rows: Sequence[Row], corpus: Sequence[Row], tools: Tools, scope: str) -> Report:
    """What a question finds once it is rewritten, and the last turn by itself beside it: nDCG@10, over the rows of which the
    corpus holds a relevant document."""
    begun = time.monotonic()
    await _filled("rewrite", corpus, tools)
    held = {str(document["id"]) for document in corpus}
    rewritten: list[Ranks] = []
    bare: list[Ranks] = []
    for row in rows:
        turns, last, relevant = needed(row, "user_turns", "last_turn", "relevant_ids")
        if relevant := held & set(relevant):
            earlier = [{"role": "customer", "text": turn} for turn in turns[:-1]]
            now = _in_dialogue({"history": earlier}, str(last), scope)
            rewritten.append(await _looked_up(now, relevant, tools))
            bare.append(await _found(str(last), "", relevant, tools))
    figures = {"ndcg_at_10": measured(rewritten, ndcg_at_10), "last_turn_ndcg_at_10": measured(bare, ndcg_at_10)}
    return report("rewrite", len(rewritten), begun, figures)


async def refuse_suite(rows: Sequence[Row], corpus: Sequence[Row], tools: Tools, scope: str) -> Report:
    """Declining, asked directly, what the documents do not answer: F1 of refusing at the shipped cutoff, and the share of
    questions that get an answer. The dialogue's own answers count as repeats, not as refused."""
    begun = time.monotonic()
    await _filled("refuse", corpus, tools)
    pairs: list[tuple[str, str]] = []
    for row in rows:
        query, answerability = needed(row, "query", "answerability")
        made = await respond(_in_dialogue(row, str(query), scope, direct=True), tools)
        refused = all(one.outcome is Outcome.ABSTAINED for one in made.resolved)
        pairs.append((ANSWER if answerability in ANSWERABLE else REFUSE, REFUSE if refused else ANSWER))
    figures = {"f1": measured(pairs, f1_of(REFUSE)), "answered": measured([said == ANSWER for _, said in pairs], share)}
    return report("refuse", len(rows), begun, figures)


def _in_dialogue(row: Row, text: str, scope: str, *, direct: bool = False) -> Situation:
    history = history_lines(row)
    return situation(history, (line(len(history), "customer", text),), scope, direct=direct)


async def _looked_up(now: Situation, relevant: Collection[str], tools: Tools) -> Ranks:
    asked = (await rewrite(now, tools, Steps(tools.clock)))[0]
    return await _found(asked.text, asked.context, relevant, tools)


async def _found(text: str, context: str, relevant: Collection[str], tools: Tools) -> Ranks:
    found = await retrieve(
        text, context, viewer=Viewer((SHARED,)), now=START, embedder=tools.embedder, store=tools.store
    )
    return [rank for rank, passage in enumerate(found, start=1) if passage.entry.id in relevant], len(relevant)
