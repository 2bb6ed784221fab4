"""How cards and the live view look, and that nothing from outside can take over the terminal."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal.card import render, source_line
from adapters.terminal.json_lines import line
from adapters.terminal.plain import columns, one_line, safe, wrap
from adapters.terminal.summary import Backfilled, Tally
from adapters.terminal.view import LEGEND, View
from core.domain.answers import Answer, Citation, Claim
from core.domain.cards import Card, CardAction, CardMark, CardNote, CardSection, CardState, Destination, Notice
from core.domain.channels import ChannelRef
from core.domain.ids import AnswerId, CardId, EntryId, MessageId, QuestionId, SessionId, TurnId
from core.domain.knowledge import QA, SHARED, ChangeKind, KnowledgeEntry, Revision
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.records import Feedback
from core.domain.reviews import Verdict, Verdicts
from core.domain.sessions import Delivery, Message, Outcome, Question, SeenPassage, Session, Turn, TurnQuestion
from core.ports.journal import AcceptTold, MessageTold, ReviewTold, Told, TurnTold
from core.text.card_wording import SHOWN_CHARS
from core.text.catalogue import TEXTS

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
        "Sources  [1] Answer from support · e · confirmed 4 times, last on 12 Nov · valid until 17 Nov",
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
    assert "A requester's own fix · e · from 12 Nov" in shown
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


def test_old_knowledge_that_nobody_confirmed_says_when_it_was_learned() -> None:
    learned = Citation(
        1, EntryId("e"), 1, "Part size", "vigil://entry/e", "qa", NOW - timedelta(days=300), None, 0, None
    )
    assert "learned 10 months ago" in source_line(learned, 1, "en", NOW)
    assert "confirmed" not in source_line(learned, 1, "en", NOW)
    assert "确认" not in source_line(learned, 1, "zh", NOW)


@pytest.mark.parametrize("notice", ["already_answered", "outage", "small_talk"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_notice_of_a_direct_question_has_its_words(notice: str, language: str) -> None:
    shown = render(card(language=language, sections=(), actions=(), notice=Notice(notice)), NOW)
    assert TEXTS[language][notice].split()[0] in shown
    assert TEXTS[language]["nothing_reliable"] not in shown


def test_accepted_withdrawn_and_nothing_found_have_their_words() -> None:
    assert "Withdrawn" in render(card(state=CardState.WITHDRAWN), NOW)
    mark = CardMark(CardState.ACCEPTED, NOW, "a", "Dana")
    assert f"Accepted by Dana, {NOW:%H:%M} · Undo" in render(card(state=CardState.ACCEPTED, marks=(mark,)), NOW)
    assert "Undo" not in render(card(state=CardState.ACCEPTED, marks=(mark,)), NOW, posted=False)
    assert f"Dana 已采纳，{NOW:%H:%M} · 撤销" in render(card(language="zh", marks=(mark,)), NOW)
    assert "[ Accept ]" not in render(card(state=CardState.ACCEPTED, marks=(mark,), actions=()), NOW)
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


def test_a_card_in_a_pipe_has_no_blanks_at_the_end_of_a_line() -> None:
    out = io.StringIO()
    View({"C1": "help"}, out).show(turned(Outcome.ANSWERED, "known", Delivery.SENT), card())
    assert "╰───" in out.getvalue()
    assert [line for line in out.getvalue().splitlines() if line != line.rstrip()] == []


# --- the live view and the summary ---


def said(name: str, text: str, role: Role = Role.REQUESTER, at: datetime = NOW) -> MessageTold:
    one = Message(
        MessageId(name), SessionId("s"), name, 1, at, Person("U", "Kim"), Standing(role, RoleBasis.HOME), text
    )
    return MessageTold(one, Session(SessionId("s"), REF, "1", Person("U"), NOW, NOW))


def turned(outcome: Outcome, reason: str, delivery: Delivery = Delivery.NONE, **more: object) -> TurnTold:
    asked = TurnQuestion(QuestionId("q"), None, "asked?", outcome, reason, **more)  # type: ignore[arg-type] # by name
    turn = Turn(TurnId("t"), SessionId("s"), 1, NOW, (MessageId("m"),), (asked,), delivery)
    (section,) = card().sections
    return TurnTold(turn, said("m", "asked?").session, (section.answer,))


def revised(entry: str, change: ChangeKind = ChangeKind.ADDED) -> Revision:
    after = KnowledgeEntry(
        id=EntryId(entry), kind=QA, audience=SHARED, title="Part size", answer="Set it.", created_at=NOW, updated_at=NOW
    )
    return Revision(
        subject_kind="entry", subject_id=EntryId(entry), n=1, change=change, after=after, at=NOW,
        why="an analyst stated it as fact", job="j", from_messages=(MessageId("m"),),
    )  # fmt: skip


def viewed(*told: Told) -> list[str]:
    out = io.StringIO()
    view = View({"C1": "help"}, out)
    for one in told:
        view.show(one)
    return out.getvalue().splitlines()


def test_a_question_has_two_lines_and_any_other_message_one() -> None:
    long = "uploads of parts beyond eight megabytes fail " * 8
    question, answer = viewed(said("m", long)), viewed(said("m", long, Role.ANALYST))
    around = len(viewed(said("m", "short", Role.ANALYST))) - 1
    assert (len(question), len(answer)) == (around + 2, around + 1)
    assert all(columns(line) <= 120 for line in question + answer)
    assert question[-1].startswith(" " * 26)
    assert question[-1].endswith("…")
    words = f"{question[-2].partition(')  ')[2]} {question[-1].strip(' …')}"
    assert long.startswith(words), "nothing is lost at the break"


def test_a_lesson_names_its_entry_its_thread_and_why() -> None:
    lines = viewed(said("m", "why do uploads fail?"), revised("0a1b2c3d-rest"))
    assert lines[-2].split() == ["+", "learned", "0a1b2c3d", "Part", "size"]
    assert lines[-1].strip() == "an analyst stated it as fact · help: why do uploads fail?"


def clicked(kind: str, role: str = "requester") -> AcceptTold:
    click = Feedback(kind, "answer", "a", "U", role, kind, "", NOW)
    asked = Question(QuestionId("q"), SessionId("s"), (), NOW, "why do uploads fail?")
    return AcceptTold(click, asked, said("m", "why?").session)


def test_an_accept_names_the_question_and_who_clicked() -> None:
    lines = viewed(said("m", "why do uploads fail?"), clicked("accept"), clicked("undo", "analyst"))
    assert [line.strip() for line in lines[-4:]] == [
        "✓ accepted    why do uploads fail?",
        "clicked by the requester · help: why do uploads fail?",
        "- undone      why do uploads fail?",
        "taken back by an analyst · help: why do uploads fail?",
    ]


def test_a_thread_is_not_named_by_its_greeting() -> None:
    lines = viewed(said("m", "Hi there!"), said("n", "why do uploads fail?"), clicked("accept"))
    assert lines[-1].strip() == "clicked by the requester · help: why do uploads fail?"


def test_the_summary_counts_what_is_accepted_now() -> None:
    answered = turned(Outcome.ANSWERED, "known", Delivery.SENT)
    assert "1 question in 1 thread, 1 accepted; was never silent" in Tally.of([answered, clicked("accept")]).sentence()
    undone = Tally.of([answered, clicked("accept"), clicked("undo")])
    assert "accepted" not in undone.sentence()
    assert undone.as_json({})["accepted"] == 0


def test_a_verdict_is_told_in_the_margin_once() -> None:
    ruled = Verdicts(AnswerId("a"), Verdict.DELETE, (EntryId("0a1b2c3d-rest"),), "an analyst says otherwise")
    told = ReviewTold(SessionId("s"), NOW, (ruled,))
    lines = viewed(said("m", "why do uploads fail?"), told, told)
    assert lines[-1].split("  ")[-1] == "0a1b2c3d an analyst says otherwise · help: why do uploads fail?"
    assert "x misled" in lines[-1]
    assert "x misled" not in lines[-2]


def test_a_review_is_a_json_line_per_verdict() -> None:
    kept = Verdicts(AnswerId("a"), Verdict.KEEP, (EntryId("e"),), "no analyst has said anything since")
    wrong = replace(kept, verdict=Verdict.UPDATE, entries=(EntryId("f"), EntryId("g")))
    lines = [json.loads(one) for one in line(ReviewTold(SessionId("s"), NOW, (kept, wrong)), {}).splitlines()]
    assert [(one["type"], one["verdict"], one["entries"]) for one in lines] == [
        ("review", "keep", ["e"]), ("review", "update", ["f", "g"]),
    ]  # fmt: skip
    assert {one["answer"] for one in lines} == {"a"}


def test_silence_is_told_in_the_words_of_the_summary() -> None:
    overtaken = turned(Outcome.SUPERSEDED, "an analyst answered first")
    assert viewed(overtaken)[-1].strip() == "· overtaken: an analyst answered first"
    assert "1 overtaken" in Tally.of([overtaken]).sentence()
    reports = turned(Outcome.SILENT, "the requester reports back")
    assert viewed(reports)[-1].strip() == "· small talk: the requester reports back"
    assert "1 small talk" in Tally.of([reports]).sentence()


def test_the_marks_are_explained_once_before_the_first_message() -> None:
    shown = viewed(said("m", "why?"), said("n", "and?"))
    assert "\n".join(shown).count(LEGEND) == 1
    assert "\n".join(shown).startswith(LEGEND)
    assert len(LEGEND.splitlines()) <= 3
    assert "~ as before" in LEGEND
    marks = (
        "+ learned",
        "~ updated",
        "✓ confirmed",
        "✓ accepted",
        "- retired",
        "= kept",
        "~ corrected",
        "x misled",
        "~ as",
    )
    assert [mark for mark in marks if mark.split()[0] not in LEGEND or mark.split()[1] not in LEGEND] == []


def test_small_talk_is_told_behind_its_own_message_and_where_there_is_room() -> None:
    thanks = turned(Outcome.SILENT, "small talk or a status note")
    assert viewed(said("m", "thanks"), thanks)[-1].endswith("Kim (requester)  thanks  · small talk")
    other = viewed(said("m", "thanks"), said("n", "why?"), thanks)
    assert [line.split("  ")[-1] for line in other[-3:]] == ["thanks", "why?", "· small talk or a status note"]
    assert viewed(said("m", "thanks " * 11), thanks)[-1].strip() == "· small talk or a status note"


def test_an_abstention_names_what_came_nearest() -> None:
    seen = (SeenPassage(EntryId("0a1b2c3d-rest"), 1, 0.31),)
    shown = viewed(turned(Outcome.ABSTAINED, "nothing known is near enough to this", passages=seen))[-1]
    assert shown.strip() == "· not sure: nothing known is near enough to this; nearest 0a1b2c3d at 31%"


def test_what_is_only_recorded_is_not_said_to_have_been_answered() -> None:
    shadow = turned(Outcome.ANSWERED, "known", Delivery.SHADOW, answer=AnswerId("a"))
    assert viewed(shadow)[-1].strip() == "· would have answered: Set it to 8 MB [1]."
    assert "Vigil would have answered 1 question in 1 thread; was never silent." in Tally.of([shadow]).sentence()
    assert "Vigil answered 1 question in 1 thread; was" in Tally.of([turned(Outcome.ANSWERED, "known")]).sentence()
    both = Tally.of([shadow, turned(Outcome.ANSWERED, "known", Delivery.SENT)])
    assert "answered 2 questions in 1 thread (1 of them only recorded)" in both.sentence()


def test_a_backfill_tells_what_is_new_from_what_was_known() -> None:
    first: list[Told] = [said("m", "why?"), revised("one"), revised("two")]
    before = Tally.of(first)
    assert Backfilled(set(), before, 1, 0).sentence() == (
        "1 thread, 1 message; nothing was posted. Vigil would have answered 0 questions in 0 threads; was never silent. "
        "Learned: 2 new things from 1 thread. It now knows 2 things."
    )
    again = Backfilled(before.known, Tally(), 1, 1).sentence()
    assert again == "Nothing new: 1 message, all known already. It now knows 2 things."
    recorded = turned(Outcome.ANSWERED, "known", Delivery.SHADOW)
    assert (
        "a replay leaves them out. Nothing was learned"
        in Backfilled(set(), Tally.of([said("m", "why?"), recorded]), 1, 0).sentence()
    )
    more: list[Told] = [said("n", "and?"), revised("two", ChangeKind.RETIRED), revised("one", ChangeKind.CONFIRMED)]
    grown = Backfilled(before.known, Tally.of(more), 2, 1).sentence()
    assert "1 message (1 of 2 read were known already)" in grown
    assert "Learned: 1 known thing confirmed or changed, 1 thing retired. It now knows 1 thing." in grown


def test_a_source_that_is_long_goes_on_in_the_next_line() -> None:
    lines = render(card(), NOW, 60).splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("Sources"))
    assert " ".join(f"{lines[first]} {lines[first + 1]}".split()).endswith("last on 12 Nov · valid until 17 Nov")
    assert all(columns(line) <= 60 for line in lines)


def test_the_closing_json_line_counts_what_was_skipped_by_reason() -> None:
    counts = Tally().as_json({"not JSON": 2, "no user": 1})
    assert (counts["skipped"], counts["skipped_by_reason"]) == (3, {"no user": 1, "not JSON": 2})
