"""What redaction gives back: the shown text, and where in the original something was masked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

MaskKind = Literal["secret", "email", "card", "phone"]

RANK: dict[MaskKind, int] = {"secret": 3, "card": 2, "email": 1, "phone": 0}
"""Which kind names a mask that is made of two: the one that says the most about the danger."""


@dataclass(frozen=True, slots=True)
class Mask:
    """One masked stretch; ``start`` and ``end`` are offsets into the *original* text, end exclusive."""

    kind: MaskKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """``text`` is safe to store, prompt and log; ``masks`` are sorted, do not overlap and are never empty stretches.

    The text between the masks is the original's, unchanged.
    """

    text: str
    masks: tuple[Mask, ...]


Detector = Callable[[str], Iterable[Mask]]
"""Finds one family of things to mask. May overlap with others; works in linear time; never raises."""
