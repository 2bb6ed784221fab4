"""Entries as lines of a file and back: every line is checked before anything is written (DESIGN 11, ``kb export|import``).

A line is one revision: ``{"v": 1, "type": "revision", "n", "change", "at", "why", "job", "from", "entry": {...}}``, ``entry``
as ``KnowledgeEntry`` names its fields, its audience as a plain string. A file holds whole histories (each from revision 1 on,
in order) or heads alone.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.domain.documents import DOCUMENT, MOST_CHARACTERS, MOST_PARTS
from core.domain.errors import CallerError
from core.domain.ids import SHORT, EntryId, MessageId
from core.domain.knowledge import ENTRY, INTERNAL, SHARED, Audience, ChangeKind, KnowledgeEntry, Revision
from core.knowledge.chunking import parts_of
from core.knowledge.forgetting import is_forgotten
from core.knowledge.ledger import Because
from core.knowledge.outline import read
from core.text.addresses import is_plain
from core.text.redaction import redact

VERSION = 1
_ENTRY: TypeAdapter[KnowledgeEntry] = TypeAdapter(KnowledgeEntry)
_NAMES = {one.name for one in fields(KnowledgeEntry)}
_LINE = {"v", "type", "n", "change", "at", "why", "job", "from", "entry"}
_MASKED = ("title", "question", "answer", "object", "symptom", "conditions", "url")


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import does: ``histories`` of entries that are not known, ``changed`` images of known ones, how many entries are
    known as they are or newer, and how many are left out because they were forgotten here."""

    histories: tuple[tuple[Revision, ...], ...] = ()
    changed: tuple[KnowledgeEntry, ...] = ()
    same: int = 0
    forgotten: int = 0


def line_of(revision: Revision) -> str:
    """A revision as a line, without its end."""
    entry = _ENTRY.dump_python(revision.after, mode="json")
    line = {
        "v": VERSION, "type": "revision", "n": revision.n, "change": revision.change.value, "at": revision.at.isoformat(),
        "why": revision.why, "job": revision.job, "from": list(revision.from_messages),
        "entry": {**entry, "audience": revision.after.audience.value},
    }  # fmt: skip
    return json.dumps(line, ensure_ascii=False)


def parsed(lines: Iterable[str]) -> dict[EntryId, list[tuple[int, Revision]]]:
    """The revisions of a file by entry, each with its line (from 1), in the order of the file, secrets masked. Raises
    ``CallerError`` with the line of the first that is none, or does not follow the one before it."""
    found: dict[EntryId, list[tuple[int, Revision]]] = {}
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        revision = _revision(text, number)
        known = found.setdefault(revision.subject_id, [])
        if known and (known[0][1].n != 1 or revision.n != known[-1][1].n + 1):
            raise _bad(
                number, f"revision {revision.n} of entry {revision.subject_id[:SHORT]} does not follow the one before"
            )
        known.append((number, revision))
    for number, last in (one[-1] for one in found.values()):
        if is_forgotten(last.after):
            raise _bad(number, "its entry is empty")
    return found


def _revision(text: str, number: int) -> Revision:
    try:
        line = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise _bad(number, "it is not JSON") from error
    if not isinstance(line, dict) or line.get("type") != "revision" or line.get("v") != VERSION:
        raise _bad(number, f"it is no revision of version {VERSION}")
    entry = line.get("entry")
    if not isinstance(entry, dict):
        raise _bad(number, "it has no entry")
    unknown = (line.keys() ^ _LINE) | (entry.keys() - _NAMES)
    if unknown:
        raise _bad(number, f"{', '.join(sorted(map(str, unknown)))} is missing, or no field that is known here")
    try:
        image = _ENTRY.validate_python({**entry, "audience": {"value": entry.get("audience")}})
        raw = TypeAdapter(_Raw).validate_python({name: line[name] for name in ("n", "change", "at", "why", "job")})
        sources = TypeAdapter(tuple[str, ...]).validate_python(line["from"])
    except ValidationError as error:
        first = error.errors()[0]
        raise _bad(number, f"{'.'.join(map(str, first['loc']))} is not usable ({first['msg'].lower()})") from error
    return _checked(image, raw, sources, number)


@dataclass(frozen=True, slots=True)
class _Raw:
    n: int
    change: ChangeKind
    at: datetime
    why: str
    job: str


