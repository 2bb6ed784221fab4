"""Reading what passed us by: from where, once, and never in the way of what comes live."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.desk.catch_up import FARTHEST, OVERLAP, CatchUp, mark_of
from core.domain.errors import TransientError
from core.domain.events import MessagePosted
from tests.fakes.history import FakeHistory
from tests.unit.desk.support import CHANNEL, CUSTOMER, OTHER, Table, table


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as opened:
        yield opened


def said(desk: Table, text: str, name: str = "1") -> MessagePosted:
    return MessagePosted(
        source="slack:T0HOME", external_id=f"history:{name}", at=desk.clock.at, channel=CHANNEL, message_id=name,
        author=CUSTOMER, text=text,
    )  # fmt: skip


def catching(desk: Table, history: FakeHistory) -> CatchUp:
    return CatchUp(history, desk.intake, desk.desk.records, desk.clock)


async def test_a_channel_seen_for_the_first_time_is_marked_and_not_read(desk: Table) -> None:
    history = FakeHistory({CHANNEL: [said(desk, "an old question")]})
    assert await catching(desk, history).read()
    assert history.asked == []
    async with desk.desk.records.read() as work:
        assert await work.marks.get(mark_of(CHANNEL)) == desk.clock.now()


async def test_what_passed_by_is_read_from_the_mark_and_stored_once(desk: Table) -> None:
    history = FakeHistory({CHANNEL: []})
    catch_up = catching(desk, history)
    marked_at = desk.clock.now()
    await catch_up.read()
    desk.clock.pass_s(600)
    live = await desk.post("came live", ts="1")
    history.events[CHANNEL] = [said(desk, "came live", live), said(desk, "was missed", "2")]
    desk.clock.pass_s(60)
    await catch_up.read()
    assert history.asked == [(CHANNEL, marked_at - OVERLAP, [])]
    transcript = await desk.messages((await desk.session_of("2")).id)
    assert sorted(m.text for m in transcript) == ["came live", "was missed"]


async def test_an_error_that_nobody_foresaw_ends_nothing_and_is_read_again(desk: Table) -> None:
    history = FakeHistory({CHANNEL: [], OTHER: []})
    catch_up = catching(desk, history)
    await catch_up.read()
    history.failures = {CHANNEL: RuntimeError("nobody thought of it")}
    assert not await catch_up.read()
    assert [channel for channel, *_ in history.asked] == [CHANNEL, OTHER]


async def test_nothing_older_than_a_day_is_read(desk: Table) -> None:
    history = FakeHistory({CHANNEL: []})
    catch_up = catching(desk, history)
    await catch_up.read()
    desk.clock.pass_s(5 * 86_400)
    await catch_up.read()
    assert [since for _, since, _ in history.asked] == [desk.clock.now() - FARTHEST - OVERLAP]


async def test_open_threads_are_read_however_old_their_root_is(desk: Table) -> None:
    history = FakeHistory({CHANNEL: []})
    catch_up = catching(desk, history)
    await catch_up.read()
    root = await desk.post("why does it fail?")
    await desk.post("since today", thread=root)
    await catch_up.read()
    assert [threads for _, _, threads in history.asked] == [[root]]


async def test_a_channel_that_cannot_be_read_now_keeps_its_mark_and_holds_up_no_other(desk: Table) -> None:
    history = FakeHistory({CHANNEL: [], OTHER: []})
    catch_up = catching(desk, history)
    await catch_up.read()
    first = desk.clock.now()
    desk.clock.pass_s(60)
    history.failures[CHANNEL] = TransientError("Slack asks to wait.")
    assert not await catch_up.read()
    async with desk.desk.records.read() as work:
        assert await work.marks.get(mark_of(CHANNEL)) == first
        assert await work.marks.get(mark_of(OTHER)) == desk.clock.now()


async def test_marks_move_on_behind_live_events_and_stand_still_in_silence(desk: Table) -> None:
    catch_up = catching(desk, FakeHistory({CHANNEL: []}))
    await catch_up.read()
    first = desk.clock.now()
    desk.clock.pass_s(3600)
    await catch_up.beat()
    async with desk.desk.records.read() as work:
        assert await work.marks.get(mark_of(CHANNEL)) == first, "nothing shows that anything would have come in"
    await catch_up.receive(said(desk, "hello"))
    heard = desk.clock.now()
    await catch_up.beat()
    async with desk.desk.records.read() as work:
        assert await work.marks.get(mark_of(CHANNEL)) == heard - timedelta(minutes=10)
