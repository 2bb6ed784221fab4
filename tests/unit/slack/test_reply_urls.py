"""What one person alone is shown: where they asked, whether or not we are a member there, and changed where they click."""

from dataclasses import replace

import pytest

from adapters.slack.inbox import SlackInbox
from adapters.slack.messenger import SlackMessenger
from adapters.slack.render.elements import SlackMessage
from adapters.slack.reply_urls import ReplyUrls
from bot.card_examples import cards
from core.domain.cards import Card, CardKind, CardMark, CardState, Destination
from core.domain.channels import ChannelRef
from core.domain.errors import FinalError, TransientError
from core.domain.replies import Receipt
from tests.fakes.clock import FakeClock
from tests.fakes.slack.world import Channel
from tests.unit.slack.conftest import There
from tests.unit.slack.test_inbox import Desk

SAID = SlackMessage("said", ())


def _lookup(there: There, channel: Channel) -> Card:
    to = Destination(ChannelRef("slack", there.slack.world.home.id, channel.id), None, there.lee.id)
    return replace(cards()["posted"], kind=CardKind.LOOKUP, destination=to)


def _messenger(there: There) -> SlackMessenger:
    return SlackMessenger(there.workspace, FakeClock())


def _command(there: There, channel: Channel) -> dict[str, str]:
    url = there.slack.surfaces.response_url(there.lee.person, channel.id, None)
    return {"channel_id": channel.id, "user_id": there.lee.id, "response_url": url}


async def test_a_look_up_where_we_are_no_member_is_answered_where_it_was_made(there: There) -> None:
    elsewhere = there.slack.channel("random", [there.lee, there.dana])
    there.workspace.reply_urls.keep(_command(there, elsewhere))
    await _messenger(there).send(_lookup(there, elsewhere))
    assert [message.ephemeral_to for message in elsewhere.ephemerals] == [there.lee.id]


async def test_without_an_address_it_is_answered_in_a_conversation_with_the_asker(there: There) -> None:
    elsewhere = there.slack.channel("random", [there.lee, there.dana])
    await _messenger(there).send(_lookup(there, elsewhere))
    assert elsewhere.ephemerals == []
    [shown] = there.lee.screen(there.lee.direct())
    assert not [e for block in shown.blocks for e in block.get("elements", []) if "accept" in e.get("action_id", "")]


async def test_where_slack_asks_to_wait_it_says_how_long(there: There) -> None:
    there.workspace.reply_urls.keep(_command(there, there.channel))
    there.slack.faults.storm(1, retry_after_s=7, method="response_url")
    with pytest.raises(TransientError) as held:
        await _messenger(there).send(_lookup(there, there.channel))
    assert held.value.retry_after_s == 7


async def test_an_address_serves_five_times_and_half_an_hour(there: There) -> None:
    now = [0.0]
    urls, command = ReplyUrls(there.workspace.client, lambda: now[0]), _command(there, there.channel)
    urls.keep(command)
    told = [await urls.tell(there.channel.id, there.lee.id, SAID) for _ in range(6)]
    assert told == [True] * 5 + [False]
    urls.keep(_command(there, there.channel))
    now[0] = 1800.0
    assert not await urls.tell(there.channel.id, there.lee.id, SAID)


async def test_nothing_is_said_to_an_address_that_is_not_slacks(there: There) -> None:
    urls = there.workspace.reply_urls
    for url in ("http://hooks.slack.com.evil.example/a", "https://127.0.0.1/a", "http://127.0.0.1:1/a", ""):
        urls.keep({"channel_id": there.channel.id, "user_id": there.lee.id, "response_url": url})
        assert not await urls.tell(there.channel.id, there.lee.id, SAID)
        with pytest.raises(FinalError):
            await urls.answer(url, SAID)


async def test_an_accept_on_a_look_up_changes_what_its_asker_sees(there: There) -> None:
    look_up = _lookup(there, there.channel)
    await _messenger(there).send(look_up)
    (shown,) = there.channel.ephemerals
    mark = CardMark(CardState.ACCEPTED, FakeClock().now(), look_up.sections[0].answer.id, "Lee")
    accepted = replace(look_up, state=CardState.ACCEPTED, marks=(mark,))
    inbox = SlackInbox(there.workspace, Desk(Receipt(stored=True, reply=accepted)).receive, FakeClock(), there.moves)
    url = there.slack.surfaces.response_url(there.lee.person, there.channel.id, shown)
    await inbox.interaction(
        {
            "type": "block_actions",
            "user": {"id": there.lee.id, "team_id": there.slack.world.home.id},
            "channel": {"id": there.channel.id},
            "container": {
                "type": "message",
                "message_ts": shown.ts,
                "channel_id": there.channel.id,
                "is_ephemeral": True,
            },
            "response_url": url,
            "actions": [{"action_id": "vigil:accept:0", "value": "A1", "action_ts": "1700000000.000100"}],
        }
    )
    await there.slack.until(lambda: "Accepted by Lee" in shown.text)
