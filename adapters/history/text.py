"""Slack's markup as readable text. Pure."""

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"<([^<>\n]*)>")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def readable(text: str, names: Mapping[str, str]) -> str:
    """Resolve mentions, channels and links, then un-escape: what a person sees on screen."""
    shown = _TOKEN.sub(lambda m: _shown(m.group(1), names), text)
    for escaped, plain in _ESCAPES:
        shown = shown.replace(escaped, plain)
    return shown


def mentions(text: str) -> tuple[str, ...]:
    """The ids of the people mentioned, in order, each once."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def _shown(inside: str, names: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return "@" + (label.lstrip("@") or names.get(target[1:], target[1:]))
    if target.startswith("#"):
        return "#" + (label or target[1:])
    if target.startswith("!"):
        return label or "@" + target[1:].split("^")[0]
    if target.startswith("mailto:"):
        return label or target.removeprefix("mailto:")
    if "://" in target:
        return f"{label} ({target})" if label and label != target else target
    return f"<{inside}>"


def text_of_blocks(blocks: object) -> str:
    """The words of rich text blocks, for messages whose ``text`` is empty."""
    if isinstance(blocks, list):
        return "".join(text_of_blocks(block) for block in blocks)
    if not isinstance(blocks, dict):
        return ""
    if blocks.get("type") == "link":
        return str(blocks.get("text") or blocks.get("url") or "")
    if blocks.get("type") == "user":
        return f"<@{blocks.get('user_id', '')}>"
    own = str(blocks["text"]) if isinstance(blocks.get("text"), str) else ""
    end = "\n" if str(blocks.get("type", "")).startswith("rich_text_") else ""
    return own + text_of_blocks(blocks.get("elements")) + end
