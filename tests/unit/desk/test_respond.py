"""From a burst to a card, and everything that keeps a card back (DESIGN 5, 8)."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from core.desk import dropping, last_look
from core.desk.cards import OUTAGE
from core.domain.answers import Claim
from core.domain.cards import CardNote
from core.domain.channels import ChannelSettings, DeliveryMode
from core.domain.errors import FinalError, TransientError
from core.domain.events import Attachment
from core.domain.knowledge import Audience, Passage, SearchQuery
from core.domain.sessions import Delivery, Outcome, QuestionClass, QuestionState
from core.domain.tasks import Generated, Identified
from core.ports.records import UnitOfWork
from tests.unit.desk.support import ANALYST, CHANNEL, KNOWN, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, send_delay_s=4.0) as one:
        yield one


async def _only_turn(desk: Table, ts: str):  # type: ignore[no-untyped-def] # a turn and its one question
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    return turn, turn.questions[0]


async def test_a_known_question_is_answered_with_a_citation(desk: Table) -> None:
    entry = await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(10)
    turn, question = await _only_turn(desk, ts)
    assert (question.outcome, turn.delivery) == (Outcome.ANSWERED, Delivery.SENT)
    (card,) = desk.messenger.posted.values()
    assert card.sections[0].answer.plain_text == KNOWN
    assert card.sections[0].answer.citations[0].entry == entry
    assert (await desk.questions(turn.session))[0].state is QuestionState.ANSWERED


async def test_abstains_when_no_passage_passes_the_cutoff(desk: Table) -> None:
    await desk.know("how long are logs kept in the console?")
    ts = await desk.post(ASKED)
    await desk.wait(10)
    turn, question = await _only_turn(desk, ts)
    assert (question.outcome, turn.delivery) == (Outcome.ABSTAINED, Delivery.NONE)
    assert desk.messenger.posted == {}


@pytest.mark.parametrize("class_", [QuestionClass.OUT_OF_SCOPE, QuestionClass.NO_ASSISTANCE_NEEDED])
async def test_stays_silent_outside_its_class(desk: Table, class_: QuestionClass) -> None:
    desk.engine.says["identify"] = lambda _: Identified(class_, "told so", 1.0)
    ts = await desk.post("hello there")
    await desk.wait(10)
    _, question = await _only_turn(desk, ts)
    assert (question.outcome, question.class_) == (Outcome.SILENT, class_)


async def test_knowledge_lifts_a_message_into_scope(desk: Table) -> None:
    desk.engine.says["identify"] = lambda _: Identified(QuestionClass.OUT_OF_SCOPE, "told so", 1.0)
    await desk.know(ASKED, answer=ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(10)
    assert (await _only_turn(desk, ts))[1].class_ is QuestionClass.WITHIN_SCOPE


async def test_a_burst_is_answered_once(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post("hi")
    desk.clock.pass_s(1)
    await desk.post(ASKED, thread=ts)
    await desk.wait(10)
    turn, _ = await _only_turn(desk, ts)
    assert len(turn.messages) == 2


async def test_a_claim_without_a_known_citation_is_not_sent(desk: Table) -> None:
    await desk.know(ASKED)
    desk.engine.says["generate"] = lambda _: Generated((Claim("invented", (9,)), Claim("uncited", ())))
    ts = await desk.post(ASKED)
    await desk.wait(10)
    assert (await _only_turn(desk, ts))[1].outcome is Outcome.ABSTAINED


async def test_the_same_answer_is_not_given_twice_in_a_session(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(10)
    await desk.post(ASKED, thread=ts)
    await desk.wait(10)
    session = await desk.session_of(ts)
    first, second = await desk.turns(session.id)
    assert (first.questions[0].outcome, second.questions[0].outcome) == (Outcome.ANSWERED, Outcome.REPEAT)
    assert (await desk.questions(session.id))[1].merged_into == first.questions[0].question
    assert len(desk.messenger.posted) == 1


async def test_another_customers_entry_is_never_shown(desk: Table) -> None:
    await desk.know(ASKED, audience=Audience.customer("T0OTHER"))
    ts = await desk.post(ASKED)
    await desk.wait(10)
    assert (await _only_turn(desk, ts))[1].passages == ()


async def test_the_card_is_dropped_when_an_analyst_answers_first(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(3)
    await desk.post("Use four connections at most, the limit is per connection.", ANALYST, thread=ts)
    await desk.wait(10)
    turn, question = await _only_turn(desk, ts)
    assert (turn.delivery, turn.delivery_reason, question.outcome) == (
        Delivery.DROPPED,
        last_look.HUMAN_FIRST,
        Outcome.SUPERSEDED,
    )
    assert desk.messenger.posted == {}


async def test_let_me_check_does_not_hold_the_card_back(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(3)
    await desk.post("hi, let me check", ANALYST, thread=ts)
    await desk.wait(10)
    assert (await _only_turn(desk, ts))[0].delivery is Delivery.SENT


async def test_a_newer_message_takes_the_question_over(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(3)
    await desk.post("python sdk by the way", thread=ts)
    await desk.wait(20)
    session = await desk.session_of(ts)
    first, second = await desk.turns(session.id)
    assert (first.delivery_reason, len(second.messages)) == (last_look.NEWER_MESSAGE, 2)
    old, new = await desk.questions(session.id)
    assert old.merged_into == new.id


async def test_a_deleted_question_is_not_answered(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(3)
    await desk.delete(ts)
    await desk.wait(10)
    assert (await _only_turn(desk, ts))[0].delivery_reason == last_look.MESSAGE_GONE


async def test_the_mode_at_the_moment_of_sending_holds(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(3)
    async with desk.desk.records.begin() as work:
        channel = await work.channels.get(CHANNEL)
        await work.channels.put(replace(channel, settings=ChannelSettings(mode=DeliveryMode.SHADOW)))
    await desk.wait(10)
    assert (await _only_turn(desk, ts))[0].delivery_reason == last_look.MODE_CHANGED


async def test_shadow_only_records(tmp_path: Path) -> None:
    async with table(tmp_path, mode=DeliveryMode.SHADOW) as desk:
        await desk.know(ASKED)
        ts = await desk.post(ASKED)
        await desk.wait(10)
        assert (await _only_turn(desk, ts))[0].delivery is Delivery.SHADOW
        assert desk.messenger.posted == {}


async def test_an_off_channel_is_neither_read_nor_stored(tmp_path: Path) -> None:
    async with table(tmp_path, mode=DeliveryMode.OFF) as desk:
        await desk.post(ASKED)
        async with desk.desk.records.read() as work:
            assert not await work.events.known("test", f"C1:{desk.clock.at}")
        assert await desk.runner.next_at() is None


async def test_a_failed_send_is_tried_again_and_posted_once(desk: Table) -> None:
    desk.messenger.failures = [TransientError("busy", retry_after_s=3)]
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(60)
    assert (await _only_turn(desk, ts))[0].delivery is Delivery.SENT
    assert len(desk.messenger.posted) == 1


async def test_a_lost_answer_of_the_platform_is_looked_for_before_sending_again(desk: Table) -> None:
    desk.messenger.failures, desk.messenger.lose_answers = [TransientError("dropped")], True
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(60)
    assert (await _only_turn(desk, ts))[0].delivery is Delivery.SENT
    assert desk.messenger.calls == ["send", "find"]


async def test_a_refused_card_is_dropped_with_its_reason(desk: Table) -> None:
    desk.messenger.failures = [FinalError("no such channel")]
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(60)
    assert (await _only_turn(desk, ts))[0].delivery_reason == dropping.REFUSED


async def test_an_outage_of_the_engine_abstains_and_the_question_is_classed_later(desk: Table) -> None:
    desk.engine.says["identify"] = TransientError("down")
    ts = await desk.post(ASKED)
    await desk.wait(10)
    assert (await _only_turn(desk, ts))[1].outcome is Outcome.FAILED
    del desk.engine.says["identify"]
    await desk.post("Use four connections at most, the limit is per connection.", ANALYST, thread=ts)
    await desk.wait(700)
    (question,) = await desk.questions((await desk.session_of(ts)).id)
    assert (question.class_, question.tries) == (QuestionClass.WITHIN_SCOPE, 1)


@pytest.mark.parametrize("direct", [True, False])
async def test_what_no_retry_mends_leaves_a_failed_turn_and_a_reply_where_asked_directly(
    desk: Table, monkeypatch: pytest.MonkeyPatch, direct: bool
) -> None:
    async def search(query: SearchQuery) -> list[Passage]:
        raise FinalError("The knowledge store cannot be read: run `vigil kb rebuild`.")

    monkeypatch.setattr(desk.desk.store, "search", search)
    ts = await desk.post(ASKED, direct=direct)
    await desk.wait(10)
    _, question = await _only_turn(desk, ts)
    assert (question.outcome, question.reason) == (
        Outcome.FAILED,
        "The knowledge store cannot be read: run `vigil kb rebuild`.",
    )
    assert [card.notice for card in desk.messenger.posted.values()] == [OUTAGE] * direct


async def test_asked_directly_it_always_replies_and_names_what_is_near(desk: Table) -> None:
    await desk.know("how long are logs kept in the console?")
    await desk.know("why do parts of multipart uploads fail with an error?", name="near")
    await desk.post(ASKED, direct=True)
    await desk.wait(10)
    (card,) = desk.messenger.posted.values()
    assert card.notice is not None
    assert card.notice.text == "nothing_reliable"
    assert len(card.closest) == 1


@pytest.mark.parametrize(
    ("scope", "said"), [("Storage.", ("out_of_scope", {"scope": "Storage."})), (None, ("out_of_any_scope", {}))]
)
async def test_asked_directly_for_something_else_it_says_what_the_scope_is_where_the_team_has_set_one(
    desk: Table, scope: str | None, said: tuple[str, dict[str, str]]
) -> None:
    async with desk.desk.records.begin() as work:
        channel = await work.channels.get(CHANNEL)
        await work.channels.put(replace(channel, settings=ChannelSettings(scope=scope)))
    desk.engine.says["identify"] = lambda _: Identified(QuestionClass.OUT_OF_SCOPE, "told so", 1.0)
    await desk.post(ASKED, direct=True)
    await desk.wait(10)
    (card,) = desk.messenger.posted.values()
    assert card.notice is not None
    assert (card.notice.text, dict(card.notice.values)) == said
    assert not card.closest


async def test_an_unread_screenshot_is_admitted_on_the_card(desk: Table) -> None:
    await desk.know(ASKED)
    await desk.post(ASKED, files=(Attachment("F1", "s.png", "image/png", 0),))
    await desk.wait(10)
    (card,) = desk.messenger.posted.values()
    assert CardNote.PICTURE_UNREAD in card.notes


async def test_at_most_five_commits_for_an_answered_message(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.know(ASKED)
    begun: list[int] = []
    real = desk.desk.records.begin

    def counted() -> AbstractAsyncContextManager[UnitOfWork]:
        begun.append(1)
        return real()

    monkeypatch.setattr(desk.desk.records, "begin", counted)
    await desk.post(ASKED)
    await desk.wait(10)
    assert len(desk.messenger.posted) == 1
    assert len(begun) <= 5


async def test_a_repeated_event_changes_nothing(desk: Table) -> None:
    ts = await desk.post(ASKED)
    before = await desk.session_of(ts)
    await desk.post(ASKED, ts=ts)
    assert await desk.session_of(ts) == before


async def test_what_an_analyst_has_said_in_the_session_is_not_said_again(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post("uploads are odd today")
    await desk.wait(10)
    await desk.post(KNOWN, ANALYST, thread=ts)
    await desk.wait(10)
    await desk.post(ASKED, thread=ts)
    await desk.wait(10)
    turn = (await desk.turns((await desk.session_of(ts)).id))[-1]
    assert turn.questions[0].outcome is Outcome.REPEAT
    assert desk.messenger.posted == {}


async def test_an_answer_to_the_first_question_does_not_silence_the_second(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post("how do I rotate the gateway key?")
    await desk.wait(60)
    await desk.post(ASKED, thread=ts)
    desk.clock.pass_s(1)
    await desk.post("To rotate the gateway key run rotate --now on the gateway node.", ANALYST, thread=ts)
    await desk.wait(30)
    assert len(desk.messenger.posted) == 1


async def test_an_answer_after_any_news_is_an_answer(desk: Table) -> None:
    await desk.know("any news?")
    ts = await desk.post("how do I rotate the gateway key?")
    await desk.wait(60)
    await desk.post("any news?", thread=ts)
    desk.clock.pass_s(1)
    await desk.post("To rotate the gateway key run rotate --now on the gateway node.", ANALYST, thread=ts)
    await desk.wait(30)
    assert desk.messenger.posted == {}


async def test_a_request_for_data_does_not_hold_the_card_back(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(3)
    await desk.post("Please send me the agent log and the region name.", ANALYST, thread=ts)
    await desk.wait(10)
    assert len(desk.messenger.posted) == 1
