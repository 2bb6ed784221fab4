"""A replay and a look-up while the model elsewhere cannot be asked."""

import asyncio
import contextlib
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import asking
from bot.replay import FINISHED, replay
from bot.settings import Settings
from bot.wiring import Parts, opened
from core.domain.errors import BudgetSpentError, TransientError, VigilError
from core.ports.clock import Clock
from core.ports.messenger import Messenger
from core.respond.reduced import BUDGET_SPENT
from tests.fakes.engine import FakeEngine
from tests.fakes.replayed import EXAMPLES, Replayed, settings_in

SPENT = BudgetSpentError("The budget is spent.", retry_after_s=30_000)


def remote(parts: Parts, error: VigilError | None) -> Parts:
    """The ports with an engine elsewhere that raises this at every task; without an error as they are."""
    if error is None:
        return parts
    engine = FakeEngine()
    engine.remote = True
    engine.says = dict.fromkeys(("identify", "rewrite", "generate", "extract", "review"), error)
    return replace(parts, engine=engine, local=parts.engine)


def replayed_with(error: VigilError | None, export: Path, home: Path) -> tuple[Replayed, str]:
    """A replay's lines, and what it says on standard error."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors), capture_logs():
        asyncio.run(replay(settings_in(home), export, None, as_json=True, wrap=lambda parts: remote(parts, error)))
    return Replayed(out.getvalue(), home), errors.getvalue()


def test_a_replay_on_a_spent_budget_comes_to_its_end_and_the_same_command_learns_what_is_left(
    tmp_path: Path, acme: Replayed
) -> None:
    broken, told = replayed_with(SPENT, EXAMPLES / "acme", tmp_path)
    questions = [q for turn in broken.of("turn") for q in turn["questions"]]
    assert {(q["outcome"], q["reason"]) for q in questions} == {("failed", BUDGET_SPENT)}
    assert (broken.of("knowledge"), len(broken.of("message"))) == ([], len(acme.of("message")))
    (line,) = [line for line in told.splitlines() if "learning" in line]
    assert line.endswith("of learning could not be done: The budget is spent. The same command goes on from there.")
    (home,) = (tmp_path / "replays").iterdir()
    assert not (home / FINISHED).exists()
    again, told = replayed_with(None, EXAMPLES / "acme", tmp_path)
    assert "learning" not in told
    assert (home / FINISHED).exists()
    added = [one for one in again.of("knowledge") if one["change"] == "added"]
    assert len(added) >= len([one for one in acme.of("knowledge") if one["change"] == "added"]) // 2


@pytest.fixture
def outage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look-ups find an engine elsewhere that cannot be reached, with the one on this machine beside it."""

    @asynccontextmanager
    async def broken(settings: Settings, home: Path, clock: Clock, messenger: Messenger) -> AsyncIterator[Parts]:
        async with opened(settings, home, clock, messenger) as parts:
            yield remote(parts, TransientError("down"))

    monkeypatch.setattr(asking, "opened", broken)


@pytest.mark.usefixtures("outage")
def test_who_asks_by_hand_is_answered_on_this_machine_and_told_so(
    acme_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = "why do presigned links stop working after an hour?"
    with capture_logs():
        assert asyncio.run(asking.ask(settings_in(acme_home), asked, None, as_json=False)) == 0
    shown = capsys.readouterr().out
    assert "a presigned URL never outlives" in shown
    assert "Quoted from the sources below, not reasoned. Reduced service." in shown
    with capture_logs():
        asyncio.run(asking.ask(settings_in(acme_home), asked, None, as_json=True))
    told = json.loads(capsys.readouterr().out)
    assert (told["outcome"], told["reduced"]) == ("answered", True)


@pytest.mark.usefixtures("outage")
def test_a_look_up_that_finds_nothing_meanwhile_says_that_service_is_reduced(
    acme_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with capture_logs():
        asyncio.run(asking.ask(settings_in(acme_home), "who is the king of Norway?", None, as_json=False))
    assert "Reduced service." in capsys.readouterr().out.splitlines()
