"""The port for keeping the pictures that people post."""

from collections.abc import Collection
from typing import Protocol

from core.domain.events import Attachment
from core.domain.ids import MessageId


class Attachments(Protocol):
    """Keeps pictures of messages below the home. Nothing but pictures is kept."""

    async def fetch(self, attachment: Attachment, message: MessageId) -> Attachment:
        """Fetch a file of a message and give it as it really is, with ``kept`` where it is a picture that is kept now. One that
        is kept already is kept once. Raises ``TransientError`` when a later try may work, ``CallerError`` for a right that is
        missing, ``FinalError`` when this file is not for us: too big, no picture, gone."""
        ...

    async def discard(self, message: MessageId, but: Collection[str]) -> None:
        """Delete what is kept of a message, except for what ``but`` names as ``kept``. Repeating it changes nothing."""
        ...
