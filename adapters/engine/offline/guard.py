"""Learning from a team's own rows without letting them break what holds without them."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline.linear import Linear, fit_linear

TEAM_SHARE = 3.0
"""How much a team's row counts beside one of ours: it speaks of the very product. All of them together never count more than
all of ours."""
MAY_LOSE = 0.01
"""Macro-F1 on our held-out rows that a team's rows may cost: less than the standard error of that figure over the 945 own
utterances (.009 at .92), so that noise alone does not reject what a team knows."""
FOLDS = 5
_INVERSE_PENALTY = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What is seen of each row (shape ``(rows, features)``), its label, the group that stays in one fold, and whether it is a
    team's own."""

    features: NDArray[np.float32]
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    of_team: tuple[bool, ...]

    def only(self, wanted: Sequence[bool]) -> "Rows":
        """The rows that are wanted."""
        at = [i for i, one in enumerate(wanted) if one]
        return Rows(
            self.features[at],
            tuple(self.labels[i] for i in at),
            tuple(self.groups[i] for i in at),
            tuple(self.of_team[i] for i in at),
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a team's rows in one part: how many there were, whether they are in, and the macro-F1 (0..1) on our own
    held-out rows without and with them."""

    part: str
    rows: int
    kept: bool
    without: float
    with_them: float


def fit_guarded(part: str, rows: Rows) -> tuple[Linear, Kept]:
    """Fit on all rows, or on ours alone where the team's make it worse by more than ``MAY_LOSE``."""
    own = rows.only([not one for one in rows.of_team])
    without = _held_out(own)
    if not any(rows.of_team):
        return _fit(own), Kept(part, 0, False, without, without)
    with_them = _held_out(rows)
    kept = with_them >= without - MAY_LOSE
    return _fit(rows if kept else own), Kept(part, sum(rows.of_team), kept, without, with_them)


def _fit(rows: Rows) -> Linear:
    team = sum(rows.of_team)
    share = min(TEAM_SHARE, (len(rows.labels) - team) / team) if team else 1.0
    return fit_linear(rows.features, rows.labels, _INVERSE_PENALTY, np.where(rows.of_team, share, 1.0))


def _held_out(rows: Rows) -> float:
    """Macro-F1 on our rows, each judged by a fit that saw nothing of its group; a team's rows are in every fit."""
    from sklearn.metrics import f1_score

    fold = np.array([zlib.crc32(group.encode()) % FOLDS for group in rows.groups])
    own = ~np.array(rows.of_team)
    true, said = np.array(rows.labels), np.empty(len(rows.labels), dtype=object)
    for held in range(FOLDS):
        judged = own & (fold == held)
        if judged.any():
            linear = _fit(rows.only(list(~judged)))
            said[judged] = [linear.classes[best] for best in linear.shares(rows.features[judged]).argmax(axis=1)]
    return round(float(f1_score(true[own].astype(str), said[own].astype(str), average="macro")), 4)
