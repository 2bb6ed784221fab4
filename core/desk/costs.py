"""What models have cost: per task and model, per answered question, and today against the budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.desk.meter import day_of
from core.domain.costs import CallSum
from core.domain.tasks import Usage
from core.ports.records import UnitOfWork
from core.prompts.tasks import generate_task, identify_task, rewrite_task


@dataclass(frozen=True, slots=True)
class PerAnswer:
    """What answering took per question that was answered: means over ``answered`` questions of what all questions took, the
    unanswered too. ``usd`` is ``None`` where no price is known."""

    answered: int
    calls: float
    input_tokens: float
    output_tokens: float
    usd: float | None


@dataclass(frozen=True, slots=True)
class Costs:
    """The ``sums`` of all calls by task and model, ``all_of_them`` in one, what an answer took (``None`` where none was given),
    and the US dollars of the current UTC day."""

    sums: tuple[CallSum, ...]
    all_of_them: CallSum
    per_answer: PerAnswer | None
    today_usd: float


async def costs_since(work: UnitOfWork, since: datetime, now: datetime) -> Costs:
    """Read the costs from ``since`` on; both times are real ones."""
    sums = await work.calls.since(since)
    answered = (await work.overview.numbers(since)).answered
    hot = {identify_task().name, rewrite_task().name, generate_task().name}
    answering = [one for one in await work.calls.of_sessions(since) if one.task in hot]
    return Costs(
        tuple(sums), total(sums), _per_answer(total(answering), answered), await work.calls.spent_usd(day_of(now))
    )


def total(sums: Sequence[CallSum]) -> CallSum:
    """Add sums up."""
    usage = sum((one.usage for one in sums), Usage())
    return CallSum(
        "all", "", sum(one.calls for one in sums), usage, sum(one.usd for one in sums), sum(one.ms for one in sums),
        sum(one.unpriced for one in sums), sum(one.unusable for one in sums), sum(one.cut for one in sums),
        sum(one.refused for one in sums),
    )  # fmt: skip


def known_usd(one: CallSum) -> float | None:
    """The money of a sum, ``None`` where no call of it has a known price."""
    return None if one.calls and one.unpriced == one.calls else one.usd


def cached_share(usage: Usage) -> float:
    """Which share (0..1) of the input came from the provider's cache."""
    return usage.cached_tokens / usage.input_tokens if usage.input_tokens else 0.0


def _per_answer(spent: CallSum, answered: int) -> PerAnswer | None:
    if not answered:
        return None
    usd, usage = known_usd(spent), spent.usage
    return PerAnswer(
        answered, spent.calls / answered, usage.input_tokens / answered, usage.output_tokens / answered,
        None if usd is None else usd / answered,
    )  # fmt: skip
