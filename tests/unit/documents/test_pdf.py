"""PDF files: a section for each page, headings from the outline, and a reason where there is no text."""

import pytest

from adapters.documents import pdf
from adapters.documents.kinds import Kind
from adapters.documents.outline import UnreadableError
from adapters.documents.parse_process import answer_to
from adapters.documents.pdf import pdf_draft
from adapters.documents.pdf_lines import paragraphs, without_running_lines
from tests.fakes.pdf import pdf_of

LONG = "Objects are kept for ninety days and then they are removed by a rule."


def test_each_page_is_a_section_that_opens_there() -> None:
    draft = pdf_draft(pdf_of([[LONG], ["The second page says more (in brackets)."]], title="The guide"))
    assert draft.title == "The guide"
    assert [(s.heading, s.anchor, s.text) for s in draft.sections] == [
        ("", "page=1", LONG),
        ("", "page=2", "The second page says more (in brackets)."),
    ]


def test_the_outline_gives_headings_where_the_page_shows_them() -> None:
    keys = ["1 Keys", "About keys.", "1.1 Long keys", "About long ones."]
    pages = [["Preface text."], keys, ["It goes on."], ["Values", "The end."]]
    outline = [("Keys", 1, None), ("Long keys", 1, 0), ("Values", 3, None)]
    draft = pdf_draft(pdf_of(pages, outline))
    assert [(s.trail, s.heading, s.anchor, s.text) for s in draft.sections] == [
        ((), "", "page=1", "Preface text."),
        ((), "Keys", "page=2", "About keys."),
        (("Keys",), "Long keys", "page=2", "About long ones."),
        (("Keys",), "Long keys", "page=3", "It goes on."),
        ((), "Values", "page=4", "The end."),
    ]


def test_headers_footers_and_page_numbers_go() -> None:
    pages = [["Acme Guide", f"Chapter text {word} is here.", f"Page {n} of 4"] for n, word in enumerate("abcd", 1)]
    assert [s.text for s in pdf_draft(pdf_of(pages)).sections] == [f"Chapter text {word} is here." for word in "abcd"]
    assert without_running_lines([["Once", "text", "7"], ["text"]]) == [["Once", "text"], ["text"]]


def test_a_running_line_goes_behind_one_that_is_not_and_content_that_repeats_inside_a_page_stays() -> None:
    pages = [
        [
            f"Chapter {word}",
            "Acme Guide",
            f"First of {word}.",
            "Mind the limits.",
            f"Last of {word}.",
            f"Printed 2026-01-0{n}",
            f"{n}",
        ]
        for n, word in enumerate(("keys", "parts", "locks"), 1)
    ]
    assert [s.text for s in pdf_draft(pdf_of(pages)).sections] == [
        f"Chapter {word} First of {word}. Mind the limits. Last of {word}." for word in ("keys", "parts", "locks")
    ]


def test_left_and_right_pages_have_headers_of_their_own() -> None:
    words = "abcdefghi"
    pages = [
        ["The Acme Guide"],
        *([("Left Acme", "Right Acme")[n % 2], f"Text {word} here."] for n, word in enumerate(words)),
    ]
    told = [s.text for s in pdf_draft(pdf_of(pages)).sections]
    assert told == ["The Acme Guide", *(f"Text {word} here." for word in words)]


def test_what_two_pages_have_at_their_edges_is_no_furniture() -> None:
    pages = [["Limits", "Ten keys."], ["Limits", "Nine parts."], ["Locks", "One lock."], []]
    assert without_running_lines(pages) == pages
    assert without_running_lines([]) == []


def test_lines_are_joined_to_paragraphs_and_broken_words_to_whole_ones() -> None:
    lines = ["The life-cycle of an object, as an exam-", "ple, is long and it is written", "down here."]
    lines += ["• One item", "• Well-", "Known", "Next (1)"]
    assert list(paragraphs(lines)) == [
        "The life-cycle of an object, as an example, is long and it is written down here.",
        "- One item",
        "- Well- Known Next (1)",
    ]
    assert list(paragraphs(["中文文字", "继续。"])) == ["中文文字继续。"]
    assert list(paragraphs([])) == []


def test_a_password_is_told_and_an_empty_one_tried() -> None:
    with pytest.raises(UnreadableError, match="encrypted"):
        pdf_draft(pdf_of([[LONG]], password="hunter2"))


@pytest.mark.parametrize("pages", [[[]], [[], ["1"], ["2"]]])
def test_scanned_pages_are_told(pages: list[list[str]]) -> None:
    with pytest.raises(UnreadableError, match="scanned"):
        pdf_draft(pdf_of(pages))


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
def test_a_damaged_file_is_told_or_read(cut: float) -> None:
    whole = pdf_of([[LONG]] * 3)
    told = answer_to(Kind.PDF, whole[: int(cut * len(whole))], "")
    assert told.get("sections") or told["refused"]


@pytest.mark.parametrize(
    "body", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\xff" * 5_000, b"%PDF-1.4\n1 0 obj\n<<" + b"<<" * 5_000]
)
def test_what_only_begins_like_one_is_told(body: bytes) -> None:
    with pytest.raises(UnreadableError, match="damaged"):
        pdf_draft(body)


def test_too_many_pages_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 2)
    with pytest.raises(UnreadableError, match="more than 2 pages"):
        pdf_draft(pdf_of([[LONG]] * 3))
