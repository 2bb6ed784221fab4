"""Quoting without a model: what is quoted, from how many sources, and what never is (DESIGN 5.5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from adapters.engine.offline.generate import MOST_CHARS, generate
from core.domain.answers import Claim
from core.domain.ids import EntryId
from core.domain.knowledge import CHUNK, QA, SHARED, KnowledgeEntry, Passage
from core.domain.tasks import Generated, GenerateInput
from core.knowledge.projection import stored_entries
from core.ports.embedder import EmbedRole
from tests.fakes.embedder import HashEmbedder

AT = datetime(2026, 11, 2, tzinfo=UTC)
ASKED = "why do multipart uploads fail with SlowDown?"
FOUR = "Use four connections at most, the limit is per connection."
PARTS = "Raise `part_size` to 64 MiB in the transfer config."


def passage(answer: str, relevance: float = 0.9, **more: Any) -> Passage:
    """A passage near enough to be quoted."""
    entry = KnowledgeEntry(
        id=EntryId(answer), kind=QA, audience=SHARED, title="t", answer=answer, created_at=AT, updated_at=AT, **more
    )
    return Passage(entry, 1, relevance, 0.8, 0.8, 0.8, 0.8)


async def quoted(*passages: Passage) -> Generated:
    """What is generated from these, best first."""
    return await generate(GenerateInput(ASKED, (), passages), HashEmbedder())


async def test_the_best_source_is_quoted_whole_and_cited() -> None:
    assert await quoted(passage(FOUR)) == Generated((Claim(FOUR, (1,)),))


async def test_a_second_source_of_the_same_problem_that_says_something_else_is_quoted_too() -> None:
    assert (await quoted(passage(FOUR), passage(PARTS, 0.85))).claims == (Claim(FOUR, (1,)), Claim(PARTS, (2,)))


async def test_a_second_source_of_another_problem_is_not() -> None:
    other = passage(PARTS, 0.89, question="how do I make parts of a download larger?")
    found = await quoted(passage(FOUR, question=ASKED), other)
    assert [claim.cites for claim in found.claims] == [(1,)]


class Counting(HashEmbedder):
    """Remembers what had to be embedded."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []

    async def embed(self, texts: Sequence[str], role: EmbedRole) -> NDArray[np.float32]:
        self.embedded += texts
        return await super().embed(texts, role)


async def stored(one: Passage) -> Passage:
    """The passage with the vectors that the store has of it."""
    (row,) = await stored_entries([(one.entry, 1)], HashEmbedder())
    return replace(one, vectors=(row.vector, row.answer_vector))


@pytest.mark.parametrize("asked", [ASKED, "how do I make parts of a download larger?"])
async def test_what_the_store_knows_the_vectors_of_is_judged_alike_and_not_embedded(asked: str) -> None:
    both = passage(FOUR, question=ASKED), passage(PARTS, 0.89, question=asked)
    embedder = Counting()
    known = GenerateInput(ASKED, (), (await stored(both[0]), await stored(both[1])))
    assert await generate(known, embedder) == await quoted(*both)
    assert embedder.embedded == []


async def test_a_part_of_a_document_is_embedded_because_the_store_has_it_with_its_title() -> None:
    parts = [await stored(passage(one, relevance)) for one, relevance in ((FOUR, 0.9), (PARTS, 0.9))]
    embedder = Counting()
    await generate(GenerateInput(ASKED, (), tuple(parts)), embedder)
    assert embedder.embedded == [PARTS, FOUR]


async def test_a_second_source_that_says_the_same_or_is_far_less_relevant_is_not() -> None:
    same = passage("At most use four connections, per connection is the limit.", 0.85)
    assert [claim.cites for claim in (await quoted(passage(FOUR), same)).claims] == [(1,)]
    assert [claim.cites for claim in (await quoted(passage(FOUR), passage(PARTS, 0.5))).claims] == [(1,)]


