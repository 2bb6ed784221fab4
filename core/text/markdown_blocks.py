"""Markdown as its blocks: paragraphs, lists, tables and fenced code. Pure and linear."""

import re
from collections.abc import Sequence

FENCE = re.compile(r"\s{0,3}(```+|~~~+)(.*)")
_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*")
_CELLS = re.compile(r"(?<!\\)\|")


def blocks_of(text: str) -> list[str]:
    """The blocks of a text, parted by empty lines outside of code; a fence begins and ends one."""
    blocks: list[str] = []
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = FENCE.fullmatch(line)
        if mark and not fence:
            _close(blocks, lines)
            lines, fence = [], mark[1]
        elif fence and mark and mark[1].startswith(fence) and not mark[2].strip():
            _close(blocks, [*lines, line])
            lines, fence = [], ""
            continue
        elif not fence and not line.strip():
            _close(blocks, lines)
            lines = []
            continue
        lines.append(line)
    _close(blocks, lines)
    return blocks


def _close(blocks: list[str], lines: Sequence[str]) -> None:
    if any(line.strip() for line in lines):
        blocks.append("\n".join(lines))


def is_code(block: str) -> bool:
    """Whether a block is fenced code."""
    return FENCE.match(block) is not None


def is_table(block: str) -> bool:
    """Whether a block is a table with a head."""
    lines = block.split("\n")
    return len(lines) > 2 and "|" in lines[0] and _RULE.fullmatch(lines[1]) is not None


def rows_of(table: str) -> list[str]:
    """The rows of a table as sentences of their own: ``Status: 403; Code: AccessDenied``. A cell without a head stands alone,
    an empty one is left out."""
    head, _, *rows = table.split("\n")
    names = _cells(head)
    return [said for row in rows if (said := _said(names, _cells(row)))]


def _said(names: Sequence[str], cells: Sequence[str]) -> str:
    named = [*names, *[""] * (len(cells) - len(names))]
    return "; ".join(f"{n}: {c}" if n else c for n, c in zip(named, cells, strict=False) if c)


def _cells(row: str) -> list[str]:
    cells = [cell.strip().replace("\\|", "|") for cell in _CELLS.split(row.strip())]
    cells = cells[1:] if cells and not cells[0] else cells
    return cells[:-1] if cells and not cells[-1] else cells
