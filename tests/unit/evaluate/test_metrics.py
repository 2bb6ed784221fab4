"""The figures that the README quotes, on rows whose value can be worked out by hand."""

import math

import pytest

from core.evaluate.metrics import (
    cohens_kappa,
    macro_f1,
    measured,
    measured_share,
    mrr_at_10,
    ndcg_at_10,
    pooled,
    recall_at_5,
    share,
    weighted_f1,
    weighted_precision,
    weighted_recall,
)

# a: three true, two of them said; b: one true, said twice, once rightly. F1 of a = 4/5, of b = 2/3.
PAIRS = [("a", "a"), ("a", "a"), ("a", "b"), ("b", "b")]


def test_macro_f1_counts_every_true_class_alike() -> None:
    assert macro_f1(PAIRS) == pytest.approx((4 / 5 + 2 / 3) / 2)
    assert macro_f1([("a", "a"), ("b", "b")]) == 1.0
    assert macro_f1([("a", "b"), ("b", "a")]) == 0.0
    assert macro_f1([]) == 0.0


def test_weighted_f1_counts_a_class_by_how_often_it_is_true() -> None:
    assert weighted_f1(PAIRS) == pytest.approx((3 * 4 / 5 + 2 / 3) / 4)
    assert weighted_f1([("a", "b"), ("b", "a")]) == 0.0


def test_weighted_precision_and_recall_count_a_class_by_how_often_it_is_true() -> None:
    assert weighted_precision(PAIRS) == pytest.approx((3 * 1 + 1 / 2) / 4)
    assert weighted_recall(PAIRS) == pytest.approx(3 / 4)
    assert weighted_precision([("a", "b"), ("a", "b")]) == 0.0
    assert weighted_precision([]) == weighted_recall([]) == 0.0


def test_kappa_is_agreement_beyond_chance() -> None:
    # both say yes 6 of 10 times and agree on 8: expected .6 * .6 + .4 * .4 = .52
    pairs = [("yes", "yes")] * 5 + [("no", "no")] * 3 + [("yes", "no"), ("no", "yes")]
    assert cohens_kappa(pairs) == pytest.approx((0.8 - 0.52) / (1 - 0.52))
    assert cohens_kappa([("a", "b"), ("b", "a")]) == pytest.approx(-1.0)
    assert cohens_kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == pytest.approx(0.0)
    assert cohens_kappa([("a", "a")] * 3) == 1.0
    assert cohens_kappa([]) == 0.0


def test_a_row_counts_in_a_pooled_share_by_how_much_it_holds() -> None:
    assert pooled([(1, 1), (0, 3)]) == pytest.approx(1 / 4)
    assert pooled([]) == pooled([(0, 0)]) == 0.0


def test_a_class_that_is_only_said_lowers_the_others_and_is_none_of_its_own() -> None:
    assert macro_f1([("a", "a"), ("a", "never")]) == pytest.approx(2 / 3)


def test_ndcg_discounts_by_rank_and_ends_at_ten() -> None:
    assert ndcg_at_10([([1, 2], 2)]) == pytest.approx(1.0)
    assert ndcg_at_10([([3], 1)]) == pytest.approx(1 / math.log2(4))
    assert ndcg_at_10([([2], 2)]) == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))
    assert ndcg_at_10([([11], 1)]) == 0.0
    assert ndcg_at_10([([], 1), ([1], 1)]) == pytest.approx(0.5)


def test_mrr_takes_the_first_and_recall_the_share_within_five() -> None:
    ranks = [([4, 2], 4), ([11], 1), ([6, 1], 2)]
    assert mrr_at_10(ranks) == pytest.approx((1 / 2 + 0 + 1) / 3)
    assert recall_at_5(ranks) == pytest.approx((2 / 4 + 0 + 1 / 2) / 3)
    assert mrr_at_10([]) == recall_at_5([]) == 0.0


def test_a_figure_lies_in_its_interval_which_is_the_same_each_time() -> None:
    hits = [True] * 30 + [False] * 10
    figure = measured(hits, share)
    assert figure == measured(hits, share)
    assert figure.low < figure.value == 0.75 < figure.high
    assert measured([True] * 5, share) == type(figure)(1.0, 1.0, 1.0, 5)
    assert measured([], share) == type(figure)(0.0, 0.0, 0.0)


def test_a_share_of_none_does_not_claim_that_there_are_none() -> None:
    none, some, nothing = measured_share([False] * 300), measured_share([True, False]), measured_share([])
    assert (none.value, none.low, round(none.high, 3)) == (0.0, 0.0, 0.013)
    assert 0 < some.low < some.value == 0.5 < some.high < 1
    assert (nothing.value, nothing.low, nothing.high) == (0.0, 0.0, 1.0)
