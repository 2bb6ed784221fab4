"""Where an engine takes seconds, the questions are rewritten while the class is asked for (DESIGN 5.2)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from core.domain.dialogue import Line
from core.domain.errors import TransientError
from core.domain.ids import EntryId, MessageId, SessionId
from core.domain.knowledge import SHARED, KnowledgeEntry, Viewer
from core.domain.people import Role, RoleBasis
from core.domain.sessions import Outcome, QuestionClass
from core.domain.tasks import (
    Identified,
    Reply,
    Request,
    Rewriting,
    Usage,
)
from core.knowledge.projection import stored_entries
from core.respond.pipeline import respond
from core.respond.situation import Response, Situation, Superseded, Tools
from tests.fakes.clock import FakeClock
from tests.fakes.embedder import HashEmbedder
from tests.fakes.engine import FakeEngine
from tests.fakes.knowledge_store import MemoryKnowledgeStore
from tests.unit.desk.support import CALIBRATION
from tests.unit.respond.test_relevance import AT

ASKED = "why does the upload of a large file fail?"
DOWN = TransientError("It is down.")
SILENT = Identified(QuestionClass.NO_ASSISTANCE_NEEDED, "thanks", 1.0)
IN_SCOPE = Identified(QuestionClass.WITHIN_SCOPE, "an error", 1.0)


class Remote(FakeEngine):
    """An engine elsewhere: each call costs eleven tokens."""

    remote = True

    async def perform(self, request: Request[Any, Any]) -> Reply[Any]:
        return replace(await super().perform(request), usage=Usage(10, 1))


@dataclass
class Turn:
    """One turn, and how far its two first calls have come."""

    engine: FakeEngine = field(default_factory=Remote)
    begun: dict[str, asyncio.Event] = field(default_factory=dict)
    goes_on: dict[str, asyncio.Event] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    current: bool = True
    answered: bool = False

    def __post_init__(self) -> None:
        self.will("identify", IN_SCOPE)
        self.will("rewrite", Rewriting(()))

    def will(self, task: str, output: object) -> None:
        """A task waits until it may go on, and then gives this or fails with it."""
        self.begun[task], self.goes_on[task] = asyncio.Event(), asyncio.Event()
        self.engine.says[task] = self._saying(task, output)

    def _saying(self, task: str, output: object) -> Callable[[Any], Coroutine[Any, Any, object]]:
        async def say(inputs: object) -> object:
            self.begun[task].set()
            try:
                await self.goes_on[task].wait()
            finally:
                self.ended.append(task)
            if isinstance(output, Exception):
                raise output
            return output

        return say

    async def still(self) -> bool:
        return self.current

    async def run(self, *, direct: bool = False) -> Response:
        embedder, store = HashEmbedder(), MemoryKnowledgeStore(HashEmbedder().dimension)
        entry = KnowledgeEntry(
            id=EntryId("known"), kind="qa", audience=SHARED, title=ASKED, question=ASKED, answer="Use parts of 64 MB.",
            created_at=AT, updated_at=AT,
        )  # fmt: skip
        await store.put(await stored_entries([(entry, 1)], embedder))
        burst = (Line(MessageId("m"), Role.REQUESTER, RoleBasis.CONFIGURED, "Kim", ASKED, AT),)
        situation = Situation(
            SessionId("s"), 1, AT, "", "en", direct=direct, viewer=Viewer((SHARED,)), dialogue=(), burst=burst,
            answered=self.answered, stale=False, sent=(), still_current=self.still,
        )  # fmt: skip
        calibration = replace(CALIBRATION, answer_cutoff=0.0)
        return await respond(situation, Tools(self.engine, embedder, store, calibration, FakeClock()))


@pytest.fixture(autouse=True)
async def nothing_is_left_behind() -> AsyncIterator[None]:
    """Neither a task nor an error that nobody has had."""
    lost: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: lost.append(context))
    before = asyncio.all_tasks()
    yield
    assert asyncio.all_tasks() - before <= {asyncio.current_task()}
    assert lost == []


async def both_begun(turn: Turn, *, direct: bool = False) -> asyncio.Task[Response]:
    task = asyncio.create_task(turn.run(direct=direct))
    async with asyncio.timeout(10):
        await turn.begun["identify"].wait()
        await turn.begun["rewrite"].wait()
    assert turn.ended == []
    return task


async def settled(turn: Turn, task: str) -> None:
    """Let a task go on, and everything that waits for it alone."""
    turn.goes_on[task].set()
    for _ in range(50):
        await asyncio.sleep(0)
    assert task in turn.ended


@pytest.mark.parametrize("order", [("identify", "rewrite"), ("rewrite", "identify")])
async def test_both_are_under_way_at_once_and_either_may_be_first(order: tuple[str, str]) -> None:
    turn = Turn()
    task = await both_begun(turn)
    for name in order:
        assert not task.done()
        await settled(turn, name)
    response = await task
    assert [one.outcome for one in response.resolved] == [Outcome.ANSWERED]
    assert (sorted(turn.engine.asked[:2]), turn.engine.asked[2:]) == (["identify", "rewrite"], ["generate"])
    assert response.tokens == 33


async def test_an_engine_on_this_machine_is_asked_one_after_the_other() -> None:
    turn = Turn(engine=FakeEngine())
    task = asyncio.create_task(turn.run())
    await turn.begun["identify"].wait()
    assert not turn.begun["rewrite"].is_set()
    await settled(turn, "identify")
    assert turn.begun["rewrite"].is_set()
    await settled(turn, "rewrite")
    await task
    assert turn.engine.asked == ["identify", "rewrite", "generate"]


async def test_an_engine_on_this_machine_rewrites_nothing_that_needs_no_answer() -> None:
    turn = Turn(engine=FakeEngine())
    turn.will("identify", SILENT)
    turn.goes_on["identify"].set()
    assert [one.outcome for one in (await turn.run()).resolved] == [Outcome.SILENT]
    assert turn.engine.asked == ["identify"]


async def test_a_rewriting_that_nobody_wants_any_more_is_let_to_its_end_and_counted() -> None:
    turn = Turn()
    turn.will("identify", SILENT)
    task = await both_begun(turn)
    await settled(turn, "identify")
    assert not task.done()
    await settled(turn, "rewrite")
    response = await task
    assert [one.outcome for one in response.resolved] == [Outcome.SILENT]
    assert response.tokens == 22
    assert "rewrite" not in dict(response.ms)


@pytest.mark.parametrize("first", ["identify", "rewrite"])
async def test_its_failure_does_not_fail_a_turn_that_is_silent(first: str) -> None:
    turn = Turn()
    turn.will("identify", SILENT)
    turn.will("rewrite", DOWN)
    task = await both_begun(turn)
    for name in (first, *({"identify", "rewrite"} - {first})):
        await settled(turn, name)
    assert [one.outcome for one in (await task).resolved] == [Outcome.SILENT]


@pytest.mark.parametrize("first", ["identify", "rewrite"])
async def test_its_failure_fails_a_turn_that_wants_it(first: str) -> None:
    turn = Turn()
    turn.will("rewrite", DOWN)
    task = await both_begun(turn)
    for name in (first, *({"identify", "rewrite"} - {first})):
        await settled(turn, name)
    with pytest.raises(TransientError):
        await task


@pytest.mark.parametrize("rewriting", [Rewriting(()), DOWN])
async def test_where_no_class_can_be_had_the_turn_fails_once_both_have_ended(rewriting: object) -> None:
    turn = Turn()
    turn.will("identify", DOWN)
    turn.will("rewrite", rewriting)
    task = await both_begun(turn)
    await settled(turn, "identify")
    assert not task.done()
    await settled(turn, "rewrite")
    with pytest.raises(TransientError):
        await task


async def test_a_turn_that_is_superseded_leaves_nothing_behind() -> None:
    turn = Turn()
    task = await both_begun(turn)
    turn.current = False
    await settled(turn, "identify")
    turn.goes_on["rewrite"].set()
    with pytest.raises(Superseded):
        await task
    assert turn.ended == ["identify", "rewrite"]


async def test_a_turn_that_is_cancelled_ends_both() -> None:
    turn = Turn()
    task = await both_begun(turn)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sorted(turn.ended) == ["identify", "rewrite"]


@pytest.mark.parametrize("identified", [SILENT, DOWN])
async def test_a_turn_that_is_cancelled_while_only_the_rewriting_goes_on_ends_it(identified: object) -> None:
    turn = Turn()
    turn.will("identify", identified)
    task = await both_begun(turn)
    await settled(turn, "identify")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert turn.ended == ["identify", "rewrite"]


async def test_a_turn_whose_time_is_up_while_it_waits_for_the_rewriting_ends_it() -> None:
    turn = Turn()
    task = await both_begun(turn, direct=True)
    await settled(turn, "identify")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert turn.ended == ["identify", "rewrite"]


async def test_what_an_analyst_has_answered_asks_no_engine() -> None:
    turn = Turn(answered=True)
    assert [one.outcome for one in (await turn.run()).resolved] == [Outcome.SILENT]
    assert turn.engine.asked == []
