"""Pages that a button opens: a source behind a card, the whole of a long answer, the text of a withdrawn one (UX)."""

from core.desk.context import Desk
from core.desk.refusals import CARD_UNKNOWN, ONLY_ANALYST
from core.domain.cards import ActionKind, Card, CardKind, CardState, EntryPage, Notice, OutboxState
from core.domain.channels import Channel
from core.domain.events import ButtonClicked
from core.domain.ids import CardId, EntryId
from core.domain.knowledge import SHARED, EntryStatus, KnowledgeEntry, Viewer
from core.domain.replies import AnswerPage
from core.knowledge.parts import head_as_cited
from core.ports.records import UnitOfWork
from core.session.roles import is_analyst

CLICKS = frozenset({ActionKind.OPEN_ENTRY, ActionKind.SHOW_ALL, ActionKind.SHOW_WITHDRAWN})
ENTRY_UNKNOWN = Notice("entry_unknown")
ENTRY_GONE = Notice("entry_gone")


async def on_open(work: UnitOfWork, event: ButtonClicked, desk: Desk) -> EntryPage | AnswerPage | Notice:
    """Open what was clicked, if whoever clicked may see it there; ids come from outside and prove nothing."""
    analyst = is_analyst(event.by, event.channel.workspace, desk.policy)
    channel = await work.channels.get(event.channel)
    if event.action == ActionKind.OPEN_ENTRY:
        return await _entry(work, EntryId(event.target), channel, desk, analyst=analyst)
    card = await _card(work, CardId(event.target), event)
    if card is None:
        return CARD_UNKNOWN
    if event.action == ActionKind.SHOW_WITHDRAWN and not analyst:
        return ONLY_ANALYST
    if card.state is CardState.WITHDRAWN and not analyst:
        return Notice("card_withdrawn")
    return AnswerPage(card)


async def _card(work: UnitOfWork, card: CardId, event: ButtonClicked) -> Card | None:
    """The card of this id where it was shown, and to whom."""
    item = await work.outbox.get(card)
    if item is None or item.state not in (OutboxState.SENDING, OutboxState.SENT):
        return None
    to = item.card.destination
    own = item.card.kind is not CardKind.LOOKUP or to.person == event.by.id
    return item.card if own and to.channel == event.channel else None


async def _entry(
    work: UnitOfWork, entry: EntryId, channel: Channel, desk: Desk, *, analyst: bool
) -> EntryPage | Notice:
    head = await head_as_cited(work, entry)
    viewer = Viewer.operator() if analyst else Viewer.of_customer(channel.customer)
    if head is None or not viewer.may_see(head.after.audience):
        return ENTRY_UNKNOWN
    known = head.after
    if not analyst and known.status is not EntryStatus.ACTIVE:
        return ENTRY_GONE if known.status is EntryStatus.RETIRED else ENTRY_UNKNOWN
    return EntryPage(
        entry=known.id,
        kind=known.kind,
        title=known.title,
        answer=known.answer,
        created_at=known.created_at,
        updated_at=known.updated_at,
        language=known.language,
        conditions=known.conditions,
        url=known.url,
        confirmed_at=known.confirmed_at,
        confirmations=known.confirmations,
        expires_at=known.expires_at,
        taught_by=known.taught_by,
        question=known.question if analyst or known.audience != SHARED else "",
        thread_url=await _thread(work, known, desk) if analyst else "",
        status=known.status,
        reason=head.why if known.status is not EntryStatus.ACTIVE else "",
    )


async def _thread(work: UnitOfWork, entry: KnowledgeEntry, desk: Desk) -> str:
    """Where people said what taught an entry, as the platform opens it."""
    for source in await work.projections.sources(entry.id):
        message = await work.messages.get(source)
        session = await work.sessions.get(message.session) if message else None
        if message and session:
            return desk.messenger.link(session.channel, message.platform_id, message.thread or session.thread)
    return ""
