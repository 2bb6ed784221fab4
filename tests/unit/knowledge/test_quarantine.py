"""What is derived from an entry follows it: out of retrieval when it changes, back when that is undone (DESIGN 6)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.errors import CallerError
from core.domain.ids import EntryId, MessageId
from core.domain.knowledge import SHARED, Audience, ChangeKind, EntryStatus, KnowledgeEntry, Revision
from core.knowledge.ledger import Because, add, approve, confirm, restore, retire, take_back, update
from core.knowledge.quarantine import holds
from tests.unit.desk.support import Table, table

A, B, C = EntryId("a"), EntryId("b"), EntryId("c")
ACTIVE, CANDIDATE, RETIRED = EntryStatus.ACTIVE, EntryStatus.CANDIDATE, EntryStatus.RETIRED


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    """Entry ``b`` is derived from ``a``, ``c`` from ``b``."""
    async with table(tmp_path) as one:
        await one.know("why does it fail?", name="a")
        before = await image(one, A)
        async with one.desk.records.begin() as work:
            await add(work, replace(before, id=B, derived_from=(A,)), because(one, "accept:1", "m1"))
            await add(work, replace(before, id=C, derived_from=(B,)), because(one, "accept:2"))
        yield one


def because(desk: Table, job: str, *messages: str) -> Because:
    desk.clock.pass_s(1)
    return Because(f"{job} says so", job, desk.clock.now(), tuple(MessageId(m) for m in messages))


async def head(desk: Table, entry: EntryId) -> Revision:
    async with desk.desk.records.read() as work:
        found = await work.ledger.head(entry)
    assert found is not None
    return found


async def image(desk: Table, entry: EntryId) -> KnowledgeEntry:
    return (await head(desk, entry)).after


async def statuses(desk: Table) -> tuple[EntryStatus, ...]:
    return tuple([(await image(desk, entry)).status for entry in (A, B, C)])


async def _retire(desk: Table, entry: EntryId, job: str = "hand:retire") -> None:
    async with desk.desk.records.begin() as work:
        assert await retire(work, entry, because(desk, job))


async def _undo(desk: Table, entry: EntryId, job: str = "hand:retire") -> None:
    async with desk.desk.records.begin() as work:
        assert await take_back(work, entry, because(desk, job))


async def test_a_retired_source_takes_everything_derived_from_it_out_and_says_why(desk: Table) -> None:
    await _retire(desk, A)
    assert await statuses(desk) == (RETIRED, CANDIDATE, CANDIDATE)
    b = await head(desk, B)
    assert b.why == "a, which it is derived from, was withdrawn: hand:retire says so"
    assert b.from_messages == ("m1",)
    assert (await head(desk, C)).why.startswith("b, which it is derived from, was withdrawn: a, which")
    await desk.desk.projector.flush()
    async with desk.desk.records.read() as work:
        heads = await work.ledger.heads(None, 10)
    assert dict(await desk.desk.store.inventory()) == {one.subject_id: one.n for one in heads}


async def test_what_waits_comes_back_when_the_change_of_its_source_is_undone(desk: Table) -> None:
    before = [await image(desk, entry) for entry in (A, B, C)]
    await _retire(desk, A)
    await _undo(desk, A)
    assert [await image(desk, entry) for entry in (A, B, C)] == before
    assert (await head(desk, C)).change is ChangeKind.RESTORED


async def test_a_changed_answer_lets_derived_entries_wait_and_its_restoration_brings_them_back(desk: Table) -> None:
    changed = replace(await image(desk, A), answer="Use two.")
    async with desk.desk.records.begin() as work:
        await update(work, changed, because(desk, "review:1"))
    assert await statuses(desk) == (ACTIVE, CANDIDATE, CANDIDATE)
    async with desk.desk.records.begin() as work:
        assert await restore(work, A, 1, because(desk, "hand:restore"))
    assert await statuses(desk) == (ACTIVE, ACTIVE, ACTIVE)


async def test_other_words_and_confirmations_of_a_source_disturb_nobody(desk: Table) -> None:
    known = await image(desk, A)
    async with desk.desk.records.begin() as work:
        await update(work, replace(known, question="why is it slow?", audience=SHARED), because(desk, "extract:1"))
        await confirm(work, A, because(desk, "extract:2"))
    assert await statuses(desk) == (ACTIVE, ACTIVE, ACTIVE)


async def test_a_source_that_fewer_may_see_takes_out_what_is_derived_from_it(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        narrowed = replace(await image(desk, A), audience=Audience.customer("T1"))
        await update(work, narrowed, because(desk, "extract:1"))
    assert await statuses(desk) == (ACTIVE, CANDIDATE, CANDIDATE)


async def test_an_approved_entry_stays_whatever_its_source_is_now_and_frees_what_is_derived_from_it(
    desk: Table,
) -> None:
    await _retire(desk, A)
    async with desk.desk.records.begin() as work:
        assert await approve(work, B, because(desk, "hand:approve"))
        assert await approve(work, B, because(desk, "hand:approve")) is None
    assert await statuses(desk) == (RETIRED, ACTIVE, ACTIVE)
    await _undo(desk, A)
    assert await statuses(desk) == (ACTIVE, ACTIVE, ACTIVE)


async def test_an_entry_waits_until_all_its_sources_stand(desk: Table) -> None:
    other = EntryId("other")
    async with desk.desk.records.begin() as work:
        await add(work, replace(await image(desk, A), id=other), because(desk, "test:1"))
        await update(work, replace(await image(desk, B), derived_from=(A, other)), because(desk, "test:2"))
    await _retire(desk, A)
    await _retire(desk, other)
    async with desk.desk.records.read() as work:
        assert {one.source for one in holds(await work.ledger.history(B))} == {A, other}
    await _undo(desk, A)
    assert (await image(desk, B)).status is CANDIDATE
    await _undo(desk, other)
    assert (await image(desk, B)).status is ACTIVE


async def test_a_candidate_in_its_own_right_is_not_let_in_by_its_source(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        await update(work, replace(await image(desk, B), status=CANDIDATE), because(desk, "extract:1"))
    await _retire(desk, A)
    await _undo(desk, A)
    assert (await image(desk, B)).status is CANDIDATE


async def test_what_was_written_anew_while_it_waited_is_not_let_in_by_its_source(desk: Table) -> None:
    await _retire(desk, A)
    async with desk.desk.records.begin() as work:
        await update(work, replace(await image(desk, B), answer="Use one."), because(desk, "review:1"))
    await _undo(desk, A)
    assert (await image(desk, B)).status is CANDIDATE


async def test_a_job_can_still_be_undone_while_its_entry_waits(desk: Table) -> None:
    before = await image(desk, B)
    async with desk.desk.records.begin() as work:
        await update(work, replace(before, answer="Use one."), because(desk, "review:1"))
    await _retire(desk, A)
    await _undo(desk, B, "review:1")
    assert await image(desk, B) == replace(before, status=CANDIDATE)
    await _undo(desk, A)
    assert await image(desk, B) == before


async def test_what_comes_back_from_retirement_waits_for_what_changed_meanwhile(desk: Table) -> None:
    await _retire(desk, B)
    await _retire(desk, A)
    await _undo(desk, B)
    assert (await image(desk, B)).status is CANDIDATE
    await _undo(desk, A)
    assert await statuses(desk) == (ACTIVE, ACTIVE, ACTIVE)


async def test_entries_derived_from_each_other_come_to_rest(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        await update(work, replace(await image(desk, A), derived_from=(C,)), because(desk, "test:1"))
    await _retire(desk, A)
    assert await statuses(desk) == (RETIRED, CANDIDATE, CANDIDATE)


async def test_a_revision_that_is_not_there_cannot_be_restored(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        for n in (0, 2):
            with pytest.raises(CallerError, match="has 1 revisions"):
                await restore(work, A, n, because(desk, "hand:restore"))
        assert await restore(work, A, 1, because(desk, "hand:restore")) is None


@pytest.mark.parametrize("job", ["quarantine:", "quarantine:a", "quarantine:a:0", "quarantine:a:-1", "quarantine:a:x"])
async def test_a_job_that_only_looks_like_a_quarantine_holds_nothing(desk: Table, job: str) -> None:
    async with desk.desk.records.begin() as work:
        await update(work, replace(await image(desk, B), status=CANDIDATE), because(desk, job))
        assert holds(await work.ledger.history(B)) == []
