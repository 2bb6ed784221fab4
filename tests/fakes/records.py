"""The records in memory: a transaction works on a copy of every table and puts it in place when it ends well."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any, Generic, NoReturn, Protocol, TypeVar, cast

from core.domain.answers import Answer
from core.domain.cards import Card, OutboxItem, OutboxState
from core.domain.channels import Channel, ChannelRef
from core.domain.costs import Call
from core.domain.documents import Link, Source
from core.domain.errors import CallerError
from core.domain.events import InboundEvent, MessageDeleted, MessageEdited, MessagePosted, OpsEvent
from core.domain.forgetting import Forgetting
from core.domain.ids import CardId, EntryId, MessageId, SessionId, TurnId
from core.domain.jobs import Job, Lane
from core.domain.knowledge import Revision
from core.domain.people import Person, Role
from core.domain.records import Feedback, Run
from core.domain.sessions import Message, Phase, Question, Session, Turn

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class Closed(dict[K, V]):
    """A table of a reading transaction."""

    def _refuse(self, *_: object) -> NoReturn:
        raise CallerError("Something was to be written in a reading transaction.")

    __setitem__ = __delitem__ = update = clear = _refuse


@dataclass(frozen=True, slots=True)
class Tables:
    """Every table; dicts keep the order of recording."""

    events: dict[tuple[str, str], InboundEvent] = field(default_factory=dict)
    held: dict[tuple[ChannelRef, str], MessageEdited | MessageDeleted] = field(default_factory=dict)
    channels: dict[ChannelRef, Channel] = field(default_factory=dict)
    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    turns: dict[str, Turn] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    feedback: dict[str, Feedback] = field(default_factory=dict)
    outbox: dict[str, OutboxItem] = field(default_factory=dict)
    jobs: dict[tuple[Lane, str], Job] = field(default_factory=dict)
    revisions: dict[tuple[EntryId, int], Revision] = field(default_factory=dict)
    projected: dict[tuple[EntryId, int], datetime] = field(default_factory=dict)
    marks: dict[str, datetime] = field(default_factory=dict)
    moved_channels: dict[ChannelRef, tuple[str, ...]] = field(default_factory=dict)
    calls: dict[int, Call] = field(default_factory=dict)
    documents: dict[EntryId, Source] = field(default_factory=dict)
    links: dict[tuple[MessageId, str], Link] = field(default_factory=dict)
    forgettings: dict[str, Forgetting] = field(default_factory=dict)
    emptied: dict[tuple[str, str], bool] = field(default_factory=dict)

    def copied(self, kind: Callable[[Any], dict[Any, Any]]) -> "Tables":
        return Tables(**{column.name: kind(getattr(self, column.name)) for column in fields(self)})

    def check(self) -> None:
        owned: list[Mapping[str, _OfSession]] = [self.messages, self.questions, self.turns, self.answers]
        if any(row.session not in self.sessions for table in owned for row in table.values()):
            raise CallerError("A row names a session that is not stored.")


class _OfSession(Protocol):
    @property
    def session(self) -> SessionId: ...


class _HasId(_OfSession, Protocol):
    @property
    def id(self) -> str: ...


def cleaned(value: T) -> T:
    """Put U+FFFD in place of what is no text, everywhere in a value."""
    new: object = value
    if isinstance(value, str) and not isinstance(value, Enum):
        new = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "\ufffd")
    elif isinstance(value, tuple | frozenset):
        new = type(value)(cleaned(item) for item in value)
    elif is_dataclass(value) and not isinstance(value, type):
        new = replace(value, **{part.name: cleaned(getattr(value, part.name)) for part in fields(value)})
    return cast("T", new)


class Events:
    def __init__(self, tables: Tables) -> None:
        self._t = tables

    async def add(self, event: InboundEvent) -> bool:
        if await self.known(event.source, event.external_id) or _place(event) in map(_place, self._t.events.values()):
            return False
        self._t.events[event.source, event.external_id] = cleaned(event)
        return True

    async def known(self, source: str, external_id: str) -> bool:
        return cleaned((source, external_id)) in self._t.events

    async def hold(self, change: MessageEdited | MessageDeleted) -> None:
        held = await self.take(change.channel, change.message_id)
        self._t.held[change.channel, change.message_id] = cleaned(held if isinstance(held, MessageDeleted) else change)

    async def take(self, channel: ChannelRef, message_id: str) -> MessageEdited | MessageDeleted | None:
        held = self._t.held.get((channel, message_id))
        if held is not None:
            del self._t.held[channel, message_id]
        return held

    async def names(self, platform: str, person: str) -> bool:
        kept = [event for key, event in self._t.events.items() if key not in self._t.emptied]
        held = [event for event in kept if not isinstance(event, OpsEvent) and event.channel.platform == platform]
        return f"id={person!r}" in repr(held) or any(one.actor == person for one in self._t.feedback.values())


def _place(event: InboundEvent) -> object:
    return (event.channel, event.message_id) if isinstance(event, MessagePosted) else event


class Channels:
    def __init__(self, tables: Tables) -> None:
        self._t = tables

    async def get(self, ref: ChannelRef) -> Channel:
        return self._t.channels.get(ref, Channel(ref))

    async def put(self, channel: Channel) -> None:
        self._t.channels[channel.ref] = cleaned(channel)

    async def all(self) -> list[Channel]:
        return sorted(self._t.channels.values(), key=lambda channel: channel.ref.key)

    async def see(self, platform: str, person: Person) -> None:
        old = self._t.people.get((platform, person.id), person)
        name, organisation = person.name or old.name, person.organisation or old.organisation
        self._t.people[platform, person.id] = cleaned(replace(person, name=name, organisation=organisation))

    async def members(self, platform: str, organisation: str | None) -> list[Person]:
        on_it = [person for (on, _), person in self._t.people.items() if on == platform]
        seen = [person for person in on_it if organisation in (None, person.organisation)]
        return sorted(seen, key=lambda person: person.id)


class Sessions:
    def __init__(self, tables: Tables) -> None:
        self._t = tables

    async def get(self, session: SessionId) -> Session | None:
        return self._t.sessions.get(session)

    async def put(self, session: Session) -> None:
        self._t.sessions[session.id] = cleaned(session)

    async def in_thread(self, channel: ChannelRef, thread: str) -> Session | None:
        found = [s for s in self._t.sessions.values() if s.channel == channel and s.thread == thread]
        return max(reversed(found), key=lambda session: session.opened_at, default=None)

    async def unthreaded(self, channel: ChannelRef, since: datetime) -> list[Session]:
        here = [s for s in self._t.sessions.values() if s.channel == channel and not s.threaded]
        found = [s for s in here if s.phase is not Phase.CLOSED and s.last_at >= since]
        return sorted(found, key=lambda session: session.opened_at)

    async def has_analyst(self, session: SessionId) -> bool:
        return any(m.session == session and m.role is Role.ANALYST for m in self._t.messages.values())


Id = TypeVar("Id", bound=str)
Row = TypeVar("Row", bound=_HasId)


class ById(Generic[Id, Row]):
    """Rows of sessions: messages, questions, turns, answers."""

    def __init__(self, table: dict[str, Row], order: Callable[[Row], Any]) -> None:
        self._table = table
        self._order = order

    async def get(self, id_: Id, /) -> Row | None:
        return self._table.get(id_)

    async def put(self, *rows: Row) -> None:
        self._table.update({row.id: cleaned(row) for row in rows})

    async def of_session(self, session: SessionId) -> list[Row]:
        return sorted((row for row in self._table.values() if row.session == session), key=self._order)


class Messages(ById[MessageId, Message]):
    def __init__(self, tables: Tables) -> None:
        super().__init__(tables.messages, lambda message: (message.at, message.seq))

    async def without_turn(self, session: SessionId) -> list[Message]:
        live = [m for m in await self.of_session(session) if m.turn is None and m.deleted_at is None]
        return [m for m in live if m.role is Role.REQUESTER or m.direct]

    async def assign_turn(self, turn: TurnId | None, *messages: MessageId) -> None:
        await self.put(*(replace(self._table[id_], turn=turn) for id_ in messages if id_ in self._table))


class Turns(ById[TurnId, Turn]):
    def __init__(self, tables: Tables) -> None:
        super().__init__(tables.turns, lambda turn: turn.at)
        self._runs = tables.runs

    async def add_run(self, run: Run) -> None:
        self._runs[run.id] = cleaned(run)

    async def runs(self, task: str) -> list[Run]:
        return sorted((run for run in self._runs.values() if run.task == task), key=lambda run: run.at)


class Feedbacks:
    def __init__(self, tables: Tables) -> None:
        self._rows = tables.feedback

    async def add(self, feedback: Feedback) -> None:
        if feedback.id not in self._rows:
            self._rows[feedback.id] = cleaned(feedback)

    async def of_target(self, kind: str, target: str) -> list[Feedback]:
        found = [row for row in self._rows.values() if (row.target_kind, row.target) == (kind, target)]
        return sorted(found, key=lambda row: row.at)

    async def on(self, kind: str) -> list[Feedback]:
        return sorted((row for row in self._rows.values() if row.target_kind == kind), key=lambda row: row.at)


class Outbox:
    def __init__(self, tables: Tables) -> None:
        self._items = tables.outbox

    async def get(self, card: CardId) -> OutboxItem | None:
        return self._items.get(card)

    async def put(self, item: OutboxItem) -> None:
        self._items[item.card.id] = cleaned(item)

    async def posted(self, channel: ChannelRef, platform_id: str) -> Card | None:
        found = (i.card for i in self._items.values() if i.platform_id == platform_id)
        return next((card for card in found if card.destination.channel == channel), None)

    async def waiting(self, session: SessionId | None = None) -> list[OutboxItem]:
        found = [i for i in self._items.values() if i.state in (OutboxState.PENDING, OutboxState.SENDING)]
        return [item for item in found if session in (None, item.card.session)]
