"""A person's home: the week for everybody; for analysts what waits for them, and the channels."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.slack.render.limits import MOST_VIEW_BLOCKS
from adapters.slack.render.listing import home_view
from core.domain.cards import ActionKind, Notice
from core.domain.channels import Channel, ChannelRef, ChannelSettings, DeliveryMode
from core.domain.ids import EntryId, MessageId
from core.domain.knowledge import QA, Audience, EntryStatus, KnowledgeEntry
from core.domain.pages import PageKind
from core.domain.replies import Form
from core.knowledge.ledger import Because, add, retire
from tests.unit.desk.asking import home, press, submit, targets, told
from tests.unit.desk.clicking import ASKED, answered
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, HOME, Table, table


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, analysts=frozenset({ANALYST.id})) as one:
        yield one


async def candidate(desk: Table, name: str = "waits", *messages: str) -> str:
    """Let an entry wait for an approval; gives what its buttons act on."""
    now = desk.clock.now()
    entry = KnowledgeEntry(
        id=EntryId(name), kind=QA, audience=Audience.customer("T0CUS"), title=f"Title of {name}", question="why?",
        answer=f"Answer of {name}.", created_at=now, updated_at=now, status=EntryStatus.CANDIDATE,
    )  # fmt: skip
    async with desk.desk.records.begin() as work:
        sources = tuple(MessageId(one) for one in messages)
        await add(work, entry, Because("a lesson", f"test:{name}", now, sources))
    desk.clock.pass_s(1)
    return f"{name}@1"


async def status(desk: Table, name: str = "waits") -> EntryStatus:
    async with desk.desk.records.read() as work:
        head = await work.ledger.head(EntryId(name))
    assert head is not None
    return head.after.status


async def test_everybody_sees_the_week_and_how_to_ask_and_nothing_of_the_queue(desk: Table) -> None:
    await candidate(desk)
    page = await home(desk, CUSTOMER)
    assert page.kind is PageKind.HOME
    assert "Questions answered: 0" in told(page)
    assert "/vigil QUESTION" in told(page)
    assert "waits" not in told(page)
    assert targets(page, "approve") == []


async def test_the_home_speaks_the_language_of_the_teams_scope(tmp_path: Path) -> None:
    async with table(tmp_path, scope="对象存储产品的功能、用法与故障排查。") as desk:
        assert "最近七天" in told(await home(desk))


async def test_an_analyst_sees_what_waits_with_its_audience_and_its_source(desk: Table) -> None:
    await desk.post("We lower part_size and it works.", ANALYST, ts="1.1")
    session = await desk.session_of("1.1")
    (message,) = await desk.messages(session.id)
    target = await candidate(desk, "waits", message.id)
    page = await home(desk)
    for words in ("Title of waits", "Answer of waits.", "for the customer T0CUS only", "We lower part_size"):
        assert words in told(page)
    for action in ("approve", "edit_entry", "reject"):
        assert targets(page, action) == [target]


async def test_what_an_approval_lets_through_is_retrieved(desk: Table) -> None:
    page = await press(desk, "approve", await candidate(desk))
    assert "Approved." in told(page)
    assert "Nothing waits for review." in told(page)
    assert await status(desk) is EntryStatus.ACTIVE
    await desk.wait(5)
    assert await desk.desk.store.inventory() == {"waits": 2}
    async with desk.desk.records.read() as work:
        (row,) = await work.feedback.of_target("entry", "waits")
    assert (row.actor, row.kind) == (ANALYST.id, "approve")


async def test_what_is_rejected_is_retired(desk: Table) -> None:
    assert "Rejected." in told(await press(desk, "reject", await candidate(desk)))
    assert await status(desk) is EntryStatus.RETIRED


async def test_an_edit_puts_the_analysts_words_in_place_and_approves_them(desk: Table) -> None:
    target = await candidate(desk)
    form = await press(desk, "edit_entry", target)
    assert isinstance(form, Form)
    assert {field.name: field.value for field in form.fields} == {
        "title": "Title of waits", "answer": "Answer of waits.", "conditions": "",
    }  # fmt: skip
    title, answer, conditions = "Uploads fail", "Set `part_size=64`.", "Go SDK below 2.1.4"
    after = await submit(desk, form.id, form.target, title=title, answer=answer, conditions=conditions)
    assert "Approved." in told(after)
    async with desk.desk.records.read() as work:
        history = await work.ledger.history(EntryId("waits"))
    now = history[-1].after
    assert (now.title, now.answer, now.conditions, now.status) == (title, answer, conditions, EntryStatus.ACTIVE)
    assert history[-1].job.startswith("hand:edit:")
    assert (now.question, now.audience) == (history[0].after.question, history[0].after.audience)


async def test_an_edit_without_an_answer_comes_back(desk: Table) -> None:
    target = await candidate(desk)
    form = await submit(desk, "edit_entry", target, title="Uploads fail", answer=" ")
    assert isinstance(form, Form)
    assert form.errors == (("answer", "must_not_be_empty"),)
    assert await status(desk) is EntryStatus.CANDIDATE


@pytest.mark.parametrize("action", ["approve", "edit_entry", "reject"])
async def test_only_an_analyst_decides(desk: Table, action: str) -> None:
    target = await candidate(desk)
    assert await press(desk, action, target, CUSTOMER) == Notice("only_analyst")
    assert await submit(desk, "edit_entry", target, CUSTOMER, title="x", answer="y") == Notice("only_analyst")
    assert await status(desk) is EntryStatus.CANDIDATE


@pytest.mark.parametrize("action", ["approve", "edit_entry", "reject"])
async def test_a_button_of_another_revision_says_so_and_does_nothing(desk: Table, action: str) -> None:
    target = await candidate(desk)
    await press(desk, "reject", target)
    assert "Somebody has changed this meanwhile." in told(await press(desk, action, target))
    assert "Somebody has changed this meanwhile." in told(
        await submit(desk, "edit_entry", target, title="x", answer="y")
    )
    assert "Somebody has changed this meanwhile." in told(await press(desk, action, "nothing"))
    async with desk.desk.records.read() as work:
        assert len(await work.ledger.history(EntryId("waits"))) == 2


async def test_a_channel_is_configured_from_the_home(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        shared = frozenset({"T0CUS", "T0OTHER"})
        paused = ChannelSettings(paused=True)
        await work.channels.put(Channel(CHANNEL, "support", external=True, organisations=shared, settings=paused))
    page = await home(desk)
    assert "#support · paused · shared with 2 organisations" in told(page)
    (channel,) = targets(page, "configure")
    form = await press(desk, "configure", channel)
    assert isinstance(form, Form)
    assert await press(desk, "configure", CHANNEL.channel, CUSTOMER) == Notice("only_analyst")
    assert await press(desk, "configure", "C0UNKNOWN") == Notice("card_unknown")
    after = await submit(desk, form.id, form.target, mode="mode_shadow", session="session_thread")
    assert "Saved." in told(after)
    async with desk.desk.records.read() as work:
        assert (await work.channels.get(CHANNEL)).settings.mode is DeliveryMode.SHADOW


async def test_the_home_works_where_all_channels_are_off(tmp_path: Path) -> None:
    async with table(tmp_path, mode=DeliveryMode.OFF) as desk:
        assert "Approved." in told(await press(desk, "approve", await candidate(desk)))


async def test_of_many_the_first_ten_are_shown_and_all_of_it_fits_on_a_home_tab(desk: Table) -> None:
    for n in range(13):
        await candidate(desk, f"e{n:02}")
        channel = ChannelRef("slack", HOME, f"C1{n:02}")
        async with desk.desk.records.begin() as work:
            await work.channels.put(Channel(channel, f"support-{n:02}"))
        await desk.know(f"{ASKED} number {n}", name=f"k{n}", answer=f"Set `part_size={n}`.")
        await answered(desk, f"{ASKED} number {n}", channel)
    async with desk.desk.records.begin() as work:
        for n in range(13):
            await retire(work, EntryId(f"k{n}"), Because("wrong", "test:retire", desk.clock.now()))
    page = await home(desk)
    assert [len(targets(page, kind)) for kind in ("approve", "configure", "post_correction")] == [10, 10, 10]
    assert targets(page, "approve")[0] == "e00@1"
    assert told(page).count("and 3 more") == 3
    blocks = home_view(page)["blocks"]
    assert isinstance(blocks, list)
    assert len(blocks) < MOST_VIEW_BLOCKS
    assert "How to use Vigil" in str(blocks[-2:])


async def test_what_is_too_long_for_a_form_is_not_edited_there(desk: Table) -> None:
    target = await candidate(desk)
    async with desk.desk.records.begin() as work:
        head = await work.ledger.head(EntryId("waits"))
        assert head is not None
        long = replace(head.after, id=EntryId("long"), answer="x" * 3001)
        await add(work, long, Because("a lesson", "test:long", desk.clock.now()))
    assert "too long to be edited" in told(await press(desk, ActionKind.EDIT_ENTRY, "long@1"))
    assert isinstance(await press(desk, ActionKind.EDIT_ENTRY, target), Form)
