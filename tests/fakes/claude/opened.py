"""The Claude engine over the fake API, with everything around it in a test's hand."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.engine.claude.client import opened_client
from adapters.engine.claude.engine import ClaudeEngine
from core.domain.costs import Call, CallOutcome
from core.domain.errors import BudgetSpentError
from core.domain.tasks import Tier
from tests.fakes.claude.server import FakeClaude, fake_claude
from tests.fakes.slack.clock import Bell

FAST, STRONG = "claude-haiku-5-5", "claude-sonnet-5-5"
MODELS = {Tier.FAST: FAST, Tier.STRONG: STRONG}


@dataclass
class FakeMeter:
    """Keeps all calls; admits as many as are ``left``."""

    left: int = 10_000
    asked: int = 0
    calls: list[Call] = field(default_factory=list)
    bell: Bell = field(default_factory=Bell)

    async def admit(self, *, hot: bool = True) -> None:
        """Count that it was asked."""
        self.asked += 1
        self.bell.ring()
        if self.asked > self.left:
            raise BudgetSpentError("The budget is spent.", 60.0)

    async def spent(self, call: Call) -> None:
        """Keep the call."""
        self.calls.append(call)

    @property
    def outcomes(self) -> list[CallOutcome]:
        """What came of the calls, in order."""
        return [call.outcome for call in self.calls]


@dataclass
class At:
    """The engine, the API that it talks to, and what it was given: ``now_s`` is its monotonic time, ``slept`` what it waited
    between attempts, which takes no time here."""

    claude: FakeClaude
    home: Path
    meter: FakeMeter = field(default_factory=FakeMeter)
    now_s: float = 1000.0
    slept: list[float] = field(default_factory=list)
    engine: ClaudeEngine = field(init=False)

    async def sleep(self, seconds: float) -> None:
        """Note how long."""
        self.slept.append(seconds)


@asynccontextmanager
async def claude_engine(
    home: Path, models: Mapping[Tier, str] = MODELS, calls_at_once: int = 8, key: str = ""
) -> AsyncIterator[At]:
    """Serve the API and give the engine that calls it, with the right ``key`` or another."""
    async with fake_claude() as claude, opened_client(key or claude.api_key, claude.base_url) as client:
        at = At(claude, home)
        at.engine = ClaudeEngine(client, models, at.meter, home, calls_at_once, lambda: at.now_s, at.sleep)
        yield at
