"""Slack's mark-up as people read it. Pure.

In ``text`` everything between ``<`` and ``>`` is a reference, because what people typed themselves arrives escaped. Some tools
write exports without escaping, so that what looks like no reference stays as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

_REFERENCE = re.compile(r"<([^<>\n]{1,4000})>")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>\n]*)?>")
_URL = re.compile(r"[a-z][a-z0-9+.-]{1,20}:", re.IGNORECASE)
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class Named(Protocol):
    """Whoever knows people by name."""

    def name(self, key: str) -> str:
        """The name to show for a user id: the id itself where nobody knows better."""
        ...


@dataclass(frozen=True, slots=True)
class Names:
    """How references are named: people, and channels by id."""

    people: Named
    channels: Mapping[str, str]

    def channel(self, key: str, label: str = "") -> str:
        """``#name`` of a channel."""
        return f"#{label or self.channels.get(key, key)}"

    def user(self, key: str) -> str:
        """``@Name`` of a user."""
        return f"@{self.people.name(key)}"


def mentions_in(text: str) -> tuple[str, ...]:
    """The user ids that a text mentions, each once, in order."""
    return tuple(dict.fromkeys(_MENTION.findall(text))) if "<@" in text else ()


def readable(text: str, names: Names) -> str:
    """The text with references named and escapes undone."""
    if "<" in text:
        text = _REFERENCE.sub(lambda found: _named(found[0], found[1], names), text)
    return unescaped(text)


def unescaped(text: str) -> str:
    """The text with Slack's three escapes undone, ``&amp;`` last so that nothing is undone twice."""
    if "&" in text:
        for escape, sign in _ESCAPES:
            text = text.replace(escape, sign)
    return text


def _named(whole: str, inside: str, names: Names) -> str:
    target, _, label = inside.partition("|")
    match inside[0]:
        case "@":
            known = names.people.name(target[1:])
            return f"@{label}" if label and known == target[1:] else f"@{known}"
        case "#":
            return names.channel(target[1:], label)
        case "!":
            return special(target[1:], label)
        case _:
            return link(target, label) if _URL.match(target) else whole


def special(target: str, label: str) -> str:
    """``@here`` and its like, user groups by their label, dates by their text."""
    if target.startswith("date^"):
        return label or target.split("^")[2 if target.count("^") > 1 else 1]
    name = label or target.removeprefix("subteam^")
    return name if name.startswith("@") else f"@{name}"


def link(url: str, label: str) -> str:
    """``label (url)``, or one of them where the other says no more."""
    if url.startswith(("mailto:", "tel:")):
        return label or url.partition(":")[2]
    return f"{label} ({url})" if label and label not in url else url
