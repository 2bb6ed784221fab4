"""A task is data: one named call with typed input and output. What performs it is an engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from core.domain.answers import Claim, Observation
from core.domain.events import Attachment
from core.domain.ids import MessageId
from core.domain.knowledge import Passage
from core.domain.people import Role, RoleBasis
from core.domain.sessions import QuestionClass

In = TypeVar("In")
Out = TypeVar("Out")


class Tier(StrEnum):
    """How strong a model a task wants."""

    FAST = "fast"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class PromptText:
    """A prompt file as loaded: its name, the sha256 of its text (12 hex digits) and the text with ``{placeholders}``."""

    name: str
    hash: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced part of a prompt: what it is, and its text."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model reads: the stable part (the same for every call of a task and team) and the blocks of this call."""

    stable: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Task(Generic[In, Out]):
    """One named call. ``timeout_s`` and ``max_output_tokens`` are caps; ``samples`` is how many answers are asked for."""

    name: str
    input_type: type[In]
    output_type: type[Out]
    prompt: PromptText
    tier: Tier
    timeout_s: float
    max_output_tokens: int
    temperature: float = 0.0
    samples: int = 1


@dataclass(frozen=True, slots=True)
class Request(Generic[In, Out]):
    """A task to perform on these inputs; ``prompt`` says the same to a model in words."""

    task: Task[In, Out]
    inputs: In
    prompt: Prompt
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Reply(Generic[Out]):
    """What a task gave, which model gave it, and what it cost."""

    output: Out
    model: str
    usage: Usage
    ms: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a dialogue as a task sees it."""

    id: MessageId
    role: Role
    basis: RoleBasis
    author: str
    text: str
    at: datetime
    pictures: int = 0


EARLIER_CHARS = 700
"""About as many tokens as tell the subject; longer texts cost time and say the same."""


def said_by(role: Role, dialogue: Sequence[Line]) -> str:
    """The end of what a role has said: one text for every step that looks at it, so that its vector is made once."""
    return "\n".join(line.text for line in dialogue if line.role is role)[-EARLIER_CHARS:]


@dataclass(frozen=True, slots=True)
class IdentifyInput:
    """``burst`` is to be classed in the light of the ``dialogue`` before it; ``known`` are the nearest entries."""

    scope: str
    dialogue: tuple[Line, ...]
    burst: tuple[Line, ...]
    known: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Identified:
    """The class of a burst, why, and how sure (0..1)."""

    class_: QuestionClass
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class RewriteInput:
    """The burst to be put as one to four self-contained questions."""

    dialogue: tuple[Line, ...]
    burst: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A self-contained question, the messages it comes from, and words of the dialogue that help to find an answer."""

    query: str
    messages: tuple[MessageId, ...]
    context: str = ""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """One to four questions."""

    questions: tuple[Rewritten, ...]


@dataclass(frozen=True, slots=True)
class GenerateInput:
    """One question with its evidence; the dialogue is context only. Passage ``i`` is cited as number ``i + 1``."""

    question: str
    dialogue: tuple[Line, ...]
    passages: tuple[Passage, ...]
    observations: tuple[Observation, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Generated:
    """Claims that cite passages by number, or none and the reason for abstaining."""

    claims: tuple[Claim, ...]
    abstained: str = ""


@dataclass(frozen=True, slots=True)
class ExtractInput:
    """A question and the whole labelled follow-up, oldest first; ``final`` once the session has closed."""

    question: str
    asked_at: datetime
    asked_in: tuple[MessageId, ...]
    dialogue: tuple[Line, ...]
    final: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """A definitive human solution in a form that can be reused. ``expires_at`` is set when it is temporary."""

    object: str
    symptom: str
    conditions: str
    answer: str
    keys: tuple[str, ...]
    from_messages: tuple[MessageId, ...]
    expires_at: datetime | None
    confirmed: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class NotKnownYet:
    """No definitive human solution so far, why, and the messages that come nearest to one, likeliest first."""

    reason: str
    likely: tuple[MessageId, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """What extract found."""

    found: Lesson | NotKnownYet
