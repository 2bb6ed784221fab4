"""The driver of durable work: order, retries, parking, and cards that have become too old (DESIGN 8)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from core.desk import again, last_look, runner
from core.desk.context import Desk
from core.desk.drive import MOST_HELD, run_until
from core.domain.errors import BudgetSpentError, FinalError, TransientError, UnusableAnswerError
from core.domain.jobs import Job, JobOrder, JobState, Lane
from core.domain.sessions import Delivery, Outcome
from tests.unit.desk.support import ANALYST, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, send_delay_s=4.0) as one:
        yield one


async def _order(desk: Table, *orders: JobOrder) -> None:
    async with desk.desk.records.begin() as work:
        await work.jobs.order(desk.clock.now(), *orders)


async def _jobs(desk: Table, lane: Lane) -> list[Job]:
    async with desk.desk.records.read() as work:
        return await work.owners.listing(lane)


def _failing(monkeypatch: pytest.MonkeyPatch, lane: Lane, error: Exception) -> list[float]:
    """Let a lane fail; gives the times of its tries, by the desk's clock."""
    tried: list[float] = []

    async def fail(job: Job, desk: Desk) -> None:
        tried.append(desk.clock.now().timestamp())
        raise error

    monkeypatch.setitem(runner.HANDLERS, lane, fail)
    return tried


def _recorded(monkeypatch: pytest.MonkeyPatch, *lanes: Lane) -> list[tuple[Lane, str]]:
    """Let lanes only note what they are given."""
    seen: list[tuple[Lane, str]] = []

    async def note(job: Job, desk: Desk) -> None:
        seen.append((job.lane, job.key))
        async with desk.records.begin() as work:
            await work.jobs.finish(job)

    for lane in lanes:
        monkeypatch.setitem(runner.HANDLERS, lane, note)
    return seen


