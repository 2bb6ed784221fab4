"""What is on the screen of ``vigil chat``: numbered messages, the cards about them, and what the journal tells."""

from collections.abc import Sequence

from adapters.terminal.room import PLATFORM, Post, Room, Speaker, speaker_of
from adapters.terminal.screen import Screen, Shown
from bot.clocks import MovableClock
from core.desk.delivery import draft_id
from core.domain.cards import Card, CardKind, CardState, OutboxItem, OutboxState
from core.domain.ids import CardId, MessageId
from core.domain.knowledge import Revision
from core.domain.people import Role
from core.domain.sessions import Message, Session, SessionKind
from core.ports.journal import Journal, MessageTold, Place, ReviewTold, Told, TurnTold
from core.ports.records import Records, UnitOfWork
from core.session.lifecycle import message_id

LOOKED_BACK = 200
"""Messages among which a card is looked for when none is named."""
SEEN = (OutboxState.SENDING, OutboxState.SENT)


class Floor:
    """Shows cards and what the journal tells, each with the number of the message that it is about."""

    def __init__(self, records: Records, room: Room, screen: Screen, clock: MovableClock) -> None:
        self._records, self.room, self.screen, self._clock = records, room, screen, clock
        self._numbers: dict[MessageId, int] = {}
        self._place = Place()
        self.last_card: Card | None = None

    async def remember(self, journal: Journal) -> list[Told]:
        """Take up what was typed in this home before; gives all that was ever told in it."""
        told, self._place = await journal.since(Place())
        for one in told:
            if isinstance(one, MessageTold) and _is_typed(one.session):
                self._count(one.message, one.session, speaker_of(one.message.author, one.session.channel.channel))
                self.room.speaker, self.room.channel = self._speaker(one), one.session.channel
        self.last_card = next(iter(await self.cards(range(len(self.room.posts), 0, -1))), None)
        return told

    def _speaker(self, told: MessageTold) -> Speaker:
        return speaker_of(told.message.author, told.session.channel.channel)

    async def took(self, message: MessageId) -> int:
        """Count a message that has come in; gives its number."""
        async with self._records.read() as work:
            found = await work.messages.get(message)
            session = await work.sessions.get(found.session) if found else None
        assert found is not None, "what is stored is there"
        assert session is not None, "a message has a session"
        self._count(found, session)
        return len(self.room.posts)

    def _count(self, message: Message, session: Session, speaker: Speaker | None = None) -> None:
        post = Post(session.channel, message.platform_id, session.thread, message.author.id, message.text)
        self.room.took(post, speaker)
        self._numbers[message.id] = len(self.room.posts)

    async def show(self, card: Card) -> None:
        """Show a card, new or changed, with the number of the message that it answers; a draft that is on its way out only once
        it is."""
        if card.kind is CardKind.DRAFT and card.state is CardState.POSTED and not card.actions:
            return
        async with self._records.read() as work:
            turn = await work.turns.get(card.turn)
        self.last_card = card
        self.screen.card(Shown(card, self._number(turn.messages if turn else ()), self._clock.now()))

    async def tell(self, journal: Journal) -> None:
        """Show what was recorded since the last time."""
        told, self._place = await journal.since(self._place)
        for one in told:
            self.screen.told(one, self._number(_messages(one)))

    def _number(self, messages: Sequence[MessageId]) -> int | None:
        return max((self._numbers[m] for m in messages if m in self._numbers), default=None)

    async def cards(self, numbers: Sequence[int]) -> list[Card]:
        """The cards that were shown about these messages, drafts before what came of them; none twice."""
        found: dict[CardId, Card] = {}
        async with self._records.read() as work:
            for n in numbers[:LOOKED_BACK]:
                post = self.room.post(n)
                for item in await _shown(work, post) if post else ():
                    found[item.card.id] = item.card
        return list(found.values())

    async def waits(self) -> bool:
        """Whether what was said last is a requester's, and not dealt with yet."""
        if not self.room.posts:
            return False
        async with self._records.read() as work:
            last = await work.messages.get(self.id_of(self.room.posts[-1]))
        return last is not None and last.turn is None and last.standing.role is Role.REQUESTER

    def id_of(self, post: Post) -> MessageId:
        """The id under which a message is on record."""
        return message_id(post.channel.key, post.id)


async def _shown(work: UnitOfWork, post: Post) -> list[OutboxItem]:
    message = await work.messages.get(message_id(post.channel.key, post.id))
    turn = await work.turns.get(message.turn) if message and message.turn else None
    if turn is None or turn.card is None:
        return []
    items = [await work.outbox.get(card) for card in (draft_id(turn.card), turn.card)]
    return [item for item in items if item is not None and item.state in SEEN]


def _is_typed(session: Session) -> bool:
    """Whether it is a dialogue of a chat, and no look-up and nothing that was learned before."""
    return session.channel.platform == PLATFORM and session.kind is SessionKind.SUPPORT


def _messages(told: Told) -> Sequence[MessageId]:
    match told:
        case MessageTold():
            return (told.message.id,)
        case TurnTold():
            return told.turn.messages
        case Revision() | ReviewTold() | _:
            return ()
