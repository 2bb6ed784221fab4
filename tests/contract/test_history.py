"""What reading the past promises, on Slack and on its twin in memory."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack.history import SlackHistory
from adapters.slack.pace import Pace
from adapters.slack.web import opened_client
from adapters.slack.workspace import Workspace, who_we_are
from bot.clocks import SystemClock
from core.domain.channels import ChannelRef
from core.domain.errors import FinalError
from core.domain.events import ChannelChanged, InboundEvent, MessageDeleted, MessageEdited, MessagePosted
from core.ports.history import History
from tests.fakes.history import FakeHistory
from tests.fakes.slack.member import Member
from tests.fakes.slack.server import FakeSlack, fake_slack
from tests.fakes.slack.world import Channel

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def all_of(history: History, channel: ChannelRef, since: datetime = LONG_AGO) -> list[InboundEvent]:
    return [event async for event in history.read(channel, since, since)]


async def in_memory() -> tuple[History, ChannelRef]:
    ref = ChannelRef("slack", "T0", "C1")
    at = datetime.now(UTC)
    told = [MessageDeleted(source="s", external_id=str(n), at=at + timedelta(seconds=n), channel=ref, message_id=str(n))
            for n in (2, 0, 1)]  # fmt: skip
    return FakeHistory({ref: told}), ref


@dataclass
class Past:
    """A workspace with a past, and who reads it."""

    slack: FakeSlack
    channel: Channel
    dana: Member
    bob: Member
    history: SlackHistory
    waited: list[float]

    @property
    def ref(self) -> ChannelRef:
        return ChannelRef("slack", self.slack.world.home.id, self.channel.id)

    async def posts(self, since: datetime = LONG_AGO) -> list[str]:
        return [e.text for e in await all_of(self.history, self.ref, since) if isinstance(e, MessagePosted)]


@asynccontextmanager
async def opened_past() -> AsyncIterator[Past]:
    async with fake_slack() as slack:
        slack.app.events = set()  # nobody listens
        acme = slack.team("Acme")
        dana, bob = slack.person("Dana Analyst"), slack.person("Bob Customer", acme)
        channel = slack.channel("support", [slack.bot, dana, bob], shared_with=[acme])
        waited: list[float] = []

        async def wait(seconds: float) -> None:
            waited.append(seconds)

        async with opened_client(slack.app.bot_token, slack.api_url) as client:
            workspace = Workspace(client, await who_we_are(client))
            yield Past(slack, channel, dana, bob, SlackHistory(workspace, SystemClock(), Pace(10_000, wait)), waited)


@pytest.fixture
async def past() -> AsyncIterator[Past]:
    async with opened_past() as opened:
        yield opened


async def on_slack(past: Past) -> tuple[History, ChannelRef]:
    for n in range(3):
        root = past.bob.post(past.channel, f"question {n}")
        past.dana.post(past.channel, f"answer {n}", thread=root)
    return past.history, past.ref


@pytest.fixture(params=["slack", "memory"])
async def filled(request: pytest.FixtureRequest, past: Past) -> tuple[History, ChannelRef]:
    making: dict[str, Callable[[], Awaitable[tuple[History, ChannelRef]]]] = {
        "slack": lambda: on_slack(past),
        "memory": in_memory,
    }
    return await making[request.param]()


async def test_the_past_comes_in_the_order_of_time(filled: tuple[History, ChannelRef]) -> None:
    history, ref = filled
    told = [e for e in await all_of(history, ref) if not isinstance(e, ChannelChanged)]
    assert len(told) >= 3
    assert [e.at for e in told] == sorted(e.at for e in told)


async def test_the_channels_that_we_are_in_are_listed(filled: tuple[History, ChannelRef]) -> None:
    history, ref = filled
    assert ref in await history.channels()


async def test_nothing_before_since_is_told(filled: tuple[History, ChannelRef]) -> None:
    history, ref = filled
    told = [e for e in await all_of(history, ref) if not isinstance(e, ChannelChanged)]
    rest = [e async for e in history.read(ref, told[-2].at, LONG_AGO) if not isinstance(e, ChannelChanged)]
    assert [e.external_id for e in rest] == [told[-1].external_id]


async def test_what_is_read_has_the_source_and_id_of_what_came_live(past: Past) -> None:
    message = past.bob.post(past.channel, f"{past.slack.bot.mention} why <slow>?")
    channel, posted = await all_of(past.history, past.ref)
    assert isinstance(channel, ChannelChanged)
    assert channel.external
    assert isinstance(posted, MessagePosted)
    assert (posted.source, posted.message_id) == (f"slack:{past.slack.world.home.id}", message.ts)
    assert (posted.author.name, posted.author.organisation) == ("Bob Customer", past.bob.person.team.id)
    assert posted.direct
    assert posted.text == "@Vigil why <slow>?"


async def test_threads_interleave_by_time_and_broadcasts_come_once(past: Past) -> None:
    one = past.bob.post(past.channel, "1")
    two = past.bob.post(past.channel, "2")
    past.dana.post(past.channel, "3 to one", thread=one, broadcast=True)
    past.dana.post(past.channel, "4 to two", thread=two)
    past.dana.post(past.channel, "5 to one", thread=one)
    assert await past.posts() == ["1", "2", "3 to one", "4 to two", "5 to one"]


async def test_everything_is_read_over_many_pages(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.history.PAGE", 3)
    root = past.bob.post(past.channel, "root")
    expected = ["root"]
    for n in range(8):
        past.dana.post(past.channel, f"reply {n}", thread=root)
        past.bob.post(past.channel, f"other {n}")
        expected += [f"reply {n}", f"other {n}"]
    assert await past.posts() == expected


async def test_an_edited_message_comes_as_it_stands_and_a_deleted_root_as_deleted(past: Past) -> None:
    root = past.bob.post(past.channel, "gone")
    reply = past.dana.post(past.channel, "use 3", thread=root)
    past.dana.edit(reply, "use 4")
    past.bob.delete(root)
    told = await all_of(past.history, past.ref)
    assert [e.text for e in told if isinstance(e, MessagePosted | MessageEdited)] == ["use 4", "use 4"]
    assert [e.message_id for e in told if isinstance(e, MessageDeleted)] == [root.ts]


async def test_a_reply_to_an_old_root_is_found_where_the_thread_is_named(past: Past) -> None:
    root = past.bob.post(past.channel, "old")
    since = datetime.fromtimestamp(float(root.ts), UTC) + timedelta(microseconds=5)
    past.dana.post(past.channel, "new", thread=root)
    assert await past.posts(since) == []
    found = [e async for e in past.history.read(past.ref, since, since, [root.ts])]
    assert [e.text for e in found if isinstance(e, MessagePosted)] == ["new"]


async def test_our_own_posts_are_left_out(past: Past) -> None:
    past.slack.bot.post(past.channel, "a card")
    past.bob.post(past.channel, "a question")
    assert await past.posts() == ["a question"]


async def test_a_rate_limit_slows_the_reading_and_loses_nothing(past: Past) -> None:
    past.bob.post(past.channel, "a question")
    past.slack.faults.storm(2, retry_after_s=0, method="conversations.history")
    assert await past.posts() == ["a question"]


async def test_a_channel_without_us_is_refused_with_what_to_do(past: Past) -> None:
    other = past.slack.channel("other", [past.dana])
    with pytest.raises(FinalError, match="/invite @Vigil"):
        await all_of(past.history, ChannelRef("slack", past.slack.world.home.id, other.id))


async def test_the_pace_holds_back_what_comes_too_early() -> None:
    now, waited = [0.0], []

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    pace = Pace(2, wait, lambda: now[0])
    for _ in range(5):
        await pace.turn()
    assert waited == [60.0, 60.0]
