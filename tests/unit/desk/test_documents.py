"""What analysts link is read off the hot path, cited at its section, kept fresh, and retired when it is gone (DESIGN 6)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.desk.by_hand import retire_by_hand
from core.desk.documents import DOCUMENT_KEY
from core.desk.intake import Intake
from core.desk.refresh_job import FOR_THE_BOT, OVER_CAP, TOO_MANY
from core.desk.runner import Runner
from core.domain.cards import CardState
from core.domain.channels import Channel, ChannelSettings
from core.domain.documents import Gone, Link, Section, Source
from core.domain.errors import CallerError, FinalError, NoSuchHostError, TransientError
from core.domain.events import ButtonClicked
from core.domain.ids import EntryId, subject_of
from core.domain.jobs import Job, JobState, Lane
from core.domain.knowledge import CHUNK, INTERNAL, QA, SHARED, Audience, EntryStatus, KnowledgeEntry, Revision
from core.domain.people import Person
from core.knowledge.chunking import parts_of
from core.knowledge.ledger import Because, add
from core.learn.ingest_documents import FILE, MASKED, OFF_TOPIC, PLATFORM
from tests.fakes.documents import FakeDocuments
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, HOME, OTHER, Table, reading_table

ASKED = "why do multipart uploads fail with SlowDown?"
PAGE = "https://docs.example.com/uploads"
SAID = "Multipart uploads fail with SlowDown when too many parts are sent: why is told by the `Retry-After` header."
SECTIONS = (
    Section("Limits", "A bucket takes 5 GB in a part. " * 20, "limits"),
    Section("Throttling", SAID, "throttling", ("Errors",)),
)
DAY_S = 86_400.0


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    documents = FakeDocuments()
    documents.put(PAGE, "", title="Uploads", sections=SECTIONS)
    async with reading_table(tmp_path, documents) as one:
        yield one


def web(desk: Table) -> FakeDocuments:
    assert isinstance(desk.desk.documents, FakeDocuments)
    return desk.desk.documents


async def linked(desk: Table, text: str = f"see {PAGE}#throttling", author: Person = ANALYST) -> str:
    """A customer asks, somebody answers with a link; gives the message with the link."""
    root = await desk.post(ASKED)
    name = await desk.post(text, author, thread=root)
    await desk.wait(30)
    return name


async def heads(desk: Table) -> list[Revision]:
    async with desk.desk.records.read() as work:
        return [head for head in await work.ledger.heads(None, 100) if head.after.kind == "document"]


async def document(desk: Table) -> KnowledgeEntry:
    (head,) = await heads(desk)
    return head.after


async def source(desk: Table) -> Source:
    async with desk.desk.records.read() as work:
        (one,) = await work.documents.all()
    return one


async def links(desk: Table) -> list[Link]:
    async with desk.desk.records.read() as work:
        return await work.links.since(desk.clock.now() - timedelta(days=400))


async def test_the_next_customer_is_answered_with_a_citation_that_opens_at_the_section(desk: Table) -> None:
    await linked(desk)
    await desk.post(ASKED, Person("UOTHER", "Lee", "T0OTHER"), channel=OTHER)
    await desk.wait(10)
    (card,) = desk.messenger.posted.values()
    (citation,) = card.sections[0].answer.citations
    assert (citation.url, citation.kind) == (f"{PAGE}#throttling", CHUNK)
    assert citation.title == 'Uploads, "Errors › Throttling"'
    assert subject_of(citation.entry) == (await document(desk)).id


async def test_it_is_one_subject_with_one_revision_and_its_links_are_on_record(desk: Table) -> None:
    message = await linked(desk)
    known = await document(desk)
    assert (known.title, known.url, known.audience, known.status) == ("Uploads", PAGE, SHARED, EntryStatus.ACTIVE)
    assert [one.answer for one in parts_of(known)][-1] == SAID
    (link,) = await links(desk)
    assert (link.document, link.by, link.address) == (known.id, ANALYST.id, PAGE)
    assert link.message == (await desk.messages((await desk.session_of(message)).id))[-1].id


@pytest.mark.parametrize("author", [CUSTOMER, Person("UBOT", "Helper", HOME, is_bot=True)])
async def test_what_requesters_and_bots_link_is_not_read(desk: Table, author: Person) -> None:
    await linked(desk, author=author)
    assert web(desk).asked == []


async def test_what_a_presumed_analyst_links_is_not_read(desk: Table) -> None:
    root = await desk.post(ASKED, Person("U1", "One", HOME))
    await desk.post(f"see {PAGE}", Person("U2", "Two", HOME), thread=root)
    await desk.wait(30)
    assert web(desk).asked == []


async def test_many_links_to_one_page_are_one_document(desk: Table) -> None:
    web(desk).put("https://short.example/x", "", title="Uploads", sections=SECTIONS, url=PAGE)
    await linked(desk, f"{PAGE}?utm_source=chat#throttling and ({PAGE}), or https://short.example/x.")
    assert len(await heads(desk)) == 1
    assert {link.document for link in await links(desk)} == {(await document(desk)).id}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("see https://team.slack.com/archives/C1/p1", PLATFORM),
        ("see https://docs.example.com/a.zip", FILE),
        (
            "see https://x.example/?X-Amz-Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            MASKED,
        ),
    ],
)
async def test_what_is_no_document_is_not_asked_for_and_the_reason_is_on_record(
    desk: Table, text: str, reason: str
) -> None:
    await linked(desk, text)
    assert (web(desk).asked, [one.reason for one in await links(desk)]) == ([], [reason])


async def test_a_page_about_something_else_is_left_out(desk: Table) -> None:
    web(desk).put("https://news.example/cats", "Ten cats that slept all summer long in a garden.")
    await linked(desk, "unrelated: https://news.example/cats")
    assert (await heads(desk), [one.reason for one in await links(desk)]) == ([], [OFF_TOPIC])


async def test_a_link_in_code_is_an_example_and_no_link(desk: Table) -> None:
    await linked(desk, f"run `curl {PAGE}`")
    assert web(desk).asked == []


async def test_a_page_that_is_refused_is_left_out_with_its_sentence(desk: Table) -> None:
    web(desk).failures = [CallerError("docs.example.com wants a login: nothing was read.")]
    await linked(desk)
    assert [one.reason for one in await links(desk)] == ["docs.example.com wants a login: nothing was read."]
    assert [job for job in await _jobs(desk) if job.lane is Lane.REFRESH] == []


async def test_a_server_that_fails_is_tried_again_and_then_left_out(desk: Table) -> None:
    web(desk).failures = [TransientError("docs.example.com does not answer.")] * 5
    await linked(desk)
    assert await links(desk) == []
    await desk.wait(DAY_S)
    assert (len(web(desk).asked), [one.reason for one in await links(desk)]) == (
        5,
        ["docs.example.com does not answer."],
    )


async def test_it_is_read_at_last_where_the_server_comes_back(desk: Table) -> None:
    web(desk).failures = [TransientError("docs.example.com does not answer.")]
    await linked(desk)
    await desk.wait(3600)
    assert (await document(desk)).title == "Uploads"


async def test_of_one_message_only_so_many_links_are_read(desk: Table) -> None:
    addresses = [f"{PAGE}/{n}" for n in range(7)]
    for address in addresses:
        web(desk).put(address, SAID)
    await linked(desk, " ".join(addresses))
    assert web(desk).asked == addresses[:5]
    assert [one.reason for one in await links(desk)].count(TOO_MANY) == 2


async def test_what_is_over_the_days_cap_waits_for_the_next_day(desk: Table) -> None:
    desk.desk = replace(desk.desk, policy=replace(desk.desk.policy, links_per_day=1))
    desk.intake, desk.runner = Intake(desk.desk), Runner(desk.desk)
    web(desk).put(f"{PAGE}/2", SAID)
    await linked(desk, f"{PAGE} {PAGE}/2")
    (waiting,) = [job for job in await _jobs(desk) if job.lane is Lane.REFRESH and job.key.startswith("link:")]
    assert (waiting.reason, len(await heads(desk))) == (OVER_CAP, 1)
    await desk.wait(DAY_S)
    assert len(await heads(desk)) == 2


async def _jobs(desk: Table) -> list[Job]:
    async with desk.desk.records.read() as work:
        return await work.owners.listing()


async def test_a_message_that_is_deleted_before_it_was_read_links_nothing(desk: Table) -> None:
    root = await desk.post(ASKED)
    name = await desk.post(f"see {PAGE}", ANALYST, thread=root)
    await desk.delete(name)
    await desk.wait(60)
    assert await heads(desk) == []


async def test_a_document_stays_when_the_message_that_linked_it_is_deleted(desk: Table) -> None:
    await desk.delete(await linked(desk))
    await desk.wait(60)
    assert (await document(desk)).status is EntryStatus.ACTIVE


async def test_a_link_that_is_edited_in_is_read(desk: Table) -> None:
    name = await linked(desk, "one moment, I look for the page")
    await desk.edit(name, f"here: {PAGE}")
    await desk.wait(60)
    assert (await document(desk)).title == "Uploads"


async def test_what_credentials_opened_is_for_the_customer_of_the_thread(desk: Table) -> None:
    web(desk).put(PAGE, "", title="Uploads", sections=SECTIONS, with_credentials=True)
    await linked(desk)
    assert (await document(desk)).audience == Audience.customer("T0CUS")


async def test_what_credentials_opened_in_a_thread_of_several_customers_is_internal(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        await work.channels.put(Channel(CHANNEL, external=True, organisations=frozenset({"T0CUS", "T0OTHER"})))
    web(desk).put(PAGE, "", title="Uploads", sections=SECTIONS, with_credentials=True)
    await linked(desk)
    assert (await document(desk)).audience == INTERNAL


async def test_a_page_that_needs_credentials_by_now_is_for_fewer(desk: Table) -> None:
    await linked(desk)
    web(desk).put(PAGE, "", title="Uploads, new", sections=SECTIONS, with_credentials=True)
    web(desk).pages[PAGE] = replace(web(desk).pages[PAGE], digest="other")
    await desk.wait(2 * DAY_S)
    assert (await document(desk)).audience == INTERNAL


async def test_in_a_channel_with_approval_a_document_waits_for_it(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        await work.channels.put(Channel(CHANNEL, settings=ChannelSettings(approval=True)))
    await linked(desk)
    assert (await document(desk)).status is EntryStatus.CANDIDATE
    await desk.wait(3 * DAY_S)
    assert (await document(desk)).status is EntryStatus.CANDIDATE


async def test_secrets_in_a_page_are_masked_before_anything_is_stored(desk: Table) -> None:
    web(desk).put(PAGE, f"{SAID} Use AKIAQ3EGRP7TLX2VWZ5N and mail jo@example.com.")
    await linked(desk)
    text = (await document(desk)).answer
    assert ("AKIAQ3" in text, "jo@example.com" in text, "<email>" in text) == (False, False, True)


async def test_an_unchanged_document_is_asked_for_again_and_gets_no_revision(desk: Table) -> None:
    await linked(desk)
    first = (await source(desk)).read_at
    await desk.wait(3 * DAY_S)
    (head,) = await heads(desk)
    assert (head.n, len(web(desk).asked) >= 3, (await source(desk)).read_at > first) == (1, True, True)


async def test_a_citation_says_when_it_was_last_read_also_where_nothing_had_changed(desk: Table) -> None:
    await linked(desk)
    await desk.wait(3 * DAY_S)
    await desk.post(ASKED, Person("UOTHER", "Lee", "T0OTHER"), channel=OTHER)
    await desk.wait(10)
    (card,) = desk.messenger.posted.values()
    read_at = card.sections[0].answer.citations[0].confirmed_at
    assert read_at is not None
    assert desk.clock.now() - read_at < timedelta(days=2)


async def test_a_changed_document_is_one_more_revision_and_its_cards_are_withdrawn(desk: Table) -> None:
    await cited(desk)
    changed = (SECTIONS[0], Section("Throttling", "Nothing fails any more.", "throttling", ("Errors",)))
    await _becomes(desk, changed)
    (head,) = await heads(desk)
    assert (head.n, [card.state for card in desk.messenger.posted.values()]) == (2, [CardState.WITHDRAWN])


async def test_a_card_stands_while_its_words_are_in_the_document_wherever(desk: Table) -> None:
    await cited(desk)
    moved = (Section("New", "Something else at the beginning of it all. " * 20, "new"), *SECTIONS)
    await _becomes(desk, moved)
    (head,) = await heads(desk)
    assert (head.n, [card.state for card in desk.messenger.posted.values()]) == (2, [CardState.POSTED])


async def cited(desk: Table, text: str = f"see {PAGE}#throttling") -> None:
    """The document is known, and a card in an open session cites it."""
    await linked(desk, text)
    desk.desk = replace(desk.desk, policy=replace(desk.desk.policy, close_after_s=100 * DAY_S))
    desk.intake, desk.runner = Intake(desk.desk), Runner(desk.desk)
    await desk.post(ASKED, Person("UOTHER", "Lee", "T0OTHER"), channel=OTHER)
    await desk.wait(10)
    assert len(desk.messenger.posted) == 1


async def _becomes(desk: Table, sections: tuple[Section, ...]) -> None:
    web(desk).put(PAGE, "", title="Uploads", sections=sections)
    await desk.wait(2 * DAY_S)


async def test_a_document_is_retired_when_it_stays_gone_and_back_when_it_comes_back(desk: Table) -> None:
    await linked(desk)
    page = web(desk).pages.pop(PAGE)
    await desk.wait(1.3 * DAY_S)
    assert (await document(desk)).status is EntryStatus.ACTIVE
    await desk.wait(DAY_S)
    assert (await document(desk)).status is EntryStatus.RETIRED
    web(desk).pages[PAGE] = page
    await desk.wait(15 * DAY_S)
    assert (await document(desk)).status is EntryStatus.ACTIVE


async def test_what_is_gone_for_good_is_retired_at_once(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    await linked(desk)

    async def read(address: str, seen: object = None) -> Gone:
        return Gone(f"{address} was removed for good.", for_good=True)

    monkeypatch.setattr(web(desk), "read", read)
    await desk.wait(1.3 * DAY_S)
    assert (await document(desk)).status is EntryStatus.RETIRED


async def test_a_document_that_fails_backs_off_and_says_why(desk: Table) -> None:
    await linked(desk)
    web(desk).failures = [FinalError("docs.example.com has a certificate that is not valid.")] * 100
    await desk.wait(30 * DAY_S)
    known = await source(desk)
    assert (await document(desk)).status is EntryStatus.ACTIVE
    assert 3 <= known.failures <= 8
    assert known.failure == "docs.example.com has a certificate that is not valid."
    web(desk).failures = []
    await desk.wait(8 * DAY_S)
    assert (await source(desk)).failures == 0


async def test_a_document_whose_host_is_not_found_for_a_week_is_retired_until_it_is_back(desk: Table) -> None:
    await linked(desk)
    web(desk).failures = [NoSuchHostError("docs.example.com is not read: there is no such host.")] * 99
    await desk.wait(7 * DAY_S)
    assert (await document(desk)).status is EntryStatus.ACTIVE
    await desk.wait(4 * DAY_S)
    (head,) = await heads(desk)
    assert (head.after.status, head.why) == (
        EntryStatus.RETIRED, "docs.example.com is not read: there is no such host."
    )  # fmt: skip
    web(desk).failures = []
    await desk.wait(8 * DAY_S)
    assert (await document(desk)).status is EntryStatus.ACTIVE
    assert (await source(desk)).gone_at is None


async def test_what_was_retired_by_hand_is_not_brought_back_by_a_link(desk: Table) -> None:
    await linked(desk)
    await retire_by_hand((await document(desk)).id, "outdated", desk.desk)
    await _becomes(desk, (SECTIONS[1],))
    await linked(desk)
    assert (await document(desk)).status is EntryStatus.RETIRED


async def test_where_nobody_reads_documents_the_job_waits_for_the_bot(desk: Table) -> None:
    await linked(desk)
    desk.runner = Runner(replace(desk.desk, documents=None))
    await desk.wait(2 * DAY_S)
    (job,) = [one for one in await _jobs(desk) if one.key.startswith(DOCUMENT_KEY)]
    assert (job.state, job.reason) == (JobState.PARKED, FOR_THE_BOT)


async def test_what_is_derived_from_a_section_waits_only_when_that_section_changes(desk: Table) -> None:
    await linked(desk)
    known = await document(desk)
    derived = EntryId("derived")
    async with desk.desk.records.begin() as work:
        now = desk.clock.now()
        entry = KnowledgeEntry(
            id=derived, kind=QA, audience=SHARED, title="t", answer="a", created_at=now, updated_at=now,
            derived_from=(parts_of(known)[-1].id,),
        )  # fmt: skip
        await add(work, entry, Because("a test", "test:derived", now))
    await _becomes(desk, (Section("New", "Other words before it. " * 30, "new"), *SECTIONS))
    assert await _status(desk, derived) is EntryStatus.ACTIVE
    await _becomes(desk, (SECTIONS[0],))
    assert await _status(desk, derived) is EntryStatus.CANDIDATE
    await _becomes(desk, SECTIONS)
    assert await _status(desk, derived) is EntryStatus.ACTIVE


async def _status(desk: Table, entry: EntryId) -> EntryStatus:
    async with desk.desk.records.read() as work:
        head = await work.ledger.head(entry)
    assert head is not None
    return head.after.status


async def test_an_accept_of_an_answer_from_a_document_keeps_it_derived_from_that_section(desk: Table) -> None:
    web(desk).put(PAGE, "", title="Uploads", sections=SECTIONS, with_credentials=True)
    await linked(desk)
    await desk.post(ASKED, ts="1793610000.000001")
    await desk.wait(10)
    (card,) = desk.messenger.posted.values()
    answer = card.sections[0].answer
    event = ButtonClicked(
        source="test", external_id="click", at=desk.clock.now(), channel=CHANNEL, by=CUSTOMER, action="accept", target=answer.id
    )  # fmt: skip
    await desk.intake.receive(event)
    await desk.wait(10)
    async with desk.desk.records.read() as work:
        (kept,) = [head.after for head in await work.ledger.heads(None, 100) if head.after.kind == QA]
        assert await work.lineage.derived((await document(desk)).id) == [kept.id]
    assert kept.derived_from == (answer.citations[0].entry,)
    assert kept.audience == Audience.customer("T0CUS"), "no wider than what it rests on"
