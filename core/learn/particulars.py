"""What in a text may belong to one customer: hosts, addresses, ids, names of things, and words that only one party would use.

Every text is cut into tokens once and each is judged by itself, so the work is linear in the text. Han text has no words to
cut: there only firms ("北极星科技") are seen, and the customer's lexicon does the rest.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.text.everyday import is_everyday

_CJK = "\u3000-\u9fff\uf900-\ufaff\uac00-\ud7af\uff00-\uffef"
_TOKEN = re.compile(rf"[^\W{_CJK}]+(?:[-.:/@~%+]+[^\W{_CJK}]+)*")
_PIECE = re.compile(r"[^/@:~%+]+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{1,4}::?){2,7}[0-9a-f]{1,4}", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+([a-z]{2,24})")
_CODE = re.compile(r"[A-Z]{1,6}[-_]?\d{1,5}[A-Z]?|(?:err(?:or)?|http|e)[-_]?\d{1,5}|0x[0-9a-f]+")
_QUANTITY = re.compile(r"\d+[A-Za-z]{1,4}|v?\d+(?:\.\d+)+[\w.-]*")
_FIGURE = re.compile(r"\d{1,7}|\d{4}-\d{2}-\d{2}(?:T.*)?")
_REGION = re.compile(r"(?:us|eu|ap|sa|ca|me|af|il|cn|mx|uk)(?:-[a-z]+){0,2}-\d[a-d]?")
_THINGS = (
    r"\b(?:bucket|host|server|cluster|tenant|account|project|org(?:anization)?|user|instance|machine|box|job|database|topic|"
    r"queue)s?"
)
_NAMED = re.compile(rf"{_THINGS} (is (?:named |called )?|named |called )?[`'\"]?([\w.-]{{2,80}})", re.IGNORECASE)
_STATE = re.compile(
    r"\w*(?:ed|ing|able|ible|al|ive|ic|ty|[^\W_]ly)|not|now|still|too|so|the|an?|in|on|at|of|to|for|from|full|down|up|out|off|slow|fast|public|private|"
    r"stuck|broken|gone|new|old|own|ok|fine|ours?|your?s?|there|here|set|full|behind|under|over|only|just|also|very|all|no|one|both",
    re.IGNORECASE,
)
"""How a thing is, not what it is called."""
_QUOTED = re.compile(r"[`'\"]([\w.-]{2,80})[`'\"]")
_FIRM = re.compile(r"[\u3400-\u9fff]{2}(?:公司|集团|科技|银行|股份)")
_LONGEST_TOKEN = 200
_LONG_WORD = 5

_TLDS = frozenset(
    """com net org edu gov mil int io ai dev co biz xyz eu de uk fr nl be ch at it es pt pl cz se no fi dk ie ru ua cn jp kr in
    br mx ca au nz sg hk tw il za us example test invalid local internal intranet corp lan home private cloud app info site
    online tech""".split()
)
_ALSO_SETTINGS = frozenset("test local internal home private cloud app info site online tech in it no at".split())
"""Endings that settings and sentences have too ("java.home"): with one everyday label before them no host is meant."""
_ENVIRONMENTS = frozenset("prod prd staging stg uat qa preprod db".split())
_PUBLIC_DOMAINS = frozenset(
    """example.com example.org example.net github.com gitlab.com bitbucket.org stackoverflow.com stackexchange.com python.org
    npmjs.com docker.com docker.io kubernetes.io k8s.io mozilla.org w3.org ietf.org wikipedia.org google.com microsoft.com
    apple.com amazon.com oracle.com redhat.com ubuntu.com debian.org apache.org nginx.org postgresql.org mysql.com mongodb.com
    letsencrypt.org openssl.org asp.net socket.io feishu.cn larksuite.com slack.com""".split()
)
"""Hosts below these are nobody's; none of them gives its customers subdomains, as storage and web hosting do."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """Lower case. ``tokens``: hosts, addresses, ids, names of things and rare words. ``called``: everyday words that a thing
    is said to be called ("our bucket is invoices")."""

    tokens: frozenset[str]
    called: frozenset[str]


@lru_cache(maxsize=4096)
def particulars(text: str, team: frozenset[str]) -> Particulars:
    """Give what of a text may belong to one customer; ``team`` are words and domains that are the team's own, lower case."""
    found = {m.group() for m in _FIRM.finditer(text)}
    called: set[str] = set()
    for token in _TOKEN.findall(_plain(text)):
        found.update(one.lower() for one in _of_token(token, team))
    for is_called, name in _NAMED.findall(text):
        if re.search(r"[-_\d]", name) and not _REGION.fullmatch(name):
            found.add(name.strip(".-_").lower())
        elif is_called and not _STATE.fullmatch(name):
            called.add(name.strip(".-_").lower())
    return Particulars(frozenset(found - team), frozenset(called - team))


