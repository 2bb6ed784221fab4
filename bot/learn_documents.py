"""``vigil learn URL|FILE...``: documents named by hand."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from adapters.documents.address import SHOWN_CHARACTERS
from adapters.terminal.plain import one_line, safe
from adapters.terminal.words import count
from bot.called import as_called
from bot.kb_changes import audience_named, working
from bot.learn_targets import Targets, targets_of
from bot.settings import Settings
from bot.wiring import opened_documents
from core.desk.by_hand import settle
from core.desk.context import Desk
from core.desk.named_documents import learn_by_hand
from core.desk.places import is_put_away
from core.desk.ready import made_ready
from core.desk.refresh_document import look_again
from core.domain.documents import Gone, Link, Page, Reading
from core.domain.errors import CallerError, VigilError
from core.domain.ids import SHORT, EntryId
from core.domain.knowledge import Audience, EntryStatus, Revision
from core.ports.documents import Documents
from core.text.addresses import canonical, without_secrets

AT_ONCE = 4
UNCHANGED, RETIRED, REFUSED = "unchanged", "retired", "refused"
EXIT_NONE = 1
OUTSIDE = "it is a link that leads out of the folder: name it by itself to have it read."
NOT_ASKED = (
    "It is not read: its address holds a user name, a secret or an e-mail address. Give it without; an operator can set a "
    "header for its host in VIGIL_DOCUMENT_HEADERS."
)
NO_FILE, NO_PAGE = "there is no such file.", "there is no such page."
BY_NAME = (
    "it is not there, and you named it, so it is out of retrieval at once; learned again when it is there, it is back"
)


@dataclass(frozen=True, slots=True)
class Learned:
    """What became of one address or file: a change of the ledger, or that there was none, or why it was refused."""

    target: str
    change: str
    document: EntryId | None = None
    title: str = ""
    parts: int = 0
    reason: str = ""
    audience: str = ""
    in_place_of: tuple[tuple[EntryId, str], ...] = ()

    def line(self) -> str:
        """For people."""
        if self.change == REFUSED:
            named = self.target.partition("#")[0].partition("?")[0][:SHOWN_CHARACTERS] in self.reason
            return f"{'left out':<10} {safe(self.reason) if named else f'{safe(self.target)}: {safe(self.reason)}'}"
        told = f"{self.change:<10} {(self.document or '')[:SHORT]} {one_line(self.title, 60)}"
        parts = count(self.parts, "part") if self.parts else ""
        line = " · ".join(one for one in (told, parts, self.audience, as_called(self.reason)) if one)
        return "\n".join([line, *(self._other(*one) for one in self.in_place_of)])

    def _other(self, document: EntryId, audience: str) -> str:
        short = document[:SHORT]
        told = f"{RETIRED:<10} {short} which was the same page for {safe(audience)}"
        return as_called(f"{told}; `vigil kb restore {short}` brings it back.")

    def as_json(self) -> str:
        """For a program."""
        line = {"v": 1, "type": "document", "target": self.target, "change": self.change, "entry": self.document}
        told = {"title": self.title, "parts": self.parts, "reason": self.reason, "audience": self.audience}
        others = [document for document, _ in self.in_place_of]
        return json.dumps({**line, **told, "in_place_of": others}, ensure_ascii=False)


async def learn(settings: Settings, named: Sequence[str], audience: str | None, as_json: bool) -> int:
    """Learn documents; gives the exit code: 0 where at least one could be read."""
    done: list[Learned] = []
    async with working(settings, make=True) as desk, opened_documents(settings) as documents:
        async with desk.records.read() as work:
            seen_by = await audience_named(work, audience) if audience is not None else None
            known = [source.address for source in await work.documents.all()]
        targets = await targets_of(named, known)
        try:
            async for one in _learned(targets, seen_by, desk, documents):
                done.append(one)
                print(one.as_json() if as_json else one.line(), flush=True)
                _progress(len(done), len(targets.read) + len(targets.outside))
        finally:
            await settle(desk)
    if not as_json:
        print(_summary(done, targets.others))
    return EXIT_NONE if all(one.change == REFUSED for one in done) else 0


def _summary(done: Sequence[Learned], others: int) -> str:
    refused, retired = (sum(one.change == what for one in done) for what in (REFUSED, RETIRED))
    read = len(done) - refused - retired
    told = f"{count(read, 'document')} read"
    changed = sum(one.change not in (UNCHANGED, RETIRED, REFUSED) for one in done)
    told += f", {changed} of them new or changed" if read else ""
    told += f"; {retired} retired" if retired else ""
    told += f"; {refused} left out" if refused else ""
    told += f"; {count(others, 'file')} of other kinds" if others else ""
    return as_called(f"{told}. `vigil kb list` shows them, `vigil ask QUESTION` asks them." if read else f"{told}.")


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty() and of > AT_ONCE:
        sys.stderr.write(f"\r{done} of {of}\033[K" if done < of else "\r\033[K")
        sys.stderr.flush()


async def _learned(
    targets: Targets, audience: Audience | None, desk: Desk, documents: Documents
) -> AsyncIterator[Learned]:
    """Read a few at once, write one after the other: what is done stays, whatever becomes of the rest."""
    for one in targets.outside:
        yield Learned(one, REFUSED, reason=OUTSIDE)
    for start in range(0, len(targets.read), AT_ONCE):
        some = targets.read[start : start + AT_ONCE]
        for target, reading in zip(some, await asyncio.gather(*(_read(one, documents) for one in some)), strict=True):
            try:
                done = await _kept(target, reading, audience, desk, documents)
            except CallerError as error:
                done = Learned(target, REFUSED, reason=error.sentence)
            yield replace(done, target=without_secrets(target))


async def _read(target: str, documents: Documents) -> Reading | VigilError:
    if _is_secret(target):
        return CallerError(NOT_ASKED)
    try:
        return await (documents.read(target) if canonical(target) else documents.read_file(target))
    except VigilError as error:
        return error


async def _kept(
    target: str, reading: Reading | VigilError, audience: Audience | None, desk: Desk, documents: Documents
) -> Learned:
    match reading:
        case VigilError():
            await _remember(target, reading.sentence, desk)
            return Learned(target, REFUSED, reason=reading.sentence)
        case Gone():
            return await _gone(target, desk, documents)
        case Page():
            return await _page(target, reading, audience, desk)
        case _:
            return Learned(target, REFUSED, reason="It could not be read: try again.")


async def _remember(target: str, reason: str, desk: Desk) -> None:
    """Keep that it could not be read, for ``vigil doctor``, unless it was read by hand before: then its refresh tells."""
    async with desk.records.begin() as work:
        place = without_secrets(_place(target))
        if not any(one.document and not one.message for one in await work.links.at_address(place)):
            await work.links.put(Link(address=place, at=desk.clock.now(), reason=reason))


async def _page(target: str, page: Page, audience: Audience | None, desk: Desk) -> Learned:
    now = desk.clock.now()
    ready = await made_ready(page, now)
    async with desk.records.begin() as work:
        done = await learn_by_hand(work, ready, _place(target), audience, desk.policy.refresh_s, now)
        head = await work.ledger.head(done.kept.document)
    assert head is not None, "it is known, or was just kept"
    if is_put_away(head):
        return _left(target, head)
    kept, others = done.kept, tuple((one.subject_id, one.after.audience.value) for one in done.in_place_of)
    change = kept.revision.change.value if kept.revision else UNCHANGED
    return Learned(target, change, kept.document, kept.title, ready.parts, "", head.after.audience.value, others)


def _left(target: str, head: Revision) -> Learned:
    entry = head.subject_id
    reason = f"retired by hand, left so; `vigil kb restore {entry[:SHORT]}` brings it back"
    return Learned(target, RETIRED, entry, head.after.title, reason=reason)


async def _gone(target: str, desk: Desk, documents: Documents) -> Learned:
    """What was learned from there leaves retrieval at once, unless another of its addresses still leads to it: whoever says so
    by hand has looked."""
    async with desk.records.read() as work:
        known = [
            one.document
            for one in await work.documents.all()
            if (canonical(one.address) or one.address) == _place(target)
        ]
    for document in known:
        await look_again(document, desk, documents, at_once=True)
    async with desk.records.read() as work:
        head = await work.ledger.head(known[0]) if known else None
        source = await work.documents.get(known[0]) if known else None
    if head is None:
        return Learned(target, REFUSED, reason=NO_PAGE if canonical(target) else NO_FILE)
    if is_put_away(head):
        return _left(target, head)
    if source is not None and head.after.status is not EntryStatus.RETIRED:
        return Learned(target, REFUSED, reason=f"{NO_PAGE} The document is at {source.address}, and stays.")
    return Learned(target, RETIRED, head.subject_id, head.after.title, reason=BY_NAME)


def _is_secret(target: str) -> bool:
    address = canonical(target)
    return bool(address) and without_secrets(address) != address


def _place(target: str) -> str:
    return canonical(target) or target
