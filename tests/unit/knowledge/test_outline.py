"""A document's sections as one text and back, whatever stands in them."""

import random

import pytest

from core.domain.documents import Section
from core.knowledge.outline import normal, read, written

PIECES = (
    "A", "B", "a b", "## x", "{#a}", "x {#y}", "#", "###", "\\## q", "数据", "🙂", "שלום", "```", "|a|", "\n", "\r\n", "\n\n",
    " ", "\t", "\\", "\u2028", "##", "\0",
)  # fmt: skip


def some(dice: random.Random, most: int) -> str:
    return "".join(dice.choice(PIECES) + dice.choice((" ", "\n", "")) for _ in range(dice.randint(0, most)))


@pytest.mark.parametrize("seed", range(20))
def test_what_is_written_is_read_as_it_was(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(200):
        sections = [
            Section(
                some(dice, 2), some(dice, 6), some(dice, 1), tuple(some(dice, 1) for _ in range(dice.randint(0, 3)))
            )
            for _ in range(dice.randint(0, 5))
        ]
        assert read(written(sections)) == normal(sections)
        assert written(read(written(sections))) == written(sections)


def test_a_section_begins_with_its_heading_its_anchor_and_those_above() -> None:
    sections = (Section("", "Before."), Section("Object keys", "UTF-8.", "object-keys", ("Signing",)))
    assert written(sections) == "Before.\n\n## Signing\n\n### Object keys {#object-keys}\n\nUTF-8."


def test_a_line_of_code_that_looks_like_a_heading_stays_code() -> None:
    sections = (Section("Shell", "```sh\n## a comment\n```"),)
    assert read(written(sections)) == sections


def test_any_text_is_read_as_well_as_it_goes() -> None:
    assert read("no heading at all") == (Section("", "no heading at all"),)
    assert read("#### deep\n\ntext") == (Section("deep", "text", "", ("",)),)
    assert read("") == ()
