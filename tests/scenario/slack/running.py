"""The bot as people run it: ``vigil run`` in a process of its own, connected to the Slack on this machine."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import yaml

from bot.kb_changes import working
from core.desk.by_hand import IfKnown, Written, add_by_hand
from core.domain.knowledge import Audience
from tests.fakes.replayed import settings_in
from tests.fakes.slack.deliveries import Patience
from tests.fakes.slack.member import Member
from tests.fakes.slack.server import FakeSlack, fake_slack
from tests.fakes.slack.world import Channel, Message
from tests.scenario.command_line import forked

MANIFEST = Path(__file__).parents[3] / "manifest" / "slack.yaml"
ROOT = Path(__file__).parents[3]
PATIENCE_S = 60.0
STOPS_WITHIN_S = 30.0
LOOK_S = 0.02


@dataclass
class Running:
    """A bot that works in one workspace with one shared channel; ``log`` are its lines so far."""

    slack: FakeSlack
    home: Path
    channel: Channel
    dana: Member
    bob: Member
    lee: Member
    settings: dict[str, str]
    program: str = "bot.cli"
    process: asyncio.subprocess.Process | None = None
    log: list[str] = field(default_factory=list)
    _reader: "asyncio.Task[None] | None" = None

    async def start(self) -> None:
        """Start it and wait until both of its connections stand."""
        env = environment(self.slack, self.home) | self.settings
        if self.program != "bot.cli":  # the tests are not installed
            env["PYTHONPATH"] = str(ROOT)
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self.program, "run", env=env, cwd=self.home,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        self._reader = asyncio.create_task(self._read())
        up = asyncio.create_task(self.until(lambda: len(self.slack.connections.live) >= 2))
        ended = asyncio.create_task(self.process.wait())
        await asyncio.wait({up, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not up.done():
            up.cancel()
            await self._reader
            raise AssertionError("It ended at once. Its log:\n" + "\n".join(self.log[-40:]))
        await up

    async def _read(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.log.append(line.decode("utf-8", "replace").rstrip())
            self.slack.world.bell.ring()

    async def stop(self, how: int = signal.SIGTERM) -> int:
        """Stop it; gives its exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(how)
        async with asyncio.timeout(STOPS_WITHIN_S):
            code = await self.process.wait()
        assert self._reader is not None
        await self._reader
        return code

    async def kill(self) -> None:
        """End it as a power cut would."""
        await self.stop(signal.SIGKILL)

    async def until(self, happened: Callable[[], object], within_s: float = PATIENCE_S) -> None:
        """Wait until something is so; the bot's log tells why it never was."""
        try:
            await self.slack.until(lambda: bool(happened()), within_s)
        except TimeoutError as error:
            raise AssertionError("It never came to that. The bot's log:\n" + "\n".join(self.log[-40:])) from error

    def on_record(self, asking: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows that a query of the bot's records gives."""
        with sqlite3.connect(f"file:{self.home / 'records.db'}?mode=ro", uri=True) as records:
            return records.execute(asking, values).fetchall()

    async def until_recorded(self, asking: str, *values: object) -> None:
        """Wait until a query gives a row: look again and again, as the records ring no bell."""
        for _ in range(int(PATIENCE_S / LOOK_S)):
            if self.on_record(asking, *values):
                return
            await asyncio.sleep(LOOK_S)
        raise AssertionError("It was never recorded. The bot's log:\n" + "\n".join(self.log[-40:]))

    async def card(self, thread: Message, as_seen_by: Member | None = None) -> Message:
        """Wait for the bot's first post in a thread, and give it."""
        who = as_seen_by or self.bob
        await self.until(lambda: self.cards(thread, who))
        return self.cards(thread, who)[0]

    def cards(self, thread: Message, who: Member | None = None) -> list[Message]:
        """The bot's posts in a thread, as somebody sees them."""
        screen = (who or self.bob).screen(thread.channel, thread)
        return [message for message in screen if message.body.get("bot_id") == self.slack.app.bot.bot_id]


def environment(slack: FakeSlack, home: Path) -> dict[str, str]:
    """What a process of Vigil needs to know of this Slack, and nothing else of this machine's settings."""
    names = ("PATH", "HOME", "LANG", "PYTHONPATH", "XDG_CACHE_HOME")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return kept | {
        "VIGIL_HOME": str(home),
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.app.bot_token,
        "SLACK_APP_TOKEN": slack.app.app_token,
    }


async def command(slack: FakeSlack, home: Path, *arguments: str, **settings: str) -> "CompletedProcess[str]":
    """Run a command of Vigil to its end, in a process of its own, while this Slack goes on."""
    return await asyncio.to_thread(forked, arguments, home, environment(slack, home) | settings)


async def teach(home: Path, *lessons: tuple[str, str], audience: str = "shared") -> None:
    """Write entries into a home before the bot starts."""
    async with working(settings_in(home), make=True) as desk:
        for question, answer in lessons:
            await add_by_hand(Written(question, answer, "", Audience(audience)), IfKnown.TELL, desk)


@asynccontextmanager
async def running(
    home: Path, lessons: Sequence[tuple[str, str]] = (), patience: Patience | None = None, program: str = "bot.cli",
    **settings: str,
) -> AsyncIterator[Running]:  # fmt: skip
    """A bot with a channel that the home team shares with Acme's Bob. Dana is an analyst, Lee only a colleague."""
    await teach(home, *lessons)
    async with fake_slack(patience) as slack:
        slack.app.install(yaml.safe_load(MANIFEST.read_text("utf-8")))
        acme = slack.team("Acme")
        dana, bob = slack.person("Dana Analyst"), slack.person("Bob Customer", acme)
        lee = slack.person("Lee Colleague")
        channel = slack.channel("support", [slack.bot, dana, lee, bob], shared_with=[acme])
        own = {"VIGIL_BURST_QUIET_S": "0.2", "VIGIL_ANALYSTS": dana.id}
        bot = Running(slack, home, channel, dana, bob, lee, {**own, **settings}, program)
        try:
            await bot.start()
            yield bot
        finally:
            if bot.process is not None:
                await bot.kill()
