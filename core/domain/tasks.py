"""A task is data: one named call with typed input and output. What performs it is an engine."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from core.domain.answers import Claim, Observation
from core.domain.dialogue import Line, Picture
from core.domain.ids import MessageId, SessionId
from core.domain.knowledge import Passage
from core.domain.sessions import QuestionClass

In = TypeVar("In")
Out = TypeVar("Out")


class Tier(StrEnum):
    """How strong a model a task wants."""

    FAST = "fast"
    STRONG = "strong"


class Effort(StrEnum):
    """How long a model may think before it answers."""

    LOW = "low"
    MEDIUM = "medium"


@dataclass(frozen=True, slots=True)
class PromptText:
    """A prompt file as loaded: its name, the sha256 of its text (12 hex digits) and the text with ``$placeholders``."""

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
    """What a model reads: the stable part (the same for every call of a task), the blocks of this call, and between them
    what is the same for a channel: its ``own`` instructions."""

    stable: str
    blocks: tuple[Block, ...]
    own: str = ""


@dataclass(frozen=True, slots=True)
class Task(Generic[In, Out]):
    """One named call. ``timeout_s`` and ``max_output_tokens`` are caps; ``samples`` is how many answers are asked for,
    ``repairs`` how often an answer that is not of the output type is given back to be put right: never on the hot path."""

    name: str
    input_type: type[In]
    output_type: type[Out]
    prompt: PromptText
    tier: Tier
    timeout_s: float
    max_output_tokens: int
    temperature: float = 0.0
    samples: int = 1
    effort: Effort = Effort.LOW
    repairs: int = 0


@dataclass(frozen=True, slots=True)
class Request(Generic[In, Out]):
    """A task to perform on these inputs; ``prompt`` and ``pictures`` say the same to a model. ``about`` is the session that the
    call is made for: its cost is counted there."""

    task: Task[In, Out]
    inputs: In
    prompt: Prompt
    pictures: tuple[Picture, ...] = ()
    about: SessionId | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call. ``input_tokens`` are all that was read, ``cached_tokens`` those of them that came from the provider's
    cache and ``written_tokens`` those that were written to it."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    written_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """The tokens of both."""
        return Usage(
            self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens, self.written_tokens + other.written_tokens,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reply(Generic[Out]):
    """What a task gave, which model gave it, and what it cost."""

    output: Out
    model: str
    usage: Usage
    ms: float


@dataclass(frozen=True, slots=True)
class IdentifyInput:
    """``burst`` is to be classed in the light of the ``dialogue`` before it; ``known`` are the nearest entries."""

    scope: str
    dialogue: tuple[Line, ...]
    burst: tuple[Line, ...]
    known: tuple[Passage, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in the order of the prompt."""
        return (*self.dialogue, *self.burst)


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

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in the order of the prompt."""
        return (*self.dialogue, *self.burst)


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
    """One question of the ``burst`` with its evidence; the dialogue before it is context only. Passage ``i`` is cited as number
    ``i + 1``."""

    question: str
    dialogue: tuple[Line, ...]
    passages: tuple[Passage, ...]
    observations: tuple[Observation, ...] = ()
    language: str = "en"
    burst: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in the order of the prompt."""
        return (*self.dialogue, *self.burst)


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

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in the order of the prompt."""
        return self.dialogue


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
