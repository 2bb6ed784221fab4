"""The fake as tests use it: start it, give the bot its addresses and tokens, and let people act."""

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

from aiohttp import web

from tests.fakes.slack import files, response_urls, web_api
from tests.fakes.slack.connections import Connections
from tests.fakes.slack.deliveries import Deliveries, Patience
from tests.fakes.slack.faults import Faults, Limits
from tests.fakes.slack.interactions import Interactions
from tests.fakes.slack.member import Member
from tests.fakes.slack.platform import Platform
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.surfaces import Surfaces
from tests.fakes.slack.timeline import Timeline
from tests.fakes.slack.world import App, Channel, File, Group, Message, Person, Team, World


class FakeSlack(Platform):
    """One Slack with one app under test, ``app``, whose bot is ``bot``."""

    def __init__(self, patience: Patience | None = None) -> None:
        world = World()
        connections = Connections(world)
        deliveries = Deliveries(connections, world.bell, patience or Patience())
        super().__init__(
            world,
            connections,
            deliveries,
            Timeline(world, deliveries),
            Surfaces(world),
            Faults(),
            Limits(world.clock),
        )
        self._interactions = Interactions(self)

    @property
    def app(self) -> App:
        """The app under test: its tokens, scopes and subscriptions may be changed."""
        return self.world.app

    @property
    def bot(self) -> Member:
        """Its bot user, for channels to have as a member."""
        return Member(self, self._interactions, self.app.bot)

    @property
    def api_url(self) -> str:
        """The base address of the Web API, with a slash at its end."""
        return f"{self.world.address}/api/"

    def team(self, name: str) -> Team:
        """Another workspace."""
        team = Team(self.world.mint("T"), name)
        self.world.teams[team.id] = team
        return team

    def person(
        self,
        name: str,
        team: Team | None = None,
        *,
        guest: bool = False,
        single_channel: bool = False,
        bot: bool = False,
    ) -> Member:
        """A member of the home workspace or of another; ``guest`` is restricted, ``single_channel`` ultra-restricted."""
        bot_id = self.world.mint("B") if bot else ""
        person = Person(self.world.mint("U"), name, team or self.world.home, bot_id)
        person.is_restricted, person.is_ultra_restricted = guest or single_channel, single_channel
        self.world.people[person.id] = person
        return Member(self, self._interactions, person)

    def group(self, handle: str, members: Sequence[Member]) -> Group:
        """A user group of the home workspace."""
        group = Group(self.world.mint("S"), handle, [member.person for member in members])
        self.world.groups[group.id] = group
        return group

    def channel(
        self, name: str, members: Sequence[Member], *, kind: str = "channel", shared_with: Sequence[Team] = ()
    ) -> Channel:
        """A channel: ``kind`` is channel, group (private) or mpim; shared with outside workspaces by Slack Connect."""
        people = [member.person for member in members]
        channel = Channel(self.world.mint("C"), name, kind, self.world.home, people, list(shared_with))
        self.world.channels[channel.id] = channel
        return channel

    def file(self, author: Member, name: str, content: bytes, mimetype: str = "image/png") -> File:
        """A file, ready to be posted; one from another workspace reaches the app as a stub."""
        outside = author.person.team is not self.world.home
        file = File(self.world.mint("F"), name, mimetype, content, author.person, outside)
        self.world.files[file.id] = file
        return file

    def change_members(self, group: Group, members: Sequence[Member]) -> None:
        """Give a user group other members."""
        before, after = {person.id for person in group.members}, {member.id for member in members}
        group.members = [member.person for member in members]
        event: Json = {"type": "subteam_members_changed", "subteam_id": group.id, "team_id": self.world.home.id}
        for name, ids in (("added", after - before), ("removed", before - after)):
            event |= {f"{name}_users": sorted(ids), f"{name}_users_count": len(ids)}
        self._announce("subteam_members_changed", event)

    def share(self, channel: Channel, team: Team, *, new_id: bool = False) -> None:
        """Share a channel with another workspace; its id may change by that."""
        channel.shared_with.append(team)
        if new_id:
            old, channel.id = channel.id, self.world.mint("C")
            self.world.channels[channel.id] = self.world.channels.pop(old)
            moved = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": channel.id}
            self._announce("channel_id_changed", moved, channel)
        shared = {"type": "channel_shared", "connected_team_id": team.id, "channel": channel.id}
        self._announce("channel_shared", shared, channel)

    def unshare(self, channel: Channel, team: Team) -> None:
        """End the sharing with a workspace, whose people leave."""
        channel.shared_with.remove(team)
        channel.members = [person for person in channel.members if person.team is not team]
        left = {"previously_connected_team_id": team.id, "is_ext_shared": bool(channel.shared_with)}
        self._announce("channel_unshared", {"type": "channel_unshared", "channel": channel.id, **left}, channel)

    def unfurl(self, message: Message, url: str) -> None:
        """Show the preview of a link in a message, as Slack does a moment after it was posted."""
        preview = {"id": 1, "from_url": url, "original_url": url, "title": "A page", "fallback": "A page"}
        self.timeline.change(message, {"attachments": [preview]})

    def uninstall(self) -> None:
        """Remove the app: its tokens are dead."""
        self._announce("tokens_revoked", {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.app.bot.id]}})
        self._announce("app_uninstalled", {"type": "app_uninstalled"})
        self.app.token_error = "account_inactive"

    def called(self, method: str) -> list[Json]:
        """The arguments of each call of a method that came with a good token, refused ones too."""
        return [given for name, given in self.calls if name == method]

    async def until(self, holds: Callable[[], bool], within_s: float = 10.0) -> None:
        """Wait until something holds; ``TimeoutError`` where it does not within real seconds."""
        await self.world.bell.until(holds, within_s)

    async def connected(self, number: int = 1) -> None:
        """Wait until the app has so many connections."""
        await self.until(lambda: len(self.connections.live) >= number)

    def _announce(self, subscription: str, event: Json, channel: Channel | None = None) -> None:
        self.timeline.tell(subscription, event | {"event_ts": self.world.clock.ts()}, channel)


@contextlib.asynccontextmanager
async def fake_slack(patience: Patience | None = None) -> AsyncIterator[FakeSlack]:
    """Serve a new Slack on a free port of this machine."""
    slack = FakeSlack(patience)
    served = web.Application(client_max_size=2**22)
    served.router.add_route("*", "/api/{method}", partial(web_api.answer, slack))
    served.router.add_get("/link/", slack.connections.accept)
    served.router.add_post("/actions/{team}/{name}", partial(response_urls.respond, slack))
    served.router.add_get("/files-pri/{name}/{tail:.*}", partial(files.download, slack))
    served.router.add_get("/login", files.login)
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        slack.world.address = f"http://{host}:{port}"
        yield slack
    finally:
        await slack.deliveries.stop()
        await slack.connections.stop()
        await runner.cleanup()
