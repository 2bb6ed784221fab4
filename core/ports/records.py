"""The ports for the SQL records: one unit of work, one small store per kind of row.

Stores inside a unit of work share its transaction. All times are UTC. ``put`` inserts or replaces by id. Any method may raise
``TransientError`` (locked, busy) or ``FinalError`` (disk full, read-only, a schema of another version).
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

from core.domain.answers import Answer
from core.domain.cards import Card, OutboxItem
from core.domain.channels import Channel, ChannelRef
from core.domain.costs import Call, CallSum
from core.domain.events import InboundEvent, MessageDeleted, MessageEdited
from core.domain.ids import AnswerId, CardId, EntryId, MessageId, QuestionId, SessionId, TurnId
from core.domain.jobs import Job, JobOrder, Lane
from core.domain.knowledge import Revision
from core.domain.people import Person
from core.domain.records import Feedback, Numbers, Run
from core.domain.sessions import Message, Question, Session, Turn
from core.ports.figures import FigureStore
from core.ports.forgetting import Erasure, Forgettings, Reach, Retention
from core.ports.links import DocumentStore, LinkStore


class EventStore(Protocol):
    """Every event that was acknowledged."""

    async def add(self, event: InboundEvent) -> bool:
        """Store the redacted event; give False and change nothing if its (source, external_id) is known."""
        ...

    async def known(self, source: str, external_id: str) -> bool:
        """Whether this event was stored before."""
        ...

    async def hold(self, change: MessageEdited | MessageDeleted) -> None:
        """Keep a change that came before its message, in place of an earlier one; a deletion is never replaced."""
        ...

    async def take(self, channel: ChannelRef, message_id: str) -> MessageEdited | MessageDeleted | None:
        """Give the change that is held for a message, and hold it no longer."""
        ...

    async def names(self, platform: str, person: str) -> bool:
        """Whether an event of this platform that is not emptied holds a user id as a whole, or feedback is by them."""
        ...


class ChannelStore(Protocol):
    """Channels, and the people seen."""

    async def get(self, ref: ChannelRef) -> Channel:
        """Give the channel, or one with nothing known but its reference."""
        ...

    async def put(self, channel: Channel) -> None:
        """Insert or replace."""
        ...

    async def all(self) -> list[Channel]:
        """All known channels, by key."""
        ...

    async def see(self, platform: str, person: Person) -> None:
        """Remember a person's name and organisation."""
        ...

    async def members(self, platform: str, organisation: str | None) -> list[Person]:
        """The people seen of an organisation, by id; ``None`` means everybody on the platform."""
        ...


class SessionStore(Protocol):
    """Sessions."""

    async def get(self, session: SessionId) -> Session | None:
        """Give the session by id."""
        ...

    async def put(self, session: Session) -> None:
        """Insert or replace."""
        ...

    async def in_thread(self, channel: ChannelRef, thread: str) -> Session | None:
        """The session of this thread (its root message), newest if there were several."""
        ...

    async def unthreaded(self, channel: ChannelRef, since: datetime) -> list[Session]:
        """Sessions of top-level messages that are not closed and had a message at or after ``since``, oldest first."""
        ...

    async def has_analyst(self, session: SessionId) -> bool:
        """Whether an analyst has written in it."""
        ...


class MessageStore(Protocol):
    """The transcript."""

    async def get(self, message: MessageId) -> Message | None:
        """Give the message by id."""
        ...

    async def put(self, *messages: Message) -> None:
        """Insert or replace."""
        ...

    async def of_session(self, session: SessionId) -> list[Message]:
        """The session's messages in the order of the platform's timestamps, deleted ones included."""
        ...

    async def without_turn(self, session: SessionId) -> list[Message]:
        """Those of the session's messages that no turn has dealt with and that may want an answer: requesters' and direct
        ones, not deleted, in the order of ``of_session``."""
        ...

    async def assign_turn(self, turn: TurnId | None, *messages: MessageId) -> None:
        """Set which turn dealt with these messages (``None``: they wait again); everything else of them stays as it is."""
        ...


class QuestionStore(Protocol):
    """Questions."""

    async def get(self, question: QuestionId) -> Question | None:
        """Give the question by id."""
        ...

    async def put(self, *questions: Question) -> None:
        """Insert or replace."""
        ...

    async def of_session(self, session: SessionId) -> list[Question]:
        """The session's questions, oldest first."""
        ...


class TurnStore(Protocol):
    """Turns, answers and the runs behind them."""

    async def get(self, turn: TurnId) -> Turn | None:
        """Give the turn by id."""
        ...

    async def put(self, turn: Turn) -> None:
        """Insert or replace."""
        ...

    async def of_session(self, session: SessionId) -> list[Turn]:
        """The session's turns, oldest first."""
        ...

    async def add_run(self, run: Run) -> None:
        """Keep what a task was given and gave; a run of the same id is replaced."""
        ...

    async def runs(self, task: str) -> list[Run]:
        """All runs of a task, oldest first."""
        ...


