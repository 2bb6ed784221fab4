"""What names the other customers, so that no lesson carries one customer's name to another (DESIGN 6, Generalise).

There may be hundreds of channels and thousands of people, so rare words decide, and everyday ones only where they are written
as a name: a channel ``ext-apple-support`` makes neither "apple" nor "support" a name, but "Apple" within a sentence is one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core.domain.channels import Channel
from core.domain.people import Person
from core.learn.particulars import is_rare, words
from core.text.everyday import is_everyday

_SHORT = 3
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+")
_AS_NAME = re.compile(r"(?<=[a-z0-9,;:] )[A-Z][A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Others:
    """What names the outside organisations that are not the thread's own, lower case. ``words`` are whole words, ``firms`` rare
    words of channels' names, found inside other rare words too, ``names`` everyday words that count where they are written as
    a name, ``pairs`` two such words that count one behind the other, ``han`` names that are found anywhere."""

    words: frozenset[str] = frozenset()
    firms: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    han: frozenset[str] = frozenset()

    def named_in(self, shown: str) -> bool:
        """Whether a text names one of them. The work is linear in the text, but for firms and Han names."""
        there = words(shown)
        there |= {word[:-1] for word in there if word.endswith("s")}
        if not self.words.isdisjoint(there) or not self.firms.isdisjoint(there):
            return True
        written = {match.group().casefold() for match in _AS_NAME.finditer(shown)}
        if not self.names.isdisjoint(written) or not self.pairs.isdisjoint(_pairs_in(shown)):
            return True
        rare = " ".join(word for word in there if not is_everyday(word))
        within = any(len(firm) > _SHORT + 1 and firm in rare for firm in self.firms)
        return within or (bool(_HAN.search(shown)) and any(name in shown.casefold() for name in self.han))


NOBODY_ELSE = Others()


def others_of(
    customer: str, channels: Sequence[Channel], people: Iterable[Person], team: AbstractSet[str], scope: str
) -> Others:
    """Collect what names the outside organisations other than the customer. What the customer and the team are called, too, and
    what the scope names, gives nobody away; ``team`` are the ids of analysts outside the home organisations."""
    homes = {channel.ref.workspace for channel in channels}
    organisations = {one for channel in channels for one in channel.organisations} - homes - {customer}
    scoped = words(scope) | NOBODY
    ids, parts, pairs = {one.casefold() for one in organisations}, set[str](), set[tuple[str, str]]()
    known, known_pairs = set(scoped), set[tuple[str, str]]()
    for person in people:
        called = name_parts(person.name)
        if person.organisation in (customer, *homes) or person.id in team:
            known |= set(called)
            known_pairs |= set(pairwise(called))
        elif person.organisation and not person.is_bot:
            ids |= {person.id.casefold(), person.organisation.casefold()}
            parts |= _telling(person.name)
            pairs |= {pair for pair in pairwise(called) if NOBODY.isdisjoint(pair)}
    firms, names, doubles = _firms(customer, channels)
    firms, parts = firms - scoped, parts - known
    han = {one for one in parts | firms if len(one) > 1 and _HAN.search(one)}
    plain = {one for one in ids if len(one) > _SHORT} | parts - han
    return Others(
        frozenset(plain),
        frozenset(firms),
        frozenset(names - scoped),
        frozenset(pairs - known_pairs | doubles),
        frozenset(han),
    )


@lru_cache(maxsize=65_536)
def _telling(name: str) -> frozenset[str]:
    """The parts of a name that tell somebody by themselves. Remembered: every learn job asks for everybody's."""
    return frozenset(p for p in name_parts(name) if _HAN.search(p) or (is_rare(p) and not p.isdecimal()))


def _firms(customer: str, channels: Sequence[Channel]) -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """The words of channels' names that tell another customer: rare ones, else everyday ones, alone or two together. A word
    in most names, or in the names of channels that no customer has in common, tells nobody."""
    cut = [(split_name(channel.name), channel) for channel in channels]
    often = Counter(word for split, _ in cut for word in set(split))
    shared: dict[str, frozenset[str]] = {}
    for split, channel in cut:
        for word in split if channel.organisations else ():
            shared[word] = shared.get(word, channel.organisations) & channel.organisations
    firms, names, doubles = set[str](), set[str](), set[tuple[str, str]]()
    for split, channel in cut:
        if not channel.organisations or customer in channel.organisations:
            continue
        telling = [w for w in split if shared[w] and customer not in shared[w] and _few(often[w], len(cut))]
        rare = [w for w in telling if not is_everyday(w) and (w.isalpha() or len(w) > _SHORT + 1)]
        longer = [w for w in rare if len(w) > _SHORT or _HAN.search(w)] or rare
        firms |= {w for w in longer if len(w) > 2 or _HAN.search(w)}
        names |= {w for w in longer if len(w) == 2} if longer else set(telling if len(telling) == 1 else ())
        doubles |= set() if longer else set(pairwise(telling))
    return firms, names, doubles


def _few(often: int, channels: int) -> bool:
    return channels == 1 or often <= channels / 2


def _pairs_in(shown: str) -> set[tuple[str, str]]:
    """Words one behind the other that are both written as names."""
    found = [match.group() for match in _WORD.finditer(shown)]
    return {(a.casefold(), b.casefold()) for a, b in pairwise(found) if a[0].isupper() and b[0].isupper()}


def name_parts(name: str) -> list[str]:
    """The parts of a person's name, lower case."""
    return [part.casefold() for part in re.split(r"[\W_]+", name) if part]


def split_name(name: str) -> list[str]:
    """The words of a channel's name that may tell whose it is, lower case."""
    return [w for w in re.split(r"[-_\s]+", name.lower()) if len(w) > 1 and w not in _CHANNEL_WORDS]


_CHANNEL_WORDS = frozenset(
    """ext int help support external internal shared customer customers team general channel misc java dotnet python ruby node
    golang incident incidents questions prod production staging dev test qa eu us ap in at de uk cn api sdk ops and for the
    of with to 外部 内部 支持 客户 技术支持 售后""".split()
)
NOBODY = frozenset(
    "all team there everyone folks guys everybody support bot admin user 运维 测试 管理员 客服 技术支持 小助手".split()
)
"""What people and groups are called that are nobody by name."""
