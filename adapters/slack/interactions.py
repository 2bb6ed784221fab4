"""Clicks, forms, shortcuts and commands as inbound events. Pure."""

import re
from datetime import datetime

from adapters.slack.render.elements import action_of
from adapters.slack.surroundings import Surroundings
from adapters.slack_payloads.fields import Payload, object_in, objects_in, text_in, texts_in
from adapters.slack_payloads.head import Refused, time_of
from core.domain.events import ButtonClicked, CommandIssued, FormSubmitted

_IN_LINK = re.compile(r"(/archives/|/client/[A-Z0-9]+/)([A-Z0-9]+)")
"""A permalink up to its channel's id."""


def click_of(body: Payload, around: Surroundings) -> ButtonClicked | Refused:
    action = next(iter(objects_in(body, "actions")), {})
    kind = action_of(text_in(action, "action_id"))
    at = time_of(action.get("action_ts"))
    user = object_in(body, "user")
    if kind is None or at is None or not text_in(user, "id"):
        return Refused("no button of ours, or no time or person")
    container = object_in(body, "container")
    channel = around.ref(text_in(object_in(body, "channel"), "id") or text_in(container, "channel_id"))
    return ButtonClicked(
        source=around.source,
        external_id=f"click:{text_in(user, 'id')}:{text_in(action, 'action_ts')}:{text_in(action, 'action_id')}",
        at=at,
        channel=channel,
        by=around.people.person(text_in(user, "id"), channel.channel, text_in(user, "team_id")),
        action=kind,
        target=text_in(action, "value"),
        message_id=text_in(container, "message_ts") or None,
    )


def form_of(body: Payload, around: Surroundings, now: datetime) -> FormSubmitted | Refused:
    """A modal of ours: ``callback_id`` names the form, ``private_metadata`` is ``TARGET|CHANNEL``. One that was given back and
    is submitted again keeps its id and hash; only the trigger is new."""
    view, user = object_in(body, "view"), object_in(body, "user")
    target, _, opened_in = text_in(view, "private_metadata").partition("|")
    channel = around.ref(opened_in)
    form = text_in(view, "callback_id")
    if not form or not text_in(user, "id"):
        return Refused("a form without name or person")
    return FormSubmitted(
        source=around.source,
        external_id=f"form:{text_in(view, 'id')}:{text_in(body, 'trigger_id') or text_in(view, 'hash')}",
        at=now,
        channel=channel,
        by=around.people.person(text_in(user, "id"), channel.channel, text_in(user, "team_id")),
        form=form,
        target=target,
        fields=tuple(_fields(object_in(object_in(view, "state"), "values"), around)),
    )


def _fields(values: Payload, around: Surroundings) -> list[tuple[str, str]]:
    """Each input block holds one element; its field goes by the block's id. Several chosen values are joined by commas."""
    found = []
    for block in values:
        for element in (object_in(object_in(values, block), name) for name in object_in(values, block)):
            found.append((block, _value(element, around)))
    return found


def _value(element: Payload, around: Surroundings) -> str:
    chosen = text_in(object_in(element, "selected_option"), "value")
    several = [text_in(option, "value") for option in objects_in(element, "selected_options")]
    conversations = tuple(around.ref(one).channel for one in texts_in(element, "selected_conversations"))
    listed = texts_in(element, "selected_users") + conversations
    channel = around.ref(text_in(element, "selected_conversation", "selected_channel")).channel
    one = text_in(element, "value", "selected_user") or channel
    return chosen or one or ",".join((*several, *listed))


def shortcut_of(body: Payload, around: Surroundings) -> ButtonClicked | Refused:
    """A message shortcut acts on the message it was opened on."""
    user, channel = object_in(body, "user"), around.ref(text_in(object_in(body, "channel"), "id"))
    ts, at = text_in(object_in(body, "message"), "ts"), time_of(body.get("action_ts"))
    if not channel.channel or not ts or at is None or not text_in(user, "id"):
        return Refused("a shortcut without message, time or person")
    return ButtonClicked(
        source=around.source,
        external_id=f"click:{text_in(user, 'id')}:{text_in(body, 'action_ts')}:{text_in(body, 'callback_id')}",
        at=at,
        channel=channel,
        by=around.people.person(text_in(user, "id"), channel.channel, text_in(user, "team_id")),
        action=text_in(body, "callback_id"),
        target=text_in(object_in(body, "message"), "thread_ts") or ts,
        message_id=ts,
    )


def command_of(body: Payload, around: Surroundings, now: datetime) -> CommandIssued | Refused:
    channel, user, trigger = (
        around.ref(text_in(body, "channel_id")),
        text_in(body, "user_id"),
        text_in(body, "trigger_id"),
    )
    if not channel.channel or not user or not trigger:
        return Refused("a command without channel, person or trigger")
    return CommandIssued(
        source=around.source,
        external_id=f"command:{trigger}",
        at=now,
        channel=channel,
        by=around.people.person(user, channel.channel),
        text=_IN_LINK.sub(lambda link: link[1] + around.ref(link[2]).channel, text_in(body, "text")),
    )