def _checked(image: KnowledgeEntry, raw: _Raw, sources: Sequence[str], number: int) -> Revision:
    times = (raw.at, image.created_at, image.updated_at, image.expires_at, image.confirmed_at)
    if any(at is not None and at.tzinfo is None for at in times):
        raise _bad(number, "a time has no time zone")
    empty = not image.answer.strip() and not is_forgotten(image)
    if not image.id.strip() or empty or raw.n < 1 or image.confirmations < 0:
        raise _bad(number, "its entry has no id or no answer, or a count is too low")
    customer = image.audience.value.startswith(Audience.customer("").value) and image.audience != Audience.customer("")
    if not customer and image.audience not in (SHARED, INTERNAL):
        raise _bad(number, "its audience is neither shared, internal nor customer:TEAM")
    if image.url and not is_plain(image.url):
        raise _bad(number, "its url is no plain http or https address")
    masked: dict[str, Any] = {name: redact(getattr(image, name)).text for name in _MASKED}
    return Revision(
        subject_kind=ENTRY, subject_id=image.id, n=raw.n, change=raw.change, after=replace(image, **masked), at=raw.at,
        why=redact(raw.why).text, job=raw.job, from_messages=tuple(MessageId(one) for one in sources),
    )  # fmt: skip


def planned(
    found: Mapping[EntryId, Sequence[tuple[int, Revision]]],
    known: Mapping[EntryId, Sequence[Revision]],
    because: Because,
    *,
    update: bool,
) -> Plan:
    """Compare a file with the histories of what is known. What is known newer than in the file stays, and what was forgotten
    here stays forgotten. Raises ``CallerError`` with its line for an entry that is known otherwise, unless ``update`` lets it
    change, and for one that more people could see then."""
    new: list[tuple[Revision, ...]] = []
    changed: list[KnowledgeEntry] = []
    same = forgotten = 0
    for subject, lines in found.items():
        number, last = lines[-1]
        history = known.get(subject, ())
        if not history:
            new.append(_as_new([revision for _, revision in lines], because))
        elif is_forgotten(history[-1].after):
            forgotten += 1
        elif history[-1].after == last.after or _is_older([revision for _, revision in lines], history):
            same += 1
        elif not update:
            raise _bad(number, f"entry {subject[:SHORT]} is known otherwise here: --update changes it")
        elif wider(history[-1].after.audience, last.after.audience):
            raise _bad(number, f"it would show entry {subject[:SHORT]} to more people than now")
        else:
            changed.append(last.after)
    return Plan(tuple(new), tuple(changed), same, forgotten)


def too_long(found: Mapping[EntryId, Sequence[tuple[int, Revision]]]) -> dict[EntryId, str]:
    """The documents of a file that say more, as they are in its last line of them, than is kept of one that is read; each with
    a sentence."""
    told: dict[EntryId, str] = {}
    for subject, lines in found.items():
        number, last = lines[-1]
        if last.after.kind == DOCUMENT and (much := _beyond(last.after)):
            what = f"Line {number}: document {subject[:SHORT]} was left out: it has {much} are kept of one."
            told[subject] = f"{what} Learn its chapters one by one."
    return told


def _beyond(document: KnowledgeEntry) -> str:
    characters = sum(len(section.text) for section in read(document.answer))
    if characters > MOST_CHARACTERS:  # nor is it cut
        return f"{characters:,} characters of text, and at most {MOST_CHARACTERS:,}"
    parts = len(parts_of(document))
    return f"{parts:,} parts, and at most {MOST_PARTS:,}" if parts > MOST_PARTS else ""


def _is_older(lines: Sequence[Revision], history: Sequence[Revision]) -> bool:
    """Whether a file holds an earlier state of a history: its beginning, or one of its revisions alone."""
    then = {one.n: one for one in history}
    return all(one.n in then and then[one.n].after == one.after for one in lines)


def _as_new(history: Sequence[Revision], because: Because) -> tuple[Revision, ...]:
    """A whole history is taken as it is; a head alone begins one, with where it comes from."""
    if history[0].n == 1:
        return tuple(history)
    (head,) = history
    why = f"imported as it was at revision {head.n}: {head.why}"
    return (replace(head, n=1, change=ChangeKind.ADDED, why=why, job=because.job, at=because.at),)


def wider(before: Audience, after: Audience) -> bool:
    """Whether somebody may see an entry of the second audience who may not see one of the first."""
    return after not in (before, INTERNAL) and before != SHARED


def _bad(number: int, what: str) -> CallerError:
    return CallerError(f"Line {number}: {what}. Nothing was imported.")
