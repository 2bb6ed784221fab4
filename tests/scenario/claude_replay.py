"""The example workspace replayed with Claude over the wire; the model behind it judges as the offline engine does."""

import contextlib
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr
from structlog.testing import capture_logs

from adapters.engine.claude.client import opened_client
from adapters.engine.claude.engine import ClaudeEngine
from bot.replay import replay
from bot.settings import Settings
from bot.wiring import Parts
from core.desk.meter import RecordsMeter
from core.domain.costs import Call
from core.domain.tasks import Tier
from tests.fakes.claude.offline_model import OfflineModel
from tests.fakes.claude.server import FakeClaude, fake_claude
from tests.fakes.replayed import EXAMPLES, Replayed

ACME = EXAMPLES / "acme"
MODELS = {Tier.FAST: "claude-haiku-5-5", Tier.STRONG: "claude-sonnet-5-5"}


@dataclass
class Wired:
    """A fake API with an engine that asks it. All time is the messages' time: nobody sleeps. ``looks`` is called with the time
    before each request: it may let things go wrong."""

    claude: FakeClaude
    home: Path
    budget_usd: float | None = None
    looks: Callable[[datetime], None] = lambda now: None

    async def replay(self, export: Path = ACME) -> Replayed:
        """Replay an export."""
        key = {"ANTHROPIC_API_KEY": SecretStr(self.claude.api_key), "ANTHROPIC_BASE_URL": self.claude.base_url}
        settings = Settings(home=self.home, _env_file=None, **key)  # type: ignore[arg-type]  # by their aliases
        out = io.StringIO()
        async with opened_client(self.claude.api_key, self.claude.base_url) as client:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()), capture_logs():
                await replay(settings, export, None, as_json=True, wrap=lambda parts: self._wired(parts, client))
        return Replayed(out.getvalue(), self.home)

    def _wired(self, parts: Parts, client: object) -> Parts:
        assert parts.local is not None
        now = parts.clock.now
        meter = _ByMessageTime(parts.records, now, self.budget_usd)
        engine = ClaudeEngine(
            client, MODELS, meter, self.home, monotonic_s=lambda: now().timestamp(), sleep=_at_once,  # type: ignore[arg-type]  # as opened
        )  # fmt: skip
        model = OfflineModel(parts.local, engine, lambda: self.looks(now()))
        self.claude.model = model.says
        return replace(parts, engine=model)


class _ByMessageTime(RecordsMeter):
    """Money is spent when the messages come, not while they are replayed."""

    async def spent(self, call: Call) -> None:
        await super().spent(replace(call, at=self._now()))


async def _at_once(seconds: float) -> None:
    return None


@asynccontextmanager
async def wired(home: Path, budget_usd: float | None = None) -> AsyncIterator[Wired]:
    """A fake API and what replays over it in a home; no request may have been malformed."""
    async with fake_claude() as claude:
        yield Wired(claude, home, budget_usd)
        assert claude.violations == []
