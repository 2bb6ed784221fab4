"""One payload of Slack as an inbound event. Pure: knows payloads, no SDK.

``body`` is what Slack delivers: an ``event_callback`` envelope, a ``block_actions``, ``view_submission`` or ``message_action``
payload, or the fields of a slash command.
"""

from datetime import datetime

from adapters.slack.interactions import click_of, command_of, form_of, shortcut_of
from adapters.slack.surroundings import Surroundings
from adapters.slack_payloads.content import edited, files_of, mentions_of, text_of
from adapters.slack_payloads.fields import Payload, object_in, text_in
from adapters.slack_payloads.head import Head, Kind, Refused, head_of, time_of
from core.domain.events import (
    ButtonClicked,
    CommandIssued,
    FormSubmitted,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
)

Made = MessagePosted | MessageEdited | MessageDeleted | ReactionChanged | ButtonClicked | FormSubmitted | CommandIssued


def event_of(body: Payload, around: Surroundings, now: datetime) -> Made | Refused:
    """Give the event that a payload stands for, or why it stands for none. ``now`` dates forms and commands: Slack does not."""
    if text_in(body, "command"):
        return command_of(body, around, now)
    match text_in(body, "type"):
        case "event_callback":
            return _event(object_in(body, "event"), text_in(body, "event_id"), around)
        case "block_actions":
            return click_of(body, around)
        case "view_submission":
            return form_of(body, around, now)
        case "message_action":
            return shortcut_of(body, around)
        case other:
            return Refused(f"not understood: {other[:40] or 'no type'}")


def _event(event: Payload, event_id: str, around: Surroundings) -> Made | Refused:
    match text_in(event, "type"):
        case "message" | "app_mention":
            return _message(event, event_id, around)
        case "reaction_added" | "reaction_removed":
            return _reaction(event, event_id, around)
        case other:
            return Refused(f"not for the desk: {other[:40] or 'no type'}")


def _message(event: Payload, event_id: str, around: Surroundings) -> Made | Refused:
    head = head_of({**event, "type": "message"})
    if isinstance(head, Refused):
        return head
    channel = text_in(event, "channel")
    if not channel:
        return Refused("no channel")
    match head.kind:
        case Kind.POST:
            return _post(head, event, event_id, around)
        case Kind.EDIT:
            return _edit(head, event, event_id, around)
        case Kind.DELETION | Kind.TOMBSTONE:
            return MessageDeleted(
                source=around.source, external_id=event_id, at=head.at, channel=around.ref(channel), message_id=head.ts
            )


def _post(head: Head, event: Payload, event_id: str, around: Surroundings) -> MessagePosted | Refused:
    if around.user in (head.author, head.bot) or head.bot == around.bot_id:
        return Refused("our own post")
    text, files = text_of(event, around.names), files_of(event)
    if not text and not files:
        return Refused("no text")
    channel, mentions, people = around.ref(text_in(event, "channel")), mentions_of(event), around.people
    author = people.bot(head.author, head.bot) if head.bot else people.person(head.author, channel.channel, head.team)
    return MessagePosted(
        source=around.source,
        external_id=event_id,
        at=head.at,
        channel=channel,
        message_id=head.ts,
        author=author,
        text=text,
        thread=head.thread or (head.ts if head.replies else None),
        broadcast=text_in(event, "subtype") == "thread_broadcast",
        direct=around.user in mentions or text_in(event, "channel_type") == "im",
        mentions=mentions,
        attachments=files,
    )


def _edit(head: Head, event: Payload, event_id: str, around: Surroundings) -> MessageEdited | MessageDeleted | Refused:
    """A root that was deleted while it had replies comes as a change to a tombstone."""
    channel, now = around.ref(text_in(event, "channel")), object_in(event, "message")
    if text_in(now, "subtype") == "tombstone":
        return MessageDeleted(
            source=around.source, external_id=event_id, at=head.at, channel=channel, message_id=head.ts
        )
    if around.user == text_in(now, "user") or text_in(now, "bot_id") == around.bot_id:
        return Refused("our own post")
    changed = edited(event)
    if changed is None:
        return Refused("an edit that changes no text")
    return MessageEdited(
        source=around.source,
        external_id=event_id,
        at=head.at,
        channel=channel,
        message_id=head.ts,
        text=text_of(changed, around.names),
        attachments=files_of(changed),
    )


def _reaction(event: Payload, event_id: str, around: Surroundings) -> ReactionChanged | Refused:
    item, user = object_in(event, "item"), text_in(event, "user")
    channel, ts, at = text_in(item, "channel"), text_in(item, "ts"), time_of(event.get("event_ts"))
    if text_in(item, "type") != "message" or not channel or not ts or at is None:
        return Refused("a reaction to something else than a message")
    if not user or user == around.user:
        return Refused("our own reaction")
    return ReactionChanged(
        source=around.source,
        external_id=event_id,
        at=at,
        channel=around.ref(channel),
        message_id=ts,
        by=around.people.person(user, around.ref(channel).channel),
        name=text_in(event, "reaction").partition("::")[0],
        added=text_in(event, "type") == "reaction_added",
    )
