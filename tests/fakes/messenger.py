"""A platform in memory that takes each card once."""

from collections.abc import Sequence

from core.domain.cards import Card
from core.domain.channels import Channel, ChannelRef
from core.domain.errors import FinalError


class FakeMessenger:
    """Keeps what was posted. ``failures`` are raised one by one by the next sends, ``find_failures`` by the next finds,
    ``update_failures`` by the next updates, ``look_failures`` by the next looks at a channel; ``channels`` are
    those of which there is something to say; ``lose_answers`` posts and then raises."""

    def __init__(self, failures: Sequence[Exception] = (), lose_answers: bool = False) -> None:
        self.failures = list(failures)
        self.find_failures: list[Exception] = []
        self.update_failures: list[Exception] = []
        self.look_failures: list[Exception] = []
        self.channels: dict[ChannelRef, Channel] = {}
        self.lose_answers = lose_answers
        self.posted: dict[str, Card] = {}
        self.calls: list[str] = []

    async def send(self, card: Card) -> str:
        """Post the card; a second post of the same card is an error of ours."""
        self.calls.append("send")
        if self.failures and not self.lose_answers:
            raise self.failures.pop(0)
        assert card.id not in self.posted, "a card was posted twice"
        self.posted[card.id] = card
        if self.failures:
            raise self.failures.pop(0)
        return f"p:{card.id}"

    async def update(self, platform_id: str, card: Card) -> None:
        """Replace a card; a post that is not there, or another card than the one posted there, is refused."""
        self.calls.append("update")
        if self.update_failures:
            raise self.update_failures.pop(0)
        if platform_id != f"p:{card.id}" or card.id not in self.posted:
            raise FinalError("The platform has no such post.")
        self.posted[card.id] = card

    def link(self, channel: ChannelRef, message_id: str, thread: str) -> str:
        """Where a message can be opened."""
        return f"https://chat.test/{channel.channel}/{thread}/{message_id}"

    async def find(self, card: Card) -> str | None:
        """Look a card up."""
        self.calls.append("find")
        if self.find_failures:
            raise self.find_failures.pop(0)
        return f"p:{card.id}" if card.id in self.posted else None

    async def channel(self, ref: ChannelRef) -> Channel:
        """Look a channel up."""
        if self.look_failures:
            raise self.look_failures.pop(0)
        return self.channels.get(ref, Channel(ref))
