"""What analysts do by hand goes through the ledger and can be undone (DESIGN 6, 7)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.desk.by_hand import (
    IfKnown,
    Written,
    add_by_hand,
    approve_by_hand,
    reject_by_hand,
    restore_by_hand,
    retire_by_hand,
)
from core.domain.cards import CardState
from core.domain.errors import CallerError
from core.domain.ids import EntryId
from core.domain.knowledge import SHARED, Audience, ChangeKind, EntryStatus, Revision
from core.knowledge.ledger import Because, add, take_back, update
from core.session.lifecycle import message_id
from tests.unit.desk.support import CHANNEL, KNOWN, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"
OTHER = "How do I rotate the signing certificate every night?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


async def _head(desk: Table, entry: EntryId) -> Revision:
    async with desk.desk.records.read() as work:
        head = await work.ledger.head(entry)
    assert head is not None
    return head


async def _projected(desk: Table) -> bool:
    """Whether the store is at the ledger's heads."""
    async with desk.desk.records.read() as work:
        heads = await work.ledger.heads(None, 100)
    return dict(await desk.desk.store.inventory()) == {one.subject_id: one.n for one in heads}


def written(question: str = OTHER, answer: str = "Call `rotate` from a timer.", **more: object) -> Written:
    return replace(Written(question, answer, "", SHARED), **more)  # type: ignore[arg-type] # by name


async def test_what_is_written_by_hand_is_answered_from(desk: Table) -> None:
    added = await add_by_hand(written(conditions="with the Go SDK"), IfKnown.TELL, desk.desk)
    head = await _head(desk, added.revision.subject_id)
    assert (head.n, head.change, head.job.partition(":")[0]) == (1, ChangeKind.ADDED, "hand")
    assert (head.after.audience, head.after.conditions) == (SHARED, "with the Go SDK")
    assert await _projected(desk)
    await desk.post(OTHER)
    await desk.wait(10)
    assert len(desk.messenger.posted) == 1


async def test_secrets_are_masked_before_anything_is_kept(desk: Table) -> None:
    secret = "AKIA" + "IOSFODNN7EXAMPLQ"
    added = await add_by_hand(written(answer=f"Use the access key {secret} there."), IfKnown.TELL, desk.desk)
    assert secret not in added.revision.after.answer


@pytest.mark.parametrize("texts", [{"question": "  "}, {"answer": ""}])
async def test_an_entry_needs_a_question_and_an_answer(desk: Table, texts: dict[str, str]) -> None:
    with pytest.raises(CallerError, match="question and an answer"):
        await add_by_hand(written(**texts), IfKnown.TELL, desk.desk)


async def test_what_would_have_expired_is_refused(desk: Table) -> None:
    with pytest.raises(CallerError, match="expired already"):
        await add_by_hand(written(expires_at=desk.clock.at - timedelta(days=1)), IfKnown.TELL, desk.desk)


async def test_the_same_text_twice_is_told(desk: Table) -> None:
    added = await add_by_hand(written(), IfKnown.TELL, desk.desk)
    with pytest.raises(CallerError, match=f"This is entry {added.revision.subject_id[:8]} already"):
        await add_by_hand(written(), IfKnown.BESIDE, desk.desk)
    await retire_by_hand(added.revision.subject_id, "", desk.desk)
    again = await add_by_hand(written(), IfKnown.TELL, desk.desk)
    assert (again.revision.n, again.revision.change) == (3, ChangeKind.RESTORED)


async def test_what_an_entry_says_already_is_told_and_confirmed_when_asked_for(desk: Table) -> None:
    known = await desk.know(ASKED)
    with pytest.raises(CallerError, match="Entry known says the same: --if-known merge confirms it"):
        await add_by_hand(written(ASKED, KNOWN), IfKnown.TELL, desk.desk)
    assert (await _head(desk, known)).n == 1
    merged = await add_by_hand(written(ASKED, KNOWN), IfKnown.MERGE, desk.desk)
    assert (merged.revision.subject_id, merged.revision.change) == (known, ChangeKind.CONFIRMED)
    beside = await add_by_hand(written(ASKED, KNOWN), IfKnown.BESIDE, desk.desk)
    assert beside.revision.change is ChangeKind.ADDED


