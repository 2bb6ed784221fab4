"""The running bot against the Slack of the tests: from a question to its card, from an event to its acknowledgement, and its
memory. Printed by ``make bench``."""

import asyncio
import statistics
import tempfile
from pathlib import Path

import numpy as np

from bot.kb_changes import working
from core.domain.ids import EntryId, make_id
from core.domain.knowledge import QA, SHARED, KnowledgeEntry
from core.knowledge.ledger import Because, add
from tests.fakes.replayed import settings_in
from tests.fakes.slack.world import Message
from tests.scenario.slack.conftest import SLOW_DOWN
from tests.scenario.slack.running import Running, running
from tests.scenario.slack.storm import storm

ENTRIES = 10_000
QUESTIONS = 40
QUIET_S = 0.5
PAUSE_S = 1.0
"""Between two questions: Slack takes about a post a second per channel, and what waits for that is not our time."""
ASKED = "Our multipart uploads fail with 503 SlowDown since this morning, why?"
WORDS = "bucket upload region timeout key policy version restore retry header token queue client error limit console".split()


async def slack_bench() -> None:
    """Print what a question in Slack costs with the offline engine and ``ENTRIES`` entries, quiet time left out."""
    with tempfile.TemporaryDirectory(prefix="vigil-bench-") as folder:
        home = Path(folder)
        await _know_much(home)
        async with running(home, [SLOW_DOWN], VIGIL_BURST_QUIET_S=str(QUIET_S)) as bot:
            took = [await _asked(bot, n) for n in range(QUESTIONS)]
            _tell("question to card, quiet time left out", took[5:])
            came = await storm(bot, kill=False)
            _tell("event to acknowledgement, 1,000 in 10 s", came.ack_s())
            print(f"memory of the running bot              {_memory_mb(bot):8.0f} MB")


async def _know_much(home: Path) -> None:
    """Fill a home with entries nobody asks for."""
    rng = np.random.default_rng(1)
    async with working(settings_in(home), make=True) as desk:
        now = desk.clock.now()
        for start in range(0, ENTRIES, 1_000):
            async with desk.records.begin() as work:
                for n in range(start, start + 1_000):
                    text = " ".join(rng.choice(WORDS, 16))
                    entry = KnowledgeEntry(
                        id=EntryId(make_id("bench", n)), kind=QA, audience=SHARED, title=text, question=text, answer=text,
                        created_at=now, updated_at=now,
                    )  # fmt: skip
                    await add(work, entry, Because("for the benchmark", f"bench:{n}", now))
            await desk.projector.flush()


async def _asked(bot: Running, n: int) -> float:
    """Seconds from a question to its card, less the quiet time."""
    asker = bot.slack.person(f"Asker {n}", bot.bob.person.team)
    asker.join(bot.channel)
    question = asker.post(bot.channel, ASKED)
    card = await bot.card(question)
    await asyncio.sleep(PAUSE_S)
    return _seconds(card) - _seconds(question) - QUIET_S


def _seconds(message: Message) -> float:
    return float(message.ts)


def _tell(what: str, took: list[float]) -> None:
    ordered = sorted(took)
    p95, p99 = ordered[int(len(ordered) * 0.95)], ordered[int(len(ordered) * 0.99)]
    print(f"{what:<38} {statistics.median(took) * 1000:8.0f} ms   p95 {p95 * 1000:.0f}, p99 {p99 * 1000:.0f} ms")


def _memory_mb(bot: Running) -> float:
    assert bot.process is not None
    status = Path(f"/proc/{bot.process.pid}/status").read_text("utf-8")
    (line,) = [one for one in status.splitlines() if one.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    asyncio.run(slack_bench())
