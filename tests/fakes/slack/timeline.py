"""What happens in channels, and the events that Slack makes of it for the app."""

import re
from dataclasses import dataclass
from uuid import uuid4

from tests.fakes.slack import bodies
from tests.fakes.slack.block_kit import with_ids
from tests.fakes.slack.deliveries import Deliveries
from tests.fakes.slack.envelopes import event_envelope
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.world import Channel, File, Message, Person, Team, World
from tests.fakes.slack.writing import rich_text

_OF_KIND = {"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}
STREAM_LASTS_S = 300.0


@dataclass(frozen=True)
class Draft:
    """What somebody is about to post; ``text`` with `& < >` escaped, as Slack keeps it."""

    text: str = ""
    blocks: list[Json] | None = None
    thread_ts: str = ""
    broadcast: bool = False
    files: tuple[File, ...] = ()
    subtype: str = ""
    metadata: Json | None = None
    username: str = ""


class Timeline:
    """Changes channels and tells the app what it may know: its subscriptions, and only where its bot is a member."""

    def __init__(self, world: World, deliveries: Deliveries) -> None:
        self._world = world
        self._deliveries = deliveries

    def tell(self, subscription: str, event: Json, channel: Channel | None = None, side: Team | None = None) -> None:
        """Send an event that is subscribed to, if it is of no channel or of one that the bot is in."""
        self._world.bell.ring()
        if self._world.app.hears(subscription) and (channel is None or self._world.bot_is_in(channel)):
            self._deliveries.tell(event_envelope(self._world, event, channel, side))

    def post(self, author: Person, channel: Channel, draft: Draft) -> Message:
        """Post a message. One that mentions the bot makes two events with one ts, except in direct messages."""
        message = Message(channel, self._body(author, channel, draft), metadata=draft.metadata, files=list(draft.files))
        channel.messages[message.ts] = message
        if author is self._world.app.bot:
            channel.statuses.pop(message.root_ts, None)
        event = self.event_of(message)
        self._tell_message(channel, event, author)
        app = self._world.app
        mentioned = re.search(rf"<@{app.bot.id}(\||>)", draft.text) and author is not app.bot
        if mentioned and channel.kind != "im" and draft.subtype in {"", "file_share", "thread_broadcast"}:
            mention = {key: value for key, value in event.items() if key not in {"subtype", "channel_type"}}
            self.tell("app_mention", mention | {"type": "app_mention"}, channel, author.team)
        return message

    def ephemeral(self, author: Person, channel: Channel, person: Person, draft: Draft) -> Message:
        """Show something to one person; no event."""
        message = Message(channel, self._body(author, channel, draft), ephemeral_to=person.id)
        channel.ephemerals.append(message)
        self._world.bell.ring()
        return message

    def change(self, message: Message, changes: Json, by: Person | None = None) -> None:
        """Change fields of a message; ``by`` its editor, none for what Slack does itself (an unfurled link)."""
        before = dict(message.body)
        message.body = {**message.body, **changes}
        if by:
            message.body["edited"] = {"user": by.id, "ts": self._world.clock.ts()}
        if message.ephemeral_to:
            self._world.bell.ring()
            return
        author = self._world.people[message.body["user"]]
        changed = {"message": dict(message.body), "previous_message": before, "hidden": True}
        self._tell_message(message.channel, {"type": "message", "subtype": "message_changed", **changed}, author)

    def delete(self, message: Message) -> None:
        """Delete a message; a root with replies leaves a tombstone, which goes with the last of them."""
        channel, before = message.channel, dict(message.body)
        author = self._world.people[message.body["user"]]
        if len(channel.thread(message.ts)) > 1:
            keep = {
                "type": "message",
                "subtype": "tombstone",
                "ts": message.ts,
                "thread_ts": message.ts,
                "hidden": True,
            }
            message.body = keep | {"user": "USLACKBOT", "text": "This message was deleted."}
            told = {"subtype": "message_changed", "message": dict(message.body), "hidden": True}
        else:
            del channel.messages[message.ts]
            told = {"subtype": "message_deleted", "deleted_ts": message.ts, "hidden": True}
        self._tell_message(channel, {"type": "message", **told, "previous_message": before}, author)
        root = channel.messages.get(message.root_ts)
        if root and root.body.get("subtype") == "tombstone" and len(channel.thread(root.ts)) == 1:
            del channel.messages[root.ts]
            told = {"subtype": "message_deleted", "deleted_ts": root.ts, "hidden": True, "previous_message": root.body}
            self._tell_message(channel, {"type": "message", **told}, author)

    def react(self, person: Person, message: Message, name: str, *, removed: bool = False) -> None:
        """Add or take away somebody's reaction."""
        users = {one["name"]: list(one["users"]) for one in message.body.get("reactions", [])}
        if removed:
            users[name].remove(person.id)
        else:
            users.setdefault(name, []).append(person.id)
        reactions = [{"name": key, "users": ids, "count": len(ids)} for key, ids in users.items() if ids]
        message.body["reactions"] = reactions
        kind = "reaction_removed" if removed else "reaction_added"
        item = {"type": "message", "channel": message.channel.id, "ts": message.ts}
        event = {"type": kind, "user": person.id, "reaction": name, "item": item, "item_user": message.body["user"]}
        self.tell(kind, event | {"event_ts": self._world.clock.ts()}, message.channel, person.team)

    def join(self, person: Person, channel: Channel, inviter: Person | None = None) -> None:
        """Let somebody in."""
        channel.members.append(person)
        self._moved("member_joined_channel", person, channel, {"inviter": inviter.id} if inviter else {})
        self.post(person, channel, Draft(f"{person.mention} has joined the channel", subtype="channel_join"))

    def leave(self, person: Person, channel: Channel) -> None:
        """Let somebody go; of the bot itself this is the last that the app is told."""
        self._moved("member_left_channel", person, channel, {})
        channel.members.remove(person)

    def event_of(self, message: Message) -> Json:
        """The message event as it is sent for a new message."""
        channel = message.channel
        event = {**message.body, "channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind}
        root = channel.messages.get(message.root_ts)
        if message.is_reply and root:
            event["parent_user_id"] = root.body["user"]
            if message.body.get("subtype") == "thread_broadcast":
                event["root"] = bodies.message(root)
        return event

    def _moved(self, kind: str, person: Person, channel: Channel, more: Json) -> None:
        letter = "C" if channel.kind == "channel" else "G"
        event = {"type": kind, "user": person.id, "channel": channel.id, "channel_type": letter, "team": person.team.id}
        event |= more
        self.tell(kind, event | {"event_ts": self._world.clock.ts()}, channel, person.team)

    def _tell_message(self, channel: Channel, event: Json, author: Person) -> None:
        whole = {"ts": self._world.clock.ts(), "channel": channel.id, "channel_type": channel.kind, **event}
        whole.setdefault("event_ts", whole["ts"])
        self.tell(_OF_KIND[channel.kind], whole, channel, author.team)

    def _body(self, author: Person, channel: Channel, draft: Draft) -> Json:
        body: Json = {"type": "message", "user": author.id, "ts": self._world.clock.ts(), "text": draft.text}
        body["team"] = author.team.id
        if draft.subtype == "channel_join":
            return body | {"subtype": draft.subtype}
        if author.bot_id:
            profile = bodies.bot_profile(self._world, author)
            body |= {"bot_id": author.bot_id, "app_id": profile["app_id"], "bot_profile": profile}
        else:
            body["client_msg_id"] = str(uuid4())
        if author.team is not self._world.home:
            body |= {"user_team": author.team.id, "source_team": author.team.id}
            body["user_profile"] = bodies.user_profile(author)
        subtype = draft.subtype or ("thread_broadcast" if draft.broadcast else "file_share" if draft.files else "")
        given = {"subtype": subtype, "thread_ts": draft.thread_ts, "username": draft.username}
        body |= {key: value for key, value in given.items() if value}
        blocks = with_ids(draft.blocks) if draft.blocks else [] if author.bot_id else rich_text(draft.text)
        if blocks:
            body["blocks"] = blocks
        if draft.files:
            body["files"] = [bodies.file(self._world, one, as_stub=one.outside) for one in draft.files]
        return body
