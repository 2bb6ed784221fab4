"""Judging an answer against what a human said to the same question: for suites, never for what people see."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.dialogue import Line


class Agreement(StrEnum):
    """What a judge says of an answer beside a reference: it says the same, part of it, something else, or the contrary."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    CONTRARY = "contrary"


@dataclass(frozen=True, slots=True)
class JudgeInput:
    """An answer to judge against what a human said to the same question; the dialogue is what both had before them."""

    question: str
    dialogue: tuple[Line, ...]
    reference: str
    answer: str

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in the order of the prompt."""
        return self.dialogue


@dataclass(frozen=True, slots=True)
class Judged:
    """The judge's ruling, and why in a sentence."""

    agreement: Agreement
    reason: str
