"""What a Web API call brings: form, query or JSON, and the caller's rights."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.slack.refusals import Json, Refused, malformed
from tests.fakes.slack.world import Channel, Message, Person, World

_PREFIX = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


async def read(request: web.Request) -> Json:
    """The arguments of a request; ``invalid_json``, ``json_not_object`` or ``invalid_form_data`` otherwise."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except json.JSONDecodeError as error:
            raise Refused("invalid_json") from error
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        return given | body
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data", "application/octet-stream"}:
        return given | dict(await request.post())
    raise Refused("invalid_post_type")


@dataclass(frozen=True)
class Call:
    """One authorised call: ``method`` with what it ``given``, in a ``world``."""

    world: World
    method: str
    given: Json

    def need(self, scope: str) -> None:
        """Refuse as ``missing_scope`` without this scope."""
        provided = self.world.app.scopes
        if scope not in provided:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(provided)))

    def need_of(self, channel: Channel, right: str) -> None:
        """Refuse without a scope such as ``groups:history``, named after the kind of channel."""
        self.need(f"{_PREFIX[channel.kind]}:{right}")

    def text(self, name: str, *, required: bool = False) -> str:
        """A string; "" where it is not given, ``invalid_arguments`` where it is required."""
        value = self.given.get(name)
        if value is None or value == "":
            if required:
                raise malformed("invalid_arguments", [f"[ERROR] missing required field: {name}"])
            return ""
        if not isinstance(value, str):
            raise malformed("invalid_arguments", [f"[ERROR] must be a string: {name}"])
        return value

    def flag(self, name: str) -> bool:
        """A yes or no; forms say 1, true, 0 or false."""
        value = str(self.given.get(name, False)).lower()
        if value in {"1", "true", "0", "false"}:
            return value in {"1", "true"}
        raise malformed("invalid_arguments", [f"[ERROR] must be a boolean: {name}"])

    def number(self, name: str, default: int, highest: int) -> int:
        """A whole number from 1; ``invalid_limit`` otherwise."""
        value = str(self.given.get(name, default))
        if not value.isdecimal() or not 1 <= int(value) <= highest:
            raise Refused("invalid_limit")
        return int(value)

    def structure(self, name: str) -> Any:
        """Nested JSON, which forms carry as a string; None where it is not given."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            raise malformed("invalid_arguments", [f"[ERROR] must be JSON: {name}"]) from error

    def channel(self, name: str = "channel", *, member: bool = True) -> Channel:
        """The conversation with this id, which the bot must be in unless ``member`` is false. What is private and not
        ours does not exist."""
        channel = self.world.channels.get(self.text(name, required=True))
        if channel is None or (channel.is_private and not self.world.bot_is_in(channel)):
            raise Refused("channel_not_found")
        if member and not self.world.bot_is_in(channel):
            raise Refused("not_in_channel")
        return channel

    def person(self, name: str = "user") -> Person:
        """Somebody whom this workspace can see."""
        person = self.world.people.get(self.text(name, required=True))
        if person is None:
            raise Refused("user_not_found")
        if person.team is not self.world.home and not self._meets(person):
            raise Refused("user_not_visible")
        return person

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """A message by its ts; ``message_not_found`` otherwise, also for ephemerals and tombstones."""
        message = channel.messages.get(self.text(name, required=True))
        if message is None or message.body.get("subtype") == "tombstone":
            raise Refused("message_not_found")
        return message

    def _meets(self, person: Person) -> bool:
        return any(person in channel.members for channel in self.world.channels.values())
