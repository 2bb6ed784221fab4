"""Where a name alone does not tell whether something is the site's or the text's: what is in it and around it does."""

import pytest

from adapters.documents.html.page import page_draft

LONG = "<p>Objects are kept for ninety days, and then they are removed by a rule of the bucket.</p>" * 4
KEEP = "<p>Keep the gap closed.</p>"


def said(body: str) -> str:
    """The last section of a page that has enough text beside ``body``."""
    page = f"<html><body><main><h1>T</h1>{LONG}<h2 id=last>Last</h2>{body}</main></body></html>"
    return page_draft(page).sections[-1].text


def outline(body: str) -> list[tuple[str, str]]:
    return [(section.heading, section.anchor) for section in page_draft(f"<body><h1>T</h1>{body}</body>").sections]


@pytest.mark.parametrize(
    "kept",
    [
        f'<div id="sidebar"><h3>Sidebar</h3>{KEEP}</div>',
        f'<div class="toc"><h3>The toc directive<a class="headerlink" href="#x">¶</a></h3>{KEEP}</div>',
        f'<section class="feedback"><h3>Feedback</h3>{KEEP}</section>',
        f'<div class="sharing"><h3>Sharing</h3>{KEEP}<input></div>',
        f'<div id="configure-sidebar-items">{KEEP}</div>',
        f'<aside class="sidebar"><p class="sidebar-title">Side</p>{KEEP}</aside>',
        f'<aside><h3 id="gaps">Gaps</h3>{KEEP}</aside>',
        f'<div role="complementary"><h3 id="gaps">Gaps</h3>{KEEP}</div>',
        f'<header><h3 id="gaps">Gaps</h3></header>{KEEP}',
        f'<div class="gutter">{KEEP}</div>',
        f'<div class="no-sidebar navbar-layout">{KEEP}</div>',
        "<blockquote><p>Mind it.</p><footer>Ann of the gap</footer></blockquote>",
        '<div class="line-numbers sidebar"><pre>mind the gap</pre></div>',
        '<div class="feedback"><p>Post it:</p><pre>curl gap</pre><textarea></textarea></div>',
        '<div class="cookies"><table><tr><th>Cookie<th>Use<tr><td>gap<td>session</table><input></div>',
        '<p>It has a <span class="toc">gap</span>.</p>',
        '<p>It has a <a class="sidebar-link" href=x>gap</a>.</p>',
        '<ul><li><a href="#">gap</a></li><li><a href="#">list</a></li></ul>',
        "<p>Was this page helpful? is asked to close the gap.</p>",
        "<p>Last modified by: who closed the gap.</p>",
        "<ul><li>Last updated: when the gap was closed</li></ul>",
        "<ol><li>Next: <a href=x>close the gap</a></li></ol>",
        "<p><a href=x>Next gap</a></p>",
        '<a class="card" href=x><h3>Next</h3><p>Close the gap.</p></a>',
        f'<div class="toc note">{KEEP}</div>',
        f'<section class="sidebar" id="x">{KEEP}</section>',
    ],
)
def test_text_that_is_called_like_a_part_of_the_site_stays(kept: str) -> None:
    assert "gap" in said(kept).lower()


