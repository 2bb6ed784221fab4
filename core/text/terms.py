"""Words that carry meaning, and the codes, versions and names that must match verbatim. Pure and linear in the text."""

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_'-]*|\d+(?:\.\d+)+|\d+|[\u3400-\u9fff]+")
_VERSION = re.compile(r"(?<![\w.])v?\d+(?:\.\d+){1,3}(?:[-+][0-9A-Za-z.]+)?(?![\w.]*\d)")
_CODE = re.compile(
    r"\b[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+\b"  # ERR-4012, ECONN_RESET
    r"|\b[A-Z]{2,}\d{2,}\b"  # ORA01555
    r"|\b(?:[A-Z][a-z0-9]+){2,}\b"  # SignatureDoesNotMatch
    r"|\b0x[0-9A-Fa-f]{4,}\b"
    r"|\b[45]\d{2}\b"  # HTTP status
    r"|(?<!\w)--[a-z][\w-]+"  # a flag
    r"|\b[a-z]+(?:_[a-z0-9]+)+\b"  # max_connections
    r"|\b[a-z]+[A-Z]\w+\b"  # partSize
)
_STOP = frozenset(
    """a about above after again all also am an and any are aren't as at be because been before being below between both but by
    can can't cannot could couldn't did didn't do does doesn't doing don't down during each either else even ever every few for
    from further get gets getting got had hadn't has hasn't have haven't having he her here hers him his how however i i'd i'll
    i'm i've if in into is isn't it it's its itself just know let like may maybe me might more most much must my myself need no
    nor not now of off ok okay on once one only or other our ours out over own please pls really s same see seem seems she should
    shouldn't so some something still such t than thank thanks that that's the their theirs them then there there's these they
    they're thing things this those though through to too trying try tried under until up us use used using very want was wasn't
    way we we're well were weren't what what's when where which while who whom why will with within won't would wouldn't yes yet
    you you're your yours hi hello hey anyone anybody someone somebody help does able work works working
    """.split()
)
_SUFFIXES = (
    "ations",
    "ation",
    "ingly",
    "edly",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ied",
    "ions",
    "ion",
    "ers",
    "er",
    "es",
    "ed",
    "ly",
    "s",
)
_MIN_STEM = 3


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Cut common English endings off a lower-case word; never below three letters. Crude, but the same on both sides."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _MIN_STEM:
            root = word[: -len(suffix)]
            return root[:-1] if len(root) > _MIN_STEM and root[-1] == root[-2] else root
    return word[:-1] if word.endswith("e") and len(word) > _MIN_STEM + 1 else word


def content_terms(text: str) -> list[str]:
    """Stemmed words without stop words, in order, repeated where the text repeats them; Han text as character bigrams."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group()
        if "\u3400" <= word[0] <= "\u9fff":
            found.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        elif word.lower() not in _STOP and (len(word) > 1 or word.isdigit()):
            found.append(stem(word.lower().strip("'-_")))
    return [term for term in found if term]


@lru_cache(maxsize=4096)
def term_set(text: str) -> frozenset[str]:
    """The distinct content terms of a text; remembered, because passages come up again and again."""
    return frozenset(content_terms(text))


@lru_cache(maxsize=4096)
def keys(text: str) -> tuple[str, ...]:
    """Codes, versions, flags and identifiers verbatim, in order, each once."""
    spans = sorted((m.start(), m.group()) for pattern in (_CODE, _VERSION) for m in pattern.finditer(text))
    return tuple(dict.fromkeys(key for _, key in spans))


def coverage(query: str, text: str) -> float:
    """The share (0..1) of the query's distinct content terms that the text has; 0 when the query has none."""
    wanted = term_set(query)
    return len(wanted & term_set(text)) / len(wanted) if wanted else 0.0
