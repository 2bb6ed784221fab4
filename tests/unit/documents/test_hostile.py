"""Whatever the bytes are, a document is read or refused with a reason."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.documents import parsing
from adapters.documents.kinds import Kind
from adapters.documents.outline import UnreadableError
from adapters.documents.parsing import parsed
from core.domain.documents import Section
from tests.fakes.pdf import pdf_of

DEEP = 2_000
TAGS = """div p ul ol li dl dt dd table tr td th pre code h1 h2 h3 a b span section aside blockquote main button br img
sup""".split()
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(["<a name=x>", "<h2 id='é'>", "<div hidden>", "<td colspan=9 rowspan=9>", "<ol start=99>", "&#0;"]),
    st.sampled_from(["<!--", "# a\n", "```\n", "> ", "- ", "===\n"]),
    st.text(max_size=12),
)  # fmt: skip


@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from([Kind.HTML, Kind.MARKDOWN, Kind.PLAIN]))
@settings(max_examples=60)
def test_any_text_is_read_or_refused(text: str, kind: Kind) -> None:
    sections: tuple[Section, ...] = ()
    with contextlib.suppress(UnreadableError):  # any other error is one of ours
        sections = parsed(kind, text.encode("utf-8", "replace")).sections
    assert all(section.text.strip() for section in sections)


@pytest.mark.parametrize(
    "opening",
    [
        "<div>",
        "<b>",
        "<ul><li>",
        "<blockquote>",
        "<table><tr><td>",
        "<dl><dd>",
        "<div class=sidebar>",
        "<section id=a>",
    ],
)
def test_what_is_nested_without_end_is_read(opening: str) -> None:
    draft = parsed(Kind.HTML, f"{opening * DEEP}the very inside".encode())
    assert "the very inside" in draft.sections[0].text


def test_a_table_that_unfolds_to_millions_of_cells_is_refused() -> None:
    table = "<table>" + ("<tr>" + "<td colspan=60 rowspan=500>x" * 40) * 60 + "</table>"
    with pytest.raises(UnreadableError, match="table that is too big"):
        parsed(Kind.HTML, table.encode())


@pytest.mark.parametrize("kind", [Kind.HTML, Kind.MARKDOWN, Kind.PLAIN])
def test_a_document_that_says_too_much_is_told_how_much_may_be(kind: Kind) -> None:
    text = (b"<p>" if kind is Kind.HTML else b"") + (b"many words " * 100 + b"\n\n") * 910
    with pytest.raises(UnreadableError, match="more than 1,000,000 characters"):
        parsed(kind, text)


def test_so_is_a_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MOST_CHARACTERS", 30)
    with pytest.raises(UnreadableError, match="characters of text"):
        parsed(Kind.PDF, pdf_of([["Head", "Objects are kept for very long."]], [], title="T"))
