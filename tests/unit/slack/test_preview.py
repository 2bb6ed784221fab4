"""`vigil card preview` against its golden files.

After a change that is meant, renew them with the command itself, and read the difference:

    vigil card preview --json > tests/golden/slack/cards.jsonl
    vigil card preview --all > tests/golden/slack/cards.txt
"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.card_cli import card
from bot.card_examples import cards
from core.domain.cards import CardKind, CardNote, CardState
from core.domain.errors import CallerError

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "slack"


@pytest.mark.parametrize(
    ("arguments", "file"), [(["preview", "--json"], "cards.jsonl"), (["preview", "--all"], "cards.txt")]
)
def test_every_card_state_looks_as_it_is_kept(arguments: list[str], file: str) -> None:
    printed = CliRunner().invoke(card, arguments)
    assert printed.exit_code == 0
    assert printed.stdout_bytes == (GOLDEN / file).read_bytes()


def test_every_line_for_programs_has_a_version_and_a_name_of_its_own() -> None:
    lines = [json.loads(line) for line in (GOLDEN / "cards.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["v"] for line in lines} == {1}
    assert len({line["name"] for line in lines}) == len(lines)


def test_the_examples_leave_out_no_kind_state_or_note() -> None:
    shown = cards().values()
    assert {one.kind for one in shown} == set(CardKind)
    assert {one.state for one in shown} == set(CardState)
    assert {note for one in shown for note in one.notes} == set(CardNote)


def test_without_a_name_each_state_is_a_line_and_with_one_it_is_whole() -> None:
    listed = CliRunner().invoke(card, ["preview"]).stdout.splitlines()
    names = [json.loads(line)["name"] for line in (GOLDEN / "cards.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line.split()[0] for line in listed[:-1]] == names
    one = CliRunner().invoke(card, ["preview", names[0]]).stdout
    assert one.startswith(f"--- {names[0]} ---\n")
    assert one in (GOLDEN / "cards.txt").read_text(encoding="utf-8")
    assert isinstance(CliRunner().invoke(card, ["preview", "none"]).exception, CallerError)
