"""A document cut into the parts that retrieval finds and a citation opens (DESIGN 6, Documents). Pure and deterministic.

A part is text of one section, or of small neighbours under the same headings; a section that says enough keeps its heading. Its
title is the document's with the headings above it, which vector and full text read before its text. Code blocks and tables are
cut only where one alone is too long: then each piece of a code block is fenced, and each piece of a table has its head.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from core.domain.documents import Section
from core.domain.ids import part_id
from core.domain.knowledge import CHUNK, KnowledgeEntry
from core.knowledge.outline import read
from core.text.markdown_blocks import FENCE, blocks_of, is_table
from core.text.sentences import sentences

MOST_CHARS = 900
"""What of a part, its title included, fits the 256 word pieces that the embedding model reads; QUALITY study."""
LEAST_ROOM = 400
"""For the text of a part, however long its title is."""
SMALL_CHARS = 120
"""A section below this is put together with its neighbour: by itself it says too little to be found by."""
TINY_CHARS = 40
"""A section below this goes with any neighbour, under whose heading it is then found."""
HAN_CHARS = 3
"""What a Han character counts beyond one: each is a word piece of its own, where four Latin letters are one."""
_HAN = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")
_HAN_ENDS = ("。", "！", "？", "；")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s")


@dataclass(frozen=True, slots=True)
class _Piece:
    trail: tuple[str, ...]
    anchor: str
    text: str


@lru_cache(maxsize=64)
def parts_of(document: KnowledgeEntry) -> tuple[KnowledgeEntry, ...]:
    """The parts of a document, one at least, in its order, as retrieval holds them; remembered, because cards ask for the same
    again."""
    pieces = list(_pieces(read(document.answer), document.title)) or [_Piece((), "", document.answer)]
    return tuple(
        replace(
            document, id=part_id(document.id, n), kind=CHUNK, title=titled(document.title, piece.trail),
            answer=piece.text, anchor=piece.anchor,
        )
        for n, piece in enumerate(pieces)
    )  # fmt: skip


def titled(title: str, trail: Sequence[str]) -> str:
    """How a part is called: ``Signing requests, "Object keys"``, or by more headings, outermost first."""
    own = " › ".join(one for one in trail if one and one != title)
    return f'{title}, "{own}"' if own and title else own or title


def size(text: str) -> int:
    """How much of the model's window a text takes, in Latin characters."""
    return len(text) + HAN_CHARS * len(_HAN.findall(text))


def _pieces(sections: Sequence[Section], title: str) -> Iterator[_Piece]:
    for group in _neighbours(sections, title):
        lead = next((s for s in group if _says_enough(s)), group[0])
        trail = _path(lead) if _says_enough(lead) else _common([_path(s) for s in group])
        room = max(MOST_CHARS - size(titled(title, trail)), LEAST_ROOM)
        named = len(group) > 1
        blocks = [block for s in group for block in _section_blocks(s, trail, named=named)]
        for text in packed(blocks, room):
            yield _Piece(trail, lead.anchor, text)


def _section_blocks(section: Section, trail: tuple[str, ...], *, named: bool) -> list[str]:
    """The blocks of a section, behind its heading where the title of the part does not name it."""
    blocks = blocks_of(section.text)
    path = _path(section)
    own = [one for one in path[len(_common([path, trail])) :] if one]
    if named and own and blocks:
        blocks[0] = f"{' › '.join(own)}:\n{blocks[0]}"
    return blocks


def _neighbours(sections: Sequence[Section], title: str) -> Iterator[list[Section]]:
    """Sections alone, and small ones together with those that follow under the same headings, as far as they fit."""
    group: list[Section] = []
    for section in sections:
        if group and not _joins(group, section, title):
            yield group
            group = []
        group.append(section)
    if group:
        yield group


def _joins(group: Sequence[Section], section: Section, title: str) -> bool:
    first = group[0]
    if section.trail not in (first.trail, (*first.trail, first.heading)):
        return False
    texts = [size(one.text) for one in (*group, section)]
    if min(sum(texts[:-1]), texts[-1]) >= SMALL_CHARS or _hides(group, section):
        return False
    return sum(texts) + sum(size(one.heading) for one in group) <= MOST_CHARS - size(title)


