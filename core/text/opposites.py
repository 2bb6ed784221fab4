"""Whether two texts say the opposite: a negation, a pair of antonyms, yes and no, other values, two things swapped. Pure."""

import re

from core.text.terms import content_terms, keys, stem

_PAIRS = tuple(
    tuple(frozenset(side.split("|")) for side in pair.split("/"))
    for pair in (
        "enable|enabled|enabling/disable|disabled|disabling on/off turn-on/turn-off allow|allowed|permit|"
        "permitted/deny|denied|forbid|forbidden|block "
        "add|adding/remove|removing|delete|drop raise|increase|higher|larger|more/lower|decrease|reduce|smaller|"
        "fewer|less before/after "
        "above/below upload|uploads|uploading|put/download|downloads|downloading|get north|northern/south|"
        "southern east|eastern/west|western "
        "start|starting/stop|stopping first/last minimum|min|least/maximum|max|most public/private read|"
        "reading/write|writing always/never "
        "upgrade|upgrading/downgrade|downgrading encrypt/decrypt attach/detach mount/unmount import|"
        "importing/export|exporting "
        "install/uninstall lock|locked/unlock|unlocked true/false with/without inbound|incoming|"
        "ingress/outbound|outgoing|egress "
        "kept|keep|keeps|stay|stays/deleted|removed|removes source/target primary/secondary|replica one|"
        "single/two|double two/three internal/external"
    ).split()
)
_PAIRS_ZH = tuple(tuple(pair.split("/")) for pair in (
    "启用/禁用 开启/关闭 打开/关闭 增大/减小 调大/调小 允许/禁止 "
    "上传/下载 保留/删除 升级/降级 添加/删除 之前/之后 以上/以下 公有/私有"
).split())  # fmt: skip
_WORD = re.compile(r"[a-z][a-z'-]*")
_NEGATED = re.compile(
    r"(?<!, )\b(?:not|never|no longer|cannot|can't|won't|don't|doesn't|isn't|aren't|didn't)\s+(?:(?:be|been|yet|"
    r"a|an|the|any|need|to|is|are)\s+){0,3}([a-z]+)"
    r"|\bun([a-z]{4,})",
    re.IGNORECASE,
)
_NEGATED_ZH = re.compile(r"[不没未](支持|能|会|可以|需要|允许|可|行|用|生效)")
_YES = re.compile(r"\W*(?:yes|yep|sure|correct|right)\b|\W*(?:是的|可以|能|支持|会)", re.IGNORECASE)
_NO = re.compile(r"\W*(?:no|nope|never|not|none)\b|\W*(?:不|没)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\d{1,9}(?:\.\d{1,9})?(?!\.?\d)")
_CAPITALS = re.compile(r"\b[A-Z]{2,5}\b")
"""Regions and the like, which may look like stop words: US."""
_TURNED = re.compile(r"\b(?:instead of|rather than|not|from)\b|->|而不是|代替|而非", re.IGNORECASE)
_CLAUSE = re.compile(r"[!?;，。！？；\n]\s*|[.,:]\s+|\b(?:but|and|because)\b|但|因为")
_NAME = re.compile(r"[\w./:-]*(?:\d|[/._:])[\w/]+|`[^`\n]{1,80}`")
_WARNS_OF = re.compile(
    r"\b(?:not|never|avoid|stop|skip|ignore|forget|undo|revert|cannot|instead of|rather than|no longer|"
    r"leave(?=.{1,40}\balone\b)|(?:do|does|did|wo|ca|is|are|was|must|should)n['’]?t)\b|不要|别|请勿|不能|不是|没有|不再",
    re.IGNORECASE,
)
_FAILS = re.compile(
    r"\b(?:(?:is|are|was|does|did|do|will|can) ?not|cannot|no longer|does nothing|no effect|obsolete|outdated|withdrawn|"
    r"(?:do|does|did|wo|ca|is|are|was)n['’]?t)\b|不再|没用|无效|不起作用",
    re.IGNORECASE,
)


