"""Accept is decided at once: who may, the same click twice, undo, and what the card shows (DESIGN 6, Accept)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.desk.on_click import NOT_YOURS, WITHDRAWN
from core.desk.refusals import CARD_UNKNOWN
from core.desk.runner import Runner
from core.domain.cards import Card, CardAction, CardState
from core.domain.errors import TransientError
from core.domain.jobs import Lane
from core.domain.people import Person
from core.domain.sessions import QuestionState
from tests.unit.desk.clicking import ASKED, Clicking, answered
from tests.unit.desk.support import ANALYST, BOT, CUSTOMER, HOME, OTHER, Table, table

COLLEAGUE = Person("UCOL", "Lee", "T0CUS")
HOME_ASKER = Person("UASK", "Noa", HOME)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path, analysts=frozenset({"UCONF"})) as one:
        await one.know(ASKED)
        yield one


@pytest.fixture
async def posted(desk: Table) -> Clicking:
    return await answered(desk)


@pytest.mark.parametrize(
    ("by", "role"), [(CUSTOMER, "requester"), (ANALYST, "analyst"), (Person("UCONF", "Con", HOME), "analyst")]
)
async def test_the_asker_and_analysts_may_accept(posted: Clicking, by: Person, role: str) -> None:
    reply = await posted.click(by=by)
    assert isinstance(reply, Card)
    assert reply == posted.shown
    assert (await posted.asked()).state is QuestionState.ACCEPTED
    assert [(f.kind, f.actor, f.role, f.text) for f in await posted.clicks()] == [("accept", by.id, role, "")]
    (mark,) = posted.shown.marks
    assert (posted.shown.state, mark.by, mark.answer) == (CardState.ACCEPTED, by.name, posted.answer)
    assert posted.shown.actions == (CardAction("undo_accept", posted.answer),)


@pytest.mark.parametrize("by", [COLLEAGUE, BOT, Person("USTRAY"), replace(ANALYST, is_bot=True)])
async def test_others_are_told_that_they_cannot(posted: Clicking, by: Person) -> None:
    before = posted.shown
    assert await posted.click(by=by) == NOT_YOURS
    assert posted.shown == before
    assert ((await posted.asked()).state, await posted.clicks()) == (QuestionState.ANSWERED, [])


async def test_who_asked_later_in_the_session_is_an_asker_too(posted: Clicking) -> None:
    await posted.table.post("we have the same", COLLEAGUE, thread=posted.ts)
    assert isinstance(await posted.click(by=COLLEAGUE), Card)


async def test_in_an_internal_channel_only_the_opener_may_not_a_presumed_analyst(desk: Table) -> None:
    await desk.post(ASKED, HOME_ASKER)
    await desk.wait(5)
    (card,) = desk.messenger.posted.values()
    section = card.sections[0]
    one = Clicking(desk, "", section.answer.id, section.question, card.id)
    assert await one.click(by=ANALYST) == NOT_YOURS
    assert isinstance(await one.click(by=HOME_ASKER), Card)


@pytest.mark.parametrize("second", [CUSTOMER, ANALYST])
async def test_a_second_click_is_the_same_click(posted: Clicking, second: Person) -> None:
    await posted.click()
    before = (posted.shown, await posted.asked(), await posted.history("known"))
    posted.table.clock.pass_s(60)
    assert await posted.click(by=second) == before[0]
    assert (posted.shown, await posted.asked(), await posted.history("known")) == before
    assert len(await posted.clicks()) == 1
    assert posted.table.messenger.calls.count("update") == 1


async def test_undo_takes_everything_back_and_leaves_both_clicks_on_record(posted: Clicking) -> None:
    before = posted.shown
    await posted.click()
    assert await posted.click("undo_accept", ANALYST) == before
    assert posted.shown == before
    assert (await posted.asked()).state is QuestionState.ANSWERED
    assert [f.kind for f in await posted.clicks()] == ["accept", "undo"]
    assert (await posted.history("known"))[-1].after.confirmations == 0


async def test_others_cannot_undo_and_what_was_not_accepted_is_not_undone(posted: Clicking) -> None:
    await posted.click("undo_accept")
    assert await posted.clicks() == []
    await posted.click()
    assert await posted.click("undo_accept", COLLEAGUE) == NOT_YOURS
    assert posted.shown.state is CardState.ACCEPTED


@pytest.mark.parametrize("actions", [("accept", "undo_accept", "accept"), ("accept", "undo_accept"), ("accept",)])
@pytest.mark.parametrize("patient", [True, False])
async def test_the_last_click_counts_however_fast_they_come(
    posted: Clicking, actions: Sequence[str], patient: bool
) -> None:
    for action in actions:
        await (posted.click(action) if patient else posted.only_click(action))
    await posted.table.wait(5)
    accepted = actions[-1] == "accept"
    assert (await posted.asked()).state is (QuestionState.ACCEPTED if accepted else QuestionState.ANSWERED)
    assert (await posted.history("known"))[-1].after.confirmations == int(accepted)
    assert posted.shown.state is (CardState.ACCEPTED if accepted else CardState.POSTED)


@pytest.mark.parametrize("target", ["", "no-such-answer"])
async def test_a_click_from_elsewhere_finds_nothing(posted: Clicking, target: str) -> None:
    channel = OTHER if not target else posted.shown.destination.channel
    assert await posted.click(target=target, channel=channel) == CARD_UNKNOWN
    assert await posted.clicks() == []


async def test_a_button_that_nobody_knows_does_nothing(posted: Clicking) -> None:
    assert await posted.click("dismiss") == CARD_UNKNOWN
    assert await posted.clicks() == []


async def test_a_withdrawn_answer_can_not_be_accepted(posted: Clicking) -> None:
    async with posted.table.desk.records.begin() as work:
        answer = await work.answers.get(posted.answer)
        assert answer is not None
        await work.answers.put(replace(answer, withdrawn_at=posted.table.clock.now()))
    assert await posted.click() == WITHDRAWN
    assert await posted.clicks() == []


async def test_between_click_and_edit_everything_is_on_record(posted: Clicking) -> None:
    before = posted.shown
    await posted.only_click()
    assert posted.shown == before
    async with posted.table.desk.records.read() as work:
        assert [job.key for job in await work.owners.listing(Lane.EDIT)] == [posted.card]
        assert [job.key for job in await work.owners.listing(Lane.LEARN)] == [f"accept:{posted.answer}"]
    after_a_kill = Runner(replace(posted.table.desk, owner="another process"))
    await after_a_kill.run_due(posted.table.clock.now() + timedelta(seconds=5))
    assert posted.shown.state is CardState.ACCEPTED
    assert (await posted.history("known"))[-1].after.confirmations == 1


async def test_a_learn_job_that_was_under_way_does_not_reopen_the_question(posted: Clicking) -> None:
    await posted.only_click()
    async with posted.table.desk.records.begin() as work:
        await work.questions.put(replace(await posted.asked(), state=QuestionState.ANSWERED))
    await posted.table.wait(5)
    assert (await posted.asked()).state is QuestionState.ACCEPTED


async def test_an_outage_of_the_platform_delays_only_the_card(posted: Clicking) -> None:
    posted.table.messenger.update_failures = [TransientError("away")]
    await posted.only_click()
    assert (await posted.asked()).state is QuestionState.ACCEPTED
    await posted.table.wait(600)
    assert posted.shown.state is CardState.ACCEPTED


async def test_an_accepted_question_is_not_extracted_any_more(posted: Clicking) -> None:
    await posted.click()
    await posted.table.post("Set `part_size=8` instead, 64 is too much.", ANALYST, thread=posted.ts)
    await posted.table.wait(200_000)
    assert "extract" not in posted.table.engine.asked
    assert (await posted.asked()).state is QuestionState.ACCEPTED
