"""Platforms that a text names: the language of a kit, the operating system, the browser. Pure."""

import re
from functools import lru_cache

_I = re.IGNORECASE

_LANGUAGES = (
    r"(?P<go>golang|Go)|(?P<javascript>node(?:\.?js)?|javascript|typescript)|(?P<java>java)|(?P<python>python)|"
    r"(?P<ruby>ruby)|(?P<rust>rust)|"
    r"(?P<php>php)|(?P<dotnet>\.net|dotnet|c#)|(?P<kotlin>kotlin)|(?P<swift>swift)|(?P<cpp>c\+\+)"
)
_KIT = r"(?:[ -]?(?:SDKs?|clients?|drivers?|library|libraries|agents?|apps?|bindings?))"
_LANGUAGE = re.compile(rf"(?<![\w.])(?:{_LANGUAGES}){_KIT}?(?![\w])", _I)
_SYSTEM = re.compile(
    r"\b(?:(?P<windows>windows)|(?P<linux>linux|ubuntu|debian|rhel|centos)|(?P<macos>macos|mac os)|(?P<ios>ios|"
    r"iphone|ipad)|(?P<android>android))\b",
    _I,
)
_BROWSER = re.compile(
    r"\b(?:(?P<chrome>chrome)|(?P<firefox>firefox)|(?P<safari>safari)|(?P<edge>microsoft edge))\b", _I
)
_KITS = re.compile(rf"(?<![\w.])(?:{re.sub('[?]P<[a-z]+>', '?:', _LANGUAGES)}){_KIT}", _I)
_ON_SYSTEM = re.compile(r"\b(?:on|for|in) (?:windows|linux|macos|ios|iphone|android|chrome|firefox|safari)\b", _I)
_DENIED = re.compile(
    r"(?:\bnot(?: (?:on|in|using|with|from|for))?|n't (?:use|using|have|on)|\bno|\bwithout|\binstead of|不是|"
    r"没用|没有用)(?: (?:the|a|an|any|our))? ?$",
    _I,
)


@lru_cache(maxsize=4096)
def _platforms(text: str) -> tuple[tuple[str, str, bool], ...]:
    """Kind, name and whether it is denied, for each platform that is named. "Go" alone is a verb: its SDK must stand beside."""
    found: list[tuple[str, str, bool]] = []
    for kind, pattern in (("language", _LANGUAGE), ("system", _SYSTEM), ("browser", _BROWSER)):
        for match in pattern.finditer(text):
            name = match.lastgroup or ""
            if name != "go" or re.fullmatch(rf"golang|Go{_KIT}", match.group()):
                found.append((kind, name, bool(_DENIED.search(text[max(0, match.start() - 24) : match.start()]))))
    return tuple(found)


def platforms_clash(asked: str, known: str) -> bool:
    """Whether a question names only other platforms of a kind than what is known, or says that it is not on them."""
    there: dict[str, set[str]] = {}
    for kind, name, denied in _platforms(known):
        if not denied:
            there.setdefault(kind, set()).add(name)
    said = list(_platforms(asked))
    for kind, wanted in there.items():
        refused = {name for k, name, no in said if k == kind and no}
        meant = {name for k, name, no in said if k == kind and not no} - refused
        if wanted <= refused or (meant and not meant & wanted):
            return True
    return False


@lru_cache(maxsize=4096)
def stated_kits(answer: str) -> str:
    """Give of an answer only what is named as a kit or a system that it holds for; a language may stand in an example."""
    return "\n".join(m.group() for pattern in (_KITS, _ON_SYSTEM) for m in pattern.finditer(answer))
