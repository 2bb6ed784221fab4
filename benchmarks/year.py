"""``python -m benchmarks.year OUT``: a made-up Slack export of a year, seeded; see ``write_year``.

Problems come again, so that a backfill confirms, corrects and cites what it learned before.
"""

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

HOME = "T0HOME"
FIRST = date(2025, 11, 3)
THINGS = "bucket queue gateway runner index cluster tunnel webhook scheduler mirror ledger sandbox".split()
DOES = (
    "times out|returns 403|drops events|stalls at startup|loses its lock|refuses uploads|duplicates rows|ignores the limit"
).split("|")
WHERE = (
    "after the upgrade|behind the proxy|with large files|from the batch job|in the new region|over IPv6|at night|since Monday"
).split("|")
MEND = "raise|lower|set|unset|double|pin".split("|")
OPTIONS = (
    "max_inflight idle_timeout_s retry_budget part_size_mb lease_ttl_s shard_count cache_policy keepalive_s".split()
)
GREETINGS = ("hi all", "good morning", "thanks, that did it", "ok, trying", "perfect, thank you", "any news?")


@dataclass(frozen=True, slots=True)
class Size:
    """How big the export is: so many channels (each with a customer of its own), days, and messages a day and channel on
    average."""

    channels: int = 20
    days: int = 365
    a_day: float = 5.5
    seed: int = 7


def write_year(folder: Path, size: Size) -> int:
    """Write the export, and give how many messages it has. The same size gives the same bytes."""
    chance, written = random.Random(size.seed), 0
    names = [f"ext-customer-{n:02}" for n in range(size.channels)]
    folder.mkdir(parents=True)
    _write(folder / "channels.json", [
        {"id": f"C{n:03}", "name": name, "is_ext_shared": True, "shared_team_ids": [f"T{n:03}"]} for n, name in enumerate(names)
    ])  # fmt: skip
    people = [_user(f"UA{n}", f"Analyst {n}", HOME) for n in range(4)]
    people += [_user(f"U{n:03}{m}", f"Person {n} {m}", f"T{n:03}") for n in range(size.channels) for m in range(3)]
    _write(folder / "users.json", people)
    for channel, name in enumerate(names):
        days: dict[date, list[dict[str, Any]]] = {}
        for n in range(size.days):
            for said in _day(channel, FIRST + timedelta(days=n), size, chance):
                days.setdefault(datetime.fromtimestamp(float(said["ts"]), UTC).date(), []).append(said)
                written += 1
        (folder / name).mkdir()
        for day, all_of_it in days.items():
            _write(folder / name / f"{day}.json", sorted(all_of_it, key=lambda one: float(one["ts"])))
    return written


def _write(path: Path, found: list[dict[str, Any]]) -> None:
    path.write_text(json.dumps(found), "utf-8")


def _user(key: str, name: str, team: str) -> dict[str, Any]:
    return {"id": key, "name": name, "real_name": name, "team_id": team, "profile": {"real_name": name}}


def _day(channel: int, day: date, size: Size, chance: random.Random) -> Iterator[dict[str, Any]]:
    """The threads that begin on a day: fewer at weekends."""
    threads = size.a_day / 3.6 * (0.25 if day.weekday() > 4 else 1.3)
    for _ in range(int(threads) + (chance.random() < threads % 1)):
        yield from _thread(channel, day, chance)


def _thread(channel: int, day: date, chance: random.Random) -> Iterator[dict[str, Any]]:
    """A question, what an analyst says, sometimes more; one in eight is small talk only."""
    at = datetime(day.year, day.month, day.day, chance.randrange(7, 18), chance.randrange(60), tzinfo=UTC).timestamp()
    root = f"{at + chance.random():.6f}"
    asker, analyst = f"U{channel:03}{chance.randrange(3)}", f"UA{chance.randrange(4)}"
    if chance.random() < 0.125:
        yield _said(asker, f"T{channel:03}", chance.choice(GREETINGS), root, root)
        return
    problem = chance.randrange(len(THINGS) * len(DOES) * len(WHERE))
    thing, does, where = THINGS[problem % 12], DOES[problem // 12 % 8], WHERE[problem // 96]
    code = f"E{1000 + problem}"
    yield _said(asker, f"T{channel:03}", f"why does the {thing} {does} {where}? the log says {code}", root, root)
    lines = [(analyst, HOME, "let me check")] if chance.random() < 0.4 else []
    option, mend = OPTIONS[problem % 8], MEND[problem % 6]
    said = f"{code} means that the {thing} {does} {where}: {mend} `{option}` to {8 + problem % 90} in its config."
    lines.append((analyst, HOME, said))
    if chance.random() < 0.7:
        lines.append(
            (asker, f"T{channel:03}", "that fixed it, thank you" if chance.random() < 0.8 else "still the same here")
        )
    for author, team, text in lines:
        at += chance.randrange(60, 1500)
        yield _said(author, team, text, f"{at + chance.random():.6f}", root)


def _said(user: str, team: str, text: str, ts: str, thread: str) -> dict[str, Any]:
    return {
        "type": "message",
        "user": user,
        "team": team,
        "user_team": team,
        "text": text,
        "ts": ts,
        "thread_ts": thread,
    }


if __name__ == "__main__":
    print(write_year(Path(sys.argv[1]), Size()), "messages")
