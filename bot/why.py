"""``vigil why``: why a message was answered, or not, from the records alone."""

import json

from adapters.terminal.plain import safe
from bot.lookup import reading
from bot.settings import Settings
from core.desk.why import linked, reasons_of
from core.domain.errors import CallerError
from core.domain.ids import MessageId
from core.domain.knowledge import Viewer
from core.domain.pages import PageItem
from core.domain.sessions import Message
from core.ports.records import UnitOfWork
from core.session.lifecycle import message_id

UNKNOWN = "No message goes by that: name a link to it, its id in `vigil replay --json`, or CHANNEL:TS."


async def why(settings: Settings, name: str, as_json: bool) -> None:
    """Print what is on record of a message, told by a link, our id, or ``CHANNEL:TS``. Raises ``CallerError`` for others."""
    async with reading(settings) as work:
        message = await _named(work, name.strip())
        if message is None:
            raise CallerError(UNKNOWN)
        items = await reasons_of(work, message, Viewer.operator(), "en")
    print(json.dumps(_as_json(message, items), ensure_ascii=False) if as_json else "\n".join(_as_lines(items)))


async def _named(work: UnitOfWork, name: str) -> Message | None:
    own = await work.messages.get(MessageId(name))
    if own is not None:
        return own
    channel, _, ts = (":".join(linked(name) or ()) or name).partition(":")
    for known in await work.channels.all():
        if channel in (known.ref.channel, known.name):
            found = await work.messages.get(message_id(known.ref.key, ts))
            if found is not None:
                return found
    return None


def _as_lines(items: tuple[PageItem, ...]) -> list[str]:
    return [safe(text) for item in items for text in (item.heading, *(f"    {line}" for line in item.lines))]


def _as_json(message: Message, items: tuple[PageItem, ...]) -> dict[str, object]:
    told = [{"heading": item.heading, "lines": list(item.lines)} for item in items]
    return {"v": 1, "type": "why", "message": message.id, "turn": message.turn, "told": told}
