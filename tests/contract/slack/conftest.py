"""One Slack with a support channel, and the real SDK to talk to it."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.member import Member
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.server import FakeSlack, fake_slack
from tests.fakes.slack.world import Channel


@dataclass
class Support:
    """A channel of the home workspace, shared with one customer."""

    slack: FakeSlack
    client: AsyncWebClient
    channel: Channel
    dana: Member
    bob: Member

    async def refusal(self, method: str, **arguments: object) -> Json:
        """What a call that must fail answers."""
        with pytest.raises(SlackApiError) as refused:
            await self.client.api_call(method, json=arguments)
        return dict(refused.value.response.data)

    async def error(self, method: str, **arguments: object) -> str:
        """The name of the error of a call that must fail."""
        return str((await self.refusal(method, **arguments))["error"])

    async def say(self, **arguments: object) -> Json:
        """Post in the channel as the bot."""
        answer = await self.client.api_call("chat.postMessage", json={"channel": self.channel.id, **arguments})
        assert isinstance(answer.data, dict)
        return answer.data


@pytest.fixture
async def support(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Support]:
    # The SDK takes a proxy from here even for this machine: it does not know NO_PROXY.
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
    async with fake_slack() as slack:
        acme = slack.team("Acme")
        dana, bob = slack.person("Dana Analyst"), slack.person("Bob Customer", acme)
        channel = slack.channel("support", [slack.bot, dana, bob], shared_with=[acme])
        yield Support(slack, AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url), channel, dana, bob)
