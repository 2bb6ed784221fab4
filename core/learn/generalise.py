"""Deciding by code, not by a model, who may see a lesson (DESIGN 6, Generalise).

A lesson is shared only when nothing that belongs to one customer stays in a field that is shown: no host, address, id or name
that only the requesters brought up, and nothing of the customer's lexicon (organisation, members, domains). What names another
customer or its people is internal: neither that customer's nor the thread's own may see it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.domain.dialogue import Line
from core.domain.knowledge import INTERNAL, SHARED, Audience
from core.domain.people import Person, Role
from core.learn.others import NOBODY, NOBODY_ELSE, Others, split_name
from core.learn.particulars import Particulars, held, particulars, words
from core.text.everyday import is_everyday

_SHORT = 4
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What names one customer, lower case. ``words`` are found inside other words too, the short ones only by themselves.
    ``names`` are members' names that are everyday words ("Will"): they count where they are written as names. ``team`` are the
    words and domains of the support team, which give nobody away. ``others`` names the other customers."""

    words: frozenset[str]
    names: frozenset[str] = frozenset()
    team: frozenset[str] = frozenset()
    others: Others = NOBODY_ELSE


@dataclass(frozen=True, slots=True)
class Ruling:
    """The audience of a lesson, and what kept it from being shared, if anything did; another customer is not told by name."""

    audience: Audience
    because: str


def lexicon_of(customer: str, members: Iterable[Person], channel_words: Iterable[str], scope: str) -> Lexicon:
    """Collect what names the customer: its id, members' names, words of its channels' names. What the scope text names is the
    team's."""
    own = {customer.casefold(), *(word.casefold() for word in channel_words)}
    called: set[str] = set()
    for person in members:
        own.add(person.id.casefold())
        called.update(part.casefold() for part in re.split(r"[\s._-]+", person.name) if _names_somebody(part))
    everyday = {name for name in called if is_everyday(name)}
    own = {word for word in own | called - everyday if word and word not in NOBODY}
    return Lexicon(frozenset(own), frozenset(everyday - NOBODY), frozenset(words(scope) - own))


def _names_somebody(part: str) -> bool:
    return len(part) > (1 if _HAN.search(part) else 2)


def channel_words(own: Iterable[str], others: Iterable[str], all_names: Sequence[str]) -> set[str]:
    """Words of a customer's channel names that tell it from other channels: not in another customer's channel name, and not
    in most of all names, where they would name the team's product."""
    mine = {w for name in own for w in split_name(name)} - {w for name in others for w in split_name(name)}
    half = len(all_names) / 2
    return {w for w in mine if len(all_names) == 1 or sum(w in split_name(name) for name in all_names) <= half}


def audience_of(shown: str, dialogue: Sequence[Line], customer: str, lexicon: Lexicon) -> Ruling:
    """Rule on the shown fields, joined in ``shown``, of a lesson from this dialogue (oldest first)."""
    if lexicon.others.named_in(shown):
        return Ruling(INTERNAL, "it names another customer")
    own = Audience.customer(customer)
    if named := _named(shown, lexicon):
        return Ruling(own, f"it names {named[0]}")
    kept = held(shown, _brought_by_requesters(dialogue, lexicon.team))
    return Ruling(own, f"it holds {kept[0]}, which is the requester's") if kept else Ruling(SHARED, "")


def _named(shown: str, lexicon: Lexicon) -> list[str]:
    folded, there = shown.casefold(), words(shown)
    found = {w for w in lexicon.words if w in there or f"{w}s" in there or (_inside(w) and w in folded)}
    for match in re.finditer(r"(?<=[a-z0-9,;:] )[A-Z][a-z]+", shown) if lexicon.names else ():
        found.update({match.group().casefold()} & lexicon.names)
    return sorted(found)


def _inside(word: str) -> bool:
    """Whether a word is long enough, or Han, so that finding it inside another means the customer."""
    return len(word) > _SHORT or bool(_HAN.search(word))


def _brought_by_requesters(dialogue: Sequence[Line], team: frozenset[str]) -> Particulars:
    """Particulars that a requester named before any analyst did; an analyst's echo does not make them the team's."""
    tokens: set[str] = set()
    called: set[str] = set()
    said = set(team)
    for line in dialogue:
        if line.role is Role.REQUESTER:
            found = particulars(line.text, team)
            tokens |= found.tokens - said
            called |= found.called - said
        elif line.role is Role.ANALYST:
            said |= words(line.text) - tokens
    return Particulars(frozenset(tokens), frozenset(called))
