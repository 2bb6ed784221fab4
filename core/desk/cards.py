"""The card of a turn: one section per answered question, or an honest line where somebody asked directly."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.answers import Citation
from core.domain.cards import ActionKind, Card, CardAction, CardKind, CardNote, CardSection, Notice
from core.domain.ids import CardId, TurnId, make_id
from core.domain.policy import DEFAULT_SCOPE
from core.domain.sessions import Message, Outcome, QuestionClass, Session, SessionKind
from core.respond.situation import Resolved, Response
from core.session.lifecycle import place_of

ACCEPT = ActionKind.ACCEPT.value
UNDO_ACCEPT = ActionKind.UNDO_ACCEPT.value
MOST_CLOSEST = 3
MOST_FOUND = 8
FOUND = Notice("found")
NOTHING_RELIABLE = Notice("nothing_reliable")
ALREADY_ANSWERED = Notice("already_answered")
OUTAGE = Notice("outage")
SMALL_TALK = Notice("small_talk")
OUT_OF_SCOPE = Notice("out_of_any_scope")
"""Said where the team has not told its scope."""


@dataclass(frozen=True, slots=True)
class CardStyle:
    """What all cards of a channel share: whether the engine only ``quotes``, the ``scope`` told to whoever asks for something
    else, and the least relevance (0..1) of what is named as closest where there is no answer. ``reduced`` is for a card that
    the engine on this machine made in place of a remote one."""

    quotes: bool
    scope: str
    near: float
    reduced: bool = False


def card_for(
    turn: TurnId, session: Session, burst: Sequence[Message], response: Response, style: CardStyle
) -> Card | None:
    """Give the card, or ``None`` where there is nothing to say. Asked directly, there is always something to say."""
    answered = [r for r in response.resolved if r.outcome is Outcome.ANSWERED and r.answer]
    direct = any(m.direct for m in burst)
    if not answered and not direct:
        return None
    if session.kind is SessionKind.SEARCH:
        answered = []
    card = CardId(make_id("card", turn))
    actions = tuple(CardAction(ACCEPT, r.answer.id) for r in answered if r.answer)
    share = (CardAction(ActionKind.SHARE, card),) if answered and session.private_to is not None else ()
    notice, closest = (None, ()) if answered else _instead(response.resolved, session.kind, style)
    return Card(
        id=card,
        session=session.id,
        turn=turn,
        destination=place_of(session, burst),
        language=response.resolved[0].question.language,
        sections=tuple(CardSection(r.question.id, r.question.query, r.answer) for r in answered if r.answer),
        notes=_notes(burst, style),
        actions=(*actions, *share),
        notice=notice,
        closest=closest,
        kind=CardKind.ANSWER if session.private_to is None else CardKind.LOOKUP,
    )


def _instead(resolved: Sequence[Resolved], kind: SessionKind, style: CardStyle) -> tuple[Notice, tuple[Citation, ...]]:
    """What is said where there is no answer, and what comes nearest to one. A search lists what is near, however far."""
    outcomes, classes = {r.outcome for r in resolved}, {r.question.class_ for r in resolved}
    if Outcome.FAILED in outcomes:
        return OUTAGE, ()
    if kind is SessionKind.SEARCH:
        found = _closest(resolved, 0.0, MOST_FOUND)
        return (FOUND if found else NOTHING_RELIABLE), found
    if outcomes == {Outcome.REPEAT}:
        return ALREADY_ANSWERED, ()
    if classes == {QuestionClass.OUT_OF_SCOPE}:
        return OUT_OF_SCOPE if style.scope == DEFAULT_SCOPE else Notice("out_of_scope", (("scope", style.scope),)), ()
    closest = _closest([r for r in resolved if r.outcome is not Outcome.REPEAT], style.near)
    talk = classes == {QuestionClass.NO_ASSISTANCE_NEEDED} and not closest
    return SMALL_TALK if talk else NOTHING_RELIABLE, closest


def _notes(burst: Sequence[Message], style: CardStyle) -> tuple[CardNote, ...]:
    pictures = [one for message in burst for one in message.attachments if one.may_be_image]
    unread = bool(pictures) if style.quotes else any(not one.kept for one in pictures)
    source = CardNote.REDUCED if style.reduced else CardNote.QUOTED if style.quotes else CardNote.FROM_KNOWLEDGE
    return (CardNote.PICTURE_UNREAD, source) if unread else (source,)


def _closest(resolved: Sequence[Resolved], near: float, most: int = MOST_CLOSEST) -> tuple[Citation, ...]:
    passages = [p for r in resolved for p in r.passages if p.relevance >= near][:most]
    return tuple(Citation.of(n, p.entry, p.revision) for n, p in enumerate(passages, start=1))
