"""The port for reading documents from the web and from files."""

from typing import Protocol

from core.domain.documents import Reading, Seen


class Documents(Protocol):
    """Reads documents behind the fence of DESIGN 10. The web and this machine's files have a method each, so that nothing that
    somebody wrote into a message can name a file: what comes from a message goes to ``read`` alone.

    Both give a ``Page``; ``Unchanged`` when it is as ``seen`` and where it was; ``Gone`` when it is there no more. Both raise
    ``CallerError`` for what is not read at all: an address that is not public, a type that is no text, one that is too big or
    has no text; ``NotPublicError`` for a page that wants a login or stands in a private network, ``NoSuchHostError``;
    ``TransientError`` when a later try may work (``retry_after_s`` where the server named a time). Each sentence names the
    address without credentials, query and fragment.
    """

    async def read(self, address: str, seen: Seen | None = None) -> Reading:
        """Read what is at an http(s) address. Anything else, a path and a ``file:`` address too, is a ``CallerError``. The
        page's ``address`` is this one and ``url`` where redirects led, both without fragment."""
        ...

    async def read_file(self, path: str, seen: Seen | None = None) -> Reading:
        """Read a file of this machine that the operator named by hand, or that a refresh knows to have been read so before (a
        ``Source`` whose address is no http(s) address). The page's ``address`` and ``url`` are its absolute path."""
        ...
