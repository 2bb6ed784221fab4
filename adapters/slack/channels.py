"""A channel as people name it: by id, or by #name."""

import re

from adapters.retry import retrying
from adapters.slack.errors import calling
from adapters.slack.workspace import Workspace
from adapters.slack_payloads.fields import Payload, object_in, objects_in, text_in
from core.domain.channels import ChannelRef
from core.domain.errors import CallerError, FinalError

_ID = re.compile(r"[CDG][A-Z0-9]{6,}")
KINDS = "public_channel,private_channel,mpim,im"
PAGE = 200
INVITE = "invite it there with `/invite @Vigil`"


async def channel_named(workspace: Workspace, name: str) -> ChannelRef:
    """Give the channel. Raises ``CallerError`` with what to do where it is unknown, or we are no member."""
    plain = name.strip().removeprefix("#")
    if _ID.fullmatch(plain):
        return workspace.around.ref(await _checked(workspace, workspace.around.ids.present(plain)))
    for one in await own_channels(workspace):
        if text_in(one, "name") == plain:
            return workspace.around.ref(text_in(one, "id"))
    raise CallerError(f"Vigil is a member of no channel #{plain}: check the name, or {INVITE}.")


async def _checked(workspace: Workspace, channel: str) -> str:
    try:
        info = await retrying(lambda: workspace.channel_info(channel))
    except FinalError as refused:
        raise CallerError(f"Slack has no channel {channel} that Vigil may see: check the id, or {INVITE}.") from refused
    if info.get("is_member") is False:
        raise CallerError(f"Vigil is not a member of #{text_in(info, 'name') or channel}: {INVITE}.")
    return channel


async def own_channels(workspace: Workspace) -> list[Payload]:
    """The conversations that we are a member of, as Slack describes them."""
    found: list[Payload] = []
    cursor = ""
    while True:
        page = await retrying(lambda: _page(workspace, cursor))  # noqa: B023  # awaited at once
        found += objects_in(page, "channels")
        cursor = text_in(object_in(page, "response_metadata"), "next_cursor")
        if not cursor:
            return found


async def _page(workspace: Workspace, cursor: str) -> Payload:
    client = workspace.client
    return await calling(lambda: client.users_conversations(types=KINDS, limit=PAGE, cursor=cursor or None))
