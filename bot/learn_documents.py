"""``vigil learn URL|FILE...``: documents named by hand."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.terminal.plain import one_line, safe
from adapters.terminal.words import count
from bot.called import as_called
from bot.kb_changes import audience_named, working
from bot.settings import Settings
from bot.wiring import opened_documents
from core.desk.by_hand import settle
from core.desk.context import Desk
from core.desk.documents import found_gone
from core.desk.named_documents import learn_by_hand
from core.desk.ready import made_ready
from core.domain.documents import Gone, Page, Reading
from core.domain.errors import CallerError, VigilError
from core.domain.ids import SHORT, EntryId
from core.domain.knowledge import Audience
from core.learn.ingest_documents import canonical
from core.ports.documents import Documents

ENDINGS = frozenset((".md", ".markdown", ".html", ".htm", ".pdf", ".txt"))
"""What is read of a folder; a file named by itself may have any name."""
AT_ONCE = 4
UNCHANGED, RETIRED, REFUSED = "unchanged", "retired", "refused"
EXIT_NONE = 1


@dataclass(frozen=True, slots=True)
class Learned:
    """What became of one address or file: a change of the ledger, or that there was none, or why it was refused;
    ``in_place_of`` are the documents of the same page that were retired for it, and for whom they were."""

    target: str
    change: str
    document: EntryId | None = None
    title: str = ""
    parts: int = 0
    reason: str = ""
    in_place_of: tuple[tuple[EntryId, str], ...] = ()

    def line(self) -> str:
        """For people."""
        if self.change == REFUSED:
            return f"{'left out':<10} {safe(self.target)}: {safe(self.reason)}"
        told = f"{self.change:<10} {(self.document or '')[:SHORT]} {one_line(self.title, 60)}"
        told += f" · {count(self.parts, 'part')}" if self.parts else ""
        return "\n".join([told, *(self._other(*one) for one in self.in_place_of)])

    def _other(self, document: EntryId, audience: str) -> str:
        short = document[:SHORT]
        told = f"{RETIRED:<10} {short} which was the same page for {safe(audience)}"
        return as_called(f"{told}; `vigil kb restore {short}` brings it back.")

    def as_json(self) -> str:
        """For a program."""
        line = {"v": 1, "type": "document", "target": self.target, "change": self.change, "entry": self.document}
        told = {"title": self.title, "parts": self.parts, "reason": self.reason}
        others = [document for document, _ in self.in_place_of]
        return json.dumps({**line, **told, "in_place_of": others}, ensure_ascii=False)


async def learn(settings: Settings, named: Sequence[str], audience: str | None, as_json: bool) -> int:
    """Learn documents; gives the exit code: 0 where at least one could be read."""
    done: list[Learned] = []
    async with working(settings, make=True) as desk, opened_documents(settings) as documents:
        async with desk.records.read() as work:
            seen_by = await audience_named(work, audience) if audience is not None else None
        targets = await _targets(named, desk)
        try:
            async for one in _learned(targets, seen_by, desk, documents):
                done.append(one)
                print(one.as_json() if as_json else one.line(), flush=True)
                _progress(len(done), len(targets))
        finally:
            await settle(desk)
    read = [one for one in done if one.change != REFUSED]
    if not as_json:
        print(_summary(done, read))
    return 0 if read else EXIT_NONE


def _summary(done: Sequence[Learned], read: Sequence[Learned]) -> str:
    refused = len(done) - len(read)
    told = f"{count(len(read), 'document')} read"
    changed = sum(one.change not in (UNCHANGED, RETIRED) for one in read)
    told += f", {changed} of them new or changed" if read else ""
    told += f"; {refused} left out" if refused else ""
    return as_called(f"{told}. `vigil kb list` shows them, `vigil ask QUESTION` asks them." if read else f"{told}.")


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty() and of > AT_ONCE:
        sys.stderr.write(f"\r{done} of {of}\033[K" if done < of else "\r\033[K")
        sys.stderr.flush()


async def _targets(named: Sequence[str], desk: Desk) -> list[str]:
    """Addresses and paths, each once: a folder is what is in it, and what was learned from it before and is there no more."""
    async with desk.records.read() as work:
        known = [source.address for source in await work.documents.all()]
    found: list[str] = []
    for one in named:
        if canonical(one):
            found.append(one.strip())
        elif one.strip().lower().startswith(("http:", "https:")):
            raise CallerError(f"{safe(one)} is no address: write it like https://docs.example.com/page.")
        else:
            found += await asyncio.to_thread(_files, Path(one), known)
    return list(dict.fromkeys(found))


def _files(place: Path, known: Sequence[str]) -> list[str]:
    path = place.expanduser().resolve()
    if not path.is_dir():
        return [str(path)]
    try:
        inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in ENDINGS and one.is_file())
    except OSError as error:
        raise CallerError(f"{safe(str(place))} cannot be read ({error.strerror}): name a folder of yours.") from error
    shown = [one for one in inside if not any(part.startswith(".") for part in one.relative_to(path).parts)]
    gone = [one for one in known if Path(one).is_relative_to(path) and not Path(one).exists()]
    if not shown and not gone:
        raise CallerError(f"{safe(str(place))} holds no document: {', '.join(sorted(ENDINGS))} are read.")
    return [*map(str, shown), *gone]


async def _learned(
    targets: Sequence[str], audience: Audience | None, desk: Desk, documents: Documents
) -> AsyncIterator[Learned]:
    """Read a few at once, write one after the other: what is done stays, whatever becomes of the rest."""
    for start in range(0, len(targets), AT_ONCE):
        some = targets[start : start + AT_ONCE]
        for target, reading in zip(some, await asyncio.gather(*(_read(one, documents) for one in some)), strict=True):
            try:
                yield await _kept(target, reading, audience, desk)
            except CallerError as error:
                yield Learned(target, REFUSED, reason=error.sentence)


async def _read(target: str, documents: Documents) -> Reading | VigilError:
    try:
        return await (documents.read(target) if canonical(target) else documents.read_file(target))
    except VigilError as error:
        return error


async def _kept(target: str, reading: Reading | VigilError, audience: Audience | None, desk: Desk) -> Learned:
    match reading:
        case VigilError():
            return Learned(target, REFUSED, reason=reading.sentence)
        case Gone():
            return await _gone(target, reading, desk)
        case Page():
            return await _page(target, reading, audience, desk)
        case _:
            return Learned(target, REFUSED, reason="It could not be read: try again.")


async def _page(target: str, page: Page, audience: Audience | None, desk: Desk) -> Learned:
    now = desk.clock.now()
    ready = await made_ready(page, now)
    async with desk.records.begin() as work:
        done = await learn_by_hand(work, ready, _place(target), audience, desk.policy.refresh_s, now)
    kept, others = done.kept, tuple((one.subject_id, one.after.audience.value) for one in done.in_place_of)
    change = kept.revision.change.value if kept.revision else UNCHANGED
    return Learned(target, change, kept.document, kept.title, ready.parts, in_place_of=others)


async def _gone(target: str, gone: Gone, desk: Desk) -> Learned:
    """What was learned from there leaves retrieval at once: whoever says so by hand has looked."""
    now = desk.clock.now()
    async with desk.records.begin() as work:
        sources = [
            one for one in await work.documents.all() if (canonical(one.address) or one.address) == _place(target)
        ]
        for source in sources:
            await found_gone(work, source, gone, now, at_once=True)
        head = await work.ledger.head(sources[0].document) if sources else None
    if head is None:
        return Learned(target, REFUSED, reason=gone.reason)
    return Learned(target, RETIRED, head.subject_id, head.after.title, reason=gone.reason)


def _place(target: str) -> str:
    return canonical(target) or target
