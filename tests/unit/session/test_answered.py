"""Has a human answered? The cheap test that identify and the last look share, measured on our own labels."""

import json
from pathlib import Path

import pytest

import core.evaluate
from core.session.answered import reply_answers

LABELLED = Path(core.evaluate.__file__).parent / "own" / "taken.jsonl"
FLOOR = 0.71
"""What the rules reach on the labels, less 0.02."""


def test_it_is_right_as_often_as_when_it_was_measured() -> None:
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    right = [row for row in rows if reply_answers(row["reply"]) == row["answered"]]
    assert len(rows) > 100
    assert len(right) / len(rows) >= FLOOR


@pytest.mark.parametrize(
    "reply",
    [
        "hi there",
        "let me check",
        "Looking into it.",
        "which SDK version is that?",
        "好的，我看一下",
        "您好",
        "",
        "thanks for the report",
    ],
)
def test_these_answer_nothing(reply: str) -> None:
    assert not reply_answers(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "I'm on it, rolling it back now.",
        "Set `part_size=64` in the transfer config and restart the client.",
        "hi Sam, the limit is four connections per bucket.",
        "已修复，请重试",
    ],
)
def test_these_answer_or_take_it_on(reply: str) -> None:
    assert reply_answers(reply)
