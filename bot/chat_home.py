"""Where a chat lives: a home of its own, which may begin with what an export teaches or what another home knows."""

import asyncio
import hashlib
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.history import read_export
from adapters.terminal.messenger import RecordedMessenger
from adapters.terminal.words import count
from bot.clocks import SystemClock
from bot.export_backfill import backfill
from bot.home import CHAT, CHATS, LOCK, hold, writing
from bot.kb_exchange import lines_of
from bot.lookup import reading
from bot.settings import Settings
from bot.wiring import assemble, opened
from core.desk.by_hand import settle
from core.domain.channels import Channel
from core.domain.errors import CallerError
from core.knowledge.exchange import parsed, planned
from core.knowledge.ledger import Because
from core.ports.records import UnitOfWork

BEGUN = "begun.json"
"""Says what a chat's home was begun with. It is written last: without it the home begins anew."""
RECORDS = "records.db"


@dataclass(frozen=True, slots=True)
class Begun:
    """A chat's home, what it was begun with, and what that team supports where it says so."""

    home: Path
    source: str = ""
    scope: str = ""


async def begun_in(settings: Settings, begin_with: Path | None, fresh: bool) -> Begun:
    """Give the home of a chat, made and filled the first time; nothing is forgotten meanwhile, which would be copied still.
    Raises ``CallerError`` where there is nothing to begin with."""
    with writing(settings.home):
        return await _begun(settings, begin_with, fresh)


async def _begun(settings: Settings, begin_with: Path | None, fresh: bool) -> Begun:
    home = settings.home / _name(begin_with)
    with hold(home):
        if fresh or (begin_with is not None and not (home / BEGUN).is_file()):
            _clear(home)
        if (home / BEGUN).is_file():
            return _read(home)
    if begin_with is None:
        begun = Begun(home)
    elif (begin_with / RECORDS).is_file():
        begun = await _from_home(settings, begin_with, home)
    else:
        begun = await _from_export(settings, begin_with, home)
    (home / BEGUN).write_text(json.dumps({"from": begun.source, "scope": begun.scope}), "utf-8")
    return begun


def _name(begin_with: Path | None) -> str:
    if begin_with is None:
        return CHAT
    path = begin_with.expanduser().resolve()
    if not path.exists():
        raise CallerError(f"{begin_with} is not there: name the folder of a Slack export, or a home.")
    return f"{CHATS}/{path.name}-{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"


def _clear(home: Path) -> None:
    """Empty the held home; what says that it is whole goes first."""
    (home / BEGUN).unlink(missing_ok=True)
    for path in home.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def _read(home: Path) -> Begun:
    try:
        said = json.loads((home / BEGUN).read_text("utf-8"))
        return Begun(home, str(said["from"]), str(said["scope"]))
    except (ValueError, KeyError, TypeError) as error:
        raise CallerError(f"{home / BEGUN} is not readable: `vigil chat --fresh` begins anew.") from error


async def _from_export(settings: Settings, folder: Path, home: Path) -> Begun:
    export = await asyncio.to_thread(read_export, folder)
    sys.stderr.write(f"Learning from {folder}, this once: {count(export.messages, 'message')} …\n")
    own = settings.model_copy(update={"home": home, "records_url": "", "knowledge_uri": ""})
    await backfill(own, folder, None, lists_skipped=False)
    return Begun(home, str(folder), export.scope or "")


async def _from_home(settings: Settings, source: Path, home: Path) -> Begun:
    """Take over what another home knows, and which customers it knows; nothing is written there."""
    sys.stderr.write(f"Taking over what {source} knows, this once …\n")
    theirs = settings.model_copy(update={"home": source})
    async with reading(theirs) as work:
        lines = [line async for line in lines_of(work, heads=False)]
        channels = await work.channels.all()
    own = settings.model_copy(update={"home": home, "records_url": "", "knowledge_uri": ""})
    with hold(home):
        async with opened(own, home, SystemClock(), RecordedMessenger(), holds=True) as parts:
            desk = (await assemble(parts, own, own.policy())).desk
            async with desk.records.begin() as work:
                await _take_over(work, lines, channels)
            await settle(desk)
    return Begun(home, str(source), "")


async def _take_over(work: UnitOfWork, lines: Sequence[str], channels: Sequence[Channel]) -> None:
    now = datetime.now(UTC)
    because = Because("taken over for a chat", f"chat:{now.isoformat()}", now)
    for history in planned(parsed(lines), {}, because, update=False).histories:
        for revision in history:
            await work.ledger.append(revision)
    for channel in channels:
        await work.channels.put(channel)


def customers_of(channels: Sequence[Channel]) -> dict[str, str]:
    """The customers that are known, by the words that may name them: their id, their channel's name and what is left of that
    without ``ext-``."""
    named: dict[str, str] = {}
    for channel in channels:
        if len(channel.organisations) == 1:
            (customer,) = channel.organisations
            for word in (customer, channel.name, channel.name.removeprefix("ext-")):
                if word:
                    named.setdefault(word.casefold(), customer)
    return named
