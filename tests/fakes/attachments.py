"""Pictures kept in memory."""

from collections.abc import Collection
from dataclasses import replace

from core.domain.events import Attachment
from core.domain.ids import MessageId


class FakeAttachments:
    """Keeps every picture; ``failures`` are raised by the next fetches, one by one. ``kept`` are the names by message."""

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.kept: dict[str, set[str]] = {}
        self.fetched: list[str] = []

    async def fetch(self, attachment: Attachment, message: MessageId) -> Attachment:
        """Keep it."""
        if self.failures:
            raise self.failures.pop(0)
        self.fetched.append(attachment.id)
        found = replace(attachment, media_type=attachment.media_type or "image/png")
        if not found.is_image:
            return found
        name = f"attachments/{attachment.id}/{message}.png"
        self.kept.setdefault(message, set()).add(name)
        return replace(found, kept=name)

    async def discard(self, message: MessageId, but: Collection[str]) -> None:
        """Forget the others."""
        self.kept[message] = self.kept.get(message, set()) & set(but)
