"""What respond works on, and what it gives back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from core.domain.answers import Answer
from core.domain.calibration import Calibration
from core.domain.dialogue import Line
from core.domain.ids import MessageId, QuestionId, SessionId
from core.domain.knowledge import Passage, Viewer
from core.domain.records import Run
from core.domain.sessions import Outcome, Question
from core.ports.clock import Clock
from core.ports.embedder import Embedder
from core.ports.engine import Engine
from core.ports.knowledge_store import KnowledgeStore
from core.ports.reranker import Reranker


class Superseded(Exception):
    """The requester has written on, edited or deleted: what was begun is not finished, a new run takes the questions over."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What respond calls. ``first_look`` may class obvious small talk before the engine is asked."""

    engine: Engine
    embedder: Embedder
    store: KnowledgeStore
    calibration: Calibration
    clock: Clock
    reranker: Reranker | None = None
    first_look: Engine | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """One burst in its session at ``now``.

    ``dialogue`` is what came before it; ``answered`` whether a human has answered it since, ``stale`` whether it is too old to
    be answered; ``sent`` the answers that people in this session have seen; ``still_current`` is asked before each step.
    """

    session: SessionId
    as_of: int
    now: datetime
    scope: str
    language: str
    direct: bool
    viewer: Viewer
    dialogue: tuple[Line, ...]
    burst: tuple[Line, ...]
    answered: bool
    stale: bool
    sent: tuple[Answer, ...]
    still_current: Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Resolved:
    """One question with what became of it. ``repeats`` is the question whose answer this one would repeat."""

    question: Question
    outcome: Outcome
    reason: str
    passages: tuple[Passage, ...] = ()
    answer: Answer | None = None
    repeats: QuestionId | None = None
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What became of a burst; ``runs`` and ``ms`` tell how."""

    resolved: tuple[Resolved, ...]
    runs: tuple[Run, ...]
    ms: tuple[tuple[str, float], ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A self-contained question of a burst: its text, words of the dialogue that help, and the messages it comes from."""

    text: str
    context: str
    messages: tuple[MessageId, ...]
