"""Fitting every learned part of the engine, for whichever embedding model is in use: on the project's own labelled sets and, on
top, on what a team has labelled itself.

A team's rows weigh more than ours, and cannot break a part: they are kept only where our own rows, held out fold by fold, are
told apart no worse with them than without.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline.assistance import NEEDED, assistance_features
from adapters.engine.offline.exemplars import Exemplars, Utterance, load_exemplars, own_utterances
from adapters.engine.offline.guard import Kept, Rows, fit_guarded
from adapters.engine.offline.identify import KNOWN_AT, OURS, dialogue_vector, scope_features
from adapters.engine.offline.statements import fit_statements
from adapters.engine.offline.weights import OfflineWeights
from core.domain.people import Role
from core.domain.sessions import QuestionClass
from core.ports.embedder import Embedder

_NOT_NEEDED = "not needed"
_NOT_OURS = "not ours"
_ROLES = {"customer": Role.REQUESTER, "requester": Role.REQUESTER}
"""How the rows call the requester; all others in a history reply."""
KNOWN_WEIGHT = 1.5
"""The own utterances have no knowledge base beside them, so this weight is set by hand: an entry at cosine .6 adds 1.8."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weights, and for each part that a team's rows could teach what became of them."""

    weights: OfflineWeights
    kept: tuple[Kept, ...]


async def fit(embedder: Embedder, own: Sequence[Utterance] | None = None, team: Sequence[Utterance] = ()) -> Fitted:
    """Fit everything that is learned. ``own`` are the project's utterances, ``team`` a team's own labelled ones."""
    rows = own_utterances() if own is None else own
    needs, ours = await _seen(rows, team, await load_exemplars(embedder, rows), embedder)
    assistance, needs_kept = fit_guarded("assistance", needs)
    scope, ours_kept = fit_guarded("scope", ours)
    weights = OfflineWeights(
        assistance, scope.with_contrast(OURS, KNOWN_AT, KNOWN_WEIGHT), await fit_statements(embedder)
    )
    return Fitted(weights, (needs_kept, ours_kept))


async def _seen(
    own: Sequence[Utterance], team: Sequence[Utterance], exemplars: Exemplars, embedder: Embedder
) -> tuple[Rows, Rows]:
    """What both stages of identify see of every utterance. Each own one is left out of the exemplars when its own features are
    taken; scope is learned from those that need assistance."""
    needs: list[NDArray[np.float32]] = []
    ours: list[NDArray[np.float32]] = []
    rows = [*own, *team]
    for index, row in enumerate(rows):
        left_out = index if index < len(own) else None
        alone, mixed = await _vectors(row, embedder)
        before = [(_ROLES.get(role, Role.ANALYST), text) for role, text in row.history]
        needs.append(assistance_features(row.text, alone, before, exemplars, left_out))
        scope = (await embedder.embed([row.scope], "passage"))[0]
        ours.append(scope_features(row.text, mixed, scope, (), exemplars, left_out))
    groups, of_team = [row.scope for row in rows], [index >= len(own) for index in range(len(rows))]
    needed = [NEEDED if _asks(row) else _NOT_NEEDED for row in rows]
    inside = [OURS if row.label is QuestionClass.WITHIN_SCOPE else _NOT_OURS for row in rows]
    every = Rows(np.stack(needs), tuple(needed), tuple(groups), tuple(of_team))
    return every, Rows(np.stack(ours), tuple(inside), tuple(groups), tuple(of_team)).only([_asks(row) for row in rows])


def _asks(row: Utterance) -> bool:
    return row.label is not QuestionClass.NO_ASSISTANCE_NEEDED


async def _vectors(row: Utterance, embedder: Embedder) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    earlier = "\n".join(text for role, text in row.history if role in _ROLES)
    replies = "\n".join(text for role, text in row.history if role not in _ROLES)
    return await dialogue_vector(row.text, earlier, replies, embedder)
