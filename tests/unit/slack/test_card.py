"""How cards look on Slack, state by state."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.records.outbox import _CARD
from adapters.slack.render.card import render_card, render_notice
from adapters.slack.render.elements import SlackMessage, action_of
from bot.card_examples import NOW, cards
from core.domain.answers import Answer, Claim
from core.domain.cards import ActionKind, Card, CardAction, CardKind, CardNote, Notice
from core.domain.ids import AnswerId
from core.domain.people import Role
from core.text.catalogue import TEXTS
from tests.unit.slack.block_kit import faults, pressable, shown

KEYS = (
    "Your key has a character outside ASCII, and this client signs it unencoded. Encode the object key as UTF-8 "
    "(percent-encoded) before signing [1]. With the Go SDK below 2.1.4 and STS tokens, update it instead: that version drops "
    "the session token [2]."
)


def example(name: str, text: str | None = None, **cited: object) -> Card:
    """An example card; with ``text`` its first answer says that instead, with ``cited`` its first citation is so."""
    card = cards()[name]
    section, *others = card.sections
    first, *more = section.answer.citations
    citations = (replace(first, **cited), *more)  # type: ignore[arg-type]  # by name
    claims = section.answer.claims if text is None else (Claim(text, (1,)),)
    answer: Answer = replace(section.answer, claims=claims, citations=citations)
    return replace(card, sections=(replace(section, answer=answer), *others))


def elements(message: SlackMessage) -> list[Any]:
    """What rich text is made of, in order."""
    blocks: list[Any] = [block for block in message.blocks if block["type"] == "rich_text"]
    return [element for block in blocks for element in block["elements"]]


def words(message: SlackMessage) -> str:
    return "".join(shown(message.blocks))


def test_an_answer_card_reads_as_designed() -> None:
    message = render_card(cards()["posted"], NOW)
    assert message.text.splitlines() == [
        "Vigil · AI suggestion",
        KEYS,
        "Sources",
        '[1] Signing requests, "Object keys" (https://docs.example.com/signing#object-keys) · documentation, read 3 days ago',
        "[2] Answer from support · confirmed 4 times, last on 12 Nov",
        "Found in the team's knowledge. An analyst is in this thread too.",
    ]
    assert [block["type"] for block in message.blocks] == ["context", "rich_text", "rich_text", "actions", "context"]
    ids = {"card": "card-1", "session": "session-1", "turn": "turn-1"}
    assert message.metadata == {"event_type": "vigil_card", "event_payload": ids}


def test_documents_open_at_their_section_and_learned_entries_on_their_page() -> None:
    message = render_card(cards()["posted"], NOW)
    linked = [e for element in elements(message) for e in element["elements"] if e["type"] == "link"]
    assert [(e["url"], e["text"]) for e in linked] == [
        ("https://docs.example.com/signing#object-keys", 'Signing requests, "Object keys"')
    ]
    assert pressable(message) == [
        ("Accept", "vigil:accept:0", "answer-1"),
        ("Open [2]", "vigil:open_entry:2", "entry-token"),
    ]


def test_one_question_is_not_repeated_and_several_are_quoted_each_with_its_own_accept() -> None:
    assert not any(e["type"] == "rich_text_quote" for e in elements(render_card(cards()["posted"], NOW)))
    several = render_card(cards()["two_answers"], NOW)
    assert [e["type"] for e in elements(several) if e["type"] == "rich_text_quote"] == ["rich_text_quote"] * 2
    assert [block["type"] for block in several.blocks][1:5] == ["rich_text", "actions", "rich_text", "actions"]
    assert [value for _, _, value in pressable(several)][:2] == ["answer-1", "answer-2"]
    assert "[3] Answer from support" in several.text


def test_undo_replaces_accept_beside_who_and_when_by_the_readers_clock() -> None:
    message = render_card(cards()["accepted"], NOW)
    assert pressable(message)[0] == ("Undo", "vigil:undo_accept:0", "answer-1")
    assert not any(label == "Accept" for label, _, _ in pressable(message))
    who, when = elements(message)[-1]["elements"]
    assert who["text"] == "Accepted by Dana, "
    assert when == {"type": "date", "timestamp": int(NOW.timestamp()), "format": "{time}", "fallback": "14:02 UTC"}
    assert "Accepted by Dana, 14:02 UTC" in message.text


def test_of_several_answers_only_the_accepted_one_says_so() -> None:
    labels = [(label, value) for label, _, value in pressable(render_card(cards()["partly_accepted"], NOW))]
    assert labels[:2] == [("Accept", "answer-1"), ("Undo", "answer-2")]
    assert words(render_card(cards()["partly_accepted"], NOW)).count("Accepted by Dana") == 1


def test_a_withdrawn_card_hides_its_text_behind_a_button() -> None:
    message = render_card(cards()["withdrawn"], NOW)
    assert message.text.splitlines() == [
        "Vigil · AI suggestion",
        "Withdrawn on 14 Nov: an analyst answered differently, see below.",
    ]
    assert "percent-encoded" not in json.dumps(message.blocks)
    assert pressable(message) == [("Show withdrawn text", "vigil:show_withdrawn:0", "card-1")]


def test_a_long_answer_is_cut_at_a_sentence_and_shown_whole_on_request() -> None:
    message = render_card(cards()["long"], NOW)
    (text,) = [line for line in message.text.splitlines() if line.startswith("Step 1")]
    assert len(text) <= 902
    assert text.endswith("only where they agree [1]. …")
    assert ("Show all", "vigil:show_all:0", "card-1") in pressable(message)
    assert not any(label == "Show all" for label, _, _ in pressable(render_card(cards()["posted"], NOW)))


def test_many_long_answers_give_way_to_each_other_until_slack_takes_them() -> None:
    card = cards()["posted"]
    (section,) = card.sections
    long = replace(section.answer, claims=(Claim("🚀🚀🚀🚀. " * 400, (1,)),))
    many = [replace(section, answer=replace(long, id=AnswerId(f"answer-{n}"))) for n in range(12)]
    message = render_card(replace(card, sections=tuple(many)), NOW)
    assert faults(message) == []
    assert "4 more answers are behind Show all." in message.text
    assert ("Show all", "vigil:show_all:0", "card-1") in pressable(message)


def test_a_row_holds_as_many_buttons_as_slack_takes() -> None:
    actions = tuple(CardAction(ActionKind.SHARE, f"c{n}") for n in range(40))
    message = render_card(replace(cards()["posted"], actions=actions), NOW)
    assert len(pressable(message)) == 25


def test_a_code_block_that_is_cut_is_closed() -> None:
    message = render_card(example("posted", "```\n" + "a = 1\n" * 400), NOW)
    assert message.text.count("```") == 2
    assert [e["type"] for e in elements(message)][:2] == ["rich_text_preformatted", "rich_text_section"]


def test_code_and_lists_stay_what_they_are() -> None:
    first, code, bullets, *_ = elements(render_card(cards()["code_and_list"], NOW))
    assert first["elements"] == [{"type": "text", "text": "Retry with a growing pause and the same upload id:"}]
    assert code["type"] == "rich_text_preformatted"
    assert code["elements"] == [{"type": "text", "text": "client.upload(path, retries=5, backoff_s=2)"}]
    assert bullets["elements"][0]["elements"][0] == {"type": "text", "text": "retries", "style": {"code": True}}
    assert bullets["elements"][1]["elements"][0]["text"].startswith("a 503 with <Code>SlowDown</Code>")


def test_the_first_line_of_a_code_block_is_kept_unless_it_names_a_language() -> None:
    kept, *_ = elements(render_card(example("posted", "```SELECT\n1```"), NOW))
    named, *_ = elements(render_card(example("posted", "```sql\nSELECT 1```"), NOW))
    assert (kept["elements"][0]["text"], named["elements"][0]["text"]) == ("SELECT\n1", "SELECT 1")


def test_numbered_steps_keep_their_numbers() -> None:
    first, *_ = elements(render_card(example("posted", "Do this:\n3. stop\n4. start"), NOW))
    assert first["elements"][0]["text"] == "Do this:\n3. stop\n4. start [1]"


@pytest.mark.parametrize(
    "typed", ["<!here>", "<@U0123>", "<!subteam^S01>", "<https://evil.example|docs>", "*bold* _a_ ~b~"]
)
def test_typed_mark_up_is_shown_as_typed(typed: str) -> None:
    message = render_card(example("posted", f"Say {typed} twice."), NOW)
    assert elements(message)[0]["elements"] == [{"type": "text", "text": f"Say {typed} twice [1]."}]
    assert "<" not in message.text


def test_a_typed_broadcast_calls_nobody_but_stays_whole_in_code() -> None:
    (prose, code, _, *_), message = elements_of("Ask @here, run `npm i @here/cli`.")
    assert prose["text"] == "Ask @\u2060here, run "
    assert code == {"type": "text", "text": "npm i @here/cli", "style": {"code": True}}
    assert "@here" not in message.text


def elements_of(text: str) -> tuple[list[Any], SlackMessage]:
    message = render_card(example("posted", text), NOW)
    return elements(message)[0]["elements"], message


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, "read today"),
        (1, "read yesterday"),
        (30, "read 30 days ago"),
        (250, "read 8 months ago"),
    ],
)
def test_a_document_says_when_it_was_read(days: int, told: str) -> None:
    message = render_card(example("posted", updated_at=NOW - timedelta(days=days)), NOW)
    assert f"documentation, {told}" in message.text


def test_a_document_found_unchanged_was_read_then() -> None:
    message = render_card(example("posted", updated_at=NOW - timedelta(days=300), confirmed_at=NOW), NOW)
    assert "documentation, read today" in message.text


def test_old_temporary_and_own_knowledge_says_so() -> None:
    assert (
        "A requester's own fix · last confirmed 8 months ago"
        in render_card(cards()["old_and_a_requesters_own"], NOW).text
    )
    support = render_card(example("old_and_a_requesters_own", taught_by=Role.ANALYST), NOW)
    assert "Answer from support · last confirmed 8 months ago" in support.text
    assert "from 13 Nov · valid until 20 Nov" in render_card(cards()["two_answers"], NOW).text


def test_where_nothing_is_reliable_the_closest_are_named_and_open() -> None:
    message = render_card(cards()["nothing_reliable"], NOW)
    assert message.text.splitlines()[1:3] == ["I have nothing reliable on this.", "The closest I know:"]
    assert "[2] Go SDK, session token dropped · confirmed 4 times" in message.text
    assert pressable(message) == [("Open [2]", "vigil:open_entry:2", "entry-token")]


def test_a_draft_shows_its_question_why_and_what_an_analyst_can_do() -> None:
    message = render_card(cards()["draft"], NOW)
    assert elements(message)[0]["type"] == "rich_text_quote"
    assert "In scope: an error of a request to the storage API" in message.text
    assert [label for label, _, _ in pressable(message)] == ["Send", "Edit and send", "Dismiss", "Open [2]"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("draft_sent", "Sent by Dana, 14:02 UTC"),
        ("draft_dismissed", "Dismissed by Dana, 14:02 UTC"),
        ("draft_answered_first", "You answered first."),
    ],
)
def test_a_draft_that_needs_nobody_goes_quiet(name: str, told: str) -> None:
    message = render_card(cards()[name], NOW)
    assert message.text.splitlines()[-1] == told
    assert pressable(message) == []
    assert "percent-encoded" not in words(message)


def test_a_look_up_can_be_shared_and_carries_no_metadata() -> None:
    message = render_card(cards()["lookup"], NOW)
    assert ("Share in channel", "vigil:share:0", "card-1") in pressable(message)
    assert message.metadata is None


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "key", ["only_asker_or_analyst", "card_unknown", "card_withdrawn", "only_analyst", "entry_unknown"]
)
def test_a_notice_is_its_text_in_the_persons_language(key: str, language: str) -> None:
    message = render_notice(Notice(key), language)
    assert message.text == TEXTS[language][key]
    assert words(message) == TEXTS[language][key]
    assert message.metadata is None


def test_a_clicked_button_is_known_by_its_action_id() -> None:
    clicked = {action_of(action) for _, action, _ in pressable(render_card(cards()["two_answers"], NOW))}
    assert clicked == {ActionKind.ACCEPT, ActionKind.OPEN_ENTRY}
    assert [action_of(foreign) for foreign in ("vigil:launch:0", "accept", "other:accept:0", "")] == [None] * 4


def test_a_card_stored_before_drafts_existed_is_an_answer() -> None:
    stored = json.loads(_CARD.dump(cards()["posted"]))
    del stored["kind"], stored["why"]
    assert _CARD.load(json.dumps(stored)) == cards()["posted"]
    assert _CARD.load(_CARD.dump(cards()["draft_sent"])).kind is CardKind.DRAFT


def test_a_screenshot_that_was_not_read_is_told_where_there_is_no_answer_either() -> None:
    unread = (CardNote.PICTURE_UNREAD, CardNote.QUOTED)
    silent = replace(cards()["posted"], sections=(), actions=(), notes=unread, notice=Notice("nothing_reliable"))
    text = render_card(silent, NOW).text
    assert TEXTS["en"]["picture_unread"] in text
    assert TEXTS["en"]["quoted"] not in text
