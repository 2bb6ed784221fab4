"""The suite of documents: raw pages in, read, cut and projected as in production, and the page that answers out."""

import asyncio
import time
from collections.abc import Mapping, Sequence

from core.desk.documents import keep
from core.desk.ready import made_ready
from core.domain.documents import Page
from core.domain.errors import CallerError
from core.domain.ids import EntryId, subject_of
from core.domain.knowledge import SHARED, Viewer
from core.evaluate.metrics import measured, mrr_at_10, recall_at_5
from core.evaluate.report import Report, report
from core.evaluate.retrieval import Ranks
from core.evaluate.rows import START, Row, needed
from core.evaluate.trial import Pages, Trial
from core.knowledge.chunking import parts_of
from core.knowledge.projection import Projector
from core.ports.documents import Documents
from core.respond.retrieve import retrieve

AT_ONCE = 4
PAGES_TOGETHER = 64


async def ingest_suite(trial: Trial) -> Report:
    """Learn the pages, then look every question up: MRR@10 and recall@5 of the page that answers, a page being as good as its
    best part. Raises ``CallerError`` where there is no page."""
    begun, pages = time.monotonic(), trial.pages
    if pages is None or not pages.files:
        raise CallerError("The ingest suite needs --corpus FILE with the pages to learn.")
    named, left_out, parts = await _learned(pages, trial)

    async def work(row: Row) -> Ranks:
        query, relevant = needed(row, "query", "relevant_ids")
        found = await retrieve(
            str(query), "", viewer=Viewer((SHARED,)), now=START, embedder=trial.tools.embedder, store=trial.tools.store,
        )  # fmt: skip
        ranked = list(dict.fromkeys(subject_of(passage.entry.id) for passage in found))
        wanted = {named.get(str(page)) for page in relevant}
        return [rank for rank, page in enumerate(ranked, start=1) if page in wanted], len(set(relevant))

    ranks = await trial.each(work, lambda row: ([], len(set(row["relevant_ids"]))))
    figures = {"mrr_at_10": measured(ranks, mrr_at_10), "recall_at_5": measured(ranks, recall_at_5)}
    return report("ingest", len(ranks), begun, figures, [f"{len(named)} pages in {parts} parts, {left_out} left out."])


async def _learned(pages: Pages, trial: Trial) -> tuple[dict[str, EntryId], int, int]:
    """The document that each page became, how many pages could not be read, and how many parts there are."""
    tools, named, left_out = trial.tools, dict[str, EntryId](), 0
    projector = Projector(pages.records, tools.store, tools.embedder, tools.clock)
    names = list(pages.files)
    for start in range(0, len(names), PAGES_TOGETHER):
        some = names[start : start + PAGES_TOGETHER]
        read = await _read(some, pages)
        left_out += len(some) - len(read)
        ready = {name: await made_ready(page, START) for name, page in read.items()}
        async with pages.records.begin() as work:
            for name, page in ready.items():
                named[name] = (await keep(work, page, SHARED, START)).document
        await projector.flush()
    await tools.store.maintain(START)
    return named, left_out, await _parts(pages, named)


async def _read(names: Sequence[str], pages: Pages) -> dict[str, Page]:
    found: dict[str, Page] = {}
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        readings = await asyncio.gather(*(_one(pages.files[name], pages.documents) for name in some))
        found |= {name: one for name, one in zip(some, readings, strict=True) if one is not None}
    return found


async def _one(path: str, documents: Documents) -> Page | None:
    try:
        page = await documents.read_file(path)
    except CallerError:
        return None  # empty, or no text: counted
    return page if isinstance(page, Page) else None


async def _parts(pages: Pages, named: Mapping[str, EntryId]) -> int:
    async with pages.records.read() as work:
        heads = [await work.ledger.head(document) for document in named.values()]
    return sum(len(parts_of(head.after)) for head in heads if head)
