"""Cards in a terminal: of a replay, where one counts as posted once it is on record, and of a chat, where people see it."""

from collections.abc import Awaitable, Callable

from core.domain.cards import Card
from core.domain.channels import Channel, ChannelRef
from core.domain.errors import FinalError, TransientError


class RecordedMessenger:
    """A ``Messenger`` whose posts are the outbox's own rows: sending again gives the same id, so nothing is posted twice."""

    async def send(self, card: Card) -> str:
        """Give the id that this card always gets."""
        return f"recorded:{card.id}"

    async def update(self, platform_id: str, card: Card) -> None:
        """The view reads the records, so only a card that is not posted there is refused."""
        if platform_id != f"recorded:{card.id}":
            raise FinalError("Nothing was posted there.")

    def link(self, channel: ChannelRef, message_id: str, thread: str) -> str:  # noqa: ARG002  # a promise of the port
        """Recorded history has no addresses."""
        return ""

    async def find(self, card: Card) -> str | None:
        """Give the id: a recorded card is where it belongs as soon as it is on record."""
        return f"recorded:{card.id}"

    async def channel(self, ref: ChannelRef) -> Channel:
        """Recorded history tells of its channels in its events; there is nothing newer to be asked."""
        return Channel(ref)


class AbsentMessenger:
    """A ``Messenger`` for work on a real home while the bot is not running: what waits to be posted or edited goes on waiting
    for it."""

    async def send(self, card: Card) -> str:
        """Leave it to the bot."""
        raise TransientError(f"The card {card.id} waits for the running bot.")

    async def update(self, platform_id: str, card: Card) -> None:
        """Leave it to the bot."""
        raise TransientError(f"The edit of {platform_id} to the card {card.id} waits for the running bot.")

    def link(self, channel: ChannelRef, message_id: str, thread: str) -> str:  # noqa: ARG002  # a promise of the port
        """No addresses are made meanwhile."""
        return ""

    async def find(self, card: Card) -> str | None:
        """Leave it to the bot."""
        raise TransientError(f"The card {card.id} is looked for by the running bot.")

    async def channel(self, ref: ChannelRef) -> Channel:
        """Leave it to the bot."""
        raise TransientError(f"The channel {ref.channel} is looked up by the running bot.")


Show = Callable[[Card], Awaitable[None]]


class TerminalMessenger:
    """A ``Messenger`` whose platform is the terminal in front of you: a card is posted once it was shown there, and shown again
    when it changes. ``describe`` says what there is to say of a channel."""

    def __init__(self, show: Show, describe: Callable[[ChannelRef], Channel]) -> None:
        self._show, self._describe = show, describe
        self._shown: set[str] = set()

    async def send(self, card: Card) -> str:
        """Show the card."""
        await self._show(card)
        self._shown.add(card.id)
        return _post(card)

    async def update(self, platform_id: str, card: Card) -> None:
        """Show it again as it looks now: what was shown stands further up, or in a terminal that is closed."""
        if platform_id != _post(card):
            raise FinalError("Nothing was shown there.")
        await self._show(card)

    def link(self, channel: ChannelRef, message_id: str, thread: str) -> str:  # noqa: ARG002  # a promise of the port
        """A terminal has no addresses."""
        return ""

    async def find(self, card: Card) -> str | None:
        """Whether this terminal has shown it; an earlier one that was killed amidst it is not in front of anybody."""
        return _post(card) if card.id in self._shown else None

    async def channel(self, ref: ChannelRef) -> Channel:
        """What there is to say of it."""
        return self._describe(ref)


def _post(card: Card) -> str:
    return f"terminal:{card.id}"
