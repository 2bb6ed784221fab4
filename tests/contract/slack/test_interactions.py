"""Buttons, shortcuts, commands and response addresses, as people use them and the app hears them."""

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.contract.slack.cards import CARD, card
from tests.contract.slack.conftest import Support
from tests.contract.slack.listening import listening
from tests.fakes.slack.deliveries import Patience


async def test_a_press_tells_who_pressed_what_where(support: Support) -> None:
    async with listening(support.slack) as bot:
        shown = await card(support)
        await support.slack.deliveries.settled()
        bot.heard = []
        outcome = await support.bob.press(shown, "accept")
        payload = bot.heard[0].payload
        assert outcome.warning == ""
        assert (payload["type"], payload["user"]["team_id"]) == ("block_actions", support.bob.person.team.id)
        assert payload["container"] == {
            "type": "message",
            "message_ts": shown.ts,
            "channel_id": support.channel.id,
            "is_ephemeral": False,
        }
        action = payload["actions"][0]
        assert (action["action_id"], action["block_id"], action["value"]) == ("accept", "acts", "c1")
        assert payload["message"]["ts"] == shown.ts
        await support.bob.press(shown, "mode", "draft")
        await support.bob.press(shown, "more", "auto")
        await support.bob.press(shown, "which", ["auto", "draft"])
        await support.bob.press(shown, "vote", "negative")
        actions = [request.payload["actions"][0] for request in bot.heard[1:]]
        assert actions[0]["selected_option"]["value"] == actions[1]["selected_option"]["text"]["text"].replace(
            "auto", "draft"
        )
        assert [option["value"] for option in actions[2]["selected_options"]] == ["auto", "draft"]
        assert actions[3]["value"] == "bad"
        state = bot.heard[-1].payload["state"]["values"]["acts"]
        assert state["mode"]["selected_option"]["value"] == "draft"


async def test_nobody_presses_what_they_do_not_see(support: Support) -> None:
    shown, eve = await card(support), support.slack.person("Eve")
    with pytest.raises(AssertionError, match="does not see this channel"):
        await eve.press(shown, "accept")
    with pytest.raises(AssertionError, match="0 elements with action_id 'undo'"):
        await support.bob.press(shown, "undo")
    hidden = await support.client.chat_postEphemeral(
        channel=support.channel.id, user=support.dana.id, text="a", blocks=CARD
    )
    (ephemeral,) = [m for m in support.dana.screen(support.channel) if m.ts == hidden["message_ts"]]
    with pytest.raises(AssertionError, match="does not see this message"):
        await support.bob.press(ephemeral, "accept")


async def test_an_unacknowledged_press_shows_a_warning_and_is_not_repeated(support: Support) -> None:
    shown = await card(support)
    support.slack.deliveries.patience = Patience(ack_within_s=0.1)
    assert (await support.bob.press(shown, "accept")).warning == "operation_timeout"
    assert support.bob.warnings == ["operation_timeout"]
    presses = [envelope for envelope in support.slack.deliveries.sent if envelope.kind == "interactive"]
    assert [len(envelope.attempts) for envelope in presses] == [1]


async def test_a_response_address_answers_five_times_within_half_an_hour(support: Support) -> None:
    async with listening(support.slack) as bot:
        shown = await card(support)
        await support.slack.deliveries.settled()
        await support.bob.press(shown, "accept")
        answers = AsyncWebhookClient(bot.heard[-1].payload["response_url"])
        assert (await answers.send(text="only you")).body == "ok"
        assert [m.text for m in support.bob.screen(support.channel)] == ["Use UTF-8.", "only you"]
        assert len(support.dana.screen(support.channel)) == 1
        await answers.send(text="Accepted", replace_original=True)
        assert (shown.text, shown.blocks) == ("Accepted", [])
        await answers.send(text="all of you", response_type="in_channel")
        assert (await answers.send(blocks=[{"type": "video"}])).body == "invalid_blocks"
        assert (await answers.send()).body == "no_text"
        await answers.send(delete_original=True)
        assert [m.text for m in support.dana.screen(support.channel)] == ["all of you"]
        await answers.send(text="5")
        spent = await answers.send(text="6")
        assert (spent.status_code, spent.body) == (404, "used_url")
        await support.dana.shortcut(support.bob.post(support.channel, "a"), "close")
        await support.slack.deliveries.settled()
        shortcut = next(r.payload for r in bot.heard if r.payload["type"] == "message_action")
        assert (shortcut["callback_id"], shortcut["message"]["text"]) == ("close", "a")
        support.slack.world.clock.let_pass(1801)
        assert (await AsyncWebhookClient(shortcut["response_url"]).send(text="late")).body == "expired_url"


async def test_an_ephemeral_is_changed_through_its_response_address(support: Support) -> None:
    async with listening(support.slack) as bot:
        await support.client.chat_postEphemeral(channel=support.channel.id, user=support.bob.id, text="a", blocks=CARD)
        (shown,) = support.bob.screen(support.channel)
        await support.bob.press(shown, "accept")
        payload = bot.heard[-1].payload
        assert "message" not in payload
        assert payload["container"]["is_ephemeral"] is True
        answers = AsyncWebhookClient(payload["response_url"])
        await answers.send(text="done", replace_original=True)
        assert [message.text for message in support.bob.screen(support.channel)] == ["done"]
        await answers.send(delete_original=True)
        assert support.bob.screen(support.channel) == []


async def test_a_command_is_answered_at_once_or_through_its_address(support: Support) -> None:
    async with listening(support.slack) as bot:
        bot.reply = lambda payload: {"text": f"you said {payload['text']}"}
        outcome = await support.dana.command(support.channel, "/vigil help me")
        assert outcome.warning == ""
        assert bot.heard[-1].payload["command"] == "/vigil"
        assert [m.text for m in support.dana.screen(support.channel)] == ["you said help me"]
        assert support.bob.screen(support.channel) == []
        bot.reply = lambda payload: {"text": "all", "response_type": "in_channel"}
        await support.dana.command(support.channel, "/vigil share")
        assert [m.text for m in support.bob.screen(support.channel)] == ["all"]
        bot.reply = lambda payload: {"blocks": [{"type": "video"}]}
        assert (await support.dana.command(support.channel, "/vigil")).warning == "invalid_blocks"
        bot.reply = lambda payload: None
        await support.dana.command(support.channel, "/vigil later")
        await AsyncWebhookClient(bot.heard[-1].payload["response_url"]).send(text="later")
        assert support.dana.screen(support.channel)[-1].text == "later"
        with pytest.raises(AssertionError, match="not a valid command"):
            await support.dana.command(support.channel, "/other")
        with pytest.raises(AssertionError, match="not a valid command"):
            await support.bob.command(support.channel, "/vigil")