@pytest.mark.parametrize(
    "chrome",
    [
        '<div class="sidebar"><h3 id="pages">Pages</h3><a href=a>A long name of a page</a> <a href=b>And another</a></div>',
        '<div class="sidebar"><h3>Newest</h3><p>A part of the site.</p></div>',
        '<div class="CookieBanner"><h3>Your choice</h3><p>A part of the site.</p></div>',
        '<div aria-label="Cookie banner"><p>A part of the site.</p></div>',
        '<div class="cookie-notice info"><p>A part of the site.</p></div>',
        '<p class="breadcrumb"><a href=a>Docs</a> / <a href=b>Storage</a></p>',
        '<div class="rating"><p>How was it?</p><button>Good</button></div>',
        '<div class="navigation"><a href=a>One</a> <a href=b>Two</a></div>',
        "<form><label>Mail</label><input></form>",
        '<div class="social"><img alt="Our page elsewhere" src=a><a href=b>Tweet</a></div>',
        "<p>Was this page helpful? <button>Yes</button><button>No</button></p>",
        "<div><a href=a>« Previous</a> | <a href=b>Next: Limits »</a></div>",
        "<p><a rel=next href=a>Limits</a></p>",
        "<a href=a><div>Next</div><div>Limits</div></a>",
        "<p>Last updated 3 months ago</p>",
        "<p><a href=a>Powered by Acme</a></p>",
        "<div>Copy</div>",
        '<a class="edit-page" href=a>Make it better</a>',
        '<div class="docSidebarContainer"><p>A part of the site.</p></div>',
        "<p><code></code> <button>Copy</button></p>",
    ],
)
def test_parts_of_the_site_go(chrome: str) -> None:
    assert said(f"<p>One.</p>{chrome}<p>Two.</p>") == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Press <button>Save</button> then <kbd>Ctrl</kbd>.</p>", "Press Save then `Ctrl`."),
        ("<p>Press <b>the</b> <button>Save</button> <i>button</i>.</p>", "Press the Save button."),
        ("<div>Press <button>Save</button> and wait.</div>", "Press Save and wait."),
        ("<ul><li>Click <button>Copy</button> to copy.</ul>", "- Click Copy to copy."),
        ("<ul><li><button>Save</button>: saves</ul>", "- Save: saves"),
        ("<table><tr><td><button>Save</button><td>Saves</table>", "| Save | Saves |\n| --- | --- |"),
        ("<dl><dt><button>Share</button></dt><dd>Shares.</dd></dl>", "- Share: Shares."),
        ("<p>Run <code>ls</code> <button>Copy</button></p>", "Run `ls`"),
        ("<p>Run it <button class=copy-btn>Now</button> here.</p>", "Run it here."),
        ("<pre>ls <button>wrap</button>-l</pre>", "```\nls -l\n```"),
    ],
)  # fmt: skip
def test_a_button_is_read_where_it_is_part_of_a_sentence(html: str, text: str) -> None:
    assert said(html) == text


def test_a_heading_keeps_no_button_to_copy_its_link() -> None:
    body = f"<h2 id=a>Limits <button>Copy link</button></h2>{LONG}<h2 id=b><button>Copy</button></h2>{LONG}"
    assert outline(body) == [("Limits", "a"), ("Copy", "b")]


def test_an_empty_box_is_a_place_to_open() -> None:
    assert outline(f'{LONG}<div id="toc"></div><h2>The toc</h2>{LONG}')[1:] == [("The toc", "toc")]


def test_a_header_of_the_site_goes_and_one_with_a_heading_of_the_text_stays() -> None:
    body = f"<header><h2>Acme</h2></header>{LONG}<div><header><h2 id=one>One</h2></header>{LONG}</div>"
    assert outline(body) == [("", ""), ("One", "one")]


def test_on_this_page_is_no_heading_of_what_follows_the_list_beside_it() -> None:
    assert outline(f"{LONG}<h4>On this page</h4><nav><a href=#a>A</a></nav>{LONG}") == [("", "")]


def test_a_word_in_bold_may_stand_for_a_heading() -> None:
    assert said("<div><b>Copy</b></div><p><b>Contents</b></p><p>One.</p>") == "Copy\n\nContents\n\nOne."


def test_a_page_of_several_articles_is_read_as_a_whole() -> None:
    first, second = (
        f"<article id={name}><h2>{name}</h2>{said}</article>" for name, said in (("one", LONG * 2), ("two", LONG))
    )
    card = f"<article class=card><h2>Elsewhere</h2>{LONG}</article>"
    assert outline(f"<div>{first}{LONG}{second}</div>{card}") == [("one", "one"), ("two", "two")]
