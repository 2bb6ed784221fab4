"""Text from outside made safe to print: no control characters, one line, cut to a width that counts wide characters."""

import re
import unicodedata

from core.text.printable import printable


def safe(text: str) -> str:
    """Take out escape sequences, control and direction-override characters and lone surrogates; line breaks stay."""
    return printable(text.replace("\r\n", "\n").replace("\t", " "))


def one_line(text: str, width: int) -> str:
    """The text on one line, at most ``width`` columns wide, with an ellipsis where it was cut."""
    flat = re.sub(r"\s+", " ", safe(text[: 20 * width])).strip()
    return flat if columns(flat) <= width else cut(flat, width - 1).rstrip() + "…"


def cut(text: str, width: int) -> str:
    """The longest beginning that is at most ``width`` columns wide."""
    used = 0
    for index, character in enumerate(text):
        used += _width(character)
        if used > width:
            return text[:index]
    return text


def columns(text: str) -> int:
    """How many columns a text takes."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns, broken at blanks where there are some; existing line breaks stay."""
    lines: list[str] = []
    for paragraph in safe(text).split("\n"):
        rest = paragraph
        while columns(rest) > width:
            head = cut(rest, width)
            at = head.rfind(" ")
            head = head[:at] if at > width // 3 else head
            lines.append(head.rstrip())
            rest = rest[len(head) :].lstrip()
        lines.append(rest)
    return lines
