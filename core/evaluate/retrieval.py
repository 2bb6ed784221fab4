"""The suites of what is found, retrieve and rewrite, through the steps that look up in production; and documents to find."""

import time
from collections.abc import Collection, Sequence

from core.domain.dialogue import Line
from core.domain.errors import CallerError
from core.domain.ids import EntryId, SessionId
from core.domain.knowledge import CHUNK, SHARED, KnowledgeEntry, Viewer
from core.evaluate.metrics import measured, mrr_at_10, ndcg_at_10, recall_at_5
from core.evaluate.report import Report, report
from core.evaluate.rows import START, Row, history_lines, line, needed
from core.evaluate.trial import Trial
from core.knowledge.projection import stored_entries
from core.respond.retrieve import retrieve
from core.respond.rewrite import rewrite
from core.respond.situation import Situation, Tools
from core.respond.steps import Steps
from core.text.language import language_of

Ranks = tuple[list[int], int]
"""The 1-based ranks at which relevant documents were found, and how many are relevant."""
ANSWERABLE = ("ANSWERABLE", "PARTIAL")
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


async def filled(suite: str, trial: Trial) -> None:
    """Put the trial's documents into the store. Raises ``CallerError`` when it has none."""
    if not trial.corpus:
        raise CallerError(f"The {suite} suite needs --corpus FILE with the documents to search.")
    await fill(trial.corpus, trial.tools)


async def retrieve_suite(trial: Trial) -> Report:
    """Documents for a question in its dialogue: nDCG@10, MRR@10, recall@5, over the rows that have relevant documents."""
    begun = time.monotonic()
    await filled("retrieve", trial)

    async def work(row: Row) -> Ranks:
        query, relevant = needed(row, "query", "relevant_ids")
        return await _looked_up(in_dialogue(row, str(query), trial.scope), set(relevant), trial.tools)

    rows = [row for row in trial.rows if row.get("relevant_ids")]
    ranks = await trial.each(work, lambda row: ([], len(set(row["relevant_ids"]))), rows)
    figures = {"ndcg_at_10": ndcg_at_10, "mrr_at_10": mrr_at_10, "recall_at_5": recall_at_5}
    return report("retrieve", len(ranks), begun, {name: measured(ranks, one) for name, one in figures.items()})


async def rewrite_suite(trial: Trial) -> Report:
    """What a question finds once it is rewritten, and the last turn by itself beside it: nDCG@10, over the rows of which the
    corpus holds a relevant document."""
    begun = time.monotonic()
    await filled("rewrite", trial)
    held = {str(document["id"]) for document in trial.corpus}

    async def work(row: Row) -> Ranks:
        turns, last = needed(row, "user_turns", "last_turn")
        earlier = [{"role": "customer", "text": turn} for turn in turns[:-1]]
        now = in_dialogue({"history": earlier}, str(last), trial.scope)
        return await _looked_up(now, held & set(row["relevant_ids"]), trial.tools)

    rows = [row for row in trial.rows if held & set(*needed(row, "relevant_ids"))]
    rewritten = await trial.each(work, lambda row: ([], len(held & set(row["relevant_ids"]))), rows)
    bare = [await _found(str(row["last_turn"]), "", held & set(row["relevant_ids"]), trial.tools) for row in rows]
    figures = {"ndcg_at_10": measured(rewritten, ndcg_at_10), "last_turn_ndcg_at_10": measured(bare, ndcg_at_10)}
    return report("rewrite", len(rewritten), begun, figures)


def in_dialogue(row: Row, text: str, scope: str, *, direct: bool = False) -> Situation:
    """The row's text after its dialogue."""
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
