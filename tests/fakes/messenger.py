"""A platform in memory that takes each card once."""

from collections.abc import Sequence

from core.domain.cards import Card
from core.domain.errors import VigilError


class FakeMessenger:
    """Keeps what was posted. ``failures`` are raised one by one by the next sends; ``lose_answers`` posts and then raises."""

    def __init__(self, failures: Sequence[VigilError] = (), lose_answers: bool = False) -> None:
        self.failures = list(failures)
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
        """Replace a card."""
        self.posted[platform_id.removeprefix("p:")] = card

    async def find(self, card: Card) -> str | None:
        """Look a card up."""
        self.calls.append("find")
        return f"p:{card.id}" if card.id in self.posted else None
