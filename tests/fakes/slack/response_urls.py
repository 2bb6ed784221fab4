"""The address that comes with an interaction: five answers within half an hour."""

import json

from aiohttp import web

from tests.fakes.slack.block_kit import check_message, with_ids
from tests.fakes.slack.platform import Platform
from tests.fakes.slack.refusals import Json, Refused
from tests.fakes.slack.surfaces import Answering
from tests.fakes.slack.timeline import Draft

_KNOWN = {
    *("text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts", "metadata"),
    *("unfurl_links", "unfurl_media", "mrkdwn"),
}


async def respond(slack: Platform, request: web.Request) -> web.StreamResponse:
    """``ok``, or what is wrong as plain text: 404 used_url, expired_url; 400 for what it cannot show; 429 in a storm."""
    fault = slack.faults.take("response_url")
    if fault is not None and fault.kind == "storm":
        return web.Response(status=429, text="rate_limited", headers={"Retry-After": str(fault.value)})
    answering = slack.surfaces.answering.get(request.match_info["name"])
    if answering is None or answering.uses_left < 1:
        return web.Response(status=404, text="used_url")
    if answering.until < slack.world.clock.now():
        return web.Response(status=404, text="expired_url")
    try:
        body = json.loads(await request.text())
        _apply(slack, answering, body)
    except json.JSONDecodeError:
        return web.Response(status=400, text="invalid_payload")
    except Refused as refusal:
        return web.Response(status=400, text=refusal.error)
    answering.uses_left -= 1
    return web.Response(text="ok")


def _apply(slack: Platform, answering: Answering, body: object) -> None:
    if not isinstance(body, dict) or not set(body) <= _KNOWN:
        raise Refused("invalid_payload")
    blocks = check_message(body["blocks"]) if body.get("blocks") else []
    message = answering.message
    if body.get("delete_original"):
        if message is None:
            raise Refused("cant_delete_message")
        _delete(slack, answering)
    elif not body.get("text") and not blocks:
        raise Refused("no_text")
    elif body.get("replace_original") and message is not None:
        changes = {"text": body.get("text", ""), "blocks": with_ids(blocks)}
        slack.timeline.change(message, changes, slack.world.app.bot)
    else:
        _add(slack, answering, body, blocks)


def _delete(slack: Platform, answering: Answering) -> None:
    message = answering.message
    assert message
    if message.ephemeral_to:
        message.channel.ephemerals.remove(message)
        slack.world.bell.ring()
    else:
        slack.timeline.delete(message)


def _add(slack: Platform, answering: Answering, body: Json, blocks: list[Json]) -> None:
    channel, bot = slack.world.channels[answering.channel], slack.world.app.bot
    thread_ts = body.get("thread_ts", "")
    draft = Draft(body.get("text", ""), blocks or None, thread_ts)
    if body.get("response_type", "ephemeral") == "in_channel":
        slack.timeline.post(bot, channel, draft)
    else:
        slack.timeline.ephemeral(bot, channel, answering.person, draft)
