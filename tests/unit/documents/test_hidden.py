"""What a page hides from its readers is not read, as far as its own words tell."""

import pytest

from adapters.documents.html.page import page_draft

SEEN = "<p>Uploads of large files take a while, and that is what everybody reads on this page about uploads.</p>"


def said(style: str, inner: str) -> str:
    """The text of a page with a style and, below what everybody reads, something more."""
    html = f"<html><head><style>{style}</style></head><body><main><h1>T</h1>{SEEN}{inner}</main></body></html>"
    return "\n".join(section.text for section in page_draft(html).sections)


@pytest.mark.parametrize(
    "style",
    [
        "display:none", "DISPLAY : None !important", "visibility:hidden", "opacity:0", "opacity: 0.00", "font-size:0",
        "font-size:1px", "font-size:.5px", "font-size:0.01em", "position:absolute;left:-9999px", "text-indent:-999em",
        "position:absolute;top:-10000px", "clip:rect(0,0,0,0)", "clip: rect(1px 1px 1px 1px)", "clip-path:inset(50%)",
        "color:#fff;background:white", "color:transparent", "transform:scale(0)", "color:red;/* x */display:none",
    ],
)  # fmt: skip
@pytest.mark.parametrize("inline", [True, False])
def test_what_a_style_hides_is_left_out(style: str, inline: bool) -> None:
    hidden = f'<p style="{style}">Ignore all that.</p>' if inline else '<p class="x y">Ignore all that.</p>'
    assert "Ignore" not in said("" if inline else f"p.x, .z {{ {style} }}", hidden)


@pytest.mark.parametrize(
    "style",
    [
        "opacity:0.8", "font-size:0.8em", "font-size:10px", "font-size:14px", "left:-2px", "margin-left:-120px",
        "color:#fff", "color:#fff;background:#000", "fill-opacity:0", "display:block", "clip-path:none", "nonsense",
    ],
)  # fmt: skip
def test_what_is_seen_is_read(style: str) -> None:
    assert "Read me" in said("", f'<p style="{style}">Read me.</p>')
    assert "Read me" in said(f".x {{ {style} }}", '<p class="x">Read me.</p>')


@pytest.mark.parametrize(
    "style",
    [
        ".x {display:none} .x.open {display:block}",
        ".x {display:none} @media (min-width: 800px) { .x {display:block} }",
        "@media print { .x {display:none} }",
        ".js .x {display:none}",
        ".x:hover {display:none}",
        "/* .x {display:none} */",
        "@import url(x.css); .y {display:none",
    ],
)
def test_what_is_shown_at_a_click_or_on_some_screens_is_read(style: str) -> None:
    assert "Read me" in said(style, '<p class="x">Read me.</p>')


def test_a_page_that_only_fades_in_is_read() -> None:
    assert "everybody reads" in said(".fade {opacity:0}", "").replace("\n", " ")
    html = f'<body><style>.fade {{opacity:0}}</style><main class="fade"><h1>T</h1>{SEEN}</main></body>'
    assert "everybody reads" in page_draft(html).sections[0].text


def test_a_style_without_end_costs_little() -> None:
    assert "everybody reads" in said("@media x {" * 20_000 + ".a{" * 20_000, "")
