"""What a lesson does to what is known: it confirms, stands beside it, or takes its place (DESIGN 6, near duplicates)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.domain.knowledge import ChangeKind, EntryStatus, Revision
from core.domain.people import Person, Role
from core.domain.tasks import ExtractInput, Extraction, Lesson
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, OTHER, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"
FOUR = "Use 4 connections at most, the limit is per connection."
SIXTEEN = "Use 16 connections at most, the limit is per connection."
ELSEWHERE = Person("UCU2", "Lee", "T0CU2")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


async def _teach(desk: Table, answer: str, conditions: str = "", *, first: bool = False) -> str:
    """A thread in which an analyst answers before Vigil can, in a customer's channel of its own; gives its root."""
    channel, asker = (CHANNEL, CUSTOMER) if first else (OTHER, ELSEWHERE)

    def lesson(inputs: ExtractInput) -> Extraction:
        source = [line.id for line in inputs.dialogue if line.role is Role.ANALYST][:1]
        return Extraction(
            Lesson(
                "SlowDown", "uploads fail", conditions, answer, (), tuple(source), None, confirmed=False, confidence=1.0
            )
        )

    desk.engine.says["extract"] = lesson
    root = await desk.post(ASKED, asker, channel=channel)
    await desk.post(f"{answer} {conditions}".strip(), ANALYST, thread=root, channel=channel)
    await desk.wait(700)
    return root


async def _known(desk: Table) -> list[Revision]:
    async with desk.desk.records.read() as work:
        return await work.ledger.heads(None, 100)


async def test_the_same_answer_in_another_thread_confirms_once(desk: Table) -> None:
    await _teach(desk, FOUR, first=True)
    (earlier,) = await _known(desk)
    root = await _teach(desk, FOUR)
    (head,) = await _known(desk)
    assert (head.change, head.after.confirmations, head.after.answer) == (ChangeKind.CONFIRMED, 1, FOUR)
    assert head.after.confirmed_at is not None
    assert set(head.from_messages) > set(earlier.from_messages)
    before = desk.engine.asked.count("extract")
    await desk.post("thanks, closing this", ANALYST, thread=root, channel=OTHER)
    await desk.wait(700)
    assert desk.engine.asked.count("extract") > before
    (again,) = await _known(desk)
    assert (again.n, again.after.confirmations) == (head.n, 1)


async def test_a_contrary_answer_takes_the_place_of_the_earlier_and_keeps_both_sources(desk: Table) -> None:
    await _teach(desk, FOUR, first=True)
    (earlier,) = await _known(desk)
    await _teach(desk, SIXTEEN)
    (head,) = await _known(desk)
    assert (head.subject_id, head.change) == (earlier.subject_id, ChangeKind.UPDATED)
    assert (head.after.answer, head.after.confirmations) == (SIXTEEN, 0)
    assert set(head.from_messages) > set(earlier.from_messages)


async def test_an_answer_under_other_conditions_stands_beside_the_earlier(desk: Table) -> None:
    await _teach(desk, FOUR, "with SDK 2.1", first=True)
    await _teach(desk, SIXTEEN, "with SDK 3.0")
    heads = await _known(desk)
    assert {(h.after.answer, h.after.conditions) for h in heads} == {(FOUR, "with SDK 2.1"), (SIXTEEN, "with SDK 3.0")}
    assert all(h.n == 1 and h.after.status is EntryStatus.ACTIVE for h in heads)


async def test_an_answer_to_something_else_stands_by_itself(desk: Table) -> None:
    await desk.know("how long are audit logs kept?", "Audit logs are kept for ninety days.")
    await _teach(desk, FOUR)
    assert sorted(h.after.answer for h in await _known(desk)) == ["Audit logs are kept for ninety days.", FOUR]
