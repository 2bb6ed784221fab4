"""Whatever is on a card, Slack takes it and shows nothing in it as anything but text."""

from hypothesis import HealthCheck, given, settings

from adapters.slack.render.card import render_card, render_notice
from adapters.slack.render.pages import entry_page, whole_answer
from core.domain.cards import Card, EntryPage, Notice
from tests.unit.slack.block_kit import faults, links, view_faults
from tests.unit.slack.strategies import NOW, URLS, cards, entry_pages, notices

CITABLE = {"https://docs.example.com/a#b"}
slow = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@slow
@given(cards())
def test_every_card_is_valid_and_within_the_limits(card: Card) -> None:
    message = render_card(card, NOW)
    assert faults(message) == []
    assert links(message.blocks) <= CITABLE < set(URLS)


@slow
@given(cards())
def test_every_whole_answer_is_valid_and_within_the_limits(card: Card) -> None:
    view = whole_answer(card, NOW)
    assert view_faults(view) == []
    assert links(view) <= CITABLE


@slow
@given(entry_pages)
def test_every_entry_page_is_valid_and_within_the_limits(page: EntryPage) -> None:
    view = entry_page(page)
    assert view_faults(view) == []
    assert links(view) <= CITABLE


@slow
@given(notices)
def test_every_notice_is_valid_and_within_the_limits(notice: Notice) -> None:
    assert faults(render_notice(notice, "zh")) == []
