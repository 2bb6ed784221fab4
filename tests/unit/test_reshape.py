"""The harder export: what it changes of a real one, and what it leaves as it was."""

import json
import re
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.history import read_export
from benchmarks.reshape import CUSTOMERS, HOME, LATE, late, reshape
from core.domain.channels import ChannelRef
from core.domain.events import MessagePosted
from core.domain.people import Person

LONG = (
    "My upload of a large file fails. It says SlowDown after a while. I have tried it three times. Nothing helps so far. "
    * 3
)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty threads of three messages, one after the other, by one customer."""
    folder = tmp_path_factory.mktemp("real") / "support"
    (folder / "help").mkdir(parents=True)
    posts: list[dict[str, str]] = []
    for thread in range(60):
        root, asks = 1_700_000_000 + 600 * thread, (f"UASKS{thread % 9}", "T0CUSTOMER")
        said = [(*asks, LONG), ("UHELPS", HOME, "Set four connections."), (*asks, "Thanks!")]
        for n, (user, team, text) in enumerate(said):
            words = {"type": "message", "user": user, "team": team, "text": f"{text} ({thread})"}
            posts.append({**words, "ts": f"{root + n}.0", "thread_ts": f"{root}.0"})
    (folder / "help" / "2026-01-05.json").write_text(json.dumps(posts), "utf-8")
    return folder


@pytest.fixture(scope="module")
def harder(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("harder") / "support"
    reshape(real, folder, seed=7)
    return folder


def posts_in(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The messages by thread, in the order of time."""
    threads: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for day in folder.glob("*/*.json"):
        for post in json.loads(day.read_text("utf-8")):
            threads[f"{day.parent.name} {post['thread_ts']}"].append(post)
    return {root: sorted(posts, key=lambda post: float(post["ts"])) for root, posts in threads.items()}


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(real: Path, harder: Path, tmp_path: Path) -> None:
    def whole(folder: Path) -> dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.json")}

    reshape(real, tmp_path / "again", seed=7)
    reshape(real, tmp_path / "other", seed=8)
    assert whole(tmp_path / "again") == whole(harder)
    assert whole(tmp_path / "other") != whole(harder)


def test_each_channel_has_the_support_team_and_one_customer(harder: Path) -> None:
    export = read_export(harder)
    assert export.home == HOME
    assert {c.name: c.customer for c in export.channels} == {c.channel: c.team for c in CUSTOMERS}
    assert not export.skipped


def test_every_thread_keeps_its_words_in_their_order(real: Path, harder: Path) -> None:
    named = [rf" Our host is {c.host}, {c.person} looks after it\." for c in CUSTOMERS]
    echoed = [rf" That goes for {c.host} too, please tell {c.person}\." for c in CUSTOMERS]
    planted = re.compile("|".join([*named, *echoed]))
    before = sorted(" ".join(" ".join(p["text"] for p in posts).split()) for posts in posts_in(real).values())
    after = sorted(
        planted.sub("", " ".join(" ".join(p["text"] for p in posts).split())) for posts in posts_in(harder).values()
    )
    assert after == before


def test_threads_run_at_once_long_messages_are_bursts_and_customers_are_named(harder: Path) -> None:
    threads = posts_in(harder).values()
    spans = sorted((float(posts[0]["ts"]), float(posts[-1]["ts"])) for posts in threads)
    assert sum(later[0] < earlier[1] for earlier, later in pairwise(spans)) > 15
    assert sum(len(posts) > 3 for posts in threads) > 15
    texts = " ".join(post["text"] for posts in threads for post in posts)
    assert all(c.host in texts for c in CUSTOMERS)


def test_a_twentieth_arrives_late_and_keeps_its_time(harder: Path) -> None:
    events = read_export(harder).events
    arriving = late(events, seed=7)
    assert sorted(map(id, arriving)) == sorted(map(id, events))
    behind = sum(one.at > other.at for one, other in pairwise(arriving))
    messages = sum(isinstance(e, MessagePosted) for e in events)
    assert 0.4 * LATE < behind / messages < 2 * LATE
    assert late(events, seed=7) == arriving


@given(st.integers(0, 10_000), st.integers(1, 40))
def test_nothing_arrives_more_than_a_few_places_late(seed: int, size: int) -> None:
    start, ref = datetime(2026, 1, 5, tzinfo=UTC), ChannelRef("slack", "T", "C")
    first = MessagePosted(
        source="s", external_id="0", at=start, channel=ref, message_id="0", author=Person("U"), text="x"
    )
    events = [replace(first, external_id=str(n), at=start + timedelta(minutes=n)) for n in range(size)]
    places = [int(event.external_id) for event in late(events, seed)]
    assert sorted(places) == list(range(size))
    assert all(-6 <= at - was <= 6 for at, was in enumerate(places))
