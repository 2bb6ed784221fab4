"""Which engine a measurement asks, and how many rows at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import measure
from bot.measure import Performing, at_once, named_engine, opened_engine, price_of
from bot.settings import Settings
from core.domain.dialogue import Line
from core.domain.errors import CallerError
from core.domain.ids import MessageId
from core.domain.people import Role, RoleBasis
from core.domain.tasks import RewriteInput, Usage
from core.evaluate.rows import START
from core.ports.embedder import Embedder
from core.ports.engine import Engine
from core.prompts.requests import rewrite_request
from tests.fakes.embedder import HashEmbedder
from tests.fakes.engine import FakeEngine
from tests.fakes.replayed import settings_in

ASKED = RewriteInput((), (Line(MessageId("m"), Role.REQUESTER, RoleBasis.HOME, "Kim", "cold", START),))


class FakeClaude(FakeEngine):
    """A remote engine of that name."""

    name = "claude"
    remote = True


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> FakeClaude:
    engine = FakeClaude()

    @asynccontextmanager
    async def named(
        settings: Settings, which: str, embedder: Embedder, home: Path
    ) -> AsyncIterator[tuple[Engine, str]]:
        assert which == "claude"
        yield engine, "claude/small+large"

    monkeypatch.setattr(measure, "named_engine", named)
    return engine


@asynccontextmanager
async def chosen(home: Path, **how: Any) -> AsyncIterator[Engine]:
    async with opened_engine(settings_in(home), Performing(**how), HashEmbedder(), home) as engine:
        yield engine


@pytest.mark.parametrize(
    ("which", "said"),
    [("claude", "needs ANTHROPIC_API_KEY"), ("abacus", "There is no engine abacus: choose offline or claude")],
)
async def test_claude_needs_its_key_and_another_engine_is_refused(tmp_path: Path, which: str, said: str) -> None:
    with pytest.raises(CallerError, match=said):
        async with named_engine(settings_in(tmp_path), which, HashEmbedder(), tmp_path):
            pass


async def test_with_a_key_claude_is_asked_and_its_models_name_its_record(tmp_path: Path) -> None:
    keyed = settings_in(tmp_path).model_copy(update={"anthropic_api_key": SecretStr("sk-ant-fake")})
    async with named_engine(keyed, "claude", HashEmbedder(), tmp_path) as (engine, key):
        assert (engine.name, key) == ("claude", "claude/claude-haiku-5-5+claude-sonnet-5-5")
    assert price_of("claude-sonnet-5-5", Usage(1_000_000, 0)) == 2.0


async def test_what_was_recorded_repeats_without_the_engine_and_without_naming_it(
    made: FakeClaude, tmp_path: Path
) -> None:
    record = tmp_path / "record"
    async with chosen(tmp_path, engine="claude", record=record) as first:
        asked = await first.perform(rewrite_request(ASKED))
    async with chosen(tmp_path, replay=record) as again:
        assert (again.name, again.remote) == ("claude", True)
        assert await again.perform(rewrite_request(ASKED)) == asked
    assert made.asked == ["rewrite"]


async def test_recording_and_replaying_at_once_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="Name one of both"):
        async with chosen(tmp_path, record=tmp_path, replay=tmp_path):
            pass


async def test_a_replay_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="no record of the offline engine"):
        async with chosen(tmp_path, replay=tmp_path):
            pass


def test_rows_wait_for_a_remote_engine_together_and_for_one_here_one_by_one() -> None:
    assert (at_once(Performing(), FakeEngine()), at_once(Performing(), FakeClaude())) == (1, 8)
    assert at_once(Performing(at_once=3), FakeClaude()) == 3


def test_what_is_computed_here_costs_nothing_and_a_price_that_is_not_known_is_none() -> None:
    assert price_of("offline/model", Usage()) == 0.0
    assert price_of("large-1", Usage(10, 1)) is None
