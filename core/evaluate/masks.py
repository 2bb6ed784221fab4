"""What is taken out of texts that leave a home: people's names, customers' names, and the things that only customers name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from re import Pattern

from core.domain.channels import Channel
from core.domain.dialogue import Line
from core.domain.people import Person, Role
from core.learn.others import NOBODY, name_parts, others_of
from core.learn.particulars import things, words
from core.ports.records import UnitOfWork
from core.text.everyday import is_everyday
from core.text.names import names_mask

_WITHIN = 5
"""From this length on a customer's rare word is found inside other words too, as in ``NorthwindBackup``."""


@dataclass(frozen=True, slots=True)
class Strangers:
    """What names the customers of a home, as patterns, and the words and domains of the support ``team``, lower case, which
    give nobody away."""

    customers: tuple[str, ...]
    team: frozenset[str]

    def mask(self, people: Iterable[Person], dialogue: Sequence[Line]) -> Pattern[str] | None:
        """A pattern of all that names somebody in a dialogue; ``None`` where nothing can."""
        named = names_mask([p.name for p in people if not p.is_bot], self.team)
        patterns = [*_things(dialogue, self.team), *self.customers, *([named.pattern] if named else [])]
        return re.compile("|".join(patterns)) if patterns else None


async def strangers(work: UnitOfWork, scope: str) -> Strangers:
    """Read who the customers are. The team is what ``scope``, the channels' own scopes and the home's bots say of it."""
    channels = await work.channels.all()
    homes = {channel.ref.workspace for channel in channels}
    platforms = sorted({channel.ref.platform for channel in channels})
    people = [person for on in platforms for person in await work.channels.members(on, None)]
    bots = {part for p in people if p.is_bot and p.organisation in homes for part in name_parts(p.name)}
    scopes = [scope, *(channel.settings.scope or "" for channel in channels)]
    team = frozenset(bots - NOBODY).union(*map(words, scopes))
    return Strangers(tuple(_customers(channels, people, " ".join((*scopes, *bots)))), team)


def _customers(channels: Sequence[Channel], people: Sequence[Person], scope: str) -> list[str]:
    found = others_of("", channels, people, frozenset(), scope)
    pairs = [rf"\b{re.escape(a.title())}\W+{re.escape(b.title())}\b" for a, b in sorted(found.pairs)]
    return [*pairs, *map(_firm, sorted(found.firms | found.names))]


def _firm(word: str) -> str:
    """A rare word is found in any spelling, an everyday one only where it is written as a name."""
    if is_everyday(word):
        return rf"\b{re.escape(word.title())}\b"
    inside = len(word) >= _WITHIN or not word.isascii()
    return f"(?i:{re.escape(word)})" if inside else rf"(?i:(?<![^\W_]){re.escape(word)}(?![^\W_]))"


def _things(dialogue: Sequence[Line], team: frozenset[str]) -> list[str]:
    """Hosts, addresses and ids that requesters named, the longest first; no token goes on where one ends."""
    found = {thing for line in dialogue if line.role is Role.REQUESTER for thing in things(line.text, team)}
    longest = sorted(found, key=lambda thing: (-len(thing), thing))
    return [rf"(?i:(?<!\w){re.escape(thing)}(?!\w))" for thing in longest]
