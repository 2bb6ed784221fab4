"""A contradicted condition forbids an answer, siblings are shown together (DESIGN 5.3 to 5.5)."""

from datetime import UTC, datetime

import pytest

from adapters.engine.offline.generate import generate
from core.domain.ids import EntryId
from core.domain.knowledge import QA, SHARED, KnowledgeEntry, Passage
from core.domain.tasks import GenerateInput
from core.respond.relevance import FEATURES, Field, relevance
from tests.fakes.embedder import HashEmbedder

AT = datetime(2026, 11, 2, tzinfo=UTC)
WEIGHTS = (3.0, *[0.0] * (len(FEATURES) - 1))


def passage(name: str, answer: str, conditions: str, question: str = "uploads lose the session token") -> Passage:
    entry = KnowledgeEntry(
        id=EntryId(name), kind=QA, audience=SHARED, title=question, question=question, answer=answer,
        conditions=conditions, created_at=AT, updated_at=AT,
    )  # fmt: skip
    return Passage(entry, 1, 0.9, 0.9, 0.9, 0.9, 0.9)


GO = passage("go", "The token is dropped on retry: update the SDK to 2.1.4.", "with the Go SDK below 2.1.4")


@pytest.mark.parametrize(
    ("asked", "cited"),
    [
        ("the Go SDK 2.3.0 loses the session token", False),
        ("the Java SDK loses the session token", False),
        ("the Go SDK 2.0.1 loses the session token", True),
        ("uploads lose the session token", True),
    ],
)
def test_an_answer_whose_condition_is_contradicted_has_no_relevance(asked: str, cited: bool) -> None:
    assert (relevance(asked, GO, Field.of([GO]), WEIGHTS) > 0.0) is cited


async def test_siblings_are_quoted_together_each_with_its_condition() -> None:
    asked = "resume fails after the upgrade with ERR_RESUME"
    old = passage("old", "Delete the state file in the home folder, then run resume again.", "below 4.0.1", asked)
    new = passage("new", "Delete the lock file in the home folder, then run resume again.", "from 4.0.1", asked)
    made = await generate(GenerateInput(asked, (), (old, new)), HashEmbedder())
    assert [claim.text.split(":")[0] for claim in made.claims] == ["below 4.0.1", "from 4.0.1"]


async def test_two_sources_that_say_the_same_are_quoted_once() -> None:
    asked = "resume fails after the upgrade with ERR_RESUME"
    twins = [passage(n, "Delete the state file in the home folder, then run resume again.", "", asked) for n in "ab"]
    assert len((await generate(GenerateInput(asked, (), tuple(twins)), HashEmbedder())).claims) == 1
