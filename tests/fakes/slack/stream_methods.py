"""Messages that appear as they are written, and the line that says what the bot is doing."""

from tests.fakes.slack import bodies
from tests.fakes.slack.arguments import Call
from tests.fakes.slack.block_kit import MOST_MARKDOWN, check_message, with_ids
from tests.fakes.slack.blocks import IN_MESSAGES
from tests.fakes.slack.chat_methods import check_metadata, check_thread, own_message
from tests.fakes.slack.elements import ID
from tests.fakes.slack.platform import Platform, method
from tests.fakes.slack.refusals import Json, Refused, malformed
from tests.fakes.slack.shapes import Problems, Shape, items, one_of, text, typed
from tests.fakes.slack.timeline import STREAM_LASTS_S, Draft
from tests.fakes.slack.world import Message

_LONG = text(MOST_MARKDOWN)
_SOURCE = typed({"url": Shape({"url": text(3000), "text": text(255)})})
CHUNKS = items(
    typed(
        {
            "markdown_text": Shape({"text": _LONG}),
            "plan_update": Shape({"title": text(255)}),
            "task_update": Shape(
                {"id": ID, "title": text(255), "status": one_of("pending", "in_progress", "complete", "error")},
                {"details": _LONG, "output": _LONG, "sources": items(_SOURCE, 50)},
            ),
            "blocks": Shape({"blocks": items(typed(IN_MESSAGES), 50)}),
        }
    ),
    100,
)


@method("chat.startStream", 2, "chat:write")
def start(slack: Platform, call: Call) -> Json:
    """Begin a message in a thread; outside direct messages for a named recipient."""
    channel = call.channel()
    thread_ts = check_thread(call, channel)
    if not thread_ts:
        raise malformed("invalid_arguments", ["[ERROR] missing required field: thread_ts"])
    if channel.kind != "im":
        for name in ("recipient_team_id", "recipient_user_id"):
            if not call.text(name):
                raise Refused(f"missing_{name}")
    written = _written(call)
    slack.limits.count_post(channel.id)
    message = slack.timeline.post(slack.world.app.bot, channel, Draft(written, thread_ts=thread_ts))
    message.streams_since = slack.world.clock.now()
    return {"channel": channel.id, "ts": message.ts}


@method("chat.appendStream", 4, "chat:write")
def append(slack: Platform, call: Call) -> Json:
    """Write on."""
    message = _streaming(slack, call)
    message.body["text"] += _written(call)
    slack.world.bell.ring()
    return {"channel": message.channel.id, "ts": message.ts}


@method("chat.stopStream", 2, "chat:write")
def stop(slack: Platform, call: Call) -> Json:
    """End the message, with blocks beneath."""
    message = _streaming(slack, call)
    blocks, metadata = call.structure("blocks"), call.structure("metadata")
    changes: Json = {"text": message.text + _written(call)}
    if blocks:
        changes["blocks"] = with_ids(check_message(blocks))
    if metadata is not None:
        message.metadata = check_metadata(metadata)
    message.streams_since = None
    slack.timeline.change(message, changes, slack.world.app.bot)
    return {"channel": message.channel.id, "ts": message.ts, "message": bodies.message(message)}


@method("assistant.threads.setStatus", 4, "assistant:write")
def set_status(slack: Platform, call: Call) -> Json:
    """Say what the bot is doing in a thread, until its next message there; an empty status takes it away."""
    channel = call.channel("channel_id")
    thread_ts = call.text("thread_ts", required=True)
    if thread_ts not in channel.messages:
        raise Refused("thread_not_found")
    loading = call.structure("loading_messages") or []
    if not isinstance(loading, list) or len(loading) > 10:
        raise malformed("invalid_arguments", ["[ERROR] no more than 10 items allowed: loading_messages"])
    channel.statuses.pop(thread_ts, None)
    if status := call.text("status"):
        channel.statuses[thread_ts] = {"status": status, "loading_messages": loading}
    slack.world.bell.ring()
    return {}


@method("assistant.threads.setSuggestedPrompts", 4, "assistant:write")
def suggest(slack: Platform, call: Call) -> Json:
    """Offer one to four prompts in the app's messages tab, or in a thread of it."""
    channel, prompts = call.channel("channel_id"), call.structure("prompts")
    problems = Problems()
    items(Shape({"title": text(255), "message": text(2000)}), 4)(prompts, "/prompts", problems)
    if problems.found:
        raise malformed("invalid_arguments", problems.found)
    if channel.kind != "im":
        raise Refused("not_allowed")
    channel.prompts = prompts
    slack.world.bell.ring()
    return {}


def _streaming(slack: Platform, call: Call) -> Message:
    message = own_message(slack, call, call.channel(), "message_not_owned_by_app")
    if message.stopped:
        raise Refused("stopped_by_user")
    began = message.streams_since
    if began is None or slack.world.clock.now() - began > STREAM_LASTS_S:
        message.streams_since = None
        raise Refused("message_not_in_streaming_state")
    return message


def _written(call: Call) -> str:
    """The Markdown of this call, given as such or in chunks."""
    markdown, chunks = call.text("markdown_text"), call.structure("chunks")
    if len(markdown) > MOST_MARKDOWN:
        raise Refused("msg_too_long")
    if chunks is None:
        return markdown
    problems = Problems()
    CHUNKS(chunks, "/chunks", problems)
    if problems.found:
        raise malformed("invalid_chunks", problems.found)
    return markdown + "".join(chunk["text"] for chunk in chunks if chunk["type"] == "markdown_text")
