"""What one person may teach in a day; what is over that waits and is not lost (DESIGN 6)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.desk.caps import OVER_CAP, next_day, within_caps
from core.domain.ids import SessionId
from core.domain.jobs import Job, Lane
from core.domain.knowledge import Revision
from core.domain.people import Role
from core.domain.sessions import QuestionState
from core.domain.tasks import ExtractInput, Extraction
from tests.unit.desk.support import ANALYST, Table, table
from tests.unit.desk.test_learn import lesson

TOPICS = ("uploads of parts fail", "certificates expire at night", "lists of folders are empty")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, lessons_per_day=2) as one:
        one.clock.advance(one.clock.at.replace(hour=9, minute=0))
        yield one


def own_fix(inputs: ExtractInput) -> Extraction:
    """The requester's last message as the solution; each dialogue another one."""
    said = [line.text for line in inputs.dialogue if line.role is Role.REQUESTER][-1]
    return lesson(inputs, said, Role.REQUESTER, object=said, symptom=inputs.question)


async def _threads(desk: Table, count: int = 3) -> None:
    """Threads in which the requester finds the solution; an analyst only looks in."""
    for topic in TOPICS[:count]:
        root = await desk.post(f"why do the {topic}?")
        await desk.post("let me check", ANALYST, thread=root)
        desk.clock.pass_s(30)
        await desk.post(f"found it: the {topic} because of the {topic.split()[0]} setting", thread=root)
        desk.clock.pass_s(400)


async def _heads(desk: Table) -> list[Revision]:
    async with desk.desk.records.read() as work:
        return await work.ledger.heads(None, 100)


async def _waiting(desk: Table) -> list[Job]:
    async with desk.desk.records.read() as work:
        return await work.owners.listing(Lane.LEARN)


async def test_what_a_requester_teaches_beyond_the_cap_waits_for_the_next_day(desk: Table) -> None:
    desk.engine.says["extract"] = own_fix
    await _threads(desk)
    await desk.wait(3600)
    assert len(await _heads(desk)) == 2
    (job,) = await _waiting(desk)
    assert (job.run_at, job.reason, job.attempts) == (next_day(desk.clock.at), OVER_CAP, 0)
    await desk.wait(16 * 3600)
    assert len(await _heads(desk)) == 3
    assert await _waiting(desk) == []


async def test_a_question_whose_lesson_waits_is_not_given_up(desk: Table) -> None:
    desk.engine.says["extract"] = own_fix
    await _threads(desk)
    await desk.wait(3600)
    (job,) = await _waiting(desk)
    (question,) = await desk.questions(SessionId(job.key))
    assert (question.state, question.tries) == (QuestionState.OPEN, 0)


async def test_a_later_run_on_the_same_question_is_no_second_lesson(desk: Table) -> None:
    desk.engine.says["extract"] = own_fix
    await _threads(desk, 2)
    await desk.wait(700)
    first, second = await _heads(desk)
    async with desk.desk.records.read() as work:
        said = await work.messages.get(first.from_messages[0])
        again = [("again", first.job, said), ("new", "extract:new", said), ("other", second.job, said)]
        assert await within_caps(work, again, desk.desk.policy, desk.clock.at) == ["again", "other"]
        assert await within_caps(work, again, desk.desk.policy, next_day(desk.clock.at)) == ["again", "new"]


async def test_what_somebody_has_taught_in_a_newer_export_leaves_the_days_of_an_older_one_free(desk: Table) -> None:
    desk.engine.says["extract"] = own_fix
    await _threads(desk, 2)
    await desk.wait(700)
    first, second = await _heads(desk)
    async with desk.desk.records.read() as work:
        said = await work.messages.get(first.from_messages[0])
        new = [(name, f"extract:{name}", said) for name in ("one", "two", "three")]
        midnight = next_day(desk.clock.at) - timedelta(days=1)
        before = midnight - timedelta(microseconds=1)
        assert await within_caps(work, new, desk.desk.policy, before) == ["one", "two"]
        assert await within_caps(work, new, desk.desk.policy, midnight) == []
    assert {first.at.date(), second.at.date()} == {midnight.date()}


async def test_analysts_have_no_cap(desk: Table) -> None:
    desk.engine.says["extract"] = lambda inputs: lesson(
        inputs, [line.text for line in inputs.dialogue if line.role is Role.ANALYST][-1], object=inputs.question
    )
    for topic in TOPICS:
        root = await desk.post(f"why do the {topic}?")
        await desk.post(f"Set the option for {topic.split()[0]} to one.", ANALYST, thread=root)
        desk.clock.pass_s(400)
    await desk.wait(3600)
    assert len(await _heads(desk)) == 3


def test_the_next_day_begins_at_midnight_utc() -> None:
    from tests.fakes.clock import FakeClock

    now = FakeClock().now().replace(hour=23, minute=59)
    assert next_day(now) - now == timedelta(minutes=1) - timedelta(seconds=now.second, microseconds=now.microsecond)