class AnswerStore(Protocol):
    """Answers, sent or not."""

    async def get(self, answer: AnswerId) -> Answer | None:
        """Give the answer by id."""
        ...

    async def put(self, *answers: Answer) -> None:
        """Insert or replace."""
        ...

    async def of_session(self, session: SessionId) -> list[Answer]:
        """The session's answers, oldest first."""
        ...


class FeedbackStore(Protocol):
    """What people did to answers, entries and cards; every row is kept."""

    async def add(self, feedback: Feedback) -> None:
        """Keep a row; one of the same id is left as it is."""
        ...

    async def of_target(self, kind: str, target: str) -> list[Feedback]:
        """All rows of a target, oldest first."""
        ...

    async def on(self, kind: str) -> list[Feedback]:
        """All rows on targets of a kind, oldest first."""
        ...


class OutboxStore(Protocol):
    """Cards on their way out."""

    async def get(self, card: CardId) -> OutboxItem | None:
        """Give the item by its card's id."""
        ...

    async def put(self, item: OutboxItem) -> None:
        """Insert or replace."""
        ...

    async def posted(self, channel: ChannelRef, platform_id: str) -> Card | None:
        """Give the card that was posted to a channel under the platform's id."""
        ...

    async def waiting(self, session: SessionId | None = None) -> list[OutboxItem]:
        """Items that are pending or sending, of one session or of all, in the order in which they were first put."""
        ...


class JobStore(Protocol):
    """The job rows."""

    async def order(self, now: datetime, *orders: JobOrder) -> None:
        """Insert or move jobs: ``run_at`` becomes ``now + quiet_s``, but not past ``first_at + at_most_s``. A job that exists
        gets its generation raised and becomes ready with no attempts."""
        ...

    async def claim(
        self, now: datetime, owner: str, lease_until: datetime, limit: int, lane: Lane | None = None
    ) -> list[Job]:
        """Lease due jobs of a lane (``None``: of any) to ``owner``, earliest first, and count the attempt. Skips jobs leased by
        a live owner."""
        ...

    async def finish(self, job: Job) -> None:
        """Delete the row if its generation is still ``job.generation``, otherwise only give the lease back."""
        ...

    async def put_back(self, job: Job) -> None:
        """Write the row's run_at, attempts, state and reason as in ``job`` and give the lease back, unless it was reordered
        since, in which case only the lease is given back."""
        ...

    async def next_run_at(self, lane: Lane | None = None) -> datetime | None:
        """When the next ready job of a lane (``None``: of any) is due, leased ones included."""
        ...


class JobOwners(Protocol):
    """What a starting process does with the leases of a dead one, and with what was parked before."""

    async def release(self, owner: str) -> int:
        """Give back every lease that is not ``owner``'s, and make parked jobs ready with no attempts: a restart often mends
        what parked them. Only the holder of the home's lock may. Gives the count of leases."""
        ...

    async def listing(self, lane: Lane | None = None) -> list[Job]:
        """All rows, by lane and key, for doctor and tests."""
        ...

    async def shift(self, by: timedelta) -> None:
        """Move the times of all rows, and their leases: the clock has been set by that much."""
        ...


class Ledger(Protocol):
    """The truth about what is known: revisions, only ever added."""

    async def append(self, revision: Revision) -> bool:
        """Add a revision; ``n`` must be the head's plus one. The same job adding the same subject's same revision again
        changes nothing and gives False."""
        ...

    async def head(self, subject: EntryId) -> Revision | None:
        """The newest revision of a subject."""
        ...

    async def history(self, subject: EntryId) -> list[Revision]:
        """All revisions of a subject, oldest first."""
        ...

    async def heads(self, after: EntryId | None, limit: int) -> list[Revision]:
        """Newest revisions of all subjects in the order of their ids, starting behind ``after``."""
        ...

    async def touched_by(self, job: str) -> list[EntryId]:
        """The subjects that have a revision by this job, by id."""
        ...


class Projections(Protocol):
    """Which revisions retrieval has not seen yet, and what every entry was learned from."""

    async def pending(self, limit: int) -> list[Revision]:
        """Heads that are not projected, oldest first."""
        ...

    async def mark(self, subjects: Sequence[tuple[EntryId, int]], at: datetime) -> None:
        """Note that these subjects are projected up to this revision."""
        ...

    async def lost(self, stored: Mapping[EntryId, int]) -> list[EntryId]:
        """Subjects whose head counts as projected though it is not among the ``stored`` revisions, by id."""
        ...

    async def sources(self, entry: EntryId) -> list[MessageId]:
        """The messages that an entry's head was learned from."""
        ...

    async def learned_from(self, message: MessageId) -> list[EntryId]:
        """The entries whose head was learned from a message."""
        ...


