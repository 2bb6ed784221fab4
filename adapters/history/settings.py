"""``vigil.yaml`` in an export folder: what a team would have set for its channels. Every mistake names its key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar, cast

from adapters.history.files import SETTINGS, Files, UnreadableError
from core.domain.channels import ChannelSettings, DeliveryMode, SessionScope
from core.domain.errors import CallerError

Choice = TypeVar("Choice", bound=StrEnum)

MODES = (DeliveryMode.AUTO, DeliveryMode.SHADOW, DeliveryMode.OFF)
"""The modes that do something; a draft needs a platform on which analysts approve it."""


@dataclass(frozen=True, slots=True)
class NamedSettings:
    """A channel's settings as written, and the ``names`` of those that were."""

    written: ChannelSettings
    names: frozenset[str]

    def over(self, known: ChannelSettings) -> ChannelSettings:
        """The settings known so far, changed only where something was written."""
        return replace(known, **{name: getattr(self.written, name) for name in self.names})


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings by channel name, the scope text, the user ids of analysts, and the reactions that stand for an Accept."""

    channels: dict[str, NamedSettings] = field(default_factory=dict)
    scope: str | None = None
    analysts: frozenset[str] = frozenset()
    accept_reactions: frozenset[str] | None = None


def read_settings(files: Files, names: Mapping[str, str], user_of: Callable[[str], str]) -> Settings:
    """Read the settings of an export, if it has any. ``names`` are channel names by id; ``user_of`` gives a bot's user.

    Raises ``CallerError`` naming the key that is wrong.
    """
    if not files.has(SETTINGS):
        return Settings()
    found = _table(_load(files), "", ("channels", "scope", "analysts", "accept_reactions"))
    return Settings(
        channels=_channels(found.get("channels"), names, user_of),
        scope=_text(found.get("scope"), "scope"),
        analysts=_names(found.get("analysts"), "analysts", "user ids") or frozenset(),
        accept_reactions=_names(found.get("accept_reactions"), "accept_reactions", "names of reactions"),
    )


def _load(files: Files) -> object:
    from adapters.yaml_reading import NotYamlError, read_yaml

    try:
        return read_yaml(files.read(SETTINGS))
    except UnreadableError as error:
        raise CallerError(f"{SETTINGS} {error.reason}: mend it or take it away.") from error
    except NotYamlError as error:
        raise CallerError(f"{SETTINGS} {error.reason}: mend it or take it away.") from error


def _channels(value: object, names: Mapping[str, str], user_of: Callable[[str], str]) -> dict[str, NamedSettings]:
    ids = {name: key for key, name in names.items()}
    found = _table(value, "channels", tuple(ids))
    return {name: _channel(settings, f"channels.{name}", ids, user_of) for name, settings in found.items()}


def _channel(value: object, key: str, ids: Mapping[str, str], user_of: Callable[[str], str]) -> NamedSettings:
    known = ("mode", "session", "approval", "scope", "first_line_bot", "analyst_channel")
    found = _table(value, key, known)
    bot = _text(found.get("first_line_bot"), f"{key}.first_line_bot")
    analysts = _text(found.get("analyst_channel"), f"{key}.analyst_channel")
    written = ChannelSettings(
        mode=_choice(found.get("mode"), f"{key}.mode", MODES),
        session=_choice(found.get("session"), f"{key}.session", tuple(SessionScope)) or SessionScope.THREAD,
        approval=_switch(found.get("approval"), f"{key}.approval"),
        scope=_text(found.get("scope"), f"{key}.scope"),
        first_line_bot=user_of(bot) if bot else None,
        analyst_channel=_drafts(analysts, f"{key}.analyst_channel", ids) if analysts else None,
    )
    return NamedSettings(written, frozenset(found))


def _drafts(name: str, key: str, ids: Mapping[str, str]) -> str:
    """The id of the analysts' channel; one that is not in the export can only be named by its id."""
    found = ids.get(name.removeprefix("#"))
    if found is None and name.startswith("#"):
        raise _wrong(key, f"names {name}, which is no channel of this export: name its id")
    return found or name


def _table(value: object, key: str, known: tuple[str, ...]) -> Mapping[str, object]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(key, "must be a table of keys and values")
    for name in value:
        if name not in known:
            raise _wrong(
                f"{key}.{name}" if key else str(name), f"is not known here; known are {', '.join(sorted(known))}"
            )
    return cast("Mapping[str, object]", value)


def _text(value: object, key: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise _wrong(key, "must be a text")
    return value.strip()


def _choice(value: object, key: str, choices: tuple[Choice, ...]) -> Choice | None:
    if value is None:
        return None
    # YAML 1.1 reads a bare `off` as false.
    value = "off" if value is False else value
    for choice in choices:
        if value == choice.value:
            return choice
    raise _wrong(key, f"must be one of {', '.join(choices)}")


def _switch(value: object, key: str) -> bool:
    if value is None or isinstance(value, bool):
        return value is True
    raise _wrong(key, "must be on or off")


def _names(value: object, key: str, what: str) -> frozenset[str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise _wrong(key, f"must be a list of {what}")
    return frozenset(one.strip().strip(":") for one in value)


def _wrong(key: str, what: str) -> CallerError:
    return CallerError(f"{SETTINGS}: {key} {what}." if key else f"{SETTINGS} {what}.")
