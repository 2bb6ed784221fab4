"""Whole workspaces over the wire: the example, and the same while the provider fails (DESIGN 9)."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.claude.said import say_malformed
from tests.fakes.replayed import Replayed, replayed
from tests.scenario.claude_replay import ACME, Wired, wired

DAILY_USD = 0.02
"""About what half of the example's busiest day costs."""
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """What the offline engine makes of the example."""
    return replayed(ACME, tmp_path_factory.mktemp("offline"))


def _told(of: Replayed) -> tuple[object, object]:
    """What a replay says but for ids, times, scores and the wording of reasons."""
    questions = [(q["query"], q["outcome"]) for t in of.of("turn") for q in t["questions"]]
    lessons = [(k["change"], k["audience"]) for k in of.of("knowledge")]
    return questions, lessons


def _waiting(home: Path) -> list[tuple[str, str]]:
    (records,) = home.glob("replays/*/records.db")
    with sqlite3.connect(records) as opened:
        return opened.execute("SELECT lane, state FROM jobs").fetchall()


def _outcomes(of: Replayed, since: datetime, until: datetime) -> set[str]:
    return {q["outcome"] for t in _turns(of, since, until) for q in t["questions"]}


def _turns(of: Replayed, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """The turns that dealt with messages of a time."""
    return [t for t in of.of("turn") if since <= _at(of, t) < until]


def _at(of: Replayed, turn: dict[str, Any]) -> datetime:
    return max(datetime.fromtimestamp(float(of.ts[name]), UTC) for name in turn["message_ids"])


def _first_answered(of: Replayed) -> datetime:
    return min(_at(of, t) for t in of.of("turn") if any(q["outcome"] == "answered" for q in t["questions"]))


async def test_over_the_wire_the_example_goes_as_its_model_says(tmp_path: Path, offline: Replayed) -> None:
    async with wired(tmp_path) as wire:
        assert _told(await wire.replay()) == _told(offline)


async def test_an_hours_outage_silences_and_is_caught_up(tmp_path: Path, offline: Replayed) -> None:
    begins = _first_answered(offline) - MINUTE
    async with wired(tmp_path) as wire:
        _outage(wire, begins, begins + HOUR)
        done = await wire.replay()
    assert _outcomes(done, begins, begins + HOUR) == {"failed"}
    assert "answered" in _outcomes(done, begins + HOUR + 3 * MINUTE, begins + timedelta(days=400))
    assert done.of("summary")[0]["knows"] >= offline.of("summary")[0]["knows"] - 1
    assert _waiting(tmp_path) == []


def _outage(wire: Wired, begins: datetime, ends: datetime) -> None:
    def look(now: datetime) -> None:
        wire.claude.faults.outage = begins <= now < ends

    wire.looks = look


async def test_a_minute_of_answers_that_break_the_schema_parks_nothing(tmp_path: Path, offline: Replayed) -> None:
    begins = _first_answered(offline) - MINUTE
    async with wired(tmp_path) as wire:

        def look(now: datetime) -> None:
            if begins <= now < begins + 2 * MINUTE and not wire.claude.answers:
                wire.claude.answers += [say_malformed('{"class": "everything"}')] * 2

        wire.looks = look
        done = await wire.replay()
    assert "failed" in _outcomes(done, begins, begins + 2 * MINUTE)
    assert "answered" in _outcomes(done, begins + 3 * MINUTE, begins + timedelta(days=400))
    assert _waiting(tmp_path) == []


async def test_a_spent_budget_silences_until_the_next_day(tmp_path: Path) -> None:
    async with wired(tmp_path, budget_usd=DAILY_USD) as wire:
        done = await wire.replay()
    reasons = {q["reason"] for t in done.of("turn") for q in t["questions"] if q["outcome"] == "failed"}
    assert len(reasons) == 1
    assert "budget" in reasons.pop()
    assert "answered" in {q["outcome"] for t in done.of("turn") for q in t["questions"]}
    assert _waiting(tmp_path) == []