@lru_cache(maxsize=4096)
def things(text: str, team: frozenset[str]) -> frozenset[str]:
    """Give the hosts, addresses, ids and names of single machines or buckets of a text, lower case: without the rare words.
    Dates, and figures of up to 7 digits, are no ids."""
    found: set[str] = set()
    for token in _TOKEN.findall(_plain(text)):
        if len(token) > _LONGEST_TOKEN or _ADDRESS.fullmatch(token) or _UUID.fullmatch(token):
            found.add(token)
        else:
            pieces = map(_without_public_domain, _PIECE.findall(token))
            found.update(p for p in pieces if _names_one(p, team) and not _FIGURE.fullmatch(p))
    return frozenset(thing.lower() for thing in found)


def held(shown: str, brought: Particulars) -> list[str]:
    """Give the particulars that a text holds, sorted; a called word only where it names a thing again."""
    whole = _plain(shown).casefold()
    there = words(shown)
    named = {name.strip(".-_").lower() for _, name in _NAMED.findall(shown)} | set(_QUOTED.findall(whole))
    found = {one for one in brought.tokens if one in there or (len(one) >= _LONG_WORD and one in whole)}
    return sorted(found | (brought.called & named))


@lru_cache(maxsize=4096)
def words(text: str) -> frozenset[str]:
    """Give every token of a text, its pieces and their parts, lower case: what the text names. Remembered:
    a dialogue is read anew for each of its lessons."""
    found = {m.group() for m in _FIRM.finditer(text)}
    for token in _TOKEN.findall(_plain(text)):
        for piece in (token, *_PIECE.findall(token)):
            found.add(piece.lower())
            found.update(_domains(piece.lower()))
            found.update(part.lower() for part in parts(piece))
    return frozenset(found)


def parts(token: str) -> list[str]:
    """Cut a token at its borders: case, digits, ``-``, ``_``, dots."""
    return _PART.findall(token)


def _plain(text: str) -> str:
    """Full-width forms and accents folded, so that one name has one spelling."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _of_token(token: str, team: frozenset[str]) -> Iterator[str]:
    if len(token) > _LONGEST_TOKEN or _ADDRESS.fullmatch(token) or _UUID.fullmatch(token):
        yield token
        return
    for piece in map(_without_public_domain, _PIECE.findall(token)):
        if _names_one(piece, team):
            yield piece
        yield from (part for part in parts(piece) if is_rare(part) and part.lower() not in team)


def _names_one(piece: str, team: frozenset[str]) -> bool:
    return _is_id(piece) or _is_host(piece, team) or _is_instance(piece)


def is_rare(part: str) -> bool:
    """Whether a part of a token is no everyday word; short capitals are abbreviations."""
    return len(part) > 3 and not (part.isupper() and len(part) <= _LONG_WORD) and not is_everyday(part.lower())


def _is_id(piece: str) -> bool:
    if _ADDRESS.fullmatch(piece) or _UUID.fullmatch(piece):
        return True
    digits = sum(c.isdigit() for c in piece)
    if digits == len(piece.replace(".", "")):
        return digits >= 6 and "." not in piece
    return digits >= 4 and "." not in piece and not _CODE.fullmatch(piece) and not _QUANTITY.fullmatch(piece)


def _is_host(piece: str, team: frozenset[str]) -> bool:
    shape = _HOST.fullmatch(piece)
    if shape is None or shape.group(1) not in _TLDS:
        return False
    labels = piece.lower().split(".")
    if len(labels) == 2 and shape.group(1) in _ALSO_SETTINGS and not any(is_rare(p) for p in parts(labels[0])):
        return False
    return labels[-2] not in team and team.isdisjoint(_domains(piece.lower()))


def _without_public_domain(piece: str) -> str:
    public = next((domain for domain in _domains(piece.lower()) if domain in _PUBLIC_DOMAINS), "")
    return piece[: len(piece) - len(public)].rstrip(".")


def _domains(piece: str) -> list[str]:
    labels = piece.split(".")
    return [".".join(labels[i:]) for i in range(len(labels) - 1)] if len(labels) <= 20 else []


def _is_instance(piece: str) -> bool:
    """Whether a token of several parts looks like the name of one thing: ``nw-archive``, ``orders-prod``, ``PAYROLL-DB``."""
    by_dash, pieces = piece.split("-"), re.split(r"[-_]", piece)
    if len(pieces) < 2 or _REGION.fullmatch(piece) or _CODE.fullmatch(piece):
        return False
    if piece.isupper():
        named = len(by_dash) > 1 and by_dash[0] not in _ERRORS and any(len(p) > 3 and p.isalpha() for p in by_dash)
        return named or (pieces[-1].lower() in _ENVIRONMENTS and pieces[0] not in _ERRORS)
    first, last = pieces[0].lower(), pieces[-1].lower()
    odd = 1 < len(first) <= 3 and first.isalpha() and not is_everyday(first)
    return odd or last in _ENVIRONMENTS or (len(by_dash) > 1 and first in _ENVIRONMENTS)


_ERRORS = frozenset(("ERR", "ERROR", "E", "HTTP"))
