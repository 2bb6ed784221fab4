"""A harder export from a real one, the same for the same seed: three customers, log-normal gaps, interleaved threads, bursts.

What an export cannot hold, the order of arrival, is made when it is fed: ``late`` lets one message in twenty arrive behind
others that were written after it. Each customer gets names of its own, and requesters and analysts write some of them, so that
a leak from one customer to another can be seen.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.domain.events import InboundEvent, MessagePosted

Post = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Customer:
    """A made-up customer: its team, its channel, and what names it in texts."""

    team: str
    channel: str
    host: str
    person: str

    @property
    def words(self) -> tuple[str, ...]:
        """What must not be read in another customer's thread; lower case."""
        return (self.host.split(".")[1], self.person.lower())


CUSTOMERS = (
    Customer("T0BRAMBLEX", "ext-bramblex", "files.bramblex.com", "Oddvarsen"),
    Customer("T0KESTRILO", "ext-kestrilo", "gate.kestrilo.com", "Quillfeather"),
    Customer("T0VANTUURA", "ext-vantuura", "sign.vantuura.com", "Ferreirinha"),
)
HOME = "T0SUPPORT"
"""The team that answers, in the export that is reshaped and in the one that is made."""

NAMED_BY_REQUESTER, ECHOED_BY_ANALYST = 0.15, 0.3
LONG_CHARS, SPLIT = 300, 0.5
"""Longer messages of requesters are split into a burst this often."""
MOST_PIECES = 4
WITHIN_BURST_S = (0.4, 6.0)
"""Some pauses are longer than the quiet time of a burst (2 s), some shorter."""
GAP_MEDIAN_S, GAP_SIGMA, MOST_GAP_S = 480.0, 1.4, 20 * 3600.0
START_MEDIAN_S, START_SIGMA = 1500.0, 1.2
"""Between messages of a thread and between the first ones of threads: log-normal, so many run at once and some for days."""
BEGIN_S = 1_767_600_000.0
LATE, MOST_PLACES = 0.05, 6
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+")


def reshape(export: Path, into: Path, seed: int = 1) -> None:
    """Write the harder export; ``into`` must not be there yet."""
    chance, posts = random.Random(seed), []
    people: dict[str, Post] = {}
    for start, thread in zip(_starts(chance), _threads(export), strict=False):
        customer = chance.choice(CUSTOMERS)
        posts += [(customer, post) for post in _reshaped(thread, customer, start, chance)]
    for customer, post in posts:
        people[post["user"]] = _person(post["user"], post["user_team"], customer)
    _write(into, posts, people)


def late(events: Sequence[InboundEvent], seed: int = 1) -> list[InboundEvent]:
    """The events in an order of arrival: one message in twenty comes one to six places later, its time as it was."""
    chance = random.Random(seed)
    keys = [
        (
            n
            + (
                chance.randint(1, MOST_PLACES) + 0.5 if isinstance(e, MessagePosted) and chance.random() < LATE else 0.0
            ),
            n,
        )
        for n, e in enumerate(events)
    ]
    return [events[n] for _, n in sorted(keys)]


def _threads(export: Path) -> Iterator[list[Post]]:
    """Every thread of an export, by its first message's time, its messages in order."""
    threads: defaultdict[tuple[str, str], list[Post]] = defaultdict(list)
    for day in sorted(export.glob("*/*.json")):
        for post in json.loads(day.read_text("utf-8")):
            threads[day.parent.name, post.get("thread_ts") or post["ts"]].append(post)
    for _, posts in sorted(threads.items(), key=lambda thread: (float(thread[0][1]), thread[0][0])):
        yield sorted(posts, key=lambda post: float(post["ts"]))


def _starts(chance: random.Random) -> Iterator[float]:
    at = BEGIN_S
    while True:
        at += START_MEDIAN_S * chance.lognormvariate(0.0, START_SIGMA)
        yield at


def _reshaped(thread: Sequence[Post], customer: Customer, start: float, chance: random.Random) -> Iterator[Post]:
    at, root, named = start, _ts(start), False
    for post in thread:
        home = post.get("team") == HOME
        text = str(post.get("text") or "")
        if named and home and chance.random() < ECHOED_BY_ANALYST:
            text += f" That goes for {customer.host} too, please tell {customer.person}."
        if not home and chance.random() < NAMED_BY_REQUESTER:
            text, named = f"{text} Our host is {customer.host}, {customer.person} looks after it.", True
        for piece in [text] if home else _pieces(text, chance):
            team = HOME if home else customer.team
            user = str(post["user"]) if home else f"{post['user']}{customer.team[2:5]}"
            yield {"type": "message", "user": user, "text": piece, "ts": _ts(at), "thread_ts": root, "user_team": team}
            at += chance.uniform(*WITHIN_BURST_S)
        at += min(GAP_MEDIAN_S * chance.lognormvariate(0.0, GAP_SIGMA), MOST_GAP_S)


def _ts(at: float) -> str:
    return f"{at:.6f}"


def _pieces(text: str, chance: random.Random) -> list[str]:
    """A long text as the posts of a burst, whole sentences each; a short one as it is."""
    sentences = [part for part in _SENTENCE_END.split(text) if part.strip()]
    if len(text) < LONG_CHARS or len(sentences) < 2 or chance.random() >= SPLIT:
        return [text]
    cuts = sorted(chance.sample(range(1, len(sentences)), min(chance.randint(1, MOST_PIECES - 1), len(sentences) - 1)))
    return [" ".join(sentences[a:b]) for a, b in zip([0, *cuts], [*cuts, len(sentences)], strict=True)]


def _person(user: str, team: str, customer: Customer) -> Post:
    outside = team != HOME
    name = f"{customer.person} {user[-6:].lower()}" if outside else user.lower()
    return {"id": user, "name": name, "real_name": name, "team_id": team, "is_stranger": outside}


def _write(into: Path, posts: Sequence[tuple[Customer, Post]], people: dict[str, Post]) -> None:
    days: defaultdict[tuple[str, str], list[Post]] = defaultdict(list)
    for customer, post in posts:
        days[customer.channel, f"{datetime.fromtimestamp(float(post['ts']), UTC):%Y-%m-%d}"].append(post)
    for (channel, day), rows in days.items():
        (into / channel).mkdir(parents=True, exist_ok=True)
        (into / channel / f"{day}.json").write_text(json.dumps(sorted(rows, key=lambda post: post["ts"])), "utf-8")
    channels = [{"id": f"C0{c.team[2:]}", "name": c.channel, "shared_team_ids": [c.team]} for c in CUSTOMERS]
    (into / "channels.json").write_text(json.dumps(channels), "utf-8")
    (into / "users.json").write_text(json.dumps(list(people.values())), "utf-8")
