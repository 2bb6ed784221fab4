"""A Slack export, a folder or its zip, as inbound events in the order of time.

It is read twice: once to learn what no single record tells (home team, people, which roots have replies), once to
make the events. So only one day file is in memory beside the events.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adapters.history.folder import Folder, Record, opened_files
from adapters.history.parse import Made, Surroundings, events_of
from adapters.history.people import People
from adapters.history.settings import NamedSettings, read_settings
from adapters.history.skips import Skipped
from adapters.history.survey import Survey, outside
from adapters.slack_payloads.fields import whole
from adapters.slack_payloads.head import Kind, Refused, head_of
from adapters.slack_payloads.readable import Names
from core.domain.channels import Channel, ChannelRef
from core.domain.errors import MalformedExportError
from core.domain.events import ChannelChanged, InboundEvent, MessagePosted

PLATFORM = "slack"


@dataclass(frozen=True, slots=True)
class Export:
    """What an export holds. ``events`` are ordered by time, channel and place; ``skipped`` lists what is left out, the first of
    each file and reason, ``reasons`` counts all of it; ``missing`` says what should be there and is not; ``channels`` are those
    with messages; ``settings`` is what ``vigil.yaml`` names for them, by channel name."""

    name: str
    home: str
    home_reason: str
    events: list[InboundEvent]
    skipped: list[Skipped]
    reasons: Counter[str]
    messages: int
    channels: tuple[Channel, ...]
    fingerprint: str
    settings: dict[str, NamedSettings]
    scope: str | None
    analysts: frozenset[str]
    accept_reactions: frozenset[str] | None
    missing: tuple[str, ...]


def read_export(folder: Path, home: str | None = None) -> Export:
    """Read an export: a folder, or a zip as it is. ``home`` is the support team's workspace id; without it the export is asked.

    Raises ``MalformedExportError`` when there is nothing that could be read, ``CallerError`` when ``vigil.yaml`` is wrong.
    What else is bad is left out and listed.
    """
    with opened_files(folder) as files:
        return _Reading(Folder(files, folder), home).export()


class _Reading:
    """One export being read."""

    def __init__(self, folder: Folder, home: str | None) -> None:
        self._folder = folder
        self._people = People(folder.users)
        self._survey = Survey(self._people)
        self._names = Names(self._people, folder.names)
        self._source = f"export:{whole(folder.files.name)}"
        self._look_around()
        self._home, self._home_reason = self._survey.home(home)
        self._settings = read_settings(folder.files, folder.names, self._people.user_of)
        self._skipped = folder.skipped.copy()

    def _look_around(self) -> None:
        """The first pass."""
        bad: Skipped | None = None
        good = 0
        for record in self._folder.records():
            if isinstance(record, Skipped):
                bad = bad or record
                continue
            head = head_of(record.payload)
            if isinstance(head, Refused):
                bad = bad or Skipped(record.file, record.index, head.reason)
                continue
            good += 1
            self._survey.see(record.channel, head, record.payload)
        if bad and not good:
            raise MalformedExportError(
                f"No day file of {self._folder.path} holds messages that can be read ({bad}): "
                "is it a Slack export (CHANNEL/DATE.json, each a list of messages)?"
            )

    def export(self) -> Export:
        """The second pass."""
        events = [event for _, event in sorted(self._placed(), key=lambda placed: placed[0])]
        return Export(
            name=self._source.partition(":")[2],
            home=self._home,
            home_reason=self._home_reason,
            events=events,
            skipped=self._skipped.listed,
            reasons=self._skipped.reasons,
            messages=sum(isinstance(event, MessagePosted) for event in events),
            channels=tuple(self._channels()),
            fingerprint=self._folder.fingerprint(),
            settings=self._settings.channels,
            scope=self._settings.scope,
            analysts=self._settings.analysts,
            accept_reactions=self._settings.accept_reactions,
            missing=tuple(self._folder.missing()),
        )

    def _placed(self) -> Iterator[tuple[tuple[datetime, str, int], InboundEvent]]:
        for changed in self._changes():
            yield (changed.at, changed.channel.channel, -1), changed
        seen: set[tuple[str, str]] = set()
        for place, record in enumerate(self._folder.records()):
            for event in self._events(record, seen):
                yield (event.at, event.channel.channel, place), event

    def _events(self, record: Record | Skipped, seen: set[tuple[str, str]]) -> Iterable[Made]:
        if isinstance(record, Skipped):
            self._skipped.add(record)
            return ()
        found = self._parsed(record, seen)
        if isinstance(found, Refused):
            self._skipped.add(Skipped(record.file, record.index, found.reason))
            return ()
        return found

    def _parsed(self, record: Record, seen: set[tuple[str, str]]) -> tuple[Made, ...] | Refused:
        head = head_of(record.payload)
        if isinstance(head, Refused):
            return head
        if head.kind is Kind.POST:
            if (record.channel, head.ts) in seen:
                return Refused("a message of this ts came before")
            seen.add((record.channel, head.ts))
        return events_of(head, record.payload, self._around(record.channel))

    def _around(self, channel: str) -> Surroundings:
        seen = self._survey.channels[channel]
        return Surroundings(
            self._source,
            self._ref(channel),
            self._home,
            self._people,
            self._names,
            seen.posted,
            seen.replied,
            seen.last_at,
        )

    def _ref(self, channel: str) -> ChannelRef:
        return ChannelRef(PLATFORM, self._home, channel)

    def _channels(self) -> Iterator[Channel]:
        for key, seen in self._survey.channels.items():
            name = self._names.channels.get(key, key)
            external, teams = outside(seen, self._folder.listed.get(key, {}), self._home)
            yield Channel(self._ref(key), name, external, teams)

    def _changes(self) -> Iterator[ChannelChanged]:
        for channel in self._channels():
            first_at = self._survey.channels[channel.ref.channel].first_at
            if first_at is not None:
                yield ChannelChanged(
                    source=self._source,
                    external_id=f"{channel.ref.channel}:channel:{_digest(channel)}",
                    at=first_at,
                    channel=channel.ref,
                    name=channel.name,
                    external=channel.external,
                    organisations=channel.organisations,
                )


def _digest(channel: Channel) -> str:
    """Names what is told of a channel: an organisation that is new in a later export is news, the same again is not."""
    told = json.dumps([channel.name, channel.external, sorted(channel.organisations)])
    return hashlib.sha256(told.encode()).hexdigest()[:12]
