"""A document as ``vigil kb show`` prints it, and what ``vigil doctor`` says of documents."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adapters.terminal.json_lines import moment
from adapters.terminal.plain import one_line, safe
from adapters.terminal.words import count
from bot.called import as_called
from bot.doctor import Check, missing, note, well
from bot.entries import day, status
from core.desk.documents import failing
from core.desk.review_write import FLAGGED
from core.domain.documents import DOCUMENT, Link, Source
from core.domain.errors import CallerError
from core.domain.ids import SHORT, EntryId, short, subject_of
from core.domain.knowledge import KnowledgeEntry, Revision
from core.domain.records import Feedback
from core.knowledge.chunking import parts_of
from core.ports.records import UnitOfWork

LEFT_OUT_SINCE = timedelta(days=7)
LISTED = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A document's parts, where it comes from, who named it, and where an analyst said that it misled."""

    parts: tuple[KnowledgeEntry, ...]
    source: Source | None
    links: tuple[tuple[Link, str], ...]
    flags: tuple[Feedback, ...]

    def as_json(self) -> dict[str, object]:
        """For a program."""
        source = self.source
        return {
            "parts": [{"entry": one.id, "title": one.title, "anchor": one.anchor} for one in self.parts],
            "address": source.address if source else None,
            "read_at": moment(source.read_at) if source else None,
            "gone_at": moment(source.gone_at) if source and source.gone_at else None,
            "failure": source.failure if source else "",
            "links": [
                {"address": one.address, "by": who, "message": one.message, "at": moment(one.at)}
                for one, who in self.links
            ],
            "flags": [{"entry": one.target, "why": one.text, "at": moment(one.at)} for one in self.flags],
        }

    def lines(self, head: Revision, now: datetime) -> list[str]:
        """For people."""
        entry, source = head.after, self.source
        rows = {
            "document": entry.id, "title": entry.title, "address": entry.url or (source.address if source else ""),
            "audience": entry.audience.value, "status": status(entry, now), "revision": str(head.n),
            "learned": day(entry.created_at), "changed": day(entry.updated_at), "because": head.why,
            "read": day(source.read_at) if source else "",
            "gone since": day(source.gone_at) if source and source.gone_at else "",
            "failing": f"{count(source.failures, 'time')}: {source.failure}" if source and source.failures else "",
        }  # fmt: skip
        told = [f"{name:<11}{safe(value)}" for name, value in rows.items() if value]
        told += [f"{'linked':<11}{safe(who)}, {day(one.at)}: {one_line(one.address, 90)}" for one, who in self.links]
        told += [f"{'misled':<11}{day(one.at)}: {one_line(one.text, 90)}" for one in self.flags]
        told += [f"{'parts':<11}{len(self.parts)}"]
        told += [f"  {n:>4}  {_named(part)}" for n, part in enumerate(self.parts)]
        return [*told, as_called(f"`vigil kb show {entry.id[:SHORT]}#0` prints what a part says.")]

    def part(self, n: int) -> "Shown":
        """The part of this number alone. Raises ``CallerError`` where there is none."""
        if not 0 <= n < len(self.parts):
            raise CallerError(f"This document has parts 0 to {len(self.parts) - 1}: `vigil kb show` of it lists them.")
        return replace(self, parts=(self.parts[n],))

    def part_lines(self, head: Revision) -> list[str]:
        """What its first part says, for people: as it is now."""
        (part, *_), entry = self.parts, head.after
        address = entry.url or (self.source.address if self.source else "")
        rows = {
            "part": short(part.id), "title": part.title, "address": f"{address}#{part.anchor}" if part.anchor else address,
            "audience": entry.audience.value, "revision": str(head.n),
        }  # fmt: skip
        return [*(f"{name:<11}{safe(value)}" for name, value in rows.items() if value), "", safe(part.answer)]


def _named(part: KnowledgeEntry) -> str:
    return one_line(part.title, 90) + (f" · #{one_line(part.anchor, 60)}" if part.anchor else "")


async def shown_document(work: UnitOfWork, entry: KnowledgeEntry) -> Shown:
    """Look up what there is to show of a document."""
    links = await work.links.of_document(entry.id)
    named = tuple([(link, await _who(work, link)) for link in links])
    return Shown(parts_of(entry), await work.documents.get(entry.id), named, await flags_of(work, entry.id))


async def flags_of(work: UnitOfWork, document: EntryId) -> tuple[Feedback, ...]:
    """What reviews have put on record against parts of a document and not taken back, oldest first."""
    last: dict[tuple[str, str], Feedback] = {}
    for row in await work.feedback.on("entry"):
        if subject_of(EntryId(row.target)) == document:
            last[row.target, row.actor] = row
    return tuple(row for row in last.values() if row.kind == FLAGGED)


async def _who(work: UnitOfWork, link: Link) -> str:
    message = await work.messages.get(link.message) if link.message else None
    return message.author.name or link.by if message else link.by or "by hand"


async def document_checks(work: UnitOfWork, now: datetime) -> list[Check]:
    """Which documents cannot be read or are gone, and which links of this week were left out."""
    sources = await work.documents.all()
    left_out = [one for one in await work.links.since(now - LEFT_OUT_SINCE) if one.reason]
    if not sources and not left_out:
        return []
    bad = failing(sources)
    known = f"{count(len(sources), 'document')} known, {len(bad)} of them not readable now."
    found = [note("documents", known) if bad else well("documents", known)]
    for one in bad[:LISTED]:
        name = f"{one.document[:SHORT]} {safe(one.address)}"
        if one.failures:
            found.append(missing("document", f"{name} failed {count(one.failures, 'time')}: {safe(one.failure)}"))
        elif one.gone_at:
            found.append(note("document", f"{name} is gone since {day(one.gone_at)}: it is looked for again."))
    for link in left_out[-LISTED:]:
        named = "" if link.address.partition("?")[0] in link.reason else f"{one_line(link.address, 90)} was left out: "
        told = f"{named}{safe(link.reason)} That was on {day(link.at)}; this line stays for {LEFT_OUT_SINCE.days} days."
        found.append(note("link" if link.message else "by hand", told))
    return found


def is_document(entry: KnowledgeEntry) -> bool:
    """Whether the ledger keeps a document under this image."""
    return entry.kind == DOCUMENT
