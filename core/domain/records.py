"""Rows that exist to be looked at later: runs, feedback."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.ids import QuestionId, RunId, SessionId


@dataclass(frozen=True, slots=True)
class Run:
    """One performed task with all that is needed to judge or train from it. ``inputs``, ``evidence`` and ``output`` are JSON
    texts, masked; ``ms`` and ``tokens`` count the call."""

    id: RunId
    task: str
    prompt_hash: str
    model: str
    at: datetime
    session: SessionId | None
    question: QuestionId | None
    inputs: str
    evidence: str
    output: str
    ms: float = 0.0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person did to a target (``answer``, ``entry``, ``card``, ``message``): accept, undo, like, dislike, jump,
    correction. On a ``message`` accept and undo are a reaction to it, which waits for the answer to it, with the actor's name
    as ``text``."""

    id: str
    target_kind: str
    target: str
    actor: str
    role: str
    kind: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Numbers:
    """A stretch of time in numbers: questions answered and of these accepted, answers withdrawn since, entries learned and
    retired."""

    answered: int
    accepted: int
    withdrawn: int
    learned: int
    retired: int
