"""What the app is told of what people do, as the real client hears it."""

from tests.contract.slack.conftest import Support
from tests.contract.slack.listening import Listener, listening
from tests.fakes.slack.refusals import Json


async def heard(support: Support, bot: Listener) -> list[Json]:
    """The events so far, once all of them have been acknowledged; then forgotten."""
    await support.slack.deliveries.settled()
    events, bot.heard = bot.events, []
    return events


async def test_a_mention_makes_two_events_of_one_ts(support: Support) -> None:
    async with listening(support.slack) as bot:
        asked = support.bob.post(support.channel, f"{support.slack.bot.mention} why?")
        await support.slack.deliveries.settled()
        assert sorted(event["type"] for event in bot.events) == ["app_mention", "message"]
        assert {event["ts"] for event in bot.events} == {asked.ts}
        assert len({request.payload["event_id"] for request in bot.heard}) == 2
        bot.heard = []
        support.bob.post(support.bob.direct(), f"{support.slack.bot.mention} why?")
        assert [event["channel_type"] for event in await heard(support, bot)] == ["im"]


async def test_a_customer_comes_with_workspace_and_profile(support: Support) -> None:
    async with listening(support.slack) as bot:
        support.bob.post(support.channel, "why?")
        await support.slack.deliveries.settled()
        (request,) = bot.heard
        acme = support.bob.person.team.id
        assert request.payload["is_ext_shared_channel"] is True
        assert (request.payload["team_id"], request.payload["context_team_id"]) == (support.slack.world.home.id, acme)
        assert (bot.events[0]["user_team"], bot.events[0]["user_profile"]["real_name"]) == (acme, "Bob Customer")
        bot.heard = []
        support.dana.post(support.channel, "hi")
        (event,) = await heard(support, bot)
        assert "user_profile" not in event
        assert event["channel_type"] == "channel"
        assert event["client_msg_id"]


async def test_replies_and_broadcasts_name_their_root(support: Support) -> None:
    async with listening(support.slack) as bot:
        root = support.bob.post(support.channel, "why?")
        support.dana.post(support.channel, "so", thread=root)
        support.dana.post(support.channel, "all", thread=root, broadcast=True)
        asked, reply, broadcast = await heard(support, bot)
        assert "thread_ts" not in asked
        assert (reply["thread_ts"], reply["parent_user_id"]) == (root.ts, support.bob.id)
        assert (broadcast["subtype"], broadcast["root"]["ts"]) == ("thread_broadcast", root.ts)


async def test_edits_unfurls_and_our_own_updates_are_all_message_changed(support: Support) -> None:
    async with listening(support.slack) as bot:
        asked = support.bob.post(support.channel, "see https://a.example")
        assert (await heard(support, bot))[0]["text"] == "see <https://a.example>"
        support.bob.edit(asked, "see https://b.example")
        support.slack.unfurl(asked, "https://b.example")
        posted = await support.say(text="a")
        await support.client.chat_update(channel=support.channel.id, ts=posted["ts"], text="b")
        edit, unfurl, own, update = await heard(support, bot)
        assert {event["subtype"] for event in (edit, unfurl, update)} == {"message_changed"}
        assert edit["previous_message"]["text"] == "see <https://a.example>"
        assert edit["message"]["blocks"][0]["elements"][0]["elements"][1]["url"] == "https://b.example"
        assert edit["message"]["edited"]["user"] == support.bob.id
        assert unfurl["message"]["text"] == unfurl["previous_message"]["text"]
        assert (own["user"], own["bot_id"]) == (support.slack.bot.id, support.slack.app.bot.bot_id)
        assert own["bot_profile"]["app_id"] == support.slack.app.id
        assert update["message"]["user"] == support.slack.bot.id
        assert "user" not in update


