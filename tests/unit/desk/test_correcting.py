"""A thread that was answered from what no longer holds is told what does, by an analyst, once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.cards import CardKind, CardState, Notice
from core.domain.channels import DeliveryMode
from core.domain.errors import FinalError
from core.domain.ids import EntryId
from core.domain.replies import Form
from core.knowledge.ledger import Because, retire, update
from tests.unit.desk.asking import home, press, submit, targets, told
from tests.unit.desk.clicking import ASKED, Clicking, answered
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, Table, table

HOLDS = "Set `part_size=128` instead."
DAY_S = 90_000.0


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[Clicking]:
    """A thread that was answered, and closed since."""
    async with table(tmp_path, analysts=frozenset({ANALYST.id})) as desk:
        await desk.know(ASKED)
        one = await answered(desk)
        await desk.wait(DAY_S)
        yield one


async def _retire(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        await retire(work, EntryId("known"), Because("wrong", "test:retire", desk.clock.now()))
    await desk.wait(5)


async def _reword(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        head = await work.ledger.head(EntryId("known"))
        assert head is not None
        await update(work, replace(head.after, answer=HOLDS), Because("reworded", "test:update", desk.clock.now()))
    await desk.wait(5)


async def test_the_thread_is_listed_and_told_what_holds_and_leaves_the_list(asked: Clicking) -> None:
    desk = asked.table
    assert targets(await home(desk), "post_correction") == []
    await _retire(desk)
    page = await home(desk)
    assert targets(page, "post_correction") == [asked.answer]
    assert ASKED in told(page)
    form = await press(desk, "post_correction", asked.answer)
    assert isinstance(form, Form)
    after = await submit(desk, form.id, form.target, correction=HOLDS)
    assert targets((await home(desk)), "post_correction") == []
    assert "The correction is being posted." in told(after)
    await desk.wait(5)
    old, new = list(desk.messenger.posted.values())
    assert old.state is CardState.WITHDRAWN
    assert (new.kind, new.sections, new.destination.thread) == (CardKind.CORRECTION, (), asked.ts)
    assert new.notice == Notice("correction_by", (("by", "Ana"), ("text", HOLDS)))


async def test_the_record_of_the_answers_turn_stays_as_it_was(asked: Clicking) -> None:
    await _retire(asked.table)
    session = await asked.table.session_of(asked.ts)
    before = await asked.table.turns(session.id)
    await submit(asked.table, "post_correction", asked.answer, correction=HOLDS)
    await asked.table.wait(5)
    assert await asked.table.turns(session.id) == before
    assert await asked.table.session_of(asked.ts) == session


async def test_the_form_is_filled_with_what_the_entry_says_now(asked: Clicking) -> None:
    await _reword(asked.table)
    form = await press(asked.table, "post_correction", asked.answer)
    assert isinstance(form, Form)
    assert form.fields[0].value == HOLDS


async def test_a_correction_is_posted_once(asked: Clicking) -> None:
    desk = asked.table
    await _retire(desk)
    await submit(desk, "post_correction", asked.answer, correction=HOLDS)
    again = await submit(desk, "post_correction", asked.answer, correction="Something else.")
    assert "Somebody has changed this meanwhile." in told(again)
    assert "Somebody has changed this meanwhile." in told(await press(desk, "post_correction", asked.answer))
    await desk.wait(5)
    assert len(desk.messenger.posted) == 2


async def test_what_still_stands_is_not_corrected(asked: Clicking) -> None:
    assert "changed this meanwhile" in told(await press(asked.table, "post_correction", asked.answer))
    assert "changed this meanwhile" in told(
        await submit(asked.table, "post_correction", asked.answer, correction=HOLDS)
    )
    assert "changed this meanwhile" in told(await press(asked.table, "post_correction", "nothing"))
    assert len(asked.table.messenger.posted) == 1


@pytest.mark.parametrize(("text", "wrong"), [(" ", "must_not_be_empty"), ("x" * 801, "correction_too_long")])
async def test_what_cannot_be_posted_comes_back(asked: Clicking, text: str, wrong: str) -> None:
    await _retire(asked.table)
    form = await submit(asked.table, "post_correction", asked.answer, correction=text)
    assert isinstance(form, Form)
    assert form.errors == (("correction", wrong),)
    assert targets(await home(asked.table), "post_correction") == [asked.answer]


async def test_a_channel_that_is_silent_by_now_is_left_in_peace(asked: Clicking) -> None:
    desk = asked.table
    await _retire(desk)
    await submit(desk, "config", CHANNEL.channel, channel=CHANNEL, mode=f"mode_{DeliveryMode.SHADOW}")
    form = await submit(desk, "post_correction", asked.answer, correction=HOLDS)
    assert isinstance(form, Form)
    assert form.errors == (("correction", "channel_is_silent"),)


async def test_only_an_analyst_corrects(asked: Clicking) -> None:
    await _retire(asked.table)
    assert await press(asked.table, "post_correction", asked.answer, CUSTOMER) == Notice("only_analyst")
    refused = await submit(asked.table, "post_correction", asked.answer, CUSTOMER, correction=HOLDS)
    assert refused == Notice("only_analyst")
    await asked.table.wait(5)
    assert len(asked.table.messenger.posted) == 1


async def test_somebody_who_writes_on_does_not_stop_a_correction(tmp_path: Path) -> None:
    async with table(tmp_path, analysts=frozenset({ANALYST.id})) as desk:
        await desk.know(ASKED)
        one = await answered(desk)
        await _retire(desk)
        await submit(desk, "post_correction", one.answer, correction=HOLDS)
        await desk.post("and one more thing, thanks", thread=one.ts)
        await desk.wait(30)
        assert [card.kind for card in desk.messenger.posted.values()] == [CardKind.ANSWER, CardKind.CORRECTION]


async def test_a_correction_that_was_never_posted_withdraws_nothing_and_is_wanted_still(asked: Clicking) -> None:
    desk = asked.table
    await _retire(desk)
    desk.messenger.failures = [FinalError("Slack refuses it (is_archived).")]
    await submit(desk, "post_correction", asked.answer, correction=HOLDS)
    await desk.wait(5)
    assert [card.state for card in desk.messenger.posted.values()] == [CardState.POSTED]
    page = await home(desk)
    assert targets(page, "post_correction") == [asked.answer]
    assert "Not sent: the platform refused it." in told(page)
    await submit(desk, "post_correction", asked.answer, correction=HOLDS)
    await desk.wait(5)
    assert [card.state for card in desk.messenger.posted.values()] == [CardState.WITHDRAWN, CardState.POSTED]
    assert targets(await home(desk), "post_correction") == []
