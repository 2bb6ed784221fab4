"""What others have decided about an entry since a job last wrote it: its next run leaves that (DESIGN 6)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from core.domain.ids import MessageId
from core.domain.knowledge import ChangeKind, Revision
from core.knowledge.ledger import brought
from core.knowledge.quarantine import BY_HAND, own
from core.ports.records import UnitOfWork

APPROVES = f"{BY_HAND}approve:"
DELETES = "delete:"
FORGETS = "forget:"
REVIEWS = "review:"


def since(history: Sequence[Revision], job: str) -> list[Revision]:
    """What others did to the entry after the job's last revision of it. A confirmation and an approval let it stand as it was;
    what a deleted or forgotten message took away may be taught
    again."""
    mine = max((one.n for one in history if one.job == job), default=0)
    others = [one for one in own(history) if one.n > mine and _decides(one)]
    return [] if others and others[-1].job.startswith((DELETES, FORGETS)) else others


def _decides(revision: Revision) -> bool:
    if revision.job.startswith(APPROVES):
        return False
    return revision.change is not ChangeKind.CONFIRMED or revision.job.startswith(BY_HAND)


def decided(history: Sequence[Revision], job: str) -> Revision | None:
    """The last revision by which another job than this one decided what the entry says; ``None`` where none did."""
    return next((one for one in reversed(own(history)) if one.job != job and _decides(one)), None)


def ruled(revisions: Sequence[Revision]) -> bool:
    """Whether the last of these was done by hand or by a review."""
    return bool(revisions) and revisions[-1].job.startswith((BY_HAND, REVIEWS))


def by_hand(revisions: Sequence[Revision]) -> bool:
    """Whether a person decided one of these."""
    return any(one.job.startswith(BY_HAND) for one in revisions)


async def said_at(work: UnitOfWork, messages: Iterable[MessageId]) -> datetime | None:
    """When the newest of these messages got the words that it has; ``None`` where none of them is on record any more."""
    known = [message for one in messages if (message := await work.messages.get(one))]
    return max((message.edited_at or message.at for message in known), default=None)


async def decided_at(work: UnitOfWork, history: Sequence[Revision], revision: Revision) -> datetime:
    """How new what a revision says is: its own messages tell, else its date. What was brought back holds since that day."""
    if revision.change is ChangeKind.RESTORED:
        return revision.at
    return await said_at(work, brought(history, revision)) or revision.after.updated_at
