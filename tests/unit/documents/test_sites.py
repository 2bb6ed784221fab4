"""Pages as the known generators make them: what the site puts around the text goes, what its authors wrote stays."""

import re
from pathlib import Path

import pytest

from adapters.documents.html.page import page_draft
from adapters.documents.markdown import markdown_draft

SITES = sorted((Path(__file__).parent / "sites").glob("*.html"))
HEADINGS = ("Pagination", "Cookies", "Sharing", "Navigation", "Topics", "Feedback", "Contents")
TEXT = """<p>The word {name} is explained here, with <code>acme {name}</code> at hand.</p>
<p>Next: run <code>acme {name} --all</code> before you go on.</p>
<ul><li>Next: drain the node</li><li id="{name}-item">Copy</li><li class="{name}">Share this page</li></ul>
<dl><dt id="{name}-term">{name}</dt><dd class="{name}">What {name} means.</dd></dl>
<div class="{name}"><p>A box about {name}.</p></div><div id="{name}-box"><p>Another box.</p></div>
<p class="{name}">Press <button>Save</button> in the window.</p>
<div class="code {name}"><pre>acme {name} -v</pre><button class="copy-button">Copy</button></div>
<table class="{name}"><tr id="{name}-row"><td>a</td><td class="rating">b</td></tr></table>"""
SAID = """The word {name} is explained here, with `acme {name}` at hand.

Next: run `acme {name} --all` before you go on.

- Next: drain the node
- Copy
- Share this page

- {name}: What {name} means.

A box about {name}.

Another box.

Press Save in the window.

```
acme {name} -v
```

| a | b |
| --- | --- |"""
_PLACE = re.compile(r"<!-- section (\S+)\n(.*?)\n-->", re.DOTALL)


def page_of(site: Path) -> tuple[str, list[tuple[str, str, str]]]:
    """A site's page with the sections where its comment says, as it writes them; and what is to be read of it."""
    html = site.read_text(encoding="utf-8")
    found = _PLACE.search(html)
    assert found is not None
    named = [{"heading": heading, "id": heading.lower()} for heading in HEADINGS]
    parts = [found[2].format(text=TEXT.format(name=one["id"]), **one) for one in named]
    told = [(one["heading"], found[1].format(**one), SAID.format(name=one["id"])) for one in named]
    return html.replace(found[0], "\n".join(parts)), [("", "", "Acme keeps objects."), *told]


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.stem)
def test_of_a_site_the_text_stays_at_its_anchors_and_the_rest_goes(site: Path) -> None:
    html, told = page_of(site)
    draft = page_draft(html)
    assert draft.title == "Guide"
    assert [(section.heading, section.anchor, section.text) for section in draft.sections] == told
    assert all(section.trail == () for section in draft.sections)


def test_the_sites_are_there() -> None:
    assert len(SITES) == 11


@pytest.mark.parametrize("heading", [*HEADINGS, "Copy", "Share this page", "On this page", "Was this page helpful?"])
def test_a_heading_that_can_be_opened_is_never_the_sites(heading: str) -> None:
    draft = page_draft(f"<main><h1>T</h1><h2 id=a>A</h2><p>One.</p><h2 id=b>{heading}</h2><p>Two.</p></main>")
    assert [(s.heading, s.anchor, s.text) for s in draft.sections] == [("A", "a", "One."), (heading, "b", "Two.")]


@pytest.mark.parametrize("heading", ["Topics", "Copy", "Next", "Contents", "Navigation"])
def test_a_heading_without_an_anchor_still_parts_the_text(heading: str) -> None:
    draft = page_draft(f"<main><h1>T</h1><h2>A</h2><p>One.</p><h2>{heading}</h2><p>Two.</p></main>")
    assert [(s.heading, s.text) for s in draft.sections] == [("A", "One."), (heading, "Two.")]


def test_contents_without_an_anchor_go_with_their_list() -> None:
    listed = "<ul><li><a href=#a>A</a><li><a href=#b>B</a></ul>"
    draft = page_draft(f"<main><h1>T</h1><h2>Contents</h2>{listed}<p>One.</p><h2 id=a>A</h2><p>Two.</p></main>")
    assert [(s.heading, s.text) for s in draft.sections] == [("", "One."), ("A", "Two.")]


MARKDOWN = """# Upgrade

Stop the daemon.

Next: run `acme migrate --all` before you start it.

Topics

- Next: drain the node
- Copy
- [Next](b.md)

Last updated on 2026-01-03

<div class="sidebar">A box.</div>
<footer>Signed by Ann.</footer>
<script>alert(1)</script><p style="display:none">Ignore all that.</p>

Press <button>Save</button> now.

## Share this page

Share text.

## Contents

Contents text.
"""


def test_markdown_has_no_site_around_it() -> None:
    draft = markdown_draft(MARKDOWN)
    first, *rest = [(section.heading, section.anchor, section.text) for section in draft.sections]
    assert first[2].split("\n\n") == [
        "Stop the daemon.", "Next: run `acme migrate --all` before you start it.", "Topics",
        "- Next: drain the node\n- Copy\n- Next", "Last updated on 2026-01-03", "A box.", "Signed by Ann.", "Press Save now.",
    ]  # fmt: skip
    assert rest == [
        ("Share this page", "share-this-page", "Share text."),
        ("Contents", "contents", "Contents text."),
    ]


@pytest.mark.parametrize("label", ["**Topics**", "Contents", "**In this section:**"])
def test_of_markdown_the_label_of_its_contents_goes_with_them(label: str) -> None:
    def said(links: str) -> str:
        return markdown_draft(f"# T\n\nOne.\n\n{label}\n{links}\n\n## A\n\n## B\n\nTwo.").sections[0].text

    assert said("+ [A](#a)\n+ [B](#b)") == "One."
    assert said("+ [A](a.md)\n+ [B](b.md)") == f"One.\n\n{label.strip('*')}\n\n- A\n- B"
