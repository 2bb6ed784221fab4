"""A thread that is read again leaves what others have decided since, unless it has something new to say (DESIGN 6)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.desk.by_hand import approve_by_hand, reject_by_hand, restore_by_hand, retire_by_hand
from core.domain.channels import ChannelRef, ChannelSettings
from core.domain.ids import EntryId
from core.domain.knowledge import EntryStatus, Revision
from core.domain.people import Role
from core.domain.tasks import ExtractInput, Extraction, Lesson, NotKnownYet
from core.knowledge.ledger import Because, add, retire
from core.learn.apply import stands
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, OTHER, Table, table
from tests.unit.desk.test_relations import ASKED, ELSEWHERE, FOUR, SIXTEEN

TWO = "Use 2 connections at most, the limit is per connection."
CLOSES_S = 90_000


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        one.engine.says["extract"] = last_said
        yield one


def last_said(inputs: ExtractInput) -> Extraction:
    """The last advice of an analyst as the definitive solution."""
    said = [line for line in inputs.dialogue if line.role is Role.ANALYST and line.text != "thanks"][-1]
    return Extraction(
        Lesson("SlowDown", "uploads fail", "", said.text, (), (said.id,), None, confirmed=False, confidence=1.0)
    )


def nothing(_: ExtractInput) -> Extraction:
    """No solution."""
    return Extraction(NotKnownYet("it did not help"))


async def taught(desk: Table, answer: str = FOUR, *, elsewhere: bool = False) -> str:
    """A thread in which an analyst answers, once it has settled; gives its root."""
    channel, asker = (OTHER, ELSEWHERE) if elsewhere else (CHANNEL, CUSTOMER)
    root = await desk.post(ASKED, asker, channel=channel)
    await desk.post(answer, ANALYST, thread=root, channel=channel)
    await desk.wait(700)
    return root


async def known(desk: Table) -> list[Revision]:
    """What each entry is now."""
    async with desk.desk.records.read() as work:
        return await work.ledger.heads(None, 100)


async def only(desk: Table) -> Revision:
    """What the one entry is now."""
    (head,) = await known(desk)
    return head


async def test_what_was_retired_by_hand_stays_out_when_its_thread_closes(desk: Table) -> None:
    await taught(desk)
    retired = await retire_by_hand((await only(desk)).subject_id, "dangerous", desk.desk)
    await desk.wait(CLOSES_S)
    assert await only(desk) == retired


async def test_what_was_retired_by_hand_stays_out_whatever_its_thread_says(desk: Table) -> None:
    root = await taught(desk)
    retired = await retire_by_hand((await only(desk)).subject_id, "dangerous", desk.desk)
    desk.clock.pass_s(60)
    await desk.post(TWO, ANALYST, thread=root)
    await desk.wait(CLOSES_S)
    assert await only(desk) == retired


async def test_what_was_restored_by_hand_is_not_retired_again(desk: Table) -> None:
    root = await taught(desk)
    desk.engine.says["extract"] = nothing
    await desk.post("thanks", ANALYST, thread=root)
    await desk.wait(700)
    assert (await only(desk)).after.status is EntryStatus.RETIRED
    restored = await restore_by_hand((await only(desk)).subject_id, None, desk.desk)
    await desk.wait(CLOSES_S)
    assert await only(desk) == restored


async def _reviewed(desk: Table) -> Revision:
    async with desk.desk.records.begin() as work:
        because = Because("an analyst corrected it", "review:elsewhere", desk.clock.now())
        gone = await retire(work, (await work.ledger.heads(None, 1))[0].subject_id, because)
    assert gone is not None
    return gone


async def test_what_a_review_elsewhere_deleted_stays_out_when_its_thread_closes(desk: Table) -> None:
    root = await taught(desk)
    gone = await _reviewed(desk)
    await desk.post("thanks", ANALYST, thread=root)
    await desk.wait(CLOSES_S)
    assert await only(desk) == gone


async def test_newer_words_of_its_thread_count_after_a_review_elsewhere(desk: Table) -> None:
    root = await taught(desk)
    await _reviewed(desk)
    desk.clock.pass_s(60)
    await desk.post(TWO, ANALYST, thread=root)
    await desk.wait(700)
    head = await only(desk)
    assert (head.after.answer, head.after.status) == (TWO, EntryStatus.ACTIVE)


async def test_a_newer_contrary_answer_outlives_the_close_of_the_older_thread(desk: Table) -> None:
    await taught(desk)
    await taught(desk, SIXTEEN, elsewhere=True)
    overruled = await only(desk)
    assert overruled.after.answer == SIXTEEN
    await desk.wait(CLOSES_S)
    assert await only(desk) == overruled


async def test_an_answer_is_not_retired_with_the_older_one_that_it_took_the_place_of(desk: Table) -> None:
    root = await taught(desk)
    await taught(desk, SIXTEEN, elsewhere=True)
    overruled = await only(desk)
    desk.engine.says["extract"] = lambda i: nothing(i) if any(x.text == FOUR for x in i.dialogue) else last_said(i)
    await desk.post("thanks", ANALYST, thread=root)
    await desk.wait(CLOSES_S)
    assert await only(desk) == overruled


async def test_what_the_older_thread_says_after_it_was_overruled_counts(desk: Table) -> None:
    root = await taught(desk)
    await taught(desk, SIXTEEN, elsewhere=True)
    await desk.post(TWO, ANALYST, thread=root)
    await desk.wait(700)
    assert (await only(desk)).after.answer == TWO


async def test_words_from_before_the_newer_answer_do_not_count_whatever_is_read_in_them(desk: Table) -> None:
    await taught(desk)
    await taught(desk, SIXTEEN, elsewhere=True)
    overruled = await only(desk)

    def worded(inputs: ExtractInput) -> Extraction:
        found = last_said(inputs).found
        assert isinstance(found, Lesson)
        return Extraction(replace(found, answer=f"Well: {found.answer}"))

    desk.engine.says["extract"] = lambda i: worded(i) if any(x.text == FOUR for x in i.dialogue) else last_said(i)
    await desk.wait(CLOSES_S)
    assert await only(desk) == overruled


async def _approving(desk: Table, channel: ChannelRef = CHANNEL) -> None:
    async with desk.desk.records.begin() as work:
        settings = ChannelSettings(approval=True)
        await work.channels.put(replace(await work.channels.get(channel), settings=settings))


async def test_what_was_approved_stays_approved_when_its_thread_closes(desk: Table) -> None:
    await _approving(desk)
    await taught(desk)
    approved = await approve_by_hand((await only(desk)).subject_id, desk.desk)
    await desk.wait(CLOSES_S)
    assert await only(desk) == approved


async def test_new_words_after_an_approval_wait_for_another(desk: Table) -> None:
    await _approving(desk)
    root = await taught(desk)
    await approve_by_hand((await only(desk)).subject_id, desk.desk)
    await desk.post(TWO, ANALYST, thread=root)
    await desk.wait(700)
    head = await only(desk)
    assert (head.after.answer, head.after.status) == (TWO, EntryStatus.CANDIDATE)


async def test_a_contrary_lesson_that_waits_for_approval_leaves_the_entry_and_is_rejected_alone(desk: Table) -> None:
    await taught(desk)
    earlier = await only(desk)
    await _approving(desk, OTHER)
    await taught(desk, SIXTEEN, elsewhere=True)
    (waits,) = [one for one in await known(desk) if one.subject_id != earlier.subject_id]
    assert (waits.after.answer, waits.after.status) == (SIXTEEN, EntryStatus.CANDIDATE)
    await reject_by_hand(waits.subject_id, "no", desk.desk)
    assert earlier in await known(desk)


async def test_what_else_is_known_matters_to_a_lesson_until_it_has_an_entry_that_stands(desk: Table) -> None:
    await taught(desk)
    first = await only(desk)
    async with desk.desk.records.begin() as work:
        assert await stands(work, first.subject_id, first.job)
        assert not await stands(work, EntryId("nobody taught"), first.job)
        await retire(work, first.subject_id, Because("it misled", "review:elsewhere", desk.clock.now()))
        assert not await stands(work, first.subject_id, first.job)


async def test_what_else_is_known_matters_to_a_lesson_whose_thread_changed_another_entry(desk: Table) -> None:
    await taught(desk)
    first = await only(desk)
    await taught(desk, SIXTEEN, elsewhere=True)
    overruled = await only(desk)
    assert overruled.job != first.job
    async with desk.desk.records.begin() as work:
        because = Because("it has an entry of its own now", overruled.job, desk.clock.now())
        own = await add(work, replace(overruled.after, id=EntryId("own")), because)
        assert not await stands(work, own.subject_id, overruled.job)


async def test_a_thread_that_goes_on_is_not_compared_with_what_is_known_again(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = await taught(desk)
    told = await only(desk)
    monkeypatch.setattr(desk.desk.store, "search", _refused)
    desk.clock.pass_s(60)
    await desk.post(TWO, ANALYST, thread=root)
    await desk.wait(700)
    head = await only(desk)
    assert (head.subject_id, head.n, head.after.answer) == (told.subject_id, told.n + 1, TWO)


async def _refused(_: object) -> None:
    raise AssertionError("nothing need be looked up")
