"""What holds for the blocks of a message or a view as a whole, and the ids that Slack gives where none are."""

from collections.abc import Iterator
from typing import Any

from tests.fakes.slack.blocks import MOST_BLOCKS, SURFACES
from tests.fakes.slack.refusals import Json, Refused, malformed
from tests.fakes.slack.shapes import Problems, items, typed

# Observed between 13,172 and 13,297 characters of text; a bot that stays under the lower end is safe.
MOST_CHARACTERS = 13_000
MOST_MARKDOWN = 12_000


def problems_of(blocks: object, surface: str, at: str = "/blocks") -> list[str]:
    """What Slack would find wrong with blocks on a ``surface`` (message, modal, home); empty where nothing is."""
    problems = Problems()
    items(typed(SURFACES[surface]), MOST_BLOCKS[surface], 0)(blocks, at, problems)
    if not problems.found and isinstance(blocks, list):
        _check_ids(blocks, at, problems)
        _check_whole(blocks, at, problems)
    return problems.found


def check_message(blocks: object) -> list[Json]:
    """The blocks of a message, as they were; refused as ``invalid_blocks_format``, ``invalid_blocks`` or
    ``msg_blocks_too_long``."""
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if problems := problems_of(blocks, "message"):
        raise malformed("invalid_blocks", problems)
    if characters(blocks) > MOST_CHARACTERS:
        raise Refused("msg_blocks_too_long")
    return blocks


def characters(blocks: object) -> int:
    """Characters of text that a reader of these blocks could come to see."""
    match blocks:
        case list():
            return sum(map(characters, blocks))
        case dict():
            return sum(
                len(value) if key in {"text", "alt_text"} and isinstance(value, str) else characters(value)
                for key, value in blocks.items()
            )
    return 0


def elements_of(block: Json) -> Iterator[Json]:
    """Everything in a block that can be pressed, chosen or filled in."""
    yield from (element for element in block.get("elements", []) if "action_id" in element)
    for key in ("accessory", "element"):
        if key in block and "action_id" in block[key]:
            yield block[key]


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a ``block_id`` and every interactive element an ``action_id``."""
    return [_with_ids(block, n) for n, block in enumerate(blocks)]


def _with_ids(block: Json, n: int) -> Json:
    copy = {**block, "block_id": block.get("block_id", f"b{n:03d}x")}
    if block["type"] in {"actions", "context_actions"}:
        copy["elements"] = [{"action_id": f"a{k:03d}x", **element} for k, element in enumerate(block["elements"])]
    for key in ("accessory", "element"):
        if key in block and block[key]["type"] != "image":
            copy[key] = {"action_id": "a000x", **block[key]}
    return copy


def _check_ids(blocks: list[Any], at: str, problems: Problems) -> None:
    seen: set[str] = set()
    for n, block in enumerate(blocks):
        if (name := block.get("block_id")) in seen and name is not None:
            problems.add("block_id already exists", f"{at}/{n}/block_id")
        seen.add(name)
        actions = [element["action_id"] for element in elements_of(block)]
        if len(set(actions)) < len(actions):
            problems.add("action_id already exists in this block", f"{at}/{n}")


def _check_whole(blocks: list[Json], at: str, problems: Problems) -> None:
    if sum(block["type"] == "table" for block in blocks) > 1:
        problems.add("only one table block is allowed", at)
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MOST_MARKDOWN:
        problems.add(f"markdown text must be less than {MOST_MARKDOWN + 1} characters in total", at)
    focused = sum(bool(element.get("focus_on_load")) for block in blocks for element in elements_of(block))
    if focused > 1:
        problems.add("only one element may have focus_on_load", at)
