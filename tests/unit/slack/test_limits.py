"""Whatever is on a card, Slack takes it and shows nothing in it as anything but text."""

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.slack.render.card import render_card, render_notice
from adapters.slack.render.elements import SlackMessage
from adapters.slack.render.pages import entry_page, whole_answer
from core.domain.cards import Card, EntryPage, Notice
from tests.unit.slack.block_kit import faults, links, view_faults
from tests.unit.slack.strategies import NOW, URLS, cards, entry_pages, notices

CITABLE = {"https://docs.example.com/a#b"}
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Accept"}, "action_id": "a", "value": "v"}
slow = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def rich(element: dict[str, object]) -> dict[str, object]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


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


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"type": "divider"}, "no block of ours: divider"),
        ({"type": "rich_text", "elements": []}, "elements of rich_text"),
        (rich({"type": "text", "text": ""}), "empty text"),
        (rich({"type": "text", "text": "ask @here"}), "shout"),
        (rich({"type": "link", "url": "javascript:alert(1)", "text": "x"}), "link to javascript:alert(1)"),
        (rich({"type": "broadcast", "range": "here"}), "additional property of broadcast: {'range'}"),
        (rich({"type": "text", "text": "a\u202eb"}), "a control character"),
        (rich({"type": "text", "text": "\ud800"}), "a lone surrogate"),
        (rich({"type": "text", "text": "a" * 10_001}), "msg_blocks_too_long"),
        ({"type": "actions", "elements": [BUTTON, BUTTON]}, "action_id"),
        ({"type": "actions", "elements": [{**BUTTON, "value": "a" * 2_001}]}, "button value"),
    ],
)
def test_the_checker_sees_what_slack_refuses(wrong: dict[str, object], told: str) -> None:
    assert faults(SlackMessage("text", (wrong,))) == [told]
    assert faults(SlackMessage("text", (rich({"type": "text", "text": "fine"}),))) == []


@pytest.mark.parametrize("text", ["<!here>", "a & b", "ask @channel", "", "a" * 4_001])
def test_the_checker_sees_a_fallback_that_calls_or_is_refused(text: str) -> None:
    assert len(faults(SlackMessage(text, (rich({"type": "text", "text": "fine"}),)))) == 1
