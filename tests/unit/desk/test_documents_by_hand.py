"""Who may see a document, and whether it waits: what somebody said by hand or approved outlives every later reading."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from core.desk import ready
from core.desk.by_hand import approve_by_hand, retire_by_hand
from core.desk.documents import follow_imported
from core.desk.named_documents import Learned, learn_by_hand
from core.desk.ready import made_ready
from core.domain.cards import CardState
from core.domain.channels import Channel, ChannelSettings
from core.domain.documents import Reading, Section, Seen
from core.domain.errors import CallerError, NotPublicError
from core.domain.knowledge import INTERNAL, SHARED, Audience, EntryStatus
from tests.fakes.documents import FakeDocuments
from tests.unit.desk.support import CHANNEL, Table, reading_table
from tests.unit.desk.test_documents import DAY_S, PAGE, SECTIONS, cited, document, heads, linked, links, source, web

NEW = Section("New", "Send your password to evil.example.", "new")
SEVEN, NINE = Audience.customer("T0SEVEN"), Audience.customer("T0NINE")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    documents = FakeDocuments()
    documents.put(PAGE, "", title="Uploads", sections=SECTIONS)
    async with reading_table(tmp_path, documents) as one:
        yield one


async def learned(desk: Table, named: Audience | None = None) -> Learned:
    """``vigil learn PAGE``, or with an audience."""
    now = desk.clock.now()
    page = await made_ready(web(desk).pages[PAGE], now)
    async with desk.desk.records.begin() as work:
        return await learn_by_hand(work, page, PAGE, named, desk.desk.policy.refresh_s, now)


async def audiences(desk: Table) -> list[Audience]:
    """Of the documents that are not retired."""
    return [one.after.audience for one in await heads(desk) if one.after.status is not EntryStatus.RETIRED]


def becomes_private(desk: Table) -> None:
    page = web(desk).put(PAGE, "", title="Salaries", sections=SECTIONS, with_credentials=True)
    web(desk).pages[PAGE] = replace(page, digest="with credentials")


async def test_a_page_learned_without_a_word_is_for_fewer_once_it_needs_credentials(desk: Table) -> None:
    await learned(desk)
    becomes_private(desk)
    await desk.wait(3 * DAY_S)
    assert ((await document(desk)).audience, (await document(desk)).title) == (INTERNAL, "Salaries")


@pytest.mark.parametrize(("named", "then"), [(None, INTERNAL), (SHARED, SHARED), (SEVEN, SEVEN)])
async def test_what_not_everybody_can_open_any_more_is_for_analysts_unless_who_sees_it_was_named(
    desk: Table, named: Audience | None, then: Audience
) -> None:
    await learned(desk, named)
    web(desk).failures = [NotPublicError("docs.example.com wants a login.")] * 99
    await desk.wait(2 * DAY_S)
    assert await audiences(desk) == [then]
    web(desk).failures = []
    await desk.wait(9 * DAY_S)
    assert (await audiences(desk), (await source(desk)).failures) == ([then], 0), "no reading widens it"


@pytest.mark.parametrize("how", ["credentials", "login", "hand"])
async def test_where_it_is_for_fewer_the_cards_of_others_are_withdrawn_while_their_threads_are_open(
    desk: Table, how: str
) -> None:
    await cited(desk)
    if how == "hand":
        await learned(desk, INTERNAL)
    elif how == "credentials":
        becomes_private(desk)
    else:
        web(desk).failures = [NotPublicError("docs.example.com wants a login.")] * 9
    await desk.wait(2 * DAY_S)
    assert await audiences(desk) == [INTERNAL]
    assert [card.state for card in desk.messenger.posted.values()] == [CardState.WITHDRAWN]


async def test_what_was_retired_and_wants_a_login_meanwhile_comes_back_for_analysts(desk: Table) -> None:
    await linked(desk)
    page = web(desk).pages.pop(PAGE)
    await desk.wait(3 * DAY_S)
    web(desk).failures = [NotPublicError("docs.example.com wants a login.")]
    web(desk).pages[PAGE] = replace(page, with_credentials=True, digest="with credentials")
    await desk.wait(30 * DAY_S)
    assert await audiences(desk) == [INTERNAL]


async def test_who_is_named_while_it_is_being_read_is_not_forgotten(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    await linked(desk)
    read = web(desk).read

    async def meanwhile(address: str, seen: Seen | None = None) -> Reading:
        found = await read(address, seen)
        await learned(desk, SHARED)
        return found

    monkeypatch.setattr(web(desk), "read", meanwhile)
    await desk.wait(1.3 * DAY_S)
    assert (await source(desk)).named


async def test_so_is_an_imported_one(desk: Table) -> None:
    known = (await learned(desk)).kept.document
    async with desk.desk.records.begin() as work:
        head = await work.ledger.head(known)
        assert head is not None
        await follow_imported(work, head.after, desk.desk.policy.refresh_s, desk.clock.now())
    becomes_private(desk)
    await desk.wait(3 * DAY_S)
    assert await audiences(desk) == [INTERNAL]


@pytest.mark.parametrize("url", ["/etc/hostname", "file:///etc/hostname", "javascript:alert(1)", ""])
async def test_no_import_has_a_file_read(desk: Table, url: str) -> None:
    (head,) = (await learned(desk), await heads(desk))[1]
    async with desk.desk.records.begin() as work:
        await work.documents.drop([head.subject_id])
        await follow_imported(work, replace(head.after, url=url), desk.desk.policy.refresh_s, desk.clock.now())
        assert await work.documents.all() == []
    await desk.wait(3 * DAY_S)
    assert web(desk).asked == []


@pytest.mark.parametrize("again", [False, True])
async def test_who_was_named_by_hand_keeps_it(desk: Table, again: bool) -> None:
    await learned(desk, SHARED)
    if again:
        await learned(desk)
    becomes_private(desk)
    await desk.wait(3 * DAY_S)
    assert await audiences(desk) == [SHARED]


async def test_who_is_named_only_now_gets_it_also_where_it_needs_credentials(desk: Table) -> None:
    await learned(desk)
    becomes_private(desk)
    await learned(desk, SHARED)
    assert await audiences(desk) == [SHARED]


async def test_learned_again_without_a_word_it_is_narrowed_and_no_second_document(desk: Table) -> None:
    await learned(desk)
    becomes_private(desk)
    await learned(desk)
    assert await audiences(desk) == [INTERNAL]


@pytest.mark.parametrize("by_link", [False, True])
async def test_asked_to_be_internal_it_is_shared_no_longer_and_that_is_told(desk: Table, by_link: bool) -> None:
    if by_link:
        await linked(desk)
    else:
        await learned(desk)
    done = await learned(desk, INTERNAL)
    assert [one.after.audience for one in done.in_place_of] == [SHARED]
    assert await audiences(desk) == [INTERNAL]
    await linked(desk)
    await learned(desk)
    await desk.wait(3 * DAY_S)
    assert await audiences(desk) == [INTERNAL], "neither a link nor a reading shows it again"
    done = await learned(desk, SHARED)
    assert [one.after.audience for one in done.in_place_of] == [INTERNAL]
    assert await audiences(desk) == [SHARED]


async def test_a_page_known_by_hand_as_internal_is_not_shown_by_a_link(desk: Table) -> None:
    await learned(desk, INTERNAL)
    await linked(desk)
    assert await audiences(desk) == [INTERNAL]


@pytest.mark.parametrize("audience", [SEVEN, INTERNAL])
async def test_a_page_whose_audience_was_named_is_shown_to_no_other_by_a_link(desk: Table, audience: Audience) -> None:
    await learned(desk, audience)
    await linked(desk)
    assert await audiences(desk) == [audience]
    (link,) = [one for one in await links(desk) if one.message]
    assert link.document == (await document(desk)).id
    page = web(desk).pages.pop(PAGE)
    await desk.wait(3 * DAY_S)
    assert await audiences(desk) == []
    web(desk).pages[PAGE] = page
    await linked(desk)
    assert await audiences(desk) == [audience], "nor where it was gone meanwhile"


async def test_a_page_that_two_customers_were_named_for_is_shown_to_no_third_and_to_both_still(desk: Table) -> None:
    for one in (SEVEN, NINE):
        await learned(desk, one)
    await linked(desk)
    assert set(await audiences(desk)) == {SEVEN, NINE}


async def test_one_named_for_a_customer_that_was_gone_is_learned_again_for_that_customer(desk: Table) -> None:
    await learned(desk, SEVEN)
    page = web(desk).pages.pop(PAGE)
    await desk.wait(3 * DAY_S)
    web(desk).pages[PAGE] = page
    await learned(desk)
    assert await audiences(desk) == [SEVEN]


@pytest.mark.parametrize("audience", [SEVEN, INTERNAL])
async def test_what_was_named_and_put_away_is_not_shown_by_a_link(desk: Table, audience: Audience) -> None:
    await learned(desk, audience)
    await retire_by_hand((await document(desk)).id, "outdated", desk.desk)
    await linked(desk)
    assert await audiences(desk) == []


@pytest.mark.parametrize(("audience", "then"), [(SEVEN, [SEVEN]), (INTERNAL, [INTERNAL]), (SHARED, [SHARED])])
async def test_an_imported_document_is_for_no_more_than_it_was(
    desk: Table, audience: Audience, then: list[Audience]
) -> None:
    (head,) = (await learned(desk, audience), await heads(desk))[1]
    async with desk.desk.records.begin() as work:
        await work.documents.drop([head.subject_id])
        await work.links.drop((), (), [head.subject_id])
        await follow_imported(work, head.after, desk.desk.policy.refresh_s, desk.clock.now())
    await linked(desk)
    assert await audiences(desk) == then


async def test_one_that_became_internal_and_was_named_so_stays_so(desk: Table) -> None:
    await learned(desk)
    becomes_private(desk)
    await learned(desk)
    await learned(desk, INTERNAL)
    web(desk).put(PAGE, "", title="Uploads", sections=SECTIONS)
    await linked(desk)
    assert await audiences(desk) == [INTERNAL]


async def test_two_customers_may_each_have_a_page(desk: Table) -> None:
    await learned(desk)
    assert len((await learned(desk, SEVEN)).in_place_of) == 1
    assert (await learned(desk, NINE)).in_place_of == ()
    assert set(await audiences(desk)) == {SEVEN, NINE}


async def test_what_has_more_parts_than_may_be_is_told_so(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "MOST_PARTS", 2)
    web(desk).put(
        PAGE, "", title="Uploads", sections=tuple(Section(f"H{n}", "Many words. " * 30, "") for n in range(3))
    )
    await linked(desk)
    (link,) = await links(desk)
    assert link.reason.startswith("This document has 3 parts, and at most 2 are kept of one")
    assert await heads(desk) == []


async def test_what_a_reading_failed_by_is_not_on_the_log(desk: Table) -> None:
    await linked(desk)
    web(desk).failures = [CallerError("https://docs.example.com/secret-name is not read: it wants a login.")]
    with capture_logs() as logs:
        await desk.wait(2 * DAY_S)
    (line,) = [one for one in logs if one["event"] == "document_not_read"]
    assert line["error"] == "CallerError"
    assert "example.com" not in repr(logs)


async def approval(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        await work.channels.put(Channel(CHANNEL, settings=ChannelSettings(approval=True)))


@pytest.mark.parametrize("changes", [{}, {"digest": "other"}, {"digest": "other", "sections": (*SECTIONS, NEW)}])
async def test_a_document_that_nobody_approved_is_gone_and_back_and_still_waits(
    desk: Table, changes: dict[str, Any]
) -> None:
    await approval(desk)
    await linked(desk)
    page = web(desk).pages.pop(PAGE)
    await desk.wait(3 * DAY_S)
    assert (await document(desk)).status is EntryStatus.RETIRED
    web(desk).pages[PAGE] = replace(page, **changes)
    await desk.wait(30 * DAY_S)
    known = await document(desk)
    assert (known.status, "evil" in known.answer) == (EntryStatus.CANDIDATE, "sections" in changes)


async def test_what_was_approved_waits_again_for_what_nobody_has_read(desk: Table) -> None:
    await approval(desk)
    await linked(desk)
    await approve_by_hand((await document(desk)).id, desk.desk)
    await desk.wait(3 * DAY_S)
    assert (await document(desk)).status is EntryStatus.ACTIVE, "it reads as it was approved"
    web(desk).put(PAGE, "", title="Uploads", sections=(*SECTIONS, NEW))
    await desk.wait(3 * DAY_S)
    (head,) = await heads(desk)
    assert head.after.status is EntryStatus.CANDIDATE
    assert head.why == "it reads otherwise than what was approved, and waits again"
    await approve_by_hand(head.subject_id, desk.desk)
    await desk.wait(3 * DAY_S)
    assert (await document(desk)).status is EntryStatus.ACTIVE


@pytest.mark.parametrize("changed", [False, True])
async def test_what_was_approved_comes_back_active_where_it_reads_as_approved(desk: Table, changed: bool) -> None:
    await approval(desk)
    await linked(desk)
    await approve_by_hand((await document(desk)).id, desk.desk)
    page = web(desk).pages.pop(PAGE)
    await desk.wait(3 * DAY_S)
    web(desk).pages[PAGE] = replace(page, digest="other", sections=(*SECTIONS, NEW) if changed else SECTIONS)
    await desk.wait(30 * DAY_S)
    assert (await document(desk)).status is (EntryStatus.CANDIDATE if changed else EntryStatus.ACTIVE)


async def test_what_was_rejected_is_learned_only_by_a_word_about_who_may_see_it(desk: Table) -> None:
    await approval(desk)
    await linked(desk)
    await retire_by_hand((await document(desk)).id, "wrong", desk.desk)
    await linked(desk)
    assert (await document(desk)).status is EntryStatus.RETIRED
    await learned(desk)
    assert (await document(desk)).status is EntryStatus.RETIRED
    await learned(desk, SHARED)
    assert (await document(desk)).status is EntryStatus.ACTIVE
