"""A command that is forked from the warm process is the command that people start."""

from pathlib import Path

import pytest

from tests.scenario.command_line import SCRIPT, started, vigil


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["nothing"], ["kb", "list"], ["kb", "show", "none"], ["kb", "list", "--status", "x"], ["ask", "why?"]],
    ids=" ".join,
)
def test_forked_and_started_say_the_same(acme_home: Path, arguments: list[str]) -> None:
    forked, anew = vigil(acme_home, *arguments), started([str(SCRIPT)], acme_home, *arguments)
    assert (forked.returncode, forked.stdout, forked.stderr) == (anew.returncode, anew.stdout, anew.stderr)


def test_nothing_of_a_command_is_left_to_the_next(tmp_path: Path) -> None:
    first = vigil(tmp_path, "kb", "list", "--debug", VIGIL_MODE="loud", limit_bytes=10_000)
    assert "Traceback" in first.stderr
    assert "VIGIL_MODE" in first.stderr
    second = vigil(tmp_path, "kb", "list")
    assert second.returncode == 3
    assert "Traceback" not in second.stderr
    assert "VIGIL_MODE" not in second.stderr


def test_help_says_whole_sentences_and_flags_take_nothing(tmp_path: Path) -> None:
    known = vigil(tmp_path, "kb", "--help").stdout
    assert "what is known already is told." in " ".join(known.split())
    shown = vigil(tmp_path, "ask", "--help").stdout
    assert "bool" not in shown
    assert "--customer <str>" in shown
