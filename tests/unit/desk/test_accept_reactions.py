"""A reaction on a card, or on the question that it answers, accepts like a click, and taken back undoes that."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.desk.accept_reactions import NOT_ANSWERED, NOT_THEIRS, why_unmatched
from core.domain.cards import CardState
from core.domain.events import ReactionChanged
from core.domain.ids import CardId
from core.domain.people import Person
from core.domain.sessions import Phase, QuestionState
from tests.unit.desk.clicking import ASKED, Clicking
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, Table, table

STRANGER = Person("UELSE", "Pat", "T0ELSE")
UNKNOWN = "why is the moon not made of cheese?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, accept_reactions=frozenset({"accept"}), send_delay_s=4.0) as one:
        await one.know(ASKED)
        yield one


async def _react(
    desk: Table, ts: str, by: Person = CUSTOMER, name: str = "accept", *, added: bool = True
) -> ReactionChanged:
    event = ReactionChanged(
        source="test", external_id=f"{ts}:{name}:{by.id}:{added}", at=desk.clock.now(), channel=CHANNEL, message_id=ts,
        by=by, name=name, added=added,
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


async def _card_ts(desk: Table) -> str:
    (name,) = desk.messenger.posted
    async with desk.desk.records.read() as work:
        item = await work.outbox.get(CardId(name))
    assert item is not None
    assert item.platform_id is not None
    return item.platform_id


@pytest.mark.parametrize("on_card", [True, False])
async def test_taken_back_it_undoes_what_it_did(desk: Table, *, on_card: bool) -> None:
    one = await _posted(desk)
    ts = await _card_ts(desk) if on_card else one.ts
    await _react(desk, ts)
    await desk.wait(5)
    assert ((await one.asked()).state, one.shown.state) == (QuestionState.ACCEPTED, CardState.ACCEPTED)
    await _react(desk, ts, added=False)
    await desk.wait(5)
    assert [f.kind for f in await one.clicks()] == ["accept", "undo"]
    assert ((await one.asked()).state, one.shown.state) == (QuestionState.ANSWERED, CardState.POSTED)


@pytest.mark.parametrize("on_card", [True, False])
async def test_taken_back_it_undoes_no_click_and_nobody_elses(desk: Table, *, on_card: bool) -> None:
    one = await _posted(desk)
    ts = await _card_ts(desk) if on_card else one.ts
    await one.click()
    for by in (CUSTOMER, ANALYST):
        await _react(desk, ts, by)
        await _react(desk, ts, by, added=False)
        await desk.wait(5)
    assert [f.kind for f in await one.clicks()] == ["accept"]


async def test_one_taken_back_before_the_answer_accepts_nothing(desk: Table) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(1)
    await _react(desk, ts)
    await _react(desk, ts, added=False)
    await desk.wait(600)
    (card,) = desk.messenger.posted.values()
    assert card.state is CardState.POSTED


async def test_on_a_card_only_who_may_click_accepts(desk: Table) -> None:
    one = await _posted(desk)
    await _react(desk, await _card_ts(desk), STRANGER)
    await desk.wait(5)
    assert await one.clicks() == []


async def test_a_resolve_reaction_on_a_card_closes_the_session(desk: Table) -> None:
    one = await _posted(desk)
    await _react(desk, await _card_ts(desk), name="white_check_mark")
    async with desk.desk.records.read() as work:
        session = await work.sessions.get((await one.asked()).session)
    assert session is not None
    assert session.phase is Phase.CLOSED
