"""Buttons, modals, home tabs, shortcuts, commands and response addresses, as people use them and the app hears them."""

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.contract.slack.conftest import Support
from tests.contract.slack.listening import listening
from tests.fakes.slack.deliveries import Patience
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.world import Message


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


GOOD: Json = {"text": plain("Good"), "value": "good"}
BAD: Json = {"text": plain("Bad"), "value": "bad"}
OPTIONS: list[Json] = [{"text": plain(name), "value": name} for name in ("auto", "draft")]
CARD: list[Json] = [
    {"type": "section", "text": plain("Use UTF-8.")},
    {
        "type": "actions",
        "block_id": "acts",
        "elements": [
            {"type": "button", "action_id": "accept", "text": plain("Accept"), "value": "c1"},
            {"type": "static_select", "action_id": "mode", "options": OPTIONS},
            {"type": "overflow", "action_id": "more", "options": OPTIONS},
            {"type": "checkboxes", "action_id": "which", "options": OPTIONS},
        ],
    },
    {
        "type": "context_actions",
        "elements": [
            {"type": "feedback_buttons", "action_id": "vote", "positive_button": GOOD, "negative_button": BAD},
        ],
    },
]
NAME: Json = {"type": "plain_text_input", "action_id": "name", "max_length": 5}
MODAL: Json = {
    "type": "modal",
    "callback_id": "edit",
    "private_metadata": "c1",
    "title": plain("Edit"),
    "submit": plain("Save"),
    "blocks": [{"type": "input", "block_id": "who", "label": plain("Name"), "element": NAME}],
}


def note(text: str) -> Json:
    return {"type": "modal", "title": plain(text), "blocks": [{"type": "divider"}]}


async def card(support: Support) -> Message:
    """A card of the bot, as people see it."""
    posted = await support.say(text="Use UTF-8.", blocks=CARD)
    return support.channel.messages[posted["ts"]]


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


async def test_a_trigger_opens_one_view_within_three_seconds(support: Support) -> None:
    async with listening(support.slack) as bot:
        shown = await card(support)
        await support.slack.deliveries.settled()
        await support.bob.press(shown, "accept")
        trigger = bot.heard[-1].payload["trigger_id"]
        bad = {**MODAL, "title": plain("x" * 25)}
        body = await support.refusal("views.open", trigger_id=trigger, view=bad)
        assert body["error"] == "invalid_arguments"
        assert "[json-pointer:/view/title/text]" in body["response_metadata"]["messages"][0]
        opened = await support.client.views_open(trigger_id=trigger, view=MODAL)
        assert [view.id for view in support.bob.modals] == [opened["view"]["id"]]
        assert support.dana.modals == []
        assert await support.error("views.open", trigger_id=trigger, view=MODAL) == "exchanged_trigger_id"
        assert await support.error("views.open", trigger_id="x", view=MODAL) == "invalid_trigger_id"
        await support.bob.press(shown, "accept")
        support.slack.world.clock.let_pass(3.1)
        late = bot.heard[-1].payload["trigger_id"]
        assert await support.error("views.open", trigger_id=late, view=MODAL) == "expired_trigger_id"
        huge = {"type": "home", "blocks": [{"type": "section", "text": plain("x" * 3000)}] * 90}
        assert await support.error("views.publish", user_id=support.dana.id, view=huge) == "view_too_large"


