"""Conversations: what they are, who is in them, what was said."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from tests.fakes.slack import bodies
from tests.fakes.slack.arguments import Call
from tests.fakes.slack.platform import Platform, method
from tests.fakes.slack.refusals import Json, Refused
from tests.fakes.slack.world import Message

_KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_RIGHTS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
T = TypeVar("T")


@method("conversations.info", 3)
def info(slack: Platform, call: Call) -> Json:
    """One conversation."""
    channel = call.channel(member=False)
    call.need_of(channel, "read")
    body = bodies.channel(slack.world, channel)
    if call.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


@method("conversations.members", 4)
def members(slack: Platform, call: Call) -> Json:
    """The ids of who is in it."""
    channel = call.channel(member=False)
    call.need_of(channel, "read")
    page, cursor = paged(call, [person.id for person in channel.members], 100)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


@method("conversations.list", 2)
def list_all(slack: Platform, call: Call) -> Json:
    """What the bot can see of these ``types``: its own, and public channels of the home workspace."""
    asked = (call.text("types") or "public_channel").split(",")
    if not set(asked) <= set(_KINDS):
        raise Refused("invalid_types")
    kinds = {_KINDS[name] for name in asked}
    seen = []
    for channel in slack.world.channels.values():
        ours = slack.world.bot_is_in(channel) or not channel.is_private
        if channel.kind in kinds and ours and not (channel.is_archived and call.flag("exclude_archived")):
            call.need_of(channel, "read")
            seen.append(bodies.channel(slack.world, channel))
    page, cursor = paged(call, seen, 100)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


@method("users.conversations", 3)
def list_own(slack: Platform, call: Call) -> Json:
    """The conversations of these ``types`` that the bot is a member of."""
    asked = (call.text("types") or "public_channel").split(",")
    if not set(asked) <= set(_KINDS):
        raise Refused("invalid_types")
    for name in asked:
        call.need(f"{_RIGHTS[name]}:read")
    kinds = {_KINDS[name] for name in asked}
    ours = [one for one in slack.world.channels.values() if one.kind in kinds and slack.world.bot_is_in(one)]
    shown = [one for one in ours if not (one.is_archived and call.flag("exclude_archived"))]
    page, cursor = paged(call, [bodies.channel(slack.world, one) for one in shown], 100)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


@method("conversations.open", 3)
def open_direct(slack: Platform, call: Call) -> Json:
    """The direct conversation with one person; opened if there was none."""
    call.need("im:write")
    if call.text("channel"):
        channel = call.channel()
    else:
        names = call.text("users", required=True).split(",")
        person = slack.world.people.get(names[0])
        if len(names) != 1 or person is None:
            raise Refused("users_list_not_supplied" if not names[0] else "user_not_found")
        channel = slack.world.im_of(person)
    return {"channel": bodies.channel(slack.world, channel) if call.flag("return_im") else {"id": channel.id}}


@method("conversations.history", 3)
def history(slack: Platform, call: Call) -> Json:
    """Roots and broadcasts, newest first."""
    channel = call.channel()
    call.need_of(channel, "history")
    shown = [m for m in channel.messages.values() if not m.is_reply or m.body.get("subtype") == "thread_broadcast"]
    found = sorted(_between(call, shown), key=lambda message: message.ts, reverse=True)
    return _told(slack, call, found, [])


@method("conversations.replies", 3)
def replies(slack: Platform, call: Call) -> Json:
    """A root and its replies, oldest first, the root on every page; of a reply's ts that reply alone."""
    channel = call.channel()
    call.need_of(channel, "history")
    asked = channel.messages.get(call.text("ts", required=True))
    if asked is None:
        raise Refused("thread_not_found")
    if asked.is_reply:
        return _told(slack, call, [], [asked])
    return _told(slack, call, _between(call, channel.thread(asked.ts)[1:]), [asked])


def paged(call: Call, everything: Sequence[T], default: int) -> tuple[Sequence[T], str]:
    """The page that a call asks for, and the cursor of the next; "" where this is the last."""
    limit = call.number("limit", default, 1000)
    return _page(call, everything, limit)


def _page(call: Call, everything: Sequence[T], limit: int) -> tuple[Sequence[T], str]:
    start = 0
    if cursor := call.text("cursor"):
        try:
            kind, _, offset = base64.b64decode(cursor, validate=True).decode().partition(":")
            start = int(offset) if kind == call.method else -1
        except (binascii.Error, UnicodeDecodeError, ValueError):
            start = -1
        if start < 0:
            raise Refused("invalid_cursor")
    following = start + limit < len(everything)
    following_cursor = base64.b64encode(f"{call.method}:{start + limit}".encode()).decode() if following else ""
    return everything[start : start + limit], following_cursor


def _between(call: Call, messages: list[Message]) -> list[Message]:
    """Those after ``oldest`` and before ``latest``; with ``inclusive`` at them too."""
    oldest, latest = float(call.given.get("oldest") or 0), float(call.given.get("latest") or "inf")
    inclusive = call.flag("inclusive")
    return [m for m in messages if oldest < float(m.ts) < latest or (inclusive and float(m.ts) in {oldest, latest})]


def _told(slack: Platform, call: Call, found: list[Message], always: list[Message]) -> Json:
    limit = slack.limits.most_objects(call.number("limit", 100, 1000))
    page, cursor = _page(call, found, max(1, limit - len(always)))
    with_metadata = call.flag("include_all_metadata")
    told = [bodies.message(message, with_metadata=with_metadata) for message in [*always, *page]]
    more: Json = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    return {"messages": told, "has_more": bool(cursor), **more}
