"""Forgetting and retention in memory."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from core.domain.answers import Answer
from core.domain.cards import OutboxItem, OutboxState
from core.domain.channels import ChannelRef
from core.domain.events import InboundEvent, MessageEdited, OpsEvent
from core.domain.forgetting import Forgetting
from core.domain.ids import CardId, EntryId, MessageId, SessionId
from core.domain.jobs import JobState
from core.domain.knowledge import Revision
from core.domain.naming import naming
from core.domain.sessions import Phase, SessionKind
from tests.fakes.records import Tables

K = TypeVar("K")
V = TypeVar("V")


class MemoryReach:
    def __init__(self, tables: Tables) -> None:
        self._t = tables

    async def sessions_of(self, platform: str, person: str) -> list[SessionId]:
        sessions = {one.id: one for one in self._t.sessions.values() if one.channel.platform == platform}
        wrote = {m.session for m in self._t.messages.values() if m.author.id == person and m.session in sessions}
        return sorted({one.id for one in sessions.values() if one.opener.id == person} | wrote)

    async def sessions_in(self, channel: ChannelRef) -> list[SessionId]:
        return sorted(one.id for one in self._t.sessions.values() if one.channel == channel)

    async def taught(self, messages: Collection[MessageId]) -> list[EntryId]:
        return sorted({r.subject_id for r in self._t.revisions.values() if {*r.from_messages} & {*messages}})

    async def citing(self, entries: Collection[EntryId]) -> list[Answer]:
        found = [a for a in self._t.answers.values() if {c.entry for c in a.citations} & {*entries}]
        return sorted(found, key=lambda one: one.id)

    async def cards_naming(self, words: Collection[str]) -> list[CardId]:
        return [item.card.id for item in self._t.outbox.values() if _holds(item.card, words)]


class MemoryErasure:
    def __init__(self, tables: Tables) -> None:
        self._t = tables

    async def runs(self, sessions: Collection[SessionId], words: Collection[str]) -> int:
        return _drop(self._t.runs, lambda r: r.session in sessions or _holds((r.inputs, r.evidence, r.output), words))

    async def events(
        self,
        channels: Collection[ChannelRef],
        messages: Collection[tuple[ChannelRef, str]],
        people: Collection[str],
        words: Collection[str],
    ) -> int:
        words = [*people, *words]

        def of(event: InboundEvent) -> bool:
            if isinstance(event, OpsEvent):
                return _holds(event, words)
            place = (event.channel, getattr(event, "message_id", None))
            return event.channel in channels or place in messages or _holds(event, words)

        gone = _empty(self._t, of)
        return gone + _drop(
            self._t.held,
            lambda c: c.channel in channels or (bool(people) and isinstance(c, MessageEdited)),
        )

    async def feedback(self, actors: Collection[str], targets: Collection[str]) -> int:
        by = _change(self._t.feedback, lambda f: f.actor in actors, lambda f: replace(f, actor="", text=""))
        return by + _change(
            self._t.feedback, lambda f: f.target in targets and f.text != "", lambda f: replace(f, text="")
        )

    async def cards(self, cards: Collection[CardId]) -> int:
        return _drop(self._t.outbox, lambda item: item.card.id in cards)

    async def people(self, platform: str, people: Collection[str]) -> int:
        gone = [key for key in self._t.people if key[0] == platform and key[1] in people]
        for key in gone:
            del self._t.people[key]
        return len(gone)


class MemoryForgettings:
    def __init__(self, tables: Tables) -> None:
        self._t = tables

    async def put(self, forgetting: Forgetting) -> None:
        self._t.forgettings[forgetting.id] = forgetting

    async def all(self) -> list[Forgetting]:
        return list(self._t.forgettings.values())

    async def rewrite(self, revision: Revision) -> None:
        self._t.revisions[revision.subject_id, revision.n] = revision
        if (revision.subject_id, revision.n) in self._t.projected:
            del self._t.projected[revision.subject_id, revision.n]


class MemoryRetention:
    def __init__(self, tables: Tables) -> None:
        self._t = tables

    async def expiring(self, before: datetime, limit: int) -> list[SessionId]:
        awaited = {job.key for job in self._t.jobs.values() if job.state is JobState.READY}
        waiting = (OutboxState.PENDING, OutboxState.SENDING)
        awaited |= {item.card.session for item in self._t.outbox.values() if item.state in waiting}
        found = set()
        for message in self._t.messages.values():
            session = self._t.sessions[message.session]
            over = session.phase is Phase.CLOSED or session.kind is not SessionKind.SUPPORT
            if over and message.at < before and message.expired_at is None and not {message.id, session.id} & awaited:
                found.add(session.id)
        return sorted(found)[:limit]

    async def events(self, before: datetime, limit: int) -> int:
        for key in [key for key, change in self._t.held.items() if change.at < before]:
            del self._t.held[key]
        return _empty(self._t, lambda event: event.at < before, limit)

    async def runs(self, before: datetime, limit: int) -> int:
        return _drop(self._t.runs, lambda run: run.at < before, limit)

    async def feedback(self, before: datetime, limit: int) -> int:
        old = lambda one: one.at < before and one.text != ""  # noqa: E731  # named to fit the line
        return _change(self._t.feedback, old, lambda f: replace(f, text=""), limit)

    async def cards(self, before: datetime, limit: int) -> int:
        awaited = {job.key for job in self._t.jobs.values() if job.state is JobState.READY}

        def old(item: OutboxItem) -> bool:
            session = self._t.sessions.get(item.card.session)
            over = session is None or session.phase is Phase.CLOSED or session.kind is not SessionKind.SUPPORT
            gone = item.state in (OutboxState.SENT, OutboxState.DROPPED) and item.not_before < before
            return over and gone and item.card.id not in awaited

        return _drop(self._t.outbox, old, limit)


def _holds(value: object, words: Collection[str]) -> bool:
    pattern = naming(words)
    return pattern is not None and pattern.search(repr(value).replace("\\n", " ")) is not None


def _empty(tables: Tables, which: Callable[[InboundEvent], bool], limit: int | None = None) -> int:
    full = [key for key, event in tables.events.items() if key not in tables.emptied and which(event)][:limit]
    tables.emptied.update(dict.fromkeys(full, True))
    return len(full)


def _drop(table: dict[K, V], which: Callable[[V], bool], limit: int | None = None) -> int:
    gone = list(islice((key for key, row in table.items() if which(row)), limit))
    for key in gone:
        del table[key]
    return len(gone)


def _change(
    table: dict[str, Any], which: Callable[[Any], bool], change: Callable[[Any], Any], limit: int | None = None
) -> int:
    found = [key for key, row in table.items() if which(row)][:limit]
    table.update({key: change(table[key]) for key in found})
    return len(found)
