"""Durable work: one row per lane and key. These rows are the timers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Lane(StrEnum):
    """Kinds of work that do not wait for each other; later ones only add names."""

    RESPOND = "respond"
    LEARN = "learn"
    CLOSE = "close"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    FETCH = "fetch"
    PROJECT = "project"
    MAINTAIN = "maintain"
    REFRESH = "refresh"
    RETAIN = "retain"


class JobState(StrEnum):
    """``parked`` jobs have failed too often or for good; their reason says why."""

    READY = "ready"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class JobOrder:
    """Asks for work on ``key`` in ``lane``: after ``quiet_s`` without another order, at the latest ``at_most_s`` after the
    first one of this row (``None``: no latest)."""

    lane: Lane
    key: str
    quiet_s: float = 0.0
    at_most_s: float | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed or waiting row. ``generation`` grows with every order: completion deletes the row only if it is unchanged."""

    lane: Lane
    key: str
    run_at: datetime
    first_at: datetime
    generation: int = 1
    attempts: int = 0
    lease_until: datetime | None = None
    owner: str = ""
    state: JobState = JobState.READY
    reason: str = ""
