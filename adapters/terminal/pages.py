"""What one person alone is shown at once, as plain lines: a note, a page, an entry, the whole of a card. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from adapters.terminal.card import render
from adapters.terminal.plain import wrap
from core.domain.cards import Card, CardState, EntryPage, Notice
from core.domain.knowledge import QA, EntryStatus
from core.domain.pages import Page
from core.domain.people import Role
from core.domain.replies import AnswerPage, Form, Reply
from core.text.catalogue import full_day, last_held, say


def reply_lines(reply: Reply, now: datetime, width: int) -> list[str]:
    """The lines of a reply, at most ``width`` columns wide; none of a card, which is shown where it stands, nor of a form."""
    match reply:
        case Notice():
            return wrap(say(reply.language, reply.text, **dict(reply.values)), width)
        case Page():
            return [line for text in (reply.title, *_items(reply)) for line in wrap(text, width)]
        case EntryPage():
            return [line for text in _entry(reply) for line in wrap(text, width)]
        case AnswerPage():
            return render(_whole(reply.card), now, width, posted=False).split("\n")
        case Card() | Form() | None:
            return []


def _items(page: Page) -> Iterator[str]:
    for item in page.items:
        if item.heading:
            yield item.heading
        yield from (f"    {line}" for line in item.lines)
        if item.remark:
            yield f"    {item.remark}"


def _whole(card: Card) -> Card:
    """The card as it was when it was posted."""
    return replace(card, state=CardState.POSTED, marks=(), actions=(), notice=None)


def _entry(page: EntryPage) -> Iterator[str]:
    if not page.answer.startswith(page.title):
        yield page.title
    if page.status is not EntryStatus.ACTIVE:
        yield f"{say(page.language, f'entry_{page.status}')}: {page.reason}"
    if page.question:
        yield f"{say(page.language, 'asked_as')}: {page.question}"
    yield page.answer
    if page.conditions:
        yield f"{say(page.language, 'conditions')}: {page.conditions}"
    if page.url:
        yield f"{say(page.language, 'open_document')}: {page.url}"
    yield " · ".join([_kind(page), *_dates(page)])


def _kind(page: EntryPage) -> str:
    if page.kind != QA:
        return say(page.language, "chunk_source")
    return say(page.language, "own_fix_source" if page.taught_by is Role.REQUESTER else "qa_source")


def _dates(page: EntryPage) -> Iterator[str]:
    def told(key: str, at: datetime, **values: object) -> str:
        return say(page.language, key, day=full_day(at, page.language), **values)

    yield told("learned_on", page.created_at)
    if page.updated_at.date() != page.created_at.date():
        yield told("changed_on", page.updated_at)
    if page.confirmed_at and page.confirmations:
        key = "confirmed_on" if page.confirmations > 1 else "confirmed_once_on"
        yield told(key, page.confirmed_at, count=page.confirmations)
    if page.expires_at:
        yield told("valid_until", last_held(page.expires_at))
