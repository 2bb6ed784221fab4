"""``vigil config show``: each value, and where it comes from."""

import json
import sys
from collections.abc import Sequence
from dataclasses import fields

from adapters.terminal.plain import one_line, safe
from bot.doctor_home import has_records
from bot.records import records_of
from bot.settings import Settings, SettingTold, told_settings
from core.domain.channels import Channel, ChannelSettings
from core.domain.errors import CallerError

DEFAULT, OWN = "default", "channel"
INHERITED = {"mode": "VIGIL_MODE", "scope": "VIGIL_SCOPE", "analyst_channel": "VIGIL_ANALYST_CHANNEL"}
"""What holds in a channel that sets none of its own."""


async def show(settings: Settings, name: str | None, as_json: bool) -> None:
    """Print the process's settings and what channels set for themselves; with a channel all that holds there. Raises
    ``CallerError`` for a channel that is not known."""
    process, known = told_settings(settings), await channels_of(settings)
    if name is None:
        rows = [("", one) for one in process]
        rows += [(_shown(one), told) for one in known for told in own_settings(one)]
    else:
        found = named(known, name)
        rows = [(_shown(found), told) for told in _held(found, process)]
    sys.stdout.writelines(
        f"{_as_json(*row) if as_json else line}\n" for row, line in zip(rows, _lines(rows), strict=True)
    )


async def channels_of(settings: Settings) -> list[Channel]:
    """The channels on record; none where there is no home yet."""
    if not has_records(settings):
        return []
    records = await records_of(settings)
    try:
        async with records.read() as work:
            return await work.channels.all()
    finally:
        await records.close()


def named(known: Sequence[Channel], name: str) -> Channel:
    """The one channel of this name, id or key. Raises ``CallerError`` where there is none, or several."""
    wanted = name.removeprefix("#")
    found = [one for one in known if wanted in (one.name, one.ref.channel, one.ref.key)]
    if len(found) == 1:
        return found[0]
    if found:
        keys = ", ".join(one.ref.key for one in found)
        raise CallerError(f"{len(found)} channels go by {safe(name)}: name one of {keys}.")
    names = ", ".join(sorted(f"#{safe(one.name)}" for one in known if one.name))
    raise CallerError(f"No channel {safe(name)} is known here: known are {names or 'none'}.")


def _shown(channel: Channel) -> str:
    """The #name as people know it, else the id."""
    return f"#{channel.name}" if channel.name else channel.ref.channel


def own_settings(channel: Channel) -> list[SettingTold]:
    """What is set for the channel itself, as far as it differs from the default."""
    default = ChannelSettings()
    return [
        SettingTold(one.name, said(getattr(channel.settings, one.name)), OWN)
        for one in fields(ChannelSettings)
        if getattr(channel.settings, one.name) != getattr(default, one.name)
    ]


def _held(channel: Channel, process: Sequence[SettingTold]) -> list[SettingTold]:
    own, above = {one.name: one for one in own_settings(channel)}, {one.name: one for one in process}
    return [own.get(one.name) or _above(one.name, above) for one in fields(ChannelSettings)]


def _above(name: str, above: dict[str, SettingTold]) -> SettingTold:
    if name in INHERITED:
        held = above[INHERITED[name]]
        return SettingTold(name, held.value, held.origin if held.origin == DEFAULT else f"{held.origin}, {held.name}")
    return SettingTold(name, said(getattr(ChannelSettings(), name)), DEFAULT)


def said(value: object) -> str:
    """A channel's value in a word."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value)


def _lines(rows: Sequence[tuple[str, SettingTold]]) -> list[str]:
    heads = [f"{safe(channel)} {one.name}" if channel else one.name for channel, one in rows]
    width = max((len(head) for head in heads), default=0)
    return [
        f"{head:<{width}}  {one_line(one.value, 80) or '(empty)':<28}  {one.origin}"
        for head, (_, one) in zip(heads, rows, strict=True)
    ]


def _as_json(channel: str, one: SettingTold) -> str:
    told = {"v": 1, "type": "setting", "name": one.name, "value": one.value, "from": one.origin}
    return json.dumps({**told, **({"channel": channel.removeprefix("#")} if channel else {})}, ensure_ascii=False)
