"""People's names are taken out of what leaves the records, and only names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.names import names_mask, without_names


@pytest.mark.parametrize(
    ("names", "text", "masked"),
    [
        (["Kim Larsen"], "Hi Kim, kim.larsen wrote to @Larsen", "Hi <name>, <name>.<name> wrote to @<name>"),
        (["Kim Larsen"], "kimono and Kimberley stay", "kimono and Kimberley stay"),
        (["Will Best"], "Will, will it run? Use the best one.", "<name>, will it run? Use the best one."),
        (["王小明"], "小王和王小明都看了", "小王和<name>都看了"),
        (["Al", ""], "Al said so", "Al said so"),
        ([], "nobody", "nobody"),
    ],
)
def test_names_are_masked_as_they_are_written(names: list[str], text: str, masked: str) -> None:
    assert without_names(text, names_mask(names)) == masked


def test_words_that_name_nobody_stay() -> None:
    mask = names_mask(["Acme Support", "Kim Acme"], frozenset(["acme", "support"]))
    assert without_names("Kim ran `acme-os`, says Support", mask) == "<name> ran `acme-os`, says Support"


@given(st.lists(st.text(max_size=20), max_size=5), st.text(max_size=80))
def test_any_name_makes_a_mask_and_a_text_without_it_stays(names: list[str], text: str) -> None:
    mask = names_mask(names)
    found = mask is not None and mask.search(text) is not None
    assert ("<name>" in without_names(text, mask)) is (found or "<name>" in text)
    assert found or without_names(text, mask) == text
