"""The revisions of an entry as ``vigil kb history`` prints them: what each one did, and what it changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from adapters.terminal.json_lines import knowledge, moment
from adapters.terminal.plain import columns, one_line, safe
from adapters.terminal.words import times
from bot.entries import day, entry_json
from core.domain.ids import SHORT
from core.domain.knowledge import KnowledgeEntry, Revision
from core.domain.people import Role

AROUND_CHARS = 24
"""What is shown of a text on either side of where it changed."""
INDENT = 5
LABEL = 12
LEAST_COLUMNS = 80
"""Below this a change would not be seen beside what is around it: the terminal breaks the lines then."""
NOTHING = "nothing"
SPACING = "only its spacing"
OF_EVERY_REVISION = frozenset({"revision", "updated_at", "expired"})
"""Differ in any two revisions, or by the time at which they are looked at."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field of an entry that reads otherwise than before; empty where it said nothing."""

    field: str
    before: str
    after: str


def changes(before: KnowledgeEntry, after: KnowledgeEntry) -> list[Change]:
    """The fields that differ, in the order in which ``kb show`` has them."""
    was, is_now = _fields(before), _fields(after)
    return [Change(name, was[name], is_now[name]) for name in is_now if was[name] != is_now[name]]


def _fields(entry: KnowledgeEntry) -> dict[str, str]:
    return {
        "title": entry.title, "answer": entry.answer, "conditions": entry.conditions, "question": entry.question,
        "object": entry.object, "symptom": entry.symptom, "keys": ", ".join(entry.keys), "address": entry.url,
        "language": entry.language, "audience": entry.audience.value,
        "taught by": "a requester" if entry.taught_by is Role.REQUESTER else "support", "status": entry.status.value,
        "confirmed": times(entry.confirmations) if entry.confirmations else "never",
        "expires": day(entry.expires_at) if entry.expires_at else "never",
        "rests on": ", ".join(source[:SHORT] for source in entry.derived_from),
    }  # fmt: skip


def history_json(revisions: Sequence[Revision]) -> Iterator[dict[str, object]]:
    """A line per revision for a program; from the second on with the fields it ``changed``, named and whole as in ``kb show
    --json``."""
    befores = [None, *revisions]
    for before, one in zip(befores, revisions, strict=False):
        told = {"v": 1, "type": "knowledge", **knowledge(one), "at": moment(one.at)}
        yield told | ({"changed": _changed(before, one)} if before else {})


def _changed(before: Revision, one: Revision) -> dict[str, object]:
    was, is_now = (entry_json(revision, one.at) for revision in (before, one))
    names = [name for name in is_now if name not in OF_EVERY_REVISION and was[name] != is_now[name]]
    return {name: {"before": was[name], "after": is_now[name]} for name in names}


def history_lines(revisions: Sequence[Revision], width: int) -> Iterator[str]:
    """For people: what the first revision says, and what each later one changed, cut to ``width`` columns, but not below
    ``LEAST_COLUMNS``."""
    width = max(width, LEAST_COLUMNS)
    for one in revisions[:1]:
        yield _head(one)
        if one.after.answer:
            yield f"{'':<{INDENT}}{one_line(one.after.answer, width - INDENT)}"
    for before, one in pairwise(revisions):
        yield _head(one)
        for change in changes(before.after, one.after):
            yield from _lines(change, width)


def _head(one: Revision) -> str:
    return f"{one.n:>3}  {day(one.at):>11} {one.at:%H:%M}  {one.change:<10} {safe(one.why)}"


def _lines(change: Change, width: int) -> Iterator[str]:
    """The old and the new text on one line where they fit, else on two."""
    room = width - INDENT - LABEL - len("-> ")
    before, after = excerpts(change.before, change.after, room)
    label = f"{'':<{INDENT}}{change.field:<{LABEL}}"
    if change.before.split() == change.after.split():
        yield f"{label}{SPACING}"
        return
    if columns(before) + columns(after) + len(" ") <= room:
        yield f"{label}{before} -> {after}"
        return
    yield f"{label}{before}"
    yield f"{'':<{INDENT + LABEL - len('-> ')}}-> {after}"


def excerpts(before: str, after: str, room: int) -> tuple[str, str]:
    """What differs of two texts, each on one line of at most ``room`` columns, with some words around it where they are
    longer than that."""
    if all(len(one) <= room and columns(one) <= room for one in (before, after)):
        return one_line(before, room) or NOTHING, one_line(after, room) or NOTHING
    same = _same(before, after)
    tail = _same(before[same:][::-1], after[same:][::-1])
    start = _word_from(before, same - AROUND_CHARS)
    return _excerpt(before, start, len(before) - tail, room), _excerpt(after, start, len(after) - tail, room)


def _same(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _excerpt(text: str, start: int, end: int, room: int) -> str:
    if not text.strip():
        return NOTHING
    last = len(text) - _word_from(text[::-1], len(text) - end - AROUND_CHARS)
    front, back = "…" if start else "", "…" if last < len(text) else ""
    return one_line(f"{front}{text[start:last].strip()}{back}", room)


def _word_from(text: str, at: int) -> int:
    """The beginning of the first word at or behind a place, not further on than what is shown around a change."""
    if at <= 0:
        return 0
    space = text.find(" ", at, at + AROUND_CHARS)
    return at if space < 0 else space + 1
