"""The platform of a replay: a card counts as posted once it is on record, nothing leaves the process."""

from core.domain.cards import Card
from core.domain.channels import ChannelRef
from core.domain.errors import FinalError


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