def _hides(group: Sequence[Section], section: Section) -> bool:
    """Whether a part of all these could not be called by the heading of one of them that says enough to be found by it."""
    leads = [one for one in (*group, section) if _says_enough(one)]
    others = [one for one in (*group, section) if not leads or one is not leads[0]]
    return bool(leads) and any(
        size(one.text) >= TINY_CHARS and _path(one)[: len(_path(leads[0]))] != _path(leads[0]) for one in others
    )


def _says_enough(section: Section) -> bool:
    return bool(section.heading) and size(section.text) >= SMALL_CHARS


def _path(section: Section) -> tuple[str, ...]:
    return (*section.trail, section.heading)


def _common(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    if len(paths) == 1:
        return paths[0]
    shared = 0
    while all(len(path) > shared for path in paths) and len({path[shared] for path in paths}) == 1:
        shared += 1
    return paths[0][:shared]


def packed(blocks: Iterable[str], room: int) -> list[str]:
    """Blocks together as far as they fit ``room``; one that does not fit alone is cut."""
    found: list[str] = []
    for block in (piece for one in blocks for piece in _cut(one, room)):
        if found and size(found[-1]) + size(block) + 2 <= room:
            found[-1] += f"\n\n{block}"
        else:
            found.append(block)
    return found


def _cut(block: str, room: int) -> list[str]:
    if size(block) <= room:
        return [block]
    lines = block.split("\n")
    if fence := FENCE.fullmatch(lines[0]):
        return _cut_code(lines, fence[1], room)
    if is_table(block):
        return _cut_table(lines, room)
    kept = [piece for unit in _units(lines) for piece in _words(unit, room)]
    return _filled(kept, room, "\n" if any(_ITEM.match(line) for line in lines) else " ")


def _units(lines: Sequence[str]) -> list[str]:
    """What a paragraph or a list is cut between: its items, or its sentences."""
    if not any(_ITEM.match(line) for line in lines):
        return [one.text for one in sentences(" ".join(line.strip() for line in lines))]
    starts = [n for n, line in enumerate(lines) if n == 0 or _ITEM.match(line)]
    return ["\n".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _cut_code(lines: Sequence[str], fence: str, room: int) -> list[str]:
    closed = bool(lines[-1].strip()) and lines[-1].strip() == fence and len(lines) > 1
    body = lines[1 : -1 if closed else None]
    inner = max(room - size(lines[0]) - size(fence) - 2, LEAST_ROOM // 4)
    pieces = _filled([piece for line in body for piece in _words(line, inner)], inner, "\n")
    return [f"{lines[0]}\n{piece}\n{fence}" for piece in pieces]


def _cut_table(lines: Sequence[str], room: int) -> list[str]:
    head = "\n".join(lines[:2])
    inner = max(room - size(head) - 1, LEAST_ROOM // 4)
    rows = [row if size(row) <= inner else " ".join(row.split()) for row in lines[2:]]
    return [f"{head}\n{piece}" for piece in _filled(rows, inner, "\n")]


def _filled(units: Iterable[str], room: int, between: str) -> list[str]:
    found: list[str] = []
    for unit in units:
        if found and size(found[-1]) + size(unit) + 1 <= room:
            glue = "" if between == " " and found[-1].endswith(_HAN_ENDS) else between
            found[-1] += f"{glue}{unit}"
        else:
            found.append(unit)
    return found


def _words(unit: str, room: int) -> list[str]:
    """A unit that is too long by itself cut between words, and a word that is too long between characters."""
    if size(unit) <= room:
        return [unit]
    pieces: list[str] = []
    for blank, letters in groupby(unit, str.isspace):
        word = "".join(letters)
        step = room if size(word) == len(word) else max(room // (1 + HAN_CHARS), 1)
        for start in range(0, len(word), step):
            text = word[start : start + step]
            if pieces and size(pieces[-1]) + size(text) <= room:
                pieces[-1] += text
            elif not blank:
                pieces.append(text)
    return [piece.strip() for piece in pieces if piece.strip()] or [unit[:room]]
