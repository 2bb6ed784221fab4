"""The ingest suite: pages are learned as in production, and a page is as good as its best part."""

from dataclasses import replace

import pytest

from core.domain.documents import Section
from core.domain.errors import CallerError
from core.evaluate.suites import SUITES
from core.evaluate.trial import Pages
from tests.fakes.documents import FakeDocuments
from tests.fakes.engine import FakeEngine
from tests.fakes.unit_of_work import MemoryRecords
from tests.unit.evaluate.trials import DESCALE, LID, trial

ROWS = [
    {"query": DESCALE, "relevant_ids": ["scale"]},
    {"query": LID, "relevant_ids": ["lid"]},
    {"query": "wind the cord around the base", "relevant_ids": ["lost"]},
]


async def test_the_page_that_answers_is_found_by_its_best_part_and_one_that_is_lost_is_missed() -> None:
    documents = FakeDocuments()
    filler = "The kettle stands on a table in the kitchen of the house. " * 10
    sections = (Section("A", filler), Section("B", filler), Section("C", DESCALE), Section("D", DESCALE))
    documents.put("/scale.md", "", title="Scale", sections=sections)
    documents.put("/lid.md", LID, title="Lid")
    pages = Pages({"scale": "/scale.md", "lid": "/lid.md", "lost": "/lost.md"}, documents, MemoryRecords())
    done = await SUITES["ingest"](replace(trial(ROWS, FakeEngine(), ()), pages=pages))
    assert done.n == 3
    assert done.figures["mrr_at_10"].value == pytest.approx(2 / 3, abs=1e-3)
    assert done.figures["recall_at_5"].value == pytest.approx(2 / 3, abs=1e-3)
    assert done.notes == ("2 pages in 3 parts, 1 left out.",)


async def test_without_pages_it_says_what_it_needs() -> None:
    with pytest.raises(CallerError, match="--corpus"):
        await SUITES["ingest"](trial(ROWS, FakeEngine()))
