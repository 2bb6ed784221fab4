"""What one person alone is shown in a terminal, and drafts, look-ups and withdrawn cards there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.terminal.card import render
from adapters.terminal.pages import reply_lines
from core.domain.cards import CardAction, CardKind, CardMark, CardState, EntryPage, Notice
from core.domain.ids import EntryId
from core.domain.knowledge import EntryStatus
from core.domain.pages import Page, PageItem, PageKind
from core.domain.replies import AnswerPage, Form
from tests.unit.test_terminal import card

NOW = datetime(2026, 11, 14, 9, tzinfo=UTC)
ENTRY = EntryPage(
    entry=EntryId("e"), kind="qa", title="Part size", answer="Set it to 8 MB.", created_at=NOW - timedelta(days=2),
    updated_at=NOW, conditions="Go SDK", confirmed_at=NOW, confirmations=2, expires_at=NOW + timedelta(days=3),
)  # fmt: skip


def test_a_note_a_page_and_an_entry_say_what_a_modal_would() -> None:
    assert reply_lines(Notice("only_asker_or_analyst"), NOW, 80) == ["Only the asker or an analyst can accept this."]
    page = Page(PageKind.WHY, "Why", (PageItem("abstained", ("0.20 a title",), "remark"),))
    assert reply_lines(page, NOW, 80) == ["Why", "abstained", "    0.20 a title", "    remark"]
    *said, dates = reply_lines(ENTRY, NOW, 200)
    assert said == ["Part size", "Set it to 8 MB.", "Holds for: Go SDK"]
    assert dates.split(" · ") == [
        "Answer from support",
        "learned on 12 Nov 2026",
        "changed on 14 Nov 2026",
        "confirmed 2 times, last on 14 Nov 2026",
        "valid until 17 Nov 2026",
    ]


def test_the_last_day_of_what_expires_is_the_day_before_it_no_longer_holds() -> None:
    midnight = replace(ENTRY, expires_at=datetime(2026, 11, 23, tzinfo=UTC))
    assert reply_lines(midnight, NOW, 200)[-1].endswith("valid until 22 Nov 2026")


def test_a_title_that_only_begins_the_answer_is_not_said_twice() -> None:
    told = reply_lines(replace(ENTRY, title="Set it to 8 MB."), NOW, 200)
    assert told[:2] == ["Set it to 8 MB.", "Holds for: Go SDK"]


def test_an_entry_that_no_longer_holds_says_so_first() -> None:
    gone = replace(ENTRY, status=EntryStatus.RETIRED, reason="an analyst answered differently", question="how big?")
    assert reply_lines(gone, NOW, 80)[1:3] == [
        "Retired, no longer used for answers: an analyst answered differently",
        "Asked as: how big?",
    ]


def test_the_whole_of_a_withdrawn_card_is_what_it_said() -> None:
    withdrawn = card(
        "A sentence of some length. " * 60, state=CardState.WITHDRAWN, marks=(CardMark(CardState.WITHDRAWN, NOW),)
    )
    whole = " ".join(reply_lines(AnswerPage(withdrawn), NOW, 80))
    assert whole.count("A sentence of some length.") == 60
    assert "Withdrawn" not in whole


def test_what_is_shown_elsewhere_has_no_lines() -> None:
    assert (
        reply_lines(card(), NOW, 80)
        == reply_lines(Form("f", "edit_draft", ()), NOW, 80)
        == reply_lines(None, NOW, 80)
        == []
    )


def test_a_withdrawn_card_keeps_its_text_behind_a_button() -> None:
    shown = render(card(state=CardState.WITHDRAWN, marks=(CardMark(CardState.WITHDRAWN, NOW),)), NOW)
    assert "8 MB" not in shown
    assert "[ Show withdrawn text ]" in shown


def test_a_draft_says_for_whom_it_is_and_what_it_answers_and_what_became_of_it() -> None:
    buttons = tuple(CardAction(kind, "c") for kind in ("send_draft", "dismiss_draft"))
    draft = card(kind=CardKind.DRAFT, why="Part size", actions=buttons)
    shown = render(draft, NOW).splitlines()
    assert shown[:2] == ["Vigil · draft, seen by analysts only", "> asked?"]
    assert "[ Send ]  [ Dismiss ]" in shown
    assert "In scope: Part size" in shown
    sent = replace(draft, state=CardState.SENT, marks=(CardMark(CardState.SENT, NOW, by="Mira"),), actions=())
    assert render(sent, NOW).splitlines()[1:] == ["> asked?", "Sent by Mira, 09:00"]


def test_a_look_up_is_seen_by_one_person() -> None:
    assert render(card(kind=CardKind.LOOKUP), NOW).startswith("Vigil · seen by you only")
