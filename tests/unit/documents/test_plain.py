"""Plain text has headings where they are obvious, and none that are guessed."""

import pytest

from adapters.documents.charsets import text_of
from adapters.documents.outline import UnreadableError
from adapters.documents.plain import plain_draft


def outline(text: str) -> list[tuple[tuple[str, ...], str, str]]:
    return [(section.trail, section.heading, section.text) for section in plain_draft(text).sections]


def test_underlined_lines_are_headings_by_the_order_of_their_marks() -> None:
    text = "Buckets\n=======\n\nIntro.\n\nKeys\n----\nAbout keys.\n\nLong\n~~~~\n\nAbout long ones."
    text += "\n\nValues\n------\n\nAbout values."
    assert plain_draft(text).title == "Buckets"
    assert outline(text) == [
        ((), "", "Intro."),
        ((), "Keys", "About keys."),
        (("Keys",), "Long", "About long ones."),
        ((), "Values", "About values."),
    ]


def test_numbered_lines_are_headings_where_there_are_several() -> None:
    text = "1. Keys\n\nAbout keys.\n\n1.1 Long keys\n\nAbout long ones.\n\n2. Values\n\nAbout values."
    assert outline(text) == [
        ((), "1. Keys", "About keys."),
        (("1. Keys",), "1.1 Long keys", "About long ones."),
        ((), "2. Values", "About values."),
    ]


@pytest.mark.parametrize(
    "text",
    ["1. Open the page.\n\n2. Press it.", "1. One item\n2. Another item", "A line\nand --- another", "10 000 users came"],
)  # fmt: skip
def test_what_is_no_heading_stays_text(text: str) -> None:
    assert plain_draft(text).title == ""
    assert [(trail, heading) for trail, heading, _ in outline(text)] == [((), "")]


def test_paragraphs_and_indented_code_are_kept() -> None:
    assert outline("Run this:\r\n\r\n    ls -l\r\n      | wc\r\n\r\n# a comment\r\n\x0cNext page.") == [
        ((), "", "Run this:\n\n```\nls -l\n  | wc\n```\n\n\\# a comment\n\nNext page.")
    ]


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("naïve 中文".encode(), "", "naïve 中文"),
        ("中文".encode("gb18030"), "GB2312", "中文"),
        ("中文".encode("big5"), "big5", "中文"),
        ("日本語".encode("cp932"), "Shift_JIS", "日本語"),
        ("“naïve”".encode("cp1252"), "iso-8859-1", "“naïve”"),
        ("“naïve”".encode("cp1252"), "", "“naïve”"),
        ("naïve".encode(), "windows-1252x", "naïve"),
        ("привет".encode("koi8-r"), "koi8-r", "привет"),
        ("\ufeffnaïve".encode(), "gbk", "naïve"),
        ("\ufeffnaïve".encode("utf-16-le"), "utf-8", "naïve"),
        ("\ufeffnaïve".encode("utf-16-be"), "", "naïve"),
        (b"plain", "unicode_escape", "plain"),
        (b"caf\xc3\xa9 " * 50 + b"\xff", "utf-8", "café " * 50 + "\ufffd"),
    ],
)
def test_a_charset_is_found(body: bytes, charset: str, text: str) -> None:
    assert text_of(body, charset, page=False) == text


@pytest.mark.parametrize(
    ("head", "codec"),
    [("<meta charset=gbk>", "gbk"), ("<meta http-equiv=Content-Type content='text/html; charset=gb2312'>", "gb2312"),
     ("<?xml version='1.0' encoding='GB18030'?>", "gb18030"), ("<meta charset='utf-16'>", "utf-8"), ("", "utf-8")],
)  # fmt: skip
def test_a_page_names_its_own_charset(head: str, codec: str) -> None:
    assert "中文" in text_of(f"{head}<p>中文</p>".encode(codec), "", page=True)


@pytest.mark.parametrize("body", [bytes(range(1, 32)) * 10, b"\0" * 100, b"a\0b\0c\0" * 50])
def test_bytes_that_are_no_text_are_refused(body: bytes) -> None:
    with pytest.raises(UnreadableError, match="no text"):
        text_of(body, "", page=False)
