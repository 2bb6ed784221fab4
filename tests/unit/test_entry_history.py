"""What ``vigil kb history`` says of each revision."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.terminal.plain import columns
from bot.entry_history import excerpts, history_json, history_lines
from core.domain.ids import EntryId
from core.domain.knowledge import ENTRY, INTERNAL, QA, SHARED, ChangeKind, EntryStatus, KnowledgeEntry, Revision

THEN = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
FIRST = KnowledgeEntry(
    id=EntryId("e1"), kind=QA, audience=SHARED, title="Uploads fail", question="Why do uploads fail?",
    answer="Set the part size to 8 MB.", created_at=THEN, updated_at=THEN,
)  # fmt: skip


def life(*images: KnowledgeEntry) -> list[Revision]:
    return [
        Revision(
            subject_kind=ENTRY, subject_id=FIRST.id, n=n, change=ChangeKind.UPDATED if n > 1 else ChangeKind.ADDED,
            after=replace(image, updated_at=THEN + timedelta(days=n)), at=THEN + timedelta(days=n), why=f"reason {n}",
            job=f"job:{n}",
        )
        for n, image in enumerate(images, start=1)
    ]  # fmt: skip


def test_each_revision_after_the_first_says_which_fields_changed_from_what_to_what() -> None:
    second = replace(FIRST, answer="Set the part size to 16 MB.", conditions="with the Go SDK", audience=INTERNAL)
    third = replace(second, status=EntryStatus.RETIRED, confirmations=2, keys=("E42",))
    assert list(history_lines(life(FIRST, second, third), 100)) == [
        "  1   3 Nov 2026 09:30  added      reason 1",
        "     Set the part size to 8 MB.",
        "  2   4 Nov 2026 09:30  updated    reason 2",
        "     answer      Set the part size to 8 MB. -> Set the part size to 16 MB.",
        "     conditions  nothing -> with the Go SDK",
        "     audience    shared -> internal",
        "  3   5 Nov 2026 09:30  updated    reason 3",
        "     keys        nothing -> E42",
        "     status      active -> retired",
        "     confirmed   never -> twice",
    ]


def test_a_revision_that_changed_no_field_says_its_reason_alone() -> None:
    assert list(history_lines(life(FIRST, FIRST), 100))[2:] == ["  2   4 Nov 2026 09:30  updated    reason 2"]


def test_a_program_gets_the_fields_whole_and_by_their_names() -> None:
    long = "word " * 400
    second = replace(FIRST, answer=f"{long}new", expires_at=THEN, keys=("E42",))
    first, later = history_json(life(FIRST, second))
    assert "changed" not in first
    assert later["changed"] == {
        "answer": {"before": FIRST.answer, "after": f"{long}new"},
        "keys": {"before": (), "after": ("E42",)},
        "expires_at": {"before": None, "after": "2026-11-02T09:30:00Z"},
    }


def test_of_a_long_text_the_place_that_changed_is_shown_with_words_around_it() -> None:
    before = f"{'Before it all is the same. ' * 40}Restart the gateway twice. {'Behind it too. ' * 40}"
    after = before.replace("Restart", "Drain")
    was, is_now = excerpts(before, after, 80)
    assert (was, is_now) == (
        "…it all is the same. Restart the gateway twice.…",
        "…it all is the same. Drain the gateway twice.…",
    )
    assert list(history_lines(life(replace(FIRST, answer=before), replace(FIRST, answer=after)), 80))[3:] == [
        f"     answer      {was}",
        f"              -> {is_now}",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "x" * 5_000),
        ("x" * 5_000, ""),
        ("一" * 500 + "旧" + "二" * 500, "一" * 500 + "新" + "二" * 500),
        ("abc " * 300, "abc " * 301),
        ("\x1b[31mred\x1b[0m\n" * 100, "שלום 👩‍👩‍👧 " * 100),
        ("a\n\nb" * 100, "a\n\nc" * 100),
    ],
)
def test_whatever_changed_is_shown_on_one_line_that_fits(before: str, after: str) -> None:
    was, is_now = excerpts(before, after, 60)
    assert was != is_now
    for text in (was, is_now):
        assert text
        assert columns(text) <= 60
        assert text.isprintable() or "\u200d" in text


@pytest.mark.parametrize("width", [-1, 1, 30, 80])
def test_a_change_is_seen_however_narrow_the_terminal_is(width: int) -> None:
    before = "很长的一段说明" * 9 + "旧" + "后面" * 40
    told = list(
        history_lines(life(replace(FIRST, answer=before), replace(FIRST, answer=before.replace("旧", "新"))), width)
    )
    assert ("旧" in told[3], "新" in told[4]) == (True, True)


def test_a_change_behind_wide_characters_is_seen() -> None:
    was, is_now = excerpts("很" * 45 + "旧", "很" * 45 + "新", 60)
    assert (was[-1], is_now[-1]) == ("旧", "新")


def test_of_a_text_that_has_only_other_blanks_and_line_breaks_this_is_said() -> None:
    images = (replace(FIRST, answer="Set it.\nThen go."), replace(FIRST, answer="Set it. Then  go."))
    assert list(history_lines(life(*images), 80))[3:] == ["     answer      only its spacing"]


def test_an_entry_that_was_forgotten_shows_no_word() -> None:
    empty = replace(FIRST, title="", question="", answer="")
    assert list(history_lines(life(empty, replace(empty, status=EntryStatus.RETIRED)), 100)) == [
        "  1   3 Nov 2026 09:30  added      reason 1",
        "  2   4 Nov 2026 09:30  updated    reason 2",
        "     status      active -> retired",
    ]
