"""Fitting every learned part of the engine, for whichever embedding model is in use: on the project's own labelled sets and, on
top, on what a team has labelled itself.

A team's rows weigh more than ours, and cannot break a part: they are kept only where our own rows, held out fold by fold, are
told apart no worse with them than without.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline.assistance import NEEDED, assistance_features
from adapters.engine.offline.exemplars import Exemplars, Utterance, load_exemplars, own_utterances
from adapters.engine.offline.guard import Kept, Rows, fit_guarded
from adapters.engine.offline.identify import KNOWN_AT, OURS, dialogue_vector, scope_features, scope_vector
from adapters.engine.offline.review_fit import fit_reviews
from adapters.engine.offline.statements import fit_statements
from adapters.engine.offline.weights import OfflineWeights
from core.domain.people import Role
from core.domain.policy import DEFAULT_SCOPE
from core.domain.sessions import QuestionClass
from core.ports.embedder import Embedder

_NOT_NEEDED = "not needed"
_NOT_OURS = "not ours"
_ROLES = {"customer": Role.REQUESTER, "requester": Role.REQUESTER}
"""How the rows call the requester; all others in a history reply."""
ASSISTANCE_PENALTY, SCOPE_PENALTY = 0.3, 1.0
"""Inverse penalties, by cross-validation over the own utterances."""
KNOWN_WEIGHT = 1.5
"""The own utterances have no knowledge base beside them, so this weight is set by hand: an entry at cosine .6 adds 1.8."""
ELSEWHERE_SHARE = 0.1
"""How much an utterance counts that is asked of a team whose scope it is not in: the most that costs the own rows, which are
harder, nothing (held-out macro-F1 .709 at the cutoff, .707 without; .692 with .25)."""
SCOPELESS_SHARE = 0.5
"""How much an utterance counts under no scope text; those who have not set one still want their support questions followed."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weights, and for each part that a team's rows could teach what became of them."""

    weights: OfflineWeights
    kept: tuple[Kept, ...]


async def fit(embedder: Embedder, own: Sequence[Utterance] | None = None, team: Sequence[Utterance] = ()) -> Fitted:
    """Fit everything that is learned. ``own`` are the project's utterances, ``team`` a team's own labelled ones."""
    rows = own_utterances() if own is None else own
    exemplars = await load_exemplars(embedder, rows)
    said = [
        *(Said(row, index, 1.0, False) for index, row in enumerate(rows)),
        *(Said(row, None, 1.0, True) for row in team),
    ]
    assistance, needs_kept = fit_guarded("assistance", await _needs(said, exemplars, embedder), ASSISTANCE_PENALTY)
    asking = [one for one in said if _asks(one.row)]
    scope, ours_kept = fit_guarded("scope", await _ours(asking, exemplars, embedder), SCOPE_PENALTY)
    scope = scope.with_contrast(OURS, KNOWN_AT, KNOWN_WEIGHT)
    statements = await fit_statements(embedder)
    reviews = await fit_reviews(embedder, statements)
    return Fitted(OfflineWeights(assistance, scope, statements, reviews), (needs_kept, ours_kept))


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance to learn from: its place among the exemplars, where it is one of them (it is left out of them when its own
    features are taken), how much it counts, and whether it is a team's own."""

    row: Utterance
    place: int | None
    share: float
    of_team: bool


async def _needs(said: Sequence[Said], exemplars: Exemplars, embedder: Embedder) -> Rows:
    seen: list[NDArray[np.float32]] = []
    for one in said:
        alone, _ = await _vectors(one.row, embedder)
        before = [(_ROLES.get(role, Role.ANALYST), text) for role, text in one.row.history]
        seen.append(assistance_features(one.row.text, alone, before, exemplars, one.place))
    return _rows(said, seen, [NEEDED if _asks(one.row) else _NOT_NEEDED for one in said], ["all"] * len(said))


async def _ours(said: Sequence[Said], exemplars: Exemplars, embedder: Embedder) -> Rows:
    """Scope is learned from what asks for something: under the team's scope text, under none, and what is in one team's scope
    also as out of another's."""
    every = [*said, *(_under(one, DEFAULT_SCOPE, SCOPELESS_SHARE) for one in said if not one.of_team)]
    every += await _elsewhere([one for one in said if not one.of_team and _inside(one.row)], embedder)
    seen: list[NDArray[np.float32]] = []
    for one in every:
        _, mixed = await _vectors(one.row, embedder)
        scope = await scope_vector(one.row.scope, embedder)
        seen.append(scope_features(one.row.text, mixed, scope, (), exemplars, one.place))
    labels = [OURS if _inside(one.row) else _NOT_OURS for one in every]
    return _rows(every, seen, labels, [str(one.row.scope == DEFAULT_SCOPE) for one in every])


def _under(one: Said, scope: str, share: float) -> Said:
    return replace(one, row=replace(one.row, scope=scope), share=share)


async def _elsewhere(inside: Sequence[Said], embedder: Embedder) -> list[Said]:
    """What is in scope of one team, asked of two others whose scope texts are among the farther half."""
    scopes = sorted({one.row.scope for one in inside})
    vectors = await embedder.embed(scopes, "passage")
    asked: list[Said] = []
    for one in inside:
        order = np.argsort(vectors @ vectors[scopes.index(one.row.scope)], kind="stable")
        far = [scopes[i] for i in order[: len(scopes) // 2]]
        start = zlib.crc32(one.row.id.encode())
        row = replace(one.row, label=QuestionClass.OUT_OF_SCOPE)
        others = {far[(start + step) % len(far)] for step in (0, 1)} if far else set()
        asked += [_under(replace(one, row=row), scope, ELSEWHERE_SHARE) for scope in sorted(others)]
    return asked


def _rows(
    said: Sequence[Said], seen: Sequence[NDArray[np.float32]], labels: Sequence[str], strata: Sequence[str]
) -> Rows:
    """The group of a row is the scope of the utterance that it comes from, so that its variants stay in one fold."""
    scopes = {one.row.id: one.row.scope for one in reversed(said)}
    return Rows(
        np.stack(seen), np.array(labels), np.array([scopes[one.row.id] for one in said]), np.array(strata),
        np.array([one.share for one in said]), np.array([one.of_team for one in said]),
    )  # fmt: skip


def _inside(row: Utterance) -> bool:
    return row.label is QuestionClass.WITHIN_SCOPE


def _asks(row: Utterance) -> bool:
    return row.label is not QuestionClass.NO_ASSISTANCE_NEEDED


async def _vectors(row: Utterance, embedder: Embedder) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    earlier = "\n".join(text for role, text in row.history if role in _ROLES)
    replies = "\n".join(text for role, text in row.history if role not in _ROLES)
    return await dialogue_vector(row.text, earlier, replies, embedder)