@pytest.mark.parametrize(
    ("conditions", "language", "said"),
    [
        ("with SDK below 2.1.4", "en", f"with SDK below 2.1.4: {FOUR}"),
        ("SDK 低于 2.1.4", "zh", f"SDK 低于 2.1.4：{FOUR}"),
        ("the limit is per connection", "en", FOUR),
        ("the limit is per\nConnection; behind a proxy", "en", FOUR),
        ("with SDK below 2.1.4; behind a proxy", "en", f"with SDK below 2.1.4; behind a proxy: {FOUR}"),
        ("", "en", FOUR),
    ],
)
async def test_conditions_are_stated_unless_the_answer_says_them(conditions: str, language: str, said: str) -> None:
    (claim,) = (await quoted(passage(FOUR, conditions=conditions, language=language))).claims
    assert claim.text == said


@pytest.mark.parametrize("mask", ["<email>", "<secret>", "<card>"])
async def test_a_sentence_with_a_mask_is_not_quoted(mask: str) -> None:
    (claim,) = (await quoted(passage(f"{FOUR} The key is {mask} as before."))).claims
    assert claim.text == FOUR
    only = await quoted(passage(f"The key is {mask} as before."))
    assert not only.claims
    assert only.abstained


async def test_of_a_long_source_the_sentences_near_the_question_are_quoted_in_their_order() -> None:
    filler = [f"Chapter {n} tells of invoices, addresses and holidays of the year {n}." for n in range(40)]
    near = [
        "Multipart uploads fail with SlowDown above four connections.",
        "So multipart uploads need fewer connections.",
    ]
    (claim,) = (await quoted(passage(" ".join([*filler[:20], near[0], *filler[20:], near[1]])))).claims
    assert len(claim.text) <= 700
    assert 0 <= claim.text.index(near[0]) < claim.text.index(near[1])


LEADS = "Put this into transfer.conf and restart the agent:"
CODE = "```\n" + "\n".join(f"setting_{n} = value_{n}" for n in range(45)) + "\n```"


async def test_what_leads_to_a_block_that_is_too_long_is_quoted_with_its_beginning_and_never_alone() -> None:
    (claim,) = _texts(await quoted(passage(f"{LEADS}\n{CODE}\nGood luck.")))
    assert claim.startswith(f"{LEADS}\n```\nsetting_0 = value_0\n")
    assert claim.endswith(" …\n```")
    assert len(claim) <= MOST_CHARS


async def test_what_leads_to_something_too_long_is_left_out_with_it_where_another_sentence_is_nearer() -> None:
    (claim,) = _texts(await quoted(passage(f"{FOUR} {ASKED}\n{LEADS}\n{CODE}")))
    assert LEADS not in claim
    assert FOUR in claim


async def test_an_entry_that_is_one_long_piece_is_quoted_up_to_a_whole_word() -> None:
    words = " ".join(f"word{n}" for n in range(200))
    (claim,) = _texts(await quoted(passage(words)))
    assert words.startswith(claim.removesuffix(" …") + " ")
    assert MOST_CHARS / 2 < len(claim) <= MOST_CHARS


async def test_what_leads_to_a_secret_is_left_out_with_it() -> None:
    found = await quoted(passage(f"{FOUR}\nLog in as:\n<email>"))
    assert [claim.text for claim in found.claims] == [FOUR]


def _texts(found: Generated) -> list[str]:
    return [claim.text for claim in found.claims]


async def test_of_a_document_code_items_and_rows_of_a_table_stand_on_lines_of_their_own() -> None:
    answer = (
        "Run this:\n\n```sh\nacme sync --all\n```\n\nThen look at the answer.\n\n"
        "| Status | Means |\n|---|---|\n| 403 | the clock |\n\n- wait\n- try again"
    )
    part = passage(answer)
    (claim,) = (await quoted(replace(part, entry=replace(part.entry, kind=CHUNK)))).claims
    assert claim.text == (
        "Run this:\n```sh\nacme sync --all\n```\nThen look at the answer.\n• Status: 403; Means: the clock\n- wait\n- try again"
    )
