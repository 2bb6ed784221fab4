"""Which engine answers: the one on this machine, or Claude with that one beside it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import Settings
from core.desk.meter import RecordsMeter
from core.domain.errors import CallerError
from core.domain.tasks import Tier
from core.ports.engine import Engine
from core.ports.meter import Meter
from core.ports.records import Records

NO_KEY = (
    "VIGIL_ENGINE is claude, and there is no key: put ANTHROPIC_API_KEY into the environment or .env, or choose "
    "VIGIL_ENGINE=offline."
)

OpenRemote = Callable[[Settings, Meter, Path], AbstractAsyncContextManager[Engine]]
"""Opens the engine that is elsewhere: with the settings, the meter that it asks before each call and tells after it, and the
home, below which pictures are kept. It asks ``check_prices`` before anything else."""


@dataclass(frozen=True, slots=True)
class Engines:
    """The engine that performs tasks, and the one on this machine beside it where that is another one."""

    engine: Engine
    local: Engine | None = None


def is_remote(settings: Settings) -> bool:
    """Whether a model elsewhere is asked. Raises ``CallerError`` where it is to be and there is no key."""
    key = bool(settings.anthropic_api_key.get_secret_value())
    if settings.engine == "claude" and not key:
        raise CallerError(NO_KEY)
    return settings.engine == "claude" or (settings.engine == "auto" and key)


def models(settings: Settings) -> dict[str, str]:
    """The setting of each model that is asked, and the model that it names; nothing where none is."""
    named = {"VIGIL_FAST_MODEL": settings.fast_model, "VIGIL_STRONG_MODEL": settings.strong_model}
    return named if is_remote(settings) else {}


def check_prices(settings: Settings, is_priced: Callable[[str], bool]) -> None:
    """Raise ``CallerError`` where a budget is set and a model's price is not known: nothing would ever be counted against
    it."""
    if settings.daily_budget_usd is None:
        return
    for setting, model in models(settings).items():
        if not is_priced(model):
            raise CallerError(
                f"The price of {model} ({setting}) is not known, so that VIGIL_DAILY_BUDGET_USD cannot hold: name a model of "
                "adapters/engine/claude/models.json, add its price there, or set no budget."
            )


@asynccontextmanager
async def open_claude(settings: Settings, meter: Meter, home: Path) -> AsyncIterator[Engine]:
    """Open the Claude engine. Its SDK takes seconds to import: only where it is used. Raises ``CallerError``."""
    from adapters.engine.claude.client import opened_client
    from adapters.engine.claude.engine import ClaudeEngine
    from adapters.engine.claude.models import known

    check_prices(settings, lambda model: known(model) is not None)
    named = {Tier.FAST: settings.fast_model, Tier.STRONG: settings.strong_model}
    async with opened_client(settings.anthropic_api_key.get_secret_value(), settings.anthropic_base_url) as client:
        yield ClaudeEngine(client, named, meter, home, settings.calls_at_once)


@asynccontextmanager
async def opened_engines(
    settings: Settings, home: Path, records: Records, local: Engine, open_remote: OpenRemote = open_claude
) -> AsyncIterator[Engines]:
    """Give the engine that the settings name, with ``local`` beside it where it is remote; what it costs is counted in the
    ``records``."""
    if not is_remote(settings):
        yield Engines(local)
        return
    async with open_remote(settings, meter_of(settings, records), home) as remote:
        yield Engines(remote, local)


def meter_of(settings: Settings, records: Records) -> RecordsMeter:
    """The meter over a home's records: by real time, whatever time a replay has."""
    return RecordsMeter(records, _real_now, settings.daily_budget_usd)


def _real_now() -> datetime:
    return datetime.now(UTC)


async def check_provider(settings: Settings, *, strictly: bool = False) -> None:
    """Ask the provider, for nothing, whether it takes the key and knows the models: before long work that would only fail. Of
    another server, unless ``strictly``, only the key is asked: it need not list its models. Raises ``TransientError`` with what
    to mend."""
    if not is_remote(settings):
        return
    from adapters.engine.claude.client import opened_client
    from adapters.engine.claude.ping import ping

    async with opened_client(settings.anthropic_api_key.get_secret_value(), settings.anthropic_base_url) as client:
        await ping(client, models(settings).values(), lists_models=strictly or not settings.anthropic_base_url)
