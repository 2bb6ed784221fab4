"""How near an answer must lie to the question by itself."""

from core.domain.calibration import Calibration
from core.respond.generate import LONG_FIT, least_fit

CALIBRATION = Calibration("words", (0.0,) * 9, 0.6, 0.3, 0.9, 0.9, 0.6, 0.9, 0.8)
SHORT = "uploads fail with SlowDown since this morning?"
LONG = " ".join(f"chapter{n} tells of buckets{n} and keys{n}" for n in range(30))


def test_a_short_question_asks_for_the_calibrated_fit() -> None:
    assert least_fit(SHORT, CALIBRATION) == CALIBRATION.answer_fit


def test_a_long_question_asks_for_more_up_to_a_bound() -> None:
    middle = least_fit(" ".join(LONG.split()[:35]), CALIBRATION)
    assert CALIBRATION.answer_fit < middle < CALIBRATION.answer_fit + LONG_FIT
    assert least_fit(LONG, CALIBRATION) == least_fit(LONG * 5, CALIBRATION) == CALIBRATION.answer_fit + LONG_FIT
