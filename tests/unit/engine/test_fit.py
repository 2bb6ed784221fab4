"""Fitting the learned parts: what is kept on disk, and that a team's own labels cannot break what holds without them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from adapters.engine.offline.exemplars import Exemplars, Utterance, load_exemplars, own_utterances
from adapters.engine.offline.fit import fit
from adapters.engine.offline.guard import Rows, fit_guarded, may_lose
from adapters.engine.offline.identify import KNOWN_AT, OURS, scope_features
from adapters.engine.offline.review import LEAST_CORRECTED
from adapters.engine.offline.weights import load_weights, save_weights, weights_file
from core.domain.errors import FinalError, MissingCalibrationError
from core.domain.sessions import QuestionClass
from tests.fakes.embedder import HashEmbedder

EMBEDDER = HashEmbedder()
OWN = own_utterances()[:150]
WRONG = {
    QuestionClass.WITHIN_SCOPE: QuestionClass.NO_ASSISTANCE_NEEDED,
    QuestionClass.OUT_OF_SCOPE: QuestionClass.NO_ASSISTANCE_NEEDED,
    QuestionClass.NO_ASSISTANCE_NEEDED: QuestionClass.WITHIN_SCOPE,
}


async def exemplars() -> Exemplars:
    return await load_exemplars(EMBEDDER, OWN)


async def test_what_was_fitted_is_read_back_as_it_was(tmp_path: Path) -> None:
    weights = (await fit(EMBEDDER, OWN)).weights
    file = weights_file(tmp_path, EMBEDDER.identity)
    save_weights(file, weights)
    read = load_weights(EMBEDDER.identity, tmp_path)
    linears = ([w.assistance, w.scope, w.statements, w.reviews.linear] for w in (weights, read))
    for one, other in zip(*linears, strict=True):
        assert one.classes == other.classes
        assert np.array_equal(one.weights, other.weights)
        assert np.array_equal(one.bias, other.bias)
    assert (weights.reviews.delete_at, weights.reviews.update_at) == (read.reviews.delete_at, read.reviews.update_at)


async def test_no_review_changes_anything_on_less_than_even_odds() -> None:
    reviews = (await fit(EMBEDDER, OWN)).weights.reviews
    assert min(reviews.delete_at, reviews.update_at) >= LEAST_CORRECTED


async def test_what_is_on_disk_holds_no_objects(tmp_path: Path) -> None:
    file = weights_file(tmp_path, EMBEDDER.identity)
    save_weights(file, (await fit(EMBEDDER, OWN)).weights)
    with np.load(file, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "iufU" for name in arrays.files)


def test_a_model_that_was_not_fitted_is_refused_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(MissingCalibrationError, match=r"another@1.*`vigil engine fit`"):
        load_weights("another@1", tmp_path)


def test_weights_of_another_version_are_refused_with_the_command(tmp_path: Path) -> None:
    file = weights_file(tmp_path, EMBEDDER.identity)
    file.parent.mkdir(parents=True)
    np.savez(file, format=np.array(1))
    with pytest.raises(FinalError, match="`vigil engine fit`"):
        load_weights(EMBEDDER.identity, tmp_path)


async def test_contradicting_labels_are_left_out() -> None:
    adverse = [replace(row, id=f"team-{n}", label=WRONG[row.label]) for n, row in enumerate(OWN)]
    alone, fitted = await fit(EMBEDDER, OWN), await fit(EMBEDDER, OWN, adverse)
    assistance = fitted.kept[0]
    assert assistance.part == "assistance"
    assert not assistance.kept
    assert assistance.with_them < assistance.without - may_lose(assistance.without, len(OWN))
    assert np.array_equal(fitted.weights.assistance.weights, alone.weights.assistance.weights)


async def test_labels_that_agree_are_learned() -> None:
    agreeing = [replace(row, id=f"team-{n}") for n, row in enumerate(OWN[:40])]
    fitted = await fit(EMBEDDER, OWN, agreeing)
    assert [one.kept for one in fitted.kept] == [True, True]
    assert fitted.kept[0].rows == len(agreeing)


def rows(values: list[float], labels: list[str], of_team: list[bool]) -> Rows:
    n = len(values)
    return Rows(
        np.array([[v] for v in values], np.float32), np.array(labels), np.array([f"g{i}" for i in range(n)]),
        np.array(["all"] * n), np.ones(n), np.array(of_team),
    )  # fmt: skip


def test_many_rows_of_a_team_count_no_more_than_all_of_ours() -> None:
    own = [*np.linspace(-1, -0.2, 20), *np.linspace(0.2, 1, 20)]
    labels = ["no"] * 20 + ["yes"] * 20
    adverse = rows(
        [*own, *[0.6] * 4000, *[-0.6] * 4000], [*labels, *["no"] * 4000, *["yes"] * 4000], [False] * 40 + [True] * 8000
    )
    linear, kept = fit_guarded("part", adverse, 1.0)
    assert not kept.kept
    assert linear.share(np.array([[0.6]], np.float32), "yes")[0] > 0.5


def test_a_team_teaches_what_ours_do_not_speak_of() -> None:
    own = [*np.linspace(-1, -0.2, 20), *np.linspace(0.2, 1, 20)]
    seen = np.array([[v, 0.0] for v in own] + [[0.0, 1.0]] * 6 + [[0.0, -1.0]] * 6, np.float32)
    n = len(seen)
    known = Rows(
        seen, np.array(["no"] * 20 + ["yes"] * 20 + ["yes"] * 6 + ["no"] * 6), np.array([f"g{i}" for i in range(n)]),
        np.array(["all"] * n), np.ones(n), np.array([False] * 40 + [True] * 12),
    )  # fmt: skip
    linear, kept = fit_guarded("part", known, 1.0)
    assert kept.kept
    assert linear.share(np.array([[0.0, 1.0]], np.float32), "yes")[0] > 0.6


async def test_what_is_known_only_raises_and_an_empty_base_says_nothing() -> None:
    weights, points = (await fit(EMBEDDER, OWN)).weights, await exemplars()
    for row in OWN[:60]:
        vector = (await EMBEDDER.embed([row.text], "query"))[0]
        shares = [
            float(weights.scope.share(scope_features(row.text, vector, None, known, points)[None], OURS)[0])
            for known in ((), (-0.4,), (0.2,), (0.5,), (0.1, 0.9))
        ]
        assert shares[0] == shares[1] == shares[2] < shares[3] < shares[4]


async def test_an_unset_scope_text_says_nothing_about_a_message() -> None:
    points = await exemplars()
    vector, scope = await EMBEDDER.embed(["uploads fail", "the object store"], "query")
    unset, named = (scope_features("uploads fail", vector, one, (), points) for one in (None, scope))
    assert unset[1] == unset[2] == 0.0
    assert named[2] == 1.0
    assert len(unset) == KNOWN_AT + 1


def test_own_utterances_have_all_classes() -> None:
    assert {row.label for row in OWN} == set(QuestionClass)
    assert all(isinstance(row, Utterance) for row in OWN)
