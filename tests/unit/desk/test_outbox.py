"""A card on its way out: errors of the platform, the order within a channel, and what the last look sees (DESIGN 5.7, 8)."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.desk import last_look, outbox
from core.domain.answers import Answer
from core.domain.cards import Card, OutboxItem, OutboxState
from core.domain.errors import CallerError, FinalError, TransientError
from core.domain.events import ReactionChanged
from core.domain.ids import EntryId
from core.domain.knowledge import Audience
from core.domain.people import Person
from core.domain.sessions import Delivery, Outcome, Turn
from core.knowledge.ledger import Because, retire, update
from core.ports.records import UnitOfWork
from tests.unit.desk.support import CHANNEL, CUSTOMER, KNOWN, OTHER, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"
OTHER_ASKED = "how long are logs kept in the console?"
OTHER_KNOWN = "Logs are kept for thirty days."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, send_delay_s=4.0) as one:
        await one.know(ASKED)
        await one.know(OTHER_ASKED, OTHER_KNOWN, name="other")
        yield one


async def _turns(desk: Table, ts: str) -> list[Turn]:
    return await desk.turns((await desk.session_of(ts)).id)


def _said(desk: Table) -> list[str]:
    return [section.answer.plain_text for card in desk.messenger.posted.values() for section in card.sections]


async def test_a_card_that_fails_as_nobody_foresaw_stops_no_other_and_is_given_up(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = desk.messenger.send

    async def send(card: Card) -> str:
        if card.destination.channel == CHANNEL:
            raise RuntimeError("a bug in a platform's library")
        return await real(card)

    monkeypatch.setattr(desk.messenger, "send", send)
    ts = await desk.post(ASKED)
    await desk.post(OTHER_ASKED, channel=OTHER)
    await desk.wait(10)
    assert _said(desk) == [OTHER_KNOWN]
    await desk.wait(2000)
    (turn,) = await _turns(desk, ts)
    assert (turn.delivery, turn.delivery_reason) == (Delivery.DROPPED, last_look.UNFORESEEN)
    assert turn.questions[0].outcome is Outcome.FAILED


async def _answer_of(desk: Table, ts: str) -> tuple[Answer, OutboxItem]:
    async with desk.desk.records.read() as work:
        (answer,) = await work.answers.of_session((await desk.session_of(ts)).id)
        item = await work.outbox.get(answer.card) if answer.card else None
    assert item is not None
    return answer, item


async def test_what_another_loop_has_sent_meanwhile_keeps_its_time(desk: Table) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(30)
    before, item = await _answer_of(desk, ts)
    await desk.wait(60)
    await outbox.deliver(replace(item, state=OutboxState.SENDING), desk.desk)
    assert await _answer_of(desk, ts) == (before, item)


async def test_a_card_that_is_found_counts_as_seen_since_it_was_being_sent(desk: Table) -> None:
    desk.messenger.failures, desk.messenger.lose_answers = [TransientError("dropped")], True
    ts = await desk.post(ASKED)
    await desk.wait(60)
    answer, item = await _answer_of(desk, ts)
    assert desk.messenger.calls == ["send", "find"]
    assert answer.sent_at == item.sending_at


async def test_a_card_that_can_never_be_looked_for_counts_as_seen_in_the_end(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_ATTEMPTS", 2)
    desk.messenger.failures, desk.messenger.lose_answers = [TransientError("dropped")], True
    desk.messenger.find_failures = [RuntimeError("a bug in a platform's library")] * 100
    ts = await desk.post(ASKED)
    await desk.wait(5000)
    (turn,) = await _turns(desk, ts)
    assert (turn.delivery, turn.delivery_reason) == (Delivery.SENT, outbox.UNSURE)
    assert desk.messenger.calls == ["send", "find", "find"]
    assert await desk.runner.next_at() == (await desk.session_of(ts)).last_at + timedelta(days=1)


async def test_records_that_are_held_for_a_moment_only_delay_a_card(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.post(ASKED)
    await desk.wait(3)
    real, failed = desk.desk.records.begin, list[int]()

    def held() -> AbstractAsyncContextManager[UnitOfWork]:
        if not failed:
            failed.append(1)
            raise TransientError("Another program is holding the records.")
        return real()

    monkeypatch.setattr(desk.desk.records, "begin", held)
    await desk.wait(10)
    assert (failed, _said(desk)) == ([1], [KNOWN])


async def test_a_card_that_waits_for_the_platform_is_not_said_again(desk: Table) -> None:
    desk.messenger.failures = [TransientError("Slow down.", retry_after_s=30)]
    ts = await desk.post(ASKED)
    await desk.wait(10)
    await desk.post(ASKED, thread=ts)
    await desk.wait(120)
    first, second = await _turns(desk, ts)
    assert (first.delivery, second.questions[0].outcome) == (Delivery.SENT, Outcome.REPEAT)
    assert _said(desk) == [KNOWN]


async def test_a_card_that_may_be_visible_is_looked_for_until_the_platform_says_so(desk: Table) -> None:
    desk.messenger.failures, desk.messenger.lose_answers = [TransientError("dropped")], True
    desk.messenger.find_failures = [TransientError("Slow down.", retry_after_s=100)] * 20
    ts = await desk.post(ASKED)
    await desk.wait(1000)
    await desk.post(ASKED, thread=ts)
    await desk.wait(2000)
    first, second = await _turns(desk, ts)
    assert (first.delivery, first.delivery_reason) == (Delivery.SENT, "")
    assert second.questions[0].outcome is Outcome.REPEAT
    assert _said(desk) == [KNOWN]


async def test_a_card_that_the_platform_will_not_let_be_looked_for_counts_as_seen(desk: Table) -> None:
    desk.messenger.failures, desk.messenger.lose_answers = [TransientError("dropped")], True
    desk.messenger.find_failures = [FinalError("not allowed to read here")]
    ts = await desk.post(ASKED)
    await desk.wait(60)
    await desk.post(ASKED, thread=ts)
    await desk.wait(60)
    first, second = await _turns(desk, ts)
    assert (first.delivery, first.delivery_reason) == (Delivery.SENT, outbox.UNSURE)
    assert second.questions[0].outcome is Outcome.REPEAT


async def test_a_busy_platform_is_waited_for_as_long_as_the_answer_may_go(desk: Table) -> None:
    desk.messenger.failures = [TransientError("Slow down.", retry_after_s=1)] * 40
    await desk.post(ASKED)
    await desk.wait(60)
    assert _said(desk) == [KNOWN]


async def test_where_the_platform_asks_to_wait_the_channels_later_cards_wait_behind_the_first(desk: Table) -> None:
    desk.messenger.failures = [TransientError("Slow down.", retry_after_s=60)]
    await desk.post(ASKED)
    await desk.wait(10)
    await desk.post(OTHER_ASKED, replace(CUSTOMER, id="UCUS2"))
    await desk.post(OTHER_ASKED, channel=OTHER)
    await desk.wait(30)
    assert [card.destination.channel for card in desk.messenger.posted.values()] == [OTHER]
    await desk.wait(60)
    assert _said(desk) == [OTHER_KNOWN, KNOWN, OTHER_KNOWN]


async def test_a_question_that_is_edited_before_its_card_goes_is_answered_as_it_reads_now(desk: Table) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(3)
    await desk.edit(ts, OTHER_ASKED)
    await desk.wait(20)
    first, second = await _turns(desk, ts)
    assert (first.delivery_reason, first.questions[0].outcome) == (last_look.MESSAGE_CHANGED, Outcome.SUPERSEDED)
    assert (second.delivery, _said(desk)) == (Delivery.SENT, [OTHER_KNOWN])


async def test_what_is_left_of_a_burst_is_answered_without_the_deleted_message(desk: Table) -> None:
    ts = await desk.post(OTHER_ASKED)
    gone = await desk.post(ASKED, thread=ts)
    await desk.wait(3)
    await desk.delete(gone)
    await desk.wait(20)
    first, second = await _turns(desk, ts)
    assert first.delivery_reason == last_look.MESSAGE_CHANGED
    assert (len(second.messages), _said(desk)) == (1, [OTHER_KNOWN])


async def test_an_answer_from_knowledge_retired_meanwhile_is_not_sent(desk: Table) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(3)
    async with desk.desk.records.begin() as work:
        await retire(work, EntryId("known"), Because("it was wrong", "test", desk.clock.now()))
    await desk.desk.projector.flush()
    await desk.wait(20)
    first, second = await _turns(desk, ts)
    assert (first.delivery_reason, second.questions[0].outcome) == (last_look.KNOWLEDGE_GONE, Outcome.ABSTAINED)
    assert _said(desk) == []


async def _changed(desk: Table, **fields: object) -> None:
    async with desk.desk.records.begin() as work:
        head = await work.ledger.head(EntryId("known"))
        assert head is not None
        entry = replace(head.after, **fields)  # type: ignore[arg-type] # by name
        await update(work, entry, Because("it was corrected", "test", desk.clock.now()))
    await desk.desk.projector.flush()


async def test_an_answer_from_knowledge_corrected_meanwhile_is_given_as_it_reads_now(desk: Table) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(3)
    await _changed(desk, answer="Never set `part_size`, it loses data.")
    await desk.wait(20)
    first, second = await _turns(desk, ts)
    assert (first.delivery_reason, second.delivery) == (last_look.KNOWLEDGE_GONE, Delivery.SENT)
    assert _said(desk) == ["Never set `part_size`, it loses data."]


async def test_an_answer_from_knowledge_that_belongs_to_another_customer_by_now_is_not_sent(desk: Table) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(3)
    await _changed(desk, audience=Audience.customer("T0OTHER"))
    await desk.wait(20)
    assert (await _turns(desk, ts))[0].delivery_reason == last_look.KNOWLEDGE_GONE
    assert _said(desk) == []


async def test_an_answer_is_not_sent_where_another_customer_has_come_in_meanwhile(desk: Table) -> None:
    await desk.know(ASKED, name="known", audience=Audience.customer(CUSTOMER.organisation))
    ts = await desk.post(ASKED)
    await desk.wait(3)
    await desk.post("hello all", Person("UOTH", "Lee", "T0OTHER"), thread="elsewhere")
    await desk.wait(20)
    assert (await _turns(desk, ts))[0].delivery_reason == last_look.KNOWLEDGE_GONE
    assert _said(desk) == []


async def test_an_answer_whose_wording_alone_is_searched_differently_goes_out(desk: Table) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(3)
    await _changed(desk, keys=("SlowDown",))
    await desk.wait(20)
    (turn,) = await _turns(desk, ts)
    assert (turn.delivery, _said(desk)) == (Delivery.SENT, [KNOWN])


async def test_an_answer_from_knowledge_expired_meanwhile_is_not_sent(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        head = await work.ledger.head(EntryId("known"))
        assert head is not None
        entry = replace(head.after, expires_at=desk.clock.now() + timedelta(seconds=4))
        await update(work, entry, Because("only for now", "test", desk.clock.now()))
    await desk.desk.projector.flush()
    ts = await desk.post(ASKED)
    await desk.wait(20)
    assert (await _turns(desk, ts))[0].delivery_reason == last_look.KNOWLEDGE_GONE
    assert _said(desk) == []


async def test_no_card_comes_into_a_session_that_was_closed_meanwhile(desk: Table) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(3)
    at = desk.clock.at
    await desk.intake.receive(
        ReactionChanged(
            source="test", external_id="r", at=at, channel=CHANNEL, message_id=ts, by=CUSTOMER, name="white_check_mark"
        )
    )
    await desk.wait(20)
    (turn,) = await _turns(desk, ts)
    assert (turn.delivery_reason, _said(desk)) == (last_look.SESSION_CLOSED, [])


REVOKED = CallerError("Slack refuses the token (token_revoked).")


async def test_a_card_refused_for_a_token_goes_out_once_that_is_mended(desk: Table) -> None:
    desk.messenger.failures = [REVOKED] * 3
    ts = await desk.post(ASKED)
    await desk.wait(120)
    (turn,) = await _turns(desk, ts)
    assert (turn.delivery, _said(desk)) == (Delivery.SENT, [KNOWN])


async def test_a_card_refused_for_a_token_until_it_is_too_old_never_counts_as_seen(desk: Table) -> None:
    desk.messenger.failures = [REVOKED] * 100
    ts = await desk.post(ASKED)
    await desk.wait(5000)
    (turn,) = await _turns(desk, ts)
    answer, item = await _answer_of(desk, ts)
    assert (turn.delivery, turn.delivery_reason) == (Delivery.DROPPED, last_look.TOO_OLD)
    assert (answer.sent_at, item.state) == (None, OutboxState.DROPPED)


async def test_a_card_that_may_be_visible_is_looked_for_until_the_token_is_mended(desk: Table) -> None:
    desk.messenger.failures, desk.messenger.lose_answers = [TransientError("dropped")], True
    desk.messenger.find_failures = [REVOKED] * 20
    ts = await desk.post(ASKED)
    await desk.wait(20_000)
    (turn,) = await _turns(desk, ts)
    assert (turn.delivery, turn.delivery_reason, _said(desk)) == (Delivery.SENT, "", [KNOWN])
