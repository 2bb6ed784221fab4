"""The text of a message that has blocks or attachments only. Pure; text in rich text is not escaped."""

from adapters.slack_payloads.fields import Payload, object_in, objects_in, text_in
from adapters.slack_payloads.readable import Names, link, readable

_DEEPEST = 8


def text_of_blocks(payload: Payload, names: Names) -> str:
    """Blocks as text, else the legacy attachments of older bots."""
    parts = [_block(block, names) for block in objects_in(payload, "blocks")]
    parts = parts if any(parts) else [_legacy(one, names) for one in objects_in(payload, "attachments")]
    return "\n".join(part for part in parts if part).strip()


def mentions_in_blocks(payload: Payload) -> tuple[str, ...]:
    """The user ids that rich text mentions, each once, in order."""
    found: list[str] = []
    _collect(payload, found, _DEEPEST)
    return tuple(dict.fromkeys(found))


def _collect(payload: Payload, found: list[str], deepest: int) -> None:
    if payload.get("type") == "user":
        found.append(text_in(payload, "user_id"))
    for name in ("blocks", "elements") if deepest else ():
        for element in objects_in(payload, name):
            _collect(element, found, deepest - 1)


def _block(block: Payload, names: Names) -> str:
    match block.get("type"):
        case "rich_text":
            return _join("\n", block, names)
        case "section" | "header":
            fields = [object_in(block, "text"), *objects_in(block, "fields")]
            return "\n".join(part for part in (readable(text_in(f, "text"), names) for f in fields) if part)
        case "context":
            return " ".join(readable(text_in(e, "text"), names) for e in objects_in(block, "elements"))
        case _:
            return ""


def _join(separator: str, block: Payload, names: Names, deepest: int = _DEEPEST) -> str:
    if not deepest:
        return ""
    return separator.join(_element(element, names, deepest - 1) for element in objects_in(block, "elements"))


def _element(element: Payload, names: Names, deepest: int) -> str:
    match element.get("type"):
        case "rich_text_preformatted":
            return f"```{_join('', element, names, deepest)}```"
        case "rich_text_quote":
            return "\n".join(f"> {line}" for line in _join("", element, names, deepest).splitlines())
        case "rich_text_list":
            return "\n".join(
                f"- {_element(one, names, deepest - 1)}" for one in objects_in(element, "elements") if deepest
            )
        case "rich_text_section":
            return _join("", element, names, deepest)
        case _:
            return _inline(element, names)


def _inline(element: Payload, names: Names) -> str:
    text = text_in(element, "text")
    match element.get("type"):
        case "text":
            return f"`{text}`" if object_in(element, "style").get("code") is True else text
        case "link":
            return link(text_in(element, "url"), text)
        case "user":
            return names.user(text_in(element, "user_id"))
        case "channel":
            return names.channel(text_in(element, "channel_id"))
        case "usergroup":
            return f"@{text_in(element, 'usergroup_id')}"
        case "broadcast":
            return f"@{text_in(element, 'range')}"
        case "emoji":
            return f":{text_in(element, 'name')}:"
        case _:
            return text_in(element, "fallback") or text


def _legacy(attachment: Payload, names: Names) -> str:
    parts = (text_in(attachment, "pretext"), text_in(attachment, "title"), text_in(attachment, "text"))
    text = "\n".join(part for part in parts if part) or text_in(attachment, "fallback")
    return readable(text, names)
