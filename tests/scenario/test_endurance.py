"""Two months of support by the fake clock: what is held does not grow with what has happened (``benchmarks.endurance`` prints
the same of 10,000 events)."""

from pathlib import Path

import pytest

from benchmarks.endurance import Held, endure
from core.domain.jobs import JobState, Lane
from core.domain.policy import Policy

EVENTS = 1_200
MOST_MORE_MB = 20
"""Two files left open by each upkeep, as it once was, came to 43 files and 28 MB; without them it is 2 to 7 MB."""
RETENTION_DAYS = Policy().retention_days


@pytest.mark.slow
async def test_two_months_leave_no_objects_no_jobs_and_a_compact_home(tmp_path: Path) -> None:
    found: list[Held] = []
    async for one, desk in endure(tmp_path, EVENTS):
        found.append(one)
        async with desk.desk.records.read() as work:
            jobs = await work.owners.listing()
        assert [job for job in jobs if job.state is JobState.PARKED or job.lane is not Lane.CLOSE] == []
    first, middle, last = found
    assert last.events == EVENTS
    assert last.objects - middle.objects < last.events - middle.events, "something keeps an object for each event"
    assert last.open_files <= middle.open_files + 5, "something keeps files open"
    assert last.resident_mb < middle.resident_mb + MOST_MORE_MB
    assert last.jobs == 0
    assert 20 < last.words_days < RETENTION_DAYS + 4, "what is older has lost its words"
    assert last.entries > 2 * first.entries
    assert last.store_files < 150, "versions and fragments are compacted away"
    assert last.store_mb < 10
    assert last.wal_mb < 10, "the log is taken into the records"
    assert last.records_mb < 0.006 * EVENTS
