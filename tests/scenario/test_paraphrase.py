"""The same threads, worded by somebody who had not seen the rules: outcomes must not hang on wording."""

from typing import Any

from tests.fakes.replayed import Replayed

LEAST_SAME = 0.8


def test_most_outcomes_stay_the_same_in_other_words(
    acme: Replayed, paraphrased: Replayed, expected: list[dict[str, Any]]
) -> None:
    messages = {turn["message"] for thread in expected for turn in thread["turns"]}
    assert len(messages) > 60
    same = [m for m in messages if _outcomes(acme, m) == _outcomes(paraphrased, m)]
    assert len(same) / len(messages) >= LEAST_SAME, f"{len(same)} of {len(messages)}"


def _outcomes(one: Replayed, ts: str) -> list[str]:
    return sorted(q["outcome"] for q in one.questions(ts))
