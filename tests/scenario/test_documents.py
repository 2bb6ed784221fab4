"""A document from a link in a thread to a citation that opens at the right place, over real HTTP on this machine."""

import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from adapters.documents import open_documents, reach_of
from core.desk.consumers import CONSUMERS
from core.desk.intake import Intake
from core.desk.refresh_job import link_consumer
from core.desk.runner import Runner
from core.domain.cards import CardState
from core.domain.knowledge import EntryStatus, Revision
from core.domain.people import Person
from tests.unit.desk.support import ANALYST, OTHER, Table, table

ASKED = "why is the inventory report of a bucket missing?"
DAY_S = 86_400.0
PAGE = Path("examples/acme/docs/inventory.html").read_text("utf-8")


class Site(ThreadingHTTPServer):
    """One page, its status, and how often it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.status, self.body, self.asked = 200, PAGE, 0

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.server_address[1]}/inventory"


class Answers(BaseHTTPRequestHandler):
    """Gives the page, or that it has not changed."""

    server: Site

    def do_GET(self) -> None:  # as the library calls it
        site, etag = self.server, f'"{hash(self.server.body)}"'
        site.asked += 1
        same = site.status == 200 and self.headers.get("If-None-Match") == etag
        body = b"" if same else site.body.encode()
        self.send_response(304 if same else site.status)
        for name, value in (("Content-Type", "text/html"), ("ETag", etag), ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


@pytest.fixture
def site() -> Iterator[Site]:
    one = Site()
    thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield one
    one.shutdown()
    thread.join()
    one.server_close()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with (
        table(tmp_path, close_after_s=100 * DAY_S) as one,
        open_documents(reach_of(private=["127.0.0.1"])) as web,
    ):
        one.desk = replace(one.desk, documents=web, consumers=(*CONSUMERS, link_consumer))
        one.intake, one.runner = Intake(one.desk), Runner(one.desk)
        yield one


async def test_a_linked_page_answers_the_next_customer_and_is_followed(desk: Table, site: Site) -> None:
    root = await desk.post("our inventory report did not come this week, the bucket has none")
    await desk.post(f"this page tells what to look at: {site.address}#missing", ANALYST, thread=root)
    await desk.wait(60)
    (head,) = await _documents(desk)
    assert (head.after.title, head.after.url, "Pricing" in head.after.answer) == (
        "Bucket inventory",
        site.address,
        False,
    )

    await desk.post(ASKED, Person("ULEE", "Lee", "T0OTHER"), channel=OTHER)
    await desk.wait(10)
    (citation,) = _cards(desk)[0].sections[0].answer.citations
    assert citation.url == f"{site.address}#missing"
    assert citation.title == 'Bucket inventory, "When a report is missing"'

    await desk.wait(3 * DAY_S)
    assert (len(await _documents(desk)), (await _documents(desk))[0].n, site.asked >= 3) == (1, 1, True)

    site.body = PAGE.replace("may not write", "has no right to write")
    await desk.wait(2 * DAY_S)
    assert [(head.n, head.change) for head in await _documents(desk)] == [(2, "updated")]
    assert _cards(desk)[0].state is CardState.WITHDRAWN

    site.status = 404
    await desk.wait(3 * DAY_S)
    assert [head.after.status for head in await _documents(desk)] == [EntryStatus.RETIRED]

    site.status, site.body = 200, PAGE
    await desk.wait(15 * DAY_S)
    assert [head.after.status for head in await _documents(desk)] == [EntryStatus.ACTIVE]
    assert _cards(desk)[0].state is CardState.POSTED, "it says again what was cited"


async def test_a_crash_between_reading_and_writing_repeats_harmlessly(
    desk: Table, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.desk import refresh_job

    keep, broken = refresh_job.keep, [True]

    async def once(*args: object, **named: object) -> object:
        kept = await keep(*args, **named)  # type: ignore[arg-type]  # handed on
        if broken and broken.pop():
            raise RuntimeError("the power is cut")
        return kept

    monkeypatch.setattr(refresh_job, "keep", once)
    root = await desk.post("our inventory report did not come this week, the bucket has none")
    await desk.post(f"see {site.address}", ANALYST, thread=root)
    await desk.wait(15)
    assert await _documents(desk) == []
    await desk.wait(300)
    assert [head.n for head in await _documents(desk)] == [1]
    assert site.asked == 2


async def _documents(desk: Table) -> list[Revision]:
    async with desk.desk.records.read() as work:
        return [head for head in await work.ledger.heads(None, 100) if head.after.kind == "document"]


def _cards(desk: Table) -> list:  # type: ignore[type-arg]  # cards
    return list(desk.messenger.posted.values())
