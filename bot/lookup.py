"""``vigil kb``: looking things up by hand, and what a home is asked before."""

import json
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from adapters.terminal.messenger import RecordedMessenger
from adapters.terminal.plain import safe
from adapters.terminal.words import count
from bot.called import as_called
from bot.clocks import SystemClock
from bot.entries import entry_json, list_line, rows, standing
from bot.entry_history import history_json, history_lines
from bot.home import check_can_be, hold
from bot.records import records_of
from bot.settings import Settings
from bot.shown_documents import Shown, is_document, shown_document
from bot.sources import acceptances_of, sources_of
from bot.wiring import Parts, opened
from core.domain.errors import CallerError, NothingKnownError
from core.domain.ids import SHORT
from core.domain.knowledge import EntryStatus, KnowledgeEntry, Revision
from core.knowledge.projection import Projector
from core.ports.records import UnitOfWork

PAGE = 500
WAYS_TO_LEARN = (
    "`vigil backfill EXPORT` learns from a Slack export, `vigil learn FILE` from documents; "
    "`vigil chat examples/acme` shows it at work."
)
NOTHING_KNOWN = f"Nothing is known yet: {WAYS_TO_LEARN}"


def existing(settings: Settings) -> Path:
    """The home. Raises ``NothingKnownError`` when nothing was ever learned in it, ``FinalError`` when it cannot be a home."""
    home = settings.home
    if settings.records_url or (home / "records.db").is_file():
        return home
    if home.is_dir():
        raise NothingKnownError(NOTHING_KNOWN)
    check_can_be(home)
    raise NothingKnownError(f"Nothing is known yet, there is no folder {home}: {WAYS_TO_LEARN}")


async def check_known(work: UnitOfWork) -> None:
    """Raise ``NothingKnownError`` when there is no entry."""
    if not await work.ledger.heads(None, 1):
        raise NothingKnownError(NOTHING_KNOWN)


async def check_customer(work: UnitOfWork, customer: str) -> None:
    """Raise ``CallerError`` when there is no such customer; the home workspace is none."""
    channels = await work.channels.all()
    known = sorted({one for c in channels for one in c.organisations})
    if customer in known:
        return
    if any(one.ref.workspace == customer for one in channels):
        raise CallerError(f"{safe(customer)} is your own workspace, no customer: {known_customers(known)}.")
    raise CallerError(f"No customer {safe(customer)} is known here: {known_customers(known)}.")


def known_customers(known: Sequence[str]) -> str:
    """The customers by team id, for a sentence that refuses another."""
    return f"known are {', '.join(known)}" if known else "none is known yet"


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[UnitOfWork]:
    """Read the home's records. Raises ``NothingKnownError`` when no entry is in them."""
    home = existing(settings)
    records = await records_of(settings, home)
    try:
        async with records.read() as work:
            await check_known(work)
            yield work
    finally:
        await records.close()


async def all_heads(work: UnitOfWork) -> list[Revision]:
    """The newest revision of every entry, by id."""
    heads: list[Revision] = []
    while page := await work.ledger.heads(heads[-1].subject_id if heads else None, PAGE):
        heads += page
    return heads


@dataclass(frozen=True, slots=True)
class Listed:
    """Which entries are listed: retired ones too with ``everything``, or those of one ``status`` alone."""

    everything: bool = False
    status: str | None = None

    def shows(self, entry: KnowledgeEntry, now: datetime) -> bool:
        """Whether this entry is listed."""
        if self.status:
            return standing(entry, now) == self.status
        return self.everything or entry.status is not EntryStatus.RETIRED


async def kb_list(settings: Settings, words: Sequence[str], as_json: bool, listed: Listed) -> None:
    """Print a line per entry, newest first: of those with all the words. Documents that share a title have their address."""
    now, width = datetime.now(UTC), shutil.get_terminal_size((120, 24)).columns
    async with reading(settings) as work:
        heads = [head for head in await all_heads(work) if listed.shows(head.after, now)]
        addresses = {source.document: source.address for source in await work.documents.all()}
    shown = [head for head in heads if _has_all(head.after, addresses.get(head.subject_id, ""), words)]
    titles = Counter(head.after.title for head in shown)
    for head in sorted(shown, key=lambda h: h.at, reverse=True):
        address = addresses.get(head.subject_id, "") if titles[head.after.title] > 1 else ""
        print(
            json.dumps(entry_json(head, now), ensure_ascii=False) if as_json else list_line(head, now, width, address)
        )
    if not shown and not as_json:
        print(_nothing_of(listed, words))


