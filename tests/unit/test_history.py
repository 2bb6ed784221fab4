"""Slack exports as events."""

import json
from pathlib import Path

import pytest

from adapters.history import read_export
from adapters.history.skips import LISTED
from core.domain.channels import ChannelSettings, DeliveryMode, SessionScope
from core.domain.errors import CallerError, MalformedExportError
from core.domain.events import (
    ChannelChanged,
    InboundEvent,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
)
from tests.fakes.replayed import EXAMPLES

BASE = 1793600000


def message(n: int, user: str = "U1", team: str = "T1", text: str = "hello", **more: object) -> dict[str, object]:
    return {
        "type": "message",
        "user": user,
        "team": team,
        "user_team": team,
        "text": text,
        "ts": f"{BASE + n}.000100",
        **more,
    }


def export(folder: Path, records: list[object], *, users: list[object] | None = None, settings: str = "") -> Path:
    (folder / "help").mkdir(parents=True)
    (folder / "help" / "2026-11-02.json").write_text(json.dumps(records), "utf-8")
    (folder / "users.json").write_text(json.dumps(users or [{"id": "UH", "name": "ana", "team_id": "TH"}]), "utf-8")
    (folder / "channels.json").write_text(json.dumps([{"id": "C1", "name": "help"}]), "utf-8")
    if settings:
        (folder / "vigil.yaml").write_text(settings, "utf-8")
    return folder


def of(kind: type, events: list[InboundEvent]) -> list[InboundEvent]:
    return [event for event in events if isinstance(event, kind)]


def test_roots_and_replies_name_the_same_thread_and_teams_tell_who_is_outside(tmp_path: Path) -> None:
    root = f"{BASE}.000100"
    read = read_export(export(tmp_path / "x", [message(0, thread_ts=root), message(60, "UH", "TH", thread_ts=root)]))
    first, second = of(MessagePosted, read.events)
    assert isinstance(first, MessagePosted)
    assert isinstance(second, MessagePosted)
    assert first.thread == second.thread == root
    assert (first.author.organisation, second.author.organisation, read.home) == ("T1", "TH", "TH")
    (changed,) = of(ChannelChanged, read.events)
    assert isinstance(changed, ChannelChanged)
    assert (changed.external, changed.organisations) == (True, frozenset({"T1"}))


def test_markup_becomes_readable_and_mentions_are_kept(tmp_path: Path) -> None:
    text = "<@UH> see <https://a.example/x|the page> &amp; <#C1|help> if a &lt; b"
    (said,) = of(MessagePosted, read_export(export(tmp_path / "x", [message(0, text=text)])).events)
    assert isinstance(said, MessagePosted)
    assert said.mentions == ("UH",)
    assert "a < b" in said.text
    assert "https://a.example/x" in said.text
    assert "<@" not in said.text


def test_edits_deletions_files_and_reactions_come_through(tmp_path: Path) -> None:
    ts = f"{BASE}.000100"
    records: list[object] = [
        message(0, files=[{"id": "F1", "name": "s.png", "mimetype": "image/png", "size": 0}], subtype="file_share",
                reactions=[{"name": "white_check_mark", "users": ["UH"], "count": 1}]),
        {"type": "message", "subtype": "message_changed", "ts": f"{BASE + 5}.000100",
         "message": message(0, text="hello there"), "previous_message": message(0)},
        {"type": "message", "subtype": "message_deleted", "ts": f"{BASE + 9}.000100", "deleted_ts": ts},
    ]  # fmt: skip
    events = read_export(export(tmp_path / "x", records)).events
    (said,), (edited,), (deleted,), (put,) = (
        of(k, events) for k in (MessagePosted, MessageEdited, MessageDeleted, ReactionChanged)
    )
    assert isinstance(said, MessagePosted)
    assert said.attachments[0].is_image
    assert isinstance(edited, MessageEdited)
    assert edited.text == "hello there"
    assert isinstance(deleted, MessageDeleted)
    assert deleted.message_id == ts
    assert isinstance(put, ReactionChanged)
    assert put.by.id == "UH"


@pytest.mark.parametrize(
    "record",
    [
        "text",
        None,
        {"type": "message"},
        message(0, ts="soon"),
        message(0, subtype="channel_join"),
        {"type": "message", "ts": "1", "text": "x"},
    ],
)
def test_what_cannot_be_read_is_skipped_with_a_reason(tmp_path: Path, record: object) -> None:
    read = read_export(export(tmp_path / "x", [message(5), record]))
    assert read.messages == 1
    assert [bool(skipped.reason) for skipped in read.skipped] == [True]


