"""Documents kept in memory."""

import hashlib
import os
from dataclasses import replace
from urllib.parse import urldefrag

from core.domain.documents import Gone, Page, Reading, Section, Seen, Unchanged
from core.domain.errors import CallerError


class FakeDocuments:
    """Gives what was ``put`` at an address (http or https) or path; what was not, or was removed, is gone. ``failures`` are
    raised by the next readings, one by one; ``asked`` are the addresses and paths in their order."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.failures: list[Exception] = []
        self.asked: list[str] = []

    def put(self, address: str, text: str, *, title: str = "A page", **changes: object) -> Page:
        """Keep a page of one section, or of the ``sections`` named; its digest follows from what it says."""
        place = _web(address) or _file(address)
        sections = changes.pop("sections", (Section("", text),))
        digest = hashlib.sha256(repr((title, sections)).encode()).hexdigest()
        page = Page(address=place, url=place, title=title, sections=sections, digest=digest)  # type: ignore[arg-type]  # a test's
        self.pages[place] = replace(page, **changes)  # type: ignore[arg-type]  # a test names fields of a page
        return self.pages[place]

    def remove(self, address: str) -> None:
        """It is there no more."""
        del self.pages[_web(address) or _file(address)]

    async def read(self, address: str, seen: Seen | None = None) -> Reading:
        """What was put there."""
        place = _web(address)
        if not place:
            raise CallerError("Only http and https addresses are read: give one of these.")
        return self._reading(place, seen)

    async def read_file(self, path: str, seen: Seen | None = None) -> Reading:
        """What was put there."""
        if _web(path):
            raise CallerError("That is an address and no file: give a path.")
        return self._reading(_file(path), seen)

    def _reading(self, place: str, seen: Seen | None) -> Reading:
        self.asked.append(place)
        if self.failures:
            raise self.failures.pop(0)
        page = self.pages.get(place)
        if page is None:
            return Gone(f"{place.partition('?')[0]} is not there any more.")
        same = seen is not None and seen.digest == page.digest and seen.place in ("", page.url)
        return Unchanged() if same else page


def _web(address: str) -> str:
    """The address without its fragment, empty for what is none of the web."""
    return urldefrag(address).url if address.lower().startswith(("http://", "https://")) else ""


def _file(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100  # resolve() would follow links
