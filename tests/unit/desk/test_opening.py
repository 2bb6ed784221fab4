"""A source opens while it holds; analysts see also what no longer does, and why."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.cards import EntryPage, Notice
from core.domain.ids import EntryId
from core.domain.knowledge import EntryStatus
from core.domain.replies import Reply
from core.knowledge.ledger import Because, retire, update
from tests.unit.desk.asking import press
from tests.unit.desk.clicking import Clicking, answered
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, analysts=frozenset({ANALYST.id})) as one:
        await one.know(ASKED)
        yield one


async def _stands(desk: Table, status: EntryStatus) -> None:
    async with desk.desk.records.begin() as work:
        because = Because("it was wrong", "test", desk.clock.now())
        if status is EntryStatus.RETIRED:
            await retire(work, EntryId("known"), because)
            return
        head = await work.ledger.head(EntryId("known"))
        assert head is not None
        await update(work, replace(head.after, status=status), because)


async def _opened(one: Clicking, status: EntryStatus, for_analyst: bool) -> Reply:
    await _stands(one.table, status)
    return await press(one.table, "open_entry", "known", ANALYST if for_analyst else CUSTOMER, CHANNEL)


async def test_an_active_entry_opens_with_no_word_on_how_it_stands(desk: Table) -> None:
    await answered(desk)
    page = await press(desk, "open_entry", "known", CUSTOMER, CHANNEL)
    assert isinstance(page, EntryPage)
    assert (page.status, page.reason) == (EntryStatus.ACTIVE, "")


@pytest.mark.parametrize(
    ("status", "told"), [(EntryStatus.RETIRED, "entry_gone"), (EntryStatus.CANDIDATE, "entry_unknown")]
)
async def test_what_does_not_hold_opens_for_no_customer(desk: Table, status: EntryStatus, told: str) -> None:
    assert await _opened(await answered(desk), status, for_analyst=False) == Notice(told)


@pytest.mark.parametrize("status", [EntryStatus.RETIRED, EntryStatus.CANDIDATE])
async def test_an_analyst_sees_that_it_does_not_hold_and_why(desk: Table, status: EntryStatus) -> None:
    page = await _opened(await answered(desk), status, for_analyst=True)
    assert isinstance(page, EntryPage)
    assert (page.status, page.reason) == (status, "it was wrong")
