"""How a threshold is chosen from labelled scores (DESIGN 7, Calibration)."""

import pytest

from core.evaluate.cutoffs import best_threshold, cutoff_at, fit_logistic
from core.respond.relevance import FEATURES

EVEN = [1.0] * 6


def test_the_cutoff_is_the_lowest_score_above_which_enough_is_right() -> None:
    scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]
    labels = [True, True, False, True, False, False]
    assert cutoff_at(scores, labels, EVEN, 1.0) == 0.8
    assert cutoff_at(scores, labels, EVEN, 0.75) == 0.6
    assert cutoff_at(scores, labels, EVEN, 0.5) == 0.4


def test_the_order_of_the_rows_does_not_move_the_cutoff() -> None:
    assert cutoff_at([0.5, 0.9, 0.7], [False, True, True], [1.0] * 3, 1.0) == 0.7


def test_a_row_counts_by_its_weight() -> None:
    assert cutoff_at([0.9, 0.8, 0.7], [True, False, True], [1.0, 0.25, 1.0], 0.8) == 0.7
    assert cutoff_at([0.9, 0.8, 0.7], [True, False, True], [1.0, 4.0, 1.0], 0.8) == 0.9


def test_where_nothing_is_right_often_enough_hardly_anything_passes() -> None:
    assert cutoff_at([0.99, 0.5], [False, False], [1.0, 1.0], 0.5) == 0.95


def test_the_best_threshold_parts_the_sides_and_lies_in_the_middle_of_the_gap() -> None:
    threshold = best_threshold([0.4, 0.5, 0.8, 0.9], [False, False, True, True])
    assert threshold == pytest.approx(0.65, abs=0.02)


def test_a_single_outlier_does_not_draw_the_threshold_to_it() -> None:
    values = [0.4, 0.45, 0.5, 0.88, 0.8, 0.85, 0.9]
    assert 0.5 <= best_threshold(values, [False, False, False, False, True, True, True]) < 0.8


def test_the_fitted_weights_tell_the_sides_apart() -> None:
    rest = [0.0] * (len(FEATURES) - 2)
    seen = [[1.0, x, *rest] for x in (0.1, 0.2, 0.3, 0.7, 0.8, 0.9)]
    weights = fit_logistic(seen, [False] * 3 + [True] * 3, EVEN)
    assert weights[1] > 0
    assert weights[2:] == (0.0,) * len(rest)
