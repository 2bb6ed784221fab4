"""A later run of a thread revises what an earlier one did to other entries, and older words overrule nothing (DESIGN 6)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.desk.by_hand import restore_by_hand, retire_by_hand
from core.domain.ids import EntryId
from core.domain.knowledge import EntryStatus, Revision
from core.knowledge.ledger import Because, retire
from tests.unit.desk.support import ANALYST, OTHER, Table, table
from tests.unit.desk.test_relations import ASKED, ELSEWHERE, FOUR, SIXTEEN
from tests.unit.desk.test_rerun import CLOSES_S, TWO, known, last_said, nothing, only, taught

PROXY = "Behind a proxy raise its timeout to 300 s."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        one.engine.says["extract"] = last_said
        yield one


async def _after(desk: Table, root: str, answer: str) -> None:
    await desk.post(answer, ANALYST, thread=root, channel=OTHER)
    await desk.wait(700)


async def _then(desk: Table, first: str, second: str) -> tuple[EntryId, list[Revision]]:
    """What is known after a thread has overruled or confirmed an earlier entry, and then said something else."""
    await taught(desk)
    earlier = (await only(desk)).subject_id
    root = await taught(desk, first, elsewhere=True)
    assert len(await known(desk)) == 1
    await _after(desk, root, second)
    return earlier, await known(desk)


async def test_an_overruling_answer_is_revised_when_its_thread_settles_on_another(desk: Table) -> None:
    earlier, (head,) = await _then(desk, SIXTEEN, TWO)
    assert (head.subject_id, head.after.answer) == (earlier, TWO)
    async with desk.desk.records.read() as work:
        messages = [await work.messages.get(one) for one in head.from_messages]
    assert SIXTEEN not in [message.text for message in messages if message]
    await desk.wait(CLOSES_S)
    assert await only(desk) == head


async def test_an_overruled_answer_is_back_when_the_thread_settles_on_something_else(desk: Table) -> None:
    earlier, heads = await _then(desk, SIXTEEN, PROXY)
    assert {head.after.answer for head in heads} == {FOUR, PROXY}
    assert all(head.after.status is EntryStatus.ACTIVE for head in heads)
    assert [head.after.answer for head in heads if head.subject_id == earlier] == [FOUR]


async def test_a_confirmation_counts_no_more_when_its_thread_settles_on_something_else(desk: Table) -> None:
    earlier, heads = await _then(desk, FOUR, PROXY)
    assert [h.after.confirmations for h in heads if h.subject_id == earlier] == [0]


async def test_a_confirmed_answer_is_overruled_when_its_thread_settles_on_the_contrary(desk: Table) -> None:
    earlier, (head,) = await _then(desk, FOUR, SIXTEEN)
    assert (head.subject_id, head.after.answer, head.after.confirmations) == (earlier, SIXTEEN, 0)


async def test_an_overruling_that_was_undone_by_hand_is_not_done_again(desk: Table) -> None:
    await taught(desk)
    root = await taught(desk, SIXTEEN, elsewhere=True)
    restored = await restore_by_hand((await only(desk)).subject_id, 1, desk.desk)
    await desk.wait(CLOSES_S)
    assert await only(desk) == restored
    await _after(desk, root, TWO)
    heads = await known(desk)
    assert {head.after.answer for head in heads} == {FOUR, TWO}
    assert restored in heads


@pytest.mark.parametrize("said", [FOUR, SIXTEEN], ids=["confirmed", "overruled"])
@pytest.mark.parametrize("reviewed", [False, True], ids=["by_hand", "by_a_review"])
async def test_what_was_retired_after_a_thread_touched_it_is_not_taught_as_another_entry(
    desk: Table, said: str, reviewed: bool
) -> None:
    await taught(desk)
    await taught(desk, said, elsewhere=True)
    subject = (await only(desk)).subject_id
    if reviewed:
        async with desk.desk.records.begin() as work:
            await retire(work, subject, Because("corrected", "review:elsewhere", desk.clock.now()))
        await desk.desk.projector.flush()
    else:
        await retire_by_hand(subject, "dangerous", desk.desk)
    retired = await only(desk)
    await desk.wait(CLOSES_S)
    assert await only(desk) == retired


async def test_an_older_answer_overrules_nothing(desk: Table) -> None:
    """The older dialogue is imported after the newer one was learned."""
    await taught(desk, elsewhere=True)
    newer = await only(desk)
    desk.clock.at = desk.clock.at.replace(year=desk.clock.at.year - 1)
    await taught(desk, SIXTEEN)
    assert await only(desk) == newer


async def test_of_two_threads_at_a_time_the_answer_that_was_said_last_holds(desk: Table) -> None:
    one = await desk.post(ASKED)
    await desk.post(FOUR, ANALYST, thread=one)
    desk.clock.pass_s(300)
    other = await desk.post(ASKED, ELSEWHERE, channel=OTHER)
    await desk.post(SIXTEEN, ANALYST, thread=other, channel=OTHER)
    await desk.wait(1300)
    assert (await only(desk)).after.answer == SIXTEEN


async def test_what_a_deleted_message_took_away_is_taught_by_the_thread_that_said_it_too(desk: Table) -> None:
    root = await desk.post(ASKED)
    first = await desk.post(FOUR, ANALYST, thread=root)
    await desk.wait(700)
    await taught(desk, SIXTEEN, elsewhere=True)
    desk.engine.says["extract"] = lambda i: last_said(i) if SIXTEEN in [x.text for x in i.dialogue] else nothing(i)
    await desk.delete(first)
    await desk.wait(700)
    active = [head.after.answer for head in await known(desk) if head.after.status is EntryStatus.ACTIVE]
    assert active == [SIXTEEN]
