"""Which engine a measurement asks, and how many rows at once."""

from pathlib import Path
from typing import Any

import pytest

from bot import measure
from bot.measure import Performing, at_once, engine_of, make_engine, price_of
from bot.settings import Settings
from core.domain.errors import CallerError
from core.domain.ids import MessageId
from core.domain.people import Role, RoleBasis
from core.domain.tasks import Line, RewriteInput, Usage
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

    def make(settings: Settings, which: str, embedder: Embedder) -> tuple[Engine, str]:
        assert which == "claude"
        return engine, "claude/small+large"

    monkeypatch.setattr(measure, "make_engine", make)
    return engine


def chosen(home: Path, **how: Any) -> Engine:
    return engine_of(settings_in(home), Performing(**how), HashEmbedder())


def test_claude_needs_its_key_and_another_engine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="needs ANTHROPIC_API_KEY"):
        make_engine(settings_in(tmp_path), "claude", HashEmbedder())
    with pytest.raises(CallerError, match="There is no engine abacus: choose offline or claude"):
        make_engine(settings_in(tmp_path), "abacus", HashEmbedder())


async def test_what_was_recorded_repeats_without_the_engine_and_without_naming_it(
    made: FakeClaude, tmp_path: Path
) -> None:
    record = tmp_path / "record"
    asked = await chosen(tmp_path, engine="claude", record=record).perform(rewrite_request(ASKED))
    again = chosen(tmp_path, replay=record)
    assert (again.name, again.remote) == ("claude", True)
    assert await again.perform(rewrite_request(ASKED)) == asked
    assert made.asked == ["rewrite"]


def test_recording_and_replaying_at_once_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="Name one of both"):
        chosen(tmp_path, record=tmp_path, replay=tmp_path)


def test_a_replay_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="no record of the offline engine"):
        chosen(tmp_path, replay=tmp_path)


def test_rows_wait_for_a_remote_engine_together_and_for_one_here_one_by_one() -> None:
    assert (at_once(Performing(), FakeEngine()), at_once(Performing(), FakeClaude())) == (1, 8)
    assert at_once(Performing(at_once=3), FakeClaude()) == 3


def test_what_is_computed_here_costs_nothing_and_a_price_that_is_not_known_is_none() -> None:
    assert price_of("offline/model", Usage()) == 0.0
    assert price_of("large-1", Usage(10, 1)) is None
