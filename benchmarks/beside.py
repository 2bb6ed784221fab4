"""How long events wait for their acknowledgement while another command writes the records: two hundred in ten seconds, with
nothing beside the bot, with an import and with a backfill. ``python -m benchmarks.beside``."""

import asyncio
import json
import random
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

import structlog

from bot.settings import prepare_environment
from tests.scenario.slack import storm as storming
from tests.scenario.slack.conftest import SLOW_DOWN
from tests.scenario.slack.running import Running, environment, running

ENTRIES = 20_000
EXPORT = Path(__file__).parents[1] / "examples" / "acme"
WORDS = "bucket upload region timeout key policy version restore retry header token queue client error limit console".split()


async def main() -> None:
    """Print a line for each kind of company."""
    storming.THREADS = 20
    with tempfile.TemporaryDirectory(prefix="vigil-bench-") as folder:
        many = Path(folder, "many.jsonl")
        _write(many)
        companies: dict[str, list[str]] = {
            "alone": [],
            f"beside an import of {ENTRIES:,}": ["kb", "import", str(many)],
            "beside a backfill": ["backfill", str(EXPORT)],
        }
        for name, arguments in companies.items():
            async with running(Path(folder, str(len(name))), [SLOW_DOWN]) as bot:
                await _measure(name, arguments, bot)


async def _measure(name: str, arguments: list[str], bot: Running) -> None:
    beside = None
    if arguments:
        beside = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.cli", *arguments, cwd=bot.home, env=environment(bot.slack, bot.home),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await asyncio.sleep(3.0)  # it has to start, and the storm is to meet it at work
    begun = time.monotonic()
    came = await storming.storm(bot, kill=False)
    took = came.ack_s()
    await bot.slack.deliveries.settled(60)
    lost = sum(1 for envelope in came.envelopes if not envelope.ack)
    done = "" if beside is None else f", it {'still worked' if beside.returncode is None else 'had ended'} at the end"
    print(
        f"{name:<32} ack median {statistics.median(took) * 1000:6.0f} ms, p95 {took[int(len(took) * 0.95)] * 1000:6.0f}, "
        f"p99 {took[int(len(took) * 0.99)] * 1000:6.0f}, longest {took[-1] * 1000:6.0f}; {len(took)} acknowledged, "
        f"{lost} not; {time.monotonic() - begun:.0f} s{done}"
    )
    if beside is not None and beside.returncode is None:
        beside.send_signal(signal.SIGKILL)
        await beside.wait()


def _write(file: Path) -> None:
    """What ``kb export`` would write of many entries."""
    chance = random.Random(1)
    with file.open("w", encoding="utf-8") as out:
        for n in range(ENTRIES):
            at = "2026-11-01T09:00:00Z"
            entry: dict[str, object] = {
                "id": f"00000000-0000-5000-8000-{n:012d}", "kind": "qa", "audience": "shared", "language": "en",
                "title": f"Question {n}", "question": f"{n} {' '.join(chance.choices(WORDS, k=12))}",
                "answer": " ".join(chance.choices(WORDS, k=20)), "created_at": at, "updated_at": at, "status": "active",
                "object": "", "symptom": "", "conditions": "", "keys": [], "url": "", "anchor": "", "expires_at": None,
                "confirmed_at": None, "confirmations": 0, "uses": 0, "derived_from": [], "taught_by": "analyst",
            }  # fmt: skip
            line = {"v": 1, "type": "revision", "n": 1, "change": "added", "at": at, "why": "for the benchmark"}
            out.write(json.dumps({**line, "job": f"hand:{n}", "from": [], "entry": entry}) + "\n")


if __name__ == "__main__":
    prepare_environment()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    asyncio.run(main())
