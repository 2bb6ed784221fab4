"""Posting, changing and deleting messages."""

from tests.fakes.slack import bodies
from tests.fakes.slack.arguments import Call
from tests.fakes.slack.block_kit import MOST_MARKDOWN, check_message, with_ids
from tests.fakes.slack.platform import Platform, method
from tests.fakes.slack.refusals import Json, Refused, malformed
from tests.fakes.slack.timeline import Draft
from tests.fakes.slack.world import Channel, Message

# Slack cuts a post beyond this and refuses such an update beyond the other; here both are refused, so that a test sees it.
LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000


@method("chat.postMessage", 0, "chat:write")
def post_message(slack: Platform, call: Call) -> Json:
    """Post as the bot; also to a person, whose direct conversation is opened."""
    channel = _destination(slack, call)
    draft = drafted(call, channel)
    slack.limits.count_post(channel.id)
    posted = slack.timeline.post(slack.world.app.bot, channel, draft)
    return {"channel": channel.id, "ts": posted.ts, "message": bodies.message(posted, with_metadata=True)}


@method("chat.postEphemeral", 4, "chat:write")
def post_ephemeral(slack: Platform, call: Call) -> Json:
    """Show something to one member of the channel."""
    channel, person = call.channel(), call.person()
    if person not in channel.members:
        raise Refused("user_not_in_channel")
    shown = slack.timeline.ephemeral(slack.world.app.bot, channel, person, drafted(call, channel))
    return {"message_ts": shown.ts}


@method("chat.update", 3, "chat:write")
def update(slack: Platform, call: Call) -> Json:
    """Change one of the bot's own messages: blocks that are not given stay, ``[]`` removes them."""
    channel = call.channel()
    message = own_message(slack, call, channel, "cant_update_message")
    if message.streams_since is not None:
        raise Refused("streaming_state_conflict")
    text, blocks, metadata = call.text("text"), call.structure("blocks"), call.structure("metadata")
    if markdown := check_markdown(call):
        text, blocks = markdown, []
    if len(text) > LONGEST_UPDATE:
        raise Refused("msg_too_long")
    if not text and blocks is None and metadata is None:
        raise Refused("no_text")
    changes: Json = {"text": text} if text else {}
    if blocks is not None:
        changes["blocks"] = with_ids(check_message(blocks))
        if not text and not blocks:
            raise Refused("no_text")
    if metadata is not None:
        message.metadata = check_metadata(metadata)
    slack.timeline.change(message, changes, slack.world.app.bot)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": bodies.message(message)}


@method("chat.delete", 3, "chat:write")
def delete(slack: Platform, call: Call) -> Json:
    """Delete one of the bot's own messages."""
    channel = call.channel()
    message = own_message(slack, call, channel, "cant_delete_message")
    slack.timeline.delete(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", 0)
def permalink(slack: Platform, call: Call) -> Json:
    """The address of a message."""
    channel = call.channel(member=False)
    message = call.message(channel, "message_ts")
    home = f"https://{slack.world.home.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.root_ts}&cid={channel.id}" if message.is_reply else ""
    return {"channel": channel.id, "permalink": home + thread}


def drafted(call: Call, channel: Channel) -> Draft:
    """What the call wants posted, refused where Slack would: text, blocks, thread, broadcast, metadata."""
    if channel.is_archived:
        raise Refused("is_archived")
    text, blocks, metadata = call.text("text"), call.structure("blocks"), call.structure("metadata")
    text = check_markdown(call) or text
    if blocks:
        check_message(blocks)
    if not text and not blocks:
        raise Refused("no_text")
    if len(text) > LONGEST_TEXT:
        raise Refused("msg_too_long")
    if any(call.text(name) for name in ("username", "icon_emoji", "icon_url")):
        call.need("chat:write.customize")
    thread_ts, broadcast = check_thread(call, channel), call.flag("reply_broadcast")
    if broadcast and not thread_ts:
        raise malformed("invalid_arguments", ["[ERROR] reply_broadcast needs thread_ts"])
    kept = check_metadata(metadata) if metadata is not None else None
    return Draft(text, blocks or None, thread_ts, broadcast, metadata=kept, username=call.text("username"))


def check_markdown(call: Call) -> str:
    """``markdown_text``: alone, and not too long."""
    markdown = call.text("markdown_text")
    if markdown and (call.text("text") or call.structure("blocks")):
        raise Refused("markdown_text_conflict")
    if len(markdown) > MOST_MARKDOWN:
        raise Refused("msg_too_long")
    return markdown


def check_thread(call: Call, channel: Channel) -> str:
    """``thread_ts``: of a root that is there, or none."""
    thread_ts = call.text("thread_ts")
    if thread_ts and thread_ts not in channel.messages:
        raise Refused("thread_not_found")
    if thread_ts and channel.messages[thread_ts].is_reply:
        raise Refused("invalid_thread_ts")
    return thread_ts


def check_metadata(metadata: object) -> Json:
    """``{event_type, event_payload}`` and nothing else."""
    match metadata:
        case {"event_type": str() as kind, "event_payload": dict() as payload, **rest} if kind and not rest:
            return {"event_type": kind, "event_payload": payload}
    raise Refused("invalid_metadata_format")


def own_message(slack: Platform, call: Call, channel: Channel, error: str) -> Message:
    """A message of the bot; ``error`` for anybody else's."""
    message = call.message(channel)
    if message.body["user"] != slack.world.app.bot.id:
        raise Refused(error)
    return message


def _destination(slack: Platform, call: Call) -> Channel:
    person = slack.world.people.get(call.text("channel", required=True))
    if person is None:
        return call.channel()
    if person.bot_id:
        raise Refused("cannot_dm_bot")
    return slack.world.im_of(person)
