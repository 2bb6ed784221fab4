"""Markdown is cut like a page, with the anchors that code hosts give its headings."""

import pytest

from adapters.documents.markdown import markdown_draft, slug
from adapters.documents.outline import Draft


def anchors(text: str) -> list[tuple[str, str]]:
    return [(section.heading, section.anchor) for section in markdown_draft(text).sections]


@pytest.mark.parametrize(
    ("heading", "words", "anchor"),
    [
        ("## Two words", "Two words", "two-words"),
        ("## What's *new* in `v2.1`?", "What's new in `v2.1`?", "whats-new-in-v21"),
        ("## 安装 TiDB", "安装 TiDB", "%E5%AE%89%E8%A3%85-tidb"),
        ("## A & B", "A & B", "a--b"),
        ("## Here {#there}", "Here", "there"),
        ("## Here {: #there .class}", "Here", "there"),
        ("## Here<a name='there'></a>", "Here", "there"),
        ('## <a id="there"></a>Here', "Here", "there"),
        ('<a name="there"></a>\n## Here', "Here", "here"),
        ("Here\n----", "Here", "here"),
        ("## [A link](x) here", "A link here", "a-link-here"),
        ("## Closed ##", "Closed", "closed"),
        ("## 🎉 Done", "🎉 Done", "-done"),
    ],
)
def test_a_heading_and_its_anchor(heading: str, words: str, anchor: str) -> None:
    assert anchors(f"# T\n\n{heading}\n\nText.") == [(words, anchor)]


def test_headings_of_the_same_words_are_counted() -> None:
    assert anchors("# T\n## Use\na\n## Use\nb\n## Use\nc") == [("Use", "use"), ("Use", "use-1"), ("Use", "use-2")]
    assert slug("  Mixed CASE_and-more ") == "mixed-case_and-more"


@pytest.mark.parametrize(
    ("text", "draft"),
    [
        ('---\ntitle: "Buckets"\ntags: [a]\n---\nText.', ("Buckets", "Text.")),
        ("+++\ntitle = 'Buckets'\n+++\nText.", ("Buckets", "Text.")),
        ("---\ntitle: Other\n---\n# Buckets\nText.", ("Buckets", "Text.")),
        ("---\nA rule and text: it stays\nfor sure.\n\n---\n", ("", "A rule and text: it stays for sure.")),
        ("\ufeff# Buckets\r\n\r\nText.", ("Buckets", "Text.")),
        ("# Buckets\n\n:::note Mind\nText.\n:::", ("Buckets", "Text.")),
        ("# Buckets\n> [!NOTE]\n> Text.", ("Buckets", "> NOTE: Text.")),
        ("import Tabs from '@theme/Tabs'\n\n# Buckets\n\nText.", ("Buckets", "Text.")),
        ("# Buckets\n{{< copyable >}}\nText.", ("Buckets", "Text.")),
        (
            "# B\n```py\n::: kept\n{{< x >}}\n# not a heading\n```",
            ("B", "```py\n::: kept\n{{< x >}}\n# not a heading\n```"),
        ),
        ("# B\n\n    import x from 'y'\n", ("B", "```\nimport x from 'y'\n```")),
        ("# B\n| a | b |\n|---|---|\n| 1 | `x\\|y` |", ("B", "| a | b |\n| --- | --- |\n| 1 | `x\\|y` |")),
        ("# B\n+ [One](#one)\n+ [Two](#two)\n\nText.", ("B", "Text.")),
        ("# B\n<script>alert(1)</script>\n<b>bold</b> text", ("B", "bold text")),
        ("# B\n~~gone~~ kept \\(as it is\\)", ("B", "kept (as it is)")),
        ("# B\n1. a\n\n   ```sh\n   ls\n   ```\n2. b", ("B", "1. a\n\n   ```sh\n   ls\n   ```\n\n2. b")),
        ("# ש\nשלום", ("ש", "שלום")),
    ],
)
def test_what_a_page_says(text: str, draft: tuple[str, str]) -> None:
    found = markdown_draft(text)
    assert (found.title, "\n\n".join(section.text for section in found.sections)) == draft


def test_no_word_of_a_long_page_is_lost() -> None:
    words = " ".join(f"word{n}" for n in range(20_000))
    found = markdown_draft(f"# T\n## A\n{words}")
    assert isinstance(found, Draft)
    assert found.sections[0].text == words