async def test_the_earliest_job_runs_first_whatever_its_lane(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = _recorded(monkeypatch, Lane.RESPOND, Lane.LEARN, Lane.CLOSE)
    await _order(desk, JobOrder(Lane.CLOSE, "a", 1), JobOrder(Lane.RESPOND, "a", 3), JobOrder(Lane.LEARN, "b", 2))
    await desk.wait(10)
    assert seen == [(Lane.CLOSE, "a"), (Lane.LEARN, "b"), (Lane.RESPOND, "a")]


async def test_a_job_ordered_again_moves_and_runs_once(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = _recorded(monkeypatch, Lane.RESPOND)
    await _order(desk, JobOrder(Lane.RESPOND, "a", 2, 8))
    await desk.wait(1)
    await _order(desk, JobOrder(Lane.RESPOND, "a", 2, 8))
    await desk.wait(1.5)
    assert seen == []
    await desk.wait(1)
    assert seen == [(Lane.RESPOND, "a")]


async def test_however_often_it_is_ordered_it_runs_by_its_latest_time(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = _recorded(monkeypatch, Lane.RESPOND)
    for _ in range(7):
        await _order(desk, JobOrder(Lane.RESPOND, "a", 2, 8))
        await desk.wait(1)
    assert seen == []
    await _order(desk, JobOrder(Lane.RESPOND, "a", 2, 8))
    await desk.wait(1)
    assert seen == [(Lane.RESPOND, "a")]


async def test_a_transient_failure_is_tried_again_until_it_is_over(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = _failing(monkeypatch, Lane.CLOSE, TransientError("The store is busy."))
    await _order(desk, JobOrder(Lane.CLOSE, "a"))
    await desk.wait(3000)
    assert [round(later - before) for before, later in pairwise(tried)] == [10, 40, 160, 640, 640, 640, 640]
    (job,) = await _jobs(desk, Lane.CLOSE)
    assert (job.state, job.reason) == (JobState.READY, "The store is busy.")
    seen = _recorded(monkeypatch, Lane.CLOSE)
    await desk.wait(640)
    assert seen == [(Lane.CLOSE, "a")]


async def test_orders_that_come_while_a_job_runs_are_not_counted_as_failures(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ordered_meanwhile(job: Job, desk_: Desk) -> None:
        await _order(desk, JobOrder(Lane.CLOSE, "a", 1))
        async with desk_.records.begin() as work:
            await work.jobs.finish(job)

    monkeypatch.setitem(runner.HANDLERS, Lane.CLOSE, ordered_meanwhile)
    await _order(desk, JobOrder(Lane.CLOSE, "a"))
    await desk.wait(20)
    tried = _failing(monkeypatch, Lane.CLOSE, KeyError("once"))
    await desk.wait(2)
    _recorded(monkeypatch, Lane.CLOSE)
    await desk.wait(again.FIRST_RETRY_S)
    assert len(tried) == 1
    assert await _jobs(desk, Lane.CLOSE) == []


async def test_what_the_other_side_asks_to_wait_is_waited(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = _failing(monkeypatch, Lane.CLOSE, TransientError("Too many calls.", retry_after_s=33))
    await _order(desk, JobOrder(Lane.CLOSE, "a"))
    await desk.wait(50)
    assert round(tried[1] - tried[0]) == 33


async def test_a_final_failure_is_parked_at_once(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = _failing(monkeypatch, Lane.CLOSE, FinalError("The disk is gone."))
    await _order(desk, JobOrder(Lane.CLOSE, "a"))
    await desk.wait(1000)
    assert len(tried) == 1
    assert [job.reason for job in await _jobs(desk, Lane.CLOSE)] == ["The disk is gone."]


async def test_an_error_nobody_foresaw_is_tried_again_and_parked_without_its_text(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = _failing(monkeypatch, Lane.CLOSE, KeyError("a customer's text"))
    await _order(desk, JobOrder(Lane.CLOSE, "a"))
    await desk.wait(10_000)
    assert len(tried) == again.MOST_ATTEMPTS
    assert [job.reason for job in await _jobs(desk, Lane.CLOSE)] == [runner.GAVE_UP]


async def test_a_parked_job_holds_no_other_lane_up_and_runs_when_ordered_anew(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    _failing(monkeypatch, Lane.CLOSE, FinalError("No."))
    seen = _recorded(monkeypatch, Lane.LEARN)
    await _order(desk, JobOrder(Lane.CLOSE, "a"), JobOrder(Lane.LEARN, "a", 1))
    await desk.wait(5)
    assert seen == [(Lane.LEARN, "a")]
    seen = _recorded(monkeypatch, Lane.CLOSE)
    await _order(desk, JobOrder(Lane.CLOSE, "a"))
    await desk.wait(5)
    assert seen == [(Lane.CLOSE, "a")]
    assert await _jobs(desk, Lane.CLOSE) == []


async def test_an_order_that_comes_while_the_job_runs_is_not_lost(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    async def ordered_meanwhile(job: Job, desk_: Desk) -> None:
        seen.append(job.generation)
        if len(seen) == 1:
            await _order(desk, JobOrder(Lane.CLOSE, "a", 1))
        async with desk_.records.begin() as work:
            await work.jobs.finish(job)

    monkeypatch.setitem(runner.HANDLERS, Lane.CLOSE, ordered_meanwhile)
    await _order(desk, JobOrder(Lane.CLOSE, "a"))
    await desk.wait(5)
    assert seen == [1, 2]
    assert await _jobs(desk, Lane.CLOSE) == []


async def test_a_card_that_could_not_go_in_time_is_stale(desk: Table) -> None:
    desk.messenger.failures = [TransientError("Slow down.", retry_after_s=300)] * 3
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(2000)
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert (turn.delivery, turn.delivery_reason) == (Delivery.DROPPED, last_look.TOO_OLD)
    assert turn.questions[0].outcome is Outcome.STALE
    assert desk.messenger.posted == {}


async def test_an_analyst_who_answers_while_the_platform_is_busy_is_not_talked_over(desk: Table) -> None:
    desk.messenger.failures = [TransientError("Slow down.", retry_after_s=60)]
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    await desk.wait(10)
    await desk.post("Use four connections at most, the limit is per connection.", ANALYST, thread=ts)
    await desk.wait(100)
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert (turn.delivery_reason, desk.messenger.posted) == (last_look.HUMAN_FIRST, {})


async def test_an_old_question_is_looked_at_but_not_answered(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post(ASKED)
    desk.clock.pass_s(700)
    await desk.wait(10)
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert turn.questions[0].outcome is Outcome.STALE
    assert desk.messenger.posted == {}


async def test_an_edited_question_is_answered_as_it_reads_now(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post("why do multipart uplods")
    desk.clock.pass_s(1)
    await desk.edit(ts, ASKED)
    await desk.wait(20)
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert (turn.delivery, turn.questions[0].query) == (Delivery.SENT, ASKED)


async def test_asked_directly_a_card_goes_even_after_an_analyst(desk: Table) -> None:
    await desk.know(ASKED)
    ts = await desk.post(ASKED, direct=True)
    await desk.wait(3)
    await desk.post("Use four connections at most, the limit is per connection.", ANALYST, thread=ts)
    await desk.wait(10)
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert turn.delivery is Delivery.SENT


async def test_a_message_that_comes_while_vigil_thinks_is_answered_with_the_first(desk: Table) -> None:
    await desk.know(ASKED)
    said: list[str] = []

    async def write_on() -> None:
        if not said:
            said.append(await desk.post("python sdk by the way", thread=ts))

    ts = await desk.post(ASKED)
    real = desk.engine.perform

    async def slowly(request: object) -> object:
        await write_on()
        return await real(request)  # type: ignore[arg-type]  # handed through as it came

    desk.engine.perform = slowly  # type: ignore[method-assign, assignment]  # this one engine writes on first
    await desk.wait(20)
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert len(turn.messages) == 2
    assert turn.at - timedelta(seconds=2) >= (await desk.messages(turn.session))[0].at


async def test_a_runner_that_does_not_park_stops_and_the_next_one_runs_the_job(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as failing:
        _failing(failing, Lane.LEARN, FinalError("the disk is full"))
        await _order(desk, JobOrder(Lane.LEARN, "a"))
        with pytest.raises(FinalError, match="the disk is full"):
            await runner.Runner(desk.desk, parks=False).run_due(desk.clock.now())
    seen = _recorded(monkeypatch, Lane.LEARN)
    async with desk.desk.records.begin() as work:
        await work.owners.release("the next process")
    await desk.runner.run_due(desk.clock.now())
    assert seen == [(Lane.LEARN, "a")]


async def test_an_answer_that_is_none_is_asked_for_a_few_times_and_then_given_up_with_its_sentence(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = _failing(monkeypatch, Lane.LEARN, UnusableAnswerError("The model gave no lesson."))
    await _order(desk, JobOrder(Lane.LEARN, "a"))
    await desk.wait(10_000)
    assert len(tried) == again.MOST_ATTEMPTS
    (job,) = await _jobs(desk, Lane.LEARN)
    assert (job.state, job.reason) == (JobState.PARKED, "The model gave no lesson.")


async def test_an_outage_before_it_does_not_use_up_its_tries(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, Lane.LEARN, TransientError("down"))
    await _order(desk, JobOrder(Lane.LEARN, "a"))
    await desk.wait(10_000)
    tried = _failing(monkeypatch, Lane.LEARN, UnusableAnswerError("The model gave no lesson."))
    await desk.wait(10_000)
    assert len(tried) == 2
    assert [job.state for job in await _jobs(desk, Lane.LEARN)] == [JobState.PARKED]


async def test_a_spent_budget_waits_for_the_next_day_and_is_no_try(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = _failing(monkeypatch, Lane.LEARN, BudgetSpentError("spent", retry_after_s=40_000))
    await _order(desk, JobOrder(Lane.LEARN, "a"))
    await desk.wait(250_000)
    assert [round(later - before) for before, later in pairwise(tried)] == [40_000] * 6
    assert [(job.state, job.attempts) for job in await _jobs(desk, Lane.LEARN)] == [(JobState.READY, 0)]


async def test_draining_ends_where_nothing_but_an_outage_is_left_and_goes_on_when_it_is_over(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = _recorded(monkeypatch, Lane.CLOSE)
    tried = _failing(monkeypatch, Lane.LEARN, TransientError("down"))
    await _order(desk, JobOrder(Lane.LEARN, "a"), JobOrder(Lane.CLOSE, "a", 200_000))
    await run_until(None, desk.runner, desk.clock)
    assert tried[-1] - tried[0] == pytest.approx(MOST_HELD.total_seconds(), abs=700)
    assert (desk.runner.held_since is not None, seen) == (True, [])
    seen = _recorded(monkeypatch, Lane.LEARN, Lane.CLOSE)
    restarted = runner.Runner(desk.desk)
    await run_until(None, restarted, desk.clock)
    assert (restarted.held_since, seen) == (None, [(Lane.LEARN, "a"), (Lane.CLOSE, "a")])
