"""Posting, updating and reading against the fake, by the real client: what Slack does and what it refuses."""

import pytest
from aiohttp import ServerDisconnectedError
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.slack.conftest import Support

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Use UTF-8."}}


async def test_a_post_is_seen_by_people_and_read_back(support: Support) -> None:
    question = support.bob.post(support.channel, "why does <this> fail & how?")
    posted = await support.client.chat_postMessage(
        channel=support.channel.id,
        thread_ts=question.ts,
        text="Use UTF-8.",
        blocks=[SECTION],
        metadata={"event_type": "card", "event_payload": {"id": "c1"}},
    )
    seen = support.dana.screen(support.channel, question)
    assert [message.text for message in seen] == ["why does &lt;this&gt; fail &amp; how?", "Use UTF-8."]
    assert seen[1].ts == posted["ts"]
    plain = await support.client.conversations_replies(channel=support.channel.id, ts=question.ts)
    told = await support.client.conversations_replies(
        channel=support.channel.id, ts=question.ts, include_all_metadata=True
    )
    assert [("metadata" in message) for message in plain["messages"]] == [False, False]
    assert told["messages"][1]["metadata"]["event_payload"] == {"id": "c1"}
    assert told["messages"][0]["reply_count"] == 1


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "a", "channel": "C0NOWHERE"}, "channel_not_found"),
        ({"text": "a", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "a", "reply_broadcast": True}, "invalid_arguments"),
        ({"text": "a", "markdown_text": "b"}, "markdown_text_conflict"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"text": "a", "metadata": {"event_type": "card"}}, "invalid_metadata_format"),
        ({"text": "a", "metadata": {"event_type": "c", "event_payload": {}, "more": 1}}, "invalid_metadata_format"),
        ({"text": "a", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"text": "a", "username": "Somebody"}, "missing_scope"),
    ],
)
async def test_a_bad_post_is_refused_by_name(support: Support, arguments: dict[str, object], error: str) -> None:
    assert await support.error("chat.postMessage", **{"channel": support.channel.id, **arguments}) == error
    assert support.dana.screen(support.channel) == []


async def test_a_reply_is_no_root(support: Support) -> None:
    root = support.bob.post(support.channel, "a")
    reply = support.dana.post(support.channel, "b", thread=root)
    assert await support.error("chat.postMessage", channel=support.channel.id, text="c", thread_ts=reply.ts) == (
        "invalid_thread_ts"
    )


async def test_channels_that_the_bot_is_not_in(support: Support) -> None:
    public = support.slack.channel("public", [support.dana])
    private = support.slack.channel("private", [support.dana], kind="group")
    archived = support.slack.channel("archived", [support.slack.bot])
    archived.is_archived = True
    assert await support.error("chat.postMessage", channel=public.id, text="a") == "not_in_channel"
    assert await support.error("conversations.history", channel=public.id) == "not_in_channel"
    assert await support.error("chat.postMessage", channel=private.id, text="a") == "channel_not_found"
    assert await support.error("conversations.info", channel=private.id) == "channel_not_found"
    assert await support.error("chat.postMessage", channel=archived.id, text="a") == "is_archived"


async def test_only_own_messages_are_updated_and_omitted_blocks_stay(support: Support) -> None:
    posted = await support.say(text="a", blocks=[SECTION])
    await support.client.chat_update(channel=support.channel.id, ts=posted["ts"], text="b")
    (seen,) = support.dana.screen(support.channel)
    assert (seen.text, seen.blocks[0]["type"]) == ("b", "section")
    await support.client.chat_update(channel=support.channel.id, ts=posted["ts"], text="b", blocks=[])
    assert seen.blocks == []
    asked = support.bob.post(support.channel, "c")
    there = {"channel": support.channel.id}
    assert await support.error("chat.update", **there, ts=asked.ts, text="d") == "cant_update_message"
    assert await support.error("chat.update", **there, ts="1.000001", text="d") == "message_not_found"
    assert await support.error("chat.update", **there, ts=posted["ts"], text="x" * 4001) == "msg_too_long"
    assert await support.error("chat.update", **there, ts=posted["ts"]) == "no_text"
    assert await support.error("chat.delete", **there, ts=asked.ts) == "cant_delete_message"


