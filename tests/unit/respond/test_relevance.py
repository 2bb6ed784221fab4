"""What rules an entry out, and what makes it relevant (DESIGN 5.4, 5.5)."""

from datetime import UTC, datetime

from core.domain.ids import EntryId
from core.domain.knowledge import QA, SHARED, KnowledgeEntry, Passage
from core.respond.relevance import FEATURES, Field, features, relevance

AT = datetime(2026, 11, 2, tzinfo=UTC)
LOCK = "Deleting fails with AccessDenied. An object lock holds the version: use --bypass-governance-retention."
WEIGHTS = (-3.0, 8.0, *[0.0] * (len(FEATURES) - 2))


def passage(answer: str, cosine: float = 0.9, question: str = "") -> Passage:
    entry = KnowledgeEntry(
        id=EntryId(answer), kind=QA, audience=SHARED, title="t", question=question, answer=answer, created_at=AT,
        updated_at=AT,
    )  # fmt: skip
    return Passage(entry, 1, 0.5, cosine, cosine, 0.5, cosine)


def seen(query: str, one: Passage) -> dict[str, float]:
    return dict(zip(FEATURES, features(query, one, Field.of([one])), strict=True))


def test_relevance_is_a_share_that_grows_with_nearness() -> None:
    scores = [relevance("why?", passage("a", c), Field.of([passage("a", c)]), WEIGHTS) for c in (-1.0, 0.0, 0.5, 1.0)]
    assert scores == sorted(scores)
    assert 0 < scores[0] < 0.5 < scores[-1] < 1


def test_a_code_that_the_entry_does_not_know_is_seen() -> None:
    known = passage(
        "InvalidDigest means that the checksum is of something else.", question="InvalidDigest since the upgrade"
    )
    assert (seen("InvalidDigest?", known)["keys_shared"], seen("InvalidDigest?", known)["keys_missing"]) == (1.0, 0.0)
    assert seen("SlowDown?", known)["keys_missing"] == 1.0


def test_a_word_that_every_passage_has_tells_little() -> None:
    passages = [passage(f"bucket {word}") for word in ("policy", "region", "quota", "owner")]
    field = Field.of(passages)
    assert field.weight("bucket") < field.weight("quota") < field.weight("unheard")
