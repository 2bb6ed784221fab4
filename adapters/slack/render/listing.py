"""Pages of headings, lines and buttons: as a modal, as a home tab, or as a message to one person. Pure."""

from collections.abc import Iterator

from adapters.slack.render.elements import Piece, SlackMessage, buttons, line, message, plain_text, small
from adapters.slack.render.limits import MOST_BLOCKS, MOST_TITLE, MOST_VIEW_BLOCKS, Block, cut, one_line
from adapters.slack.render.rich_text import Span
from adapters.slack.render.sources import web_address
from core.domain.pages import Page, PageItem
from core.text.catalogue import say

_MOST_LINE = 600
_MOST_HEADING = 300


def page_view(page: Page) -> Block:
    """Give the page as a modal."""
    title, close = cut(page.title, MOST_TITLE), cut(say(page.language, "close"), MOST_TITLE)
    return {"type": "modal", "title": plain_text(title), "close": plain_text(close), "blocks": _blocks(page)}


def home_view(page: Page) -> Block:
    """Give the page as somebody's home tab."""
    return {"type": "home", "blocks": _blocks(page)}


def page_message(page: Page) -> SlackMessage:
    """Give the page as a message that one person sees."""
    return message([line(Span(one_line(page.title, _MOST_HEADING), bold=True)), *_kept(page, MOST_BLOCKS - 1)])


def _blocks(page: Page) -> list[Block]:
    return [piece.block for piece in _kept(page, MOST_VIEW_BLOCKS)] or [small("…").block]


def _kept(page: Page, most: int) -> list[Piece]:
    """As many pieces as a view may have; what is left out is told."""
    pieces = [piece for item in page.items for piece in _item(item, page.language)]
    return pieces if len(pieces) <= most else [*pieces[: most - 1], small(say(page.language, "cut_off"))]


def _item(item: PageItem, language: str) -> Iterator[Piece]:
    if item.heading:
        yield line(Span(one_line(item.heading, _MOST_HEADING), web_address(item.url), bold=True))
    if lines := [shown for text in item.lines if (shown := one_line(text, _MOST_LINE))]:
        yield line(Span("\n".join(lines)))
    if item.remark:
        yield small(one_line(item.remark, _MOST_LINE))
    yield from buttons([(action, n) for n, action in enumerate(item.actions)], language)
