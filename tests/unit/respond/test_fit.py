"""How near an answer must lie to the question by itself."""

from datetime import UTC, datetime

import pytest

from core.domain.answers import Abstention, Answer
from core.domain.calibration import Calibration
from core.domain.ids import EntryId, MessageId, QuestionId, SessionId
from core.domain.knowledge import QA, SHARED, KnowledgeEntry, Passage, Viewer
from core.respond.generate import BELOW_CUTOFF, LONG_FIT, NOTHING_FOUND, generate, least_fit
from core.respond.situation import Asked, Situation, Tools
from core.respond.steps import Steps
from tests.fakes.clock import FakeClock
from tests.fakes.embedder import HashEmbedder
from tests.fakes.engine import FakeEngine
from tests.fakes.knowledge_store import MemoryKnowledgeStore

CALIBRATION = Calibration(
    "words", (0.0,) * 9, 0.6, 0.3, 0.9, 0.9, 0.6, 0.9, 0.8, (-42.8, 50.0, 0.0, 0.0), (0.0,) * 9, 0.6, 0.9
)
SHORT = "uploads fail with SlowDown since this morning?"
LONG = " ".join(f"chapter{n} tells of buckets{n} and keys{n}" for n in range(30))
AT = datetime(2026, 11, 2, tzinfo=UTC)


def test_a_short_question_asks_for_the_calibrated_fit() -> None:
    assert least_fit(SHORT, CALIBRATION) == CALIBRATION.answer_fit


def test_a_long_question_asks_for_more_up_to_a_bound() -> None:
    middle = least_fit(" ".join(LONG.split()[:35]), CALIBRATION)
    assert CALIBRATION.answer_fit < middle < CALIBRATION.answer_fit + LONG_FIT
    assert least_fit(LONG, CALIBRATION) == least_fit(LONG * 5, CALIBRATION) == CALIBRATION.answer_fit + LONG_FIT


def passage(name: str, fit: float, relevance: float = 0.9) -> Passage:
    entry = KnowledgeEntry(
        id=EntryId(name), kind=QA, audience=SHARED, title=name, question=SHORT, answer=f"{name}: limit it to four.",
        created_at=AT, updated_at=AT,
    )  # fmt: skip
    return Passage(entry, 1, relevance, 0.9, fit, 0.9)


async def current() -> bool:
    return True


@pytest.mark.parametrize(
    ("passages", "question", "result"),
    [
        ([passage("near", 0.31)], SHORT, "near: limit it to four."),
        ([passage("far", 0.29)], SHORT, BELOW_CUTOFF),
        ([passage("far", 0.29), passage("near", 0.31)], SHORT, "near: limit it to four."),
        ([passage("near", 0.31)], LONG, BELOW_CUTOFF),
        ([passage("beside", 0.9, relevance=0.59)], SHORT, BELOW_CUTOFF),
        ([passage("near", 0.9, relevance=0.62)], SHORT, "near: limit it to four."),
        ([passage("near", 0.9, relevance=0.62)], LONG, BELOW_CUTOFF),
        ([passage("near", 0.9, relevance=0.65)], LONG, "near: limit it to four."),
        ([], SHORT, NOTHING_FOUND),
    ],
)
async def test_only_passages_above_both_cutoffs_reach_the_engine(
    passages: list[Passage], question: str, result: str
) -> None:
    engine, clock = FakeEngine(), FakeClock()
    tools = Tools(engine, HashEmbedder(), MemoryKnowledgeStore(64), CALIBRATION, clock)
    situation = Situation(
        SessionId("s"), 1, AT, "storage", "en", False, Viewer(None), (), (), False, False, (), current
    )  # fmt: skip
    asked = Asked(question, "", (MessageId("m"),))
    made, _ = await generate(asked, QuestionId("q"), passages, situation, tools, Steps(clock))
    assert (made.reason if isinstance(made, Abstention) else made.claims[0].text) == result
    assert engine.asked == (["generate"] if isinstance(made, Answer) else [])