def denies(one: str, other: str) -> bool:
    """Whether one answer says yes and the other no, denies what the other states, or swaps what to use instead of what."""
    return _yes_and_no(one, other) or _denies(one, other) or _denies(other, one) or _swapped(one, other)


def differs(one: str, other: str) -> bool:
    """Whether two answers that are near each other say other things: antonyms, or no number in common."""
    return opposed_words(one, other) or _other_numbers(one, other)


def opposed_words(one: str, other: str) -> bool:
    """Whether one text has a word and the other only its antonym, or denies what the other states."""
    words = [set(_WORD.findall(text.lower())) for text in (one, other)]
    for left, right in _PAIRS:
        sides = [(bool(w & left), bool(w & right)) for w in words]
        if sides in ([(True, False), (False, True)], [(False, True), (True, False)]):
            return True
    for this, that in _PAIRS_ZH:
        han = [(this in text, that in text) for text in (one, other)]
        if han in ([(True, False), (False, True)], [(False, True), (True, False)]):
            return True
    return _denies(one, other) or _denies(other, one)


def _denies(one: str, other: str) -> bool:
    denied = {stem((m.group(1) or m.group(2)).lower()) for m in _NEGATED.finditer(one)}
    also = {stem((m.group(1) or m.group(2)).lower()) for m in _NEGATED.finditer(other)}
    stated = {stem(word) for word in _WORD.findall(_NEGATED.sub(" ", other).lower())}
    if (denied - also) & stated:
        return True
    return any(word not in set(_NEGATED_ZH.findall(other)) and word in other for word in _NEGATED_ZH.findall(one))


def _yes_and_no(one: str, other: str) -> bool:
    return bool((_YES.match(one) and _NO.match(other)) or (_NO.match(one) and _YES.match(other)))


def _other_numbers(one: str, other: str) -> bool:
    numbers = [set(_NUMBER.findall(text)) for text in (one, other)]
    return bool(numbers[0] and numbers[1] and not numbers[0] & numbers[1])


def _swapped(one: str, other: str) -> bool:
    """Whether "a instead of b" stands against "b instead of a"."""
    if not (_TURNED.search(one) and _TURNED.search(other)):
        return False
    names = [list(dict.fromkeys(_NAME.findall(text))) for text in (one, other)]
    shared = [[name for name in side if name in names[1 - i]] for i, side in enumerate(names)]
    return len(shared[0]) > 1 and shared[0] != shared[1]


def turns_down(known: str, said: str, asked: str) -> bool:
    """Whether something ``said`` warns off what ``known`` names and the question ``asked`` does not (a version, a setting, a
    command, a figure), or says in the same clause that it fails."""
    names = _names(known) - _names(asked)
    return any(_turned_down(clause, names) for clause in _CLAUSE.split(said))


def _turned_down(clause: str, names: set[str]) -> bool:
    warned = _WARNS_OF.search(clause)
    failing = clause if _FAILS.search(clause) else clause[warned.end() :] if warned else ""
    return bool(names & _names(failing))


def _names(text: str) -> set[str]:
    return {name.strip("`.:/").lower() for name in _NAME.findall(text)} - {""}


def names_other_things(one: str, other: str) -> bool:
    """Whether two texts are built alike but name other things: each has codes that the other has not, or most words are shared
    and each side has words of its own."""
    codes = [set(keys(text)) for text in (one, other)]
    if codes[0] - codes[1] and codes[1] - codes[0] and not codes[0] & codes[1]:
        return True
    terms = [
        {*content_terms(text), *(word for word in _CAPITALS.findall(text) if not content_terms(word))}
        for text in (one, other)
    ]
    alike = len(terms[0] & terms[1]) >= _ALIKE * len(terms[0] | terms[1])
    return alike and bool(terms[0] - terms[1]) and bool(terms[1] - terms[0])


_ALIKE = 0.5
"""Share of all their words that two texts have in common: paraphrases have fewer, texts that differ in one name more."""
