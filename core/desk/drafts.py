"""Drafts: analysts see an answer first and send, edit or dismiss it (DESIGN 3, delivery mode ``draft``; UX, Draft)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeGuard

from core.desk.cards import ACCEPT
from core.desk.context import Desk
from core.desk.delivery import DRAFT_ACTIONS, draft_id
from core.desk.edits import edit_card
from core.desk.refusals import CARD_UNKNOWN, ONLY_ANALYST
from core.domain.answers import Claim
from core.domain.cards import (
    ActionKind,
    Card,
    CardAction,
    CardKind,
    CardMark,
    CardNote,
    CardSection,
    CardState,
    Notice,
    OutboxItem,
    OutboxState,
)
from core.domain.events import ButtonClicked, FormSubmitted
from core.domain.ids import CardId, make_id
from core.domain.people import Person, Role
from core.domain.records import Feedback
from core.domain.replies import MOST_FIELD_CHARS, Form, FormField
from core.domain.sessions import Delivery, Session, Turn
from core.ports.records import UnitOfWork
from core.session.lifecycle import place_of
from core.session.roles import is_analyst

CLICKS = frozenset({ActionKind.SEND_DRAFT, ActionKind.EDIT_DRAFT, ActionKind.DISMISS_DRAFT})
EDITED = "edit_draft"
"""The form in which a draft is edited, and the feedback that an edited draft leaves."""
CARD = "card"
DECIDED = Notice("draft_decided")
TOO_LONG = Notice("draft_too_long")
DISMISSED = "an analyst dismissed the draft"
ANSWERED_FIRST = "an analyst answered first"
UNDECIDED = "no analyst decided on the draft"


async def on_draft(work: UnitOfWork, event: ButtonClicked, desk: Desk) -> Card | Form | Notice:
    """A button of a draft: send it, open it for editing, or dismiss it. Only where the draft was shown, only by an analyst."""
    draft = await _open_draft(work, event, desk)
    if isinstance(draft, Notice):
        return draft
    card, turn = draft
    if card.destination.channel != event.channel:
        return CARD_UNKNOWN
    match event.action:
        case ActionKind.EDIT_DRAFT:
            long = any(len(section.answer.plain_text) > MOST_FIELD_CHARS for section in card.sections)
            return replace(TOO_LONG, language=card.language) if long else _form(card)
        case ActionKind.DISMISS_DRAFT:
            return await _dismissed(work, card, turn, event, desk.clock.now())
        case _:
            return await _send(work, card, turn, event, card.sections, desk)


async def on_edited_draft(work: UnitOfWork, event: FormSubmitted, desk: Desk) -> Card | Form | Notice:
    """The analyst's own words go out instead, with the same sources."""
    draft = await _open_draft(work, event, desk)
    if isinstance(draft, Notice):
        return draft
    card, turn = draft
    written = dict(event.fields)
    empty = [name for name, text in written.items() if not text.strip()]
    if empty or not written:
        return replace(_form(card), errors=tuple((name, "field_empty") for name in empty))
    sections = tuple(_worded(s, written.get(s.answer.id, s.answer.plain_text)) for s in card.sections)
    await work.answers.put(*(s.answer for s in sections))
    for section in sections:
        name = make_id("feedback", event.source, event.external_id, section.answer.id)
        text = section.answer.plain_text
        await work.feedback.add(
            Feedback(name, "answer", section.answer.id, event.by.id, Role.ANALYST, EDITED, text, event.at)
        )
    return await _send(work, card, turn, event, sections, desk)


async def _open_draft(work: UnitOfWork, event: ButtonClicked | FormSubmitted, desk: Desk) -> tuple[Card, Turn] | Notice:
    """The draft that an analyst may still decide on, with its turn; or why there is none for this person."""
    item = await work.outbox.get(CardId(event.target))
    if not _shown(item):
        return CARD_UNKNOWN
    if not is_analyst(event.by, item.card.destination.channel.workspace, desk.policy):
        return ONLY_ANALYST
    turn = await work.turns.get(item.card.turn)
    if not item.card.actions or turn is None or turn.delivery is not Delivery.PENDING:
        return DECIDED
    return item.card, turn


async def answered_by_hand(work: UnitOfWork, session: Session, now: datetime) -> None:
    """An analyst has answered in the thread: the drafts that nobody has decided on go quiet."""
    for turn, item in await undecided(work, session):
        await edit_card(work, item.card.id, lambda c: _marked(c, CardMark(CardState.ANSWERED_FIRST, now)), now)
        await _settle(work, turn, ANSWERED_FIRST)


async def left_undecided(work: UnitOfWork, session: Session, now: datetime) -> None:
    """The session is over: what is still a draft was only recorded."""
    for turn, item in await undecided(work, session):
        await edit_card(work, item.card.id, lambda c: replace(c, actions=()), now)
        await _settle(work, turn, UNDECIDED)


