"""What came in: events, channels, people."""

import hashlib
import json
from typing import Annotated, Final

from pydantic import Field, TypeAdapter
from sqlalchemy import RowMapping, and_, bindparam, case, delete, select
from sqlalchemy.dialects.sqlite import insert

from adapters.records import tables
from adapters.records.columns import Nested, clean
from adapters.records.database import Database, insert_new, upsert
from core.domain.channels import Channel, ChannelRef, ChannelSettings
from core.domain.events import InboundEvent, MessageDeleted, MessageEdited, OpsEvent
from core.domain.people import Person

_CHANGE: Final[Nested[MessageEdited | MessageDeleted]] = Nested(
    lambda: TypeAdapter(Annotated[MessageEdited | MessageDeleted, Field(discriminator="type")])
)
EVENT: Final[Nested[InboundEvent]] = Nested(lambda: TypeAdapter(Annotated[InboundEvent, Field(discriminator="type")]))
_ORGANISATIONS: Final = Nested(lambda: TypeAdapter(frozenset[str]))
_SETTINGS: Final = Nested(lambda: TypeAdapter(ChannelSettings))

_FORGOTTEN = "forgotten:"

_e, _c, _p = tables.events.c, tables.channels.c, tables.people.c
_ADD = insert_new(tables.events).returning(_e.row)
_KNOWN = select(_e.row).where(
    _e.source == bindparam("source"), _e.external_id.in_([bindparam("external_id"), bindparam("forgotten")])
)
_GAVE = select(tables.feedback.c.row).where(tables.feedback.c.actor == bindparam("actor")).limit(1)
_LOOKED_AT = 100
"""The database compares letters in any case: so many events of people whose ids differ in that are looked at."""
_HELD = select(tables.meta.c.value).where(tables.meta.c.key == bindparam("early"))
_RELEASE = delete(tables.meta).where(tables.meta.c.key == bindparam("early"))
_CHANNEL = select(tables.channels).where(
    and_(
        _c.platform == bindparam("platform"), _c.workspace == bindparam("workspace"), _c.channel == bindparam("channel")
    )
)
_MEMBERS = (
    select(tables.people)
    .where(_p.platform == bindparam("platform"), _p.organisation == bindparam("organisation"))
    .order_by(_p.id)
)
_PEOPLE = select(tables.people).where(_p.platform == bindparam("platform")).order_by(_p.id)
_FIRST_SEEN = insert(tables.people)
_SEE = _FIRST_SEEN.on_conflict_do_update(
    index_elements=["platform", "id"],
    set_={
        "name": case((_FIRST_SEEN.excluded.name == "", _p.name), else_=_FIRST_SEEN.excluded.name),
        "organisation": case(
            (_FIRST_SEEN.excluded.organisation == "", _p.organisation), else_=_FIRST_SEEN.excluded.organisation
        ),
        "is_bot": _FIRST_SEEN.excluded.is_bot,
    },
)


class SqlEventStore:
    """``EventStore`` over the table ``events``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, event: InboundEvent) -> bool:
        """As the port says; a message announced again under another event id is known, too."""
        if await self.known(event.source, event.external_id):
            return False
        return await self._db.row(_ADD, _event_to_row(event)) is not None

    async def known(self, source: str, external_id: str) -> bool:
        """As the port says."""
        ids = {"external_id": external_id, "forgotten": forgotten_id(external_id)}
        return await self._db.row(_KNOWN, {"source": source, **ids}) is not None

    async def hold(self, change: MessageEdited | MessageDeleted) -> None:
        """As the port says; the change waits in the table ``meta``."""
        held = await self.take(change.channel, change.message_id)
        kept = held if isinstance(held, MessageDeleted) else change
        early = _early(change.channel, change.message_id)
        await self._db.write(upsert(tables.meta, "key"), {"key": early, "value": _CHANGE.dump(kept)})

    async def take(self, channel: ChannelRef, message_id: str) -> MessageEdited | MessageDeleted | None:
        """As the port says."""
        key = {"early": _early(channel, message_id)}
        held: str | None = await self._db.value(_HELD, key)
        if held is None:
            return None
        await self._db.write(_RELEASE, key)
        return _CHANGE.load(held)

    async def names(self, platform: str, person: str) -> bool:
        """As the port says; it looks through the whole table."""
        if await self._db.value(_GAVE, {"actor": person}) is not None:
            return True
        mark = f'"id":{json.dumps(clean(person), ensure_ascii=False)}'
        held = select(_e.body).where(_e.platform == platform, _e.body.contains(mark, autoescape=True))
        return any(mark in row[_e.body] for row in await self._db.rows(held.limit(_LOOKED_AT)))


def forgotten_id(external_id: str) -> str:
    """What an event's id becomes where it names a person who is forgotten: still known, and no longer a name."""
    return f"{_FORGOTTEN}{hashlib.sha256(clean(external_id).encode()).hexdigest()}"


