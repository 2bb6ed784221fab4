"""What somebody types in ``vigil chat``, as one of a few things they can mean. Pure."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from adapters.terminal.plain import one_line
from core.domain.channels import DeliveryMode

MOST_CHARS = 40_000
"""What a chat platform takes as one message."""
MOST_WAIT_S = 31 * 86_400
MOST_NAME = 40
ROLES = ("requester", "analyst")

ClickKind = Literal["accept", "undo_accept", "send_draft", "dismiss_draft"]


@dataclass(frozen=True, slots=True)
class Said:
    """A message of whoever is typing."""

    text: str


@dataclass(frozen=True, slots=True)
class Become:
    """Somebody else is typing now; an empty ``role`` or ``customer`` is the one that they had before."""

    name: str
    role: str = ""
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Click:
    """A click on the card about message ``n``; ``None`` means the last card that has such a button."""

    kind: ClickKind
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Why message ``n`` was answered or not; ``None`` means the last one that was dealt with."""

    n: int | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """A source of the last card by its number, an entry by the beginning of its id, or the whole of the last card."""

    what: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known: all of it, or what comes near the ``words``."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """``/vigil TEXT``, as on a chat platform."""

    text: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Time goes on by so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Thread:
    """Back into the thread of message ``n``; ``None`` lists the threads."""

    n: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """The last message of whoever is typing says something else now; no text deletes it."""

    text: str


@dataclass(frozen=True, slots=True)
class Mode:
    """How Vigil works in this channel from now on; ``None`` asks."""

    mode: DeliveryMode | None = None


@dataclass(frozen=True, slots=True)
class Plain:
    """What needs nothing else: a new thread, closing this one, the help, the end."""

    what: Literal["new", "resolve", "help", "quit", "nothing"]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Nothing that is known, with a sentence about it; ``shows_help`` where the whole help may be wanted."""

    sentence: str
    shows_help: bool = False


Typed = (
    Said | Become | Click | Why | Open | Known | Command | Wait | Thread | Edit | Mode | Plain | NotUnderstood
)  # fmt: skip

_MEANT = frozenset({"help", "quit", "exit"})
NOT_SAID = (
    "/help tells what you can type here, /quit leaves. “{word}” was not said: begin with a blank to say it as it is."
)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SPANS = re.compile(r"(\d{1,9})\s*(s|m|h|d)(?:ec(?:ond)?s?|in(?:ute)?s?|ours?|rs?|ays?)?\s*", re.IGNORECASE)
_NUMBER = re.compile(r"#?(\d{1,9})")


def parse(line: str) -> Typed:
    """Say what a line means, or a message of several lines that was pasted at once. What begins with a blank is said as it is,
    and so is a paste that begins like a path."""
    text = line.strip()
    if not text:
        return Plain("nothing")
    if len(text) > MOST_CHARS:
        return NotUnderstood(f"That is longer than a message can be ({MOST_CHARS:,} characters): it was not sent.")
    if not line.startswith("/"):
        return NotUnderstood(NOT_SAID.format(word=text)) if line.casefold() in _MEANT else Said(text)
    head = text.split(maxsplit=1)
    word, rest = head[0][1:].casefold(), head[1] if len(head) > 1 else ""
    if made := COMMANDS.get(word):
        return made(rest)
    return Said(text) if "\n" in text else _unknown(head[0])


def _unknown(word: str) -> NotUnderstood:
    near = difflib.get_close_matches(word[1:].casefold(), COMMANDS, n=1)
    hint = f" Did you mean /{near[0]}?" if near else ""
    told = f"“{one_line(word, MOST_NAME)}” was not understood.{hint} To say it as it is, begin with a blank."
    return NotUnderstood(told, shows_help=not near)


def _become(rest: str) -> Typed:
    words = rest.split()
    if not words:
        return NotUnderstood("/as NAME requester CUSTOMER or /as NAME analyst: say who is typing from now on.")
    if any(len(one_line(word, 999)) > MOST_NAME or one_line(word, 999) != word for word in words) or len(words) > 3:
        return NotUnderstood(f"/as takes a name, a role and a customer, a word of at most {MOST_NAME} letters each.")
    name, role, customer = (*words, "", "")[:3]
    if role and role.casefold() not in ROLES:
        return NotUnderstood(f"“{role}” is no role: somebody is a requester or an analyst.")
    if customer and role.casefold() == "analyst":
        return NotUnderstood("An analyst is of your own team: a customer is named for requesters only.")
    return Become(name, role.casefold(), customer)


