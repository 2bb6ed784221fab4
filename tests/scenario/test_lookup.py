"""Looking things up by hand, and what the command line says around it."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.asking import ask
from bot.called import as_called
from bot.export_backfill import backfill
from bot.lookup import Listed, kb_list, kb_rebuild, kb_show
from bot.settings import strange_settings
from core.domain.errors import CallerError, NothingKnownError
from tests.crash.scenario import write_export
from tests.fakes.replayed import EXAMPLES, settings_in
from tests.rules.source import ROOT
from tests.scenario.command_line import SCRIPT, one_sentence, started, vigil


def listed(home: Path, capsys: pytest.CaptureFixture[str], title: str) -> str:
    """The line of ``kb list`` with this in its title."""
    asyncio.run(kb_list(settings_in(home), (), as_json=False, listed=Listed()))
    (line,) = [line for line in capsys.readouterr().out.splitlines() if title in line]
    return line


def test_what_has_expired_is_listed_and_shown_as_expired(acme_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = listed(acme_home, capsys, "InternalQueueFull")
    assert line.endswith("(expired on 5 Nov 2026)")
    asyncio.run(kb_show(settings_in(acme_home), line[:8], as_json=False))
    rows = capsys.readouterr().out
    assert re.search(r"^status +expired on 5 Nov 2026$", rows, re.MULTILINE)
    assert re.search(r"^learned +2 Nov 2026$", rows, re.MULTILINE)
    asyncio.run(kb_show(settings_in(acme_home), line[:8], as_json=True))
    assert json.loads(capsys.readouterr().out)["expired"] is True


def test_an_entry_shows_who_taught_it_where_and_in_which_words(
    acme_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = listed(acme_home, capsys, "follows symlinks")[:8]
    asyncio.run(kb_show(settings_in(acme_home), entry, as_json=False))
    shown = capsys.readouterr().out
    assert re.search(r"^taught by +a requester, as their own fix$", shown, re.MULTILINE)
    assert "from       ext-globex, thread 1793959" in shown
    assert "Raj Patel (requester), 6 Nov 2026, 10:29" in shown
    assert "> found it myself, 2.7.0 follows symlinks by default." in shown
    assert "confirmed  never" in shown
    asyncio.run(kb_show(settings_in(acme_home), entry, as_json=True))
    source, asked = json.loads(capsys.readouterr().out)["sources"]
    assert [(one["channel"], one["role"]) for one in (source, asked)] == [("ext-globex", "requester")] * 2


def test_an_answer_in_the_terminal_names_its_entry_and_has_no_button(
    acme_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = listed(acme_home, capsys, "a presigned URL")[:8]
    asyncio.run(ask(settings_in(acme_home), "why do presigned links stop working after an hour?", None, as_json=False))
    shown = capsys.readouterr().out
    assert f"[1] Answer from support · {entry} · " in shown
    assert f"`vigil kb show {entry}` opens a source." in shown
    assert "Accept" not in shown


def test_a_question_of_several_words_needs_no_quotation_marks(acme_home: Path) -> None:
    done = vigil(acme_home, "ask", "why", "do", "presigned", "links", "stop", "working", "after", "an", "hour")
    assert done.returncode == 0
    assert "a presigned URL never outlives" in done.stdout


@pytest.mark.parametrize(("scope", "told"), [(None, True), ("Acme Object Storage.", False)])
def test_asked_for_something_else_the_terminal_says_where_the_scope_is_set(
    acme_home: Path, capsys: pytest.CaptureFixture[str], scope: str | None, told: bool
) -> None:
    settings = settings_in(acme_home).model_copy(update={"scope": scope} if scope else {})
    asyncio.run(ask(settings, "what will the weather be in Paris tomorrow?", None, as_json=False))
    shown = capsys.readouterr().out
    assert ("VIGIL_SCOPE" in shown) is told
    assert "Features, usage" not in shown
    assert (f"which is: {scope}" in shown) is not told


def test_where_nothing_is_withdrawn_that_is_said(acme_home: Path) -> None:
    assert vigil(acme_home, "kb", "withdrawn").stdout == "No thread was answered from what no longer stands.\n"
    assert vigil(acme_home, "kb", "withdrawn", "--json").stdout == ""


def test_an_unknown_choice_is_refused_in_one_sentence(acme_home: Path) -> None:
    one_sentence(vigil(acme_home, "kb", "list", "--status", "bogus"), 2, "--status bogus", "retired or expired")
    one_sentence(vigil(acme_home, "kb", "add", "q", "a", "--if-known", "zz"), 2, "--if-known zz", "merge or beside")


def test_every_line_of_a_text_stands_in_its_column(tmp_path: Path) -> None:
    assert vigil(tmp_path, "kb", "add", "Why does it fail?\nIt did not before.", "Set part_size=64.").returncode == 0
    (entry,) = (line.split()[0] for line in vigil(tmp_path, "kb", "list").stdout.splitlines())
    assert f"\n{'':<11}It did not before.\n" in vigil(tmp_path, "kb", "show", entry).stdout
    assert vigil(tmp_path, "kb", "list", "--status", "candidate").stdout == "No entry is a candidate.\n"


def test_an_unknown_customer_and_an_empty_name_are_refused(acme_home: Path) -> None:
    with pytest.raises(CallerError, match=r"No customer NOPE is known here: known are T0GLOBEX, T0INITECH, T0NORTH\."):
        asyncio.run(ask(settings_in(acme_home), "why?", "NOPE", as_json=False))
    with pytest.raises(CallerError, match=r"T0ACME is your own workspace, no customer: known are T0GLOBEX"):
        asyncio.run(ask(settings_in(acme_home), "why?", "T0ACME", as_json=False))
    with pytest.raises(CallerError, match="beginning of its id"):
        asyncio.run(kb_show(settings_in(acme_home), "", as_json=False))


def test_a_missing_and_an_empty_home_say_the_same(tmp_path: Path) -> None:
    one_sentence(vigil(tmp_path / "none", "kb", "list"), 3, "Nothing is known yet", "backfill EXPORT")
    export = write_export(tmp_path / "export")
    (export / "vigil.yaml").write_text("channels: {ext-one: {mode: 'off'}, ext-two: {mode: 'off'}}", "utf-8")
    asyncio.run(backfill(settings_in(tmp_path / "empty"), export, None))
    for name in ("none", "empty"):
        home = settings_in(tmp_path / name)
        for asked in (
            ask(home, "why?", None, as_json=False),
            kb_list(home, (), as_json=True, listed=Listed(everything=True)),
            kb_show(home, "a", as_json=False),
            kb_rebuild(home),
        ):
            with pytest.raises(NothingKnownError, match="vigil backfill EXPORT"):
                asyncio.run(asked)
    assert not (tmp_path / "none").exists()
    assert str(tmp_path / "none") in vigil(tmp_path / "none", "kb", "list").stderr


def test_what_cannot_be_a_home_is_not_called_an_empty_one(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", "utf-8")
    for home in (file, file / "below"):
        one_sentence(vigil(home, "kb", "list"), 1, f"{home} cannot be written", "VIGIL_HOME")


def test_a_second_backfill_says_that_nothing_is_new(acme_home: Path) -> None:
    again = asyncio.run(backfill(settings_in(acme_home), EXAMPLES / "acme", None)).sentence()
    assert again.startswith("Nothing new: 141 messages, all known already.")


def test_ctrl_c_ends_a_replay_with_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-u", "-m", "bot.cli", "replay", "examples/acme"]
    environment = {**os.environ, "VIGIL_HOME": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert any("learned" in line for line in iter(running.stdout.readline, ""))
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=120)
    assert running.returncode == 130
    assert said == "Stopped; what was done is kept, the same command goes on from there.\n"


def test_settings_that_are_none_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("VIGIL_ENGIN=offline\nOTHER=1\n", "utf-8")
    monkeypatch.setenv("VIGIL_XYZ", "1")
    monkeypatch.setenv("VIGIL_MODE", "auto")
    near, far = strange_settings()
    assert near == "VIGIL_ENGIN is no setting of Vigil and changes nothing: did you mean VIGIL_ENGINE?"
    assert far.startswith("VIGIL_XYZ is no setting of Vigil")


def test_a_command_is_named_as_it_was_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = tmp_path / ".venv" / "bin" / "vigil"
    called.parent.mkdir(parents=True)
    called.write_text("", "utf-8")
    called.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [str(called)])
    monkeypatch.setenv("PATH", "/usr/bin")
    assert as_called("`vigil ask Q`, `VIGIL_HOME=/a vigil kb list`: vigil") == (
        "`.venv/bin/vigil ask Q`, `VIGIL_HOME=/a .venv/bin/vigil kb list`: vigil"
    )
    monkeypatch.setenv("PATH", str(called.parent))
    assert as_called("`vigil ask Q`") == "`vigil ask Q`"


def test_a_terminal_without_unicode_gets_replacements_and_json_stays_utf_8(tmp_path: Path, acme_home: Path) -> None:
    question = "why do presigned links stop working after an hour?"
    plain = vigil(acme_home, "ask", question, PYTHONIOENCODING="ascii")
    assert (plain.returncode, plain.stdout[:23]) == (0, "Vigil ? AI suggestion\na")
    lines = vigil(acme_home, "kb", "list", "--json", PYTHONIOENCODING="ascii").stdout.splitlines()
    assert any("校验" in json.loads(line)["answer"] for line in lines)


def test_calibrating_into_a_folder_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    one_sentence(vigil(tmp_path, "engine", "fit", "--into", "/proc/x"), 1, "/proc/x", "--into")


def test_fitting_on_a_bad_label_names_its_line_at_once(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text('{"v": 1, "kind": "accept", "label": "accepted"}\n{"v": 1, "kind": "identify"}\n', "utf-8")
    one_sentence(vigil(tmp_path, "engine", "fit", "--labels", str(labels)), 2, "labels.jsonl line 2")


def test_a_suite_without_a_threshold_has_no_sweep(tmp_path: Path) -> None:
    one_sentence(vigil(tmp_path, "eval", "identify", "rows.jsonl", "--sweep"), 2, "no sweep identify", "dedup")


@pytest.mark.parametrize("command", [[str(SCRIPT)], [sys.executable, "-m", "bot.cli"]], ids=["script", "module"])
def test_the_version_is_told(tmp_path: Path, command: list[str]) -> None:
    told = started(command, tmp_path, "--version").stdout
    assert re.fullmatch(r"Vigil \d+\.\d+\.\d+\n", told)
    assert vigil(tmp_path, "--version").stdout == told


@pytest.mark.parametrize(("mode", "says"), [("shadow", "answers are only recorded"), ("off", "nothing is read")])
def test_a_replay_says_which_mode_held(tmp_path: Path, mode: str, says: str) -> None:
    done = vigil(tmp_path / "home", "replay", str(write_export(tmp_path / "export")), VIGIL_MODE=mode)
    assert f"\nMode {mode}: {says}" in done.stdout
    assert "Vigil answered 1" not in done.stdout


def test_a_replay_says_in_which_channel_a_mode_held(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export")
    (export / "vigil.yaml").write_text("channels: {ext-one: {mode: shadow}}", "utf-8")
    shown = vigil(tmp_path / "home", "replay", str(export)).stdout
    assert "\nMode shadow in ext-one: answers are only recorded" in shown
