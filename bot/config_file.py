"""``vigil config export`` and ``import``: what is set for each channel, as YAML.

A file is taken in whole or not at all; what is wrong is named by its key. A channel that it names gets exactly what it says,
one that it does not name stays as it is.
"""

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar, cast

from adapters.terminal.plain import one_line, safe
from adapters.terminal.words import count
from bot.config import channels_of, named, said
from bot.doctor_home import has_records
from bot.home import writing
from bot.records import records_of
from bot.settings import Settings
from core.desk.config import CONFIG_PROBLEMS, problems
from core.domain.channels import Channel, ChannelRef, ChannelSettings, DeliveryMode, SessionScope
from core.domain.errors import CallerError, FinalError, NothingKnownError
from core.domain.policy import Policy

HEAD = "# Vigil's settings of each channel: `vigil config import FILE` takes them in. What is left out of one is the default.\n"
MOST_BYTES = 1_000_000
KEYS = tuple(one.name for one in fields(ChannelSettings))
NO_CHANNELS = "No channel is known in this home yet: `vigil run` or `vigil backfill EXPORT` learns of them."
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Change:
    """One value that an import changes. The channel, or one that the value names, is ``unknown`` where it is still to be told
    of, or a mistake."""

    channel: Channel
    key: str
    old: str
    new: str
    unknown: str = ""

    def __str__(self) -> str:
        """As a line."""
        name = f"#{safe(self.channel.name)}" if self.channel.name else self.channel.ref.channel
        old, new = (one_line(value, 60) or "(default)" for value in (self.old, self.new))
        return f"{name}  {self.key}: {old} -> {new}{f'  ({self.unknown} not known yet)' if self.unknown else ''}"


async def export(settings: Settings, file: Path | None) -> None:
    """Write them. Raises ``NothingKnownError`` where no channel is known, ``FinalError`` when the file cannot be written."""
    import yaml

    known = await channels_of(settings)
    if not known:
        raise NothingKnownError(NO_CHANNELS)
    told = {"v": 1, "channels": {one.ref.key: {"name": one.name, **_written(one.settings)} for one in known}}
    text = HEAD + yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100)
    if file is None:
        sys.stdout.write(text)
        return
    _write(file, text)
    sys.stdout.write(f"{count(len(known), 'channel')} written to {file}.\n")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise FinalError(f"{file} cannot be written ({error.strerror}): name another file.") from error


def _written(settings: ChannelSettings) -> dict[str, object]:
    """What is not as by default; enums as their words."""
    default = ChannelSettings()
    values = {key: getattr(settings, key) for key in KEYS if getattr(settings, key) != getattr(default, key)}
    return {key: value.value if isinstance(value, StrEnum) else value for key, value in values.items()}


async def import_file(settings: Settings, file: Path, *, dry_run: bool) -> None:
    """Take a file in, and print each change. Raises ``CallerError`` naming the key that is wrong, and ``HomeInUseError`` while
    something is forgotten: then nothing has changed."""
    if not has_records(settings):
        raise NothingKnownError(NO_CHANNELS)
    with writing(settings.home):
        records = await records_of(settings)
        try:
            async with records.begin() as work:
                known = await work.channels.all()
                refs = {one.ref for one in known}
                wanted = _wanted(_load(file), known)
                if not wanted:
                    raise CallerError(
                        f"{file} names no channel, nothing was changed: name a file of `vigil config export`."
                    )
                _check(wanted, known, settings.policy())
                changes = [change for old, new in wanted for change in _changes(old, new, refs)]
                for _, new in [] if dry_run else wanted:
                    await work.channels.put(new)
        finally:
            await records.close()
    sys.stdout.writelines(f"{change}\n" for change in changes)
    done = "would change" if dry_run else "changed"
    sys.stdout.write(f"{count(len(changes), 'value')} {done} in {count(len(wanted), 'channel')}.\n")


def _load(file: Path) -> object:
    from adapters.yaml_reading import NotYamlError, read_yaml

    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise CallerError(f"{file} cannot be read ({error.strerror}): name a file of `vigil config export`.") from error
    if len(content) > MOST_BYTES:
        raise CallerError(f"{file} is larger than 1 MB: name a file of `vigil config export`.")
    try:
        return read_yaml(content)
    except NotYamlError as error:
        raise CallerError(f"{file} {safe(error.reason)}: mend it. Nothing was changed.") from error


