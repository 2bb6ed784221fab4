"""What ``vigil doctor`` looks at of the engine: which one answers, its models, the budget and what today has cost."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.doctor import Check, missing, note, told_once, well
from bot.doctor_home import has_records
from bot.engines import check_prices, check_provider, is_remote
from bot.records import records_of
from bot.settings import Settings
from bot.stats import dollars
from core.desk.meter import day_of
from core.domain.errors import VigilError


async def engine_checks(settings: Settings) -> Sequence[Check]:
    """Tell the engine; nothing is asked of anybody unless a key is set. Raises ``CallerError`` where a key is missing."""
    if not is_remote(settings):
        return [well("engine", "Offline: answers are quoted, no model elsewhere is asked, and nothing costs money.")]
    where = f" at {settings.anthropic_base_url}" if settings.anthropic_base_url else ""
    told = f"Claude{where}: {settings.fast_model} classes and rewords, {settings.strong_model} answers and learns."
    return [well("engine", told), await _budget(settings), await _provider(settings)]


async def _budget(settings: Settings) -> Check:
    usd = await _spent_today(settings) if has_records(settings) else 0.0
    spent = dollars(usd)
    if settings.daily_budget_usd is None:
        return note("budget", f"Today's calls have cost {spent}; VIGIL_DAILY_BUDGET_USD sets no limit.")
    if usd >= settings.daily_budget_usd:
        return note("budget", f"Today's budget of {dollars(settings.daily_budget_usd)} is spent until 00:00 UTC.")
    return well("budget", f"Today's calls have cost {spent} of {dollars(settings.daily_budget_usd)} (UTC).")


async def _spent_today(settings: Settings) -> float:
    records = await records_of(settings)
    try:
        async with records.read() as work:
            return await work.calls.spent_usd(day_of(datetime.now(UTC)))
    finally:
        await records.close()


async def _provider(settings: Settings) -> Check:
    """Whether the provider takes the key and knows the models, and the budget can be held: asking that costs nothing."""
    from adapters.engine.claude.models import known

    check_prices(settings, lambda model: known(model) is not None)
    try:
        await check_provider(settings, strictly=True)
    except VigilError as error:
        return missing("provider", told_once(error))
    return well("provider", "The provider takes the key and knows the models.")
