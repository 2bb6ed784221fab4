"""Reading JSON that nobody promised anything about: what is missing or of another type reads as empty."""

from collections.abc import Mapping
from typing import cast

Payload = Mapping[str, object]


def whole(text: str) -> str:
    """The text with lone surrogates replaced by U+FFFD: nothing behind here could store or hash them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def text_in(payload: Payload, *names: str) -> str:
    """The first of these fields that is a text with something in it, else an empty text."""
    for name in names:
        value = payload.get(name)
        if isinstance(value, str) and value:
            return whole(value)
    return ""


def texts_in(payload: Payload, name: str) -> tuple[str, ...]:
    """The texts of a list."""
    return tuple(whole(value) for value in list_in(payload, name) if isinstance(value, str) and value)


def object_in(payload: Payload, name: str) -> Payload:
    """The object of this name, else an empty one."""
    value = payload.get(name)
    return cast("Payload", value) if isinstance(value, dict) else {}


def objects_in(payload: Payload, name: str) -> tuple[Payload, ...]:
    """The objects of a list."""
    return tuple(cast("Payload", value) for value in list_in(payload, name) if isinstance(value, dict))


def list_in(payload: Payload, name: str) -> list[object]:
    """The list of this name, else an empty one."""
    value = payload.get(name)
    return cast("list[object]", value) if isinstance(value, list) else []


def number_in(payload: Payload, name: str) -> int:
    """The whole number of this name, else 0."""
    value = payload.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
