"""What Slack makes of the text that a person types."""

import re

from tests.fakes.slack.refusals import Json

_TOKEN = re.compile(r"(<(?:[@#!]|https?://|mailto:)[^>]*>)")
_ADDRESS = re.compile(r"(https?://[^\s<>]+)")


def escaped(typed: str) -> str:
    """The stored text: ``& < >`` escaped, bare addresses as links; mentions and links that are marked as such stay."""
    parts = []
    for piece in _TOKEN.split(typed):
        if _TOKEN.fullmatch(piece):
            parts.append(piece)
        else:
            plain = piece.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            parts.append(_ADDRESS.sub(r"<\1>", plain))
    return "".join(parts)


def rich_text(stored: str) -> list[Json]:
    """The one block that Slack's client adds to a person's message; none where there is no text."""
    elements = [_element(piece) for piece in _TOKEN.split(stored) if piece]
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": "b000x", "elements": [section]}] if elements else []


def _element(piece: str) -> Json:
    if not _TOKEN.fullmatch(piece):
        return {"type": "text", "text": piece.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")}
    target, _, label = piece[1:-1].partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    return {"type": "link", "url": target, **({"text": label} if label else {})}
