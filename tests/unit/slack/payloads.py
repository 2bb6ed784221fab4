"""Payloads as Slack delivers them, and the workspace they are read in."""

from datetime import UTC, datetime
from typing import Any

from adapters.slack.parse import Made, event_of
from adapters.slack.people import People
from adapters.slack.surroundings import Surroundings
from adapters.slack_payloads.head import Refused
from adapters.slack_payloads.readable import Names

Json = dict[str, Any]
HOME, CUSTOMER, US, OUR_BOT, CHANNEL = "T0HOME", "T0CUS", "U0VIGIL", "B0VIGIL", "C0SUPPORT"
TS, EDITED_TS = "1793607124.123456", "1793607200.000100"
AT = datetime.fromtimestamp(1793607124, UTC).replace(microsecond=123456)
NOW = datetime(2026, 11, 14, 14, 2, tzinfo=UTC)


def workspace(*users: Json) -> Surroundings:
    """Ours, with what ``users.info`` has told of these users."""
    people = People(HOME)
    for user in users:
        people.know(user)
    return Surroundings(HOME, US, OUR_BOT, people, Names(people, {CHANNEL: "support"}))


def envelope(event: Json, **more: object) -> Json:
    """An ``event_callback`` of a channel that is shared with a customer."""
    return {
        "token": "x", "team_id": HOME, "api_app_id": "A0VIGIL", "type": "event_callback", "event_id": "Ev0001",
        "event_time": 1793607124, "authorizations": [{"team_id": HOME, "user_id": US, "is_bot": True}],
        "is_ext_shared_channel": True, "context_team_id": CUSTOMER, "event_context": "4-xyz", "event": event, **more,
    }  # fmt: skip


def message(**more: object) -> Json:
    """A customer's message at top level."""
    return {
        "type": "message", "channel": CHANNEL, "channel_type": "channel", "user": "U0KIM", "ts": TS, "event_ts": TS,
        "client_msg_id": "8c1c6f0e", "text": "why does it fail?", "team": CUSTOMER, "user_team": CUSTOMER,
        "source_team": CUSTOMER, "user_profile": {"real_name": "Kim Lee", "display_name": "kim", "name": "kim"}, **more,
    }  # fmt: skip


def change(subtype: str, **more: object) -> Json:
    """What tells of a change to a message."""
    return {
        "type": "message", "subtype": subtype, "channel": CHANNEL, "channel_type": "channel", "hidden": True,
        "ts": EDITED_TS, "event_ts": EDITED_TS, **more,
    }  # fmt: skip


def edit(before: str, after: str, **more: object) -> Json:
    """A ``message_changed`` of the customer's message."""
    own = {"type": "message", "user": "U0KIM", "ts": TS, "team": CUSTOMER}
    return change("message_changed", message={**own, "text": after, **more}, previous_message={**own, "text": before})


def click(**more: object) -> Json:
    """A ``block_actions`` of a button of ours in a thread."""
    return {
        "type": "block_actions", "user": {"id": "U0KIM", "username": "kim", "team_id": CUSTOMER},
        "api_app_id": "A0VIGIL", "trigger_id": "1.2.3", "team": {"id": HOME}, "channel": {"id": CHANNEL, "name": "x"},
        "container": {"type": "message", "message_ts": TS, "channel_id": CHANNEL, "thread_ts": TS},
        "message": {"ts": TS}, "response_url": "https://hooks.example/1",
        "actions": [{"action_id": "vigil:accept:0", "block_id": "b", "type": "button", "value": "answer-1",
                     "action_ts": EDITED_TS}], **more,
    }  # fmt: skip


def command(**more: object) -> Json:
    """The fields of a slash command."""
    return {
        "command": "/vigil", "text": "why does it fail?", "team_id": HOME, "channel_id": CHANNEL, "user_id": "U0KIM",
        "channel_name": "support", "user_name": "kim", "response_url": "https://hooks.example/1", "trigger_id": "4.5.6",
        **more,
    }  # fmt: skip


def form(**more: object) -> Json:
    """A ``view_submission``."""
    return {
        "type": "view_submission", "user": {"id": "U0ANA", "team_id": HOME}, "trigger_id": "7.8.9",
        "view": {"id": "V1", "type": "modal", "callback_id": "config", "private_metadata": f"target|{CHANNEL}",
                 "hash": "1.a", "state": {"values": {
                     "mode": {"mode": {"type": "static_select", "selected_option": {"value": "draft"}}},
                     "analyst_channel": {"a": {"type": "conversations_select", "selected_conversation": "C0OTHER"}},
                     "approval": {"p": {"type": "checkboxes", "selected_options": [{"value": "on"}, {"value": "b"}]}},
                     "scope": {"s": {"type": "plain_text_input", "value": None}}}}}, **more,
    }  # fmt: skip


def read(body: Json, around: Surroundings | None = None) -> Made | Refused:
    """What a payload is read as."""
    return event_of(body, around or workspace(), NOW)


def refusal(body: Json) -> str:
    """Why a payload is no event; empty where it is one."""
    found = read(body)
    return found.reason if isinstance(found, Refused) else ""
