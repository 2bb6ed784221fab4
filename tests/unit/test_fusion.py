"""How the legs of a search become one ranking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.knowledge_store.fusion import fuse

LEG = st.dictionaries(st.sampled_from("abcdef"), st.floats(-5, 50), max_size=6)


@given(st.lists(st.tuples(st.floats(0, 1), LEG), max_size=4))
def test_scores_lie_between_0_and_1_whatever_the_legs_give(legs: list[tuple[float, dict[str, float]]]) -> None:
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in fuse(legs).values())


def test_the_best_of_every_leg_scores_1_and_what_a_leg_misses_counts_0_there() -> None:
    fused = fuse([(0.6, {"a": 0.9, "b": 0.1}), (0.4, {"a": 12.0})])
    assert fused["a"] == pytest.approx(1.0)
    assert 0 < fused["b"] < 0.1


def test_a_leg_that_found_nothing_leaves_its_weight_to_the_others() -> None:
    near, words = {"a": 0.9, "b": 0.1}, {"b": 3.0, "c": 1.0}
    assert fuse([(0.2, near), (0.4, words), (0.4, {})]) == pytest.approx(fuse([(1 / 3, near), (2 / 3, words)]))


def test_nothing_found_gives_nothing() -> None:
    assert fuse([(0.6, {}), (0.4, {})]) == {}
