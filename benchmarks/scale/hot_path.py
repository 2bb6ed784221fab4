"""The hot path through the door: a message comes in, its card is on record. Nothing is replaced but the clock, the platform,
and the vectors of the questions, which are drawn beside the entries' after the model has embedded them."""

import statistics
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray

from adapters.terminal.messenger import RecordedMessenger
from benchmarks.scale.synthetic import NOW, Asked
from bot.clocks import MessageClock
from bot.settings import Settings
from bot.wiring import Bot, Parts, assemble, opened
from core.domain.channels import ChannelRef
from core.domain.events import ChannelChanged, MessagePosted
from core.domain.ids import make_id
from core.domain.people import Person
from core.domain.sessions import Turn
from core.ports.embedder import Embedder, EmbedRole
from core.ports.journal import Place, TurnTold

CHANNEL = ChannelRef("bench", "T0HOME", "C1")
STEPS = ("identify", "rewrite", "retrieve", "rerank", "generate", "skip_repeat")
WARM = 5
OPENINGS = (
    "how do we restore a deleted bucket when",
    "also, why is the invoice of last month wrong if",
    "also, can people sign in by phone where",
    "also, which port does the proxy listen on for",
)
"""What tells four questions of one message apart."""


class Drawn:
    """The real embedder, timed; the vector of a text that holds drawn questions is theirs."""

    def __init__(self, inner: Embedder, asked: Sequence[Asked]) -> None:
        self._inner, self._asked = inner, asked
        self.spent_ms = 0.0

    @property
    def identity(self) -> str:
        return self._inner.identity

    @property
    def dimension(self) -> int:
        return self._inner.dimension

    async def embed(self, texts: Sequence[str], role: EmbedRole) -> NDArray[np.float32]:
        begun = perf_counter()
        rows = (await self._inner.embed(texts, role)).copy()
        self.spent_ms += (perf_counter() - begun) * 1000
        for place, text in enumerate(texts):
            held = [one.vector for one in self._asked if one.text in text]
            if held:
                rows[place] = np.sum(held, axis=0) / np.linalg.norm(np.sum(held, axis=0))
        return rows


@dataclass(frozen=True, slots=True)
class HotPath:
    """Milliseconds of every run: by step, of all own work, and what is found of what was posted."""

    steps: Mapping[str, Sequence[float]]
    cards: int
    questions: int


async def hot_path(settings: Settings, home: Path, groups: Sequence[Sequence[Asked]], *, drawn: bool = True) -> HotPath:
    """Post each group of questions as one message of a customer that mentions Vigil, and time what is done until its card is on
    record. ``home`` is written to; ``drawn`` off leaves the questions the model's own vectors."""
    clock = MessageClock()
    clock.advance(NOW + timedelta(days=len(groups[0])))
    async with opened(settings, home, clock, RecordedMessenger()) as parts:
        timed = Drawn(parts.embedder, [one for group in groups for one in group] if drawn else [])
        bot = await assemble(_with(parts, timed), settings, settings.policy())
        await bot.intake.receive(
            ChannelChanged(
                source="bench", external_id="channel", at=clock.now(), channel=CHANNEL, name="bench", external=True,
                organisations=frozenset({"C0"}),
            )
        )  # fmt: skip
        _, place = await bot.journal.since(Place(revisions=sys.maxsize))
        steps: dict[str, list[float]] = defaultdict(list)
        cards = questions = 0
        for n, group in enumerate(groups):
            took, place, turn = await _timed(bot, clock, timed, n, _as_asked(group), place)
            cards, questions = cards + bool(turn.card), questions + len(turn.questions)
            for step, ms in took.items() if n >= WARM else ():
                steps[step].append(ms)
        return HotPath(steps, cards, questions)


def _as_asked(group: Sequence[Asked]) -> str:
    if len(group) == 1:
        return group[0].text
    return "\n".join(f"{opening} {one.text}" for opening, one in zip(OPENINGS, group, strict=True))


def _with(parts: Parts, drawn: Drawn) -> Parts:
    """The engine keeps its own embedder: what it classes by is its own affair."""
    return replace(parts, embedder=drawn)


async def _timed(
    bot: Bot, clock: MessageClock, drawn: Drawn, n: int, text: str, place: Place
) -> tuple[dict[str, float], Place, Turn]:
    clock.advance(clock.now() + timedelta(minutes=10))
    await bot.runner.run_due(clock.now())  # what the message before has ordered for later: a lane of its own
    drawn.spent_ms, at = 0.0, clock.now()
    event = MessagePosted(
        source="bench", external_id=f"{n}:{text}", at=at, channel=CHANNEL, message_id=f"{at.timestamp():.6f}",
        author=Person(make_id("asker", text), "Kim", "C0"), text=text, direct=True,
    )  # fmt: skip
    begun, busy = perf_counter(), process_time()
    await bot.intake.receive(event)
    received = perf_counter()
    clock.advance(at + timedelta(seconds=bot.desk.policy.burst_at_most_s))
    await bot.runner.run_due(clock.now())
    ended = perf_counter()
    busy_ms = (process_time() - busy) * 1000
    told, place = await bot.journal.since(place)
    (turn,) = [one.turn for one in told if isinstance(one, TurnTold)]
    ms = dict.fromkeys(STEPS, 0.0) | dict(turn.ms)
    ms["embed (within the steps)"] = drawn.spent_ms
    ms["receive"] = (received - begun) * 1000
    ms["records, last look"] = (ended - received) * 1000 - sum(ms[step] for step in STEPS)
    ms["all"] = (ended - begun) * 1000
    ms["all, processor time"] = busy_ms
    return ms, place, turn


def p(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def median(values: Sequence[float]) -> float:
    """The middle."""
    return statistics.median(values) if values else 0.0
