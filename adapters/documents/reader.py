"""The ``Documents`` of the web and of this machine's files."""

import asyncio
import contextlib
import hashlib
import os
import re
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Protocol

from adapters.documents.address import clipped, parse_address
from adapters.documents.bodies import too_big
from adapters.documents.fetch import Fetched, Limits, Network, fetch
from adapters.documents.kinds import Kind, file_kind, kind_of
from adapters.documents.reach import Reach
from adapters.documents.worker import Parsed, Worker
from adapters.retry import retrying
from core.domain.documents import Gone, Page, Reading, Seen, Unchanged
from core.domain.errors import CallerError, NotPublicError, TransientError
from core.text.addresses import canonical

AT_ONCE = 4
ATTEMPTS = 2
PATIENCE_S = 15.0
"""A second try comes soon or not at all: whoever asked has a job that tries again later."""
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|sso|saml2?|oauth2?|authorize|servicelogin|session/new|auth)(?:[/._-]|$)", re.IGNORECASE
)
_LOGIN_CHARACTERS = 1_500


class Parser(Protocol):
    """What takes documents apart: ``Worker``, or in a test this process."""

    async def parse(self, kind: Kind, body: bytes, charset: str, shown: str) -> Parsed:
        """As ``Worker``."""
        ...


class SafeDocuments:
    """Reads behind the fence: ``fetch`` decides what is reached, ``worker`` takes it apart."""

    def __init__(
        self,
        reach: Reach,
        network: Network,
        limits: Limits,
        worker: Parser,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._reach, self._network, self._limits = reach, network, limits
        self._worker, self._sleep = worker, sleep
        self._room = asyncio.Semaphore(AT_ONCE)

    async def read(self, address: str, seen: Seen | None = None) -> Reading:
        """As the port says."""
        first = parse_address(address)
        async with self._room:
            found = await retrying(
                lambda: fetch(first, seen, self._reach, self._network, self._limits),
                attempts=ATTEMPTS, patience_s=PATIENCE_S, sleep=self._sleep,
            )  # fmt: skip
            if not isinstance(found, Fetched):
                return found
            shown = found.address.shown
            path = found.address.target.partition("?")[0]
            kind, charset = kind_of(found.media_type, path, found.body, shown)
            parsed = await self._worker.parse(kind, found.body, charset, shown)
        if parsed.login or (found.redirected and _LOGIN_PATH.search(path) and parsed.characters < _LOGIN_CHARACTERS):
            raise NotPublicError(
                f"{first.shown} is not read: it wants a login. "
                "An operator can set a header for its host in VIGIL_DOCUMENT_HEADERS."
            )
        return await asyncio.to_thread(_page, first.url, found.address.url, parsed, seen, found)

    async def read_file(self, path: str, seen: Seen | None = None) -> Reading:
        """As the port says."""
        if path.lower().startswith(("http://", "https://")):
            raise CallerError("That is an address and no file: give a path.")
        place = await asyncio.to_thread(os.path.abspath, path)
        shown = clipped(place)
        async with self._room:
            body = await asyncio.to_thread(_content, place, shown, self._limits.most_bytes)
            if body is None:
                return Gone(f"{shown} is not there any more.")
            parsed = await self._worker.parse(file_kind(place, body, shown), body, "", shown)
        return await asyncio.to_thread(_page, place, place, parsed, seen)


@contextlib.asynccontextmanager
async def open_documents(
    reach: Reach | None = None,
    *,
    network: Network | None = None,
    limits: Limits | None = None,
    worker: Worker | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[SafeDocuments]:
    """Open the reader of documents and end its process afterwards. ``reach`` is what the settings say; the rest has the values
    of production, and tests give their own. Nothing is started before the first document."""
    worker = worker or Worker()
    try:
        yield SafeDocuments(reach or Reach(), network or Network(), limits or Limits(), worker, sleep)
    finally:
        await worker.close()


def _page(address: str, url: str, parsed: Parsed, seen: Seen | None, found: Fetched | None = None) -> Page | Unchanged:
    """The page, or that it says what it said. A file without a title of its own is called by its name."""
    title = parsed.title or Path(url.partition("?")[0]).stem.replace("-", " ").replace("_", " ") or url
    inside = found is not None and found.with_credentials
    said = repr((title, inside, [(s.heading, s.text, s.anchor, s.trail) for s in parsed.sections]))
    digest = hashlib.sha256(said.encode()).hexdigest()
    if seen is not None and seen.digest == digest and seen.place in ("", canonical(url) or url):
        return Unchanged()
    return Page(
        address=address, url=url, title=title, sections=parsed.sections, digest=digest, with_credentials=inside,
        etag=found.etag if found else "", modified=found.modified if found else "",
    )  # fmt: skip


def _content(path: str, shown: str, most_bytes: int) -> bytes | None:
    """The bytes of a plain file, none where there is no file. Never waits for a pipe or reads a device."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:  # a NUL in the name
        raise CallerError("That is no path of a file.") from error
    except PermissionError as error:
        raise CallerError(f"{shown} is not read: this user may not open it.") from error
    except OSError as error:
        raise TransientError(f"{shown} cannot be read now: {error.strerror}.") from error
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise CallerError(f"{shown} is not read: it is no plain file.")
        if about.st_size > most_bytes:
            raise too_big(shown, most_bytes)
        try:
            body = file.read(most_bytes + 1)
        except OSError as error:
            raise TransientError(f"{shown} cannot be read now: {error.strerror}.") from error
    if len(body) > most_bytes:  # it grows
        raise too_big(shown, most_bytes)
    return body
