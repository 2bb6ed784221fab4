"""What Vigil was worth, in figures. What each of them counts is defined here, and nowhere else.

An *on-call* is a session with at least one question in scope, counted on the day it was opened. An *answer* is one that was
posted; it *stands* while it is not withdrawn. An on-call is *helped* when at least one standing answer was posted: *before*
the analyst when the first of them came before the session's first message of an analyst (or none ever wrote), else *after*.
Answers per on-call count standing answers, so that the on-calls with one or more are the helped ones. Acceptance is over all
posted answers, the withdrawn too: those whose last click (or reaction) is an accept, by who clicked. *Lead* is by how many
seconds a posted card came before the first human answer behind it, where one came. Knowledge counts revisions of the ledger;
its size is what is not retired (candidates included). Days are UTC days. Nothing is counted of a session without a question in
scope, such as one that was forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.domain.channels import ChannelRef
from core.domain.knowledge import ChangeKind

MANY = 4
"""On-calls with so many answers, or more, are counted together."""
FEW = 10
"""Of fewer than this no share, quartile or curve is shown to people: one case more or less would move it by a tenth."""


class Help(StrEnum):
    """When an on-call was helped, seen from its first message of an analyst; ``none`` where no answer stands."""

    BEFORE = "before"
    AFTER = "after"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Over:
    """What is counted: from ``since`` up to, and without, ``until``; in these ``channels`` (``None``: in all)."""

    since: datetime
    until: datetime
    channels: tuple[ChannelRef, ...] | None = None


@dataclass(frozen=True, slots=True)
class OnCalls:
    """How many on-calls have this many standing answers and were helped so."""

    answers: int
    help: Help
    count: int


@dataclass(frozen=True, slots=True)
class AnswerDay:
    """The answers posted on a day: how many, how many of them are withdrawn since, and accepted by whom."""

    day: date
    posted: int
    withdrawn: int = 0
    by_requester: int = 0
    by_analyst: int = 0


@dataclass(frozen=True, slots=True)
class KnowledgeDay:
    """What a day's revisions of one kind of change did to one kind of entry: how many they were, and by how much the size
    ``grew`` (negative: shrank)."""

    day: date
    kind: str
    change: ChangeKind
    revisions: int
    grew: int


@dataclass(frozen=True, slots=True)
class Lead:
    """How far posted cards came before the human: in how many turns, and the quartiles in seconds (of none: ``None``)"""

    n: int = 0
    p25_s: float | None = None
    median_s: float | None = None
    p75_s: float | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What became of what is known in the period: revisions by change, and the ``size`` by kind at its beginning and at its
    end."""

    changes: Mapping[ChangeKind, int]
    before: Mapping[str, int]
    size: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period. ``helped`` counts on-calls by when they were helped; ``answers_per_on_call`` those with 0, 1, 2,
    3 and ``MANY`` or more standing answers; ``days`` and ``growth`` hold the days on which something happened, in order;
    ``leads_s`` are all leads, ascending; ``recorded`` counts turns whose card was only recorded (shadow, backfill)."""

    over: Over
    helped: Mapping[Help, int]
    answers_per_on_call: tuple[int, ...]
    days: tuple[AnswerDay, ...]
    leads_s: tuple[float, ...]
    lead: Lead
    recorded: int
    growth: tuple[KnowledgeDay, ...]
    knowledge: Knowledge

    @property
    def on_calls(self) -> int:
        """How many on-calls were opened."""
        return sum(self.answers_per_on_call)

    @property
    def helped_at_all(self) -> int:
        """How many of them were helped, before or after the analyst."""
        return self.helped[Help.BEFORE] + self.helped[Help.AFTER]

    @property
    def answers(self) -> AnswerDay:
        """All days in one; its day is the last."""
        last = self.days[-1].day if self.days else self.over.until.date()
        return AnswerDay(
            last, sum(one.posted for one in self.days), sum(one.withdrawn for one in self.days),
            sum(one.by_requester for one in self.days), sum(one.by_analyst for one in self.days),
        )  # fmt: skip
