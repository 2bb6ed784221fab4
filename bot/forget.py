"""``vigil forget``: whom a name means, the question before it is done, and the report of what went."""

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from adapters.slack.files import discard
from adapters.terminal.json_lines import moment
from adapters.terminal.messenger import RecordedMessenger
from adapters.terminal.plain import safe
from adapters.terminal.words import count
from bot.beside import opened_alone
from bot.called import as_called
from bot.clocks import SystemClock
from bot.copies import chats, held, is_chat, remove, replays
from bot.lookup import existing, known_customers
from bot.settings import Settings
from bot.wiring import Bot
from core.desk import forget as desk_forget
from core.desk.by_hand import settle
from core.desk.context import Desk
from core.domain.channels import Channel
from core.domain.errors import CallerError
from core.domain.forgetting import Counts, Forgetting, Whom, WhomKind
from core.domain.knowledge import Audience
from core.domain.people import Person
from core.ports.records import UnitOfWork

WORDS = {
    "people": "name", "channels": "channel name", "sessions": "whole session", "messages": "message",
    "attachments": "picture", "questions": "question", "turns": "turn", "answers": "answer", "runs": "run",
    "events": "event text", "feedback": "feedback row", "cards": "card", "links": "link", "jobs": "job", "entries": "entry",
    "entries_changed": "entry that stays on other sources",
}  # fmt: skip
PLURALS = {"entry": "entries", "entry that stays on other sources": "entries that stay on other sources"}


@dataclass(frozen=True, slots=True)
class Options:
    """How it was called."""

    yes: bool = False
    dry_run: bool = False
    keep_shared: bool = False
    replays: bool = False
    as_json: bool = False


class _Rehearsed(Exception):  # no error: it takes a transaction back
    def __init__(self, counts: Counts) -> None:
        super().__init__()
        self.counts = counts


async def forget(settings: Settings, kind: WhomKind, name: str, options: Options) -> None:
    """Forget, after asking. Raises ``CallerError`` for a name that means nobody, or several."""
    home = existing(settings)
    copies = [*chats(settings.home), *(replays(settings.home) if options.replays else ())]
    with ExitStack() as stack:
        if not options.dry_run:
            stack.enter_context(held(copies))
        async with opened_alone(settings, home, SystemClock(), RecordedMessenger()) as bot:
            done = await _forget(bot, kind, name, settings, options, copies)
    if done:
        _tell_done(done, settings, options, copies)


async def _forget(
    bot: Bot, kind: WhomKind, name: str, settings: Settings, options: Options, copies: Sequence[Path]
) -> Forgetting | None:
    """Do it; gives its record, ``None`` where nothing was to be done, or was to."""
    desk = bot.desk
    now = desk.clock.now()
    cut_off = await desk_forget.clean(desk.records, bot.projector, now)
    for one in cut_off:
        _tell_cut_off(one, options)
    try:
        async with desk.records.read() as work:
            whom = await named(work, kind, name, keep_shared=options.keep_shared)
    except CallerError:
        if cut_off:
            return None  # the same command once more, after it was killed behind its transaction
        raise
    if options.dry_run or not options.yes:
        counts = await _rehearsal(desk, whom, now)
        if options.dry_run or not _agreed(kind, counts, len(chats(settings.home))):
            _tell_not_done(kind, counts, settings, options)
            return None
    remove(copies)
    return await _done(bot, whom, now, settings.home)


async def _done(bot: Bot, whom: Whom, now: datetime, home: Path) -> Forgetting:
    desk = bot.desk
    async with desk.records.read() as work:
        found = await desk_forget.reached(work, whom)
    await desk_forget.discard_pictures(found, partial(discard, home))
    async with desk.records.begin() as work:
        done = await desk_forget.forget(work, whom, now)
    await settle(desk)
    await desk_forget.clean(desk.records, bot.projector, desk.clock.now())
    return done


async def _rehearsal(desk: Desk, whom: Whom, now: datetime) -> Counts:
    """What would go: it is done, counted and taken back."""
    try:
        async with desk.records.begin() as work:
            raise _Rehearsed((await desk_forget.forget(work, whom, now)).counts)
    except _Rehearsed as done:
        return done.counts


def _agreed(kind: WhomKind, counts: Counts, chatting: int) -> bool:
    if not sys.stdin.isatty():
        raise CallerError(
            "Nothing was forgotten: say --yes where nobody can be asked, or --dry-run to see what would go."
        )
    print(f"This goes, and cannot be undone: {_listed(counts, chatting)}.")
    _tell_analysts(kind, counts)
    return input("Forget it? [y/N] ").strip().lower() in ("y", "yes")


async def named(work: UnitOfWork, kind: WhomKind, name: str, *, keep_shared: bool) -> Whom:
    """Whom a name means. Raises ``CallerError`` for one that means nobody, or several."""
    channels = await work.channels.all()
    if kind is WhomKind.PERSON:
        return Whom(kind, (await _person(work, name, channels),), keep_shared=keep_shared)
    if kind is WhomKind.CHANNEL:
        return Whom(kind, channels=(_channel(name, channels),), keep_shared=keep_shared)
    return await _customer(work, name, channels, keep_shared=keep_shared)


