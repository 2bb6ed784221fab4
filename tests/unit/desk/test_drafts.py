"""A draft goes only where analysts alone see it, and says what became of it (DESIGN 1.4; UX, Draft)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.desk import last_look
from core.domain.cards import ActionKind, Card, CardKind, CardState, Notice
from core.domain.channels import Channel, ChannelRef, ChannelSettings, DeliveryMode
from core.domain.errors import CallerError, FinalError, TransientError
from core.domain.replies import MOST_FIELD_CHARS, Form
from core.domain.sessions import Delivery, Outcome
from tests.unit.desk.asking import press, submit
from tests.unit.desk.clicking import ASKED
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, HOME, OTHER, Table, table

DRAFTS = ChannelRef("slack", HOME, "C0DRAFTS")
CUSTOMERS = Channel(OTHER, "other-customer", external=True, organisations=frozenset({"T0OTHER"}))
OTHER_ASKED = "how long are logs kept in the console?"
SCOPES = CallerError("The Slack app lacks the scope chat:write.")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, mode=DeliveryMode.DRAFT, analyst_channel=DRAFTS.channel) as one:
        await one.know(ASKED)
        yield one


def _shown(desk: Table) -> list[tuple[CardKind, ChannelRef]]:
    return [(card.kind, card.destination.channel) for card in desk.messenger.posted.values()]


async def _put(desk: Table, channel: Channel) -> None:
    async with desk.desk.records.begin() as work:
        await work.channels.put(channel)


async def _refused(desk: Table, ts: str) -> None:
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert (turn.delivery, turn.delivery_reason) == (Delivery.DROPPED, last_look.OUTSIDERS)
    assert (turn.questions[0].outcome, desk.messenger.posted) == (Outcome.SILENT, {})


async def test_a_draft_is_shown_in_the_analysts_channel_alone(desk: Table) -> None:
    await desk.post(ASKED)
    await desk.wait(10)
    assert _shown(desk) == [(CardKind.DRAFT, DRAFTS)]


async def test_a_draft_says_where_and_by_whom_it_was_asked(desk: Table) -> None:
    await _put(desk, Channel(CHANNEL, "acme"))
    await desk.post(ASKED)
    await desk.wait(10)
    (draft,) = desk.messenger.posted.values()
    assert draft.notice == Notice("draft_from", (("channel", "acme"), ("by", CUSTOMER.name)))


@pytest.mark.parametrize("edited", [False, True])
async def test_what_an_analyst_has_written_is_called_theirs_and_no_quotation(desk: Table, *, edited: bool) -> None:
    await desk.post(ASKED)
    await desk.wait(10)
    (draft,) = desk.messenger.posted.values()
    if edited:
        form = await press(desk, ActionKind.EDIT_DRAFT, draft.id, channel=DRAFTS)
        assert isinstance(form, Form)
        assert form.button == "submit_send"
        written = {form.fields[0].name: "Ask us for a longer session."}
        await submit(desk, form.id, form.target, ANALYST, DRAFTS, **written)
    else:
        await press(desk, ActionKind.SEND_DRAFT, draft.id, channel=DRAFTS)
    await desk.wait(10)
    _, sent = desk.messenger.posted.values()
    by = Notice("written_by", (("by", ANALYST.name),))
    assert (sent.notice, sent.notes) == ((by, ()) if edited else (None, draft.notes))


async def test_no_draft_goes_into_the_channel_of_another_customer(desk: Table) -> None:
    await _put(desk, CUSTOMERS)
    await _put(desk, Channel(CHANNEL, settings=ChannelSettings(analyst_channel=OTHER.channel)))
    ts = await desk.post(ASKED)
    await desk.wait(10)
    await _refused(desk, ts)


async def test_no_draft_goes_into_a_channel_where_an_outsider_was_seen_writing(desk: Table) -> None:
    await _put(desk, Channel(DRAFTS, "drafts", organisations=frozenset({"guest:C0DRAFTS"})))
    ts = await desk.post(ASKED)
    await desk.wait(10)
    await _refused(desk, ts)


async def test_a_channel_that_nobody_has_heard_of_is_looked_up_before_a_draft_goes_there(desk: Table) -> None:
    desk.messenger.channels[DRAFTS] = Channel(DRAFTS, "drafts", external=True)
    ts = await desk.post(ASKED)
    await desk.wait(10)
    await _refused(desk, ts)


async def test_a_draft_waits_while_its_channel_cannot_be_looked_up(desk: Table) -> None:
    desk.messenger.look_failures = [TransientError("down"), SCOPES]
    await desk.post(ASKED)
    await desk.wait(10)
    assert desk.messenger.posted == {}
    await desk.wait(60)
    assert _shown(desk) == [(CardKind.DRAFT, DRAFTS)]


async def test_a_channel_with_customers_cannot_be_chosen_for_drafts(desk: Table) -> None:
    await _put(desk, CUSTOMERS)
    reply = await submit(desk, "config", CHANNEL.channel, ANALYST, mode="mode_draft", analyst_channel=OTHER.channel)
    assert isinstance(reply, Form)
    assert reply.errors == (("analyst_channel", "analysts_elsewhere"),)


async def test_drafts_are_not_chosen_where_the_teams_own_channel_for_them_has_customers(desk: Table) -> None:
    await _put(desk, Channel(DRAFTS, "drafts", external=True))
    reply = await submit(desk, "config", CHANNEL.channel, ANALYST, mode="mode_draft")
    assert isinstance(reply, Form)
    assert reply.errors == (("analyst_channel", "analysts_elsewhere"),)


async def _drafted(desk: Table) -> tuple[str, Card]:
    ts = await desk.post(ASKED)
    await desk.wait(10)
    (draft,) = desk.messenger.posted.values()
    return ts, draft


async def _draft_now(desk: Table) -> Card:
    """The draft as analysts see it once everything is brought up to date."""
    (draft,) = [card for card in desk.messenger.posted.values() if card.kind is CardKind.DRAFT]
    return draft


async def test_a_draft_says_who_sent_it_once_it_is_sent(desk: Table) -> None:
    _, draft = await _drafted(desk)
    clicked = await press(desk, "send_draft", draft.id, channel=DRAFTS)
    assert isinstance(clicked, Card)
    assert (clicked.marks, clicked.actions) == ((), ())
    assert await press(desk, "send_draft", draft.id, channel=DRAFTS) == Notice("draft_decided")
    await desk.wait(10)
    now = await _draft_now(desk)
    assert [(mark.state, mark.by) for mark in now.marks] == [(CardState.SENT, "Ana")]
    assert (CardKind.ANSWER, CHANNEL) in _shown(desk)


async def test_a_draft_that_the_platform_refused_is_open_again_and_says_so(desk: Table) -> None:
    ts, draft = await _drafted(desk)
    desk.messenger.failures = [FinalError("Slack refuses it (is_archived).")]
    words = {str(draft.sections[0].answer.id): "In my own words."}
    await submit(desk, "edit_draft", draft.id, ANALYST, DRAFTS, **words)
    await desk.wait(10)
    now = await _draft_now(desk)
    assert [(mark.state, mark.reason) for mark in now.marks] == [(CardState.NOT_SENT, "not_sent_refused")]
    assert ActionKind.SEND_DRAFT in [action.kind for action in now.actions]
    assert isinstance(await press(desk, "send_draft", draft.id, channel=DRAFTS), Card)
    await desk.wait(10)
    (sent,) = [card for card in desk.messenger.posted.values() if card.kind is CardKind.ANSWER]
    assert sent.sections[0].answer.plain_text == "In my own words."
    assert [mark.state for mark in (await _draft_now(desk)).marks] == [CardState.SENT]
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert turn.delivery is Delivery.SENT


async def test_a_draft_that_the_thread_has_outrun_is_not_called_sent(desk: Table) -> None:
    ts, draft = await _drafted(desk)
    await press(desk, "send_draft", draft.id, channel=DRAFTS)
    await desk.post("it also fails with 503", thread=ts)
    await desk.wait(1)
    now = await _draft_now(desk)
    assert [(mark.state, mark.reason) for mark in now.marks] == [(CardState.NOT_SENT, "not_sent_moved")]
    assert now.actions == ()


async def test_whoever_asks_directly_is_told_that_there_is_no_answer(desk: Table) -> None:
    ts = await desk.post("who is the king of Norway?", direct=True)
    await desk.wait(10)
    (card,) = desk.messenger.posted.values()
    assert (card.kind, card.sections) == (CardKind.ANSWER, ())
    assert (card.destination.channel, card.destination.thread) == (CHANNEL, ts)


async def test_an_answer_to_a_direct_question_is_a_draft_first(desk: Table) -> None:
    await desk.post(ASKED, direct=True)
    await desk.wait(10)
    assert _shown(desk) == [(CardKind.DRAFT, DRAFTS)]


async def test_a_draft_that_a_form_would_cut_is_not_edited(desk: Table) -> None:
    await desk.know(OTHER_ASKED, "Set the limit. " * 300, name="long")
    await desk.post(OTHER_ASKED)
    await desk.wait(10)
    (draft,) = desk.messenger.posted.values()
    assert len(draft.sections[0].answer.plain_text) > MOST_FIELD_CHARS
    assert await press(desk, "edit_draft", draft.id, channel=DRAFTS) == Notice("draft_too_long")
    assert isinstance(await press(desk, "send_draft", draft.id, channel=DRAFTS), Card)
