"""What happens between the question and the card: the requester writes on, an analyst is quicker, time passes (DESIGN 5)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.domain.sessions import Delivery, Outcome, QuestionClass, QuestionState
from core.domain.tasks import Identified, IdentifyInput, Rewriting, Rewritten
from tests.unit.desk.support import ANALYST, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"
SAID = "Use four connections at most, the limit is per connection."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, send_delay_s=4.0) as one:
        await one.know(ASKED)
        yield one


async def test_a_message_that_comes_while_a_step_runs_ends_the_run_and_joins_the_next(desk: Table) -> None:
    ts = await desk.post(ASKED)

    async def meanwhile(_: IdentifyInput) -> Identified:
        del desk.engine.says["identify"]
        await desk.post("it is the python sdk", thread=ts)
        return Identified(QuestionClass.WITHIN_SCOPE, "told so", 1.0)

    desk.engine.says["identify"] = meanwhile
    await desk.wait(20)
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert len(turn.messages) == 2
    assert desk.engine.asked == ["identify", "identify", "rewrite", "generate"]
    assert len(desk.messenger.posted) == 1


async def test_what_others_say_while_a_step_runs_ends_nothing(desk: Table) -> None:
    ts = await desk.post(ASKED)

    async def meanwhile(_: IdentifyInput) -> Identified:
        await desk.post("hi, let me check", ANALYST, thread=ts)
        return Identified(QuestionClass.WITHIN_SCOPE, "told so", 1.0)

    desk.engine.says["identify"] = meanwhile
    await desk.wait(20)
    assert desk.engine.asked == ["identify", "rewrite", "generate"]
    assert len(desk.messenger.posted) == 1


async def test_an_old_question_is_classed_and_kept_for_learning_but_not_answered(desk: Table) -> None:
    ts = await desk.post(ASKED)
    desk.clock.pass_s(desk.desk.policy.answer_within_s + 60)
    await desk.wait(10)
    session = await desk.session_of(ts)
    (turn,) = await desk.turns(session.id)
    assert (turn.questions[0].outcome, turn.delivery) == (Outcome.STALE, Delivery.NONE)
    assert "generate" not in desk.engine.asked
    (question,) = await desk.questions(session.id)
    assert (question.class_, question.state) == (QuestionClass.WITHIN_SCOPE, QuestionState.OPEN)


async def test_a_question_that_an_analyst_answered_within_the_burst_is_left_alone(desk: Table) -> None:
    ts = await desk.post(ASKED)
    desk.clock.pass_s(1)
    await desk.post(SAID, ANALYST, thread=ts)
    await desk.wait(20)
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert (turn.questions[0].outcome, turn.delivery) == (Outcome.SILENT, Delivery.NONE)
    assert "generate" not in desk.engine.asked


async def test_the_dialogue_helps_to_find_what_a_follow_up_does_not_say(desk: Table) -> None:
    async def best(context: str, thread: str) -> float:
        desk.engine.says["rewrite"] = lambda _: Rewriting((Rewritten("why do they fail?", (), context),))
        ts = await desk.post("why do they fail?", thread=thread)
        await desk.wait(20)
        (turn,) = await desk.turns((await desk.session_of(ts)).id)
        return max(passage.score for passage in turn.questions[0].passages)

    assert await best("multipart uploads with SlowDown", "1") > await best("", "2")
