"""Deciding by code, not by a model, who may see a lesson (DESIGN 6, Generalise).

A lesson is shared only when nothing that belongs to one customer stays in a field that is shown: no host, address, id or name
that only the requesters brought up, and nothing of the customer's lexicon (organisation, members, domains).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.domain.knowledge import SHARED, Audience
from core.domain.people import Person, Role
from core.domain.tasks import Line

_HOST = re.compile(r"(?<![\w@/.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?![\w-]|\.\w|\()", re.IGNORECASE)
_URL_HOST = re.compile(r"(?<=://)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?![\w-])", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)|(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}(?![\w:])",
    re.IGNORECASE,
)
_UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\d{6,}(?![\w.]*\d)")
_MIXED = re.compile(r"\b(?=(?:[\w-]*\d){4})(?=[\w-]*[a-z])[a-z0-9]+(?:[-_][a-z0-9]+)*\b", re.IGNORECASE)
_ERROR_CODE = re.compile(r"[A-Z]{2,}[-_]?\d+")
_NAMED = re.compile(
    r"\b(?:bucket|host|server|cluster|tenant|account|project|org(?:anization)?|user|instance|machine|box)\s+(?:named |called )?"
    r"[`'\"]?([\w.-]*[-_\d][\w.-]*)",
    re.IGNORECASE,
)
_GREETED = re.compile(
    r"(?:^|[\n.!?])\s*(?:hi|hey|hello|dear|thanks|thank you|thx|cheers|regards)[,\s]+@?([A-Z][a-z]{2,})\b"
)
_ADDRESSED = re.compile(r"@([\w.-]{2,}(?: [A-Z][\w-]+)?)")
_WORD = re.compile(r"[\w.-]+")
_FILE_ENDINGS = frozenset(
    """py js ts tsx jsx java rb php go rs c h cc cpp cs json yaml yml toml xml html css md txt log csv sql sh bat exe dll so jar
    conf cfg ini pdf docx doc xlsx png jpg gif zip gz tar env lock proto md5 pem crt key properties gradle net core io asp aspx
    length size name value id type status error message config client""".split()
)
_COMMON = frozenset("all team there everyone folks guys everybody again much you for support sir madam".split())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words that give one customer away: its organisation, the names of its members, its domains; lower case."""

    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ruling:
    """The audience of a lesson, and what kept it from being shared, if anything did."""

    audience: Audience
    because: str


def lexicon_of(
    customer: str, members: Iterable[Person], channel_words: Iterable[str], requester_texts: Sequence[str]
) -> Lexicon:
    """Collect what names the customer: its id, members' names, words of its channels' names, the domains it writes of."""
    words = {customer.lower(), *(word.lower() for word in channel_words)}
    for person in members:
        words.update(part for part in re.split(r"[\s._]+", person.name.lower()) if len(part) > 2)
        words.add(person.id.lower())
    for text in requester_texts:
        words.update(label for host in _hosts(text) for label in host.split(".")[:-1] if _names_somebody(label))
    return Lexicon(frozenset(words - _COMMON))


def channel_words(own: Iterable[str], others: Iterable[str], all_names: Sequence[str]) -> set[str]:
    """Words of a customer's channel names that tell it from other channels: not in another customer's channel name, and not
    in most of all names, where they would name the team's product."""
    mine = {w for name in own for w in _split(name)} - {w for name in others for w in _split(name)}
    half = len(all_names) / 2
    return {w for w in mine if len(all_names) == 1 or sum(w in _split(name) for name in all_names) <= half}


def _split(name: str) -> set[str]:
    return {w for w in re.split(r"[-_\s]+", name.lower()) if len(w) > 3 and w not in _CHANNEL_WORDS}


def _names_somebody(label: str) -> bool:
    return len(label) > 3 and label not in _HOST_WORDS


def audience_of(shown: str, dialogue: Sequence[Line], customer: str, lexicon: Lexicon) -> Ruling:
    """Rule on the shown fields, joined in ``shown``, of a lesson from this dialogue (oldest first)."""
    own = Audience.customer(customer)
    named = sorted({w.strip(".-_").lower() for w in _WORD.findall(shown)} & lexicon.words)
    if named:
        return Ruling(own, f"it names {named[0]}")
    kept = sorted(particulars(shown) & _brought_by_requesters(dialogue))
    return Ruling(own, f"it holds {kept[0]}, which is the requester's") if kept else Ruling(SHARED, "")


def _brought_by_requesters(dialogue: Sequence[Line]) -> set[str]:
    """Particulars that a requester named before any analyst did; an analyst's echo does not make them the team's."""
    requesters: set[str] = set()
    team: set[str] = set()
    for line in dialogue:
        found = particulars(line.text)
        if line.role is Role.REQUESTER:
            requesters |= found - team
        elif line.role is Role.ANALYST:
            team |= found - requesters
    return requesters


def particulars(text: str) -> set[str]:
    """Hosts, addresses, ids and names in a text, lower case: what may belong to one customer."""
    hosts = _hosts(text) | _url_hosts(text)
    found = hosts | {host.split(".")[0] for host in hosts if _names_somebody(host.split(".")[0])}
    found |= {m.group().lower() for p in (_ADDRESS, _UUID, _NUMBER) for m in p.finditer(text)}
    found |= {m.group().lower() for m in _MIXED.finditer(text) if not _ERROR_CODE.fullmatch(m.group())}
    found |= {m.group(1).lower() for p in (_NAMED, _GREETED, _ADDRESSED) for m in p.finditer(text)}
    return found - _COMMON


def _hosts(text: str) -> set[str]:
    hosts = {m.group().lower() for m in _HOST.finditer(text)}
    return {h for h in hosts if h.rsplit(".", 1)[-1] not in _FILE_ENDINGS}


def _url_hosts(text: str) -> set[str]:
    """Hosts of links, but for those of public pages: both sides link documentation, and that gives nobody away."""
    hosts = {m.group().lower() for m in _URL_HOST.finditer(text)}
    return {h for h in hosts if not _HOST_WORDS & {h.split(".")[0], h.split(".")[-2]}}


_CHANNEL_WORDS = frozenset(
    """help support external internal shared customer customers team general channel misc java dotnet python ruby node golang
    incident incidents questions prod production staging""".split()
)
_HOST_WORDS = frozenset(
    "docs help support demo test example mail console login http https github stackoverflow google cloud apis".split()
)
