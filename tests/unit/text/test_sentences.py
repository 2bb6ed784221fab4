"""Sentences of English and Chinese chat: what ends one, and what looks like an end and is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.sentences import sentences
from tests.growth import grows_like_its_text


def split(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It fails. any idea? Thanks!", ["It fails.", "any idea?", "Thanks!"]),
        ("Really?! Yes", ["Really?!", "Yes"]),
        ('He said "stop." Then left (really.) Ok', ['He said "stop."', "Then left (really.)", "Ok"]),
        ("请升级到 v2.1.3。然后重启！还有问题吗？没有", ["请升级到 v2.1.3。", "然后重启！", "还有问题吗？", "没有"]),
        ("能用吗?可以的!好", ["能用吗?", "可以的!", "好"]),
        ("他说：“可以。”然后走了", ["他说：“可以。”", "然后走了"]),
        ("one\ntwo\r\n\r\n\nthree", ["one", "two", "three"]),
        (
            "- a bullet. more\n• another\n1. Open it. Click.\n2. Save.",
            ["- a bullet.", "more", "• another", "1. Open it.", "Click.", "2. Save."],
        ),
        ("The answer is no. Then retry", ["The answer is no.", "Then retry"]),
        ("Use Linux, macOS, etc. Then build", ["Use Linux, macOS, etc.", "Then build"]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_splits_at_sentence_ends_line_breaks_and_bullets(text: str, parts: list[str]) -> None:
    assert split(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "```\nfirst. second? third!\n\nfourth\n```",
        "```never closed. still code\nmore",
        "run `a. b? c!` now",
        "see https://docs.example.com/a.b?c=d!e and tell",
        "<https://docs.example.com/a|the page. really? yes> is down",
        "upgrade to 1.2.3 or v2.0 or 10.4.x today",
        "set a timeout, e.g. 30 s, i.e. half a minute, cf. the manual",
        "Dr. Smith and J. Doe of the U.S. team",
        "see fig. 3 and no. 5, max. 10 items, etc. and so on",
        "Hmm... let me check",
        "wait… what",
        "config.yaml and foo.bar() and a != b and x?.y",
        "1. the first item",
    ],
)
def test_code_links_versions_and_abbreviations_stay_whole(text: str) -> None:
    assert split(text) == [text]


def test_the_full_stop_after_an_address_or_code_ends_the_sentence() -> None:
    assert split("See https://x.example/a. It works. Or `b.c`. Done") == [
        "See https://x.example/a.",
        "It works.",
        "Or `b.c`.",
        "Done",
    ]
    assert split("看 https://x.example/a。然后重启") == ["看 https://x.example/a。", "然后重启"]


def test_a_code_block_stands_between_sentences() -> None:
    assert split("Try this:\n```\na. b\n```\nIt works.") == ["Try this:", "```\na. b\n```", "It works."]


@given(st.text(st.one_of(st.sampled_from(" .!?。！？…\n`<>\"'”)eigA1-"), st.characters(codec=None)), max_size=200))
def test_offsets_are_right_and_nothing_but_blanks_is_lost(text: str) -> None:
    position = 0
    for sentence in sentences(text):
        assert sentence.text == text[sentence.start : sentence.end] == sentence.text.strip() != ""
        assert text[position : sentence.start].strip() == ""
        position = sentence.end
    assert text[position:].strip() == ""


PIECES = [
    "`",
    "<",
    "<@",
    ".",
    ". ",
    "e.g. ",
    "```",
    "```\n",
    "https://",
    "。",
    "1. ",
    "…",
    "A.",
    '."',
    "! ",
    "\n",
    ".)",
    "!。",
    ".!",
]


@pytest.mark.parametrize("piece", PIECES)
def test_takes_time_linear_in_the_text(piece: str) -> None:
    assert grows_like_its_text(sentences, lambda length: piece * (length // len(piece)))