async def test_an_ephemeral_is_for_one_person_and_not_for_the_api(support: Support) -> None:
    shown = await support.client.chat_postEphemeral(channel=support.channel.id, user=support.bob.id, text="only you")
    assert [message.text for message in support.bob.screen(support.channel)] == ["only you"]
    assert support.dana.screen(support.channel) == []
    there = {"channel": support.channel.id, "ts": shown["message_ts"], "text": "x"}
    assert await support.error("chat.update", **there) == "message_not_found"
    eve = support.slack.person("Eve")
    assert await support.error("chat.postEphemeral", channel=support.channel.id, user=eve.id, text="x") == (
        "user_not_in_channel"
    )


async def test_history_is_newest_first_and_replies_oldest_first_by_pages(support: Support) -> None:
    roots = [support.bob.post(support.channel, str(n)) for n in range(5)]
    replies = [support.dana.post(support.channel, f"r{n}", thread=roots[0]) for n in range(3)]
    shown = support.dana.post(support.channel, "shown", thread=roots[0], broadcast=True)
    pages = await support.client.conversations_history(channel=support.channel.id, limit=4)
    texts = [[message["text"] for message in page["messages"]] async for page in pages]
    assert texts == [["shown", "4", "3", "2"], ["1", "0"]]
    pages = await support.client.conversations_replies(channel=support.channel.id, ts=roots[0].ts, limit=3)
    texts = [[message["text"] for message in page["messages"]] async for page in pages]
    assert texts == [["0", "r0", "r1"], ["0", "r2", "shown"]]
    one = await support.client.conversations_replies(channel=support.channel.id, ts=replies[1].ts)
    assert [message["text"] for message in one["messages"]] == ["r1"]
    since = await support.client.conversations_history(channel=support.channel.id, oldest=roots[3].ts)
    assert [message["ts"] for message in since["messages"]] == [shown.ts, roots[4].ts]
    assert await support.error("conversations.replies", channel=support.channel.id, ts="1.000001") == "thread_not_found"
    assert await support.error("conversations.history", channel=support.channel.id, limit=1001) == "invalid_limit"
    assert await support.error("conversations.history", channel=support.channel.id, cursor="x") == "invalid_cursor"


async def test_a_lost_answer_makes_the_default_client_post_twice(support: Support) -> None:
    support.slack.faults.lost_answer()
    await support.say(text="twice")
    assert [message.text for message in support.dana.screen(support.channel)] == ["twice", "twice"]


async def test_a_lost_answer_with_no_connection_retries_posts_once_and_raises(support: Support) -> None:
    careful = AsyncWebClient(
        token=support.slack.app.bot_token,
        base_url=support.slack.api_url,
        retry_handlers=[AsyncRateLimitErrorRetryHandler()],
    )
    support.slack.faults.lost_answer()
    with pytest.raises(ServerDisconnectedError):
        await careful.chat_postMessage(channel=support.channel.id, text="once")
    assert [message.text for message in support.dana.screen(support.channel)] == ["once"]


async def test_storms_breakdowns_and_slowness_come_on_demand(support: Support) -> None:
    support.slack.faults.storm(1, retry_after_s=7, method="chat.*")
    with pytest.raises(SlackApiError) as refused:
        await support.say(text="a")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "7"
    assert refused.value.response["error"] == "ratelimited"
    support.slack.faults.broken(1, status=503)
    with pytest.raises(SlackApiError) as broken:
        await support.say(text="b")
    assert broken.value.response.status_code == 503
    support.slack.faults.refused(1, "restricted_action", method="chat.postMessage")
    assert await support.error("chat.postMessage", channel=support.channel.id, text="c") == "restricted_action"
    support.slack.faults.slow(1, seconds=0.01)
    await support.say(text="c")
    assert [message.text for message in support.dana.screen(support.channel)] == ["c"]
    assert [kind for kind, _ in support.slack.faults.met] == ["storm", "broken", "refused", "slow"]
    assert [given["text"] for given in support.slack.called("chat.postMessage")] == ["c"]