def _click(kind: ClickKind, name: str) -> Callable[[str], Typed]:
    return lambda rest: _numbered(rest, f"/{name}", lambda n: Click(kind, n))


def _numbered(rest: str, name: str, make: Callable[[int | None], Typed]) -> Typed:
    if not rest:
        return make(None)
    found = _NUMBER.fullmatch(rest)
    return make(int(found[1])) if found else NotUnderstood(f"{name} takes the number of a message, or nothing.")


def _wait(rest: str) -> Typed:
    spans = list(_SPANS.finditer(rest))
    whole = bool(spans) and "".join(span[0] for span in spans) == rest
    seconds = sum(int(span[1]) * _UNITS[span[2].casefold()] for span in spans) if whole else 0
    if not seconds:
        return NotUnderstood("/wait takes a time as in 30s, 10m, 2h, 1h30m or 3d.")
    if seconds > MOST_WAIT_S:
        return NotUnderstood("/wait takes 31 days at the most.")
    return Wait(seconds)


def _edit(rest: str) -> Typed:
    return Edit(rest) if rest else NotUnderstood("/edit takes the new text of your last message; /delete deletes it.")


def _mode(rest: str) -> Typed:
    known = {mode.value: mode for mode in DeliveryMode}
    if rest and rest.casefold() not in known:
        return NotUnderstood(f"“{one_line(rest, MOST_NAME)}” is no mode: {', '.join(known)}.")
    return Mode(known[rest.casefold()] if rest else None)


def _plain(what: Literal["new", "resolve", "help", "quit"]) -> Callable[[str], Typed]:
    return lambda rest: NotUnderstood(f"/{what} takes nothing behind it.") if rest else Plain(what)


COMMANDS: dict[str, Callable[[str], Typed]] = {
    "as": _become,
    "accept": _click("accept", "accept"),
    "undo": _click("undo_accept", "undo"),
    "send": _click("send_draft", "send"),
    "dismiss": _click("dismiss_draft", "dismiss"),
    "resolve": _plain("resolve"),
    "why": lambda rest: _numbered(rest, "/why", Why),
    "open": lambda rest: Open(rest.strip("[]# ")),
    "kb": Known,
    "vigil": Command,
    "wait": _wait,
    "new": _plain("new"),
    "thread": lambda rest: _numbered(rest, "/thread", Thread),
    "edit": _edit,
    "delete": lambda rest: NotUnderstood("/delete takes nothing behind it.") if rest else Edit(""),
    "mode": _mode,
    "help": _plain("help"),
    "quit": _plain("quit"),
}
"""What each command makes of the words behind it."""

HELP = """What you type is said by whoever the line begins with. Lines that begin with / are for Vigil's side of it:
  /as NAME requester CUSTOMER   somebody else is typing: a customer's person …
  /as NAME analyst              … or one of your team; /as NAME again later
  /wait 10m                     time goes on (30s, 2h, 1d): Vigil learns 10 minutes after an analyst's answer
  /new · /thread [N]            a new thread · back into the thread of message N; without N all threads
  /accept [N] · /undo [N]       the answer to message N helped · take that back; without N the last one
  /resolve                      this thread is over: what it taught is learned at once
  /why [N]                      why Vigil answered message N, or stayed silent
  /open N or ID                 source N of the last card, an entry; alone: all of a long or withdrawn answer
  /kb [WORDS]                   what Vigil knows, all of it or what comes near
  /edit TEXT · /delete          change your last message · delete it
  /mode auto|draft|shadow|off   answers at once · analysts first (/send [N], /dismiss [N]) · only records · nothing
  /vigil QUESTION               ask for yourself alone; a message with @Vigil asks in the thread and always gets a reply
  /help · /quit"""
"""The help, on one screen."""