def test_nothing_to_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedExportError):
        read_export(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(MalformedExportError):
        read_export(tmp_path / "empty")


def test_a_folder_above_the_export_is_refused(tmp_path: Path) -> None:
    above = export(tmp_path / "x", [{"id": "C1", "name": "help"}, {"id": "C2", "name": "dev"}])
    with pytest.raises(MalformedExportError, match="is it a Slack export"):
        read_export(above)


def test_settings_beside_an_export_are_read_and_wrong_ones_named(tmp_path: Path) -> None:
    good = read_export(
        export(tmp_path / "x", [message(0)], settings="channels: {help: {session: chat}}\nscope: Things.")
    )
    assert good.settings["help"].over(ChannelSettings()) == ChannelSettings(session=SessionScope.CHAT)
    assert good.scope == "Things."
    assert good.accept_reactions is None
    named = read_export(export(tmp_path / "z", [message(0)], settings="accept_reactions: [':tada:', yes_please]"))
    assert named.accept_reactions == frozenset({"tada", "yes_please"})
    with pytest.raises(CallerError, match="accept_reactions must be a list of names of reactions"):
        read_export(export(tmp_path / "w", [message(0)], settings="accept_reactions: tada"))
    with pytest.raises(CallerError, match="mood"):
        read_export(export(tmp_path / "y", [message(0)], settings="channels: {help: {mood: good}}"))
    twice = "channels: {help: {mode: auto}}\nchannels: {}"
    with pytest.raises(CallerError, match=r"vigil\.yaml says channels twice in one table \(line 2\)"):
        read_export(export(tmp_path / "t", [message(0)], settings=twice))


def test_the_analysts_channel_is_named_as_people_see_it_or_by_its_id(tmp_path: Path) -> None:
    def drafts_of(folder: str, name: str) -> str | None:
        text = f"channels: {{help: {{analyst_channel: '{name}'}}}}"
        read = read_export(export(tmp_path / folder, [message(0)], settings=text))
        return read.settings["help"].over(ChannelSettings()).analyst_channel

    assert drafts_of("a", "#help") == drafts_of("b", "help") == "C1"
    assert drafts_of("c", "C9") == "C9"
    with pytest.raises(CallerError, match="#nope, which is no channel of this export"):
        drafts_of("d", "#nope")


def test_settings_change_only_what_they_name(tmp_path: Path) -> None:
    read = read_export(export(tmp_path / "x", [message(0)], settings="channels: {help: {scope: Things., mode: null}}"))
    known = ChannelSettings(mode=DeliveryMode.OFF, approval=True, analyst_channel="C9")
    assert read.settings["help"].over(known) == ChannelSettings(approval=True, analyst_channel="C9", scope="Things.")


def test_a_mode_that_does_nothing_yet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="mode must be one of auto, shadow, off"):
        read_export(export(tmp_path / "x", [message(0)], settings="channels: {help: {mode: draft}}"))


def test_a_channel_is_told_again_only_when_something_about_it_changed(tmp_path: Path) -> None:
    folder = export(tmp_path / "x", [message(0)])

    def told(**listed: object) -> InboundEvent:
        (folder / "channels.json").write_text(json.dumps([{"id": "C1", "name": "help", **listed}]), "utf-8")
        (event,) = of(ChannelChanged, read_export(folder).events)
        return event

    first, renamed = told(), told(name="support")
    shared, reordered = told(shared_team_ids=["T2", "T3"]), told(shared_team_ids=["T3", "T2"])
    assert len({event.external_id for event in (first, renamed, shared)}) == 3
    assert shared.external_id == reordered.external_id
    assert told().external_id == first.external_id


@pytest.mark.parametrize(
    ("content", "reason", "detail"),
    [
        (b'[\n {"type": "message",\n', "not JSON", "line 3: "),
        (b'[\n "caf\xe9"]', "not UTF-8 text", "line 2"),
        (b"{}", "not a list", ""),
        (b"[" * 100_000, "not JSON", ""),
    ],
)
def test_a_broken_day_file_is_named_with_its_line_and_why(
    tmp_path: Path, content: bytes, reason: str, detail: str
) -> None:
    folder = export(tmp_path / "x", [message(0)])
    (folder / "help" / "2026-11-03.json").write_bytes(content)
    (skipped,) = read_export(folder).skipped
    assert (skipped.reason, skipped.detail[: len(detail)]) == (reason, detail)
    assert str(skipped).startswith(f"help/2026-11-03.json: {reason}")
    (folder / "help" / "2026-11-02.json").unlink()
    with pytest.raises(MalformedExportError, match=reason):
        read_export(folder)


def test_what_an_export_lacks_is_told_with_what_follows(tmp_path: Path) -> None:
    whole = export(tmp_path / "x", [message(0)])
    assert read_export(whole).missing == ()
    channels = [{"id": f"C{n}", "name": name} for n, name in enumerate(("help", "a", "b", "c", "d"))]
    (whole / "channels.json").write_text(json.dumps(channels), "utf-8")
    (told,) = read_export(whole).missing
    assert told.startswith("Nothing is read of a, b, c and 1 more")
    (whole / "users.json").unlink()
    (whole / "channels.json").unlink()
    assert [one.split()[0] for one in read_export(whole).missing] == ["channels.json", "users.json"]


def test_the_example_reads_whole() -> None:
    read = read_export(EXAMPLES / "acme")
    assert read.home == "T0ACME"
    assert read.messages == 141
    assert [event.at for event in read.events] == sorted(event.at for event in read.events)


def test_of_very_many_bad_records_all_are_counted_and_some_are_listed(tmp_path: Path) -> None:
    read = read_export(export(tmp_path / "x", [message(0), *[{}] * 1000, *[7] * 1000]))
    assert (read.reasons.total(), len(read.reasons)) == (2000, 2)
    assert len(read.skipped) == 2 * LISTED


def test_a_file_of_too_many_records_or_values_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = export(tmp_path / "x", [message(0), message(1), message(2)])
    monkeypatch.setattr("adapters.history.folder.MOST_RECORDS", 2)
    read = read_export(folder)
    assert (read.messages, [str(one) for one in read.skipped]) == (
        2, ["help/2026-11-02.json: more than 2 records (1 are not read)"],
    )  # fmt: skip
    (folder / "help" / "2026-11-03.json").write_text("[" + "{}," * 100 + "{}]", "utf-8")
    monkeypatch.setattr("adapters.history.folder.MOST_VALUES", 100)
    assert "help/2026-11-03.json: more than 100 values" in [str(one) for one in read_export(folder).skipped]
