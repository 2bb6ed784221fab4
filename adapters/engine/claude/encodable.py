"""Texts that can be sent and stored whatever they hold."""

from typing import Any


def encodable(text: str) -> str:
    """The text with U+FFFD in place of every half of a surrogate pair that stands alone: no encoding has it, so that a text
    with one can neither be sent nor stored."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def all_encodable(node: Any) -> Any:
    """The same for every text of a JSON value."""
    if isinstance(node, str):
        return encodable(node)
    if isinstance(node, dict):
        return {key: all_encodable(value) for key, value in node.items()}
    return [all_encodable(one) for one in node] if isinstance(node, list) else node