def is_forgotten_id(external_id: str) -> bool:
    """Whether it is one that ``forgotten_id`` gave."""
    return external_id.startswith(_FORGOTTEN)


def _early(channel: ChannelRef, message_id: str) -> str:
    return f"early:{channel.key}:{message_id}"


def _event_to_row(event: InboundEvent) -> dict[str, object]:
    ref = None if isinstance(event, OpsEvent) else event.channel
    return {
        "source": event.source, "external_id": event.external_id, "type": event.type, "at": event.at,
        "platform": ref and ref.platform, "workspace": ref and ref.workspace, "channel": ref and ref.channel,
        "message_id": getattr(event, "message_id", None), "body": EVENT.dump(event),
    }  # fmt: skip


class SqlChannelStore:
    """``ChannelStore`` over ``channels`` and ``people``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, ref: ChannelRef) -> Channel:
        """As the port says."""
        row = await self._db.row(_CHANNEL, ref_to_row(ref))
        return Channel(ref) if row is None else row_to_channel(row)

    async def put(self, channel: Channel) -> None:
        """As the port says."""
        await self._db.write(upsert(tables.channels, "platform", "workspace", "channel"), _channel_to_row(channel))

    async def all(self) -> list[Channel]:
        """As the port says."""
        found = [row_to_channel(row) for row in await self._db.rows(select(tables.channels))]
        return sorted(found, key=lambda channel: channel.ref.key)

    async def see(self, platform: str, person: Person) -> None:
        """As the port says; an event without name or organisation leaves those that are known."""
        await self._db.write(_SEE, {"platform": platform, **_person_to_row(person)})

    async def members(self, platform: str, organisation: str | None) -> list[Person]:
        """As the port says."""
        if organisation is None:
            rows = await self._db.rows(_PEOPLE, {"platform": platform})
        else:
            rows = await self._db.rows(_MEMBERS, {"platform": platform, "organisation": organisation})
        return [row_to_person(row) for row in rows]


def ref_to_row(ref: ChannelRef) -> dict[str, object]:
    """The three columns that name a channel."""
    return {"platform": ref.platform, "workspace": ref.workspace, "channel": ref.channel}


def _channel_to_row(channel: Channel) -> dict[str, object]:
    return {
        **ref_to_row(channel.ref), "name": channel.name, "external": channel.external,
        "organisations": _ORGANISATIONS.dump(channel.organisations), "settings": _SETTINGS.dump(channel.settings),
    }  # fmt: skip


def row_to_channel(row: RowMapping) -> Channel:
    """Give the channel of a row."""
    return Channel(
        ref=ChannelRef(row[_c.platform], row[_c.workspace], row[_c.channel]),
        name=row[_c.name],
        external=row[_c.external],
        organisations=_ORGANISATIONS.load(row[_c.organisations]),
        settings=_SETTINGS.load(row[_c.settings]),
    )


def _person_to_row(person: Person) -> dict[str, object]:
    return {"id": person.id, "name": person.name, "organisation": person.organisation, "is_bot": person.is_bot}


def row_to_person(row: RowMapping) -> Person:
    """Give the person of a row."""
    return Person(id=row[_p.id], name=row[_p.name], organisation=row[_p.organisation], is_bot=row[_p.is_bot])
