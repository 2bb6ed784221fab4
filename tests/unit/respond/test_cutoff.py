"""Which passages may be cited."""

from datetime import UTC, datetime

import pytest

from core.domain.answers import Abstention, Answer
from core.domain.calibration import Calibration
from core.domain.ids import EntryId, MessageId, QuestionId, SessionId
from core.domain.knowledge import CHUNK, QA, SHARED, KnowledgeEntry, Passage, Viewer
from core.respond.generate import BELOW_CUTOFF, NOTHING_FOUND, generate
from core.respond.situation import Asked, Situation, Tools
from core.respond.steps import Steps
from tests.fakes.clock import FakeClock
from tests.fakes.embedder import HashEmbedder
from tests.fakes.engine import FakeEngine
from tests.fakes.knowledge_store import MemoryKnowledgeStore

CALIBRATION = Calibration(
    "words", (0.0,) * 9, 0.6, 0.9, 0.9, 0.6, 0.9, 0.8, (-42.8, 50.0, 0.0, 0.0), (0.0,) * 9, 0.6, 0.9
)
ASKED = "uploads fail with SlowDown since this morning?"
LONG = " ".join(f"chapter{n} tells of buckets{n} and keys{n}" for n in range(30))
AT = datetime(2026, 11, 2, tzinfo=UTC)


def passage(name: str, relevance: float, kind: str = QA) -> Passage:
    entry = KnowledgeEntry(
        id=EntryId(name), kind=kind, audience=SHARED, title=name, question=ASKED, answer=f"{name}: limit it to four.",
        created_at=AT, updated_at=AT,
    )  # fmt: skip
    return Passage(entry, 1, relevance, 0.9, 0.9, 0.9, 0.9)


async def current() -> bool:
    return True


@pytest.mark.parametrize(
    ("asked_for", "passages", "result"),
    [
        (ASKED, [passage("beside", 0.59)], BELOW_CUTOFF),
        (ASKED, [passage("near", 0.62)], "near: limit it to four."),
        (ASKED, [passage("near", 0.62), passage("beside", 0.59)], "near: limit it to four."),
        (LONG, [passage("near", 0.38)], "near: limit it to four."),
        (LONG, [passage("beside", 0.37)], BELOW_CUTOFF),
        (LONG, [passage("part", 0.59, CHUNK)], BELOW_CUTOFF),
        (LONG, [passage("part", 0.61, CHUNK)], "part: limit it to four."),
        (ASKED, [], NOTHING_FOUND),
    ],
)
async def test_only_passages_above_the_cutoff_reach_the_engine(
    asked_for: str, passages: list[Passage], result: str
) -> None:
    engine, clock = FakeEngine(), FakeClock()
    tools = Tools(engine, HashEmbedder(), MemoryKnowledgeStore(64), CALIBRATION, clock)
    situation = Situation(
        SessionId("s"), 1, AT, "storage", "en", False, Viewer(None), (), (), False, False, (), current
    )  # fmt: skip
    asked = Asked(asked_for, "", (MessageId("m"),))
    made, _ = await generate(asked, QuestionId("q"), passages, situation, tools, Steps(clock))
    assert (made.reason if isinstance(made, Abstention) else made.claims[0].text) == result
    assert engine.asked == (["generate"] if isinstance(made, Answer) else [])
