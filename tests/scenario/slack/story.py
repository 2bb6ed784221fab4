"""The example workspace, told by people of the Slack on this machine: its beginning, as compressed as its timers allow."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.fakes.replayed import EXAMPLES
from tests.fakes.slack.member import Member
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Channel, Message, Team
from tests.scenario.slack.running import LOOK_S, PATIENCE_S, Running

ACME = EXAMPLES / "acme"
HOME = "T0ACME"
QUIET_S, LATENCY_S, SETTLE_S, SETTLE_AT_MOST_S = 2.0, 4.0, 600.0, 1200.0
"""The timers under which a replay reads the example: a burst's quiet, how long a card takes to appear, and after how long a
dialogue teaches."""
BUSY = (
    "SELECT (SELECT count(*) FROM jobs WHERE lane IN ({lanes}) AND state = 'ready')"
    " + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))"
    " + (SELECT count(*) FROM revisions WHERE projected_at IS NULL)"
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
DELETED, DELETED_BY = "one moment", "U0NWLEO"
"""What a message that is deleted later said, and who deletes it: of the one in the export only the tombstone is left."""
ANSWERING, LEARNING = "'respond', 'edit', 'withdraw'", "'respond', 'edit', 'withdraw', 'learn', 'project'"


@dataclass
class Cast:
    """Who and where, by the ids of the export."""

    people: dict[str, Member]
    channels: dict[str, Channel]

    def text(self, told: str) -> str:
        """What somebody types so that Slack stores ``told``, with the people of this Slack in the mentions."""
        for key, person in self.people.items():
            told = told.replace(f"<@{key}>", person.mention)
        return told.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def cast_of(slack: FakeSlack) -> Cast:
    """Everybody of the export in workspaces and channels like theirs."""
    teams: dict[str, Team] = {HOME: slack.world.home}
    people: dict[str, Member] = {}
    for user in _read("users.json"):
        if (key := user["team_id"]) not in teams:
            teams[key] = slack.team(key.removeprefix("T0").title())
        people[user["id"]] = slack.person(user["real_name"], teams[key], bot=user["is_bot"])
        people[user["profile"].get("bot_id", user["id"])] = people[user["id"]]
    joining = {(channel, e["user"]) for channel, e in story() if e.get("subtype") == "channel_join"}
    channels = {one["name"]: _channel(slack, one, people, joining) for one in _read("channels.json")}
    return Cast(people, channels)


def _channel(slack: FakeSlack, one: Json, people: dict[str, Member], joining: set[tuple[str, str]]) -> Channel:
    members = [people[key] for key in one["members"] if (one["name"], key) not in joining]
    outside = {member.person.team.id: member.person.team for member in members}
    outside.pop(slack.world.home.id, None)
    return slack.channel(one["name"], [slack.bot, *members], shared_with=list(outside.values()))


def _read(name: str) -> list[Json]:
    found: list[Json] = json.loads((ACME / name).read_text("utf-8"))
    return found


def story(until: float = float("inf")) -> list[tuple[str, Json]]:
    """The messages of all channels by time, each with its channel's name."""
    days = sorted(ACME.glob("*/*.json"))
    found = [(day.parent.name, message) for day in days for message in json.loads(day.read_text("utf-8"))]
    return sorted((one for one in found if float(one[1]["ts"]) < until), key=lambda one: float(one[1]["ts"]))


def scope() -> str:
    """The team's own scope text."""
    return str(yaml.safe_load((ACME / "vigil.yaml").read_text("utf-8"))["scope"])


