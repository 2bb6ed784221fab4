"""Promise 5: everything learned can be seen, traced to its source, corrected and undone."""

from core.desk.by_hand import restore_by_hand, retire_by_hand
from core.domain.knowledge import ChangeKind, EntryStatus, Revision
from core.domain.tasks import ExtractInput, Extraction, Lesson
from core.session.lifecycle import message_id
from tests.fakes.replayed import Replayed
from tests.promises.conftest import UNKNOWN
from tests.unit.desk.support import ANALYST, CHANNEL, Table

SAID = "Fly a plane for a thousand hours first."


def _lesson(inputs: ExtractInput) -> Extraction:
    source = next(line.id for line in inputs.dialogue if line.text in (SAID, SAID.upper()))
    said = next(line.text for line in inputs.dialogue if line.id == source)
    return Extraction(Lesson("astronaut", "become", "", said, (), (source,), None, confirmed=False, confidence=1.0))


async def _learned(desk: Table) -> tuple[str, Revision]:
    """The message that taught, and what it became."""
    desk.engine.says["extract"] = _lesson
    root = await desk.post(UNKNOWN)
    desk.clock.pass_s(60)
    taught = await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(1500)
    return taught, (await _history(desk))[-1]


async def _history(desk: Table) -> list[Revision]:
    async with desk.desk.records.read() as work:
        heads = await work.ledger.heads(None, 10)
        (mine,) = [head.subject_id for head in heads if head.subject_id != "known"]
        return await work.ledger.history(mine)


async def _answers(desk: Table) -> int:
    """Whether a newcomer is answered from it now."""
    before = len(desk.messenger.posted)
    await desk.post(UNKNOWN)
    await desk.wait(60)
    return len(desk.messenger.posted) - before


async def test_a_lesson_is_seen_with_its_reason_and_traced_to_the_message_that_taught_it(desk: Table) -> None:
    taught, head = await _learned(desk)
    assert (head.change, head.after.answer, bool(head.why)) == (ChangeKind.ADDED, SAID, True)
    assert message_id(CHANNEL.key, taught) in head.from_messages
    async with desk.desk.records.read() as work:
        assert head.subject_id in await work.projections.learned_from(message_id(CHANNEL.key, taught))


async def test_it_is_corrected_when_its_source_is(desk: Table) -> None:
    taught, head = await _learned(desk)
    await desk.edit(taught, SAID.upper())
    await desk.wait(1500)
    history = await _history(desk)
    assert (history[-1].subject_id, history[-1].after.answer) == (head.subject_id, SAID.upper())
    assert history[0].after.answer == SAID, "what it said before is kept"


async def test_it_goes_with_its_source(desk: Table) -> None:
    taught, _ = await _learned(desk)
    assert await _answers(desk) == 1
    await desk.delete(taught)
    await desk.wait(60)
    assert (await _history(desk))[-1].after.status is EntryStatus.RETIRED
    assert await _answers(desk) == 0


async def test_what_is_undone_leaves_retrieval_and_comes_back_as_it_was(desk: Table) -> None:
    _, head = await _learned(desk)
    await retire_by_hand(head.subject_id, "it is not so", desk.desk)
    assert await _answers(desk) == 0
    assert (await _history(desk))[-1].why
    await restore_by_hand(head.subject_id, 1, desk.desk)
    assert await _answers(desk) == 1
    assert [one.n for one in await _history(desk)] == [1, 2, 3], "nothing of its life is lost"


def test_in_the_example_every_lesson_can_be_traced_to_what_people_wrote(acme: Replayed) -> None:
    role = {m["id"]: m["role"] for m in acme.of("message")}
    for change in acme.of("knowledge"):
        assert change["from"]
        assert change["reason"]
        assert {role[m] for m in change["from"]} <= {"analyst", "requester"}