def _has_all(entry: KnowledgeEntry, address: str, words: Sequence[str]) -> bool:
    said = "\n".join((entry.id, entry.title, entry.question, entry.answer, entry.conditions, *entry.keys, address))
    return all(word.casefold() in said.casefold() for word in words)


def _nothing_of(listed: Listed, words: Sequence[str]) -> str:
    if words:
        return f"No entry has {safe(' '.join(words))} in it."
    if listed.status:
        return f"No entry is {'a ' if listed.status == EntryStatus.CANDIDATE else ''}{listed.status}."
    return as_called("Everything that was learned is retired: `vigil kb list --all` shows it.")


async def entry_named(work: UnitOfWork, prefix: str) -> Revision:
    """The head of the one entry whose id begins so. Raises ``CallerError`` where there is none, or several."""
    if not prefix.strip():
        raise CallerError("Name an entry by the beginning of its id: `vigil kb list` shows them.")
    found = [head for head in await all_heads(work) if head.subject_id.startswith(prefix)]
    if not found:
        raise CallerError(f"No entry begins with {safe(prefix)}: `vigil kb list --all` names them.")
    if len(found) > 1:
        raise CallerError(f"{len(found)} entries begin with {safe(prefix)}: write more of the id.")
    return found[0]


async def kb_show(settings: Settings, prefix: str, as_json: bool) -> None:
    """Print one entry whole, with what it was learned from."""
    async with reading(settings) as work:
        head = await entry_named(work, prefix.partition("#")[0])
        sources = await sources_of(head.subject_id, work)
        accepted = await acceptances_of(head.subject_id, work)
        uses = len(await work.lineage.citing(head.subject_id))
        document = await shown_document(work, head.after) if is_document(head.after) else None
    if "#" in prefix:
        _show_part(head, document, prefix.partition("#")[2], as_json)
        return
    now = datetime.now(UTC)
    if as_json:
        taught = {"from": [one.message for one in sources], "sources": [one.as_json() for one in sources]}
        life = {"uses": uses, "accepted": [one.as_json() for one in accepted]} | (
            document.as_json() if document else {}
        )
        print(json.dumps({**entry_json(head, now), **life, **taught}, ensure_ascii=False))
        return
    if document:
        print("\n".join(document.lines(head, now)))
        return
    told = {
        "used": f"in {count(uses, 'shown answer')}" if uses else "",
        "accepted": "; ".join(one.said() for one in accepted),
    }
    for name, value in {**rows(head, now), **told}.items():
        if value:
            print(f"{name:<11}{safe(value)}".replace("\n", f"\n{'':<11}"))
    for source in sources:
        print("\n".join(source.as_lines()))


def _show_part(head: Revision, document: Shown | None, number: str, as_json: bool) -> None:
    if document is None or not (number.isascii() and number.isdigit()):
        raise CallerError(f"#{safe(number)} names no part of a document: write it like {head.subject_id[:SHORT]}#0.")
    shown = document.part(int(number))
    (part,) = shown.parts
    if as_json:
        print(json.dumps(entry_json(replace(head, after=part), datetime.now(UTC)), ensure_ascii=False))
    else:
        print("\n".join(shown.part_lines(head)))


async def kb_history(settings: Settings, prefix: str, as_json: bool) -> None:
    """Print every revision of an entry, oldest first, with what each changed."""
    async with reading(settings) as work:
        head = await entry_named(work, prefix)
        revisions = await work.ledger.history(head.subject_id)
    if as_json:
        for line in history_json(revisions):
            print(json.dumps(line, ensure_ascii=False))
        return
    for text in history_lines(revisions, shutil.get_terminal_size((120, 24)).columns):
        print(text)


async def kb_rebuild(settings: Settings) -> int:
    """Make the knowledge store anew from the ledger; gives how many entries it has."""
    with hold(existing(settings)) as home:
        async with opened(settings, home, SystemClock(), RecordedMessenger(), anew=True, holds=True) as parts:
            entries = await _projector(parts).refill()
    if not entries:
        raise NothingKnownError(NOTHING_KNOWN)
    return entries


def _projector(parts: Parts) -> Projector:
    return Projector(parts.records, parts.store, parts.embedder, parts.clock)
