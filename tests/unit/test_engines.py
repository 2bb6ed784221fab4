"""Which engine the settings choose, and what is refused before anything is asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.engines import Engines, check_prices, is_remote, models, opened_engines
from bot.settings import Settings, load_settings, strange_settings
from core.domain.errors import BudgetSpentError, CallerError
from core.ports.engine import Engine
from core.ports.meter import Meter
from tests.contract.test_calls import CALL
from tests.fakes.engine import FakeEngine
from tests.fakes.unit_of_work import MemoryRecords

KEY = {"ANTHROPIC_API_KEY": "sk-ant-fake"}


def _set(**values: object) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]  # by the names of the environment


@pytest.mark.parametrize(
    ("engine", "key", "remote"),
    [("auto", {}, False), ("auto", KEY, True), ("offline", {}, False), ("offline", KEY, False), ("claude", KEY, True)],
)
def test_claude_answers_where_it_is_chosen_or_a_key_is_set(engine: str, key: dict[str, str], remote: bool) -> None:
    settings = _set(engine=engine, **key)
    assert is_remote(settings) is remote
    assert bool(models(settings)) is remote


def test_claude_without_a_key_is_refused() -> None:
    with pytest.raises(CallerError, match="ANTHROPIC_API_KEY"):
        is_remote(_set(engine="claude"))


def test_a_budget_wants_prices_and_the_sentence_names_model_and_setting() -> None:
    def is_priced(model: str) -> bool:
        return "haiku" in model

    check_prices(_set(**KEY), is_priced)
    check_prices(_set(daily_budget_usd=1.0), is_priced)
    with pytest.raises(CallerError, match=r"claude-sonnet-5-5 \(VIGIL_STRONG_MODEL\).*VIGIL_DAILY_BUDGET_USD"):
        check_prices(_set(daily_budget_usd=1.0, **KEY), is_priced)


async def _opened(settings: Settings, local: Engine) -> tuple[Engines, Meter | None]:
    meters: list[Meter] = []
    remote = FakeEngine()

    @asynccontextmanager
    async def open_remote(settings: Settings, meter: Meter, home: Path) -> AsyncIterator[Engine]:
        meters.append(meter)
        yield remote

    async with opened_engines(settings, Path("home"), MemoryRecords(), local, open_remote) as engines:
        return engines, meters[0] if meters else None


async def test_offline_nothing_remote_is_opened() -> None:
    local = FakeEngine()
    assert await _opened(_set(), local) == (Engines(local), None)


async def test_beside_a_remote_engine_stands_the_local_one_and_its_meter_holds_the_budget() -> None:
    local = FakeEngine()
    engines, meter = await _opened(_set(daily_budget_usd=0.2, **KEY), local)
    assert engines.engine is not local
    assert engines.local is local
    assert meter is not None
    await meter.admit()
    await meter.spent(replace(CALL, at=datetime.now(UTC)))
    with pytest.raises(BudgetSpentError):
        await meter.admit()


async def test_with_a_key_claude_is_asked_and_the_engine_here_stands_beside_it() -> None:
    local = FakeEngine()
    async with opened_engines(_set(**KEY), Path("home"), MemoryRecords(), local) as engines:
        assert (engines.engine.name, engines.engine.remote, engines.engine.quotes) == ("claude", True, False)
        assert engines.local is local


async def test_a_budget_over_a_model_without_a_price_is_refused_at_the_start() -> None:
    settings = _set(daily_budget_usd=1.0, strong_model="of-our-own", **KEY)
    with pytest.raises(CallerError, match="of-our-own"):
        async with opened_engines(settings, Path("home"), MemoryRecords(), FakeEngine()):
            pass


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIGIL_DAILY_BUDGET_USD", "0"), ("VIGIL_DAILY_BUDGET_USD", "-1"), ("VIGIL_DAILY_BUDGET_USD", "nan"),
        ("VIGIL_DAILY_BUDGET_USD", "inf"), ("VIGIL_CALLS_AT_ONCE", "0"), ("VIGIL_CALLS_AT_ONCE", "65"),
        ("VIGIL_FALLBACK", "loud"), ("VIGIL_SKIP_SMALL_TALK", "perhaps"), ("VIGIL_ENGINE", "gpt"),
        ("VIGIL_SLACK_SILENT_S", "0"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_told_by_its_own_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CallerError, match=f"^{name} "):
        load_settings()


def test_the_engines_settings_are_read_and_empty_ones_are_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {
        **KEY, "ANTHROPIC_BASE_URL": "http://127.0.0.1:1", "VIGIL_DAILY_BUDGET_USD": "", "VIGIL_FALLBACK": "offline",
        "VIGIL_SKIP_SMALL_TALK": "true", "VIGIL_FAST_MODEL": "",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.anthropic_api_key.get_secret_value() == KEY["ANTHROPIC_API_KEY"]
    assert KEY["ANTHROPIC_API_KEY"] not in repr(settings)
    assert (settings.anthropic_base_url, settings.daily_budget_usd) == ("http://127.0.0.1:1", None)
    assert settings.fast_model == "claude-haiku-5-5"
    policy = settings.policy()
    assert (policy.fallback_speaks, policy.skips_small_talk) == (True, True)


def test_a_setting_under_a_wrong_prefix_is_told_with_its_right_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIL_ANTHROPIC_API_KEY", "sk-ant-fake")
    monkeypatch.setenv("VIGIL_FALBACK", "offline")
    key, near = strange_settings()
    assert key.endswith("did you mean ANTHROPIC_API_KEY?")
    assert near.endswith("did you mean VIGIL_FALLBACK?")
