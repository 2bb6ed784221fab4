"""A Slack on this machine and the adapter's workspace in it, without a bot."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from adapters.slack.moves import Moves
from adapters.slack.web import opened_client
from adapters.slack.workspace import Workspace, who_we_are
from core.domain.events import ChannelChanged
from tests.fakes.slack.member import Member
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.server import FakeSlack, fake_slack
from tests.fakes.slack.world import Channel
from tests.fakes.unit_of_work import MemoryRecords


@dataclass
class There:
    """Our workspace with one channel of its own and two of its people."""

    slack: FakeSlack
    workspace: Workspace
    channel: Channel
    dana: Member
    lee: Member

    @property
    def moves(self) -> Moves:
        """What keeps changed channel ids; there are none."""
        return Moves(MemoryRecords(), self.workspace.around)

    async def learn(self, who: Member, **more: object) -> ChannelChanged | None:
        """What a message of somebody tells of its channel."""
        event = {"type": "message", "channel": self.channel.id, "user": who.id, "text": "a"}
        body: Json = {"type": "event_callback", "event": event, **more}
        return await self.workspace.learn(body, datetime.fromtimestamp(self.slack.world.clock.now(), UTC))


@pytest.fixture
async def there() -> AsyncIterator[There]:
    async with fake_slack() as slack, opened_client(slack.app.bot_token, slack.api_url) as client:
        dana, lee = slack.person("Dana Analyst"), slack.person("Lee Colleague")
        channel = slack.channel("support", [slack.bot, dana, lee])
        yield There(slack, Workspace(client, await who_we_are(client)), channel, dana, lee)
