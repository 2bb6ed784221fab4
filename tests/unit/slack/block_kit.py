"""What Slack refuses, written down anew from its documented limits: an independent look at what is rendered."""

import json
import re
from collections.abc import Iterator
from typing import Any

from adapters.slack.render.elements import SlackMessage

KEYS = {
    "context": {"elements"},
    "actions": {"elements"},
    "rich_text": {"elements"},
    "plain_text": {"text", "emoji"},
    "button": {"text", "action_id", "value", "style"},
    "rich_text_section": {"elements"},
    "rich_text_quote": {"elements"},
    "rich_text_preformatted": {"elements"},
    "rich_text_list": {"elements", "style", "indent"},
    "text": {"text", "style"},
    "link": {"url", "text", "style"},
    "date": {"timestamp", "format", "fallback", "style"},
}
BLOCKS = {"context", "actions", "rich_text"}
MOST = {"context": 10, "actions": 25}
SHOUT = re.compile(r"@(?:here|channel|everyone)\b", re.IGNORECASE)


def faults(message: SlackMessage) -> list[str]:
    """What Slack would refuse of a message, or show as something else than text."""
    blocks: list[Any] = list(message.blocks)
    found = [fault for block in blocks for fault in block_faults(block)]
    found += ["blocks"] if not 1 <= len(blocks) <= 50 else []
    found += ["msg_blocks_too_long"] if sum(units(text) for text in shown(blocks)) > 10_000 else []
    found += ["no_text"] if not message.text.strip() else []
    found += ["msg_too_long"] if units(message.text) > 4_000 else []
    found += ["mark-up in text"] if re.search(r"[<>]|&(?!(?:amp|lt|gt);)", message.text) else []
    found += ["shout"] if SHOUT.search(message.text) else []
    return [*found, *_unsendable(blocks), *_unsendable(message.text)]


def view_faults(view: dict[str, Any]) -> list[str]:
    """What Slack would refuse of a modal."""
    found = [fault for block in view["blocks"] for fault in block_faults(block)]
    found += [] if 1 <= len(view["blocks"]) <= 100 else ["blocks"]
    found += ["title"] if any(not 1 <= units(view[key]["text"]) <= 24 for key in ("title", "close")) else []
    found += ["view too large"] if len(json.dumps(view)) > 250_000 else []
    return [*found, *_unsendable(view)]


def block_faults(block: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a block and all that is in it."""
    if block["type"] not in BLOCKS:
        yield f"no block of ours: {block['type']}"
    if block["type"] == "actions":
        names = [element["action_id"] for element in block["elements"]]
        if len(set(names)) < len(names) or any(len(name) > 255 for name in names):
            yield "action_id"
    yield from _faults(block)


def _faults(part: dict[str, Any]) -> Iterator[str]:
    kind = part["type"]
    if unknown := set(part) - {"type"} - KEYS.get(kind, set()):
        yield f"additional property of {kind}: {unknown}"
    if kind in {"text", "link", "plain_text"} and (not isinstance(part["text"], str) or not part["text"]):
        yield f"empty {kind}"
    if kind == "plain_text" and units(part["text"]) > 3_000:
        yield "plain_text too long"
    if kind == "button":
        yield from (f"button {key}" for key, most in (("value", 2_000), ("text", 75)) if _long(part[key], most))
        yield from _faults(part["text"])
    if kind == "link" and not re.match(r"https?://", part["url"]):
        yield f"link to {part['url']}"
    if kind in {"text", "plain_text", "link"} and SHOUT.search(part["text"]) and not part.get("style", {}).get("code"):
        yield "shout"
    for inner in part.get("elements", ()):
        is_code = kind == "rich_text_preformatted"
        yield from (fault for fault in _faults(inner) if not (is_code and fault == "shout"))
    if "elements" in part and not 1 <= len(part["elements"]) <= MOST.get(kind, 10_000):
        yield f"elements of {kind}"


def _long(value: Any, most: int) -> bool:
    return units(value if isinstance(value, str) else value["text"]) > most


def _unsendable(value: object) -> Iterator[str]:
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        yield "a lone surrogate"
        return
    if re.search(r"[\u202a-\u202e\u2066-\u2069\x7f-\x9f]|\\u00[01]", text.replace("\\\\", "")):
        yield "a control character"


def units(text: str) -> int:
    """The length as JavaScript counts."""
    return sum(2 if ord(character) > 0xFFFF else 1 for character in text)


def shown(value: Any) -> Iterator[str]:
    """Every text that people read in blocks."""
    if isinstance(value, dict):
        yield from (value[key] for key in ("text", "fallback") if isinstance(value.get(key), str))
        for inner in value.values():
            yield from shown(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from shown(inner)


def links(value: Any) -> set[str]:
    """Every address that can be clicked."""
    if isinstance(value, dict):
        own = {value["url"]} if isinstance(value.get("url"), str) else set()
        return own.union(*(links(inner) for inner in value.values()))
    return set().union(*(links(inner) for inner in value)) if isinstance(value, list | tuple) else set()


def pressable(message: SlackMessage) -> list[tuple[str, str, str]]:
    """The buttons in order: label, action id, value."""
    blocks: list[Any] = [block for block in message.blocks if block["type"] == "actions"]
    return [(e["text"]["text"], e["action_id"], e["value"]) for block in blocks for e in block["elements"]]
