"""Pictures of messages: ordered with the message, fetched off the hot path, gone with it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.desk.consumers import CONSUMERS
from core.desk.fetch_job import fetch_consumer
from core.desk.intake import Intake
from core.desk.respond_job import respond_job
from core.desk.runner import Runner
from core.domain.errors import CallerError, FinalError, TransientError
from core.domain.events import Attachment, MessageEdited
from core.domain.jobs import JobState, Lane
from core.domain.sessions import Message
from core.session.lifecycle import message_id
from tests.fakes.attachments import FakeAttachments
from tests.unit.desk.support import CHANNEL, Table, table

SHOT = Attachment("F1", "shot.png", "image/png", 40, "https://files.test/shot.png")
STUB = Attachment("F2")
LOG = Attachment("F3", "a.log", "text/plain", 40, "https://files.test/a.log")


@pytest.fixture
def kept() -> FakeAttachments:
    return FakeAttachments()


@pytest.fixture
async def desk(tmp_path: Path, kept: FakeAttachments) -> AsyncIterator[Table]:
    async with table(tmp_path) as opened:
        with_files = replace(opened.desk, attachments=kept, consumers=(*CONSUMERS, fetch_consumer))
        yield replace(opened, desk=with_files, intake=Intake(with_files), runner=Runner(with_files))


async def message(desk: Table, ts: str) -> Message:
    async with desk.desk.records.read() as work:
        found = await work.messages.get(message_id(CHANNEL.key, ts))
    assert found is not None
    return found


async def test_pictures_are_fetched_and_the_transcript_remembers_where(desk: Table, kept: FakeAttachments) -> None:
    ts = await desk.post("look at this", files=(SHOT, STUB, LOG))
    assert kept.fetched == [], "not while the event is taken"
    await desk.wait(1)
    files = (await message(desk, ts)).attachments
    assert [bool(one.kept) for one in files] == [True, True, False]
    assert kept.fetched == ["F1", "F2"]


async def test_without_pictures_nothing_is_ordered(desk: Table) -> None:
    await desk.post("the log", files=(LOG,))
    async with desk.desk.records.read() as work:
        assert await work.owners.listing(Lane.FETCH) == []


async def test_what_fails_for_now_is_fetched_later(desk: Table, kept: FakeAttachments) -> None:
    kept.failures = [TransientError("Slack cannot be reached."), TransientError("Slack cannot be reached.")]
    ts = await desk.post("look at this", files=(SHOT,))
    await desk.wait(600)
    assert (await message(desk, ts)).attachments[0].kept


async def test_what_is_not_for_us_is_left_unread_and_the_others_are_kept(desk: Table, kept: FakeAttachments) -> None:
    kept.failures = [FinalError("The picture is larger than 10 MB.")]
    ts = await desk.post("look at this", files=(SHOT, replace(SHOT, id="F4")))
    await desk.wait(1)
    assert [bool(one.kept) for one in (await message(desk, ts)).attachments] == [False, True]
    async with desk.desk.records.read() as work:
        assert await work.owners.listing(Lane.FETCH) == []


async def test_a_missing_right_parks_the_job_with_what_to_do(desk: Table, kept: FakeAttachments) -> None:
    kept.failures = [CallerError("The Slack app lacks the scope files:read.")]
    await desk.post("look at this", files=(SHOT,))
    await desk.wait(1)
    async with desk.desk.records.read() as work:
        parked = await work.owners.listing(Lane.FETCH)
    assert [(job.state, job.reason) for job in parked] == [
        (JobState.PARKED, "The Slack app lacks the scope files:read.")
    ]


async def test_a_deleted_message_loses_its_pictures(desk: Table, kept: FakeAttachments) -> None:
    ts = await desk.post("look at this", files=(SHOT,))
    await desk.wait(1)
    key = message_id(CHANNEL.key, ts)
    assert len(kept.kept[key]) == 1
    await desk.delete(ts)
    await desk.wait(1)
    assert kept.kept[key] == set()


async def test_one_deleted_before_it_was_fetched_is_not_kept(desk: Table, kept: FakeAttachments) -> None:
    ts = await desk.post("look at this", files=(SHOT,))
    await desk.delete(ts)
    await desk.wait(1)
    assert kept.fetched == []


async def test_an_edit_keeps_what_stays_fetches_what_is_new_and_discards_the_rest(
    desk: Table, kept: FakeAttachments
) -> None:
    ts = await desk.post("look at this", files=(SHOT, replace(SHOT, id="F5")))
    await desk.wait(1)
    new = replace(SHOT, id="F6")
    await desk.intake.receive(
        MessageEdited(source="test", external_id="e", at=desk.clock.at, channel=CHANNEL, message_id=ts,
                      text="look at these", attachments=(SHOT, new))
    )  # fmt: skip
    await desk.wait(1)
    files = (await message(desk, ts)).attachments
    assert [(one.id, bool(one.kept)) for one in files] == [("F1", True), ("F6", True)]
    assert kept.fetched == ["F1", "F5", "F6"]
    assert kept.kept[message_id(CHANNEL.key, ts)] == {one.kept for one in files}


async def test_recorded_history_leaves_the_files_to_the_running_bot(desk: Table, kept: FakeAttachments) -> None:
    ts = await desk.post("look at this", files=(SHOT,))
    await desk.wait(1)
    offline = replace(desk.desk, attachments=None, consumers=CONSUMERS)
    await replace(desk, intake=Intake(offline)).delete(ts)
    await Runner(offline).run_due(desk.clock.now())
    assert len(kept.kept[message_id(CHANNEL.key, ts)]) == 1
    async with desk.desk.records.read() as work:
        assert [job.state for job in await work.owners.listing(Lane.FETCH)] == [JobState.PARKED]


async def test_recorded_history_ends_whatever_pictures_an_edit_brings(desk: Table) -> None:
    offline = replace(desk, intake=Intake(replace(desk.desk, attachments=None, consumers=CONSUMERS)))
    ts = await offline.post("look at this")
    await offline.edit(ts, "look at this one", files=(SHOT,))
    async with desk.desk.records.read() as work:
        assert await work.owners.listing(Lane.FETCH) == []


async def test_a_picture_that_is_fetched_while_the_answer_is_made_holds_no_answer_back(
    desk: Table, kept: FakeAttachments
) -> None:
    await desk.know("why does the upload fail?")
    ts = await desk.post("why does the upload fail?", files=(SHOT,))
    original = desk.engine.perform
    fetched: list[bool] = []

    async def perform(request: Any) -> Any:
        if not fetched:
            fetched.append(await Runner(desk.desk)._run_next(desk.clock.now(), Lane.FETCH))
        return await original(request)

    desk.engine.perform = perform  # type: ignore[method-assign]  # the lanes run side by side
    async with desk.desk.records.begin() as work:
        [job] = await work.jobs.claim(desk.clock.at + timedelta(seconds=9), "test", datetime.now(UTC), 1, Lane.RESPOND)
    await respond_job(job, desk.desk)
    assert fetched == [True]
    assert (await message(desk, ts)).attachments[0].kept
    assert len(await desk.turns((await desk.session_of(ts)).id)) == 1
