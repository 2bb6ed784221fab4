"""Bad input gets one clear sentence, and nothing is lost or half-written."""

import json
from pathlib import Path

import pytest

from bot.settings import load_settings
from core.domain.errors import CallerError
from tests.crash.scenario import write_export
from tests.fakes.replayed import settings_in
from tests.scenario.command_line import one_sentence, vigil


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "export")


def test_bad_files_and_records_are_skipped_counted_and_listed(tmp_path: Path, export: Path) -> None:
    (export / "ext-one" / "2026-11-03.json").write_text("{ not json", "utf-8")
    (export / "ext-one" / "2026-11-04.json").write_text('{"a": 1}', "utf-8")
    bad = [
        "text",
        {"type": "message", "text": "nobody", "ts": "1793700000.000100"},
        {"type": "message", "user": "U1", "ts": "1793700001.000100"},
        {"type": "message", "user": "U1", "text": "when?", "ts": "soon"},
    ]
    (export / "ext-one" / "2026-11-05.json").write_text(json.dumps(bad), "utf-8")
    done = vigil(tmp_path / "home", "replay", str(export), "--json")
    assert done.returncode == 0
    summary = json.loads(done.stdout.splitlines()[-1])
    assert summary["skipped"] >= 6
    for file in ("2026-11-03.json", "2026-11-04.json", "2026-11-05.json"):
        assert file in done.stderr


def test_a_million_characters_pass_through(tmp_path: Path, export: Path) -> None:
    huge = {
        "type": "message",
        "user": "UONE",
        "user_team": "T0ONE",
        "text": "fail " * 200_000,
        "ts": "1793700000.000100",
    }
    (export / "ext-one" / "2026-11-03.json").write_text(json.dumps([huge]), "utf-8")
    done = vigil(tmp_path / "home", "replay", str(export), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["messages"] == 5


@pytest.mark.parametrize("kind", ["missing", "file", "empty"])
def test_what_is_no_export_is_refused(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "thing"
    if kind == "file":
        target.write_text("x", "utf-8")
    if kind == "empty":
        target.mkdir()
    one_sentence(vigil(tmp_path / "home", "replay", str(target)), 2, "thing")


def test_a_home_that_is_a_file_is_refused(tmp_path: Path, export: Path) -> None:
    (tmp_path / "home").write_text("x", "utf-8")
    one_sentence(vigil(tmp_path / "home", "replay", str(export)), 1, "VIGIL_HOME")


def test_a_home_on_a_read_only_file_system_is_refused(export: Path) -> None:
    one_sentence(vigil(Path("/proc/vigil"), "backfill", str(export)), 1, "VIGIL_HOME")


def test_a_full_disk_is_told_and_the_next_run_finishes(tmp_path: Path, export: Path) -> None:
    undisturbed = vigil(tmp_path / "undisturbed", "replay", str(export), "--json")
    for limit_bytes in (60_000, 300_000, 340_000, 420_000):  # making the tables, receiving, a job, a later event
        home = tmp_path / f"{limit_bytes}"
        full = vigil(home, "replay", str(export), "--json", limit_bytes=limit_bytes)
        one_sentence(full, 1, "The disk that holds the records")
        again = vigil(home, "replay", str(export), "--json")
        assert again.returncode == 0, again.stderr
        assert _but_for_ms(again.stdout) == _but_for_ms(undisturbed.stdout), limit_bytes


def _but_for_ms(lines: str) -> list[dict[str, object]]:
    return [{k: v for k, v in json.loads(line).items() if k != "ms"} for line in lines.splitlines()]


def test_a_store_of_another_model_is_refused_and_rebuilt(tmp_path: Path, export: Path) -> None:
    import asyncio

    from adapters.knowledge_store import open_store

    home = tmp_path / "home"
    assert vigil(home, "backfill", str(export)).returncode == 0
    asyncio.run(open_store(str(home / "knowledge"), "another@1", 8, anew=True))
    one_sentence(vigil(home, "ask", "why do uploads fail?"), 1, "kb rebuild")
    assert vigil(home, "kb", "rebuild").returncode == 0
    assert vigil(home, "ask", "hello").returncode == 3


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    one_sentence(vigil(tmp_path, "kb", "list", VIGIL_MODE="loud"), 2, "VIGIL_MODE")


@pytest.mark.parametrize("name", ["VIGIL_SETTLE_S", "VIGIL_CLOSE_AFTER_S", "VIGIL_ANSWER_WITHIN_S"])
@pytest.mark.parametrize("value", ["inf", "nan", "1e300"])
def test_a_time_without_end_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CallerError, match=name):
        load_settings()


def test_a_tilde_in_the_homes_name_is_the_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/users/kim")
    monkeypatch.setenv("VIGIL_HOME", "~/vg")
    assert load_settings().home == Path("/users/kim/vg")
    monkeypatch.setenv("VIGIL_HOME", "~nobody-of-this-name/vg")
    with pytest.raises(CallerError, match="VIGIL_HOME"):
        load_settings()


def test_an_empty_home_says_what_to_do(tmp_path: Path) -> None:
    one_sentence(vigil(tmp_path, "ask", "why?"), 3, "backfill EXPORT")


def test_an_unknown_suite_and_a_file_that_is_none_are_refused(tmp_path: Path) -> None:
    one_sentence(vigil(tmp_path, "eval", "poetry", "x.jsonl"), 2, "identify")
    one_sentence(vigil(tmp_path, "eval", "dedup", str(tmp_path / "none.jsonl")), 2, "none.jsonl")


def test_knowledge_can_be_asked_listed_and_traced(acme_home: Path) -> None:
    home = acme_home
    asked = vigil(home, "ask", "delete markers are missing in the inventory csv, why?")
    assert asked.returncode == 0
    assert "IncludeVersions=All" in asked.stdout
    listed = [json.loads(line) for line in vigil(home, "kb", "list", "--json").stdout.splitlines()]
    assert len(listed) >= 12
    shown = json.loads(vigil(home, "kb", "show", listed[0]["id"], "--json").stdout)
    assert shown["from"]
    history = vigil(home, "kb", "history", listed[0]["id"][:8])
    assert "added" in history.stdout
    globex = vigil(home, "ask", "TLSHostMismatch on backup01 since the private link", "--customer", "T0GLOBEX")
    assert "northwind" not in globex.stdout.lower()


def test_settings_know_nothing_of_this_machine(tmp_path: Path) -> None:
    assert settings_in(tmp_path).home == tmp_path
