"""One page is one document, whatever leads to it: aliases die, pages move, sites lead to their start page."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.desk.by_hand import approve_by_hand
from core.desk.named_documents import learn_by_hand
from core.desk.ready import made_ready
from core.desk.refresh_document import look_again
from core.domain.cards import CardState
from core.domain.documents import Gone, Page, Reading, Section, Seen
from core.domain.errors import CallerError, NoSuchHostError, NotPublicError
from core.domain.knowledge import INTERNAL, SHARED, Audience, EntryStatus, Revision
from core.text.addresses import canonical
from tests.fakes.documents import FakeDocuments
from tests.unit.desk.support import Table, reading_table
from tests.unit.desk.test_documents import DAY_S, SAID, cited, heads, linked
from tests.unit.desk.test_documents_by_hand import approval

SITE = "https://docs.example.com"
SEVEN = Audience.customer("T0SEVEN")
WORDS = (Section("Throttling", SAID, "throttling"),)


class Site(FakeDocuments):
    """``leads`` are redirects; ``lost`` are addresses that fail."""

    def __init__(self) -> None:
        super().__init__()
        self.leads: dict[str, str] = {}
        self.lost: dict[str, Exception] = {}

    def serve(self, path: str, words: str = SAID, **changes: object) -> None:
        """Put a page at a path."""
        self.put(
            f"{SITE}{path}", "", title="Uploads", sections=(Section("Throttling", words, "throttling"),), **changes
        )

    def lead(self, path: str, to: str) -> None:
        """Redirect a path."""
        self.pages.pop(f"{SITE}{path}", None)
        self.leads[f"{SITE}{path}"] = f"{SITE}{to}"

    def drop(self, path: str) -> None:
        """Have nothing there any more."""
        self.leads.pop(f"{SITE}{path}", None)
        self.pages.pop(f"{SITE}{path}", None)

    async def read(self, address: str, seen: Seen | None = None) -> Reading:
        """As the port says."""
        if address in self.lost:
            raise self.lost[address]
        found = await super().read(self.leads.get(address, address), seen)
        if isinstance(found, Page):
            known = {"title": found.title, "sections": found.sections, "digest": found.digest}
            return Page(address=address, url=found.url, with_credentials=found.with_credentials, **known)  # type: ignore[arg-type]  # fields of a page
        return found


@pytest.fixture
def site() -> Site:
    one = Site()
    one.serve("/c")
    return one


@pytest.fixture
async def desk(tmp_path: Path, site: Site) -> AsyncIterator[Table]:
    async with reading_table(tmp_path, site) as one:
        yield one


async def learned(desk: Table, path: str, named: Audience | None = None) -> Revision:
    """``vigil learn`` of a path."""
    documents = desk.desk.documents
    assert documents is not None
    page = await documents.read(f"{SITE}{path}")
    assert isinstance(page, Page)
    ready, now = await made_ready(page, desk.clock.now()), desk.clock.now()
    async with desk.desk.records.begin() as work:
        kept = await learn_by_hand(work, ready, canonical(page.address), named, desk.desk.policy.refresh_s, now)
        head = await work.ledger.head(kept.kept.document)
    assert head is not None
    return head


async def known(desk: Table) -> dict[str, str]:
    """The paths of the documents that are not retired, with the one that is asked for each."""
    async with desk.desk.records.read() as work:
        asked = {one.document: one.address.removeprefix(SITE) for one in await work.documents.all()}
    live = [one for one in await heads(desk) if one.after.status is not EntryStatus.RETIRED]
    found = {one.after.url.removeprefix(SITE): asked[one.subject_id] for one in live}
    assert len(found) == len(live), "two active copies of one page"
    return found


@pytest.mark.parametrize("learn", [["/c", "/a"], ["/a", "/c"], ["/a"]])
async def test_a_page_that_is_alive_is_not_retired_with_a_dying_alias(
    desk: Table, site: Site, learn: list[str]
) -> None:
    site.lead("/a", "/c")
    for path in learn:
        await learned(desk, path)
    site.drop("/a")
    await desk.wait(4 * DAY_S)
    assert await known(desk) == {"/c": "/c"}
    (head,) = await heads(desk)
    assert head.n == 1


async def test_named_by_hand_a_dead_alias_takes_no_page_with_it_and_a_dead_page_goes_at_once(
    desk: Table, site: Site
) -> None:
    site.lead("/a", "/c")
    document = (await learned(desk, "/a")).subject_id
    for left, then in (("/a", {"/c": "/c"}), ("/c", {})):
        site.drop(left)
        await look_again(document, desk.desk, site, at_once=True)
        assert await known(desk) == then


async def test_an_alias_that_is_gone_for_good_takes_no_page_with_it(
    desk: Table, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("/b", "/a"):
        site.lead(path, "/c")
        await learned(desk, path)
    read = site.read

    async def without(address: str, seen: Seen | None = None) -> Reading:
        gone = address in {f"{SITE}/a", f"{SITE}/b"}
        return Gone("It was removed for good.", for_good=True) if gone else await read(address, seen)

    monkeypatch.setattr(site, "read", without)
    await desk.wait(2 * DAY_S)
    assert await known(desk) == {"/c": "/c"}
    monkeypatch.setattr(site, "read", read)
    site.leads.clear()
    site.drop("/c")
    await desk.wait(3 * DAY_S)
    assert await known(desk) == {}, "gone under all its addresses"


@pytest.mark.parametrize(
    "error", [NoSuchHostError("no such host"), NotPublicError("a login"), CallerError("it leads in a circle")]
)
async def test_an_alias_that_is_not_read_any_more_takes_no_page_with_it(
    desk: Table, site: Site, error: CallerError
) -> None:
    site.lead("/a", "/c")
    await learned(desk, "/a")
    site.lost[f"{SITE}/a"] = error
    await desk.wait(20 * DAY_S)
    (head,) = await heads(desk)
    assert (head.n, head.after.audience, await known(desk)) == (1, SHARED, {"/c": "/c"})


async def test_a_page_that_moves_keeps_its_id_and_history_and_is_one_document_under_every_address(
    desk: Table, site: Site
) -> None:
    first = await learned(desk, "/c")
    site.serve("/new")
    site.lead("/c", "/new")
    await desk.wait(3 * DAY_S)
    (head,) = await heads(desk)
    assert (head.subject_id, head.n, head.after.url) == (first.subject_id, 2, f"{SITE}/new")
    assert head.why == f"it is at {SITE}/new now"
    for path in ("/new", "/c"):
        assert (await learned(desk, path)).subject_id == first.subject_id
    await linked(desk, f"see {SITE}/new")
    site.drop("/c")
    await desk.wait(3 * DAY_S)
    assert (await known(desk), len(await heads(desk))) == ({"/new": "/new"}, 1)


async def test_a_page_that_moved_and_is_learned_before_that_was_seen_is_the_same_document(
    desk: Table, site: Site
) -> None:
    first = await learned(desk, "/c")
    site.serve("/new")
    site.lead("/c", "/new")
    assert (await learned(desk, "/c")).subject_id == first.subject_id
    assert await known(desk) == {"/new": "/c"}


async def test_a_page_that_moves_to_where_a_document_is_gives_way_to_it_with_its_links(desk: Table, site: Site) -> None:
    site.serve("/new")
    old, new = await learned(desk, "/c"), await learned(desk, "/new")
    site.lead("/c", "/new")
    await desk.wait(3 * DAY_S)
    assert await known(desk) == {"/new": "/new"}
    async with desk.desk.records.read() as work:
        assert {one.address for one in await work.links.of_document(new.subject_id)} == {f"{SITE}/new", f"{SITE}/c"}
        gone = await work.ledger.head(old.subject_id)
    assert gone is not None
    assert gone.why == f"its page is document {new.subject_id[:8]} now"
    site.leads.clear()
    site.serve("/c", f"{SAID} Again.")
    await desk.wait(20 * DAY_S)
    assert await known(desk) == {"/new": "/new", "/c": "/c"}


@pytest.mark.parametrize("first", ["/c", "/new"])
async def test_where_two_become_one_the_audience_that_was_named_stands(desk: Table, site: Site, first: str) -> None:
    site.serve("/new")
    await learned(desk, first, INTERNAL)
    await learned(desk, "/new" if first == "/c" else "/c")
    site.lead("/c", "/new")
    await desk.wait(3 * DAY_S)
    live = [one.after for one in await heads(desk) if one.after.status is not EntryStatus.RETIRED]
    assert [(one.url, one.audience) for one in live] == [(f"{SITE}/new", INTERNAL)]
    site.serve("/new", f"{SAID} And more.")
    await desk.wait(20 * DAY_S)
    await linked(desk, f"see {SITE}/c and {SITE}/new")
    assert await known(desk) == {"/new": "/c" if first == "/c" else "/new"}


@pytest.mark.parametrize(("named", "stays"), [(INTERNAL, True), (SHARED, False)])
async def test_where_two_of_one_audience_become_one_what_was_named_narrow_stays_so(
    desk: Table, site: Site, named: Audience, stays: bool
) -> None:
    site.serve("/new", with_credentials=named == INTERNAL)
    await learned(desk, "/c", named)
    new = await learned(desk, "/new")
    assert new.after.audience == named
    site.lead("/c", "/new")
    await desk.wait(3 * DAY_S)
    assert await known(desk) == {"/new": "/new"}
    async with desk.desk.records.read() as work:
        source = await work.documents.get(new.subject_id)
    assert source is not None
    assert source.named is stays, "that one page is for all, whoever opens it, says nothing of another"


async def test_a_page_that_was_approved_waits_where_it_moves(desk: Table, site: Site) -> None:
    await approval(desk)
    await linked(desk, f"see {SITE}/c")
    (head,) = await heads(desk)
    await approve_by_hand(head.subject_id, desk.desk)
    site.serve("/new")
    site.lead("/c", "/new")
    await desk.wait(3 * DAY_S)
    (head,) = await heads(desk)
    assert (head.after.status, head.why) == (EntryStatus.CANDIDATE, f"it is at {SITE}/new now, and waits again")


async def test_what_an_address_leads_to_by_now_and_cannot_be_kept_harms_no_document(desk: Table, site: Site) -> None:
    site.lead("/latest", "/c")
    await learned(desk, "/latest")
    await learned(desk, "/c")
    site.serve("/d?token=ghp_16C7e42F292c6912E7710c838347Ae178B4a")
    site.lead("/latest", "/d?token=ghp_16C7e42F292c6912E7710c838347Ae178B4a")
    await desk.wait(3 * DAY_S)
    assert await known(desk) == {"/c": "/c"}


async def test_what_an_address_leads_to_by_now_waits_where_its_document_ever_did(desk: Table, site: Site) -> None:
    await approval(desk)
    site.lead("/latest", "/c")
    await linked(desk, f"see {SITE}/latest and {SITE}/c")
    (head,) = await heads(desk)
    await approve_by_hand(head.subject_id, desk.desk)
    site.serve("/d")
    site.lead("/latest", "/d")
    await desk.wait(3 * DAY_S)
    found = {one.after.url: one.after.status for one in await heads(desk)}
    assert found == {f"{SITE}/c": EntryStatus.ACTIVE, f"{SITE}/d": EntryStatus.CANDIDATE}


async def test_an_address_that_leads_to_each_newest_version_is_followed_and_versions_stay_apart(
    desk: Table, site: Site
) -> None:
    for n in (2, 3, 4):
        site.serve(f"/v{n}", f"{SAID} Version {n}.")
    site.lead("/latest", "/v2")
    first = await learned(desk, "/latest")
    site.lead("/latest", "/v3")
    await desk.wait(3 * DAY_S)
    assert await known(desk) == {"/v3": "/latest"}
    second = await learned(desk, "/v2")
    assert second.subject_id != first.subject_id
    assert (await learned(desk, "/v2")).subject_id == second.subject_id
    await learned(desk, "/v3")
    await desk.wait(3 * DAY_S)
    assert await known(desk) == {"/v3": "/latest", "/v2": "/v2"}
    site.lead("/latest", "/v4")
    await desk.wait(3 * DAY_S)
    assert await known(desk) == {"/v4": "/latest", "/v3": "/v3", "/v2": "/v2"}
    assert all(f"Version {one.after.url[-1]}" in one.after.answer for one in await heads(desk))


async def test_what_an_address_leads_to_by_now_is_for_no_more_than_may_open_it(desk: Table, site: Site) -> None:
    site.lead("/latest", "/c")
    await learned(desk, "/latest")
    await learned(desk, "/c")
    site.serve("/d", with_credentials=True)
    site.lead("/latest", "/d")
    await desk.wait(3 * DAY_S)
    found = {one.after.url: one.after.audience for one in await heads(desk)}
    assert found == {f"{SITE}/c": SHARED, f"{SITE}/d": INTERNAL}


async def test_a_page_whose_site_leads_to_its_start_is_gone_and_back(desk: Table, site: Site) -> None:
    site.serve("/", "Welcome to all of our documentation.")
    site.serve("/d", f"{SAID} And more.")
    for path in ("/c", "/d"):
        await learned(desk, path)
        site.lead(path, "/")
    await desk.wait(3 * DAY_S)
    assert await known(desk) == {}
    assert {one.why.partition(" leads")[2] for one in await heads(desk)} == {" to the start page of its site now."}
    site.leads.clear()
    site.serve("/c")
    await desk.wait(10 * DAY_S)
    assert await known(desk) == {"/c": "/c"}


async def test_a_start_page_may_move(desk: Table, site: Site) -> None:
    site.serve("/")
    await learned(desk, "/")
    site.pages.clear()
    site.put("https://new.example/", "", title="Uploads", sections=WORDS)
    site.leads[f"{SITE}/"] = "https://new.example/"
    await desk.wait(3 * DAY_S)
    assert list(await known(desk)) == ["https://new.example/"]


async def test_a_card_stands_while_its_page_only_moves(desk: Table, site: Site) -> None:
    await cited(desk, f"see {SITE}/c")
    site.serve("/new")
    site.lead("/c", "/new")
    await desk.wait(3 * DAY_S)
    assert list(await known(desk)) == ["/new"]
    assert [card.state for card in desk.messenger.posted.values()] == [CardState.POSTED]
