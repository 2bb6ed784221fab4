"""A request's blocks in the order in which the model reads them."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.fakes.claude.refusals import Json


@dataclass(frozen=True)
class Part:
    """One block; ``role`` is system, user or assistant, ``at`` its path in the request."""

    role: str
    at: str
    block: Json


def parts_of(body: Json) -> Iterator[Part]:
    """The blocks of system and messages; a plain string is one block of text."""
    if "system" in body:
        yield from _parts("system", "system", body["system"])
    for number, message in enumerate(body["messages"]):
        yield from _parts(message["role"], f"messages.{number}.content", message["content"])


def search_results_of(body: Json) -> list[Json]:
    """The search results, as citations number them."""
    return [part.block for part in parts_of(body) if part.block["type"] == "search_result"]


def cited(result: Json) -> bool:
    """Whether a search result may be cited."""
    return bool((result.get("citations") or {}).get("enabled"))


def _parts(role: str, at: str, content: str | list[Json]) -> Iterator[Part]:
    if isinstance(content, str):
        yield Part(role, at, {"type": "text", "text": content})
    else:
        for number, block in enumerate(content):
            yield Part(role, f"{at}.{number}", block)
