"""Taking people's names out of texts that leave the records. Pure."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from core.text.everyday import is_everyday

MASK = "<name>"
_HAN = re.compile(r"[\u3400-\u9fff]")
_PARTS = re.compile(r"[\s._@-]+")


def names_mask(names: Iterable[str], nobody: AbstractSet[str] = frozenset()) -> re.Pattern[str] | None:
    """A pattern that finds these people's names, whole and in parts; ``None`` where there is none to find. A part that is an
    everyday word ("Will") counts only where it is written as a name, with a capital; words of ``nobody``, lower case, never."""
    found = {part for name in names for part in (name.strip(), *_PARTS.split(name)) if _names_somebody(part)}
    found = {part for part in found if part.lower() not in nobody}
    if not found:
        return None
    return re.compile("|".join(_pattern(part) for part in sorted(found, key=lambda part: (-len(part), part))))


def without_names(text: str, mask: re.Pattern[str] | None) -> str:
    """The text with ``<name>`` in place of what the mask finds."""
    return text if mask is None else mask.sub(MASK, text)


def _names_somebody(part: str) -> bool:
    return len(part) > (1 if _HAN.search(part) else 2)


def _pattern(part: str) -> str:
    escaped = re.escape(part)
    if _HAN.search(part):
        return escaped
    if is_everyday(part.lower()):
        return rf"\b{re.escape(part.capitalize())}\b"
    return rf"(?i:\b{escaped}\b)"