async def test_a_contrary_answer_is_told_and_replaces_the_known_one_when_asked_for(desk: Table) -> None:
    known = await desk.know(ASKED, "You must enable retries in the client.")
    contrary = written(ASKED, "You must not enable retries in the client.")
    with pytest.raises(CallerError, match="Entry known says the contrary: --if-known merge replaces its answer"):
        await add_by_hand(contrary, IfKnown.TELL, desk.desk)
    await add_by_hand(contrary, IfKnown.MERGE, desk.desk)
    head = await _head(desk, known)
    assert (head.change, head.after.answer) == (ChangeKind.UPDATED, contrary.answer)
    assert (await restore_by_hand(known, 1, desk.desk)).after.answer == "You must enable retries in the client."


async def test_entries_of_another_audience_are_no_neighbours(desk: Table) -> None:
    await desk.know(ASKED, audience=Audience.customer("T1"))
    added = await add_by_hand(written(ASKED, KNOWN), IfKnown.TELL, desk.desk)
    assert added.revision.change is ChangeKind.ADDED


async def test_retiring_by_hand_withdraws_the_card_and_restoring_brings_both_back(desk: Table) -> None:
    known = await desk.know(ASKED)
    await desk.post(ASKED)
    await desk.wait(10)
    (card,) = desk.messenger.posted
    retired = await retire_by_hand(known, "wrong since 3.0", desk.desk)
    assert (retired.why, retired.change) == ("wrong since 3.0", ChangeKind.RETIRED)
    assert await _projected(desk)
    await desk.wait(1)
    assert desk.messenger.posted[card].state is CardState.WITHDRAWN
    with pytest.raises(CallerError, match="retired already"):
        await retire_by_hand(known, "", desk.desk)
    assert (await restore_by_hand(known, None, desk.desk)).after.status is EntryStatus.ACTIVE
    await desk.wait(1)
    assert desk.messenger.posted[card].state is CardState.POSTED
    assert await _projected(desk)


async def test_each_act_by_hand_is_a_job_that_can_be_taken_back(desk: Table) -> None:
    known = await desk.know(ASKED)
    jobs = []
    for _ in range(2):
        jobs.append((await retire_by_hand(known, "", desk.desk)).job)
        async with desk.desk.records.begin() as work:
            assert await take_back(work, known, Because("undone", jobs[-1], desk.clock.at))
        desk.clock.pass_s(1)
    assert len(set(jobs)) == 2


async def test_restoring_what_is_so_already_or_never_was_is_refused(desk: Table) -> None:
    known = await desk.know(ASKED)
    with pytest.raises(CallerError, match="nothing was changed"):
        await restore_by_hand(known, 1, desk.desk)
    for n in (None, 0, 7):
        with pytest.raises(CallerError, match="Name a revision from 1 to 1"):
            await restore_by_hand(known, n, desk.desk)


async def test_what_was_learned_from_a_deleted_message_does_not_come_back(desk: Table) -> None:
    ts = await desk.post("Set `part_size=64`.")
    message = message_id(CHANNEL.key, ts)
    known = await desk.know(ASKED)
    image = (await _head(desk, known)).after
    async with desk.desk.records.begin() as work:
        because = Because("learned", "extract:1", desk.clock.at, (message,))
        await add(work, replace(image, id=EntryId("taught")), because)
    await desk.delete(ts)
    with pytest.raises(CallerError, match="a message that was deleted since"):
        await restore_by_hand(EntryId("taught"), 1, desk.desk)


async def test_a_candidate_is_approved_or_rejected_and_nothing_else_is(desk: Table) -> None:
    for name in ("one", "two"):
        image = (await _head(desk, await desk.know(f"{ASKED} {name}", name=name))).after
        async with desk.desk.records.begin() as work:
            await update(
                work, replace(image, status=EntryStatus.CANDIDATE), Because("waits", "extract:1", desk.clock.at)
            )
    assert (await approve_by_hand(EntryId("one"), desk.desk)).after.status is EntryStatus.ACTIVE
    assert (await reject_by_hand(EntryId("two"), "no", desk.desk)).after.status is EntryStatus.RETIRED
    assert await _projected(desk)
    for name in ("one", "two"):
        with pytest.raises(CallerError, match="is no candidate"):
            await approve_by_hand(EntryId(name), desk.desk)
        with pytest.raises(CallerError, match="is no candidate"):
            await reject_by_hand(EntryId(name), "", desk.desk)
