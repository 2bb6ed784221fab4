"""What calls of a model cost."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.ids import SessionId
from core.domain.tasks import Usage


class CallOutcome(StrEnum):
    """What came of a call: an answer of the task's type, one that was none, cut at the cap, or declined by the model; or it was
    broken off because it took too long: paid for all the same, its tokens are estimated."""

    OK = "ok"
    UNUSABLE = "unusable"
    CUT = "cut"
    REFUSED = "refused"
    BROKEN_OFF = "broken_off"


@dataclass(frozen=True, slots=True)
class Call:
    """One answered call of a model. ``usd`` is its price in US dollars, ``None`` where the model's prices are not known; ``ms``
    is how long the provider took."""

    at: datetime
    task: str
    model: str
    session: SessionId | None
    usage: Usage
    usd: float | None
    ms: float
    outcome: CallOutcome


@dataclass(frozen=True, slots=True)
class CallSum:
    """The calls of one task on one model. ``usage`` and ``ms`` are sums; ``usd`` is the money in US dollars of those whose
    price is known, ``unpriced`` how many are not; ``unusable``, ``cut`` and ``refused`` count the calls that gave no answer."""

    task: str
    model: str
    calls: int
    usage: Usage
    usd: float
    ms: float
    unpriced: int = 0
    unusable: int = 0
    cut: int = 0
    refused: int = 0
