"""``vigil stats --cost``: what models have cost; and how the records of a home are read for figures."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from adapters.terminal.plain import safe
from bot.records import records_of
from bot.settings import Settings
from core.desk.costs import Costs, PerAnswer, cached_share, costs_since, known_usd
from core.domain.costs import CallSum
from core.domain.errors import NothingKnownError
from core.ports.records import UnitOfWork

UNKNOWN = "unknown"
COLUMNS = ("task", "model", "calls", "input", "output", "cached", "written", "unusable", "cut", "refused", "money")
NO_COST = "no model was asked and nothing was spent"
BEGIN = "`vigil run` or `vigil backfill EXPORT` begins, VIGIL_HOME names another home."
NOTHING_ASKED = "No model was asked: what the offline engine does costs no money."


async def cost(settings: Settings, days: int, as_json: bool) -> None:
    """Print tokens and money of the last days by task and model, per answered question, and of today against the budget."""
    now = datetime.now(UTC)
    async with reading_stats(settings, NO_COST) as work:
        costs = await costs_since(work, now - timedelta(days=days), now)
    lines = _as_json(costs, days, settings.daily_budget_usd) if as_json else _as_lines(costs, settings.daily_budget_usd)
    print("\n".join(lines))


def dollars(usd: float | None) -> str:
    """Money for people: cents of a cent where there is less than a dollar."""
    return UNKNOWN if usd is None else f"${usd:,.2f}" if usd >= 1 else f"${usd:.4f}"


@asynccontextmanager
async def reading_stats(settings: Settings, so: str) -> AsyncIterator[UnitOfWork]:
    """Read the home's records. Raises ``NothingKnownError`` where there are none, which says what follows (``so``)."""
    if not settings.records_url and not (settings.home / "records.db").is_file():
        raise NothingKnownError(f"Nothing is on record in {settings.home}, so {so}: {BEGIN}")
    records = await records_of(settings)
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
