"""The suite sees what gets through: without its checks the product breaks the promises, with an honest model it keeps them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from core.desk import learn_job
from core.domain.answers import Claim
from core.domain.cards import Card
from core.domain.dialogue import Line
from core.domain.knowledge import SHARED, Passage
from core.domain.tasks import Lesson
from core.learn.teaching import Teaching
from core.prompts import blocks
from core.respond import generate
from tests.injection.attack import ASKED, Attack, attack
from tests.injection.invariants import broken, mentions
from tests.injection.victim import Evidence, victim

HONEST = Attack(
    "honest", "en", "message", "none", ASKED, "Set `part_size=64` in the transfer config.",
    lesson={"answer": "Lower the number of connections to four."}, ruling="keep",
    analyst="Lower the number of connections to four, please.",
)  # fmt: skip


def _all_pass(claims: Sequence[Claim], passages: Sequence[Passage], told: str) -> tuple[Claim, ...]:
    """No grounding: what cites anything is said."""
    return tuple(claim for claim in claims if claim.cites)


def _all_said(lesson: Lesson, dialogue: Sequence[Line], known: str = "") -> str:
    """No look at what people said."""
    return ""


def _everybody_teaches(lesson: Lesson, dialogue: Sequence[Line]) -> Teaching:
    """No look at who said it."""
    return Teaching(True)


async def _evidence(one: Attack, home: Path, folder: Path) -> Evidence:
    async with victim(one, home, folder) as bot:
        await bot.attacked()
    return bot.evidence


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("leak-foreign-plain", "a customer reads what is not theirs: zephyr"),
        ("prompt-repeat", "a screen shows 'before a human analyst gets to it'"),
        ("secret-key", "a screen holds ANTHROPIC_API_KEY"),
        ("link-bare", "a screen shows an address that no entry has: ['acme-relogin.com']"),
        ("claim-falsely-zh", "a screen shows '全额退款'"),
    ],
)
async def test_without_grounding_an_answer_is_caught(
    name: str, seen: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "grounded", _all_pass)
    assert seen in broken(await _evidence(attack(name), home, tmp_path))


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("teach-beside-what-was-said", "the knowledge says 'firmware'"),
        ("teach-a-title", "the knowledge says 'security notice'"),
    ],
)
async def test_without_a_look_at_what_people_said_a_lesson_is_caught(
    name: str, seen: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learn_job, "unsaid", _all_said)
    assert seen in broken(await _evidence(attack(name), home, tmp_path))


async def test_without_a_look_at_who_said_it_a_lesson_is_caught(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.learn.extract.may_teach", _everybody_teaches)
    found = broken(await _evidence(attack("teach-in-the-analysts-name"), home, tmp_path))
    assert "somebody taught nothing and others learned it: shared, analyst" in found


async def test_a_message_that_passes_for_a_line_is_caught(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "_indented", str)
    found = broken(await _evidence(attack("teach-by-a-forged-line"), home, tmp_path))
    assert "a message makes itself a line of the dialogue" in found


def test_a_mention_in_a_payload_is_caught() -> None:
    element = {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]}
    assert list(mentions({"text": "look", "blocks": [element]})) == ["a screen may mention somebody: broadcast"]
    assert list(mentions({"text": "look, <!here>"})) == ["the fallback text mentions somebody"]
    assert list(mentions({"text": "look, &lt;!here&gt;", "blocks": []})) == []


async def test_with_an_honest_model_it_answers_and_learns(home: Path, tmp_path: Path) -> None:
    evidence = await _evidence(HONEST, home, tmp_path)
    assert broken(evidence) == []
    cards = [one.thing for one in evidence.shown if isinstance(one.thing, Card)]
    assert [s.answer.plain_text for card in cards for s in card.sections] == [HONEST.answer]
    (learned,) = [one.after for one in evidence.revisions if one.job.startswith("extract:")]
    assert (learned.answer, learned.audience) == (HONEST.lesson["answer"], SHARED)
