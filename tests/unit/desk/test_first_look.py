"""Obvious small talk is not worth a call of a model elsewhere; everything else is."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.desk.intake import Intake
from core.desk.runner import Runner
from core.domain.events import Attachment
from core.domain.sessions import Outcome, QuestionClass
from core.domain.tasks import Identified
from core.respond.first_look import SURE_SMALL_TALK
from tests.fakes.engine import FakeEngine
from tests.unit.desk.support import Table, table

TALK = QuestionClass.NO_ASSISTANCE_NEEDED
PICTURE = (Attachment("F1", "s.png", "image/png", 10),)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, skips_small_talk=True) as one:
        yield one


def with_local(
    desk: Table, class_: QuestionClass = TALK, confidence: float = SURE_SMALL_TALK, skips: bool = True
) -> Table:
    """The desk with an engine on this machine that says this of everything."""
    local = FakeEngine()
    local.says["identify"] = lambda _: Identified(class_, "small talk", confidence)
    made = replace(desk.desk, local=local, policy=replace(desk.desk.policy, skips_small_talk=skips))
    return replace(desk, desk=made, intake=Intake(made), runner=Runner(made))


async def _class_of(desk: Table, ts: str) -> QuestionClass | None:
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert turn.questions[0].outcome in (Outcome.SILENT, Outcome.ABSTAINED)
    return turn.questions[0].class_


async def test_where_the_local_engine_is_sure_the_other_is_not_asked(desk: Table) -> None:
    desk = with_local(desk)
    ts = await desk.post("thanks!")
    await desk.wait(30)
    assert (await _class_of(desk, ts), desk.engine.asked) == (TALK, [])


@pytest.mark.parametrize(("class_", "confidence"), [(TALK, SURE_SMALL_TALK - 0.01), (QuestionClass.OUT_OF_SCOPE, 1.0)])
async def test_where_it_is_not_sure_or_sees_something_else_the_other_decides(
    desk: Table, class_: QuestionClass, confidence: float
) -> None:
    desk = with_local(desk, class_, confidence)
    ts = await desk.post("thanks!")
    await desk.wait(30)
    assert (await _class_of(desk, ts), desk.engine.asked[0]) == (QuestionClass.WITHIN_SCOPE, "identify")


async def test_who_asks_directly_and_who_posts_a_picture_is_never_skipped(desk: Table) -> None:
    desk = with_local(desk)
    for asked, files in ((True, ()), (False, PICTURE)):
        desk.engine.asked.clear()
        ts = await desk.post("thanks!", direct=asked, files=files)
        await desk.wait(400)
        assert (await _class_of(desk, ts), desk.engine.asked[0]) == (QuestionClass.WITHIN_SCOPE, "identify")


async def test_nothing_is_skipped_unless_it_is_set(desk: Table) -> None:
    desk = with_local(desk, skips=False)
    ts = await desk.post("thanks!")
    await desk.wait(30)
    assert (await _class_of(desk, ts), desk.engine.asked[0]) == (QuestionClass.WITHIN_SCOPE, "identify")
