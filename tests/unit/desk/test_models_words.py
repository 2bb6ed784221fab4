"""What a model says of what somebody said goes with the words: after retention, and when they are forgotten."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.desk.forget import forget
from core.desk.retain_job import order_retention
from core.domain.forgetting import Whom, WhomKind
from core.domain.ids import SessionId
from core.domain.sessions import QuestionClass
from core.domain.tasks import Identified
from tests.unit.desk.support import CUSTOMER, Table, table

REASON = "Kim is thankful for the salmon"
DAY = 86_400.0


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        one.engine.says["identify"] = lambda _: Identified(QuestionClass.NO_ASSISTANCE_NEEDED, REASON, 1)
        yield one


async def _silent(desk: Table) -> SessionId:
    root = await desk.post("thank you for the salmon")
    await desk.wait(2 * DAY)
    session = (await desk.session_of(root)).id
    assert await _reasons(desk, session) == [REASON]
    return session


async def _reasons(desk: Table, session: SessionId) -> list[str]:
    return [question.reason for turn in await desk.turns(session) for question in turn.questions]


async def test_retention_leaves_the_class_in_place_of_a_models_reason(desk: Table) -> None:
    session = await _silent(desk)
    await desk.wait(29 * DAY)
    await order_retention(desk.desk)
    await desk.wait(0)
    assert await _reasons(desk, session) == ["no assistance needed"]


async def test_forgetting_leaves_the_class_in_place_of_a_models_reason(desk: Table) -> None:
    session = await _silent(desk)
    async with desk.desk.records.begin() as work:
        await forget(work, Whom(WhomKind.PERSON, (("slack", CUSTOMER),)), desk.clock.now())
    assert await _reasons(desk, session) == ["no assistance needed"]