async def test_a_deleted_root_with_replies_leaves_a_tombstone(support: Support) -> None:
    async with listening(support.slack) as bot:
        alone, root = support.bob.post(support.channel, "a"), support.bob.post(support.channel, "b")
        reply = support.dana.post(support.channel, "c", thread=root)
        await heard(support, bot)
        support.bob.delete(alone)
        support.bob.delete(root)
        gone, tombstone = await heard(support, bot)
        assert (gone["subtype"], gone["deleted_ts"], gone["previous_message"]["text"]) == (
            "message_deleted",
            alone.ts,
            "a",
        )
        assert (tombstone["subtype"], tombstone["message"]["subtype"]) == ("message_changed", "tombstone")
        assert [message.body["user"] for message in support.dana.screen(support.channel)] == ["USLACKBOT"]
        support.dana.delete(reply)
        assert [event["deleted_ts"] for event in await heard(support, bot)] == [reply.ts, root.ts]
        assert support.dana.screen(support.channel) == []


async def test_files_from_outside_are_stubs(support: Support) -> None:
    async with listening(support.slack) as bot:
        ours = support.slack.file(support.dana, "a.png", b"png")
        theirs = support.slack.file(support.bob, "b.png", b"png")
        support.dana.post(support.channel, files=(ours,))
        support.bob.post(support.channel, "look", files=(theirs,))
        first, second = await heard(support, bot)
        assert (first["subtype"], first["text"], first["files"][0]["name"]) == ("file_share", "", "a.png")
        assert second["files"][0]["file_access"] == "check_file_info"
        assert "name" not in second["files"][0]


async def test_reactions_and_comings_and_goings(support: Support) -> None:
    async with listening(support.slack) as bot:
        asked = support.bob.post(support.channel, "a")
        eve = support.slack.person("Eve", guest=True)
        await heard(support, bot)
        support.dana.react(asked, "white_check_mark")
        support.dana.unreact(asked, "white_check_mark")
        eve.join(support.channel)
        eve.leave(support.channel)
        added, removed, joined, said, left = await heard(support, bot)
        assert (added["type"], added["item"]["ts"], added["item_user"]) == ("reaction_added", asked.ts, support.bob.id)
        assert removed["type"] == "reaction_removed"
        assert (joined["type"], said["subtype"], left["type"]) == (
            "member_joined_channel",
            "channel_join",
            "member_left_channel",
        )


async def test_sharing_ids_and_groups(support: Support) -> None:
    async with listening(support.slack) as bot:
        other, old = support.slack.team("Globex"), support.channel.id
        group = support.slack.group("analysts", [support.dana])
        support.slack.share(support.channel, other, new_id=True)
        support.slack.unshare(support.channel, other)
        support.slack.change_members(group, [support.bob])
        support.dana.opens_home("messages")
        moved, shared, unshared, changed, opened = await heard(support, bot)
        assert (moved["old_channel_id"], moved["new_channel_id"]) == (old, support.channel.id)
        assert shared["connected_team_id"] == unshared["previously_connected_team_id"] == other.id
        assert (changed["added_users"], changed["removed_users"]) == ([support.bob.id], [support.dana.id])
        assert (opened["type"], opened["tab"]) == ("app_home_opened", "messages")


async def test_nothing_is_told_of_what_is_not_subscribed_to_or_not_ours(support: Support) -> None:
    async with listening(support.slack) as bot:
        elsewhere = support.slack.channel("elsewhere", [support.dana])
        support.dana.post(elsewhere, f"{support.slack.bot.mention} hello")
        support.slack.app.events.remove("message.channels")
        support.bob.post(support.channel, "a")
        assert await heard(support, bot) == []
        support.dana.invite(support.slack.bot, elsewhere)
        support.slack.bot.leave(elsewhere)
        support.dana.react(support.dana.post(elsewhere, "b"), "eyes")
        joined, left = await heard(support, bot)
        assert (joined["user"], joined["inviter"]) == (support.slack.bot.id, support.dana.id)
        assert (left["type"], left["user"]) == ("member_left_channel", support.slack.bot.id)


async def test_an_uninstalled_app_has_no_token_any_more(support: Support) -> None:
    async with listening(support.slack) as bot:
        support.slack.uninstall()
        assert [event["type"] for event in await heard(support, bot)] == ["tokens_revoked", "app_uninstalled"]
        assert await support.error("auth.test") == "account_inactive"
