"""What Slack delivers, as events: every kind of payload is read, or refused with a reason, and none raises."""

from dataclasses import replace

import pytest

from adapters.slack.channel_ids import ChannelIds
from core.domain.channels import ChannelRef
from core.domain.events import (
    ButtonClicked,
    CommandIssued,
    FormSubmitted,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
)
from core.domain.people import Person
from tests.unit.slack.payloads import (
    AT,
    CHANNEL,
    CUSTOMER,
    EDITED_TS,
    HOME,
    NOW,
    OUR_BOT,
    TS,
    US,
    Json,
    change,
    click,
    command,
    edit,
    envelope,
    form,
    message,
    read,
    refusal,
    workspace,
)


def posted(body: Json, *users: Json) -> MessagePosted:
    found = read(envelope(body), workspace(*users))
    assert isinstance(found, MessagePosted), found
    return found


def test_a_message_of_a_customer_comes_with_everything_that_slack_says_of_it() -> None:
    assert posted(message()) == MessagePosted(
        source=f"slack:{HOME}", external_id="Ev0001", at=AT, channel=ChannelRef("slack", HOME, CHANNEL), message_id=TS,
        author=Person("U0KIM", "U0KIM", CUSTOMER), text="why does it fail?",
    )  # fmt: skip


def test_a_foreign_author_is_named_by_the_profile_that_came_with_the_message() -> None:
    around = workspace()
    around.people.see(message())  # type: ignore[attr-defined]  # the directory of a running bot
    found = read(envelope(message()), around)
    assert isinstance(found, MessagePosted)
    assert (found.author.name, found.author.organisation) == ("Kim Lee", CUSTOMER)


@pytest.mark.parametrize("kind", ["is_restricted", "is_ultra_restricted"])
def test_a_guest_is_an_organisation_of_each_channel_by_itself(kind: str) -> None:
    guest = {"id": "U0GUEST", "team_id": HOME, "real_name": "Gus", kind: True}
    body = message(user="U0GUEST", team=HOME, user_team=HOME, source_team=HOME)
    here, there = posted(body, guest), posted({**body, "channel": "C0OTHER"}, guest)
    assert (here.author.organisation, there.author.organisation) == (f"guest:{CHANNEL}", "guest:C0OTHER")


def test_a_reply_names_its_thread_and_a_root_with_replies_its_own() -> None:
    reply = posted(message(thread_ts="1793600000.000001", parent_user_id="U0ANA"))
    assert (reply.thread, reply.broadcast) == ("1793600000.000001", False)
    assert posted(message(thread_ts=TS, reply_count=2)).thread == TS
    sent_to_all = posted(message(subtype="thread_broadcast", thread_ts="1793600000.000001", root={"ts": "1"}))
    assert (sent_to_all.thread, sent_to_all.broadcast) == ("1793600000.000001", True)


def test_files_come_without_words_and_stubs_without_names() -> None:
    file = {"id": "F1", "name": "a.png", "mimetype": "image/png", "size": 9, "url_private": "https://files.slack.com/a"}
    stub = {"id": "F2", "mode": "file_access", "file_access": "check_file_info"}
    removed = {"id": "F3", "mode": "tombstone"}
    found = posted(message(subtype="file_share", text="", files=[file, stub, removed]))
    assert [(one.id, one.name, one.size_bytes) for one in found.attachments] == [("F1", "a.png", 9), ("F2", "", 0)]


def test_text_is_unescaped_once_and_references_are_named() -> None:
    text = "a &amp;lt; b &lt;!here&gt; <@U0ANA> in <#C0SUPPORT> see <https://x.example|docs> <!subteam^S1|@ops> <!here>"
    found = posted(message(text=text), {"id": "U0ANA", "real_name": "Ana"})
    assert found.text == "a &lt; b <!here> @Ana in #support see docs (https://x.example) @ops @here"
    assert found.mentions == ("U0ANA",)


def test_a_mention_of_us_and_a_direct_message_are_direct() -> None:
    assert posted(message(type="app_mention", text=f"<@{US}> why?")).direct
    assert posted(message(channel_type="im")).direct
    assert not posted(message()).direct
    inside = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
        {"type": "user", "user_id": US}, {"type": "text", "text": " why?"}]}]}  # fmt: skip
    only_blocks = posted(message(text="", blocks=[inside]))
    assert (only_blocks.direct, only_blocks.text) == (True, f"@{US} why?")


@pytest.mark.parametrize("subtype", ["", "file_share", "thread_broadcast", "me_message", "bot_message"])
def test_what_people_say_is_read_whatever_its_subtype(subtype: str) -> None:
    assert posted(message(subtype=subtype)).text == "why does it fail?"


@pytest.mark.parametrize(
    "subtype",
    [
        "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "channel_archive",
        "group_join", "assistant_app_thread", "ekm_access_denied", "message_replied", "of_tomorrow",
    ],
)  # fmt: skip
def test_what_slack_says_itself_is_refused_by_its_subtype(subtype: str) -> None:
    assert refusal(envelope(message(subtype=subtype))) == f"not a post: {subtype}"


