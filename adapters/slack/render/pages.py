"""Pages that a button opens: a knowledge entry, a whole answer. Each is the ``view`` of a modal. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from adapters.slack.render import rich_text
from adapters.slack.render.elements import line, plain_text, small
from adapters.slack.render.limits import (
    MOST_TITLE,
    MOST_VIEW_BLOCKS,
    MOST_VIEW_BYTES,
    Block,
    cut,
    one_line,
    packed,
    runs,
    size_bytes,
)
from adapters.slack.render.rich_text import Span
from adapters.slack.render.sources import Source, sources_of, web_address
from core.domain.cards import Card, CardState, EntryPage
from core.domain.knowledge import QA, EntryStatus
from core.domain.people import Role
from core.text.card_wording import marked_by_card, numbers_of
from core.text.catalogue import full_day, last_held, say
from core.text.printable import printable

_MOST_QUOTED = 1_000


def entry_page(page: EntryPage) -> Block:
    """Give the view of a knowledge entry: what it says, for what it holds, how old and how often confirmed."""
    title = say(page.language, "entry_page")
    return _view(title, _entry(page), page.language, small(f"{_kind(page)} · {' · '.join(_dates(page))}").block)


def _entry(page: EntryPage) -> Iterator[Block]:
    yield line(Span(one_line(page.title, _MOST_QUOTED) or say(page.language, "entry_page"), bold=True)).block
    if page.status is not EntryStatus.ACTIVE:
        yield from _labelled(say(page.language, f"entry_{page.status}"), page.reason)
    yield from _labelled(say(page.language, "asked_as"), page.question)
    yield from _long(page.answer)
    yield from _labelled(say(page.language, "conditions"), page.conditions)
    yield from _links(page)


def whole_answer(card: Card, now: datetime) -> Block:
    """Give the view of all that a card says, or said before it was withdrawn."""
    withdrawn = card.state is CardState.WITHDRAWN
    title = say(card.language, "withdrawn_text" if withdrawn else "whole_answer")
    return _view(title, _answers(card, now), card.language)


def _answers(card: Card, now: datetime) -> Iterator[Block]:
    numbers = numbers_of(card)
    for section in card.sections:
        if len(card.sections) > 1:
            yield rich_text.block([rich_text.quote(one_line(section.asked, _MOST_QUOTED) or "…")])
        yield from _long(marked_by_card(section.answer, numbers))
    yield from _sources(sources_of(card), card.language, now)


def _view(title: str, blocks: Iterable[Block], language: str, last: Block | None = None) -> Block:
    """The view with as many blocks as Slack takes, and ``last`` in any case; what had to be left out is told."""
    kept: list[Block] = []
    used = 0
    for block in blocks:
        used += size_bytes(block)
        if used > MOST_VIEW_BYTES or len(kept) == MOST_VIEW_BLOCKS - 2:
            kept.append(small(say(language, "cut_off")).block)
            break
        kept.append(block)
    kept = kept or [small(say(language, "card_unknown")).block]
    return {
        "type": "modal",
        "title": plain_text(cut(title, MOST_TITLE)),
        "close": plain_text(cut(say(language, "close"), MOST_TITLE)),
        "blocks": [*kept, *([last] if last else [])],
    }


def _long(text: str) -> Iterator[Block]:
    """A text of any length; what no view could hold is not looked at."""
    return (rich_text.block(pack) for pack in packed(rich_text.elements_of(text[:MOST_VIEW_BYTES])))


def _sources(sources: Sequence[Source], language: str, now: datetime) -> Iterator[Block]:
    if not sources:
        return
    heading = rich_text.section(Span(say(language, "sources"), bold=True))
    rows = (rich_text.section(*source.spans(language, now, titled=False)) for source in sources)
    yield from (rich_text.block(pack) for pack in packed([heading, *rows]))


def _labelled(label: str, text: str) -> Iterator[Block]:
    """A label and a short text behind it; nothing where there is no text."""
    shown = cut(printable(text).strip(), _MOST_QUOTED)
    if shown:
        yield line(Span(f"{label}: ", bold=True), *(Span(piece) for piece in runs(shown))).block


def _links(page: EntryPage) -> Iterator[Block]:
    known = (("open_document", page.url), ("open_thread", page.thread_url))
    spans = [Span(say(page.language, key), address) for key, url in known if (address := web_address(url))]
    for span in spans:
        yield line(span).block


def _kind(page: EntryPage) -> str:
    if page.kind != QA:
        return say(page.language, "chunk_source")
    return say(page.language, "own_fix_source" if page.taught_by is Role.REQUESTER else "qa_source")


def _dates(page: EntryPage) -> Iterator[str]:
    def told(key: str, at: datetime, **values: object) -> str:
        return say(page.language, key, day=full_day(at, page.language), **values)

    if page.kind == QA:
        yield told("learned_on", page.created_at)
        if page.updated_at.date() != page.created_at.date():
            yield told("changed_on", page.updated_at)
    else:
        yield told("read_on", page.confirmed_at or page.updated_at)
    if page.kind == QA and page.confirmed_at and page.confirmations:
        key = "confirmed_on" if page.confirmations > 1 else "confirmed_once_on"
        yield told(key, page.confirmed_at, count=page.confirmations)
    if page.expires_at:
        yield told("valid_until", last_held(page.expires_at))
