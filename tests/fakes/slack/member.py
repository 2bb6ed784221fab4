"""A person on the platform, as a test plays them: what they do and what they see."""

from tests.fakes.slack.interactions import Interactions, Outcome
from tests.fakes.slack.platform import Platform
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.surfaces import View
from tests.fakes.slack.timeline import Draft
from tests.fakes.slack.world import Channel, File, Message, Person
from tests.fakes.slack.writing import escaped, rich_text


class Member:
    """Plays one person. Text is what they type: it is escaped as Slack does, ``<@U...>`` and the like stay."""

    def __init__(self, slack: Platform, interactions: Interactions, person: Person) -> None:
        self.person = person
        self._slack = slack
        self._interactions = interactions

    @property
    def id(self) -> str:
        """Their id."""
        return self.person.id

    @property
    def mention(self) -> str:
        """How a message names them."""
        return self.person.mention

    def post(
        self,
        channel: Channel,
        text: str = "",
        *,
        thread: Message | None = None,
        broadcast: bool = False,
        files: tuple[File, ...] = (),
        blocks: list[Json] | None = None,
        subtype: str = "",
    ) -> Message:
        """Post; in a thread where a message of it is given. ``subtype`` for what is not said as usual (me_message, ...)."""
        assert self.person in channel.members, f"{self.person.name} is not in the channel"
        root = thread.root_ts if thread else ""
        draft = Draft(escaped(text), blocks, root, broadcast, files, subtype)
        return self._slack.timeline.post(self.person, channel, draft)

    def edit(self, message: Message, text: str) -> None:
        """Change one's own message."""
        assert message.body["user"] == self.id, "people edit their own messages"
        stored = escaped(text)
        self._slack.timeline.change(message, {"text": stored, "blocks": rich_text(stored)}, self.person)

    def delete(self, message: Message) -> None:
        """Delete one's own message."""
        assert message.body["user"] == self.id, "people delete their own messages"
        self._slack.timeline.delete(message)

    def react(self, message: Message, name: str) -> None:
        """Add a reaction."""
        self._slack.timeline.react(self.person, message, name)

    def unreact(self, message: Message, name: str) -> None:
        """Take it away."""
        self._slack.timeline.react(self.person, message, name, removed=True)

    def join(self, channel: Channel) -> None:
        """Join a channel."""
        self._slack.timeline.join(self.person, channel)

    def invite(self, other: "Member", channel: Channel) -> None:
        """Bring somebody in, the bot for instance."""
        assert self.person in channel.members, f"{self.person.name} is not in the channel"
        self._slack.timeline.join(other.person, channel, self.person)

    def stops(self, stream: Message) -> None:
        """Stop a message of the bot that is still being written."""
        assert stream.streams_since is not None, "nothing is being written"
        stream.streams_since, stream.stopped = None, True

    def leave(self, channel: Channel) -> None:
        """Leave it."""
        self._slack.timeline.leave(self.person, channel)

    def direct(self) -> Channel:
        """The direct conversation with the bot."""
        return self._slack.world.im_of(self.person)

    def opens_home(self, tab: str = "home") -> None:
        """Open the app's home or messages tab."""
        event: Json = {"type": "app_home_opened", "user": self.id, "channel": self.direct().id, "tab": tab}
        if tab == "home" and self.home:
            event["view"] = self.home.told()
        self._slack.timeline.tell("app_home_opened", event | {"event_ts": self._slack.world.clock.ts()})

    async def press(self, where: Message | View, action_id: str, choice: object = None) -> Outcome:
        """Press a button or choose: the value of an option, a list of them, an id, ``positive`` or ``negative``."""
        return await self._interactions.press(self.person, where, action_id, choice)

    async def submit(self, **filled: object) -> Outcome:
        """Fill in the modal on top, by action id, and submit it."""
        assert self.modals, f"{self.person.name} has no modal open"
        return await self._interactions.submit(self.modals[-1], filled)

    async def close(self) -> Outcome | None:
        """Close the modal on top."""
        assert self.modals, f"{self.person.name} has no modal open"
        return await self._interactions.close(self.modals[-1])

    async def shortcut(self, message: Message, callback_id: str) -> Outcome:
        """Use a message shortcut."""
        return await self._interactions.shortcut(self.person, message, callback_id)

    async def command(self, channel: Channel, line: str) -> Outcome:
        """Type a slash command, such as ``/vigil help``."""
        name, _, text = line.partition(" ")
        return await self._interactions.command(self.person, channel, name, text)

    def screen(self, channel: Channel, thread: Message | None = None) -> list[Message]:
        """What they see in a channel or a thread of it, oldest first, ephemerals for them included."""
        assert self.person in channel.members, f"{self.person.name} is not in the channel"
        mine = [message for message in channel.ephemerals if message.ephemeral_to == self.id]
        everything = sorted([*channel.messages.values(), *mine], key=lambda message: message.ts)
        if thread:
            return [message for message in everything if message.root_ts == thread.root_ts]
        return [m for m in everything if not m.is_reply or m.body.get("subtype") == "thread_broadcast"]

    @property
    def modals(self) -> list[View]:
        """Their modals, the visible one last."""
        return self._slack.surfaces.stacks.get(self.id, [])

    @property
    def warnings(self) -> list[str]:
        """What went wrong before their eyes: Slack's warning signs, oldest first."""
        return self._slack.surfaces.warnings.get(self.id, [])

    @property
    def home(self) -> View | None:
        """Their home tab, once published."""
        return self._slack.surfaces.homes.get(self.id)