def _wanted(found: object, known: Sequence[Channel]) -> list[tuple[Channel, Channel]]:
    """The channels that the file names, as they are and as they shall be."""
    top = _table(found, "", ("v", "channels"))
    if top.get("v", 1) != 1:
        raise _wrong("v", "must be 1: a newer Vigil wrote this file")
    wanted: dict[ChannelRef, tuple[Channel, Channel]] = {}
    for key, value in _table(top.get("channels"), "channels", None).items():
        place, told = f"channels.{key}", _table(value, f"channels.{key}", ("name", *KEYS))
        channel = _channel(key, told, known)
        if channel.ref in wanted:
            raise _wrong(place, "is named twice")
        settings = _settings(told, place)
        drafts = _drafts(settings.analyst_channel, f"{place}.analyst_channel", channel.ref, known)
        wanted[channel.ref] = channel, replace(channel, settings=replace(settings, analyst_channel=drafts))
    return list(wanted.values())


def _drafts(name: str | None, key: str, ref: ChannelRef, known: Sequence[Channel]) -> str | None:
    """The id of the analysts' channel, which may be named as people see it. One that is not known may be told of later."""
    if name is None:
        return None
    beside = [one for one in known if replace(one.ref, channel=ref.channel) == ref]
    if not name.startswith("#") and not any(name in (one.name, one.ref.channel, one.ref.key) for one in beside):
        return name
    try:
        return named(beside, name).ref.channel
    except CallerError as error:
        raise _wrong(key, f"is refused: {error.sentence.rstrip('.')}") from error


def _channel(key: str, told: Mapping[str, object], known: Sequence[Channel]) -> Channel:
    parts = key.split(":")
    if len(parts) == 3 and all(parts):
        ref = ChannelRef(*parts)
        name = _text(told.get("name") or None, f"channels.{key}.name") or ""
        return next((one for one in known if one.ref == ref), Channel(ref, name))
    try:
        return named(known, key)
    except CallerError as error:
        raise _wrong(f"channels.{key}", f"is refused: {error.sentence.rstrip('.')}") from error


def _settings(told: Mapping[str, object], place: str) -> ChannelSettings:
    return ChannelSettings(
        mode=_choice(told.get("mode"), f"{place}.mode", DeliveryMode),
        session=_choice(told.get("session"), f"{place}.session", SessionScope) or SessionScope.THREAD,
        approval=_switch(told.get("approval"), f"{place}.approval"),
        scope=_text(told.get("scope"), f"{place}.scope"),
        paused=_switch(told.get("paused"), f"{place}.paused"),
        first_line_bot=_text(told.get("first_line_bot"), f"{place}.first_line_bot"),
        analyst_channel=_text(told.get("analyst_channel"), f"{place}.analyst_channel"),
    )


def _check(wanted: Sequence[tuple[Channel, Channel]], known: Sequence[Channel], policy: Policy) -> None:
    """What the form in Slack would refuse is refused here."""
    for _, one in wanted:
        drafts = one.settings.analyst_channel or policy.analyst_channel
        ref = replace(one.ref, channel=drafts) if drafts else None
        place = next((other for other in known if other.ref == ref), Channel(ref) if ref else None)
        for key, problem in problems(one.settings, place, policy):
            raise _wrong(f"channels.{one.ref.key}.{key}", CONFIG_PROBLEMS[problem])


def _changes(old: Channel, new: Channel, known: Collection[ChannelRef]) -> list[Change]:
    pairs = [(key, said(getattr(old.settings, key)), said(getattr(new.settings, key))) for key in KEYS]
    return [
        Change(new, key, before, after, _unknown(new, key, known)) for key, before, after in pairs if before != after
    ]


def _unknown(new: Channel, key: str, known: Collection[ChannelRef]) -> str:
    drafts = new.settings.analyst_channel if key == "analyst_channel" else None
    if drafts and replace(new.ref, channel=drafts) not in known:
        return safe(drafts)
    return "" if new.ref in known else "channel"


def _table(value: object, key: str, known: tuple[str, ...] | None) -> Mapping[str, object]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(key or "the file", "must be a table of keys and values")
    for name in value:
        if not isinstance(name, str) or (known is not None and name not in known):
            place = f"{key}.{name}" if key else str(name)
            raise _wrong(place, f"is not known here; known are {', '.join(sorted(known or ('texts',)))}")
    return cast("Mapping[str, object]", value)


def _text(value: object, key: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise _wrong(key, "must be a text")
    return value.strip()


def _switch(value: object, key: str) -> bool:
    if value is None or isinstance(value, bool):
        return value is True
    raise _wrong(key, "must be on or off")


def _choice(value: object, key: str, choices: type[Choice]) -> Choice | None:
    # YAML 1.1 reads a bare `off` as false.
    value = "off" if value is False else value
    if value is None:
        return None
    for choice in choices:
        if value == choice.value:
            return choice
    raise _wrong(key, f"must be one of {', '.join(choices)}")


def _wrong(key: str, what: str) -> CallerError:
    return CallerError(f"{safe(key)} {what}. Nothing was changed.")
