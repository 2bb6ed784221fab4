"""A document from a link in a thread to a citation that opens at the right place, over real HTTP on this machine."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.documents.fetch import Limits
from adapters.documents.reach import Reach
from adapters.documents.reader import SafeDocuments
from core.desk import refresh_job
from core.desk.consumers import CONSUMERS
from core.desk.documents import keep
from core.desk.intake import Intake
from core.desk.refresh_job import link_consumer
from core.desk.runner import Runner
from core.domain.cards import Card, CardState
from core.domain.knowledge import EntryStatus, Revision
from core.domain.people import Person
from tests.fakes.parsing import ParserHere
from tests.fakes.web import FakeWeb, fake_web, network, reply
from tests.unit.desk.support import ANALYST, OTHER, Table, table

ASKED = "why is the inventory report of a bucket missing?"
DAY_S = 86_400.0
PAGE = Path("examples/acme/docs/inventory.html").read_text("utf-8")


@pytest.fixture
async def site() -> AsyncIterator[FakeWeb]:
    async with fake_web() as one:
        one.pages["/inventory"] = reply(PAGE.encode())
        yield one


@pytest.fixture
async def desk(tmp_path: Path, site: FakeWeb) -> AsyncIterator[Table]:
    web = SafeDocuments(Reach(ports=frozenset({site.port})), network(), Limits(), ParserHere(), at_once)
    async with table(tmp_path, close_after_s=100 * DAY_S) as one:
        one.desk = replace(one.desk, documents=web, consumers=(*CONSUMERS, link_consumer))
        one.intake, one.runner = Intake(one.desk), Runner(one.desk)
        yield one


async def at_once(_delay_s: float) -> None:
    """Nobody waits between two tries."""


async def test_a_linked_page_answers_the_next_customer_and_is_followed(desk: Table, site: FakeWeb) -> None:
    page = site.url("/inventory")
    root = await desk.post("our inventory report did not come this week, the bucket has none")
    await desk.post(f"this page tells what to look at: {page}#missing", ANALYST, thread=root)
    await desk.wait(60)
    (head,) = await _documents(desk)
    assert (head.after.title, head.after.url, "Pricing" in head.after.answer) == (
        "Bucket inventory",
        site.url("/inventory"),
        False,
    )

    await desk.post(ASKED, Person("ULEE", "Lee", "T0OTHER"), channel=OTHER)
    await desk.wait(10)
    (citation,) = _cards(desk)[0].sections[0].answer.citations
    assert citation.url == f"{page}#missing"
    assert citation.title == 'Bucket inventory, "When a report is missing"'

    await desk.wait(3 * DAY_S)
    assert (len(await _documents(desk)), (await _documents(desk))[0].n, len(site.asked) >= 3) == (1, 1, True)

    site.pages["/inventory"] = reply(PAGE.replace("may not write", "has no right to write").encode())
    await desk.wait(2 * DAY_S)
    assert [(head.n, head.change) for head in await _documents(desk)] == [(2, "updated")]
    assert _cards(desk)[0].state is CardState.WITHDRAWN

    del site.pages["/inventory"]
    await desk.wait(3 * DAY_S)
    assert [head.after.status for head in await _documents(desk)] == [EntryStatus.RETIRED]

    site.pages["/inventory"] = reply(PAGE.encode())
    await desk.wait(15 * DAY_S)
    assert [head.after.status for head in await _documents(desk)] == [EntryStatus.ACTIVE]
    assert _cards(desk)[0].state is CardState.POSTED, "it says again what was cited"


async def test_a_crash_between_reading_and_writing_repeats_harmlessly(
    desk: Table, site: FakeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [True]

    async def once(*args: Any, **named: Any) -> object:
        kept = await keep(*args, **named)
        if broken and broken.pop():
            raise RuntimeError("the power is cut")
        return kept

    monkeypatch.setattr(refresh_job, "keep", once)
    page = site.url("/inventory")
    root = await desk.post("our inventory report did not come this week, the bucket has none")
    await desk.post(f"see {page}", ANALYST, thread=root)
    await desk.wait(10)
    assert await _documents(desk) == []
    await desk.wait(300)
    assert [head.n for head in await _documents(desk)] == [1]
    assert len(site.asked) == 2


async def _documents(desk: Table) -> list[Revision]:
    async with desk.desk.records.read() as work:
        return [head for head in await work.ledger.heads(None, 100) if head.after.kind == "document"]


def _cards(desk: Table) -> list[Card]:
    return list(desk.messenger.posted.values())
