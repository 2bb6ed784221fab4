"""The example workspace told live by people gives the same turns as its replay.

The replay has the shipped timers and the time of the messages, the running bot short ones and a real clock. What may differ:
ids and scores; the order of turns of different threads; lessons may come a little sooner; and the turn of a message that is
deleted later, because the export holds only its tombstone.
"""

from pathlib import Path

import yaml

from adapters.records import open_records
from adapters.terminal.json_lines import line
from core.domain.channels import Channel, ChannelRef, ChannelSettings
from core.ports.journal import Place
from tests.fakes.replayed import Replayed
from tests.fakes.slack.server import fake_slack
from tests.scenario.slack.running import MANIFEST, Running
from tests.scenario.slack.story import Cast, Teller, cast_of, scope, story, turns

UNTIL = 1793718000.0
"""Tuesday, 15:00: threads 1 to 25."""


async def _set(home: Path, cast: Cast) -> None:
    """What the example's vigil.yaml sets for a channel."""
    records = await open_records(f"sqlite+aiosqlite:///{home / 'records.db'}")
    channel, bot = cast.channels["ext-northwind-bot"], cast.people["B0FRONT"]
    ref = ChannelRef("slack", channel.team.id, channel.id)
    async with records.begin() as work:
        await work.channels.put(Channel(ref, channel.name, settings=ChannelSettings(first_line_bot=bot.id)))
    await records.close()


async def _told(home: Path) -> Replayed:
    """What a home has on record, as a replay prints it."""
    records = await open_records(f"sqlite+aiosqlite:///{home / 'records.db'}")
    told, _ = await records.journal.since(Place())
    await records.close()
    return Replayed("\n".join(line(one, {}) for one in told), home)


async def test_the_example_told_live_gives_the_same_turns_as_its_replay(acme: Replayed, tmp_path: Path) -> None:
    async with fake_slack() as slack:
        slack.app.install(yaml.safe_load(MANIFEST.read_text("utf-8")))
        cast = cast_of(slack)
        mira, anna, tomas = (cast.people[key] for key in ("U0MIRA", "U0NWANNA", "U0TOMAS"))
        await _set(tmp_path, cast)
        timers = {"VIGIL_SCOPE": scope(), "VIGIL_BURST_QUIET_S": "0.2", "VIGIL_SETTLE_S": "0.6"}
        bot = Running(slack, tmp_path, cast.channels["ext-northwind"], mira, anna, tomas, timers)
        teller = Teller(bot, cast)
        try:
            await bot.start()
            await teller.tell(story(UNTIL))
        finally:
            await bot.stop()
    live = await _told(tmp_path)
    found = turns(live.lines, {key: teller.names[ts] for key, ts in live.ts.items()})
    wanted = {m: made for m, made in turns(acme.lines, dict(acme.ts)).items() if set(m) <= set(teller.said)}
    deleted = {(line["ts"],) for _, line in story(UNTIL) if line.get("subtype") == "tombstone"}
    assert {messages: made for messages, made in found.items() if messages not in deleted} == wanted
    outcomes = [outcome for made in wanted.values() for _, _, outcome, *_ in made]
    assert set(outcomes) == {"answered", "abstained", "silent", "repeat", "superseded"}
    assert outcomes.count("answered") >= 7
    assert slack.deliveries.violations == []
