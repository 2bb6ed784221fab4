"""``vigil.yaml`` beside an export: what a team would have set for its channels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.domain.channels import ChannelSettings
from core.domain.errors import CallerError

_SETTINGS = TypeAdapter(ChannelSettings)
_KEYS = frozenset({"channels", "scope", "analysts"})


@dataclass(frozen=True, slots=True)
class TeamFile:
    """Settings by channel name, the team's scope text and analysts, as far as the file names them."""

    channels: Mapping[str, ChannelSettings] = field(default_factory=dict)
    scope: str | None = None
    analysts: tuple[str, ...] = ()


def read_team_file(path: Path) -> TeamFile:
    """Read the file; none gives no settings. Raises ``CallerError`` naming the key that is wrong."""
    if not path.is_file():
        return TeamFile()
    import yaml

    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CallerError(f"{path.name} is not readable YAML: mend it or take it away.") from error
    if not isinstance(raw, dict) or set(raw) - _KEYS:
        raise CallerError(f"{path.name} may only have the keys {', '.join(sorted(_KEYS))}.")
    return TeamFile(
        {str(name): _settings(str(name), value, path.name) for name, value in (raw.get("channels") or {}).items()},
        raw.get("scope"),
        tuple(str(one) for one in raw.get("analysts") or ()),
    )


def _settings(channel: str, value: Any, file: str) -> ChannelSettings:
    known = set(ChannelSettings.__dataclass_fields__)
    if not isinstance(value, dict) or set(value) - known:
        raise CallerError(f"{file}: channel {channel} may only have the keys {', '.join(sorted(known))}.")
    try:
        return _SETTINGS.validate_python(value)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise CallerError(f"{file}: channel {channel}: the value of {where} is not one that Vigil knows.") from error
