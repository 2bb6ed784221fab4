"""A busy morning: many threads at once, with everything going wrong that goes wrong in networks."""

import asyncio
import random
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.slack.envelopes import Envelope
from tests.fakes.slack.member import Member
from tests.fakes.slack.world import Channel, Message
from tests.scenario.slack.running import Running

THREADS, PER_THREAD, SECONDS = 100, 10, 10.0
ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"
SMALL_TALK = ("just a moment", "one second please", "thanks for looking", "ok", "sorry, got cut off")
CHANNELS = 10
STORED = "SELECT 1 FROM events WHERE type = 'message_posted' AND channel = ? AND message_id = ?"


@dataclass
class Storm:
    """What was posted, and how it went."""

    threads: list[Message]
    envelopes: list[Envelope]

    def ack_s(self) -> list[float]:
        """How long each acknowledgement took, in seconds, shortest first."""
        took = [attempt.took_s for envelope in self.envelopes for attempt in envelope.attempts]
        return sorted(one for one in took if one is not None)


async def storm(bot: Running, *, kill: bool = True, seed: int = 7) -> Storm:
    """Let ``THREADS`` threads of ``PER_THREAD`` messages come within ``SECONDS``: 10 % delivered twice, 5 % out of order, one
    line cut at a time, Slack asking to wait, and the bot killed and started again in the middle."""
    chance = random.Random(seed)
    askers = [bot.slack.person(f"Asker {n}", bot.bob.person.team) for n in range(THREADS)]
    channels = [_channel(bot, n, askers) for n in range(CHANNELS)]
    threads: list[Message] = []
    steps = 100
    for step in range(steps):
        bot.slack.deliveries.hold()
        for _ in range(THREADS * PER_THREAD // steps):
            _say(askers, channels, threads, chance)
        bot.slack.deliveries.release(lambda held: _disturbed(held, chance))
        await asyncio.sleep(SECONDS / steps)
        await _mishap(bot, step, kill=kill)
    by_people = [e for e in bot.slack.deliveries.sent if e.event.get("type") == "message" and "bot_id" not in e.event]
    return Storm(threads, by_people)


def _channel(bot: Running, n: int, askers: Sequence[Member]) -> Channel:
    members = [bot.slack.bot, bot.dana, bot.bob, *askers]
    return bot.slack.channel(f"support-{n}", members, shared_with=[bot.bob.person.team])


def _say(askers: Sequence[Member], channels: Sequence[Channel], threads: list[Message], chance: random.Random) -> None:
    """A new thread with its question, or some words of its asker."""
    n = len(threads)
    if n < THREADS and (not threads or chance.random() < 2 / PER_THREAD):
        threads.append(askers[n].post(channels[n % CHANNELS], ASKED))
        return
    n = chance.randrange(n)
    askers[n].post(threads[n].channel, chance.choice(SMALL_TALK), thread=threads[n])


def _disturbed(held: Sequence[Envelope], chance: random.Random) -> list[Envelope]:
    """One in ten twice, one in twenty at another place."""
    found: list[Envelope] = []
    for envelope in held:
        found += [envelope] * (2 if chance.random() < 0.1 else 1)
    for place in range(len(found)):
        if chance.random() < 0.05:
            found.insert(chance.randrange(len(found)), found.pop(place))
    return found


async def _mishap(bot: Running, step: int, *, kill: bool) -> None:
    if step in (20, 70):
        for connection in list(bot.slack.connections.live)[:1]:
            connection.drop()
    if step == 30:
        bot.slack.faults.storm(10, retry_after_s=1, method="chat.postMessage")
    if step == 50 and kill:
        await bot.kill()
        await bot.start()


def acked_before_stored(bot: Running) -> list[str]:
    """Look into the records at every acknowledgement from now on; the list is of the messages that were not there then."""
    found: list[str] = []

    def look(envelope: Envelope) -> None:
        event = envelope.event
        by_people = event.get("type") == "message" and "bot_id" not in event
        if by_people and not bot.on_record(STORED, event["channel"], event["ts"]):
            found.append(event["ts"])

    bot.slack.deliveries.on_ack = look
    return found


def stored(home: Path) -> set[tuple[str, str]]:
    """The messages that are on record: channel and ts."""
    with sqlite3.connect(f"file:{home / 'records.db'}?mode=ro", uri=True) as records:
        return set(records.execute("SELECT channel, message_id FROM events WHERE type = 'message_posted'"))
