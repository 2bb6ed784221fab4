"""Replay: recorded history through the same door, with the timers of message time."""

import asyncio
import hashlib
import json
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from adapters.history import Export, read_export
from adapters.terminal.json_lines import line, summary
from adapters.terminal.messenger import RecordedMessenger
from adapters.terminal.summary import Tally
from adapters.terminal.words import count, times
from bot.called import as_called
from bot.clocks import MessageClock
from bot.engines import check_provider
from bot.engines import models as models_of
from bot.feeding import (
    failed_in,
    feed,
    held_up,
    replay_policy,
    settle_channels,
)
from bot.home import LOCK, REPLAYS, hold
from bot.settings import Settings
from bot.stats import dollars
from bot.unmatched import list_unmatched, unmatched_in
from bot.wiring import Parts, assemble, opened
from core.desk.costs import known_usd, total
from core.desk.edits import as_posted
from core.domain.cards import Card
from core.domain.channels import DeliveryMode
from core.domain.policy import Policy
from core.ports.journal import Journal, Place, Told, TurnTold
from core.ports.records import Records

SCHEMA = "1"
FINISHED = "finished"
"""The file that marks the home of a replay that came to its end."""
NEXT = """Next: `vigil replay YOUR_EXPORT` on a Slack export of your own, `vigil replay EXPORT --json` for programs,
      `vigil backfill EXPORT` to keep what it teaches, then `vigil ask QUESTION` and `vigil kb list`."""
KEPT = """This replay and what it learned are in {home}: `VIGIL_HOME={quoted} vigil kb list`
      `VIGIL_HOME={quoted} vigil kb show ID` opens an entry of this replay; after a backfill it may have another id."""
MODES = {
    DeliveryMode.SHADOW: "answers are only recorded, nothing is posted",
    DeliveryMode.OFF: "nothing is read and nothing is stored",
}
LISTED = 50
"""How many skipped records are listed one by one; all are counted by reason."""

Wrap = Callable[[Parts], Parts]


def as_they_are(parts: Parts) -> Parts:
    """Put nothing around the ports."""
    return parts


async def replay(
    settings: Settings, folder: Path, home_team: str | None, as_json: bool, wrap: Wrap = as_they_are
) -> None:
    """Replay an export in a home of its own. One that was interrupted goes on where it was; a finished one starts anew."""
    export = await asyncio.to_thread(read_export, folder, home_team)
    await check_provider(settings)
    policy = replay_policy(settings, export)
    settings = settings.model_copy(update={"records_url": "", "knowledge_uri": ""})
    with hold(_home_of(settings, export, policy)) as home:
        _clear_finished(home)
        clock = MessageClock()
        async with opened(settings, home, clock, RecordedMessenger(), holds=True) as parts:
            bot = await assemble(wrap(parts), settings, policy, parks=False)
            await settle_channels(bot, export)
            teller = JsonTeller(export) if as_json else ViewTeller(bot.desk.records, export, home, policy.mode)
            async for _ in feed(bot, export, clock):
                await teller.tell(bot.journal)
            unmatched = await unmatched_in(export, policy.accept_reactions, bot.desk.records)
            await teller.end(bot.journal, unmatched)
            held, failed = await held_up(bot), await failed_in(bot)
        if failed:
            told = count(failed, "unanswered question")
            sys.stderr.write(f"{told}: the reasons stand above; remove {home} to ask anew.\n")
        if held:
            sys.stderr.write(as_called(f"{held}\n"))
        else:
            (home / FINISHED).write_text("", "utf-8")


def _home_of(settings: Settings, export: Export, policy: Policy) -> Path:
    """The home of this export under these settings: the same in every process, so that an interrupted replay is found."""
    models = [settings.embedding_model, settings.reranker_model, *models_of(settings).values()]
    parts = [SCHEMA, export.fingerprint, export.home, asdict(policy), *models, settings.dedup_theta]
    mark = json.dumps(parts, default=sorted)  # sets: their own order hangs on the process's hash seed
    return settings.home / REPLAYS / f"{export.name}-{hashlib.sha256(mark.encode()).hexdigest()[:12]}"


