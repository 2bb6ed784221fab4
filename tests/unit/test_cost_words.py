"""Where costs are told: behind a replay that asked a model, and whether those of an evaluation are new or on record."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.replay import models_cost
from bot.telling import Telling, tell
from core.domain.costs import Call, CallOutcome
from core.domain.tasks import Prompt, Reply, Request, Usage
from core.evaluate.counting import Counting
from core.evaluate.report import Report
from core.prompts.tasks import rewrite_task
from tests.fakes.engine import FakeEngine
from tests.fakes.unit_of_work import MemoryRecords

CALL = Call(datetime(2026, 11, 2, tzinfo=UTC), "identify", "small", None, Usage(10, 5), 0.25, 3.0, CallOutcome.OK)


class Costly(FakeEngine):
    """Uses tokens."""

    async def perform(self, request: Request[Any, Any]) -> Reply[Any]:
        """One word for ten tokens."""
        return Reply("yes", "small", Usage(10, 5), 1.0)


async def test_a_replay_that_asked_a_model_tells_its_cost_and_another_says_nothing() -> None:
    records = MemoryRecords()
    assert await models_cost(records) == ""
    async with records.begin() as work:
        await work.calls.add(CALL)
        await work.calls.add(replace(CALL, task="generate", usd=1.0))
    assert "A model was asked twice, for $1.25" in await models_cost(records)


@pytest.mark.parametrize("replays", [True, False])
async def test_costs_of_a_record_are_said_to_be_no_new_ones(replays: bool, capsys: pytest.CaptureFixture[str]) -> None:
    counting = Counting(Costly(), lambda _model, _usage: 0.5, replays=replays)
    await counting.perform(Request(rewrite_task(), None, Prompt("", ())))
    tell(Report("identify", 1, {}, 0.0), counting, Telling())
    said = capsys.readouterr().out
    assert "1 calls" in said
    assert ("nothing was spent" in said) is replays
