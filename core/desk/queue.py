"""The review queue: an analyst approves, edits or rejects what waits, or configures a channel, from their home (UX).

Decided inside the click's own transaction. What is shown on a home may be old: a button names the revision that it was shown
for, and does nothing once there is another.
"""

from dataclasses import replace

from core.desk.config import SAVED, config_form, on_config
from core.desk.context import Desk
from core.desk.home import for_analysts, home_page
from core.domain.cards import ActionKind, Notice
from core.domain.events import ButtonClicked, FormSubmitted
from core.domain.ids import EntryId, make_id
from core.domain.jobs import JobOrder, Lane
from core.domain.knowledge import EntryStatus, Revision
from core.domain.pages import Page
from core.domain.people import Role
from core.domain.records import Feedback
from core.domain.replies import MOST_FIELD_CHARS, FieldKind, Form, FormField
from core.knowledge.ledger import Because, approve, retire, update
from core.knowledge.quarantine import BY_HAND
from core.ports.records import UnitOfWork
from core.text.language import language_of

CLICKS = frozenset({ActionKind.APPROVE, ActionKind.EDIT_ENTRY, ActionKind.REJECT})
EDITED = ActionKind.EDIT_ENTRY.value
"""The form in which an entry is edited."""
ENTRY = "entry"
CHANGED = "changed_meanwhile"


async def on_queue(work: UnitOfWork, event: ButtonClicked, desk: Desk) -> Page | Form | Notice:
    """A button of the review queue. The home is shown anew with what was done; a stale button says so and does nothing."""
    if refused := for_analysts(event, desk):
        return refused
    head = await _waiting(work, event.target)
    if head is None:
        return await home_page(work, event.by, event.channel, desk, CHANGED)
    if event.action == ActionKind.EDIT_ENTRY:
        if max(len(text) for text in (head.after.title, head.after.answer, head.after.conditions)) > MOST_FIELD_CHARS:
            return await home_page(work, event.by, event.channel, desk, "too_long_to_edit")
        return _form(head, event.target, language_of(desk.policy.scope))
    approves = event.action == ActionKind.APPROVE
    because = _because(event, head, "approve" if approves else "reject")
    await (approve if approves else retire)(work, head.subject_id, because)
    await _decided(work, event, head, event.action, desk)
    return await home_page(work, event.by, event.channel, desk, "approved" if approves else "rejected")


async def on_edited_entry(work: UnitOfWork, event: FormSubmitted, desk: Desk) -> Page | Form | Notice:
    """The analyst's own words stand from now on, and are approved with that; or the form comes back with what is missing."""
    if refused := for_analysts(event, desk):
        return refused
    head = await _waiting(work, event.target)
    if head is None:
        return await home_page(work, event.by, event.channel, desk, CHANGED)
    filled = {name: text.strip() for name, text in event.fields}
    empty = [name for name in ("title", "answer") if not filled.get(name)]
    if empty:
        form = _form(head, event.target, language_of(desk.policy.scope))
        return replace(form, errors=tuple((name, "must_not_be_empty") for name in empty))
    after = replace(
        head.after,
        title=filled["title"],
        answer=filled["answer"],
        conditions=filled.get("conditions", ""),
        language=language_of(filled["answer"]),
        status=EntryStatus.ACTIVE,
        taught_by=Role.ANALYST,
        updated_at=event.at,
    )
    await update(work, after, _because(event, head, "edit"))
    await _decided(work, event, head, EDITED, desk)
    return await home_page(work, event.by, event.channel, desk, "approved")


async def on_configure(work: UnitOfWork, event: ButtonClicked, desk: Desk) -> Form | Notice:
    """Open the form of a channel that is known; the ``target`` is its id on the platform."""
    if refused := for_analysts(event, desk):
        return refused
    channel = await work.channels.get(replace(event.channel, channel=event.target))
    return config_form(channel, language_of(desk.policy.scope)) if channel.name else Notice("card_unknown")


async def on_configured(work: UnitOfWork, event: FormSubmitted, desk: Desk) -> Page | Form | Notice:
    """A channel's form came back; one that was opened from a home, where there is no channel, shows that home anew."""
    reply = await on_config(work, event, desk)
    saved = isinstance(reply, Notice) and reply.text == SAVED
    if saved and not event.channel.channel:
        return await home_page(work, event.by, event.channel, desk, SAVED)
    return reply


async def _waiting(work: UnitOfWork, target: str) -> Revision | None:
    """The head that a button was shown for, if it still is the head and still waits; ids come from outside."""
    entry, _, n = target.rpartition("@")
    head = await work.ledger.head(EntryId(entry))
    waits = head is not None and str(head.n) == n and head.after.status is EntryStatus.CANDIDATE
    return head if waits else None


def _because(event: ButtonClicked | FormSubmitted, head: Revision, action: str) -> Because:
    whys = {"approve": "approved by hand", "reject": "rejected by hand", "edit": "edited and approved by hand"}
    job = f"{BY_HAND}{action}:{make_id(head.subject_id, event.source, event.external_id)}"
    return Because(whys[action], job, event.at, head.from_messages)


async def _decided(
    work: UnitOfWork, event: ButtonClicked | FormSubmitted, head: Revision, kind: str, desk: Desk
) -> None:
    """Put on record who decided, and let retrieval follow."""
    name = make_id("feedback", event.source, event.external_id)
    await work.feedback.add(
        Feedback(name, ENTRY, head.subject_id, event.by.id, Role.ANALYST, kind, head.after.answer, event.at)
    )
    await work.jobs.order(desk.clock.now(), JobOrder(Lane.PROJECT, "knowledge"))


def _form(head: Revision, target: str, language: str) -> Form:
    entry = head.after
    fields = (
        FormField("title", "entry_title", entry.title, FieldKind.LINE),
        FormField("answer", "entry_answer", entry.answer),
        FormField("conditions", "entry_conditions", entry.conditions),
    )
    return Form(EDITED, "edit_entry", fields, target=target, language=language)