def _clear_finished(home: Path) -> None:
    """Empty the held home of a finished replay for a fresh start; its mark goes last, so that no half of it is taken up."""
    finished = home / FINISHED
    if not finished.exists():
        return
    for path in home.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in (FINISHED, LOCK):
            path.unlink()
    finished.unlink()


class JsonTeller:
    """Prints JSON lines from the records, once everything is in: the same bytes however often the replay was interrupted."""

    def __init__(self, export: Export) -> None:
        self._export = export

    async def tell(self, journal: Journal) -> None:
        """Nothing yet."""

    async def end(self, journal: Journal, unmatched: Sequence[str] = ()) -> None:
        """Print all of it and the summary; ``unmatched`` are accept reactions that accepted nothing."""
        tally = Tally()
        for told in (await journal.since(Place()))[0]:
            tally.add(told)
            sys.stdout.write(line(told, _names(self._export)) + "\n")
        counts = {**tally.as_json(self._export.reasons), "accepts_unmatched": len(unmatched)}
        sys.stdout.write(summary(counts) + "\n")
        sys.stdout.flush()
        list_skipped(self._export)
        list_unmatched(unmatched)


class ViewTeller:
    """Prints the live view, reading the records behind each step."""

    def __init__(self, records: Records, export: Export, home: Path, mode: DeliveryMode = DeliveryMode.AUTO) -> None:
        from adapters.terminal.view import View

        self._records, self._export, self._home, self._mode = records, export, home, mode
        self._view, self._tally, self._place = View(_names(export)), Tally(), Place()

    async def tell(self, journal: Journal) -> None:
        """Print what has been recorded since the last time."""
        told, self._place = await journal.since(self._place)
        for one in told:
            self._tally.add(one)
            self._view.show(one, await self._card(one))

    async def _card(self, told: Told) -> Card | None:
        if not isinstance(told, TurnTold) or told.turn.card is None:
            return None
        async with self._records.read() as work:
            item = await work.outbox.get(told.turn.card)
        return as_posted(item.card) if item and item.state == "sent" else None

    async def end(self, journal: Journal, unmatched: Sequence[str] = ()) -> None:
        """Print the summary and what to do next; ``unmatched`` are accept reactions that accepted nothing."""
        await self.tell(journal)
        self._view.say("\n" + self._tally.sentence() + await models_cost(self._records))
        for sentence in _modes(self._export, self._mode):
            self._view.say(sentence)
        if unmatched:
            self._view.say(f"{count(len(unmatched), 'accept reaction')} accepted nothing; see the list.")
        self._view.say(f"Home team: {self._export.home} ({self._export.home_reason}).")
        list_skipped(self._export)
        list_unmatched(unmatched)
        self._view.say(as_called(NEXT))
        self._view.say(as_called(KEPT.format(home=self._home, quoted=shlex.quote(str(self._home)))), dim=True)


async def models_cost(records: Records) -> str:
    """What models have cost in this home, where any was asked."""
    async with records.read() as work:
        asked = total(await work.calls.since(datetime.fromtimestamp(0, UTC)))
    told = f" A model was asked {times(asked.calls)}, for {dollars(known_usd(asked))}: `vigil stats --cost` there tells more."
    return as_called(told) if asked.calls else ""


def _modes(export: Export, mode: DeliveryMode) -> Iterator[str]:
    """Say where a mode other than auto holds, and what that means."""
    for other, means in MODES.items():
        set_ = {name: named.written.mode for name, named in export.settings.items()}
        names = [channel.name for channel in export.channels if (set_.get(channel.name) or mode) is other]
        if names:
            where = "" if len(names) == len(export.channels) else f" in {', '.join(names)}"
            yield f"Mode {other}{where}: {means}."


def _names(export: Export) -> dict[str, str]:
    return {channel.ref.channel: channel.name for channel in export.channels}


def list_skipped(export: Export) -> None:
    """Say on standard error what is missing, count and list what was not read."""
    for sentence in export.missing:
        sys.stderr.write(f"{sentence}\n")
    if not export.skipped:
        return
    reasons = export.reasons.most_common()
    sys.stderr.write(f"Skipped {export.reasons.total()}: {', '.join(f'{n} {why}' for why, n in reasons)}.\n")
    for skipped in export.skipped[:LISTED]:
        sys.stderr.write(f"  {skipped}\n")
