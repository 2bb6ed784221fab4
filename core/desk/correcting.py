"""Correcting what was said: an analyst tells a thread, in their own words, what holds instead of an old answer (UX)."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.desk.consumers import mode_of
from core.desk.context import Desk
from core.desk.drafts import CARD
from core.desk.home import for_analysts, home_page
from core.desk.thread import job_name, review_name
from core.desk.withdraw import CORRECTED, Unsound, correction_id, take_down, unsound_in
from core.domain.cards import ActionKind, Card, CardKind, Notice, OutboxItem
from core.domain.channels import DeliveryMode
from core.domain.events import ButtonClicked, FormSubmitted
from core.domain.ids import AnswerId, make_id
from core.domain.knowledge import EntryStatus, Viewer
from core.domain.pages import Page
from core.domain.people import Role
from core.domain.records import Feedback
from core.domain.replies import Form, FormField
from core.ports.records import UnitOfWork
from core.text.language import language_of

CORRECTION = ActionKind.POST_CORRECTION.value
"""The form in which a correction is written."""
FIELD = "correction"
MOST_CHARS = 800
"""A card shows about 900 characters, and nothing of a correction may be hidden."""
WITHIN = timedelta(days=1)
"""How long a correction may wait for the platform: it does not grow stale as an answer does."""
CHANGED = "changed_meanwhile"


async def on_correct(work: UnitOfWork, event: ButtonClicked, desk: Desk) -> Page | Form | Notice:
    """Open the form, filled with what holds now where that is known and may be seen there."""
    if refused := for_analysts(event, desk):
        return refused
    one = await _unsound(work, AnswerId(event.target))
    if one is None:
        return await home_page(work, event.by, event.channel, desk, CHANGED)
    return _form(one, await _holds_now(work, one), language_of(desk.policy.scope))


async def on_correction(work: UnitOfWork, event: FormSubmitted, desk: Desk) -> Page | Form | Notice:
    """Post the analyst's words into the thread, and withdraw there what no longer stands."""
    if refused := for_analysts(event, desk):
        return refused
    one = await _unsound(work, AnswerId(event.target))
    if one is None:
        return await home_page(work, event.by, event.channel, desk, CHANGED)
    text = dict(event.fields).get(FIELD, "").strip()
    channel = await work.channels.get(one.session.channel)
    wrong = "must_not_be_empty" if not text else "correction_too_long" if len(text) > MOST_CHARS else ""
    if mode_of(channel.settings, desk.policy, asked=True) in (DeliveryMode.SHADOW, DeliveryMode.OFF):
        wrong = "channel_is_silent"
    if wrong:
        return replace(_form(one, text, language_of(desk.policy.scope)), errors=((FIELD, wrong),))
    await _post(work, one, event, text, desk)
    return await home_page(work, event.by, event.channel, desk, "correction_posted")


async def _unsound(work: UnitOfWork, answer: AnswerId) -> Unsound | None:
    """The answer if it still wants a correction: it cites what no longer stands, and nobody has corrected it."""
    known = await work.answers.get(answer)
    found = await unsound_in(work, known.session) if known else []
    return next((one for one in found if one.answer.id == answer), None)


async def _holds_now(work: UnitOfWork, one: Unsound) -> str:
    """What the entry says by now, or what was learned from the same question instead of it; empty where neither is known."""
    viewer = Viewer.of_customer((await work.channels.get(one.session.channel)).customer)
    jobs = (review_name(one.answer.question), job_name(one.answer.question))
    entries = [one.head.subject_id, *[entry for job in jobs for entry in await work.ledger.touched_by(job)]]
    for entry in entries:
        head = await work.ledger.head(entry)
        if head and head.after.status is EntryStatus.ACTIVE and viewer.may_see(head.after.audience):
            return head.after.answer
    return ""


async def _post(work: UnitOfWork, one: Unsound, event: FormSubmitted, text: str, desk: Desk) -> None:
    """A card that cites nothing, because a person says it, below the card that it corrects."""
    assert one.answer.card is not None, "what was shown was on a card"
    item = await work.outbox.get(one.answer.card)
    assert item is not None, "a card that was shown is kept"
    to, by, now = item.card.destination, event.by.name or event.by.id, desk.clock.now()
    language = language_of(text)
    card = Card(
        id=correction_id(one.answer.id),
        session=one.session.id,
        turn=item.card.turn,
        destination=replace(to, thread=to.thread or item.platform_id),
        language=language,
        sections=(),
        notice=Notice("correction_by", (("by", by), ("text", text)), language),
        kind=CardKind.CORRECTION,
        approved_by=by,
    )
    await work.outbox.put(OutboxItem(card, one.session.seq, not_before=now, not_after=now + WITHIN))
    name = make_id("feedback", event.source, event.external_id)
    await work.feedback.add(Feedback(name, CARD, card.id, event.by.id, Role.ANALYST, CORRECTED, text, event.at))


async def corrected(work: UnitOfWork, card: Card, now: datetime) -> None:
    """A correction is posted: every unsound answer of its thread counts as corrected, and is withdrawn where people still see
    it as it was."""
    said = (await work.feedback.of_target(CARD, card.id))[-1]
    for other in await unsound_in(work, card.session):
        row = replace(said, id=make_id(said.id, other.answer.id), target_kind="answer", target=other.answer.id)
        await work.feedback.add(row)
        if other.stands:
            await take_down(work, other.answer, now)


def _form(one: Unsound, text: str, language: str) -> Form:
    field = FormField(FIELD, "correction", text)
    return Form(CORRECTION, "post_correction", (field,), target=one.answer.id, language=language, button="submit_send")
