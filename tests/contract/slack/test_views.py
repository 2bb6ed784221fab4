"""Modals and home tabs: who may open them, how they stack, and what a submission is answered."""

import pytest

from tests.contract.slack.cards import CARD, MODAL, card, note, plain
from tests.contract.slack.conftest import Support
from tests.contract.slack.listening import listening
from tests.fakes.slack.refusals import Json


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
