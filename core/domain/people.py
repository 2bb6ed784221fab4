"""Who speaks, in which role, and why we think so."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Person:
    """An author or actor as the platform names them. ``organisation`` is the Slack team or Lark tenant they belong to, empty
    where nobody knows; ``groups`` are the user groups they are in, as far as the team's settings name them."""

    id: str
    name: str = ""
    organisation: str = ""
    is_bot: bool = False
    groups: frozenset[str] = frozenset()


class Role(StrEnum):
    """What a person is in a session."""

    REQUESTER = "requester"
    ANALYST = "analyst"
    BOT = "bot"
    OTHER = "other"


class RoleBasis(StrEnum):
    """Why a role was given: set by the team, home member of a shared channel, or only presumed from who joined."""

    CONFIGURED = "configured"
    HOME = "home"
    PRESUMED = "presumed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A role with its basis."""

    role: Role
    basis: RoleBasis
