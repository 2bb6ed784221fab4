"""Who types where in ``vigil chat``, and what they do there as inbound events. Knows no clock: times are handed in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from core.domain.channels import Channel, ChannelRef
from core.domain.events import (
    ButtonClicked,
    ChannelChanged,
    CommandIssued,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
)
from core.domain.people import Person

PLATFORM = "terminal"
HOME = "home"
"""The support team's own organisation."""
ANALYSTS = "analysts"
"""The channel in which drafts are shown."""
SOURCE = f"{PLATFORM}:{HOME}"
ANALYST, REQUESTER = "analyst", "requester"
_VIGIL = re.compile(r"@vigil\b", re.IGNORECASE)
_NAMED = re.compile(r"@(\w+)")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is typing. ``customer`` is the word by which theirs is called here, empty for an analyst, ``organisation`` the
    customer's id."""

    name: str
    role: str
    customer: str = ""
    organisation: str = HOME

    @property
    def person(self) -> Person:
        """As the desk sees them: their role follows from their organisation, as on any platform."""
        return Person(f"{self.name}@{self.customer or HOME}", self.name, self.organisation)


@dataclass(frozen=True, slots=True)
class Post:
    """A message that was typed: where it stands, in which thread, and who wrote it."""

    channel: ChannelRef
    id: str
    thread: str
    author: str
    text: str = ""

    @property
    def at(self) -> datetime:
        """When it was typed."""
        return datetime.fromtimestamp(float(self.id), UTC)


class Room:
    """The customers' channels and whoever types in them. ``customers`` are the organisations that are known already, by the
    words by which they can be called; messages are numbered from 1 in the order in which they were typed."""

    def __init__(self, customers: Mapping[str, str] | None = None) -> None:
        self._customers = dict(customers or {})
        self._people: dict[str, Speaker] = {}
        self._threads: dict[ChannelRef, str] = {}
        self._last: datetime | None = None
        self.posts: list[Post] = []
        self.speaker = Speaker("", REQUESTER)
        self.channel = ref_of(ANALYSTS)

    def enter(self, name: str, role: str, customer: str, now: datetime) -> ChannelChanged | str:
        """Let somebody type; what they had before stands for what is left out. Gives what is news about their channel, or why
        not. An analyst stays in the channel where they are, or in the first customer's."""
        before = self._people.get(name.casefold())
        role = role or (before.role if before else "")
        if not role:
            return f"Nobody called {name} has typed here yet: /as {name} requester CUSTOMER, or /as {name} analyst."
        if role == REQUESTER:
            called = customer or (before.customer if before else "") or self.channel.channel
            organisation = self._customers.setdefault(called.casefold(), called)
            self.speaker = Speaker(before.name if before else name, REQUESTER, called.casefold(), organisation)
            self.channel = ref_of(called.casefold())
        else:
            self.speaker = Speaker(before.name if before else name, ANALYST)
        self._people[name.casefold()] = self.speaker
        return self._told(now)

    def _told(self, now: datetime) -> ChannelChanged:
        known = self.described(self.channel)
        return ChannelChanged(
            source=SOURCE, external_id=f"channel:{self._stamp(now)}", at=now, channel=known.ref, name=known.name,
            external=known.external, organisations=known.organisations,
        )  # fmt: skip

    def described(self, ref: ChannelRef) -> Channel:
        """What there is to say of a channel: a customer's is shared with them."""
        organisation = self._customers.get(ref.channel) if ref == ref_of(ref.channel) else None
        if organisation is None:
            return Channel(ref)
        return Channel(ref, ref.channel, external=True, organisations=frozenset({organisation}))

    @property
    def thread(self) -> str | None:
        """The thread in which the next message stands; ``None`` where it begins one."""
        return self._threads.get(self.channel)

    def leave_thread(self) -> None:
        """The next message begins a new thread."""
        self._threads.pop(self.channel, None)

    def go(self, post: Post) -> None:
        """Go into the thread of a message."""
        self.channel, self._threads[post.channel] = post.channel, post.thread

    def post(self, n: int) -> Post | None:
        """Message ``n``."""
        return self.posts[n - 1] if 0 < n <= len(self.posts) else None

    def took(self, post: Post, speaker: Speaker | None = None) -> None:
        """Count a message that is stored; the conversation goes on in its thread. ``speaker`` wrote it before this began."""
        self.posts.append(post)
        self._threads[post.channel] = post.thread
        if speaker is not None:
            self._people[speaker.name.casefold()] = speaker
            if speaker.customer:
                self._customers[speaker.customer] = speaker.organisation

    def own_last(self) -> Post | None:
        """The last message of whoever is typing, in this channel."""
        own = (p for p in reversed(self.posts) if (p.author, p.channel) == (self.speaker.person.id, self.channel))
        return next(own, None)

    def said(self, text: str, now: datetime) -> MessagePosted:
        """A message of whoever is typing."""
        stamp = self._stamp(now)
        named = {name.casefold() for name in _NAMED.findall(text)}
        mentions = tuple(s.person.id for key, s in self._people.items() if key in named)
        return MessagePosted(
            source=SOURCE, external_id=f"message:{stamp}", at=now, channel=self.channel, message_id=stamp,
            author=self.speaker.person, text=text, thread=self.thread, direct=bool(_VIGIL.search(text)), mentions=mentions,
        )  # fmt: skip

    def changed(self, post: Post, text: str, now: datetime) -> MessageEdited | MessageDeleted:
        """A message says something else now; no text deletes it."""
        name = f"change:{self._stamp(now)}"
        if not text:
            return MessageDeleted(source=SOURCE, external_id=name, at=now, channel=post.channel, message_id=post.id)
        return MessageEdited(
            source=SOURCE, external_id=name, at=now, channel=post.channel, message_id=post.id, text=text
        )

    def clicked(self, action: str, target: str, now: datetime, *, at: Post | ChannelRef) -> ButtonClicked:
        """A click of whoever is typing, on a message or in a channel."""
        channel, message = (at.channel, at.id) if isinstance(at, Post) else (at, None)
        return ButtonClicked(
            source=SOURCE, external_id=f"click:{self._stamp(now)}", at=now, channel=channel, by=self.speaker.person,
            action=action, target=target, message_id=message,
        )  # fmt: skip

    def commanded(self, text: str, now: datetime) -> CommandIssued:
        """``/vigil TEXT`` by whoever is typing."""
        name = f"command:{self._stamp(now)}"
        return CommandIssued(
            source=SOURCE, external_id=name, at=now, channel=self.channel, by=self.speaker.person, text=text
        )

    def _stamp(self, now: datetime) -> str:
        """A time that nothing else here has: it names what happened then."""
        self._last = now if self._last is None else max(now, self._last + timedelta(microseconds=1))
        return f"{self._last.timestamp():.6f}"


def ref_of(channel: str) -> ChannelRef:
    """The channel of this name."""
    return ChannelRef(PLATFORM, HOME, channel)


def speaker_of(author: Person, customer: str) -> Speaker:
    """Who wrote a message of this customer's channel."""
    if author.organisation == HOME:
        return Speaker(author.name, ANALYST)
    return replace(Speaker(author.name, REQUESTER), customer=customer, organisation=author.organisation)
