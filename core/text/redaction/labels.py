"""Secrets that a label announces: ``password: hunter2``, ``client_secret="..."``, ``<pwd>..</pwd>``, ``密码...``."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from core.text.redaction.anchors import folded
from core.text.redaction.extents import LONGEST_JUDGED, rest_of_run, value_at
from core.text.redaction.judge import Candidate, Strength, is_secret
from core.text.redaction.mask import Mask
from core.text.redaction.spans import Span, limit_in_markup, markup_in
from core.text.redaction.ties import link_after

_STRONG = r"pass(?:word|wd|wort|[ _-]?phrase|code)|pwd|pswd|密码|密碼|口令"
_KEYED = (
    "access account admin aes api auth encrypt encryption functions hmac license master private signing subscription"
)
_MEDIUM = (
    r"secret(?!%3e|>(?![^\s<]{1,400}+\s{0,20}</))(?:[ _.-]?access)?(?:[ _.-]?key)?(?:[ _.-]?base)?"
    r"|token(?:[ _.-]?secret)?|密钥|秘钥|密匙|私钥|令牌|授权码|shared[ _.-]?access[ _.-]?key|"
    + "|".join(rf"{word}[ _.-]?key(?:[ _.-]?secret)?" for word in _KEYED.split())
)
_WEAK = r"pass(?![a-z])|pw(?![a-z])|psk(?![a-z])|sk(?![a-z])"
_LABEL = re.compile(f"{_STRONG}|{_MEDIUM}|{_WEAK}")
"""Over folded text, without named groups, so that the search can skip ahead. Our own ``<secret>`` is no label."""

_IS_STRONG = re.compile(_STRONG)
_WEAK_LABELS = frozenset({"pass", "psk", "pw", "sk"})
_GOES_ON = re.compile(r"(?!value|text|plain|b64|base64)[a-z]")
"""``tokens``, ``passwordless``, ``secretary``."""
_OPENS_NOTHING = frozenset(
    """page next backward forward key previous prev continuation continue sync cursor resume cancel cancellation unexpected
    syntax lexer parser start begin end stop pad eos bos unk mask sep cls special max min total prompt completion input output
    context per idempotency request position fencing marker correlation""".split()
)
"""Words before ``token`` that make it one that opens nothing: page tokens, syntax errors, model limits, ``PublicKeyToken``."""

_OPENS_A_DOOR = frozenset("access api app application auth bearer bot client refresh session signing webhook".split())
_WORD_BEFORE = re.compile(r"([A-Z]?[a-z]{1,14}|[A-Z]{1,14})[\s_.-]?\Z")

_TIGHT = frozenset({"assigned", "linked", "tag"})
_QUERY = re.compile(r"[?&;][\w.%-]{0,40}\Z")


def labelled(text: str) -> Iterator[Mask]:
    """Finds values that a label calls a secret and that look like one."""
    lower = folded(text)
    markup = markup_in(text)
    beyond = 0
    for match in _LABEL.finditer(lower):
        strength = _strength(text, lower, match) if match.start() >= beyond else None
        found = _value_after(text, match, strength, markup) if strength else None
        if found:
            yield found
        if found and found.end - found.start >= LONGEST_JUDGED:
            beyond = found.end  # labels inside a very long value: each would run to its end again


def _strength(text: str, lower: str, label: re.Match[str]) -> Strength | None:
    """Gives nothing where the label is a part of another word or names something that opens no door."""
    word, start, end = label[0], label.start(), label.end()
    if word.isascii() and _GOES_ON.match(lower, end):
        return None
    if text.startswith(":", end) and text[start - 1 : start] == ":":
        return None  # arn:aws:secretsmanager:us-east-1:111122223333:secret:name
    strength = _strength_of(word)
    if strength == "weak":
        return "weak" if _stands_alone(text, start, end) else None
    return None if word.startswith("token") and _opens_nothing(text, start) else strength


@lru_cache(maxsize=256)
def _strength_of(word: str) -> Strength:
    if word in _WEAK_LABELS:
        return "weak"
    return "strong" if _IS_STRONG.fullmatch(word) else "medium"


def _opens_nothing(text: str, start: int) -> bool:
    before = _WORD_BEFORE.search(text, max(0, start - 16), start)
    return before is not None and before[1].lower() in _OPENS_NOTHING


def _stands_alone(text: str, start: int, end: int) -> bool:
    """``pass``, ``db_pass``, ``dbPass``; not ``bypass``, and not the ``PASS`` of a test report."""
    before = text[start - 1 : start]
    if not before.isalnum():
        return before == "_" or text[start:end] != "PASS"
    return before.islower() and text[start].isupper()


def _value_after(text: str, label: re.Match[str], strength: Strength, markup: Sequence[Span]) -> Mask | None:
    link = link_after(text, label)
    if not link or (link.tie == "bare" and _is_a_common_noun(text, label)):
        return None
    limit = limit_in_markup(text, markup, label.start())
    value = value_at(text, link.value_start, limit, loose=link.tie not in _TIGHT)
    if not value:
        return None
    rest = text[value.end : value.end + 24]
    if link.below and rest.strip(" \t\r")[:1] not in {"", "\n"}:
        return None
    in_query = link.tie == "assigned" and bool(_QUERY.search(text, max(0, label.start() - 42), label.start()))
    found = Candidate(text[value.start : value.end], strength, link.tie, value.quoted, rest, in_query)
    if not is_secret(found):
        return None
    cut = not value.quoted and value.end - value.start >= LONGEST_JUDGED
    return Mask("secret", value.start, rest_of_run(text, value.end, limit) if cut else value.end)


def _is_a_common_noun(text: str, label: re.Match[str]) -> bool:
    """``the token 3f25...`` may be any token; ``the access token 3f25...`` is a credential."""
    if not label[0].startswith(("secret", "token")):
        return False
    before = _WORD_BEFORE.search(text, max(0, label.start() - 16), label.start())
    return before is None or before[1].lower() not in _OPENS_A_DOOR