@dataclass
class Teller:
    """Lets people say it. What comes before a burst is quiet is said at once; what comes while a card is on its way is said
    while Slack makes that card wait; everything later is said once answering is done, and once learning is done where the
    timers of a replay would have run out before it."""

    bot: Running
    cast: Cast
    said: dict[str, Message] = field(default_factory=dict)
    _teaches_at: dict[str, float] = field(default_factory=dict)
    _first_at: dict[str, float] = field(default_factory=dict)
    _at: float = 0.0

    @property
    def names(self) -> dict[str, str]:
        """The export's ts by this Slack's."""
        return {message.ts: ts for ts, message in self.said.items()}

    async def tell(self, lines: list[tuple[str, Json]]) -> None:
        """Tell all of it and wait until the bot has taken it in. An export does not say when somebody reacted or a root was
        deleted: here as in a replay behind the last message of the thread."""
        last = {_root(line): line["ts"] for _, line in lines}
        for channel, line in lines:
            await self._let_pass(float(line["ts"]))
            self._say(self.cast.channels[channel], line)
            if line["ts"] == last[_root(line)]:
                self._end([one for _, one in lines if _root(one) == _root(line)])
        await self.bot.slack.deliveries.settled()
        await self._until_idle(LEARNING)

    async def _let_pass(self, at: float) -> None:
        gap_s, self._at = at - self._at, at
        if gap_s <= QUIET_S:
            return
        await self.bot.slack.deliveries.settled()
        if gap_s <= QUIET_S + LATENCY_S:
            await self._while_sending()
        elif any(due <= at for due in self._teaches_at.values()):
            await self._until_idle(LEARNING)
            self._teaches_at.clear()
            self._first_at.clear()
        else:
            await self._until_idle(ANSWERING)

    async def _while_sending(self) -> None:
        """Until a card has been made to wait, or there is none."""
        faults = self.bot.slack.faults
        faults.storm(1, retry_after_s=1, method="chat.postMessage")
        met = len(faults.met)
        await self._until(lambda: len(faults.met) > met or not self._busy(ANSWERING))
        faults.waiting.clear()

    async def _until_idle(self, lanes: str) -> None:
        await self._until(lambda: not self._busy(lanes))

    async def _until(self, holds: Callable[[], bool]) -> None:
        """Look again and again: the records ring no bell."""
        for _ in range(int(PATIENCE_S / LOOK_S)):
            if holds():
                return
            await asyncio.sleep(LOOK_S)
        raise AssertionError("It never came to rest. The bot's log:\n" + "\n".join(self.bot.log[-40:]))

    def _busy(self, lanes: str) -> bool:
        """Whether the bot has something to do in these lanes, by its records."""
        with sqlite3.connect(f"file:{self.bot.home / 'records.db'}?mode=ro", uri=True) as records:
            return bool(records.execute(BUSY.format(lanes=lanes)).fetchone()[0])

    def _say(self, channel: Channel, line: Json) -> None:
        gone = line.get("subtype") == "tombstone"
        who = self.cast.people[DELETED_BY if gone else line.get("user") or line["bot_id"]]
        if line.get("subtype") == "channel_join":
            who.join(channel)
            return
        text = DELETED if gone else self.cast.text(line["text"])
        files = tuple(self.bot.slack.file(who, one["name"], PNG) for one in line.get("files", []))
        broadcast = line.get("subtype") == "thread_broadcast"
        first = text.partition(". ")[0] if "edited" in line else text
        message = who.post(channel, first, thread=self.said.get(_root(line)), broadcast=broadcast, files=files)
        self.said[line["ts"]] = message
        if first != text:
            who.edit(message, text)
        started = self._first_at.setdefault(_root(line), self._at)
        self._teaches_at[_root(line)] = min(self._at + SETTLE_S, started + SETTLE_AT_MOST_S)

    def _end(self, thread: list[Json]) -> None:
        given = [
            (one["ts"], r["name"], user) for one in thread for r in one.get("reactions", []) for user in r["users"]
        ]
        for ts, name, user in given:
            self.cast.people[user].react(self.said[ts], name)
        for ts in (one["ts"] for one in thread if one.get("subtype") == "tombstone"):
            self.cast.people[DELETED_BY].delete(self.said[ts])


def _root(line: Json) -> str:
    return str(line.get("thread_ts") or line["ts"])


def turns(lines: list[Json], names: dict[str, str]) -> dict[tuple[str, ...], list[Any]]:
    """What was made of each burst, by the export's ts of its messages; ``names`` gives them by message id."""
    made = (line for line in lines if line["type"] == "turn")
    return {tuple(names[m] for m in turn["message_ids"]): sorted(map(_seen, turn["questions"])) for turn in made}


def _seen(question: Json) -> tuple[str, ...]:
    """What does not hang on ids and scores."""
    answer = question["answer"] or {"text": "", "citations": []}
    titles = [f"[{c['n']}] {c['title']}" for c in answer["citations"]]
    return (question["class"] or "", question["query"] or "", question["outcome"], answer["text"], *titles)
