"""Entries that name the same code under other conditions, or with another cause, come together (DESIGN 5.3)."""

from datetime import UTC, datetime

import pytest

from core.domain.ids import EntryId
from core.domain.knowledge import QA, SHARED, KnowledgeEntry, Passage
from core.respond.rerank import with_siblings

AT = datetime(2026, 11, 2, tzinfo=UTC)
ASKED = "403 LeaseExpired: the lease of this volume has ended"


def passage(question: str, answer: str, conditions: str = "") -> Passage:
    entry = KnowledgeEntry(
        id=EntryId(answer), kind=QA, audience=SHARED, title="t", question=question, answer=answer, conditions=conditions,
        created_at=AT, updated_at=AT,
    )  # fmt: skip
    return Passage(entry, 1, 0.5, 0.5, 0.5, 0.5, 0.5)


CLOCK = passage("LeaseExpired on every node", "The clocks differ: run `timesync --now`.")
AGENT = passage("mounts fail with LeaseExpired", "Agent 4.2.0 renews too late: set `renewEarly=true`.")
SWAP = passage("LeaseExpired after a swap", "Mount it again by `lease renew`.")
FLAG = passage("LeaseExpired in the console", "Hide it by the flag `quiet`.")
OTHER = passage("QuotaExceeded on every node", "Agent 4.2.0 counts twice: set `countOnce=true`.")


@pytest.mark.parametrize(
    ("query", "passages", "scores", "raised"),
    [
        (ASKED, [CLOCK, AGENT], [0.66, 0.52], [0.66, 0.66]),
        (ASKED, [CLOCK, AGENT], [0.66, 0.30], [0.66, 0.30]),
        (ASKED, [CLOCK, AGENT], [0.66, 0.0], [0.66, 0.0]),
        (ASKED, [CLOCK, OTHER], [0.66, 0.52], [0.66, 0.52]),
        (ASKED, [CLOCK, CLOCK], [0.66, 0.52], [0.66, 0.52]),
        ("the lease of this volume has ended", [CLOCK, AGENT], [0.66, 0.52], [0.66, 0.52]),
        (ASKED, [CLOCK, AGENT, SWAP, FLAG], [0.66, 0.52, 0.5, 0.5], [0.66, 0.52, 0.5, 0.5]),
        (ASKED, [], [], []),
    ],
)
def test_a_sibling_is_as_relevant_as_the_best(
    query: str, passages: list[Passage], scores: list[float], raised: list[float]
) -> None:
    assert with_siblings(query, passages, scores) == raised
