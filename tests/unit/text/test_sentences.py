"""Chat text as sentences, and its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.language import language_of
from core.text.sentences import sentences
from core.text.terms import content_terms, coverage, keys, versions


@given(st.text())
def test_sentences_stand_where_they_say(text: str) -> None:
    found = sentences(text)
    assert all(text[s.start : s.end] == s.text for s in found)
    assert [s.start for s in found] == sorted(s.start for s in found)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Use v2.1.4, e.g. `a. b`! Really?", 2),
        ("One.\nTwo", 2),
        ("```x. y\nz. w```", 1),
        ("请设置为 1。然后重启。", 2),
        ("See https://a.example/x.y?z=1. Then go.", 2),
        ("", 0),
    ],
)
def test_code_links_versions_and_abbreviations_are_not_cut(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_the_language_is_that_of_the_prose_not_of_the_code() -> None:
    assert language_of("请设置 `max_retries` 为 3，然后重启服务") == "zh"
    assert language_of("set `最大重试` to 3 and restart the service") == "en"


def test_words_meet_in_their_stems() -> None:
    assert coverage("uploads failing", "the upload fails with 503") == 1.0
    assert coverage("the of and", "anything") == 0.0
    assert content_terms("校验和") == ["校验", "验和"]


def test_codes_and_versions_are_kept_verbatim() -> None:
    assert set(keys("`SlowDown` 503 with --part-size and max_retries, ERR-4012, sdk v2.1.4")) >= {
        "SlowDown", "503", "--part-size", "max_retries", "ERR-4012", "v2.1.4",
    }  # fmt: skip
    assert versions("go sdk v2.1.4, not 3.0") == ("2.1.4", "3.0")
