"""The life of an entry: each step a revision, repeated steps none (DESIGN 7)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.ids import EntryId, MessageId
from core.domain.knowledge import ChangeKind, EntryStatus, KnowledgeEntry, Revision
from core.knowledge.ledger import Because, add, confirm, lose_source, retire, take_back, update
from core.knowledge.quarantine import same_content
from core.learn.apply import unlearn
from tests.unit.desk.support import Table, table

OTHER_ANSWER = "Use two connections at most."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


def because(desk: Table, job: str, *messages: str) -> Because:
    return Because(f"{job} says so", job, desk.clock.now(), tuple(MessageId(m) for m in messages))


async def _head(desk: Table, entry: EntryId) -> Revision:
    async with desk.desk.records.read() as work:
        head = await work.ledger.head(entry)
    assert head is not None
    return head


async def _overruled(desk: Table) -> tuple[EntryId, KnowledgeEntry]:
    """An entry whose answer the job `extract:2` has changed; gives its image before."""
    entry = await desk.know("why does it fail?")
    before = (await _head(desk, entry)).after
    async with desk.desk.records.begin() as work:
        await update(work, replace(before, answer=OTHER_ANSWER), because(desk, "extract:2", "m2"))
    return entry, before


async def test_a_job_confirms_an_entry_once_however_often_it_runs(desk: Table) -> None:
    entry = await desk.know("why does it fail?")
    async with desk.desk.records.begin() as work:
        assert await confirm(work, entry, because(desk, "extract:2", "m2"))
        assert await confirm(work, entry, because(desk, "extract:2", "m2")) is None
        assert await confirm(work, entry, because(desk, "extract:3", "m3"))
    head = await _head(desk, entry)
    assert (head.n, head.change, head.after.confirmations) == (3, ChangeKind.CONFIRMED, 2)
    assert head.from_messages == ("m2", "m3")


async def test_what_a_job_has_learned_it_does_not_confirm_itself(desk: Table) -> None:
    entry = await desk.know("why does it fail?", name="own")
    async with desk.desk.records.begin() as work:
        assert await confirm(work, entry, because(desk, "test:own")) is None
    assert (await _head(desk, entry)).n == 1


async def test_take_back_brings_the_image_before_and_only_once(desk: Table) -> None:
    entry, before = await _overruled(desk)
    async with desk.desk.records.begin() as work:
        assert await take_back(work, entry, because(desk, "extract:2"))
        assert await take_back(work, entry, because(desk, "extract:2")) is None
    head = await _head(desk, entry)
    assert (head.n, head.change, head.after) == (3, ChangeKind.RESTORED, before)


async def test_what_somebody_changed_since_is_not_taken_back(desk: Table) -> None:
    entry, before = await _overruled(desk)
    async with desk.desk.records.begin() as work:
        await update(work, replace(before, answer="Use one."), because(desk, "extract:3"))
        assert await take_back(work, entry, because(desk, "extract:2")) is None
    assert (await _head(desk, entry)).after.answer == "Use one."


async def test_a_first_revision_has_nothing_to_go_back_to(desk: Table) -> None:
    entry = await desk.know("why does it fail?", name="own")
    async with desk.desk.records.begin() as work:
        assert await take_back(work, entry, because(desk, "test:own")) is None
        assert await take_back(work, EntryId("unknown"), because(desk, "test:own")) is None
    assert (await _head(desk, entry)).n == 1


async def test_unlearn_retires_its_own_entry_and_restores_what_it_had_changed(desk: Table) -> None:
    entry, before = await _overruled(desk)
    own = EntryId("own")
    async with desk.desk.records.begin() as work:
        await add(work, replace(before, id=own), because(desk, "extract:2", "m2"))
        assert await unlearn(work, own, because(desk, "extract:2")) != "known"
        assert await unlearn(work, own, because(desk, "extract:2")) == "known"
    assert (await _head(desk, own)).after.status is EntryStatus.RETIRED
    assert (await _head(desk, entry)).after == before


async def test_a_retired_entry_keeps_its_reason_and_sources_and_leaves_retrieval(desk: Table) -> None:
    entry = await desk.know("why does it fail?")
    async with desk.desk.records.begin() as work:
        await confirm(work, entry, because(desk, "extract:2", "m2"))
        assert await retire(work, entry, because(desk, "delete:m2"))
        assert await retire(work, entry, because(desk, "delete:m2")) is None
        assert await retire(work, EntryId("unknown"), because(desk, "delete:m2")) is None
    head = await _head(desk, entry)
    assert (head.change, head.why, head.from_messages) == (ChangeKind.RETIRED, "delete:m2 says so", ("m2",))


async def test_a_confirmation_is_taken_back_though_others_came_since(desk: Table) -> None:
    entry = await desk.know("why does it fail?")
    async with desk.desk.records.begin() as work:
        await confirm(work, entry, because(desk, "extract:2", "m2"))
        await confirm(work, entry, because(desk, "extract:3", "m3"))
        assert await take_back(work, entry, because(desk, "extract:2"))
        assert await take_back(work, entry, because(desk, "extract:2")) is None
    head = await _head(desk, entry)
    assert (head.after.status, head.after.confirmations, head.from_messages) == (EntryStatus.ACTIVE, 1, ("m3",))
    async with desk.desk.records.begin() as work:
        assert await confirm(work, entry, because(desk, "extract:2", "m4"))
    assert (await _head(desk, entry)).from_messages == ("m3", "m4")


@pytest.mark.parametrize(
    ("gone", "change", "sources"),
    [
        ("m1", ChangeKind.RETIRED, ("m1", "m2", "m3")),
        ("m2", ChangeKind.RESTORED, ("m1", "m3")),
        ("m3", ChangeKind.RESTORED, ("m1", "m2")),
    ],
)
async def test_a_lost_source_takes_along_only_what_came_from_it(
    desk: Table, gone: str, change: ChangeKind, sources: tuple[str, ...]
) -> None:
    before = (await _head(desk, await desk.know("why does it fail?"))).after
    entry = EntryId("taught")
    async with desk.desk.records.begin() as work:
        await add(work, replace(before, id=entry), because(desk, "extract:1", "m1"))
        await confirm(work, entry, because(desk, "extract:2", "m2"))
        await confirm(work, entry, because(desk, "extract:3", "m3"))
        lost = await lose_source(work, entry, MessageId(gone), because(desk, f"delete:{gone}"))
        assert await lose_source(work, entry, MessageId(gone), because(desk, f"delete:{gone}")) is None
    assert lost
    assert (lost.change, lost.from_messages) == (change, sources)


async def test_a_lost_source_brings_back_the_answer_that_it_had_overruled(desk: Table) -> None:
    entry, before = await _overruled(desk)
    async with desk.desk.records.begin() as work:
        await lose_source(work, entry, MessageId("m2"), because(desk, "delete:m2"))
    assert (await _head(desk, entry)).after == before


async def test_an_entry_added_again_after_its_retirement_is_restored(desk: Table) -> None:
    entry = await desk.know("why does it fail?")
    before = (await _head(desk, entry)).after
    async with desk.desk.records.begin() as work:
        await retire(work, entry, because(desk, "delete:m2"))
        revision = await add(work, before, because(desk, "extract:2"))
    assert (revision.n, revision.change) == (3, ChangeKind.RESTORED)


async def test_dates_and_counts_are_no_content(desk: Table) -> None:
    entry, before = await _overruled(desk)
    desk.clock.pass_s(60)
    later = replace(before, updated_at=desk.clock.now(), uses=4, confirmations=2)
    assert same_content(before, later)
    assert not same_content(before, (await _head(desk, entry)).after)


async def test_what_a_job_has_retired_comes_back_once_it_is_undone(desk: Table) -> None:
    entry = await desk.know("why does it fail?")
    before = (await _head(desk, entry)).after
    for _ in range(2):
        async with desk.desk.records.begin() as work:
            assert await retire(work, entry, because(desk, "review:2"))
            assert await take_back(work, entry, because(desk, "review:2"))
            assert await take_back(work, entry, because(desk, "review:2")) is None
        assert same_content((await _head(desk, entry)).after, before)


async def test_an_entry_that_another_job_has_retired_is_not_brought_back(desk: Table) -> None:
    entry, _ = await _overruled(desk)
    async with desk.desk.records.begin() as work:
        assert await retire(work, entry, because(desk, "review:3"))
        assert await take_back(work, entry, because(desk, "extract:2")) is None
        assert await lose_source(work, entry, MessageId("m2"), because(desk, "delete:m2")) is None
    assert (await _head(desk, entry)).after.status is EntryStatus.RETIRED
