"""``vigil stats``: what Vigil did in some days, in numbers; with ``--cost`` what its models have cost."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from adapters.records import open_records
from adapters.terminal.plain import safe
from adapters.terminal.words import count
from bot.lookup import existing
from bot.settings import Settings
from core.desk.costs import Costs, PerAnswer, cached_share, costs_since, known_usd
from core.domain.costs import CallSum
from core.ports.records import UnitOfWork

UNKNOWN = "unknown"
COLUMNS = ("task", "model", "calls", "input", "output", "cached", "written", "unusable", "cut", "refused", "money")
NOTHING_ASKED = "No model was asked: what the offline engine does costs no money."


async def stats(settings: Settings, days: int, as_json: bool) -> None:
    """Print what was answered, accepted, withdrawn, learned and retired in the last days."""
    async with _reading(settings) as work:
        numbers = asdict(await work.overview.numbers(datetime.now(UTC) - timedelta(days=days)))
    if as_json:
        print(json.dumps({"v": 1, "type": "stats", "days": days, **numbers}))
        return
    print(f"In the last {count(days, 'day')}: {', '.join(f'{n} {what}' for what, n in numbers.items())}.")


async def cost(settings: Settings, days: int, as_json: bool) -> None:
    """Print tokens and money of the last days by task and model, per answered question, and of today against the budget."""
    now = datetime.now(UTC)
    async with _reading(settings) as work:
        costs = await costs_since(work, now - timedelta(days=days), now)
    lines = _as_json(costs, days, settings.daily_budget_usd) if as_json else _as_lines(costs, settings.daily_budget_usd)
    print("\n".join(lines))


def dollars(usd: float | None) -> str:
    """Money for people: cents of a cent where there is less than a dollar."""
    return UNKNOWN if usd is None else f"${usd:,.2f}" if usd >= 1 else f"${usd:.4f}"


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[UnitOfWork]:
    records = await open_records(settings.records_url or f"sqlite+aiosqlite:///{existing(settings) / 'records.db'}")
    try:
        async with records.read() as work:
            yield work
    finally:
        await records.close()


def _as_lines(costs: Costs, budget_usd: float | None) -> list[str]:
    if not costs.sums:
        return [NOTHING_ASKED, _today(costs, budget_usd)]
    rows = [COLUMNS, *(_row(one) for one in costs.sums), _row(costs.all_of_them)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(COLUMNS))]
    table = ["  ".join(_cell(n, text, widths[n]) for n, text in enumerate(row)).rstrip() for row in rows]
    return [*table, "", _per_answer(costs.per_answer), _today(costs, budget_usd)]


def _cell(column: int, text: str, width: int) -> str:
    return text.ljust(width) if column < 2 else text.rjust(width)


def _row(one: CallSum) -> tuple[str, ...]:
    usage = one.usage
    return (
        safe(one.task), safe(one.model), f"{one.calls:,}", f"{usage.input_tokens:,}", f"{usage.output_tokens:,}",
        f"{cached_share(usage):.0%}", f"{usage.written_tokens:,}", str(one.unusable), str(one.cut), str(one.refused),
        _money(one),
    )  # fmt: skip


def _money(one: CallSum) -> str:
    usd = known_usd(one)
    return dollars(usd) if usd is None or not one.unpriced else f"{dollars(usd)} + {one.unpriced} {UNKNOWN}"


def _per_answer(one: PerAnswer | None) -> str:
    if one is None:
        return "Per answered question: none was answered."
    return (
        f"Per answered question ({one.answered}): {one.calls:.1f} calls, {one.input_tokens:,.0f} tokens read, "
        f"{one.output_tokens:,.0f} written, {dollars(one.usd)}; what was asked in vain is in it, learning is not."
    )


def _today(costs: Costs, budget_usd: float | None) -> str:
    limit = "no budget is set" if budget_usd is None else f"of {dollars(budget_usd)}"
    return f"Today (UTC): {dollars(costs.today_usd)}, {limit} (VIGIL_DAILY_BUDGET_USD)."


def _as_json(costs: Costs, days: int, budget_usd: float | None) -> list[str]:
    end = {
        "days": days, **_sum_json(costs.all_of_them), "per_answer": costs.per_answer and asdict(costs.per_answer),
        "today_usd": costs.today_usd, "budget_usd": budget_usd,
    }  # fmt: skip
    told = [
        *({"type": "cost", "task": one.task, "model": one.model, **_sum_json(one)} for one in costs.sums),
        {"type": "cost_total", **end},
    ]
    return [json.dumps({"v": 1, **line}) for line in told]


def _sum_json(one: CallSum) -> dict[str, object]:
    return {
        "calls": one.calls, **asdict(one.usage), "cached_share": round(cached_share(one.usage), 4), "usd": known_usd(one),
        "unpriced": one.unpriced, "unusable": one.unusable, "cut": one.cut, "refused": one.refused,
        "ms": round(one.ms / one.calls, 1) if one.calls else 0.0,
    }  # fmt: skip
