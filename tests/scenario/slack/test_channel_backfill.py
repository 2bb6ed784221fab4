"""`vigil backfill --channel`: what a channel's past teaches, in a process of its own."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.home import alone_in_the_past
from tests.fakes.slack.member import Member
from tests.fakes.slack.server import FakeSlack, fake_slack
from tests.fakes.slack.world import Channel
from tests.scenario.slack.running import Running, command, environment

QUESTION = "Multipart uploads fail with 503 SlowDown since this morning, why?"
ANSWER = "Set `max_concurrency=4` in the transfer config: the ingest limit is per connection."


@dataclass
class Silent:
    """A workspace with a past, and no bot that runs."""

    slack: FakeSlack
    home: Path
    channel: Channel
    dana: Member
    bob: Member

    def told(self, days_ago: float, question: str = QUESTION, answer: str = ANSWER) -> None:
        """A thread of some days ago."""
        clock = self.slack.world.clock
        clock.let_pass(-days_ago * 86_400)
        root = self.bob.post(self.channel, question)
        clock.let_pass(60)
        self.dana.post(self.channel, answer, thread=root)
        clock.let_pass(60)
        self.bob.post(self.channel, "that worked, thank you", thread=root)
        clock.let_pass(days_ago * 86_400 - 120)

    async def begin(self, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.cli", *arguments, cwd=self.home, env=environment(self.slack, self.home),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip

    async def vigil(self, *arguments: str) -> tuple[int, str, str]:
        done = await command(self.slack, self.home, *arguments)
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
async def silent(tmp_path: Path) -> AsyncIterator[Silent]:
    async with fake_slack() as slack:
        slack.app.events = set()  # nobody listens
        acme = slack.team("Acme")
        dana, bob = slack.person("Dana Analyst"), slack.person("Bob Customer", acme)
        channel = slack.channel("support", [slack.bot, dana, bob], shared_with=[acme])
        yield Silent(slack, tmp_path, channel, dana, bob)


async def test_a_channels_past_teaches_and_nothing_is_posted(silent: Silent) -> None:
    silent.told(40)
    code, out, err = await silent.vigil("backfill", "--channel", "#support")
    assert (code, err) == (0, "")
    assert "1 thread, 3 messages; nothing was posted." in out
    assert "Learned: 1 new thing from 1 thread." in out
    assert silent.slack.called("chat.postMessage") == []
    code, out, _ = await silent.vigil("ask", "why do multipart uploads fail with SlowDown?")
    assert (code, "max_concurrency=4" in out) == (0, True)
    code, out, _ = await silent.vigil("backfill", "--channel", silent.channel.id)
    assert out.startswith("Nothing new: 3 messages, all known already.")


async def test_since_leaves_out_older_threads(silent: Silent) -> None:
    silent.told(400)
    silent.told(1, "How do I rotate an access key?", "Run `keys rotate` and restart the agent within an hour.")
    year_ago = _day(silent.slack, 100)
    code, out, _ = await silent.vigil("backfill", "--channel", "support", "--since", year_ago)
    assert code == 0
    assert "1 thread, 3 messages" in out


def _day(slack: FakeSlack, days_ago: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(slack.world.clock.now() - days_ago * 86_400, UTC):%Y-%m-%d}"


async def test_one_that_was_killed_goes_on_where_it_was(silent: Silent) -> None:
    for n in range(30):
        silent.told(
            100 - n,
            f"Upload {n} fails with error E{n:03}, why?",
            f"Set `option_{n}=4` in the config, E{n:03} then ends.",
        )
    process = await silent.begin("backfill", "--channel", "support")
    await silent.slack.until(lambda: len(silent.slack.called("conversations.replies")) >= 20, 60)
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    read = len(silent.slack.called("conversations.replies"))
    code, out, err = await silent.vigil("backfill", "--channel", "support")
    assert code == 0
    assert "Going on from" in err
    assert len(silent.slack.called("conversations.replies")) - read < 30, "what was fed is not read again"
    code, out, _ = await silent.vigil("kb", "list", "--json")
    assert len(out.splitlines()) == 30


async def test_a_card_that_waits_to_be_posted_is_left_to_the_bot(bot: Running) -> None:
    bot.slack.faults.refused(1000, "internal_error", method="chat.postMessage")
    asked = bot.bob.post(bot.channel, QUESTION)
    await bot.until(lambda: ("refused", "chat.postMessage") in bot.slack.faults.met)
    await bot.kill()
    bot.slack.faults.waiting.clear()
    code, out, err = await Silent(bot.slack, bot.home, bot.channel, bot.dana, bot.bob).vigil(
        "backfill", "--channel", "#support"
    )
    assert (code, err) == (0, ""), out
    assert bot.cards(asked) == []
    await bot.start()
    await bot.card(asked)
    assert len(bot.cards(asked)) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--channel", "#nowhere"], 2, "a member of no channel #nowhere"),
        (["--channel", "C0NOWHERE1"], 2, "no channel C0NOWHERE1"),
        (["--channel", "#other"], 2, "/invite @Vigil"),
        ([], 2, "Name one of both"),
        (["export", "--channel", "#support"], 2, "Name one of both"),
        (["--channel", "#support", "--since", "yesterday"], 2, "--since yesterday is not a day: write it like 2026-"),
        (["export", "--since", "2026-01-01"], 2, "--since goes with --channel"),
        (["--channel", "#support", "--since", "2999-01-01"], 2, "a day to come"),
    ],
)
async def test_what_cannot_be_read_is_told_in_one_sentence(
    silent: Silent, arguments: Sequence[str], code: int, told: str
) -> None:
    silent.slack.channel("other", [silent.dana])
    found, _, err = await silent.vigil("backfill", *arguments)
    assert (found, len(err.splitlines())) == (code, 1)
    assert told in err


async def test_a_missing_scope_and_another_backfill_are_told(silent: Silent) -> None:
    with alone_in_the_past(silent.home):
        code, _, err = await silent.vigil("backfill", "--channel", silent.channel.id)
    assert (code, "Another backfill is feeding" in err) == (2, True)
    silent.slack.app.scopes.remove("channels:history")
    code, _, err = await silent.vigil("backfill", "--channel", silent.channel.id)
    assert (code, "lacks the scope channels:history" in err) == (2, True)
    assert os.linesep not in err.strip()
