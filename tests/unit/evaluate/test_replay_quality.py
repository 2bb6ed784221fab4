"""Answers of a replay beside what analysts said after them."""

import pytest

from core.domain.judging import Agreement
from core.domain.knowledge import ChangeKind
from core.domain.people import Role
from core.domain.sessions import Outcome
from core.evaluate.replay_quality import followed, replay_quality
from core.evaluate.report import Report
from core.ports.journal import Told
from tests.fakes.embedder import HashEmbedder
from tests.fakes.engine import FakeEngine
from tests.unit.desk.support import CALIBRATION
from tests.unit.evaluate.test_growth import FIX, entry, said, turn
from tests.unit.evaluate.trials import judging

CERTIFICATE = "You have to renew the certificate of the proxy in the console."
TOLD: list[Told] = [
    said(0, Role.REQUESTER, "Uploads fail."),
    entry(0.1, ChangeKind.ADDED),
    turn(1, Outcome.ANSWERED),
    said(2, Role.ANALYST, "Let me check."),
    said(3, Role.ANALYST, FIX),
    turn(4, Outcome.ANSWERED),
    said(5, Role.ANALYST, CERTIFICATE),
    turn(6, Outcome.ABSTAINED),
    said(7, Role.ANALYST, CERTIFICATE),
    turn(8, Outcome.ANSWERED),
]


async def judged(engine: FakeEngine, told: list[Told] = TOLD) -> Report:
    return await replay_quality(told, engine, HashEmbedder(), CALIBRATION, at_once=2, begun=0.0)


def test_only_answers_that_analysts_followed_are_compared_with_all_that_they_then_answered() -> None:
    one, other = followed(TOLD)
    assert one.judged.reference == f"{FIX}\n{CERTIFICATE}\n{CERTIFICATE}"
    assert other.judged.reference == f"{CERTIFICATE}\n{CERTIFICATE}"
    assert [line.text for line in one.judged.dialogue] == ["Uploads fail."]
    assert [line.text for line in other.judged.dialogue] == ["Uploads fail.", "Let me check.", FIX]
    assert one.judged.answer == FIX


async def test_the_figures_are_those_of_growth_with_the_judges_beside_them() -> None:
    done = await judged(judging({FIX: (Agreement.PARTIAL, Agreement.NONE)}))
    figures = {name: one.value for name, one in done.figures.items()}
    assert (done.n, figures["answered"], figures["led"]) == (4, 0.75, 0.5)
    assert (figures["agreement_judge"], figures["agreement_judge_claims"]) == (0.5, 0.0)
    assert (figures["judges_agree"], figures["judges_kappa"]) == (0.0, 0.0)
    assert 0 < figures["token_f1"] < 1
    assert 0 < figures["cosine"] < 1
    assert done.notes == ("2 answers were followed by an analyst's.",)


async def test_an_engine_that_cannot_judge_still_tells_how_near_they_come() -> None:
    done = await judged(FakeEngine())
    assert list(done.figures) == ["answered", "answered_late", "led", "token_f1", "cosine"]
    assert done.notes[1].startswith("No answer was judged")


async def test_without_an_answer_that_was_followed_there_is_nothing_to_judge() -> None:
    done = await judged(FakeEngine(), TOLD[-1:])
    assert done.figures["led"].n == 0
    assert done.notes == ("0 answers were followed by an analyst's.", "No answer was given that could be judged.")
    assert done.figures["answered"].value == pytest.approx(1.0)
