"""In recorded history a reaction on a question accepts the answer that it is given; on a live channel only the button does."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.desk.accept_reactions import NOT_ANSWERED, NOT_THEIRS, why_unmatched
from core.domain.cards import CardState
from core.domain.events import ReactionChanged
from core.domain.people import Person
from core.domain.sessions import QuestionState
from tests.unit.desk.clicking import ASKED, Clicking, answered
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, Table, table

STRANGER = Person("UELSE", "Pat", "T0ELSE")
UNKNOWN = "why is the moon not made of cheese?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, accept_reactions=frozenset({"accept"}), send_delay_s=4.0) as one:
        await one.know(ASKED)
        yield one


async def _react(desk: Table, ts: str, by: Person = CUSTOMER, name: str = "accept") -> ReactionChanged:
    event = ReactionChanged(
        source="test", external_id=f"{ts}:{name}:{by.id}", at=desk.clock.now(), channel=CHANNEL, message_id=ts, by=by,
        name=name,
    )  # fmt: skip
    await desk.intake.receive(event)
    return event


async def _why(desk: Table, event: ReactionChanged) -> str:
    async with desk.desk.records.read() as work:
        return await why_unmatched(work, event)


@pytest.mark.parametrize(("by", "role"), [(CUSTOMER, "requester"), (ANALYST, "analyst")])
async def test_it_accepts_what_was_answered_to_the_question(desk: Table, by: Person, role: str) -> None:
    one = await _posted(desk)
    event = await _react(desk, one.ts, by)
    await desk.wait(5)
    assert [(f.kind, f.actor, f.role, f.at) for f in await one.clicks()] == [("accept", by.id, role, event.at)]
    assert ((await one.asked()).state, one.shown.state) == (QuestionState.ACCEPTED, CardState.ACCEPTED)
    assert one.shown.marks[0].by == by.name
    assert (await one.history("known"))[-1].after.confirmations == 1
    assert await _why(desk, event) == ""


async def _posted(desk: Table) -> Clicking:
    ts = await desk.post(ASKED)
    await desk.wait(8)
    (card,) = desk.messenger.posted.values()
    return Clicking(desk, ts, card.sections[0].answer.id, card.sections[0].question, card.id)


async def test_one_that_comes_before_the_answer_accepts_it_a_second_after_the_card(desk: Table) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(1)
    event = await _react(desk, ts)
    assert await _why(desk, event) == NOT_ANSWERED
    await desk.wait(600)
    (card,) = desk.messenger.posted.values()
    one = Clicking(desk, ts, card.sections[0].answer.id, card.sections[0].question, card.id)
    async with desk.desk.records.read() as work:
        answer = await work.answers.get(one.answer)
    assert answer is not None
    assert answer.sent_at is not None
    (click,) = await one.clicks()
    assert (click.at - answer.sent_at).total_seconds() == 1
    assert card.state is CardState.ACCEPTED
    assert await _why(desk, event) == ""


async def test_one_by_somebody_who_may_not_accepts_nothing_and_is_told(desk: Table) -> None:
    early = await desk.post(ASKED)
    await _react(desk, early, STRANGER)
    await desk.wait(8)
    (card,) = desk.messenger.posted.values()
    event = await _react(desk, early, STRANGER, "accept::skin-tone-2")
    await desk.wait(5)
    one = Clicking(desk, early, card.sections[0].answer.id, card.sections[0].question, card.id)
    assert (await one.clicks(), await _why(desk, event)) == ([], NOT_THEIRS)


async def test_one_on_a_message_that_got_no_answer_accepts_nothing(desk: Table) -> None:
    ts = await desk.post(UNKNOWN)
    await desk.wait(8)
    event = await _react(desk, ts)
    await desk.wait(5)
    assert desk.messenger.posted == {}
    assert await _why(desk, event) == NOT_ANSWERED


async def test_a_second_reaction_is_the_same_click(desk: Table) -> None:
    one = await _posted(desk)
    for by in (CUSTOMER, ANALYST):
        event = await _react(desk, one.ts, by)
        await desk.wait(5)
        assert await _why(desk, event) == ""
    assert len(await one.clicks()) == 1


async def test_another_reaction_is_no_accept(desk: Table) -> None:
    one = await _posted(desk)
    await _react(desk, one.ts, name="tada")
    await desk.wait(5)
    assert await one.clicks() == []


async def test_on_a_live_channel_a_reaction_is_no_accept(tmp_path: Path) -> None:
    async with table(tmp_path) as live:
        await live.know(ASKED)
        one = await answered(live)
        await _react(live, one.ts)
        await live.wait(5)
        assert await one.clicks() == []
        assert one.shown.state is CardState.POSTED