async def undecided(work: UnitOfWork, session: Session) -> list[tuple[Turn, OutboxItem]]:
    """The session's turns whose drafts analysts can see and have not decided on."""
    found = []
    for turn in await work.turns.of_session(session.id):
        if turn.delivery is not Delivery.PENDING or turn.card is None:
            continue
        item = await work.outbox.get(draft_id(turn.card))
        if _shown(item) and item.card.actions:
            found.append((turn, item))
    return found


async def _send(
    work: UnitOfWork,
    draft: Card,
    turn: Turn,
    by: ButtonClicked | FormSubmitted,
    sections: tuple[CardSection, ...],
    desk: Desk,
) -> Card | Notice:
    session = await work.sessions.get(draft.session)
    assert session is not None, "a draft's session is kept as long as the draft"
    assert turn.card is not None, "a turn with a draft has a card"
    now = desk.clock.now()
    burst = [m for m in await work.messages.of_session(session.id) if m.id in turn.messages]
    card = replace(
        draft,
        id=turn.card,
        destination=place_of(session, burst),
        kind=CardKind.ANSWER,
        sections=sections,
        actions=tuple(CardAction(ACCEPT, s.answer.id) for s in sections),
        why="",
        notice=None,
        approved_by=_name(by.by),
    )
    if isinstance(by, FormSubmitted):  # it is the analyst's own now: neither quoted nor reasoned by Vigil
        own = tuple(note for note in card.notes if note is CardNote.PICTURE_UNREAD)
        card = replace(card, notes=own, notice=Notice("written_by", (("by", _name(by.by)),), card.language))
    until = now + timedelta(seconds=desk.policy.answer_within_s)
    await work.outbox.put(OutboxItem(card, turn.as_of, not_before=now, not_after=until))
    waits = replace(draft, sections=sections, actions=(), marks=(), state=CardState.POSTED)
    return await edit_card(work, draft.id, lambda _: waits, now) or CARD_UNKNOWN


async def went_out(work: UnitOfWork, card: Card, now: datetime) -> None:
    """The card that an analyst has let go is posted: its draft says who sent it."""
    if card.approved_by:
        mark = CardMark(CardState.SENT, now, by=card.approved_by)
        await edit_card(work, draft_id(card.id), lambda draft: _marked(draft, mark), now)


async def stayed(work: UnitOfWork, card: Card, why: str, now: datetime, *, again: bool) -> bool:
    """The card that an analyst has let go is never posted: its draft says why and, where it may be sent ``again``, is open as
    before. ``why`` names a text of the catalogue. Gives whether it has a draft."""
    draft = draft_id(card.id)
    actions = tuple(CardAction(kind, draft) for kind in DRAFT_ACTIONS) if again else ()
    mark = CardMark(CardState.NOT_SENT, now, reason=why)
    told = await edit_card(work, draft, lambda c: replace(_marked(c, mark), actions=actions), now)
    return told is not None


async def _dismissed(work: UnitOfWork, draft: Card, turn: Turn, event: ButtonClicked, now: datetime) -> Card | Notice:
    name = make_id("feedback", event.source, event.external_id)
    feedback = Feedback(name, CARD, draft.id, event.by.id, Role.ANALYST, event.action, "", event.at)
    await work.feedback.add(feedback)
    await _settle(work, turn, DISMISSED)
    return await _decided(work, draft, CardMark(CardState.DISMISSED, event.at, by=_name(event.by)), now)


async def _decided(work: UnitOfWork, draft: Card, mark: CardMark, now: datetime) -> Card | Notice:
    return await edit_card(work, draft.id, lambda card: _marked(card, mark), now) or CARD_UNKNOWN


async def _settle(work: UnitOfWork, turn: Turn, reason: str) -> None:
    """Nobody but analysts has seen the answer: it counts as one that was only recorded."""
    await work.turns.put(replace(turn, delivery=Delivery.SHADOW, delivery_reason=reason))


def _shown(item: OutboxItem | None) -> TypeGuard[OutboxItem]:
    return (
        item is not None and item.card.kind is CardKind.DRAFT and item.state in (OutboxState.SENDING, OutboxState.SENT)
    )


def _marked(card: Card, mark: CardMark) -> Card:
    return replace(card, marks=(*card.marks, mark), state=mark.state, actions=())


def _worded(section: CardSection, text: str) -> CardSection:
    """The section in an analyst's words; they stand for all of its sources together."""
    if text.strip() == section.answer.plain_text:
        return section
    numbers = tuple(c.n for c in section.answer.citations)
    return replace(section, answer=replace(section.answer, claims=(Claim(text.strip(), numbers),)))


def _form(draft: Card) -> Form:
    fields = tuple(FormField(s.answer.id, s.asked, s.answer.plain_text, plain=True) for s in draft.sections)
    return Form(EDITED, "edit_draft", fields, target=draft.id, language=draft.language, button="submit_send")


def _name(person: Person) -> str:
    return person.name or person.id
