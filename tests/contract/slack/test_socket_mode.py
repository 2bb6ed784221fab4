"""Connections, acks, redelivery, and the ways in which a line goes bad, with the real client."""

import contextlib

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.slack.conftest import Support
from tests.contract.slack.listening import listening
from tests.fakes.slack.connections import MOST_CONNECTIONS
from tests.fakes.slack.deliveries import Patience


async def address(support: Support) -> str:
    """A new Socket Mode address."""
    opened = await AsyncWebClient(base_url=support.slack.api_url).apps_connections_open(
        app_token=support.slack.app.app_token
    )
    return str(opened["url"])


def impatient(support: Support) -> None:
    """Let Slack wait 0.2 s for an ack, and as long before each retry but the first."""
    support.slack.deliveries.patience = Patience(ack_within_s=0.2, retry_after_s=(0.0, 0.2, 0.2))


async def test_a_ticket_is_good_once_and_not_for_long(support: Support) -> None:
    used, expired = await address(support), await address(support)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(used) as line:
            hello = await line.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
            assert hello["connection_info"] == {"app_id": support.slack.app.id}
        support.slack.world.clock.let_pass(31)
        for refused in (used, expired, used.partition("ticket")[0]):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(refused)
    assert support.slack.connections.tickets_refused == 3


async def test_the_eleventh_connection_is_refused(support: Support) -> None:
    async with aiohttp.ClientSession() as session, contextlib.AsyncExitStack() as lines:
        for number in range(MOST_CONNECTIONS):
            line = await lines.enter_async_context(session.ws_connect(await address(support)))
            assert (await line.receive_json())["num_connections"] == number + 1
        line = await lines.enter_async_context(session.ws_connect(await address(support)))
        frame = await line.receive_json()
        assert (frame["type"], frame["reason"]) == ("disconnect", "too_many_websockets")
        assert (await line.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_each_event_goes_to_one_connection_and_is_recorded(support: Support) -> None:
    async with listening(support.slack) as one, listening(support.slack) as other:
        for n in range(10):
            support.bob.post(support.channel, str(n))
        await support.slack.deliveries.settled()
        assert (len(one.events), len(other.events)) == (5, 5)
        sent = support.slack.deliveries.events("message")
        assert [len(envelope.attempts) for envelope in sent] == [1] * 10
        assert {envelope.attempts[0].connection for envelope in sent} == {0, 1}
        assert all(envelope.ack and envelope.ack.took_s is not None for envelope in sent)


async def test_what_is_not_acknowledged_comes_again_with_the_same_event_id(support: Support) -> None:
    impatient(support)
    async with listening(support.slack) as bot:
        bot.silent = 2
        support.bob.post(support.channel, "why?")
        await support.slack.deliveries.settled()
        assert [(r.retry_attempt, r.retry_reason) for r in bot.heard] == [(0, ""), (1, "timeout"), (2, "timeout")]
        assert len({request.payload["event_id"] for request in bot.heard}) == 1
        assert len({request.envelope_id for request in bot.heard}) == 3
        bot.silent = 4
        support.bob.post(support.channel, "nobody hears this")
        await support.slack.deliveries.settled()
        assert [envelope.lost for envelope in support.slack.deliveries.sent] == [False, True]


async def test_events_come_twice_and_in_another_order_on_demand(support: Support) -> None:
    async with listening(support.slack) as bot:
        support.slack.deliveries.hold()
        for n in range(3):
            support.bob.post(support.channel, str(n))
        await support.say(text="goes on")
        support.slack.deliveries.release(lambda held: [held[2], held[0], held[2], held[1]])
        await support.slack.deliveries.settled()
        assert [event["text"] for event in bot.events] == ["2", "0", "2", "1"]
        assert bot.heard[0].payload["event_id"] == bot.heard[2].payload["event_id"]


async def test_an_event_without_any_connection_is_delivered_when_there_is_one(support: Support) -> None:
    impatient(support)
    support.bob.post(support.channel, "why?")
    async with listening(support.slack) as bot:
        await support.slack.deliveries.settled()
        assert [event["text"] for event in bot.events] == ["why?"]
        assert [attempt.connection for attempt in support.slack.deliveries.sent[0].attempts[:1]] == [-1]


async def test_acks_that_slack_would_not_understand_are_violations(support: Support) -> None:
    async with listening(support.slack) as bot:
        bot.reply = lambda payload: {"text": "no"}
        support.bob.post(support.channel, "why?")
        await support.slack.deliveries.settled()
        await bot.client.send_message('{"envelope_id": "unknown"}')
        await bot.client.send_message(f'{{"envelope_id": "{bot.heard[0].envelope_id}"}}')
        await support.slack.until(lambda: len(support.slack.deliveries.violations) == 3)
    kinds = [violation.partition(":")[0] for violation in support.slack.deliveries.violations]
    assert kinds == [
        "a payload where none is accepted",
        "a frame without an envelope that was delivered",
        "acknowledged twice",
    ]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_the_client_moves_when_it_is_asked_to(support: Support, reason: str) -> None:
    async with listening(support.slack) as bot:
        await support.slack.connections.live[0].disconnect(reason)
        await support.slack.until(lambda: [one.number for one in support.slack.connections.live] == [1])
        support.bob.post(support.channel, "why?")
        await support.slack.deliveries.settled()
        assert len(bot.events) == 1


async def test_a_cut_line_is_noticed_and_replaced(support: Support) -> None:
    async with listening(support.slack, ping_interval_s=0.05) as bot:
        support.slack.connections.live[0].drop()
        await support.slack.until(lambda: [one.number for one in support.slack.connections.live] == [1])
        support.bob.post(support.channel, "why?")
        await support.slack.deliveries.settled()
        assert len(bot.events) == 1


async def test_a_deaf_line_that_answers_pings_swallows_events_unnoticed(support: Support) -> None:
    impatient(support)
    async with listening(support.slack) as deaf, listening(support.slack) as good:
        support.slack.connections.live[0].go_deaf()
        for n in range(2):
            support.bob.post(support.channel, str(n))
        await support.slack.deliveries.settled()
        assert deaf.events == []
        assert sorted(event["text"] for event in good.events) == ["0", "1"]
        # In turn: the second attempt of the first event goes down the deaf line too.
        assert sorted(len(envelope.attempts) for envelope in support.slack.deliveries.sent) == [1, 3]
        assert await deaf.client.is_connected()


async def test_a_deaf_line_without_pongs_is_given_up_by_the_client(support: Support) -> None:
    async with listening(support.slack, ping_interval_s=0.05) as bot:
        support.slack.connections.live[0].go_deaf(pongs=False, routed=False)
        await support.slack.until(lambda: [one.number for one in support.slack.connections.live] == [1])
        support.bob.post(support.channel, "why?")
        await support.slack.deliveries.settled()
        assert len(bot.events) == 1


async def test_bolt_leaves_what_it_has_no_listener_for_unacknowledged(support: Support) -> None:
    impatient(support)
    app = AsyncApp(client=support.client, process_before_response=True)
    seen: list[str] = []

    async def on_message(event: dict[str, str]) -> None:
        seen.append(event["text"])

    app.event("message")(on_message)
    handler = AsyncSocketModeHandler(app, support.slack.app.app_token)
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt leaves it without types
        await support.slack.connected()
        asked = support.bob.post(support.channel, "why?")
        support.dana.react(asked, "eyes")
        await support.slack.deliveries.settled()
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # the same
    message, reaction = support.slack.deliveries.sent
    assert seen == ["why?"]
    assert (message.lost, reaction.lost) == (False, True)
