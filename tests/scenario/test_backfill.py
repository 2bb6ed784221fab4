"""Backfill into a home that has settings and knows channels already."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.records import open_records
from adapters.terminal.messenger import RecordedMessenger
from adapters.terminal.summary import Tally
from bot.asking import EXIT_ANSWERED, EXIT_NOTHING, ask
from bot.clocks import SystemClock
from bot.doctor import State
from bot.doctor_home import past_checks
from bot.export_backfill import backfill
from bot.lookup import all_heads, reading
from bot.past import before_it, run_since
from bot.settings import Settings
from bot.wiring import opened
from core.domain.channels import Channel, ChannelRef, ChannelSettings, DeliveryMode
from core.domain.errors import FinalError
from core.ports.journal import Place
from tests.crash.scenario import HOME, write_export
from tests.fakes.replayed import EXAMPLES, Replayed, settings_in

ONE, TWO = ChannelRef("slack", HOME, "C1"), ChannelRef("slack", HOME, "C2")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "export")


@pytest.fixture
def without_messages(export: Path) -> Path:
    for day in export.glob("*/*.json"):
        day.write_text("[]", "utf-8")
    return export


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


async def _channels(home: Path, *put: Channel) -> dict[ChannelRef, Channel]:
    """The channels of a home, after these were put."""
    records = await open_records(f"sqlite+aiosqlite:///{home / 'records.db'}")
    try:
        async with records.begin() as work:
            for channel in put:
                await work.channels.put(channel)
            return {channel.ref: channel for channel in await work.channels.all()}
    finally:
        await records.close()


async def test_one_that_was_cut_off_is_named_until_the_same_has_come_to_its_end(
    home: Path, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("bot.export_backfill.run_until", _full_disk)
        with pytest.raises(FinalError, match="full"):
            await backfill(settings_in(home), export, HOME)
    left, again = await past_checks(settings_in(home))
    assert (left.state, again.state) == (State.MISSING, State.NOTE)
    assert f"`vigil backfill {export} --home-team {HOME}`" in again.said
    await backfill(settings_in(home), export, HOME)
    assert await past_checks(settings_in(home)) == []


async def _full_disk(*_: object) -> None:
    raise FinalError("The disk is full.")


async def test_settings_that_the_export_does_not_name_stay(home: Path, export: Path) -> None:
    own = ChannelSettings(mode=DeliveryMode.OFF, approval=True)
    await _channels(home, Channel(ONE, settings=own), Channel(TWO, settings=own))
    (export / "vigil.yaml").write_text("channels: {ext-two: {mode: shadow}}", "utf-8")
    await backfill(settings_in(home), export, None)
    found = await _channels(home)
    assert found[ONE].settings == own
    assert found[TWO].settings == replace(own, mode=DeliveryMode.SHADOW)


async def test_an_organisation_that_is_new_in_a_later_export_is_noticed(home: Path, export: Path) -> None:
    await backfill(settings_in(home), export, None)
    assert (await _channels(home))[ONE].customer == "T0ONE"
    channels = [
        {"id": "C1", "name": "ext-one", "shared_team_ids": ["T0ONE", "T0NEW"]},
        {"id": "C2", "name": "ext-two"},
    ]
    (export / "channels.json").write_text(json.dumps(channels), "utf-8")
    await backfill(settings_in(home), export, None)
    assert (await _channels(home))[ONE].organisations == {"T0ONE", "T0NEW"}
    assert (await _channels(home))[ONE].customer is None, "what is one customer's own may not be shown here any more"


async def test_an_export_without_messages_teaches_nothing(home: Path, without_messages: Path) -> None:
    tally = await backfill(settings_in(home), without_messages, None)
    assert "0 messages" in tally.sentence()


@pytest.mark.parametrize("how", ["its folder is gone", "its rebuild was cut off"])
async def test_a_lost_knowledge_store_is_told_and_comes_back_with_the_next_backfill(
    acme_home: Path, tmp_path: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Path(shutil.copytree(acme_home, tmp_path / "home"))
    settings = settings_in(home)
    kept = await _answer(settings, capsys)
    assert kept[0] == EXIT_ANSWERED
    if how == "its folder is gone":
        shutil.rmtree(home / "knowledge")
    else:
        async with opened(settings, home, SystemClock(), RecordedMessenger(), anew=True):
            pass
    lost = await _answer(settings, capsys)
    assert lost[0] == EXIT_NOTHING
    assert "missing from the knowledge store: `vigil kb rebuild`" in lost[1]
    await backfill(settings, EXAMPLES / "acme", None)
    capsys.readouterr()
    assert await _answer(settings, capsys) == kept


async def _answer(settings: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code of asking, and what standard error says."""
    code = await ask(settings, "delete markers are missing in the inventory csv, why?", None, as_json=True)
    return code, capsys.readouterr().err


async def test_what_an_analyst_contradicts_is_no_longer_answered_after_a_backfill(
    acme_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = "multipart uploads to eu-2 stop with 503 `SlowDown` on python sdk 3.2.4, shall I upgrade?"
    assert await ask(settings_in(acme_home), asked, None, as_json=False) == EXIT_ANSWERED
    shown = capsys.readouterr().out
    assert "Stay on 3.2.4" in shown
    assert "Upgrade the Python SDK" not in shown


async def test_a_backfill_retires_nothing_that_a_replay_keeps(acme_home: Path, acme: Replayed) -> None:
    (replayed,) = (acme.home / "replays").iterdir()
    backfilled, kept = [dict(await _entries(home)) for home in (acme_home, replayed)]
    assert backfilled == kept


async def _entries(home: Path) -> list[tuple[str, str]]:
    """Answer and status of everything that a home ever learned."""
    async with reading(settings_in(home)) as work:
        return [(head.after.answer, head.after.status.value) for head in await all_heads(work)]


async def test_what_it_reports_is_what_all_of_the_journal_in_order_comes_to(acme_home: Path) -> None:
    records = await open_records(f"sqlite+aiosqlite:///{acme_home / 'records.db'}")
    try:
        told, end = await records.journal.since(Place())
        counted = await run_since(records.journal, Place(), datetime.max.replace(tzinfo=UTC))
        known, _ = await before_it(records.journal, end)
    finally:
        await records.close()
    assert counted == Tally.of(told)
    assert counted.sentence() == Tally.of(told).sentence()
    assert known == Tally.of(told).known
