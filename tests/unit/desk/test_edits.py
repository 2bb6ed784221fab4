"""A posted card is edited: durably, in the end as it was last said to look, and never where it was not to be seen."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.desk.edits import accepted, as_posted, back, edit_card, reopened, withdrawn
from core.domain.answers import Answer
from core.domain.cards import Card, CardAction, CardSection, CardState, Destination, OutboxState
from core.domain.errors import CallerError, FinalError, TransientError
from core.domain.ids import AnswerId, CardId, QuestionId, SessionId, TurnId
from core.domain.jobs import JobState, Lane
from tests.unit.desk.support import CHANNEL, Table, table

NOW = datetime(2026, 11, 2, 14, 2, tzinfo=UTC)
ASKED = "why do multipart uploads fail with SlowDown?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        await one.know(ASKED)
        yield one


async def _posted(desk: Table) -> Card:
    await desk.post(ASKED)
    await desk.wait(5)
    (card,) = desk.messenger.posted.values()
    return card


async def _withdraw(desk: Table, card: CardId) -> Card | None:
    now = desk.clock.now()
    async with desk.desk.records.begin() as work:
        return await edit_card(work, card, lambda one: withdrawn(one, now, "withdrawn"), now)


async def _state(desk: Table, card: CardId, state: OutboxState) -> None:
    async with desk.desk.records.begin() as work:
        item = await work.outbox.get(card)
        assert item is not None
        later = desk.clock.now() + timedelta(seconds=3)
        await work.outbox.put(replace(item, state=state, platform_id=None, not_before=later))


async def test_an_edit_reaches_the_platform(desk: Table) -> None:
    card = await _posted(desk)
    edited = await _withdraw(desk, card.id)
    assert desk.messenger.posted[card.id].state is CardState.POSTED, "not inside the transaction"
    await desk.wait(0)
    assert desk.messenger.posted[card.id] == edited


async def test_an_outage_of_the_platform_only_delays_it(desk: Table) -> None:
    card = await _posted(desk)
    desk.messenger.update_failures = [TransientError("busy", 30.0), TransientError("away")]
    await _withdraw(desk, card.id)
    await desk.wait(29)
    assert desk.messenger.posted[card.id].state is CardState.POSTED
    await desk.wait(600)
    assert desk.messenger.posted[card.id].state is CardState.WITHDRAWN


async def test_a_refused_edit_is_given_up_and_stops_nothing(desk: Table) -> None:
    card = await _posted(desk)
    desk.messenger.update_failures = [FinalError("no")]
    await _withdraw(desk, card.id)
    await desk.wait(600)
    assert desk.messenger.posted[card.id].state is CardState.POSTED
    async with desk.desk.records.read() as work:
        assert await work.owners.listing(Lane.EDIT) == []


async def test_an_edit_that_a_missing_right_stops_waits_with_its_sentence_for_a_restart(desk: Table) -> None:
    card = await _posted(desk)
    desk.messenger.update_failures = [CallerError("The app lacks the scope chat:write.")]
    await _withdraw(desk, card.id)
    await desk.wait(600)
    async with desk.desk.records.begin() as work:
        [job] = await work.owners.listing(Lane.EDIT)
        await work.owners.release("another")
    assert (job.state, job.reason) == (JobState.PARKED, "The app lacks the scope chat:write.")
    await desk.wait(600)
    assert desk.messenger.posted[card.id].state is CardState.WITHDRAWN


async def test_of_two_edits_the_last_one_stands_though_the_first_fails(desk: Table) -> None:
    card = await _posted(desk)
    desk.messenger.update_failures = [TransientError("busy")]
    await _withdraw(desk, card.id)
    await desk.wait(0)
    async with desk.desk.records.begin() as work:
        await edit_card(work, card.id, as_posted, desk.clock.now())
    await desk.wait(600)
    assert desk.messenger.posted[card.id] == card
    assert desk.messenger.calls.count("update") == 2


async def test_a_card_that_was_never_to_be_seen_is_not_edited(desk: Table) -> None:
    card = await _posted(desk)
    for state in (OutboxState.PENDING, OutboxState.DROPPED):
        await _state(desk, card.id, state)
        assert await _withdraw(desk, card.id) is None
    assert await _withdraw(desk, CardId("unknown")) is None
    async with desk.desk.records.read() as work:
        assert await work.owners.listing(Lane.EDIT) == []


async def test_an_edit_of_a_card_whose_post_is_not_confirmed_yet_waits_for_that(desk: Table) -> None:
    card = await _posted(desk)
    await _state(desk, card.id, OutboxState.SENDING)
    await _withdraw(desk, card.id)
    await desk.wait(1)
    assert "update" not in desk.messenger.calls
    await desk.wait(600)
    assert desk.messenger.posted[card.id].state is CardState.WITHDRAWN
    assert desk.messenger.calls.count("send") == 1


async def test_an_edit_while_the_card_is_being_sent_is_not_lost(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    real = desk.messenger.send

    async def send(card: Card) -> str:
        post = await real(card)
        await _withdraw(desk, card.id)
        return post

    monkeypatch.setattr(desk.messenger, "send", send)
    card = await _posted(desk)
    await desk.wait(60)
    assert card.state is CardState.WITHDRAWN


def _two_answers() -> Card:
    session = SessionId("s")
    sections = [
        CardSection(QuestionId(f"q-{name}"), name, Answer(AnswerId(name), QuestionId(f"q-{name}"), session, (), ()))
        for name in ("one", "two")
    ]
    actions = tuple(CardAction("accept", section.answer.id) for section in sections)
    return Card(CardId("c"), session, TurnId("t"), Destination(CHANNEL), "en", tuple(sections), actions=actions)


def test_marks_decide_what_can_be_clicked() -> None:
    card = _two_answers()
    one, two = (section.answer.id for section in card.sections)
    first = accepted(card, one, "Dana", NOW)
    assert (first.state, first.actions) == (
        CardState.POSTED,
        (CardAction("undo_accept", one), CardAction("accept", two)),
    )
    both = accepted(first, two, "Kim", NOW)
    assert (both.state, [m.by for m in both.marks]) == (CardState.ACCEPTED, ["Dana", "Kim"])
    assert reopened(reopened(both, one), two) == card
    gone = withdrawn(both, NOW, "withdrawn")
    assert (gone.state, gone.actions, len(gone.marks)) == (CardState.WITHDRAWN, (), 1)
    assert accepted(gone, one, "Dana", NOW) == first, "a late Accept makes it stand again"
    kept = accepted(gone, one, "Dana", NOW, stands=False)
    assert (kept.state, kept.actions, back(kept)) == (CardState.WITHDRAWN, (), first)
