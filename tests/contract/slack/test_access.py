"""Tokens, scopes, and what the directory tells of whom."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.slack.conftest import Support
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.rights import check_manifest


async def error_with(support: Support, token: str, method: str = "auth.test") -> str:
    """The error that a token meets."""
    with pytest.raises(SlackApiError) as refused:
        await AsyncWebClient(token=token, base_url=support.slack.api_url).api_call(method)
    return str(refused.value.response["error"])


async def test_each_kind_of_wrong_token_has_its_error(support: Support) -> None:
    assert await error_with(support, "") == "not_authed"
    assert await error_with(support, "xoxb-other") == "invalid_auth"
    assert await error_with(support, support.slack.app.app_token) == "not_allowed_token_type"
    assert await error_with(support, support.slack.app.bot_token, "apps.connections.open") == "not_allowed_token_type"
    assert await error_with(support, "xapp-other", "apps.connections.open") == "invalid_auth"
    for dead in ("token_revoked", "token_expired", "account_inactive"):
        support.slack.app.token_error = dead
        assert await error_with(support, support.slack.app.bot_token) == dead


async def test_the_token_names_its_bot_and_scopes(support: Support) -> None:
    told = await support.client.auth_test()
    assert (told["user_id"], told["bot_id"]) == (support.slack.bot.id, support.slack.app.bot.bot_id)
    assert told["team_id"] == support.slack.world.home.id
    assert set(told.headers["x-oauth-scopes"].split(",")) == support.slack.app.scopes


@pytest.mark.parametrize(
    ("scope", "method", "arguments"),
    [
        ("chat:write", "chat.postMessage", {"text": "a"}),
        ("channels:history", "conversations.history", {}),
        ("channels:read", "conversations.info", {}),
        ("channels:read", "conversations.members", {}),
        ("users:read", "users.info", {"user": "U1"}),
        ("users:read", "bots.info", {"bot": "B1"}),
        ("usergroups:read", "usergroups.list", {}),
        ("usergroups:read", "usergroups.users.list", {"usergroup": "S1"}),
        ("reactions:write", "reactions.add", {}),
        ("files:read", "files.info", {"file": "F1"}),
        ("im:write", "conversations.open", {"users": "U1"}),
        ("assistant:write", "assistant.threads.setStatus", {}),
    ],
)
async def test_a_method_without_its_scope_names_what_is_missing(
    support: Support, scope: str, method: str, arguments: dict[str, str]
) -> None:
    support.slack.app.scopes.discard(scope)
    body = await support.refusal(method, channel=support.channel.id, **arguments)
    assert (body["error"], body["needed"]) == ("missing_scope", scope)
    assert body["provided"] == ",".join(sorted(support.slack.app.scopes))


async def test_private_channels_need_their_own_scopes(support: Support) -> None:
    private = support.slack.channel("private", [support.slack.bot], kind="group")
    support.slack.app.scopes.discard("groups:history")
    body = await support.refusal("conversations.history", channel=private.id)
    assert (body["error"], body["needed"]) == ("missing_scope", "groups:history")


async def test_malformed_calls_are_refused(support: Support) -> None:
    bearer = {"Authorization": f"Bearer {support.slack.app.bot_token}"}
    async with aiohttp.ClientSession(headers=bearer) as session:
        for data, error in (("{", "invalid_json"), ("[]", "json_not_object")):
            headers = {"Content-Type": "application/json"}
            async with session.post(f"{support.slack.api_url}auth.test", data=data, headers=headers) as answer:
                assert (await answer.json())["error"] == error
        async with session.post(
            f"{support.slack.api_url}auth.test", data="a", headers={"Content-Type": "text/x"}
        ) as it:
            assert (await it.json())["error"] == "invalid_post_type"
    assert await support.error("chat.scheduleEverything") == "unknown_method"
    assert await support.error("chat.postMessage", text="a") == "invalid_arguments"
    assert await support.error("chat.postMessage", channel=support.channel.id, text=["a"]) == "invalid_arguments"


async def test_forms_and_json_are_understood_alike(support: Support) -> None:
    form = {"channel": support.channel.id, "text": "a", "blocks": '[{"type": "divider"}]', "unfurl_links": "0"}
    await support.client.api_call("chat.postMessage", params=form)
    await support.client.api_call("chat.postMessage", data=form)
    seen = support.dana.screen(support.channel)
    assert [message.blocks[0]["type"] for message in seen] == ["divider", "divider"]


async def test_what_is_told_of_people(support: Support) -> None:
    carl = support.slack.person("Carl Guest", single_channel=True)
    unknown = support.slack.person("Eve", support.bob.person.team)
    dana = (await support.client.users_info(user=support.dana.id, include_locale=True))["user"]
    bob = (await support.client.users_info(user=support.bob.id))["user"]
    guest = (await support.client.users_info(user=carl.id))["user"]
    assert (dana["team_id"], dana["locale"]) == (support.slack.world.home.id, "en-US")
    assert "email" not in dana["profile"]
    assert (bob["is_stranger"], bob["team_id"]) == (True, support.bob.person.team.id)
    assert "real_name" not in bob
    assert (guest["is_restricted"], guest["is_ultra_restricted"]) == (True, True)
    assert await support.error("users.info", user="U0NOBODY") == "user_not_found"
    assert await support.error("users.info", user=unknown.id) == "user_not_visible"
    support.slack.app.scopes.add("users:read.email")
    told = await support.client.users_info(user=support.dana.id)
    assert told["user"]["profile"]["email"] == "dana@home.example"


async def test_what_is_told_of_channels(support: Support) -> None:
    acme = support.bob.person.team.id
    info = (await support.client.conversations_info(channel=support.channel.id, include_num_members=True))["channel"]
    assert (info["is_ext_shared"], info["connected_team_ids"], info["num_members"]) == (True, [acme], 3)
    members = await support.client.conversations_members(channel=support.channel.id)
    assert members["members"] == [support.slack.bot.id, support.dana.id, support.bob.id]
    support.slack.channel("hidden", [support.dana], kind="group")
    support.slack.channel("mine", [support.slack.bot], kind="group")
    listed = await support.client.conversations_list(types="public_channel,private_channel")
    assert [channel["name"] for channel in listed["channels"]] == ["support", "mine"]
    assert await support.error("conversations.list", types="rooms") == "invalid_types"
    direct = (await support.client.conversations_open(users=support.dana.id))["channel"]["id"]
    assert direct == support.dana.direct().id
    posted = await support.client.chat_postMessage(channel=support.dana.id, text="hello")
    assert posted["channel"] == direct
    assert await support.error("chat.postMessage", channel=support.slack.bot.id, text="a") == "cannot_dm_bot"


async def test_groups_bots_and_reactions(support: Support) -> None:
    group = support.slack.group("analysts", [support.dana])
    listed = await support.client.usergroups_list(include_users=True)
    assert [(one["id"], one["users"]) for one in listed["usergroups"]] == [(group.id, [support.dana.id])]
    assert (await support.client.usergroups_users_list(usergroup=group.id))["users"] == [support.dana.id]
    assert await support.error("usergroups.users.list", usergroup="S0") == "no_such_subteam"
    triage = support.slack.person("triage", bot=True)
    assert (await support.client.bots_info(bot=triage.person.bot_id))["bot"]["user_id"] == triage.id
    assert await support.error("bots.info", bot="B0") == "bot_not_found"
    asked = support.bob.post(support.channel, "a")
    at = {"channel": support.channel.id, "timestamp": asked.ts}
    await support.client.reactions_add(**at, name="eyes")
    assert asked.body["reactions"] == [{"name": "eyes", "users": [support.slack.bot.id], "count": 1}]
    assert await support.error("reactions.add", **at, name="eyes") == "already_reacted"
    assert await support.error("reactions.add", **at, name="no name") == "invalid_name"
    assert await support.error("reactions.add", **{**at, "timestamp": "1.1"}, name="eyes") == "message_not_found"
    await support.client.reactions_remove(**at, name="eyes")
    assert await support.error("reactions.remove", **at, name="eyes") == "no_reaction"


async def test_files_are_behind_the_token_and_the_login_page_says_200(support: Support) -> None:
    file = support.slack.file(support.bob, "screen.png", b"\x89PNG bytes")
    told = (await support.client.files_info(file=file.id))["file"]
    assert await support.error("files.info", file="F0") == "file_not_found"
    bearer = {"Authorization": f"Bearer {support.slack.app.bot_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(told["url_private"], headers=bearer) as answer:
            assert (answer.content_type, await answer.read()) == ("image/png", b"\x89PNG bytes")
        for headers in ({}, {"Authorization": "Bearer xoxb-other"}):
            async with session.get(told["url_private_download"], headers=headers) as answer:
                assert (answer.status, answer.content_type, len(answer.history)) == (200, "text/html", 1)
        support.slack.app.scopes.discard("files:read")
        async with session.get(told["url_private"], headers=bearer) as answer:
            assert answer.content_type == "text/html"


MANIFEST: Json = {
    "features": {
        "app_home": {"home_tab_enabled": False},
        "slash_commands": [{"command": "/ask"}],
        "shortcuts": [{"callback_id": "close", "type": "message"}],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "channels:history"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["message.channels"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


async def test_an_app_installed_from_a_manifest_has_what_it_asks_for_and_no_more(support: Support) -> None:
    support.slack.app.install(MANIFEST)
    asked = support.bob.post(support.channel, f"{support.slack.bot.mention} why?")
    support.dana.react(asked, "eyes")
    assert [envelope.event["type"] for envelope in support.slack.deliveries.sent] == ["message"]
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    assert await support.error("views.publish", user_id=support.dana.id, view=home) == "not_enabled"
    assert (await support.refusal("users.info", user=support.dana.id))["needed"] == "users:read"
    with pytest.raises(AssertionError, match="there is no shortcut"):
        await support.dana.shortcut(asked, "open")
    with pytest.raises(AssertionError, match="not a valid command"):
        await support.dana.command(support.channel, "/vigil")


async def test_an_event_without_its_scope_is_not_delivered(support: Support) -> None:
    support.slack.app.scopes.discard("channels:history")
    support.bob.post(support.channel, "why?")
    assert support.slack.deliveries.sent == []


@pytest.mark.parametrize("part", ["event_subscriptions", "interactivity", "socket_mode_enabled"])
def test_a_manifest_that_leaves_the_app_deaf_is_refused(part: str) -> None:
    dead = {"event_subscriptions": {"bot_events": ["app_mention"]}, "interactivity": {"is_enabled": False}}
    settings = {**MANIFEST["settings"], part: dead.get(part, False)}
    with pytest.raises(AssertionError):
        check_manifest({**MANIFEST, "settings": settings})
