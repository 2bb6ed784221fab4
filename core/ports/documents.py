"""The port for reading documents from the web and from files."""

from typing import Protocol

from core.domain.documents import Reading, Seen


class Documents(Protocol):
    """Reads documents behind the fence of DESIGN 10."""

    async def read(self, address: str, seen: Seen | None = None) -> Reading:
        """Read the document at an http(s) address or, by hand alone, at a file's path, cut into sections. ``Unchanged`` when it
        is as ``seen``, ``Gone`` when it is there no more. Raises ``CallerError`` for what is not read at all: an address that
        is not public, a type that is no text, one that is too big or empty, a page that wants a login; ``TransientError`` when
        a later try may work. Each sentence names the address without credentials and without its query."""
        ...
