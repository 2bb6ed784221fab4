"""``vigil stats`` and ``vigil doctor`` on a home in which models were asked."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.records import open_records
from bot.doctor import Check, State
from bot.doctor_engine import engine_checks
from bot.settings import Settings
from bot.stats import NOTHING_ASKED, cost, dollars
from core.domain.answers import Answer, Claim
from core.domain.costs import Call, CallOutcome
from core.domain.ids import AnswerId, QuestionId, SessionId
from core.domain.sessions import Session
from core.domain.tasks import Usage
from core.ports.records import UnitOfWork
from tests.contract.test_records import KIM, REF
from tests.fakes.claude.server import fake_claude
from tests.fakes.replayed import settings_in
from tests.scenario.command_line import one_sentence, vigil

NOW = datetime.now(UTC)
ASKED = Call(NOW, "identify", "small", SessionId("s"), Usage(1000, 50, 400, 200), 0.01, 300.0, CallOutcome.OK)


async def _answered(work: UnitOfWork, name: str) -> None:
    made = Answer(AnswerId(name), QuestionId(f"q-{name}"), SessionId("s"), (Claim("Do it.", (1,)),), (), None, NOW)
    await work.answers.put(made)


async def _fill(home: Path, calls: list[Call], answers: int) -> None:
    records = await open_records(f"sqlite+aiosqlite:///{home / 'records.db'}")
    async with records.begin() as work:
        await work.sessions.put(Session(SessionId("s"), REF, "1", KIM, NOW, NOW))
        for n in range(answers):
            await _answered(work, str(n))
        for call in calls:
            await work.calls.add(call)
    await records.close()


def _home(tmp_path: Path, *calls: Call, answers: int = 2) -> Path:
    asyncio.run(_fill(tmp_path, list(calls), answers))
    return tmp_path


def _lines(home: Path, *arguments: str) -> list[dict[str, object]]:
    done = vigil(home, "stats", "--cost", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_what_was_asked_is_told_by_task_and_model_with_the_sum(tmp_path: Path) -> None:
    generate = replace(ASKED, task="generate", model="large", usage=Usage(3000, 200), usd=0.05)
    review = replace(generate, task="review", outcome=CallOutcome.UNUSABLE)
    by_hand = replace(ASKED, session=SessionId("asked"))
    home = _home(tmp_path, ASKED, by_hand, generate, review)
    one, two, three, end = _lines(home)
    assert [(row["task"], row["calls"], row["unusable"]) for row in (one, two, three)] == [
        ("generate", 1, 0), ("identify", 2, 0), ("review", 1, 1),
    ]  # fmt: skip
    assert (one["cached_share"], two["cached_share"], two["written_tokens"]) == (0.0, 0.4, 400)
    assert (end["calls"], end["usd"], end["today_usd"], end["budget_usd"]) == (
        4,
        pytest.approx(0.12),
        pytest.approx(0.12),
        None,
    )
    assert end["per_answer"] == {
        "answered": 2, "calls": 1.0, "input_tokens": 2000.0, "output_tokens": 125.0, "usd": pytest.approx(0.03),
    }  # fmt: skip


def test_it_looks_back_as_far_as_it_is_told(tmp_path: Path) -> None:
    home = _home(tmp_path, ASKED, replace(ASKED, at=NOW - timedelta(days=9)))
    assert [row["calls"] for row in _lines(home)] == [1, 1]
    assert [row["calls"] for row in _lines(home, "--days", "10")] == [2, 2]


def test_for_people_shares_stand_even_at_zero_and_unknown_prices_are_called_so(tmp_path: Path) -> None:
    home = _home(tmp_path, replace(ASKED, usage=Usage(1000, 50)), replace(ASKED, model="own", usd=None), answers=0)
    done = vigil(home, "stats", "--cost", VIGIL_DAILY_BUDGET_USD="5")
    head, own, small, both = done.stdout.splitlines()[:4]
    assert head.split() == "task model calls input output cached written unusable cut refused money".split()
    assert own.split() == "identify own 1 1,000 50 40% 200 0 0 0 unknown".split()
    assert small.split() == "identify small 1 1,000 50 0% 0 0 0 0 $0.0100".split()
    assert both.endswith("$0.0100 + 1 unknown")
    assert "none was answered" in done.stdout
    assert "Today (UTC): $0.0100, of $5.00 (VIGIL_DAILY_BUDGET_USD)." in done.stdout


def test_where_no_model_was_asked_it_says_so(acme_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(cost(settings_in(acme_home), 7, as_json=False))
    assert capsys.readouterr().out.splitlines()[0] == NOTHING_ASKED


def test_an_empty_home_says_that_nothing_was_spent(tmp_path: Path) -> None:
    one_sentence(vigil(tmp_path, "stats", "--cost"), 3, "nothing was spent", "backfill EXPORT")


@pytest.mark.parametrize(
    ("usd", "told"), [(None, "unknown"), (0.0, "$0.0000"), (0.00514, "$0.0051"), (1234.5, "$1,234.50")]
)
def test_money_is_told_as_money(usd: float | None, told: str) -> None:
    assert dollars(usd) == told


def _checks(settings: Settings) -> list[Check]:
    async def looked() -> list[Check]:
        async with fake_claude() as claude:
            key, url = SecretStr(claude.api_key), claude.base_url
            asked = {"anthropic_api_key": key, "anthropic_base_url": url} if settings.anthropic_api_key else {}
            return list(await engine_checks(settings.model_copy(update=asked)))

    return asyncio.run(looked())


def test_doctor_tells_the_engine_its_models_and_what_today_has_cost(tmp_path: Path) -> None:
    offline = settings_in(_home(tmp_path, ASKED))
    assert [(one.name, one.state) for one in _checks(offline)] == [("engine", State.OK)]
    claude = offline.model_copy(update={"anthropic_api_key": SecretStr("sk-ant-fake")})
    engine, spent, key = _checks(claude)
    assert all(model in engine.said for model in ("claude-haiku-5-5", "claude-sonnet-5-5"))
    assert (spent.name, spent.state, key.name) == ("budget", State.NOTE, "provider")
    assert "$0.0100" in spent.said
    _, spent, _ = _checks(claude.model_copy(update={"daily_budget_usd": 5.0}))
    assert spent.said == "Today's calls have cost $0.0100 of $5.00 (UTC)."


def test_doctor_asks_nobody_without_a_key(tmp_path: Path) -> None:
    assert "engine" in (told := vigil(tmp_path, "doctor", VIGIL_ENGINE="claude").stdout)
    assert "ANTHROPIC_API_KEY" in told
