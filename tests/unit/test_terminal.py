"""How cards and the live view look, and that nothing from outside can take over the terminal."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal.card import SHOWN_CHARS, render
from adapters.terminal.catalogue import TEXTS
from adapters.terminal.plain import columns, one_line, safe, wrap
from adapters.terminal.view import View
from core.domain.answers import Answer, Citation, Claim
from core.domain.cards import Card, CardAction, CardNote, CardSection, CardState, Destination, Notice
from core.domain.channels import ChannelRef
from core.domain.ids import AnswerId, CardId, EntryId, MessageId, QuestionId, SessionId, TurnId
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.sessions import Message, Session
from core.ports.journal import MessageTold

NOW = datetime(2026, 11, 14, 9, tzinfo=UTC)
REF = ChannelRef("slack", "T0", "C1")


def card(text: str = "Set it to 8 MB.", language: str = "en", **more: object) -> Card:
    citation = Citation(
        1,
        EntryId("e"),
        1,
        "Part size",
        "vigil://entry/e",
        "qa",
        NOW,
        NOW - timedelta(days=2),
        4,
        NOW + timedelta(days=3),
    )
    answer = Answer(AnswerId("a"), QuestionId("q"), SessionId("s"), (Claim(text, (1,)),), (citation,))
    fields: dict[str, object] = {
        "sections": (CardSection(QuestionId("q"), "asked?", answer),),
        "notes": (CardNote.QUOTED,),
        "actions": (CardAction("accept", "a"),),
    }
    return Card(CardId("c"), SessionId("s"), TurnId("t"), Destination(REF), language, **{**fields, **more})  # type: ignore[arg-type] # by name


def test_an_answer_card_looks_as_designed() -> None:
    assert render(card(), NOW).splitlines() == [
        "Vigil · AI suggestion",
        "Set it to 8 MB. [1]",
        "",
        "Sources  [1] Answer from support · confirmed 4 times, last on 12 Nov · valid until 17 Nov",
        "[ Accept ]",
        "Quoted from the sources below, not reasoned.",
    ]


def test_a_requesters_own_fix_is_not_called_supports() -> None:
    by_support = card()
    (section,) = by_support.sections
    (citation,) = section.answer.citations
    own = replace(citation, taught_by=Role.REQUESTER, confirmations=0)
    shown = render(
        replace(by_support, sections=(replace(section, answer=replace(section.answer, citations=(own,))),)), NOW
    )
    assert "A requester's own fix · from 12 Nov" in shown
    assert "support" not in shown


def test_a_chinese_card_is_chinese() -> None:
    shown = render(card(language="zh"), NOW)
    assert "来源" in shown
    assert "11月17日" in shown
    assert "Sources" not in shown


def test_old_knowledge_says_its_age_and_long_answers_are_cut_at_a_sentence() -> None:
    shown = render(card("A sentence of some length. " * 60), NOW + timedelta(days=260))
    assert "last confirmed 8 months ago" in shown
    assert "Show all" in shown
    assert len(shown) < SHOWN_CHARS + 400


def test_accepted_withdrawn_and_nothing_found_have_their_words() -> None:
    assert "Withdrawn" in render(card(state=CardState.WITHDRAWN), NOW)
    assert "Accepted" in render(card(state=CardState.ACCEPTED), NOW)
    nothing = render(card(sections=(), actions=(), notice=Notice("nothing_reliable")), NOW)
    assert "I have nothing reliable on this." in nothing


def test_both_languages_have_every_text() -> None:
    assert set(TEXTS["en"]) == set(TEXTS["zh"])


@pytest.mark.parametrize("bad", ["\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "a\u202eb", "\ud800", "\x00\x08"])
def test_control_sequences_never_reach_the_terminal(bad: str) -> None:
    assert not any(ord(c) < 32 or c in "\u202e\x7f" or "\ud800" <= c <= "\udfff" for c in safe(bad).replace("\n", ""))


@given(st.text(), st.integers(min_value=10, max_value=80))
def test_lines_keep_their_width(text: str, width: int) -> None:
    assert columns(one_line(text, width)) <= width
    assert all(columns(line) <= width for line in wrap(text, width))


def test_a_pipe_gets_plain_text() -> None:
    out = io.StringIO()
    message = Message(
        MessageId("m"),
        SessionId("s"),
        "1",
        1,
        NOW,
        Person("U", "Kim\x1b[31m"),
        Standing(Role.REQUESTER, RoleBasis.HOME),
        "hi 🙂",
    )
    View({"C1": "help"}, out).show(MessageTold(message, Session(SessionId("s"), REF, "1", Person("U"), NOW, NOW)))
    assert "help" in out.getvalue()
    assert "\x1b" not in out.getvalue()