async def test_limits_hold_where_they_are_enforced(support: Support) -> None:
    support.slack.limits.enforced = True
    for n in range(3):
        await support.say(text=str(n))
    assert await support.error("chat.postMessage", channel=support.channel.id, text="x") == "ratelimited"
    support.slack.world.clock.let_pass(5)
    await support.say(text="again")
    for _ in range(20):
        await support.client.conversations_list()
    assert await support.error("conversations.list") == "ratelimited"
    support.slack.limits.outside_marketplace = True
    for n in range(16):
        support.bob.post(support.channel, f"m{n}")
    page = await support.client.conversations_history(channel=support.channel.id, limit=200)
    assert len(page["messages"]) == 15
    assert await support.error("conversations.history", channel=support.channel.id) == "ratelimited"


async def test_streams_are_written_on_until_they_are_stopped_or_die(support: Support) -> None:
    asked = support.bob.post(support.channel, "why?")
    there = {"channel": support.channel.id, "thread_ts": asked.ts}
    whom = {"recipient_user_id": support.bob.id, "recipient_team_id": support.bob.person.team.id}
    assert await support.error("chat.startStream", **there) == "missing_recipient_team_id"
    assert await support.error("chat.startStream", channel=support.channel.id, **whom) == "invalid_arguments"
    assert await support.error("chat.startStream", **there, **whom, markdown_text="x" * 12_001) == "msg_too_long"
    assert await support.error("chat.startStream", **there, **whom, chunks=[{"type": "x"}]) == "invalid_chunks"
    await support.client.assistant_threads_setStatus(
        channel_id=support.channel.id, thread_ts=asked.ts, status="reads the documents"
    )
    assert support.channel.statuses[asked.ts]["status"] == "reads the documents"
    stream = await support.client.api_call("chat.startStream", json={**there, **whom})
    assert support.channel.statuses == {}
    at = {"channel": support.channel.id, "ts": stream["ts"]}
    await support.client.chat_appendStream(**at, markdown_text="Use ")
    assert await support.error("chat.update", **at, text="x") == "streaming_state_conflict"
    await support.client.chat_stopStream(**at, markdown_text="UTF-8.", blocks=[SECTION])
    assert support.bob.screen(support.channel, asked)[1].text == "Use UTF-8."
    assert await support.error("chat.appendStream", **at, markdown_text="x") == "message_not_in_streaming_state"
    stopped = await support.client.api_call("chat.startStream", json={**there, **whom})
    at["ts"] = stopped["ts"]
    support.bob.stops(support.channel.messages[at["ts"]])
    assert await support.error("chat.appendStream", **at, markdown_text="x") == "stopped_by_user"
    late = await support.client.api_call("chat.startStream", json={**there, **whom})
    support.slack.world.clock.let_pass(301)
    at["ts"] = late["ts"]
    assert await support.error("chat.stopStream", **at) == "message_not_in_streaming_state"


async def test_prompts_are_suggested_in_direct_messages(support: Support) -> None:
    direct, prompt = support.dana.direct(), {"title": "Keys", "message": "How do I rotate keys?"}
    await support.client.assistant_threads_setSuggestedPrompts(channel_id=direct.id, thread_ts="", prompts=[prompt])
    assert direct.prompts == [prompt]
    method = "assistant.threads.setSuggestedPrompts"
    assert await support.error(method, channel_id=direct.id, prompts=[prompt] * 5) == "invalid_arguments"
    assert await support.error(method, channel_id=support.channel.id, prompts=[prompt]) == "not_allowed"


async def test_a_message_tells_whom_it_would_notify(support: Support) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": f"<!channel> {support.bob.mention}"}}]
    loud, quiet = await support.say(text="<!here>", blocks=blocks), await support.say(text="&lt;!here&gt; @here")
    assert sorted(support.channel.messages[loud["ts"]].pings) == ["<!channel>", "<!here>", support.bob.mention]
    assert support.channel.messages[quiet["ts"]].pings == []
