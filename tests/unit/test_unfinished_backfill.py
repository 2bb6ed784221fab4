"""A backfill that was cut off: doctor names it with the command that goes on with it."""

from datetime import UTC, datetime
from pathlib import Path

from adapters.records import open_records
from bot.doctor import State
from bot.doctor_home import past_checks
from bot.home import alone_in_the_past
from bot.past import BEGINNING, mark_of_channel, mark_of_export
from core.domain.channels import ChannelRef
from core.domain.jobs import JobOrder, Lane
from tests.fakes.replayed import settings_in

NOW = datetime(2026, 3, 4, tzinfo=UTC)
CHANNEL = ChannelRef("slack", "T0", "C01")


async def _told(home: Path) -> list[tuple[State, str]]:
    return [(check.state, check.said) for check in await past_checks(settings_in(home))]


async def test_doctor_names_each_backfill_that_has_not_ended_and_the_jobs_that_it_left(tmp_path: Path) -> None:
    assert await _told(tmp_path) == []
    records = await open_records(f"sqlite+aiosqlite:///{tmp_path / 'records.db'}")
    try:
        assert await _told(tmp_path) == []
        async with records.of_the_past().begin() as work:
            await work.jobs.order(NOW, JobOrder(Lane.CLOSE, "a session"))
            await work.marks.put(mark_of_export(tmp_path / "an export", "T0"), NOW)
            await work.marks.put(mark_of_channel(CHANNEL, BEGINNING), NOW)
            await work.marks.put(mark_of_channel(CHANNEL, NOW), NOW)
    finally:
        await records.close()
    (left, said), *again = await _told(tmp_path)
    assert (left, "1 job" in said) == (State.MISSING, True)
    assert [state for state, _ in again] == [State.NOTE] * 3
    told = " ".join(said for _, said in again)
    assert f"`vigil backfill '{tmp_path}/an export' --home-team T0` goes on" in told
    assert "`vigil backfill --channel C01` goes on" in told
    assert "`vigil backfill --channel C01 --since 2026-03-04` goes on" in told
    with alone_in_the_past(tmp_path):
        assert await _told(tmp_path) == [(State.OK, "A backfill is feeding the home.")]
