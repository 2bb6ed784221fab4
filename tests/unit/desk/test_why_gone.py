"""``why`` of what is not kept any more says that it is gone, and since how many days it may be."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.desk.forget import forget
from core.desk.retain_job import order_retention
from core.desk.why import reasons_of
from core.domain.forgetting import Whom, WhomKind
from core.domain.knowledge import Viewer
from core.session.lifecycle import message_id
from tests.unit.desk.support import CHANNEL, CUSTOMER, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        await one.know(ASKED)
        yield one


async def _told(desk: Table, ts: str, language: str = "en") -> list[str]:
    async with desk.desk.records.read() as work:
        message = await work.messages.get(message_id(CHANNEL.key, ts))
        assert message is not None
        items = await reasons_of(work, message, Viewer.operator(), language, 30)
    return [line for item in items for line in item.lines]


async def test_after_retention_why_says_that_the_words_are_not_kept(desk: Table) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(60)
    assert f"Looked up as: {ASKED}" in await _told(desk, ts)
    await desk.wait(40 * 86_400)
    await order_retention(desk.desk)
    await desk.wait(0)
    told = await _told(desk, ts)
    assert told.count("The words are no longer kept (30 days).") == 1
    assert not [line for line in told if line.rstrip().endswith(":") and "nearest" not in line]
    assert "原文已不再保留（30 天）。" in await _told(desk, ts, "zh")


async def test_after_forgetting_why_says_that_the_words_were_forgotten(desk: Table) -> None:
    ts = await desk.post(ASKED)
    await desk.wait(60)
    async with desk.desk.records.begin() as work:
        await forget(work, Whom(WhomKind.PERSON, (("slack", CUSTOMER),)), desk.clock.now())
    told = await _told(desk, ts)
    assert told.count("The words were forgotten.") == 1
    assert "Looked up as: " not in told
    assert "原文已被遗忘。" in await _told(desk, ts, "zh")
