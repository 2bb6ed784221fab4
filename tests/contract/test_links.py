"""Where documents come from and who linked them, on a real database and on its twin; what cites or derives from a part."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from adapters.records import open_records
from core.domain.answers import Answer, Citation, Claim
from core.domain.documents import AUDIENCE_NAMED, DOCUMENT, Link, Seen, Source
from core.domain.ids import AnswerId, EntryId, MessageId, QuestionId, SessionId, part_id
from core.domain.knowledge import CHUNK, QA, SHARED, KnowledgeEntry
from core.domain.sessions import Session
from core.knowledge.ledger import Because, add, update
from core.ports.records import Records
from tests.contract.test_records import KIM, NOW, REF
from tests.fakes.older import RECORDS, age_records

HOUR = timedelta(hours=1)
DOC = EntryId("d1")
SOURCE = Source(
    document=DOC,
    address="https://a.example/x",
    read_at=NOW,
    seen=Seen("digest", '"etag"', "Mon", "https://a.example/y"),
)
LINK = Link(address="https://a.example/x", at=NOW, document=DOC, message=MessageId("m1"), by="UANA")


async def test_a_source_is_kept_and_replaced(records: Records) -> None:
    failed = replace(SOURCE, failures=2, failure="It does not answer.", gone_at=NOW + HOUR, named=True)
    seen = Seen("digest", place="https://b.example/", with_credentials=True)
    other = replace(SOURCE, document=EntryId("d0"), seen=seen)
    async with records.begin() as work:
        assert await work.documents.get(DOC) is None
        for one in (SOURCE, failed, other):
            await work.documents.put(one)
    async with records.read() as work:
        assert await work.documents.get(DOC) == failed
        assert await work.documents.all() == [other, failed]
        assert await work.documents.all("https://a.example/y") == [failed]
        assert await work.documents.all("https://a.example/x") == []
        assert await work.documents.among({DOC, EntryId("unknown")}) == [failed]
        assert await work.documents.among(()) == []


async def test_documents_of_an_older_home_know_their_place_and_are_read_whole_once_more(tmp_path: Path) -> None:
    at = f"sqlite+aiosqlite:///{tmp_path / RECORDS}"
    page = KnowledgeEntry(
        id=DOC, kind=DOCUMENT, audience=SHARED, title="t", answer="a", created_at=NOW, updated_at=NOW, url="https://a.example/y"
    )  # fmt: skip
    file = replace(
        SOURCE, document=EntryId("d0"), address="/docs/a.md", gone_at=NOW, failures=1, failure="It is locked."
    )
    records = await open_records(at)
    async with records.begin() as work:
        await add(work, replace(page, url="https://a.example/old"), Because("read", "test:1", NOW))
        await update(work, page, Because("read", "test:2", NOW))
        await add(work, replace(page, id=file.document, url=""), Because("read", "test:3", NOW))
        for one in (SOURCE, file):
            await work.documents.put(one)
        await work.links.put(replace(LINK, message=None, by=AUDIENCE_NAMED))
    await records.close()
    age_records(tmp_path, "0007")
    records = await open_records(at)
    async with records.read() as work:
        assert await work.documents.all() == [
            replace(file, seen=Seen("", place="/docs/a.md")),
            replace(SOURCE, seen=Seen("", place="https://a.example/y"), named=True),
        ]
    await records.close()


async def test_links_are_found_by_document_address_and_time(records: Records) -> None:
    by_hand = replace(LINK, message=None, by="", at=NOW + HOUR)
    left_out = Link(
        address="https://b.example/", at=NOW + 2 * HOUR, message=MessageId("m1"), by="UANA", reason="a login"
    )
    async with records.begin() as work:
        for one in (left_out, by_hand, LINK, LINK):
            await work.links.put(one)
    async with records.read() as work:
        assert await work.links.of_document(DOC) == [LINK, by_hand]
        assert await work.links.at_address("https://b.example/") == [left_out]
        assert await work.links.since(NOW + HOUR) == [by_hand, left_out]


async def test_a_link_that_was_left_out_may_lead_to_a_document_later(records: Records) -> None:
    async with records.begin() as work:
        await work.links.put(replace(LINK, document=None, reason="it does not answer"))
        await work.links.put(LINK)
        assert await work.links.at_address(LINK.address) == [LINK]


async def test_what_cites_or_derives_from_a_part_stands_on_its_document(records: Records) -> None:
    derived = KnowledgeEntry(
        id=EntryId("e1"), kind=QA, audience=SHARED, title="t", answer="a", created_at=NOW, updated_at=NOW,
        derived_from=(part_id(DOC, 3), part_id(DOC, 4)),
    )  # fmt: skip
    document = replace(derived, id=DOC, kind=DOCUMENT, derived_from=())
    citations = tuple(
        Citation.of(n, replace(document, id=part_id(DOC, n), kind=CHUNK, url="https://a.example/x", anchor="b"), 1)
        for n in (1, 2)
    )
    answer = Answer(
        AnswerId("a1"), QuestionId("q1"), SessionId("s"), (Claim("a", (1, 2)),), citations, sent_at=NOW
    )  # fmt: skip
    async with records.begin() as work:
        await work.sessions.put(Session(SessionId("s"), REF, "1", KIM, NOW, NOW))
        await add(work, document, Because("read", "test:1", NOW))
        await add(work, derived, Because("accepted", "test:2", NOW))
        await work.answers.put(answer)
    async with records.read() as work:
        assert await work.lineage.derived(DOC) == ["e1"]
        assert [one.id for one in await work.lineage.citing(DOC)] == ["a1"]
        assert await work.lineage.citing(part_id(DOC, 1)) == []
    assert citations[0].url == "https://a.example/x#b"
