"""What Vigil would have said where it only records, compared with what analysts said, as far as that is on record."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.desk.shadow import Comparison, ShadowReport, shadow_report, wrong_first
from core.domain.channels import Channel, ChannelSettings, DeliveryMode
from core.domain.reviews import Verdict
from tests.unit.desk.asking import command, told
from tests.unit.desk.clicking import ASKED
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, HOME, KNOWN, OTHER, Table, table
from tests.unit.desk.test_review import RIGHT, extracted, lesson, says


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        async with one.desk.records.begin() as work:
            settings = ChannelSettings(mode=DeliveryMode.SHADOW)
            await work.channels.put(Channel(CHANNEL, "support", settings=settings))
        await one.know(ASKED)
        yield one


async def asked(desk: Table, said: str = "", text: str = ASKED) -> str:
    """A question, and what an analyst answers; gives its root."""
    root = await desk.post(text)
    await desk.wait(30)
    if said:
        await desk.post(said, ANALYST, thread=root)
        await desk.wait(700)
    assert desk.messenger.posted == {}
    return root


async def report(desk: Table) -> ShadowReport:
    async with desk.desk.records.read() as work:
        return await shadow_report(work, CHANNEL, desk.clock.now() - timedelta(days=7), 100)


async def compared(desk: Table) -> Comparison:
    (topic,) = (await report(desk)).topics
    (one,) = topic.unseen
    return one.comparison


async def test_what_no_analyst_answered_is_unanswered(desk: Table) -> None:
    root = await asked(desk)
    (topic,) = (await report(desk)).topics
    (one,) = topic.unseen
    assert (topic.name, one.asked, one.session.thread) == (ASKED, ASKED, root)
    assert one.answer.plain_text == KNOWN
    assert one.comparison is Comparison.UNANSWERED


async def test_an_analyst_who_taught_the_same_said_the_same(desk: Table) -> None:
    desk.engine.says["extract"] = extracted
    await asked(desk, KNOWN)
    assert await compared(desk) is Comparison.SAME


async def test_an_analyst_who_said_something_of_which_nothing_is_on_record_is_unclear(desk: Table) -> None:
    await asked(desk, "Set the region to eu-west-1 in the client, then restart it.")
    assert await compared(desk) is Comparison.UNCLEAR


@pytest.mark.parametrize(
    ("verdict", "comparison"), [(Verdict.DELETE, Comparison.WRONG), (Verdict.UPDATE, Comparison.CORRECTED)]
)
async def test_what_a_review_took_back_would_have_been_wrong(
    desk: Table, verdict: Verdict, comparison: Comparison
) -> None:
    desk.engine.says["review"] = says(verdict, lesson=lesson(RIGHT))
    await asked(desk, RIGHT)
    found = await report(desk)
    assert await compared(desk) is comparison
    assert [one.comparison for one in wrong_first(found.topics)] == [comparison]


async def test_another_cause_that_the_review_put_beside_corrects(desk: Table) -> None:
    desk.engine.says["review"] = says(Verdict.UPDATE, lesson=lesson(RIGHT), sibling=True)
    await asked(desk, RIGHT)
    assert await compared(desk) is Comparison.CORRECTED


async def test_questions_without_an_answer_count_as_asked_and_other_channels_do_not(desk: Table) -> None:
    await asked(desk)
    await asked(desk, text="how do I rotate the gateway key?")
    await desk.post(ASKED, channel=OTHER)
    await desk.wait(30)
    found = await report(desk)
    assert (found.asked, found.answers, found.count(Comparison.UNANSWERED)) == (2, 1, 1)


async def test_analysts_see_it_in_the_channels_stats_and_nobody_else(tmp_path: Path) -> None:
    async with table(tmp_path, analysts=frozenset({ANALYST.id})) as desk:
        await desk.know(ASKED)
        shadowed = Channel(CHANNEL, "support", settings=ChannelSettings(mode=DeliveryMode.SHADOW))
        async with desk.desk.records.begin() as work:
            await work.channels.put(shadowed)
        await asked(desk)
        page = told(await command(desk, "stats"))
        assert "would have answered 1 of 1" in page
        assert f"{ASKED}: 1" in page
        assert "would have answered" not in told(await command(desk, "stats", replace(CUSTOMER, organisation=HOME)))
        assert "would have answered" not in told(await command(desk, "stats", channel=OTHER))
