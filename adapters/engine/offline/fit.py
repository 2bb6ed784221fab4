"""Fitting the engine's weights on the project's own utterances, for whichever embedding model is in use."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline.exemplars import Utterance, load_exemplars, own_utterances
from adapters.engine.offline.identify import NEEDED, assistance_features, dialogue_vector, scope_features
from adapters.engine.offline.linear import Linear, fit_linear
from adapters.engine.offline.review import fit_reviews
from adapters.engine.offline.statements import fit_statements
from adapters.engine.offline.weights import OfflineWeights
from core.domain.people import Role
from core.domain.sessions import QuestionClass
from core.ports.embedder import Embedder

PENALTY = 1.0
_INVERSE_PENALTY = 1.0
_NOT_NEEDED = "not needed"
_ROLES = {"customer": Role.REQUESTER}
"""How the own utterances call the roles; ``agent`` is an analyst or the bot."""


async def fit(embedder: Embedder) -> OfflineWeights:
    """Fit everything that is learned, from the project's own labelled sets."""
    statements = await fit_statements(embedder)
    reviews = await fit_reviews(embedder, statements)
    return OfflineWeights(*(await _fit_identify(embedder)), statements=statements, reviews=reviews)


async def _fit_identify(embedder: Embedder) -> tuple[Linear, tuple[float, ...]]:
    """Fit both stages of identify; each utterance is left out of the exemplars when its own features are taken."""
    rows = own_utterances()
    exemplars = await load_exemplars(embedder, rows)
    needs: list[NDArray[np.float32]] = []
    ours: list[list[float]] = []
    for index, row in enumerate(rows):
        alone, mixed = await _vectors(row, embedder)
        said = [_ROLES.get(role, Role.ANALYST) for role, _ in row.history]
        needs.append(assistance_features(row.text, alone, said, exemplars, index))
        scope = (await embedder.embed([row.scope], "passage"))[0]
        ours.append(scope_features(row.text, mixed, scope, (), exemplars, index))
    asked = [row.label is not QuestionClass.NO_ASSISTANCE_NEEDED for row in rows]
    inside = [row.label is QuestionClass.WITHIN_SCOPE for row in rows]
    scoped = [features for features, one in zip(ours, asked, strict=True) if one]
    labels = [one for one, keep in zip(inside, asked, strict=True) if keep]
    assistance = fit_linear(np.stack(needs), [NEEDED if one else _NOT_NEEDED for one in asked], _INVERSE_PENALTY)
    return assistance, fit_logistic(scoped, labels, known_at=3)


async def _vectors(row: Utterance, embedder: Embedder) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    earlier = "\n".join(text for role, text in row.history if role == "customer")
    replies = "\n".join(text for role, text in row.history if role != "customer")
    return await dialogue_vector(row.text, earlier, replies, embedder)


KNOWN_WEIGHT = 1.5
"""The own utterances have no knowledge base beside them, so this weight is set by hand: an entry at cosine .6 adds 1.8."""


def fit_logistic(
    features: Sequence[Sequence[float]], labels: Sequence[bool], known_at: int | None = None
) -> tuple[float, ...]:
    """Fit a logistic with balanced classes and a ridge of ``PENALTY`` by Newton's method; the first feature is the bias."""
    x, y = np.asarray(features, dtype=float), np.asarray(labels, dtype=float)
    balance = np.where(y > 0, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    ridge = PENALTY * np.eye(x.shape[1])
    ridge[0, 0] = 1e-6
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (balance * (p - y)) + ridge @ weights
        hessian = (x * (balance * p * (1 - p))[:, None]).T @ x + ridge
        step = np.linalg.solve(hessian, gradient)
        weights -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    if known_at is not None:
        weights[known_at] = KNOWN_WEIGHT
    return tuple(round(float(w), 4) for w in weights)
