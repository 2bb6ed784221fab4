"""Beneath an answer of ``vigil ask``: who may see its sources, and what opens them."""

from adapters.terminal.plain import safe
from bot.called import as_called
from core.domain.answers import Citation
from core.domain.cards import Card
from core.domain.ids import EntryId, short, subject_of
from core.domain.knowledge import CHUNK, INTERNAL, SHARED, Audience
from core.ports.records import UnitOfWork
from core.respond.situation import Response
from core.text.card_wording import numbers_of


def seen_by(response: Response) -> dict[EntryId, str]:
    """Who alone may see an entry, of those that not every customer may: whoever passes the answer on must know."""
    entries = [passage.entry for resolved in response.resolved for passage in resolved.passages]
    return {one.id: _only(one.audience) for one in entries if one.audience != SHARED}


def _only(audience: Audience) -> str:
    return audience.value if audience == INTERNAL else f"{audience.value} only"


async def opening(work: UnitOfWork, card: Card) -> list[str]:
    """A line for each document that the card cites or names as closest, with its address and its part, else one that says what
    opens a source."""
    numbers = numbers_of(card)
    cited = {numbers[c.entry, c.revision]: c for section in card.sections for c in section.answer.citations}
    cited = cited or {c.n: c for c in card.closest}
    parts = {n: c for n, c in sorted(cited.items()) if c.kind == CHUNK}
    if not parts:
        return [as_called(f"`vigil kb show {short(c.entry)}` opens a source.") for c in list(cited.values())[:1]]
    return [
        as_called(f"[{n}] {safe(await _place(work, c))}: `vigil kb show {short(c.entry)}` prints it.")
        for n, c in parts.items()
    ]


async def _place(work: UnitOfWork, citation: Citation) -> str:
    """The address with its fragment, or a file's path and heading."""
    if citation.url.startswith(("http://", "https://")):
        return citation.url
    document = subject_of(citation.entry)
    source, head = await work.documents.get(document), await work.ledger.head(document)
    title = head.after.title if head else ""
    section = citation.title.removeprefix(title).removeprefix(", ")
    return ", ".join(one for one in (source.address if source else title, section) if one)
