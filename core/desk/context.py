"""What the desk works with: the ports and the team's settings, handed in once by the composition root."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass

from core.domain.calibration import Calibration
from core.domain.channels import Channel
from core.domain.jobs import JobOrder
from core.domain.policy import Policy
from core.domain.sessions import Message, Session
from core.knowledge.beside import Projecting
from core.ports.attachments import Attachments
from core.ports.clock import Clock
from core.ports.documents import Documents
from core.ports.embedder import Embedder
from core.ports.engine import Engine
from core.ports.knowledge_store import KnowledgeStore
from core.ports.messenger import Messenger
from core.ports.records import Records
from core.ports.reranker import Reranker


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that has just been stored, with its session as it is now and the channel; whether an analyst has spoken in the
    session, and whether something in it waits for an answer. Whoever wants the transcript reads it in a job of its own."""

    session: Session
    channel: Channel
    message: Message
    analyst_spoke: bool
    waits: bool


Consumer = Callable[[Heard, Policy], Sequence[JobOrder]]
"""Something that wants to work on what was heard; called in every phase and for everybody's messages, inside the event's
transaction. It only orders jobs."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the desk needs. ``messenger`` reaches every connected platform; ``owner`` names this process in leases;
    ``attachments`` keeps pictures where a platform is connected; ``local`` is the engine on this machine where ``engine`` is a
    remote one; ``documents`` reads what analysts link, in the running bot; under ``teaching`` near duplicates are looked for
    and what is new is written, by one process at a time."""

    records: Records
    store: KnowledgeStore
    embedder: Embedder
    engine: Engine
    messenger: Messenger
    clock: Clock
    policy: Policy
    calibration: Calibration
    projector: Projecting
    consumers: tuple[Consumer, ...]
    owner: str
    reranker: Reranker | None = None
    attachments: Attachments | None = None
    local: Engine | None = None
    documents: Documents | None = None
    teaching: Callable[[], AbstractAsyncContextManager[object]] = nullcontext