async def _person(work: UnitOfWork, name: str, channels: Sequence[Channel]) -> tuple[str, Person]:
    platforms = sorted({one.ref.platform for one in channels})
    people = [(on, one) for on in platforms for one in await work.channels.members(on, None)]
    found = [(on, one) for on, one in people if one.id == name] or [
        (on, one) for on, one in people if one.name == name.removeprefix("@")
    ]
    if not found:
        found = [(on, Person(name)) for on in platforms if name.strip() and await _left_something(work, on, name)]
    if not found:
        raise CallerError(f"Nobody called {safe(name)} is known: write the user id, or the whole name as it is shown.")
    if len(found) > 1:
        raise CallerError(
            f"{len(found)} people are called {safe(name)}: write one of {', '.join(p.id for _, p in found)}."
        )
    return found[0]


async def _left_something(work: UnitOfWork, platform: str, person: str) -> bool:
    return bool(await work.reach.sessions_of(platform, person)) or await work.events.names(platform, person)


def _channel(name: str, channels: Sequence[Channel]) -> Channel:
    found = [one for one in channels if one.ref.channel == name] or [
        one for one in channels if one.name and one.name == name.removeprefix("#")
    ]
    if not found:
        raise CallerError(f"No channel {safe(name)} is known: write its id or its #name.")
    if len(found) > 1:
        ids = ", ".join(one.ref.channel for one in found)
        raise CallerError(f"{len(found)} channels are called {safe(name)}: write one of {ids}.")
    return found[0]


async def _customer(work: UnitOfWork, name: str, channels: Sequence[Channel], *, keep_shared: bool) -> Whom:
    if any(one.ref.workspace == name for one in channels):
        raise CallerError(f"{safe(name)} is your own workspace, no customer: forget its channels or people one by one.")
    platforms = sorted({one.ref.platform for one in channels})
    people = [(on, one) for on in platforms for one in await work.channels.members(on, name)] if name.strip() else []
    alone = tuple(one for one in channels if one.organisations == frozenset({name}))
    if not people and not alone:
        known = sorted({org for one in channels for org in one.organisations})
        raise CallerError(f"No customer {safe(name)} is known here: {known_customers(known)}.")
    return Whom(WhomKind.CUSTOMER, tuple(people), alone, Audience.customer(name), keep_shared)


def _listed(counts: Counts, chatting: int = 0) -> str:
    said = [(n, WORDS[name]) for name, n in asdict(counts).items() if n]
    said += [(chatting, "chat")] if chatting else []
    return (
        ", ".join(f"{n} {PLURALS[one]}" if n != 1 and one in PLURALS else count(n, one) for n, one in said) or "nothing"
    )


def _tell_not_done(kind: WhomKind, counts: Counts, settings: Settings, options: Options) -> None:
    chatting = len(chats(settings.home))
    if options.as_json:
        print(json.dumps(_line(kind, counts, None, settings)))
        return
    print(f"Nothing was forgotten. This would go: {_listed(counts, chatting)}.")
    _tell_analysts(kind, counts)
    _tell_copies(settings, chatting)


def _tell_done(done: Forgetting, settings: Settings, options: Options, copies: Sequence[Path]) -> None:
    if options.as_json:
        print(json.dumps(_line(done.kind, done.counts, done, settings, copies)))
        return
    chatting = sum(is_chat(one, settings.home) for one in copies)
    print(f"Forgotten: {_listed(done.counts, chatting)}.")
    print("What was posted on the platform is still there, and so are your backups of this folder.")
    _tell_copies(settings, chatting)


def _line(
    kind: WhomKind, counts: Counts, done: Forgetting | None, settings: Settings, copies: Sequence[Path] = ()
) -> dict[str, object]:
    at = moment(done.at if done else datetime.now(UTC))
    chatting = sum(is_chat(one, settings.home) for one in copies)
    return {
        "v": 1, "type": "forgotten", "kind": kind.value, "done": done is not None, "at": at, **asdict(counts),
        "chats_removed": chatting, "chats_left": len(chats(settings.home)),
        "replays_removed": len(copies) - chatting, "replays_left": len(replays(settings.home)),
    }  # fmt: skip


def _tell_analysts(kind: WhomKind, counts: Counts) -> None:
    if kind is WhomKind.CUSTOMER and counts.channels:
        print("Channels that the customer alone shares go whole: what your own analysts wrote there, too.")


def _tell_copies(settings: Settings, chatting: int) -> None:
    if chatting:
        print("Chats are copies of what is known here: they go whole, with what was typed in them.")
    if left := len(replays(settings.home)):
        keep = "of an export keeps what that says" if left == 1 else "of exports keep what those say"
        print(as_called(f"{count(left, 'replay')} {keep}: --replays removes {'it' if left == 1 else 'them'}."))


def _tell_cut_off(one: Forgetting, options: Options) -> None:
    if not options.as_json:
        print(f"A forgetting of {one.at:%d %b, %H:%M} UTC had been cut off; it is finished now: {_listed(one.counts)}.")
    else:
        told = {"v": 1, "type": "finished", "kind": one.kind.value, "at": moment(one.at)}
        print(json.dumps({**told, **asdict(one.counts)}))