class Lineage(Protocol):
    """What stands on an entry, and what has changed."""

    async def derived(self, source: EntryId) -> list[EntryId]:
        """The entries whose head names ``source``, or a part of it, in ``derived_from``, by id."""
        ...

    async def citing(self, entry: EntryId) -> list[Answer]:
        """The answers that people could see and that cite an entry, or a part of it, withdrawn ones included, in the order of
        sending."""
        ...

    async def shown(self, since: datetime) -> list[Answer]:
        """All answers that people could see, sent at or after ``since``, in the order of sending."""
        ...

    async def changes(self, since: datetime) -> list[Revision]:
        """Revisions at or after ``since``, by time, then as recorded."""
        ...

    async def length(self) -> int:
        """How many revisions were ever appended."""
        ...


class Marks(Protocol):
    """How far something has been read, by a name of its own."""

    async def get(self, name: str) -> datetime | None:
        """The time reached; ``None`` where nothing is marked."""
        ...

    async def put(self, name: str, at: datetime | None) -> None:
        """Mark the time reached, in place of an earlier mark; ``None`` takes the mark away."""
        ...

    async def names(self, beginning: str) -> list[str]:
        """The names that are marked and begin with this, in their order."""
        ...


class MovedChannels(Protocol):
    """The channels whose id the platform has changed. We know a channel by its first id for ever."""

    async def put(self, first: ChannelRef, later: Sequence[str]) -> None:
        """Keep the ids that a channel got behind its first one, oldest first, in place of what was kept of it."""
        ...

    async def all(self) -> dict[ChannelRef, tuple[str, ...]]:
        """What is kept, by each channel's first id."""
        ...


class Overview(Protocol):
    """What analysts look at first. Each method is quick however much is known: it goes by indexes."""

    async def waiting(self, limit: int) -> list[Revision]:
        """The heads that are candidates, those that wait longest for an approval first."""
        ...

    async def how_many_wait(self) -> int:
        """How many heads are candidates."""
        ...

    async def numbers(self, since: datetime) -> Numbers:
        """What was answered, accepted, withdrawn, learned and retired at or after ``since``."""
        ...

    async def outdated(self, since: datetime, limit: int) -> list[Answer]:
        """The answers shown at or after ``since`` that cite an entry which was ever updated, retired or restored, newest
        first: only these may rest on what no longer stands."""
        ...

    async def unseen(self, channel: ChannelRef, since: datetime, limit: int) -> list[Turn]:
        """A channel's turns at or after ``since`` of which people saw nothing, because there was nothing to send or it was only
        recorded, newest first."""
        ...


class CallStore(Protocol):
    """What models were asked, as far as it costs: counts and money, no texts."""

    async def add(self, call: Call) -> None:
        """Keep a call."""
        ...

    async def since(self, at: datetime) -> list[CallSum]:
        """The sums of the calls made at or after ``at``, by task and model, in their order."""
        ...

    async def of_sessions(self, at: datetime) -> list[CallSum]:
        """The same of those calls alone that were made for a session on record: no look-ups by hand, no measuring."""
        ...

    async def drop(self, before: datetime, limit: int) -> int:
        """Remove at most so many calls made before then; gives how many."""
        ...

    async def spent_usd(self, since: datetime) -> float:
        """The money in US dollars of the calls made at or after ``since``; what has no known price counts as nothing."""
        ...


class UnitOfWork(Protocol):
    """One transaction over all stores."""

    events: EventStore
    channels: ChannelStore
    sessions: SessionStore
    messages: MessageStore
    questions: QuestionStore
    turns: TurnStore
    answers: AnswerStore
    feedback: FeedbackStore
    outbox: OutboxStore
    jobs: JobStore
    owners: JobOwners
    ledger: Ledger
    projections: Projections
    lineage: Lineage
    marks: Marks
    moved_channels: MovedChannels
    overview: Overview
    calls: CallStore
    documents: DocumentStore
    links: LinkStore
    reach: Reach
    erasure: Erasure
    forgettings: Forgettings
    retention: Retention
    figures: FigureStore


class Records(Protocol):
    """Opens units of work."""

    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A writing transaction: committed when the block ends, rolled back when it raises. One writer at a time."""
        ...

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A reading transaction: sees one consistent state, writes are an error."""
        ...

    async def compact(self, *, whole: bool = False) -> None:
        """Give some unused space back. With ``whole`` all of it, which holds up every writer meanwhile, and afterwards no byte
        of what was deleted or replaced is in the files; ``TransientError`` where somebody is reading all the time."""
        ...

    async def close(self) -> None:
        """Give back files and connections."""
        ...
