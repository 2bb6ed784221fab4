"""One payload of Slack as an inbound event. Pure: knows payloads, no SDK.

``body`` is what Slack delivers: an ``event_callback`` envelope, a ``block_actions``, ``view_submission`` or ``message_action``
payload, or the fields of a slash command.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from adapters.slack.render.elements import action_of
from adapters.slack_payloads.content import edited, files_of, mentions_of, text_of
from adapters.slack_payloads.fields import Payload, list_in, object_in, objects_in, text_in, texts_in
from adapters.slack_payloads.head import Head, Kind, Refused, head_of, time_of
from adapters.slack_payloads.readable import Named, Names
from core.domain.channels import ChannelRef
from core.domain.events import (
    ButtonClicked,
    CommandIssued,
    FormSubmitted,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
)
from core.domain.people import Person

PLATFORM = "slack"

Made = MessagePosted | MessageEdited | MessageDeleted | ReactionChanged | ButtonClicked | FormSubmitted | CommandIssued


class Directory(Named, Protocol):
    """Who is known of the workspace."""

    def person(self, key: str, channel: str, team: str = "") -> Person:
        """The person of this id as a member of a channel; ``team`` is what a payload says of theirs."""
        ...

    def bot(self, key: str, bot: str) -> Person:
        """The bot that posts under a user id or, where none is known, under its bot id."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the app is installed: ``home`` is our workspace's id, ``user`` and ``bot_id`` are ours in it."""

    home: str
    user: str
    bot_id: str
    people: Directory
    names: Names

    @property
    def source(self) -> str:
        """The source of all events of this workspace."""
        return f"{PLATFORM}:{self.home}"

    def ref(self, channel: str) -> ChannelRef:
        """A channel of this workspace."""
        return ChannelRef(PLATFORM, self.home, channel)


def event_of(body: Payload, around: Surroundings, now: datetime) -> Made | Refused:
    """Give the event that a payload stands for, or why it stands for none. ``now`` dates forms and commands: Slack does not."""
    if text_in(body, "command"):
        return _command(body, around, now)
    match text_in(body, "type"):
        case "event_callback":
            return _event(object_in(body, "event"), text_in(body, "event_id"), around)
        case "block_actions":
            return _click(body, around)
        case "view_submission":
            return _form(body, around, now)
        case "message_action":
            return _shortcut(body, around)
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
    channel, mentions = text_in(event, "channel"), mentions_of(event)
    author = (
        around.people.bot(head.author, head.bot) if head.bot else around.people.person(head.author, channel, head.team)
    )
    return MessagePosted(
        source=around.source,
        external_id=event_id,
        at=head.at,
        channel=around.ref(channel),
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
        by=around.people.person(user, channel),
        name=text_in(event, "reaction").partition("::")[0],
        added=text_in(event, "type") == "reaction_added",
    )


def _click(body: Payload, around: Surroundings) -> ButtonClicked | Refused:
    action = next(iter(objects_in(body, "actions")), {})
    kind = action_of(text_in(action, "action_id"))
    at = time_of(action.get("action_ts"))
    user = object_in(body, "user")
    if kind is None or at is None or not text_in(user, "id"):
        return Refused("no button of ours, or no time or person")
    container = object_in(body, "container")
    channel = text_in(object_in(body, "channel"), "id") or text_in(container, "channel_id")
    return ButtonClicked(
        source=around.source,
        external_id=f"click:{text_in(user, 'id')}:{text_in(action, 'action_ts')}:{text_in(action, 'action_id')}",
        at=at,
        channel=around.ref(channel),
        by=around.people.person(text_in(user, "id"), channel, text_in(user, "team_id")),
        action=kind,
        target=text_in(action, "value"),
        message_id=text_in(container, "message_ts") or None,
    )


