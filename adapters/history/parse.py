"""One record of an export as inbound events. Pure: knows payloads, no files and no SDK."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.history.people import People
from adapters.slack_payloads.content import edited, files_of, mentions_of, text_of
from adapters.slack_payloads.fields import Payload, objects_in, text_in, texts_in
from adapters.slack_payloads.head import Head, Kind, Refused
from adapters.slack_payloads.readable import Names
from core.domain.channels import ChannelRef
from core.domain.events import MessageDeleted, MessageEdited, MessagePosted, ReactionChanged

# An export does not say when a reaction was given or a root deleted: after everything else in the thread is the only
# order that cannot hide from Vigil what people wrote.
UNDATED_AFTER = timedelta(seconds=1)

Made = MessagePosted | MessageEdited | MessageDeleted | ReactionChanged


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a record's channel and export tell: ``posted`` are the ts of its messages, ``replied`` those that have replies,
    ``last_at`` the time of the last message of each thread by its root's ts."""

    source: str
    channel: ChannelRef
    home: str
    people: People
    names: Names
    posted: AbstractSet[str]
    replied: AbstractSet[str]
    last_at: Mapping[str, datetime]


def events_of(head: Head, payload: Payload, around: Surroundings) -> tuple[Made, ...] | Refused:
    """Give the events that a record stands for, or why it stands for none."""
    if head.kind is Kind.POST:
        return _post(head, payload, around)
    if head.ts not in around.posted:
        return Refused(f"{head.kind} of a message that is not in the export")
    return _edit(head, payload, around) if head.kind is Kind.EDIT else (_deletion(head, around),)


def _post(head: Head, payload: Payload, around: Surroundings) -> tuple[Made, ...] | Refused:
    text, files = text_of(payload, around.names), files_of(payload)
    if not text and not files:
        return Refused("no text")
    mentions = mentions_of(payload)
    posted = MessagePosted(
        source=around.source,
        external_id=f"{around.channel.channel}:{head.ts}",
        at=head.at,
        channel=around.channel,
        message_id=head.ts,
        author=around.people.author(head, around.home),
        text=text,
        thread=head.thread or (head.ts if head.replies or head.ts in around.replied else None),
        broadcast=payload.get("subtype") == "thread_broadcast",
        direct=any(around.people.is_vigil(user) for user in mentions),
        mentions=mentions,
        attachments=files,
    )
    return (posted, *_reactions(head, payload, around))


def _reactions(head: Head, payload: Payload, around: Surroundings) -> list[ReactionChanged]:
    pairs = {(text_in(r, "name").partition("::")[0], user): None
             for r in objects_in(payload, "reactions") for user in texts_in(r, "users")}  # fmt: skip
    return [
        ReactionChanged(
            source=around.source,
            external_id=f"{around.channel.channel}:{head.ts}:reaction:{name}:{user}",
            at=_after_all(head.thread or head.ts, head.at, around),
            channel=around.channel,
            message_id=head.ts,
            by=around.people.person(user, around.home),
            name=name,
        )
        for name, user in pairs
        if name
    ]


def _edit(head: Head, payload: Payload, around: Surroundings) -> tuple[Made, ...] | Refused:
    now = edited(payload)
    if now is None:
        return Refused("an edit that changes no text")
    change = MessageEdited(
        source=around.source,
        external_id=f"{around.channel.channel}:{head.ts}:edited:{head.at.timestamp():.6f}",
        at=head.at,
        channel=around.channel,
        message_id=head.ts,
        text=text_of(now, around.names),
        attachments=files_of(now),
    )
    return (change,)


def _deletion(head: Head, around: Surroundings) -> MessageDeleted:
    at = _after_all(head.ts, head.at, around) if head.kind is Kind.TOMBSTONE else head.at
    return MessageDeleted(
        source=around.source,
        external_id=f"{around.channel.channel}:{head.ts}:deleted",
        at=at,
        channel=around.channel,
        message_id=head.ts,
    )


def _after_all(thread: str, at: datetime, around: Surroundings) -> datetime:
    return max(at, around.last_at.get(thread, at)) + UNDATED_AFTER