def test_another_bot_is_a_bot_with_and_without_a_user_and_our_own_posts_are_refused() -> None:
    modern = message(user="U0FRONT", bot_id="B0FRONT", bot_profile={"name": "Helpdesk"})
    classic = {**modern, "subtype": "bot_message", "username": "Helpdesk"}
    del classic["user"]
    assert [(posted(one).author.id, posted(one).author.is_bot) for one in (modern, classic)] == [
        ("U0FRONT", True), ("B0FRONT", True),
    ]  # fmt: skip
    assert refusal(envelope(message(user=US, bot_id=OUR_BOT))) == "our own post"
    assert refusal(envelope({**classic, "bot_id": OUR_BOT})) == "our own post"
    assert refusal(envelope(change("message_changed", message={"ts": TS, "user": US, "text": "x"}))) == "our own post"


def test_an_edit_is_one_only_where_people_see_other_words() -> None:
    found = read(envelope(edit("why?", "why &amp; how?", edited={"user": "U0KIM", "ts": EDITED_TS})))
    assert isinstance(found, MessageEdited)
    assert (found.message_id, found.text, found.at > AT) == (TS, "why & how?", True)
    unfolded = edit("see <https://a.example>", "see <https://a.example>", attachments=[{"title": "A page"}])
    assert refusal(envelope(unfolded)) == "an edit that changes no text"


def test_a_deletion_comes_in_three_shapes() -> None:
    gone = {
        "type": "message",
        "subtype": "tombstone",
        "ts": TS,
        "user": "USLACKBOT",
        "text": "This message was deleted.",
    }
    bodies = (
        change("message_deleted", deleted_ts=TS, previous_message={"ts": TS}),
        change("message_changed", message=gone, previous_message={"ts": TS, "text": "x"}),
        {**gone, "channel": CHANNEL},
    )
    found = [read(envelope(body)) for body in bodies]
    assert [(type(one), getattr(one, "message_id", "")) for one in found] == [(MessageDeleted, TS)] * 3


def test_a_reaction_is_read_without_its_skin_tone_and_ours_is_refused() -> None:
    body = {"type": "reaction_added", "user": "U0KIM", "reaction": "+1::skin-tone-3", "event_ts": EDITED_TS,
            "item": {"type": "message", "channel": CHANNEL, "ts": TS}, "item_user": "U0ANA"}  # fmt: skip
    found = read(envelope(body))
    assert isinstance(found, ReactionChanged)
    assert (found.message_id, found.name, found.added) == (TS, "+1", True)
    taken_off = read(envelope({**body, "type": "reaction_removed"}))
    assert isinstance(taken_off, ReactionChanged)
    assert not taken_off.added
    assert refusal(envelope({**body, "user": US})) == "our own reaction"
    assert refusal(envelope({**body, "item": {"type": "file"}})) == "a reaction to something else than a message"


def test_clicks_forms_shortcuts_and_commands_say_who_where_and_what() -> None:
    clicked, sent, typed = read(click()), read(form()), read(command())
    assert isinstance(clicked, ButtonClicked)
    assert (clicked.action, clicked.target, clicked.message_id) == ("accept", "answer-1", TS)
    assert clicked.by.organisation == CUSTOMER
    assert isinstance(sent, FormSubmitted)
    assert (sent.form, sent.target, sent.channel.channel, sent.at) == ("config", "target", CHANNEL, NOW)
    assert dict(sent.fields) == {"mode": "draft", "analyst_channel": "C0OTHER", "approval": "on,b", "scope": ""}
    assert isinstance(typed, CommandIssued)
    assert (typed.text, typed.by.id, typed.external_id) == ("why does it fail?", "U0KIM", "command:4.5.6")
    short = {**click(), "type": "message_action", "callback_id": "why", "action_ts": EDITED_TS}
    used = read({**short, "message": {"ts": EDITED_TS, "thread_ts": TS}})
    assert isinstance(used, ButtonClicked)
    assert (used.action, used.target, used.message_id) == ("why", TS, EDITED_TS)


def test_a_button_that_is_not_ours_and_a_payload_of_tomorrow_are_refused() -> None:
    assert refusal(click(actions=[{"action_id": "other:x", "action_ts": TS}])).startswith("no button of ours")
    assert refusal({"type": "block_suggestion"}) == "not understood: block_suggestion"
    assert refusal(envelope({"type": "team_join"})) == "not for the desk: team_join"
    assert refusal({"type": "app_rate_limited", "minute_rate_limited": 1}) == "not understood: app_rate_limited"


def test_a_channel_keeps_its_first_id_through_every_payload() -> None:
    ids = ChannelIds()
    for old, new in ((CHANNEL, "C0SECOND"), ("C0SECOND", "C0THIRD"), ("C0SECOND", "C0THIRD")):
        ids.put(*ids.with_change(old, new))
    assert [ids.present(one) for one in (CHANNEL, "C0SECOND", "C0THIRD", "C0OTHER")] == ["C0THIRD"] * 3 + ["C0OTHER"]
    around = replace(workspace(), ids=ids)
    text = "why https://home.slack.com/archives/C0THIRD/p1793607124123456"
    bodies: list[Json] = [
        envelope(message(channel="C0THIRD")), click(channel={"id": "C0SECOND"}), form(), command(channel_id="C0THIRD"),
    ]  # fmt: skip
    found = [read(body, around) for body in bodies]
    assert {getattr(one, "channel", None) for one in found} == {ChannelRef("slack", HOME, CHANNEL)}
    linked = read(command(text=text), around)
    assert isinstance(linked, CommandIssued)
    assert linked.text == text.replace("C0THIRD", CHANNEL)
