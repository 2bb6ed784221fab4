"""Reading a known document again, by whichever of its addresses still leads to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.desk.places import is_lost
from core.domain.documents import Gone, Link, Page, Reading, Source
from core.domain.errors import CallerError, VigilError
from core.learn.ingest_documents import place_of
from core.ports.documents import Documents
from core.text.addresses import canonical

MOST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What was read of a document, and the ``address`` that gave it; ``elsewhere`` is the page to which the address that is
    usually asked leads by now, where the document is still where it was."""

    address: str
    reading: Reading
    elsewhere: Page | None = None


async def read_again(source: Source, links: Sequence[Link], documents: Documents) -> Found:
    """Read a document by its address, and where that does not lead to it any more, by the others that are known of it: it is
    gone, has moved, or is not read, where none does. Raises as ``Documents``."""
    first: Reading = Gone("")
    lost: CallerError | None = None
    try:
        first = await _read(source.address, source, documents)
    except CallerError as error:
        lost = error
    moved = isinstance(first, Page) and _has_moved(first, source)
    if moved or isinstance(first, Gone):
        own = () if moved else (source.seen.place,)
        for address in _others(source, (*own, *(one.address for one in links))):
            other = await _tried(address, source, documents)
            stays = not isinstance(other, Gone) and not (isinstance(other, Page) and _has_moved(other, source))
            if stays or (not moved and not isinstance(other, Gone)):
                return Found(address, other, first if isinstance(first, Page) else None)
    if lost is not None:
        raise lost
    return Found(source.address, first)


def _others(source: Source, addresses: Sequence[str]) -> list[str]:
    asked = canonical(source.address)
    found = (canonical(one) for one in addresses) if asked else ()
    return [one for one in dict.fromkeys(found) if one and one != asked][:MOST_OTHERS]


async def _tried(address: str, source: Source, documents: Documents) -> Reading:
    try:
        return await _read(address, source, documents)
    except VigilError as error:
        return Gone(error.sentence)


async def _read(address: str, source: Source, documents: Documents) -> Reading:
    web = bool(canonical(address))
    found = await (documents.read if web else documents.read_file)(address, source.seen)
    if isinstance(found, Page) and is_lost(canonical(address), place_of(found)) and _has_moved(found, source):
        return Gone(f"{address.partition('?')[0]} leads to the start page of its site now.")
    return found


def _has_moved(page: Page, source: Source) -> bool:
    return source.seen.place not in ("", place_of(page))
