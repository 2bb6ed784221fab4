"""What stands between a label and its value, from ``password="x"`` to ``my password for staging is x``."""

import re
from typing import NamedTuple, get_args

from core.text.redaction.judge import Tie

_TIE = re.compile(
    r"""
    (?:[ _-]?(?i:value|text|plain|b64|base64)(?![A-Za-z]))?+(?:[0-9]{1,2}(?![0-9A-Za-z]))?+
    (?::[\w\\]{1,60}:(?:private|protected))?+                      # print_r of PHP
    (?P<mark>(?:\\{0,3}["'`\u201d\u2019]|&quot;|[*_~\])?]){0,4}+)
    (?P<note>[ \t]?[(\uff08](?![rbufRBUF@]{0,2}\\{0,3}["'])[^()\uff08\uff09\n]{1,40}+[)\uff09])?+
    (?:
      (?P<linked>(?:[ \t]{1,8}|[ \t]{0,8},?\s{0,40}["']?)(?:value|Value)["']?[ \t]{0,4}[:=][ \t]{0,4})
    | (?P<assigned>[ \t\u00a0]{0,40}
        (?::[ \t]?[\w.]{1,30}(?:\[\w{1,30}\])?[ \t]?=(?!=)|string[ \t]?:?=|[!=]?={1,3}(?:>|&gt;)?|:=|\uff1d)[ \t\u00a0]{0,40}
        (?:\s{0,20}string\([0-9]{1,5}\)[ ])?)
    | (?P<told>[ \t]+(?:for|of|on|in|to)(?:[ \t]+[\w.@/'-]{1,30}+){1,5}?(?:[ \t]?[:\uff1a]|[ \t](?:is|was)\b)[ \t]{0,4})
    | (?P<colon>[ \t\u00a0]{0,40}(?:::?(?=[ \t])|:|\uff1a|-{1,5}>|\u2192)[ \t\u00a0]{0,40}
        (?P<below>(?:[|>][+-]?[ ]{0,4})?\r?\n[ \t]{0,20})?)                # on the next line, also as a block of YAML
    | (?P<said>[ \t]{1,8}(?:is|was|will[ ]be|to)(?:[ ](?:now|set[ ]to|changed[ ]to))?[ \t]?:?[ \t]{1,4}
        |[ \t]{1,8}[-\u2013\u2014][ \t]{1,8}
        |[ \t]?(?:就?是|为|為|改为|改成了?|设为|设置为|重置为|修改为)[ \t:\uff1a]{0,3})
    | (?P<call>(?:[ \t]?,|\()[ \t]{0,4}(?=[rbufRBUF@]{0,2}\\{0,3}["']))
    | (?P<tag>>[ \t\r\n]{0,20}(?=[^\s<]{1,400}+[ \t\r\n]{0,20}</))
    | (?P<bare>[ \t]{1,4}(?:\|[ \t]{0,20})?|)
    )
    """,
    re.VERBOSE,
)
_NAMES: dict[str, Tie] = {tie: tie for tie in get_args(Tie)}
_FIRST_ARGUMENT = re.compile(r"\([ \t]?[rbufRBUF@]{0,2}\\{0,3}[\"'][\w .-]{0,38}\Z")
_OPTION = re.compile(r"(?<![\w-])--?(?:[\w-]{0,40}-)?\Z")
_REACH = 42


class Link(NamedTuple):
    """How the value is tied to the label and where it begins; ``below``: on the next line."""

    tie: Tie
    value_start: int
    below: bool


def link_after(text: str, label: re.Match[str]) -> Link | None:
    """Gives the tie after a label; nothing where the label stands alone, or in a list of names of arguments."""
    match = _TIE.match(text, label.end())
    tie = _tie(text, label, match) if match else None
    return Link(tie, match.end(), bool(match["below"])) if match and tie else None


def _tie(text: str, label: re.Match[str], match: re.Match[str]) -> Tie | None:
    tie = _NAMES.get(str(match.lastgroup), "bare")
    before = max(0, label.start() - _REACH)
    if tie == "call":
        return "call" if match["call"][0] == "(" or _FIRST_ARGUMENT.search(text, before, label.start()) else None
    if tie == "told" and ")" in match["mark"]:
        return None
    if tie != "bare":
        return "said" if match["below"] else tie
    if match.start("bare") == match.end("bare"):
        return None if label[0].isascii() else "bare"
    if _OPTION.search(text, before, label.start()):
        return "option"
    return None if set(match["mark"]) & set("\"'`") else "bare"
