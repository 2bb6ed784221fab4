"""What a dialogue teaches, and what takes a lesson back (DESIGN 6)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.domain.channels import Channel, ChannelRef, ChannelSettings
from core.domain.errors import FinalError, TransientError
from core.domain.jobs import JobState, Lane
from core.domain.knowledge import INTERNAL, SHARED, ChangeKind, EntryStatus, Revision
from core.domain.people import Person, Role
from core.domain.sessions import QuestionClass, QuestionState
from core.domain.tasks import ExtractInput, Extraction, Identified, Lesson, NotKnownYet
from tests.unit.desk.support import ANALYST, BOT, CHANNEL, CUSTOMER, HOME, OTHER, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"
INSIDE = ChannelRef("slack", HOME, "C3")
SAID = "Use four connections at most, the limit is per connection."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


def lesson(inputs: ExtractInput, answer: str = SAID, role: Role = Role.ANALYST, **more: Any) -> Extraction:
    """The last message of a role as the definitive solution."""
    source = [line.id for line in inputs.dialogue if line.role is role][-1:]
    base = Lesson("SlowDown", "uploads fail", "", answer, (), tuple(source), None, confirmed=False, confidence=1.0)
    return Extraction(replace(base, **more))


async def _thread(desk: Table, author: Person = ANALYST, text: str = SAID) -> tuple[str, str]:
    root = await desk.post(ASKED)
    desk.clock.pass_s(60)
    answer = await desk.post(text, author, thread=root)
    return root, answer


async def _ledger(desk: Table) -> list[Revision]:
    async with desk.desk.records.read() as work:
        return await work.ledger.heads(None, 100)


async def test_a_definitive_answer_is_learned_once_the_thread_settles(desk: Table) -> None:
    desk.engine.says["extract"] = lesson
    root, _ = await _thread(desk)
    await desk.wait(500)
    assert await _ledger(desk) == []
    await desk.wait(200)
    (head,) = await _ledger(desk)
    assert (head.change, head.after.answer, head.after.audience.value) == (ChangeKind.ADDED, SAID, "shared")
    (question,) = await desk.questions((await desk.session_of(root)).id)
    assert question.state is QuestionState.RESOLVED
    assert dict(await desk.desk.store.inventory()) == {head.subject_id: 1}


async def test_a_later_run_revises_and_never_adds_a_second_copy(desk: Table) -> None:
    desk.engine.says["extract"] = lesson
    root, _ = await _thread(desk)
    await desk.wait(700)
    desk.engine.says["extract"] = lambda inputs: lesson(inputs, answer="Use two connections at most.")
    await desk.post("Use two connections at most.", ANALYST, thread=root)
    await desk.wait(700)
    (head,) = await _ledger(desk)
    assert (head.n, head.change, head.after.answer) == (2, ChangeKind.UPDATED, "Use two connections at most.")


async def test_what_the_dialogue_no_longer_carries_is_retired(desk: Table) -> None:
    desk.engine.says["extract"] = lesson
    root, _ = await _thread(desk)
    await desk.wait(700)
    desk.engine.says["extract"] = lambda _: Extraction(NotKnownYet("it did not help"))
    await desk.post("that did not help", thread=root)
    await desk.wait(700)
    (head,) = await _ledger(desk)
    assert head.after.status is EntryStatus.RETIRED


async def test_a_deleted_source_leaves_retrieval_at_once(desk: Table) -> None:
    desk.engine.says["extract"] = lesson
    _, answer = await _thread(desk)
    await desk.wait(700)
    desk.engine.says["extract"] = lambda _: Extraction(NotKnownYet("nobody has answered"))
    await desk.delete(answer)
    (head,) = await _ledger(desk)
    assert (head.change, head.after.status) == (ChangeKind.RETIRED, EntryStatus.RETIRED)


async def test_an_edited_source_is_read_again(desk: Table) -> None:
    desk.engine.says["extract"] = lambda i: lesson(
        i, answer=[line.text for line in i.dialogue if line.role is Role.ANALYST][-1]
    )
    _, answer = await _thread(desk)
    await desk.wait(700)
    await desk.edit(answer, "Use eight connections at most.")
    await desk.wait(10)
    (head,) = await _ledger(desk)
    assert (head.n, head.after.answer) == (2, "Use eight connections at most.")


async def test_not_known_yet_is_tried_three_times_and_once_at_close(desk: Table) -> None:
    root, _ = await _thread(desk)
    for _ in range(5):
        await desk.wait(700)
        await desk.post("any news?", ANALYST, thread=root)
    await desk.wait(700)
    (question,) = await desk.questions((await desk.session_of(root)).id)
    assert (question.tries, desk.engine.asked.count("extract")) == (3, 3)
    await desk.wait(90_000)
    assert desk.engine.asked.count("extract") == 4
    assert (await desk.questions((await desk.session_of(root)).id))[0].state is QuestionState.UNRESOLVED


async def test_a_presumed_analyst_teaches_only_what_the_requester_confirms(desk: Table) -> None:
    asker, joiner = Person("U1", "Sel", HOME), Person("U2", "Dev", HOME)
    desk.engine.says["extract"] = lesson
    root = await desk.post(ASKED, asker, channel=OTHER)
    await desk.post(SAID, joiner, thread=root, channel=OTHER)
    await desk.wait(700)
    assert await _ledger(desk) == []
    desk.engine.says["extract"] = lambda i: lesson(i, confirmed=True)
    await desk.post("that worked", asker, thread=root, channel=OTHER)
    await desk.wait(700)
    assert len(await _ledger(desk)) == 1


async def test_a_requesters_own_fix_stays_with_the_customer(desk: Table) -> None:
    desk.engine.says["extract"] = lambda i: lesson(i, role=Role.REQUESTER)
    root, _ = await _thread(desk, text="let me see")
    await desk.post(f"found it: {SAID.lower()}", thread=root)
    await desk.wait(700)
    (head,) = await _ledger(desk)
    assert head.after.audience.value == f"customer:{CUSTOMER.organisation}"


async def test_a_requesters_own_fix_is_told_as_such_until_an_analyst_says_it_too(desk: Table) -> None:
    desk.engine.says["extract"] = lambda i: lesson(i, role=Role.REQUESTER)
    root, _ = await _thread(desk, text="let me see")
    await desk.post(f"found it: {SAID.lower()}", thread=root)
    await desk.wait(700)
    (head,) = await _ledger(desk)
    assert head.after.taught_by is Role.REQUESTER
    assert head.why.startswith("the requester found it")
    assert "analyst stated" not in head.why
    desk.engine.says["extract"] = lesson
    await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(700)
    (head,) = await _ledger(desk)
    assert (head.after.taught_by, head.after.audience) == (Role.ANALYST, SHARED)


async def test_nothing_is_learned_from_a_bot(desk: Table) -> None:
    desk.engine.says["extract"] = lambda i: lesson(i, role=Role.BOT)
    root, _ = await _thread(desk, text="let me see")
    await desk.post(SAID, BOT, thread=root)
    await desk.wait(700)
    assert await _ledger(desk) == []


async def test_with_approval_on_a_lesson_waits_as_a_candidate(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        channel = await work.channels.get(CHANNEL)
        await work.channels.put(replace(channel, settings=ChannelSettings(approval=True)))
    desk.engine.says["extract"] = lesson
    await _thread(desk)
    await desk.wait(700)
    (head,) = await _ledger(desk)
    assert head.after.status is EntryStatus.CANDIDATE


@pytest.mark.parametrize(
    "answer", ["Restart backup01.kim-corp.example first.", "Kim must set it.", "Use 10.20.30.40 as the proxy."]
)
async def test_what_names_the_customer_stays_with_it(desk: Table, answer: str) -> None:
    desk.engine.says["extract"] = lambda i: lesson(i, answer=answer)
    root = await desk.post(f"{ASKED} the host is backup01.kim-corp.example behind 10.20.30.40")
    await desk.post(answer, ANALYST, thread=root)
    await desk.wait(700)
    (head,) = await _ledger(desk)
    assert head.after.audience.value == f"customer:{CUSTOMER.organisation}"


NAMES_GLOBEX = "Same as for Globex last week: four connections, Farnsworth confirmed it."


async def _with_globex(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        await work.channels.put(Channel(CHANNEL, "ext-northwind", True, frozenset({"T0CUS"})))
        await work.channels.put(Channel(OTHER, "ext-globex", True, frozenset({"T0GLOBEX"})))
        await work.channels.put(Channel(INSIDE, "int-support"))
        await work.channels.see("slack", Person("UGIL", "Gil Farnsworth", "T0GLOBEX"))


@pytest.mark.parametrize("answer", [NAMES_GLOBEX, "Raise it to four and tell Farnsworth."])
@pytest.mark.parametrize("role", [Role.ANALYST, Role.REQUESTER])
async def test_what_names_another_customer_or_its_people_is_internal(desk: Table, answer: str, role: Role) -> None:
    await _with_globex(desk)
    desk.engine.says["extract"] = lambda i: lesson(i, answer=answer, role=role)
    await _thread(desk, text=answer)
    await desk.wait(700)
    (head,) = await _ledger(desk)
    assert head.after.audience == INTERNAL
    assert "globex" not in head.why.casefold()


async def test_what_names_a_customer_in_an_internal_channel_is_internal(desk: Table) -> None:
    await _with_globex(desk)
    desk.engine.says["extract"] = lambda i: lesson(i, answer=NAMES_GLOBEX, confirmed=True)
    root = await desk.post(ASKED, Person("U1", "Sel", HOME), channel=INSIDE)
    await desk.post(NAMES_GLOBEX, Person("U2", "Dev", HOME), thread=root, channel=INSIDE)
    await desk.post("that worked, thanks", Person("U1", "Sel", HOME), thread=root, channel=INSIDE)
    await desk.wait(700)
    assert [head.after.audience for head in await _ledger(desk)] == [INTERNAL]


async def test_a_question_that_is_classed_late_is_classed_once(desk: Table) -> None:
    desk.engine.says["identify"] = TransientError("down")
    root = await desk.post("what is the weather?")
    await desk.wait(10)
    desk.engine.says["identify"] = lambda _: Identified(QuestionClass.OUT_OF_SCOPE, "told so", 1.0)
    desk.engine.asked.clear()
    for _ in range(3):
        await desk.post(SAID, ANALYST, thread=root)
        await desk.wait(700)
    (question,) = await desk.questions((await desk.session_of(root)).id)
    assert (question.class_, desk.engine.asked) == (QuestionClass.OUT_OF_SCOPE, ["identify"])


async def test_a_job_that_fails_for_good_is_parked_with_its_reason(desk: Table) -> None:
    desk.engine.says["extract"] = FinalError("The model is gone: install it again.")
    await _thread(desk)
    await desk.wait(700)
    async with desk.desk.records.read() as work:
        (job,) = await work.owners.listing(Lane.LEARN)
    assert (job.state, job.reason) == (JobState.PARKED, "The model is gone: install it again.")
