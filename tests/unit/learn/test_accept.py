"""Who may see what was accepted, and which entry an answer leans on."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.answers import Answer, Citation, Claim
from core.domain.calibration import Calibration
from core.domain.ids import AnswerId, EntryId, QuestionId, SessionId
from core.domain.knowledge import CHUNK, INTERNAL, QA, SHARED, Audience, EntryStatus, KnowledgeEntry, Viewer
from core.domain.sessions import Question
from core.learn.accept import Cited, kept_entry, leans_on, narrowest, quotes
from tests.fakes.embedder import HashEmbedder
from tests.unit.desk.support import CALIBRATION

NOW = datetime(2026, 11, 2, tzinfo=UTC)
ENTRY = KnowledgeEntry(
    id=EntryId("k"), kind=QA, audience=SHARED, title="t", created_at=NOW, updated_at=NOW, conditions="Go SDK below 2.1.4",
    answer="Set `part_size=64` in the config. Then restart the client.",
)  # fmt: skip
STRICT: Calibration = replace(CALIBRATION, same_answer=0.9)
AUDIENCES = st.sampled_from([SHARED, INTERNAL, *(Audience.customer(name) for name in ("A", "B", "C"))])
VIEWERS = [Viewer.of_customer(name) for name in ("A", "B", "C", None)]


def answer(*claims: str, cites: tuple[int, ...] = (1,)) -> Answer:
    cited = tuple(Citation(n, EntryId(f"k{n}"), 1, "t", "u", QA, NOW) for n in cites)
    return Answer(AnswerId("a"), QuestionId("q"), SessionId("s"), tuple(Claim(c, cites) for c in claims), cited)


@given(st.lists(AUDIENCES, min_size=1, max_size=6))
def test_nobody_sees_what_rests_on_something_they_may_not_see(audiences: list[Audience]) -> None:
    found = narrowest(audiences)
    for viewer in VIEWERS:
        assert not viewer.may_see(found) or all(viewer.may_see(one) for one in audiences)


@given(st.lists(AUDIENCES, min_size=1, max_size=4), AUDIENCES)
def test_a_kept_answer_is_for_nobody_who_may_not_see_all_of_its_sources(
    audiences: list[Audience], ruled: Audience
) -> None:
    entries = [replace(ENTRY, id=EntryId(str(i)), audience=one) for i, one in enumerate(audiences)]
    question = Question(QuestionId("q"), SessionId("s"), (), NOW, "why?")
    cited = [Cited(entry, entry) for entry in entries]
    kept = kept_entry(question, answer("x"), cited, ruled, EntryStatus.ACTIVE, NOW)
    for viewer in VIEWERS:
        assert not viewer.may_see(kept.audience) or all(viewer.may_see(one) for one in (ruled, *audiences))
    assert kept.derived_from == tuple(entry.id for entry in entries)


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        (["Set `part_size=64` in the config. Then restart the client."], True),
        (["Then restart the client."], True),
        (["Then restart the …"], True),
        (["Then reboot the …"], False),
        (["Go SDK below 2.1.4: Set `part_size=64` in the config."], True),
        (["set  `part_size=64` in\nthe config."], True),
        (["Set `part_size=8` in the config."], False),
        (["Then restart the client.", "Wait an hour."], False),
    ],
)
def test_a_quotation_is_told_from_other_words(said: list[str], quoted: bool) -> None:
    assert quotes(answer(*said), [ENTRY]) is quoted


@pytest.mark.parametrize(
    ("said", "leans"),
    [
        ("Then restart the client.", True),
        ("Then restart the client, and set `part_size=64` in the config.", True),
        ("Set `part_size=8` in the config. Then restart the client.", False),
        ("Do not set `part_size=64` in the config. Then restart the client.", False),
        ("Ask your administrator for more quota.", False),
    ],
)
async def test_an_answer_leans_on_the_entry_that_says_the_same(said: str, leans: bool) -> None:
    found = await leans_on(answer(said), [Cited(ENTRY, ENTRY)], HashEmbedder(), STRICT)
    assert found == (ENTRY.id if leans else None)


async def test_it_leans_neither_on_a_document_nor_on_one_of_several() -> None:
    quote = answer("Then restart the client.")
    document = replace(ENTRY, kind=CHUNK)
    assert await leans_on(quote, [Cited(document, document)], HashEmbedder(), STRICT) is None
    assert await leans_on(quote, [Cited(ENTRY, ENTRY)] * 2, HashEmbedder(), STRICT) is None


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({"confirmations": 3}, True), ({"answer": "Other."}, False), ({"conditions": ""}, False),
        ({"status": EntryStatus.RETIRED}, False),
    ],
)  # fmt: skip
def test_what_was_cited_holds_until_it_says_something_else(change: dict[str, object], holds: bool) -> None:
    assert Cited(ENTRY, replace(ENTRY, **change)).holds is holds  # type: ignore[arg-type] # by name
