"""Projecting beside the projector: wait for it, take its place where there is none, and say when it does not come on."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from core.domain.errors import TransientError
from core.domain.ids import EntryId
from core.domain.jobs import Lane
from core.domain.knowledge import QA, SHARED, KnowledgeEntry
from core.knowledge.beside import PATIENCE_S, ProjectorBeside
from core.knowledge.ledger import Because, add
from core.knowledge.projection import Projector
from tests.unit.desk.support import Table, table


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


def _turn(free: Callable[[], bool]) -> Callable[[], AbstractContextManager[bool]]:
    @contextmanager
    def turn() -> Iterator[bool]:
        yield free()

    return turn


async def _write(desk: Table, *names: str) -> None:
    now = desk.clock.now()
    async with desk.desk.records.begin() as work:
        for name in names:
            entry = KnowledgeEntry(
                id=EntryId(name), kind=QA, audience=SHARED, title=name, question=name, answer="Set `a=1`.", created_at=now,
                updated_at=now,
            )  # fmt: skip
            await add(work, entry, Because("a test", f"test:{name}", now))


def _beside(desk: Table, free: Callable[[], bool], meanwhile: Callable[[], object]) -> ProjectorBeside:
    own = Projector(desk.desk.records, desk.desk.store, desk.desk.embedder, desk.clock)

    async def sleep(seconds: float) -> None:
        desk.clock.pass_s(seconds)
        done = meanwhile()
        if hasattr(done, "__await__"):
            await done

    return ProjectorBeside(own, desk.desk.records, desk.clock, _turn(free), sleep)


async def _jobs(desk: Table, lane: Lane) -> int:
    async with desk.desk.records.read() as work:
        return len(await work.owners.listing(lane))


async def test_where_nobody_projects_this_process_does_it(desk: Table) -> None:
    await _write(desk, "a", "b")
    beside = _beside(desk, lambda: True, lambda: pytest.fail("it waited"))
    assert await beside.flush() == 2
    assert set(await desk.desk.store.inventory()) == {"a", "b"}
    assert await beside.flush() == 0
    assert await _jobs(desk, Lane.PROJECT) == 0


async def test_where_a_bot_runs_it_is_asked_and_waited_for(desk: Table) -> None:
    await _write(desk, "a")
    beside = _beside(desk, lambda: False, lambda: desk.runner.run_due(desk.clock.now()))
    assert await beside.flush() == 0
    assert set(await desk.desk.store.inventory()) == {"a"}
    await beside.maintain()
    assert await _jobs(desk, Lane.MAINTAIN) == 1


async def test_when_the_bot_ends_meanwhile_this_process_goes_on_in_its_place(desk: Table) -> None:
    await _write(desk, "a")
    waited: list[int] = []
    beside = _beside(desk, lambda: len(waited) > 3, lambda: waited.append(1))
    assert await beside.flush() == 1
    assert set(await desk.desk.store.inventory()) == {"a"}


async def test_a_bot_that_does_not_come_on_is_told_of_and_one_that_does_is_waited_for(desk: Table) -> None:
    names = [f"{n:02}" for n in range(4)]
    await _write(desk, *names)
    begun = desk.clock.now()

    async def one_in_fifty_seconds() -> None:
        if (desk.clock.now() - begun).total_seconds() > 50 * (4 - len(names)) + 50 and names:
            async with desk.desk.records.begin() as work:
                await work.projections.mark([(EntryId(names.pop(0)), 1)], desk.clock.now())

    assert await _beside(desk, lambda: False, one_in_fifty_seconds).flush() == 0
    assert (desk.clock.now() - begun).total_seconds() > 3 * 50
    await _write(desk, "never")
    with pytest.raises(TransientError, match="is kept, but the running Vigil"):
        await _beside(desk, lambda: False, lambda: None).flush()
    assert PATIENCE_S < 120
