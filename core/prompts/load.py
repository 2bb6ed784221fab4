"""Loads prompt files, checks their placeholders and renders them. The files are data of this package."""

import hashlib
import string
from functools import cache
from importlib.resources import files

from core.domain.errors import FinalError
from core.domain.tasks import Block, Prompt, PromptText

OWN = "<!-- What follows differs by channel. -->\n"
"""Ends the part of a prompt file that is the same for everybody, and so worth caching."""


@cache
def load_prompt(name: str, placeholders: frozenset[str]) -> PromptText:
    """Read ``name``.md, whose placeholders are written ``$scope``: braces are JSON there, and ``$$`` is a dollar. Raises
    ``FinalError`` when they are not exactly the ones that will be filled."""
    text = files(__package__).joinpath(f"{name}.md").read_text(encoding="utf-8")
    template = string.Template(text)
    found = set(template.get_identifiers())
    if found != placeholders or not template.is_valid():
        raise FinalError(f"The prompt {name}.md names {sorted(found)}, but {sorted(placeholders)} will be filled in.")
    return PromptText(name, hashlib.sha256(text.encode()).hexdigest()[:12], text)


def render(prompt: PromptText, values: dict[str, str], *blocks: Block) -> Prompt:
    """Fill the prompt; what stands behind ``OWN`` differs by channel. The blocks are fenced by the engine, with delimiters of
    its own."""
    stable, _, own = prompt.text.partition(OWN)
    filled = (string.Template(part).substitute(values) for part in (stable, own))
    return Prompt(next(filled), blocks, next(filled))
