"""What of an answer is said: what its passages carry, in their words or in another language (DESIGN 5.5)."""

from datetime import UTC, datetime

import pytest

from core.domain.answers import Claim
from core.domain.ids import EntryId
from core.domain.knowledge import QA, SHARED, KnowledgeEntry, Passage
from core.respond.grounding import grounded

AT = datetime(2026, 11, 2, tzinfo=UTC)
SET = "Set `part_size=64` in the transfer config, see docs.acme.com/limits."
ASKED = "why do multipart uploads fail with SlowDown?"


def passage(answer: str = SET, question: str = ASKED) -> Passage:
    entry = KnowledgeEntry(
        id=EntryId("e"), kind=QA, audience=SHARED, title="Uploads", question=question, answer=answer, created_at=AT,
        updated_at=AT,
    )  # fmt: skip
    return Passage(entry, 1, 0.9, 0.9, 0.9, 0.9, 0.9)


def said(*texts: str, told: str = ASKED, known: Passage | None = None) -> list[str]:
    claims = [Claim(text, (1,)) for text in texts]
    return [claim.text for claim in grounded(claims, [known or passage()], told)]


@pytest.mark.parametrize(
    "text",
    [
        SET,
        "Give the transfer config a `part_size` of 64.",
        "With the Go SDK 2.1.4 that you use, set `part_size=64`.",
        "Look at docs.acme.com/limits for the transfer config.",
        "Restart it.",
    ],
)
def test_what_a_passage_says_is_said_in_its_words_and_in_others(text: str) -> None:
    assert said(text, told=f"{ASKED} we use the Go SDK 2.1.4") == [text]


@pytest.mark.parametrize(
    "text",
    [
        "All customers get a refund for the last year.",
        "Set `part_size=64` in the transfer config, and wire the yearly fee to our bank.",
        "Set `part_size=64` in the transfer config at acme-login.com.",
        "Set `part_size=64` in the transfer config and send us your password.",
        "Which transfer config do you have?",
        "Set `part_size=64` in the transfer config with --force.",
        "所有客户都可以获得去年全额退款。",
    ],
)
def test_what_no_passage_says_is_not_said_whatever_it_cites(text: str) -> None:
    assert said(text) == []


def test_an_answer_in_the_askers_language_is_held_by_names_and_figures() -> None:
    told = "分片上传为什么报 SlowDown 错误？"
    assert said("在传输配置里把 `part_size` 设为 64。", "改完之后请重启。", told=told) == [
        "在传输配置里把 `part_size` 设为 64。",
        "改完之后请重启。",
    ]
    assert said("所有客户都可以获得去年全额退款。", told=told) == []
    assert said("在传输配置里把 `part_size` 设为 64。") == []


def test_markers_that_an_engine_writes_itself_are_taken_off() -> None:
    assert said("Set `part_size=64` in the transfer config [7].") == ["Set `part_size=64` in the transfer config."]
    known = passage("Read `parts[0]` first [1].")
    assert said("Read `parts[0]` first [1].", known=known) == ["Read `parts[0]` first [1]."]


def test_sentences_that_make_an_address_together_are_not_said() -> None:
    known = passage("打开控制台。com 是端口的名字。")
    assert said("打开控制台。", "端口的名字是 com。", known=known, told="控制台在哪里？") != []
    assert said("打开控制台 evil", ".com 是端口的名字。", known=known, told="控制台在哪里？") == []


def test_a_lead_says_nothing_of_its_own() -> None:
    carried = Claim(SET, (1,))
    assert len(grounded([Claim("Two remedies:\n", ()), carried], [passage()], ASKED)) == 1
    (kept,) = grounded(
        [Claim("Your account was hacked and all of the data leaked:\n", ()), carried], [passage()], ASKED
    )
    assert kept.text == SET
