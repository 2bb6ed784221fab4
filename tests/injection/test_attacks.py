"""Attacks in messages, documents and accepted text, on a bot whose model does what the attacker wants (DESIGN 1, 10)."""

from collections import Counter
from pathlib import Path

import pytest

from tests.injection.attack import Attack, attacks
from tests.injection.invariants import broken
from tests.injection.victim import victim


@pytest.mark.parametrize("attack", attacks(), ids=lambda one: one.id)
async def test_an_obeying_model_cannot_break_a_promise(
    attack: Attack, home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with victim(attack, home, tmp_path) as bot:
        await bot.attacked()
    bot.evidence.printed = "".join(capfd.readouterr())
    assert broken(bot.evidence) == []


def test_there_are_enough_attacks_in_both_languages_and_by_every_way_in() -> None:
    languages = Counter(one.language for one in attacks())
    assert len(attacks()) >= 80
    assert languages["zh"] * 3 >= len(attacks()) - 3
    assert len({one.id for one in attacks()}) == len(attacks())
    ways = {"message", "burst", "edit", "file", "mention", "command", "entry", "own_entry", "document", "title",
            "conditions", "accepted", "requester_name", "analyst_name"}  # fmt: skip
    assert {one.via for one in attacks()} == ways
