"""Documents are cut by section, so that a citation opens at the right place and a part fits the model's window."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.domain.documents import DOCUMENT, Section
from core.domain.ids import EntryId, part_id
from core.domain.knowledge import CHUNK, SHARED, EntryStatus, KnowledgeEntry
from core.knowledge.chunking import LEAST_ROOM, MOST_CHARS, parts_of, size, titled
from core.knowledge.outline import written
from core.text.markdown_blocks import blocks_of, is_code, is_table, rows_of
from tests.unit.knowledge.test_outline import some

AT = datetime(2026, 11, 2, tzinfo=UTC)
LONG = "This sentence says how an upload is cut into parts and sent. " * 30


def document(*sections: Section, title: str = "Uploads") -> KnowledgeEntry:
    return KnowledgeEntry(
        id=EntryId("d"), kind=DOCUMENT, audience=SHARED, title=title, answer=written(sections), created_at=AT, updated_at=AT,
        url="https://docs.example.com/uploads",
    )  # fmt: skip


def texts(*sections: Section) -> list[str]:
    return [part.answer for part in parts_of(document(*sections))]


def test_each_section_is_a_part_with_its_title_and_anchor() -> None:
    parts = parts_of(
        document(Section("Limits", LONG[:300], "limits"), Section("Keys", LONG[:300], "keys", ("Signing",)))
    )
    assert [(one.id, one.kind, one.title, one.anchor) for one in parts] == [
        (part_id(EntryId("d"), 0), CHUNK, 'Uploads, "Limits"', "limits"),
        (part_id(EntryId("d"), 1), CHUNK, 'Uploads, "Signing › Keys"', "keys"),
    ]


def test_parts_have_what_the_document_has() -> None:
    retired = replace(document(Section("A", "text")), status=EntryStatus.RETIRED, language="zh")
    (part,) = parts_of(retired)
    assert (part.status, part.language, part.url, part.audience) == (EntryStatus.RETIRED, "zh", retired.url, SHARED)


def test_a_small_section_goes_with_its_neighbour_and_is_named_in_the_text() -> None:
    (text,) = texts(Section("A", "Short.", "a"), Section("B", "Short too.", "b"))
    assert text == "A:\nShort.\n\nB:\nShort too."
    (part,) = parts_of(document(Section("A", "Short.", "a"), Section("B", "Below.", "b", ("A",))))
    assert (part.title, part.anchor, part.answer) == ('Uploads, "A"', "a", "Short.\n\nB:\nBelow.")


def test_a_section_that_says_enough_keeps_its_heading_beside_small_neighbours() -> None:
    intro = Section("", "What an account may use before support has to raise a limit.")
    keys, clock = (
        Section("Keys", LONG[:180], "keys"),
        Section("Clock", "The clock may differ by at most 15 minutes.", "clock"),
    )
    parts = parts_of(document(intro, keys, clock))
    assert [(one.title, one.anchor, one.answer) for one in parts] == [
        ("Uploads", "", intro.text),
        ('Uploads, "Keys"', "keys", LONG[:180].strip()),
        ('Uploads, "Clock"', "clock", clock.text),
    ]


@pytest.mark.parametrize("before", [True, False])
def test_a_tiny_section_is_found_under_the_heading_of_its_neighbour(before: bool) -> None:
    keys, tiny = Section("Keys", LONG[:180], "keys"), Section("More", "See below.", "more")
    (part,) = parts_of(document(*((tiny, keys) if before else (keys, tiny))))
    assert (part.title, part.anchor) == ('Uploads, "Keys"', "keys")
    assert "More:\nSee below." in part.answer
    assert LONG[:180].strip() in part.answer


def test_small_sections_under_other_headings_stay_apart() -> None:
    assert len(texts(Section("A", "Short.", "", ("X",)), Section("B", "Short.", "", ("Y",)))) == 2


def test_long_prose_is_cut_between_sentences_and_nothing_is_lost() -> None:
    found = texts(Section("A", LONG))
    assert all(size(text) <= MOST_CHARS and text.endswith(".") for text in found)
    assert " ".join(found).split() == LONG.split()


def test_code_is_cut_only_where_it_is_too_long_and_each_piece_is_fenced() -> None:
    short = "```python\n" + "print('x')\n" * 20 + "```"
    found = texts(Section("A", LONG[:700] + "\n\n" + short))
    assert short in found
    long = "```python\n" + "\n".join(f"print('line {n}')" for n in range(200)) + "\n```"
    pieces = texts(Section("A", long))
    assert len(pieces) > 2
    assert all(piece.startswith("```python\n") and piece.endswith("\n```") for piece in pieces)
    assert "\n".join(piece[10:-4] for piece in pieces) == long[10:-4]


def test_a_long_table_keeps_its_head_and_no_row_is_broken() -> None:
    rows = [f"| E{n} | what error {n} means |" for n in range(100)]
    pieces = texts(Section("A", "\n".join(["| Code | Means |", "|---|---|", *rows])))
    assert len(pieces) > 2
    assert all(piece.startswith("| Code | Means |\n|---|---|\n") for piece in pieces)
    assert [row for piece in pieces for row in piece.split("\n")[2:]] == rows


def test_a_list_is_cut_between_its_items() -> None:
    items = [f"- item {n} of a list that is long enough to be cut somewhere" for n in range(60)]
    assert [line for text in texts(Section("A", "\n".join(items))) for line in text.split("\n")] == items


@pytest.mark.parametrize("letter", ["x", "数", "🙂", "ש"])
def test_one_endless_word_is_cut_and_nothing_of_it_is_lost(letter: str) -> None:
    found = texts(Section("A", letter * 20_000))
    assert all(size(text) <= MOST_CHARS for text in found)
    assert "".join(found) == letter * 20_000


def test_a_long_title_leaves_room_for_the_text() -> None:
    parts = parts_of(document(Section("H" * 2000, LONG), title="T" * 2000))
    assert all(LEAST_ROOM // 2 <= len(part.answer) <= LEAST_ROOM for part in parts[:-1])


def test_chinese_parts_are_as_long_as_the_model_reads() -> None:
    found = texts(Section("限制", "分段上传最多可以有一万个分段。" * 200))
    assert all(len(text) <= MOST_CHARS / 4 for text in found)


def test_a_document_always_has_a_part_and_a_title_alone_names_what_has_no_heading() -> None:
    assert [part.title for part in parts_of(document())] == ["Uploads"]
    assert titled("Uploads", ("", "Uploads")) == "Uploads"
    assert titled("", ("A", "B")) == "A › B"


@pytest.mark.parametrize("seed", range(10))
def test_any_document_is_cut_the_same_way_each_time(seed: int) -> None:
    dice = random.Random(seed)
    sections = [Section(some(dice, 2), some(dice, 60), "", ()) for _ in range(5)]
    one, again = (parts_of.__wrapped__(document(*sections)) for _ in range(2))
    assert one == again
    assert all(part.answer.strip() for part in one)
    assert len({part.id for part in one}) == len(one)


def test_blocks_are_told_apart() -> None:
    code, table = "```sh\na\n\nb\n```", "| A | B |\n|---|:-:|\n| 1 | x \\| y |\n| 2 | |"
    assert blocks_of(f"Text\nmore\n\n{code}\n{table}\n\n\nEnd") == ["Text\nmore", code, table, "End"]
    assert [(is_code(one), is_table(one)) for one in (code, table, "a | b\nc")] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert rows_of(table) == ["A: 1; B: x | y", "A: 2"]
