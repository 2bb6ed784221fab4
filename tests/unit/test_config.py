"""``vigil config``: what is set, where it comes from, and channels' settings as a file."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from adapters.records import open_records
from bot.config import show
from bot.config_cli import config_export
from bot.config_file import export, import_file
from bot.doctor import State
from bot.doctor_home import job_checks
from bot.home import while_nobody_writes, writing
from bot.settings import load_settings, told_settings
from core.domain.channels import Channel, ChannelRef, ChannelSettings, DeliveryMode, SessionScope
from core.domain.errors import CallerError, HomeInUseError, NothingKnownError
from tests.fakes.replayed import settings_in

ONE = Channel(ChannelRef("slack", "T0", "C1"), "ext-one", external=True, organisations=frozenset({"T1"}))
TWO = Channel(
    ChannelRef("slack", "T0", "C2"), "int-北京", settings=ChannelSettings(approval=True, scope="Storage: all of it")
)
ALL_SET = ChannelSettings(DeliveryMode.OFF, SessionScope.CHAT, True, "on", True, "B1", "C2")


def channels(home: Path, *put: Channel) -> dict[str, Channel]:
    """The channels of a home, after these were put."""

    async def done() -> dict[str, Channel]:
        records = await open_records(f"sqlite+aiosqlite:///{home / 'records.db'}")
        async with records.begin() as work:
            for one in put:
                await work.channels.put(one)
            found = {one.name: one for one in await work.channels.all()}
        await records.close()
        return found

    return asyncio.run(done())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    channels(tmp_path, ONE, TWO)
    return tmp_path


def take(home: Path, text: str, *, dry_run: bool = False) -> None:
    file = home / "in.yaml"
    file.write_text(text, "utf-8")
    asyncio.run(import_file(settings_in(home), file, dry_run=dry_run))


def test_each_setting_tells_its_origin_and_secrets_stay_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("VIGIL_MODE=shadow\nVIGIL_SCOPE=Ours\nSLACK_BOT_TOKEN=xoxb-private\n", "utf-8")
    monkeypatch.setenv("VIGIL_SCOPE", "Theirs")
    monkeypatch.setenv("vigil_analysts", "U2,U1")
    monkeypatch.setenv("VIGIL_RECORDS_URL", "postgresql://me:private@db.example.com/x")
    told = {one.name: (one.value, one.origin) for one in told_settings(load_settings())}
    assert told["VIGIL_MODE"] == ("shadow", ".env")
    assert told["VIGIL_SCOPE"] == ("Theirs", "environment")
    assert told["VIGIL_ANALYSTS"] == ("U1,U2", "environment")
    assert told["VIGIL_SETTLE_S"] == ("600.0", "default")
    assert told["SLACK_BOT_TOKEN"] == ("set", ".env")
    assert told["ANTHROPIC_API_KEY"] == ("not set", "default")
    assert told["VIGIL_RECORDS_URL"] == ("postgresql://***@db.example.com/x", "environment")
    assert "private" not in str(told)


def test_channels_tell_their_own_and_a_named_one_all_that_holds(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_in(home)
    asyncio.run(show(settings, None, as_json=True))
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    own = {"v": 1, "type": "setting", "name": "approval", "value": "on", "from": "channel", "channel": "int-北京"}
    assert own in told
    assert not any(one.get("channel") == "ext-one" for one in told)
    asyncio.run(show(settings.model_copy(update={"mode": "shadow"}), "#int-北京", as_json=False))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7
    assert next(line for line in lines if " scope" in line).split()[-1] == "channel"
    assert "shadow" in next(line for line in lines if " mode" in line)
    with pytest.raises(CallerError, match="known are #ext-one, #int-北京"):
        asyncio.run(show(settings, "C9", as_json=False))


@pytest.mark.parametrize(
    "own", [ChannelSettings(), ALL_SET, replace(ALL_SET, mode=DeliveryMode.SHADOW, scope="a: b # c\n- d")]
)
def test_what_is_exported_comes_back_whole_here_and_elsewhere(
    tmp_path: Path, own: ChannelSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    before = channels(here, replace(ONE, settings=own), TWO)
    asyncio.run(export(settings_in(here), tmp_path / "all.yaml"))
    text = (tmp_path / "all.yaml").read_text("utf-8")
    channels(here, replace(ONE, settings=ChannelSettings(first_line_bot="B9")))
    channels(there)
    for folder in (here, there):
        take(folder, text)
    assert channels(here) == before
    assert {name: one.settings for name, one in channels(there).items()} == {n: o.settings for n, o in before.items()}
    capsys.readouterr()
    take(here, text)
    assert capsys.readouterr().out == "0 values changed in 2 channels.\n"


def test_a_channel_that_is_not_known_is_taken_and_said_to_be_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (known, *_) = channels(home).values()
    capsys.readouterr()
    take(home, f"channels: {{'slack:T0:CTYPO': {{mode: off}}, '{known.ref.key}': {{mode: off}}}}")
    lines = capsys.readouterr().out.splitlines()
    assert [line.endswith("(channel not known yet)") for line in lines if "CTYPO" in line] == [True]
    assert sum("not known yet" in line for line in lines) == 1 < len(lines) - 1


def test_the_analysts_channel_may_go_by_its_name_and_one_that_is_not_known_is_said_to_be_so(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take(home, "channels: {ext-one: {mode: draft, analyst_channel: '#int-北京'}}")
    assert channels(home)["ext-one"].settings.analyst_channel == "C2"
    assert "analyst_channel: (default) -> C2\n" in capsys.readouterr().out
    assert not drafts_missing(home)
    take(home, "channels: {ext-one: {mode: draft, analyst_channel: C9}}")
    assert "analyst_channel: C2 -> C9  (C9 not known yet)\n" in capsys.readouterr().out
    assert ["C9" in said for said in drafts_missing(home)] == [True]


def drafts_missing(home: Path) -> list[str]:
    """What doctor says of drafts."""
    found = asyncio.run(job_checks(settings_in(home)))
    return [one.said for one in found if (one.name, one.state) == ("drafts", State.MISSING)]


def test_a_table_that_takes_over_another_may_say_its_keys_anew(home: Path) -> None:
    take(home, "channels: {ext-one: &base {mode: 'off', scope: A}, C2: {<<: *base, scope: B}}")
    after = channels(home)
    assert (after["ext-one"].settings.scope, after["int-北京"].settings.scope) == ("A", "B")
    assert after["int-北京"].settings.mode is DeliveryMode.OFF


def test_beside_a_forgetting_it_is_refused_and_beside_another_that_writes_it_is_not(home: Path) -> None:
    before = channels(home)
    with while_nobody_writes(home), pytest.raises(HomeInUseError, match="Something is being forgotten"):
        take(home, "channels: {C2: {mode: draft, analyst_channel: C1}}")
    assert channels(home) == before
    with writing(home):  # as a bot, a backfill or another import does: these do not keep each other out
        take(home, "channels: {C2: {scope: Ours}}")
    assert channels(home) != before


def test_a_dry_run_tells_the_changes_and_makes_none(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = channels(home)
    take(home, "channels: {ext-one: {mode: off}, '#int-北京': {approval: on}}", dry_run=True)
    assert capsys.readouterr().out.splitlines() == [
        "#ext-one  mode: (default) -> off",
        "#int-北京  scope: Storage: all of it -> (default)",
        "2 values would change in 2 channels.",
    ]
    assert channels(home) == before
    take(home, "channels: {ext-one: {mode: off}}")
    after = channels(home)
    assert after["ext-one"].settings.mode is DeliveryMode.OFF
    assert after["int-北京"] == TWO


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("channels: {int-北京: {mode: shadow}, ext-one: {colour: red}}", r"channels\.ext-one\.colour is not known here"),
        ("channels: {int-北京: {mode: shadow}, nowhere: {}}", r"channels\.nowhere is refused: No channel nowhere"),
        ("channels: {int-北京: {mode: shadow}, ext-one: {mode: loud}}", r"channels\.ext-one\.mode must be one of auto"),
        ("channels: {ext-one: {session: all}}", r"channels\.ext-one\.session must be one of thread, chat"),
        ("channels: {ext-one: {approval: often}}", r"channels\.ext-one\.approval must be on or off"),
        ("channels: {ext-one: {scope: [a]}}", r"channels\.ext-one\.scope must be a text"),
        ("channels: {int-北京: {mode: shadow}, ext-one: {mode: draft}}", r"slack:T0:C1\.analyst_channel says draft"),
        ("channels: {ext-one: {mode: draft, analyst_channel: C1}}", r"analyst_channel is a channel that customers are in"),
        ("channels: {ext-one: {}, 'slack:T0:C1': {}}", r"channels\.slack:T0:C1 is named twice"),
        ("channels: {1: {}}", r"channels\.1 is not known"), ("channels: []", "channels must be a table"),
        ("colour: red", "colour is not known here"), ("v: 2", "v must be 1"), ("- a", "the file must be a table"),
        ('channels: {"#ext-one": {mode: off}, "#ext-one": {mode: auto}}', r"says #ext-one twice in one table \(line 1\)"),
        ("channels: {ext-one: {mode: off}}\nchannels: {C2: {mode: off}}", r"says channels twice in one table \(line 2\)"),
        ("channels: {ext-one: {mode: off, mode: auto}}", r"says mode twice"),
        ("channels: {ext-one: {analyst_channel: '#nope'}}", r"ext-one\.analyst_channel is refused: No channel #nope"),
        ("a: [", r"is not YAML \(line 1\)"), ("&a [*a, *a]", "the file must be a table"),
        ("", "names no channel, nothing was changed"), ("channels: {}", "names no channel"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_whole_and_its_key_is_named(home: Path, text: str, named: str) -> None:
    before = channels(home)
    with pytest.raises(CallerError, match=named):
        take(home, text)
    assert channels(home) == before


def test_an_empty_home_has_nothing_to_export_or_to_set(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    (tmp_path / "a.yaml").write_text(yaml.safe_dump({"channels": {}}), "utf-8")
    with pytest.raises(NothingKnownError):
        asyncio.run(export(settings, None))
    with pytest.raises(NothingKnownError):
        asyncio.run(import_file(settings, tmp_path / "a.yaml", dry_run=True))
    assert not (tmp_path / "records.db").exists()


def test_a_channel_without_a_name_is_told_by_its_id(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    channels(home, replace(TWO, name=""), ONE)
    asyncio.run(show(settings_in(home), None, as_json=False))
    told = capsys.readouterr().out
    assert "\nC2 approval" in told
    assert "#C2" not in told


def test_an_export_writes_over_a_file_only_when_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIL_HOME", str(home))
    file = home / "channels.yaml"
    config_export(file)
    file.write_text("ours", "utf-8")
    with pytest.raises(CallerError, match="is there already: name another file, or --force"):
        config_export(file)
    assert file.read_text("utf-8") == "ours"
    config_export(file, force=True)
    assert "slack:T0:C1" in file.read_text("utf-8")
