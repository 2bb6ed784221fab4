"""``vigil kb export|import``: what is known as JSON lines (``core.knowledge.exchange`` says how)."""

import asyncio
import hashlib
import json
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path

from adapters.terminal.words import count
from bot.called import as_called
from bot.kb_changes import working
from bot.lookup import PAGE, reading
from bot.running import check_new
from bot.settings import Settings
from core.desk.by_hand import settle
from core.desk.documents import follow_imported
from core.domain.documents import DOCUMENT
from core.domain.errors import CallerError
from core.domain.ids import EntryId
from core.domain.knowledge import Revision
from core.knowledge.exchange import Plan, line_of, parsed, planned, too_long
from core.knowledge.forgetting import is_forgotten
from core.knowledge.ledger import Because, update
from core.knowledge.quarantine import BY_HAND
from core.ports.records import UnitOfWork

STANDARD_OUTPUT = Path("-")
AT_ONCE = 250
"""Entries written in one transaction: 60 ms (measured)."""
PAUSE_S = 0.1
"""Between two of them: SQLite lets waiting processes look again after a tenth of a second at the latest."""
Found = Mapping[EntryId, Sequence[tuple[int, Revision]]]


async def kb_export(settings: Settings, file: Path, heads: bool, force: bool) -> None:
    """Write everything known to a file, whole or not at all, or to standard output. Raises ``NothingKnownError`` where nothing
    is known, ``CallerError`` where the file cannot be written, and, unless ``force``, where it is there already."""
    if file != STANDARD_OUTPUT:
        check_new(file, force)
    async with reading(settings) as work, aclosing(lines_of(work, heads)) as lines:
        if file == STANDARD_OUTPUT:
            async for line in lines:
                sys.stdout.write(f"{line}\n")
            return
        half = file.with_name(f"{file.name}.part")
        try:
            with half.open("w", encoding="utf-8") as out:
                written = 0
                async for line in lines:
                    out.write(f"{line}\n")
                    written += 1
            half.replace(file)
        except OSError as error:
            raise CallerError(
                f"{file} cannot be written ({error.strerror}): name a file in a folder of yours."
            ) from error
    print(f"{count(written, 'revision')} in {file}.")


async def lines_of(work: UnitOfWork, heads: bool) -> AsyncGenerator[str, None]:
    """What is known as lines: whole histories, or ``heads`` alone."""
    after = None
    while page := await work.ledger.heads(after, PAGE):
        for head in (one for one in page if not is_forgotten(one.after)):
            for revision in [head] if heads else await work.ledger.history(head.subject_id):
                yield line_of(revision)
        after = page[-1].subject_id


async def kb_import(settings: Settings, file: Path, change: bool, as_json: bool) -> None:
    """Take in a file; ``change`` lets known entries change. A file with anything wrong is refused whole, before a word of it is
    written; documents longer than one that is read may be are left out, each with a sentence. What is good is written
    ``AT_ONCE`` entries at a time, so that a running bot need not wait with what comes in; killed in the middle, the parts
    written stay, and the same command goes on. The store is kept up at the end."""
    text = _text(file)
    found = parsed(text.split("\n"))
    if not found:
        raise CallerError(f"{file} holds no entry: name a file that `vigil kb export` wrote.")
    left_out = await asyncio.to_thread(too_long, found)
    found = {one: lines for one, lines in found.items() if one not in left_out}
    async with working(settings, make=True) as desk:
        job = f"{BY_HAND}import:{hashlib.sha256(text.encode()).hexdigest()[:16]}:{desk.clock.now().isoformat()}"
        because = Because(f"imported from {file.name}", job, desk.clock.now())
        async with desk.records.read() as work:
            plan = await _plan(work, found, because, change)
        ids = list(found)
        for first in range(0, len(ids), AT_ONCE):
            part = {one: found[one] for one in ids[first : first + AT_ONCE]}
            async with desk.records.begin() as work:
                await _write(work, await _plan(work, part, because, change), because, desk.policy.refresh_s)
            if first + AT_ONCE < len(ids):
                await asyncio.sleep(PAUSE_S)
        await settle(desk)
        if plan.histories or plan.changed:
            await desk.projector.maintain()
    _tell(plan, left_out, as_json)


async def _plan(work: UnitOfWork, found: Found, because: Because, change: bool) -> Plan:
    known = {one: history for one in found if (history := await work.ledger.history(one))}
    return planned(found, known, because, update=change)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise CallerError(
            f"{file} cannot be read ({error.strerror}): name a file that `vigil kb export` wrote."
        ) from error
    except UnicodeDecodeError as error:
        raise CallerError(f"{file} cannot be read as UTF-8 text: name a file that `vigil kb export` wrote.") from error


async def _write(work: UnitOfWork, plan: Plan, because: Because, refresh_s: float) -> None:
    for history in plan.histories:
        for revision in history:
            await work.ledger.append(revision)
        if history[-1].after.kind == DOCUMENT:
            await follow_imported(work, history[-1].after, refresh_s, because.at)
    for entry in plan.changed:
        head = await work.ledger.head(entry.id)
        assert head is not None, "it was compared with this head"
        await update(work, entry, Because(because.why, because.job, because.at, head.from_messages))


def _tell(plan: Plan, left_out: Mapping[EntryId, str], as_json: bool) -> None:
    new, changed = len(plan.histories), len(plan.changed)
    left: dict[str, object] = {"forgotten": plan.forgotten} if plan.forgotten else {}
    if left_out:
        left["too_long"] = [{"entry": entry, "why": why} for entry, why in left_out.items()]
    if as_json:
        print(json.dumps({"v": 1, "type": "import", "new": new, "changed": changed, "same": plan.same, **left}))
        return
    print(f"Entries: {new} new, {changed} changed, {plan.same} known already.")
    if plan.forgotten:
        print(f"Left out, because they were forgotten here: {plan.forgotten}.")
    for why in left_out.values():
        print(why)
    print(as_called("`vigil kb list` shows them."))