def _form(body: Payload, around: Surroundings, now: datetime) -> FormSubmitted | Refused:
    """A modal of ours: ``callback_id`` names the form, ``private_metadata`` is ``TARGET|CHANNEL``. One that was given back and
    is submitted again keeps its id and hash; only the trigger is new."""
    view, user = object_in(body, "view"), object_in(body, "user")
    target, _, channel = text_in(view, "private_metadata").partition("|")
    form = text_in(view, "callback_id")
    if not form or not text_in(user, "id"):
        return Refused("a form without name or person")
    return FormSubmitted(
        source=around.source,
        external_id=f"form:{text_in(view, 'id')}:{text_in(body, 'trigger_id') or text_in(view, 'hash')}",
        at=now,
        channel=around.ref(channel),
        by=around.people.person(text_in(user, "id"), channel, text_in(user, "team_id")),
        form=form,
        target=target,
        fields=tuple(_fields(object_in(object_in(view, "state"), "values"))),
    )


def _fields(values: Payload) -> list[tuple[str, str]]:
    """Each input block holds one element; its field goes by the block's id. Several chosen values are joined by commas."""
    found = []
    for block in values:
        for element in (object_in(object_in(values, block), name) for name in object_in(values, block)):
            found.append((block, _value(element)))
    return found


def _value(element: Payload) -> str:
    chosen = text_in(object_in(element, "selected_option"), "value")
    several = [text_in(option, "value") for option in objects_in(element, "selected_options")]
    listed = texts_in(element, "selected_users") + texts_in(element, "selected_conversations")
    one = text_in(element, "value", "selected_user", "selected_conversation", "selected_channel")
    return chosen or one or ",".join((*several, *listed))


def _shortcut(body: Payload, around: Surroundings) -> ButtonClicked | Refused:
    """A message shortcut acts on the message it was opened on."""
    user, channel = object_in(body, "user"), text_in(object_in(body, "channel"), "id")
    ts, at = text_in(object_in(body, "message"), "ts"), time_of(body.get("action_ts"))
    if not channel or not ts or at is None or not text_in(user, "id"):
        return Refused("a shortcut without message, time or person")
    return ButtonClicked(
        source=around.source,
        external_id=f"click:{text_in(user, 'id')}:{text_in(body, 'action_ts')}:{text_in(body, 'callback_id')}",
        at=at,
        channel=around.ref(channel),
        by=around.people.person(text_in(user, "id"), channel, text_in(user, "team_id")),
        action=text_in(body, "callback_id"),
        target=text_in(object_in(body, "message"), "thread_ts") or ts,
        message_id=ts,
    )


def _command(body: Payload, around: Surroundings, now: datetime) -> CommandIssued | Refused:
    channel, user, trigger = text_in(body, "channel_id"), text_in(body, "user_id"), text_in(body, "trigger_id")
    if not channel or not user or not trigger:
        return Refused("a command without channel, person or trigger")
    return CommandIssued(
        source=around.source,
        external_id=f"command:{trigger}",
        at=now,
        channel=around.ref(channel),
        by=around.people.person(user, channel),
        text=text_in(body, "text"),
    )


def people_in(body: Payload) -> frozenset[str]:
    """The user ids that a payload names, so that they can be looked up before it is read."""
    event = object_in(body, "event") or body
    message = object_in(event, "message")
    named = {text_in(event, "user", "user_id"), text_in(object_in(body, "user"), "id"), text_in(message, "user")}
    return frozenset(named | set(mentions_of(event)) | set(mentions_of(message))) - {""}


def channel_of(body: Payload) -> str:
    """The id of the channel that a payload is about; empty where it is about none."""
    event = object_in(body, "event") or body
    own = event.get("channel")
    named = own if isinstance(own, str) else text_in(object_in(event, "channel"), "id")
    return named or text_in(object_in(event, "item"), "channel") or text_in(event, "channel_id")


def shared_outside(body: Payload) -> bool:
    """Whether Slack says that the payload's channel is shared with other organisations."""
    return body.get("is_ext_shared_channel") is True


def teams_of(channel: Payload, home: str) -> frozenset[str]:
    """The outside organisations of a channel, from ``conversations.info``."""
    listed = (list_in(channel, name) for name in ("connected_team_ids", "shared_team_ids"))
    return frozenset(team for teams in listed for team in teams if isinstance(team, str) and team) - {home}
