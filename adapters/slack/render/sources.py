"""The sources of a card: title, kind and age, each with its way to be opened. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from adapters.slack.render.elements import Piece, line
from adapters.slack.render.limits import MOST_URL, characters, one_line
from adapters.slack.render.rich_text import Span
from core.domain.answers import Citation
from core.domain.cards import ActionKind, Card, CardAction
from core.domain.knowledge import QA
from core.domain.people import Role
from core.text.card_wording import age, numbers_of, read_age
from core.text.catalogue import day, last_held, say

MOST_SOURCES = 10
_MOST_SOURCE_TITLE = 120


@dataclass(frozen=True, slots=True)
class Source:
    """A citation under the number that it has on the card."""

    n: int
    citation: Citation

    @property
    def web(self) -> str:
        """Where it opens on the web; empty for what opens as a page of ours."""
        return web_address(self.citation.url)

    def spans(self, language: str, now: datetime, *, titled: bool) -> list[Span]:
        """Its line: the number, what it is, how old, and until when it holds. ``titled`` names a learned entry by its title."""
        cited, title = self.citation, one_line(self.citation.title, _MOST_SOURCE_TITLE)
        learned = cited.kind == QA
        own_fix = cited.taught_by is Role.REQUESTER
        name = say(language, "own_fix_source" if own_fix else "qa_source") if learned and not titled else title
        parts = [age(cited, language, now) if learned else read_age(cited, language, now)]
        if cited.expires_at:
            parts.append(say(language, "valid_until", day=day(last_held(cited.expires_at), language)))
        return [Span(f"[{self.n}] "), Span(name or self.web, self.web), Span("".join(f" · {part}" for part in parts))]


def sources_of(card: Card) -> list[Source]:
    """What a card cites, each once, by number."""
    numbers = numbers_of(card)
    cited = {numbers[c.entry, c.revision]: c for section in card.sections for c in section.answer.citations}
    return [Source(n, cited[n]) for n in sorted(cited)]


def closest_of(card: Card) -> list[Source]:
    """What comes nearest where there is no answer."""
    return [Source(citation.n, citation) for citation in card.closest]


def listed(sources: Sequence[Source], label: str, language: str, now: datetime, *, titled: bool = False) -> list[Piece]:
    """The sources under a label, a line each; those beyond the most a card shows are counted."""
    if not sources:
        return []
    spans = [Span(label, bold=True)]
    for source in sources[:MOST_SOURCES]:
        spans += [Span("\n"), *source.spans(language, now, titled=titled)]
    if more := len(sources) - MOST_SOURCES:
        spans += [Span("\n" + say(language, "more_sources", count=more))] if more > 0 else []
    return [line(*spans)]


def openings(sources: Sequence[Source]) -> list[tuple[CardAction, int]]:
    """A button for each source shown that opens as a page of ours."""
    return [
        (CardAction(ActionKind.OPEN_ENTRY, source.citation.entry), source.n)
        for source in sources[:MOST_SOURCES]
        if not source.web
    ]


def web_address(url: str) -> str:
    """The address where it is one of the web that Slack takes, else nothing."""
    if characters(url) > MOST_URL or any(not character.isprintable() or character in ' <>"|' for character in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that are no address
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""
