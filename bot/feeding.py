"""Recorded history on its way through the door: the policy it runs under, what is set for its channels, its events."""

import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from adapters.history import Export
from adapters.terminal.words import count
from bot.clocks import MessageClock
from bot.settings import Settings
from bot.wiring import Bot
from core.desk.drive import drive, run_until
from core.domain.events import InboundEvent
from core.domain.jobs import JobState
from core.domain.policy import Policy
from core.domain.sessions import Outcome
from core.ports.journal import Place, TurnTold

REPLAY_BUDGET_S = 120.0
"""Real seconds for an answer in a replay: a slow machine must not change what is said."""


def policy_of(settings: Settings, export: Export) -> Policy:
    """The process's policy with what the export says of its team."""
    policy = settings.policy()
    accepting = policy.accept_reactions if export.accept_reactions is None else export.accept_reactions
    analysts = policy.analysts | frozenset(export.analysts)
    return replace(policy, analysts=analysts, scope=export.scope or policy.scope, accept_reactions=accepting)


def replay_policy(settings: Settings, export: Export) -> Policy:
    """The policy of a replay: cards take their time to appear, and a slow machine says the same."""
    return replace(
        policy_of(settings, export),
        send_delay_s=settings.replay_latency_s,
        answer_budget_s=REPLAY_BUDGET_S,
    )


async def settle_channels(bot: Bot, export: Export) -> None:
    """Write what the export sets for its channels into the records before the first event; what it does not name stays."""
    async with bot.desk.records.begin() as work:
        for channel in export.channels:
            known, named = await work.channels.get(channel.ref), export.settings.get(channel.name)
            settings = named.over(known.settings) if named else known.settings
            await work.channels.put(replace(known, name=channel.name, settings=settings))


async def feed(bot: Bot, export: Export, clock: MessageClock) -> AsyncIterator[None]:
    """Feed all events and run what is due to its end; gives way after each event and at the end."""
    async for _ in drive(with_progress(export, beside_a_view=True), bot.intake, bot.runner, bot.desk.records, clock):
        yield
    await run_until(None, bot.runner, clock)
    yield


async def held_up(bot: Bot) -> str:
    """What a replay has left undone because a model could not be reached or its budget is spent, in a sentence; empty where
    nothing."""
    if bot.runner.held_since is None:
        return ""
    async with bot.desk.records.read() as work:
        waiting = [job for job in await work.owners.listing() if job.state is JobState.READY]
    why = next((job.reason for job in waiting if job.reason), "")
    return f"{count(len(waiting), 'job')} of learning could not be done: {why} The same command goes on from there."


async def failed_in(bot: Bot) -> int:
    """How many questions nobody answered because a model could not be asked: in a replay they stay so."""
    told, _ = await bot.journal.since(Place())
    return sum(q.outcome is Outcome.FAILED for one in told if isinstance(one, TurnTold) for q in one.turn.questions)


def with_progress(export: Export, *, beside_a_view: bool = False) -> Iterable[InboundEvent]:
    """The events, with a progress bar on standard error where that is a terminal: how many of all, and how long it will take.
    ``beside_a_view``: only where nothing else is drawn on the same terminal."""
    if not sys.stderr.isatty() or (beside_a_view and sys.stdout.isatty()):
        yield from export.events
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    shown = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*shown, console=Console(stderr=True)) as bar:
        yield from bar.track(export.events, description=export.name)
