"""Sections: which headings stand above a text, and where each can be opened."""

import pytest

from adapters.documents import outline as outlines
from adapters.documents.html.page import page_draft
from adapters.documents.outline import UnreadableError

TEXT = "<p>Objects are kept for ninety days.</p>"


def outline(body: str) -> list[tuple[tuple[str, ...], str, str]]:
    found = page_draft(f"<html><body><main><h1>T</h1>{body}</main></body></html>").sections
    return [(section.trail, section.heading, section.anchor) for section in found]


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("<h2 id=here>Head</h2>", "here"),
        ("<h2><a id=here></a>Head</h2>", "here"),
        ("<h2>Head<a name=here></a></h2>", "here"),
        ("<h2>Head<span id=here></span></h2>", "here"),
        ("<a name=here></a><h2>Head</h2>", "here"),
        ("<p><a name=here></a></p>\n<h2>Head</h2>", "here"),
        ("<a id=here></a> <a id=second></a><h2>Head</h2>", "second"),
        ("<section id=here><h2>Head</h2>{}</section>", "here"),
        ("<div id=here><div><h2>Head</h2></div>{}</div>", "here"),
        ("<section id=section><h2 id=here>Head</h2>{}</section>", "here"),
        ("<h2 id=old>Head<a class=headerlink href=#here>¶</a></h2>", "here"),
        ("<h2 id=user-content-here>Head<a class=anchor href=#here aria-label=x></a></h2>", "here"),
        ("<div class=markdown-heading><h2>Head</h2><a id=user-content-here class=anchor href=#here></a></div>", "here"),
        ("<h2 id='a b&lt;c&gt;|d'>Head</h2>", "a%20b%3Cc%3E%7Cd"),
        ("<h2 id=安装>Head</h2>", "%E5%AE%89%E8%A3%85"),
        ("<h2>Head</h2>", ""),
        ("<div id=page><p>Something before.</p><h2>Head</h2>{}</div>", ""),
        ("<h2><button id=here>Head</button></h2>", "here"),
    ],
)
def test_a_heading_is_opened_where_it_has_an_anchor(heading: str, anchor: str) -> None:
    body = heading.replace("{}", TEXT) if "{}" in heading else f"<p>Before.</p>{heading}{TEXT}"
    assert outline(body)[-1] == ((), "Head", anchor)


def test_the_trail_holds_the_headings_above_without_the_title() -> None:
    headings = ((2, "a"), (3, "b"), (4, "c"), (3, "d"), (2, "e"), (6, "f"), (1, "g"))
    body = "".join(f"<h{n} id={i}>{i}</h{n}>{TEXT}" for n, i in headings)
    assert outline(f"{TEXT}{body}") == [
        ((), "", ""),
        ((), "a", "a"),
        (("a",), "b", "b"),
        (("a", "b"), "c", "c"),
        (("a",), "d", "d"),
        ((), "e", "e"),
        (("e",), "f", "f"),
        ((), "g", "g"),
    ]


def test_a_heading_without_text_below_is_only_in_the_trail() -> None:
    assert outline(f"<h2>a</h2><h3>b</h3>{TEXT}<h2>c</h2>") == [(("a",), "b", "")]


def test_headings_within_lists_and_cells_part_them() -> None:
    body = f"<ol><li><h2 id=a>Step</h2>{TEXT}</li></ol><table><tr><td><h2 id=b>Cell</h2>{TEXT}</td></tr></table>"
    assert outline(body) == [((), "Step", "a"), ((), "Cell", "b")]


def test_a_heading_is_one_line_of_plain_text() -> None:
    assert (
        outline(f"<h2>Use\n<code>put()</code> <a href=x>now</a> <a href=#x>#</a></h2>{TEXT}")[0][1] == "Use `put()` now"
    )
    assert len(outline(f"<h2>{'a' * 9_000}</h2>{TEXT}")[0][1]) == 300


def test_no_page_has_more_sections_than_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlines, "MOST_SECTIONS", 20)
    with pytest.raises(UnreadableError, match="too many sections"):
        page_draft("<h2>a</h2>b" * 22)
