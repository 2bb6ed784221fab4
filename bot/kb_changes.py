"""``vigil kb add|retire|restore|approve|reject``: changing what is known by hand."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from adapters.terminal.json_lines import knowledge, moment
from adapters.terminal.messenger import RecordedMessenger
from adapters.terminal.plain import one_line
from bot.beside import opened_beside
from bot.called import as_called
from bot.clocks import SystemClock
from bot.lookup import check_customer, check_known, entry_named, existing
from bot.running import day_named
from bot.settings import Settings
from core.desk.by_hand import (
    IfKnown,
    Written,
    add_by_hand,
    approve_by_hand,
    reject_by_hand,
    restore_by_hand,
    retire_by_hand,
)
from core.desk.context import Desk
from core.domain.ids import SHORT, EntryId
from core.domain.knowledge import INTERNAL, SHARED, Audience, ChangeKind, Revision
from core.knowledge.near_duplicates import Relation
from core.ports.records import UnitOfWork
from core.text.redaction import redact

DONE = {
    ChangeKind.ADDED: "Added",
    ChangeKind.UPDATED: "Changed",
    ChangeKind.CONFIRMED: "Confirmed",
    ChangeKind.RETIRED: "Retired",
    ChangeKind.RESTORED: "Restored",
}

MASKED = (
    "Something in it looked like a secret or an address and was masked; a sentence with a mask in it is not quoted."
)


@asynccontextmanager
async def working(settings: Settings, *, make: bool = False) -> AsyncIterator[Desk]:
    """Open a home's desk, beside the bot that may be running there; ``make`` a home where there is none, else raise
    ``NothingKnownError``."""
    home = settings.home if make else existing(settings)
    async with opened_beside(settings, home, SystemClock(), RecordedMessenger(), settings.policy()) as bot:
        yield bot.desk


async def kb_add(
    settings: Settings,
    texts: tuple[str, str, str],
    audience: str,
    expires: str | None,
    if_known: IfKnown,
    as_json: bool,
) -> None:
    """Write an entry by hand; ``texts`` are question, answer and conditions."""
    async with working(settings, make=True) as desk:
        async with desk.records.read() as work:
            seen_by = await audience_named(work, audience)
        added = await add_by_hand(Written(*texts, seen_by, day_named("--expires", expires)), if_known, desk)
    tell(added.revision, as_json)
    if any(redact(text).masks for text in texts) and not as_json:
        print(MASKED)
    near = added.neighbour
    if near.passage and near.relation is Relation.SIBLING and not as_json:
        print(f"Near it: {near.passage.entry.id[:SHORT]} {one_line(near.passage.entry.title, 80)}")


async def audience_named(work: UnitOfWork, name: str) -> Audience:
    """Who ``shared``, ``internal`` or a customer's team id means; the home workspace's is for channels without anybody from
    outside. Raises ``CallerError`` where nobody is called so."""
    if name in (SHARED.value, INTERNAL.value):
        return Audience(name)
    customer = name.removeprefix("customer:")
    if not any(one.ref.workspace == customer for one in await work.channels.all()):
        await check_customer(work, customer)
    return Audience.customer(customer)


async def kb_retire(settings: Settings, prefix: str, why: str, as_json: bool) -> None:
    """Take an entry out of retrieval."""
    await _change(settings, prefix, lambda entry, desk: retire_by_hand(entry, why, desk), as_json)


async def kb_restore(settings: Settings, prefix: str, n: int | None, as_json: bool) -> None:
    """Bring an entry back as it was."""
    await _change(settings, prefix, lambda entry, desk: restore_by_hand(entry, n, desk), as_json)


async def kb_approve(settings: Settings, prefix: str, as_json: bool) -> None:
    """Let a candidate into retrieval."""
    await _change(settings, prefix, approve_by_hand, as_json)


async def kb_reject(settings: Settings, prefix: str, why: str, as_json: bool) -> None:
    """Retire a candidate."""
    await _change(settings, prefix, lambda entry, desk: reject_by_hand(entry, why, desk), as_json)


async def _change(
    settings: Settings, prefix: str, act: Callable[[EntryId, Desk], Awaitable[Revision]], as_json: bool
) -> None:
    async with working(settings) as desk:
        async with desk.records.read() as work:
            await check_known(work)
            entry = (await entry_named(work, prefix)).subject_id
        revision = await act(entry, desk)
    tell(revision, as_json)


def tell(revision: Revision, as_json: bool) -> None:
    """Print what was done, and how it is undone."""
    if as_json:
        line = {"v": 1, "type": "knowledge", **knowledge(revision), "at": moment(revision.at)}
        print(json.dumps(line, ensure_ascii=False))
        return
    entry = revision.subject_id[:SHORT]
    print(f"{DONE[revision.change]}: {entry} {one_line(revision.after.title, 90)}")
    if revision.n > 1:
        print(as_called(f"`vigil kb restore {entry} --revision {revision.n - 1}` undoes it."))
    else:
        print(as_called(f"`vigil kb retire {entry}` takes it back."))
