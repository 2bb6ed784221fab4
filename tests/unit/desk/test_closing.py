"""A session closes in one way, whoever or whatever closes it (DESIGN 4, Phases)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.desk.last_look import SESSION_CLOSED
from core.domain.cards import OutboxState
from core.domain.channels import ChannelSettings
from core.domain.events import MessagePosted, ReactionChanged
from core.domain.people import Person
from core.domain.sessions import Delivery, Outcome, Phase, QuestionState
from core.session.transcript import waiting
from tests.unit.desk.support import ANALYST, BOT, CHANNEL, CUSTOMER, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, send_delay_s=4.0) as one:
        await one.know(ASKED)
        yield one


async def _close(desk: Table, ts: str, how: str, by: Person = CUSTOMER) -> None:
    if how == "command":
        await desk.post("@Vigil close", by, thread=ts, direct=True)
        return
    await desk.intake.receive(
        ReactionChanged(
            source="test",
            external_id=f"{ts}:{by.id}:r",
            at=desk.clock.at,
            channel=CHANNEL,
            message_id=ts,
            by=by,
            name="white_check_mark",
        )
    )


@pytest.mark.parametrize("how", ["command", "reaction"])
async def test_a_question_still_waiting_is_not_answered_but_kept_for_learning(desk: Table, how: str) -> None:
    ts = await desk.post(ASKED)
    desk.clock.pass_s(1)
    await _close(desk, ts, how)
    session = await desk.session_of(ts)
    assert session.phase is Phase.CLOSED
    assert waiting(await desk.messages(session.id)) == ()
    await desk.wait(60)
    assert desk.messenger.posted == {}
    (question,) = await desk.questions(session.id)
    assert (question.query, question.state) == (ASKED, QuestionState.UNRESOLVED)
    (turn,) = await desk.turns(session.id)
    assert (turn.questions[0].outcome, turn.questions[0].reason) == (Outcome.SUPERSEDED, SESSION_CLOSED)


@pytest.mark.parametrize("how", ["command", "reaction"])
async def test_only_who_asks_in_it_and_analysts_close_a_session(desk: Table, how: str) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(60)
    await _close(desk, ts, how, Person("UTWO", "Ann", "T0OTHER"))
    assert (await desk.session_of(ts)).phase is Phase.ENGAGED
    await _close(desk, ts, how, ANALYST)
    assert (await desk.session_of(ts)).phase is Phase.CLOSED


@pytest.mark.parametrize("how", ["command", "reaction"])
async def test_a_card_on_its_way_is_dropped(desk: Table, how: str) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(3)
    await _close(desk, ts, how)
    (turn, *_) = await desk.turns((await desk.session_of(ts)).id)
    assert (turn.delivery, turn.delivery_reason) == (Delivery.DROPPED, SESSION_CLOSED)
    assert turn.card is not None
    async with desk.desk.records.read() as work:
        item = await work.outbox.get(turn.card)
    assert item is not None
    assert item.state is OutboxState.DROPPED
    await desk.wait(60)
    assert desk.messenger.posted == {}


@pytest.mark.parametrize("how", ["command", "reaction", "silence"])
async def test_learning_has_its_last_try_also_where_no_analyst_was(desk: Table, how: str) -> None:
    ts = await desk.post("how do I rotate the gateway key?")
    await desk.wait(30)
    if how != "silence":
        await _close(desk, ts, how)
    desk.engine.asked.clear()
    await desk.wait(90_000)
    session = await desk.session_of(ts)
    assert desk.engine.asked == ["extract"]
    assert [q.state for q in await desk.questions(session.id)] == [QuestionState.UNRESOLVED]
    assert waiting(await desk.messages(session.id)) == ()


async def test_the_last_try_does_not_wait_for_the_thread_to_settle(desk: Table) -> None:
    ts = await desk.post("how do I rotate the gateway key?")
    await desk.wait(30)
    await desk.post("Run rotate --now on the gateway node.", ANALYST, thread=ts)
    await desk.wait(30)
    await _close(desk, ts, "command")
    await desk.wait(5)
    assert [q.state for q in await desk.questions((await desk.session_of(ts)).id)] == [QuestionState.UNRESOLVED]


async def test_what_a_first_line_bot_has_stays_open_for_the_hand_over(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        channel = await work.channels.get(CHANNEL)
        await work.channels.put(replace(channel, settings=ChannelSettings(first_line_bot=BOT.id)))
    ts = await desk.post(ASKED)
    await _close(desk, ts, "command")
    session = await desk.session_of(ts)
    assert [m.text for m in waiting(await desk.messages(session.id))] == [ASKED]
    assert await desk.questions(session.id) == []


async def test_who_writes_on_reopens_and_is_answered_alone(desk: Table) -> None:
    ts = await desk.post("hello")
    desk.clock.pass_s(1)
    await _close(desk, ts, "command")
    await desk.post(ASKED, thread=ts)
    await desk.wait(30)
    (card,) = desk.messenger.posted.values()
    assert card.sections[0].asked == ASKED


async def test_silence_closes_too_where_the_platforms_clock_is_ahead_of_ours(desk: Table) -> None:
    ts = await desk.post(ASKED)
    ahead = desk.clock.at + timedelta(seconds=90)
    late = MessagePosted(
        source="test", external_id="late", at=ahead, channel=CHANNEL, message_id="77.7", author=ANALYST,
        text="let me check", thread=ts,
    )  # fmt: skip
    await desk.intake.receive(late)
    await desk.wait(desk.desk.policy.close_after_s + 60)
    assert (await desk.session_of(ts)).phase is Phase.ENGAGED
    await desk.wait(60)
    session = await desk.session_of(ts)
    assert (session.phase, session.close_reason) == (Phase.CLOSED, "silence")
    assert session.closed_at == ahead + timedelta(seconds=desk.desk.policy.close_after_s)
    assert await desk.runner.next_at() is None