@pytest.mark.parametrize(
    ("answer", "titles", "errors", "warning"),
    [
        (None, [], {}, ""),
        ({"response_action": "clear"}, [], {}, ""),
        ({"response_action": "errors", "errors": {"who": "Taken."}}, ["Edit"], {"who": "Taken."}, ""),
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, ["Edit"], {}, "invalid_errors"),
        ({"response_action": "update", "view": note("Saved")}, ["Saved"], {}, ""),
        ({"response_action": "push", "view": note("More")}, ["Edit", "More"], {}, ""),
        ({"response_action": "push", "view": {**note("More"), "x": 1}}, ["Edit"], {}, "invalid_arguments"),
        ({"response_action": "dance"}, ["Edit"], {}, "invalid_response_action"),
    ],
)
async def test_what_a_submission_is_answered_is_done(
    support: Support, answer: Json | None, titles: list[str], errors: Json, warning: str
) -> None:
    async with listening(support.slack) as bot:
        await support.bob.press(await card(support), "accept")
        await support.client.views_open(trigger_id=bot.heard[-1].payload["trigger_id"], view=MODAL)
        bot.reply = lambda payload: answer if payload["type"] == "view_submission" else None
        outcome = await support.bob.submit(name="Bob")
        view = bot.heard[-1].payload["view"]
        assert view["state"]["values"]["who"]["name"]["value"] == "Bob"
        assert (view["private_metadata"], view["callback_id"]) == ("c1", "edit")
        assert [modal.body["title"]["text"] for modal in support.bob.modals] == titles
        assert (outcome.errors, outcome.warning) == (errors, warning)
    assert support.slack.deliveries.violations == []


async def test_what_is_required_empty_or_too_long_is_not_even_sent(support: Support) -> None:
    async with listening(support.slack) as bot:
        await support.bob.press(await card(support), "accept")
        await support.client.views_open(trigger_id=bot.heard[-1].payload["trigger_id"], view=MODAL)
        assert (await support.bob.submit()).errors == {"who": "Please complete this required field."}
        assert (await support.bob.submit(name="Robert")).errors == {"who": "Too long."}
        assert [request.payload["type"] for request in bot.heard if request.type == "interactive"] == ["block_actions"]


async def test_views_stack_three_high_and_change_under_a_hash(support: Support) -> None:
    pressed = {**note("One"), "blocks": CARD[1:2], "notify_on_close": True}
    async with listening(support.slack) as bot:
        await support.bob.press(await card(support), "accept")
        first = await support.client.views_open(
            trigger_id=bot.heard[-1].payload["trigger_id"], view={**pressed, "external_id": "e1"}
        )
        for _ in range(2):
            await support.bob.press(support.bob.modals[-1], "accept")
            assert "channel" not in bot.heard[-1].payload
            await support.client.views_push(trigger_id=bot.heard[-1].payload["trigger_id"], view=pressed)
        await support.bob.press(support.bob.modals[-1], "accept")
        trigger = bot.heard[-1].payload["trigger_id"]
        assert await support.error("views.push", trigger_id=trigger, view=pressed) == "push_limit_reached"
        old = first["view"]["hash"]
        await support.client.views_update(external_id="e1", view={**note("New"), "external_id": "e1"}, hash=old)
        assert support.bob.modals[0].body["title"]["text"] == "New"
        assert await support.error("views.update", external_id="e1", view=note("x"), hash=old) == "hash_conflict"
        assert await support.error("views.update", view_id="V0", view=note("x")) == "not_found"
        closed = await support.bob.close()
        assert closed is not None
        assert bot.heard[-1].payload["type"] == "view_closed"
        assert len(support.bob.modals) == 2


async def test_a_home_tab_is_published_for_one_person(support: Support) -> None:
    home: Json = {"type": "home", "blocks": CARD[1:2]}
    async with listening(support.slack) as bot:
        published = await support.client.views_publish(user_id=support.dana.id, view=home)
        assert support.dana.home
        assert support.bob.home is None
        await support.dana.press(support.dana.home, "accept")
        assert bot.heard[-1].payload["view"]["type"] == "home"
        await support.client.views_publish(user_id=support.dana.id, view=home, hash=published["view"]["hash"])
        at = {"user_id": support.dana.id, "view": home}
        assert await support.error("views.publish", **at, hash=published["view"]["hash"]) == "hash_conflict"
        assert await support.error("views.publish", **{**at, "view": note("x")}) == "invalid_arguments"
        support.dana.opens_home()
        await support.slack.deliveries.settled()
        assert bot.events[-1]["view"]["id"] == support.dana.home.id


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
