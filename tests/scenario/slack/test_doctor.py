"""`vigil doctor`: what it says of an installation that is whole, and of each thing that may be missing."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.records import open_records
from adapters.slack.scopes import BOT_SCOPES
from bot import doctor_slack
from bot.doctor_run import doctor
from bot.home import hold
from bot.settings import Settings
from core.domain.jobs import JobOrder, JobState, Lane
from core.ports.records import Records
from tests.fakes.replayed import settings_in
from tests.fakes.slack.member import Member
from tests.fakes.slack.server import FakeSlack, fake_slack
from tests.fakes.slack.world import Channel
from tests.scenario.slack.running import command

Told = dict[str, tuple[str, str]]


@dataclass
class Installed:
    """An installation in a workspace, looked at by the command in a process of its own."""

    slack: FakeSlack
    home: Path
    channel: Channel
    dana: Member
    env: dict[str, str] = field(default_factory=dict)

    async def looked_at(self, *arguments: str) -> tuple[int, Told, str]:
        """The exit code, the checks by name (of several the last), and what standard error says."""
        done = await command(self.slack, self.home, "doctor", "--json", *arguments, **self.env)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert all((row["v"], row["type"]) == (1, "check") for row in rows), "every line is for programs"
        return done.returncode, {row["name"]: (row["state"], row["said"]) for row in rows}, done.stderr


@pytest.fixture
async def installed(tmp_path: Path) -> AsyncIterator[Installed]:
    async with fake_slack() as slack:
        slack.app.scopes = set(BOT_SCOPES)
        dana = slack.person("Dana Analyst")
        channel = slack.channel("support", [slack.bot, dana])
        yield Installed(slack, tmp_path, channel, dana)


async def test_a_whole_installation_is_well(installed: Installed) -> None:
    code, told, err = await installed.looked_at()
    assert (code, err) == (0, "")
    assert {state for state, _ in told.values()} == {"ok", "note"}
    assert set(told) == {"home", "running", "model", "calibration", "engine", "knowledge", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN",
                         "workspace", "scopes", "connection", "analysts", "channels"}  # fmt: skip
    assert "#support" in told["channels"][1]


@pytest.mark.parametrize(
    ("env", "name", "where"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN", "OAuth & Permissions"),
        ({"SLACK_BOT_TOKEN": "xapp-1-fake"}, "SLACK_BOT_TOKEN", "xoxb-"),
        ({"SLACK_BOT_TOKEN": "xoxb-other"}, "workspace", "OAuth & Permissions"),
        ({"SLACK_APP_TOKEN": ""}, "SLACK_APP_TOKEN", "App-Level Tokens"),
        ({"SLACK_APP_TOKEN": "xapp-other"}, "connection", "App-Level Tokens"),
        ({"VIGIL_ANALYST_GROUPS": "@nobody"}, "analysts", "VIGIL_ANALYST_GROUPS"),
        ({"VIGIL_MODE": "draft"}, "drafts", "VIGIL_ANALYST_CHANNEL"),
        ({"VIGIL_MODE": "draft", "VIGIL_ANALYST_CHANNEL": "C0ELSEWHERE"}, "drafts", "invite it there"),
        ({"VIGIL_EMBEDDING_MODEL": "/nowhere"}, "model", "name an existing one"),
    ],
)
async def test_what_is_missing_is_named_with_where_to_mend_it(
    installed: Installed, env: dict[str, str], name: str, where: str
) -> None:
    installed.env = env
    code, told, err = await installed.looked_at()
    assert (code, err, told[name][0]) == (1, "", "missing")
    assert where in told[name][1]


async def test_a_channel_for_drafts_that_customers_are_in_is_named(installed: Installed) -> None:
    members = [installed.slack.bot, installed.dana]
    shared = installed.slack.channel("elsewhere", members, shared_with=[installed.slack.team("Umbrella")])
    installed.env = {"VIGIL_MODE": "draft", "VIGIL_ANALYST_CHANNEL": shared.id}
    code, told, _ = await installed.looked_at()
    assert (code, told["drafts"][0]) == (1, "missing")
    assert "only analysts" in told["drafts"][1]


async def test_a_missing_scope_is_named_with_what_it_is_for(installed: Installed) -> None:
    installed.slack.app.scopes.remove("files:read")
    code, told, _ = await installed.looked_at()
    assert code == 1
    assert told["scope"][1].startswith(
        "files:read is missing (to keep the screenshots that people post): add it under OAuth"
    )


async def test_an_app_in_no_channel_is_told_how_to_be_invited(installed: Installed) -> None:
    installed.channel.members.remove(installed.slack.app.bot)
    code, told, _ = await installed.looked_at()
    assert code == 1
    assert "/invite @Vigil" in told["channels"][1]


async def test_what_was_given_up_is_listed_with_its_reason(installed: Installed) -> None:
    records = await open_records(f"sqlite+aiosqlite:///{installed.home / 'records.db'}")
    try:
        await _park(records)
    finally:
        await records.close()
    code, told, _ = await installed.looked_at()
    assert code == 1
    assert (
        told["job"][1] == "fetch m1 was given up: The Slack app lacks the scope files:read. A restart tries it again."
    )
    assert told["knowledge"][0] == "ok"


async def _park(records: Records) -> None:
    now = datetime.now(UTC)
    async with records.begin() as work:
        await work.jobs.order(now, JobOrder(Lane.FETCH, "m1"))
        [job] = await work.jobs.claim(now, "test", now + timedelta(seconds=1), 1)
        reason = "The Slack app lacks the scope files:read."
        await work.jobs.put_back(replace(job, state=JobState.PARKED, reason=reason))


async def test_a_click_on_the_test_card_is_seen(installed: Installed) -> None:
    looking = asyncio.create_task(installed.looked_at("--channel", "#support"))
    await installed.slack.until(lambda: any("button" in str(m.blocks) for m in installed.channel.messages.values()), 60)
    [card] = installed.channel.messages.values()
    outcome = await installed.dana.press(card, "vigil:doctor:0")
    code, told, err = await looking
    assert (code, outcome.warning) == (0, "")
    assert (told["post"][0], told["button"][0]) == ("ok", "ok")
    assert err.startswith("Press the button of the test card in #support within 60 seconds.")
    assert "posting, editing and buttons work" in card.text
    assert "actions" not in str(card.blocks)


async def test_a_card_that_nobody_presses_is_marked_as_over(
    installed: Installed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor_slack, "PRESS_WITHIN_S", 0.01)
    assert not await doctor(in_process(installed), installed.channel.id, as_json=False)
    [card] = installed.channel.messages.values()
    assert "nobody pressed the button" in card.text
    assert "missing  button: No click arrived." in capsys.readouterr().out


async def test_a_running_bot_keeps_its_clicks(installed: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    with hold(installed.home):
        assert not await doctor(in_process(installed), "#support", as_json=False)
    out = capsys.readouterr().out
    assert "ok       running: A Vigil is working in the home." in out
    assert "missing  round trip: A Vigil is working, and would take the click: stop it, then try again." in out
    assert installed.channel.messages == {}


async def test_events_of_that_minute_are_left_to_the_bot(
    installed: Installed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looking = asyncio.create_task(doctor(in_process(installed), "#support", as_json=False))
    await installed.slack.until(lambda: any("button" in str(m.blocks) for m in installed.channel.messages.values()), 60)
    [card] = installed.channel.messages.values()
    installed.dana.post(installed.channel, "a question meanwhile")
    outcome = await installed.dana.press(card, "vigil:doctor:0")
    assert await looking
    assert outcome.warning == ""
    [event] = [e for e in installed.slack.deliveries.events("message") if e.event.get("user") == installed.dana.id]
    assert [attempt.acked_at for attempt in event.attempts if attempt.acked_at] == []
    assert "The click arrived." in capsys.readouterr().out


def in_process(installed: Installed) -> Settings:
    """Settings of the installation, for the command within this process."""
    app = installed.slack.app
    given = {"slack_bot_token": SecretStr(app.bot_token), "slack_app_token": SecretStr(app.app_token)}
    return settings_in(installed.home).model_copy(update={**given, "slack_api_url": installed.slack.api_url})
