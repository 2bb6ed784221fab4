"""Has a human answered? The cheap test that identify and the last look share, measured on our own labels.

Right before the rules by kind and now:

- ``taken.jsonl``: answered 53 and 58 of 58, not answered 69 and 101 of 109. The words were chosen with this file in sight, so
  it says that nothing is lost, not how well they do elsewhere.
- ``statements.jsonl``, labelled for another purpose: advice taken as an answer 542 and 539 of 543, asking back not taken as one
  137 and 158 of 190, social talk 100 and 113 of 168 (the words were widened once after a look at what was missed), sending
  elsewhere 15 and 22 of 111.
- ``lessons.jsonl``: the definite solution taken as an answer 82 and 81 of 82.
"""

import json
from pathlib import Path

import pytest

import adapters.engine.offline
import core.evaluate
from core.session.answered import reply_answers

LABELLED = Path(core.evaluate.__file__).parent / "own" / "taken.jsonl"
STATEMENTS = Path(adapters.engine.offline.__file__).parent / "statements.jsonl"


def _right(rows: list[tuple[str, bool]], side: bool) -> float:
    judged = [reply_answers(text) is side for text, answers in rows if answers is side]
    assert len(judged) > 50
    return sum(judged) / len(judged)


@pytest.mark.parametrize(("answered", "floor"), [(True, 0.96), (False, 0.91)])
def test_each_side_of_the_labels_keeps_its_floor(answered: bool, floor: float) -> None:
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    assert _right([(row["reply"], row["answered"]) for row in rows], answered) >= floor


@pytest.mark.parametrize(("label", "answered", "floor"), [("advice", True, 0.97), ("asking", False, 0.77)])
def test_sentences_labelled_for_another_purpose_keep_theirs(label: str, answered: bool, floor: float) -> None:
    rows = [json.loads(line) for line in STATEMENTS.read_text("utf-8").splitlines()]
    assert _right([(row["text"], answered) for row in rows if row["label"] == label], answered) >= floor


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
        "Please send me the agent log and the region name.",
        "Sorry for the trouble, our team is at lunch until two.",
        "I have no idea about upload errors, honestly.",
        "Could you share the transfer log please",
        "收到,正在排查",
        "ufff. pinging the on-call person",
        "Moving this to the right channel",
        "Sorry for the late answer, was in a meeting",
        "@Bob can you take this upload error? I am out today.",
        "Which version of the agent do you run? I need the exact build number.",
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
        "on it",
        "7 days.",
        "Sorry for the late answer, the limit is four connections per bucket.",
        "Not sure why it broke, but a restart of the agent repairs it.",
    ],
)
def test_these_answer_or_take_it_on(reply: str) -> None:
    assert reply_answers(reply)
