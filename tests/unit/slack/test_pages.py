"""What the pages behind the buttons show."""

import json
from dataclasses import replace
from typing import Any

from adapters.slack.render.pages import entry_page, whole_answer
from bot.card_examples import NOW, cards, pages
from core.domain.answers import Claim
from core.domain.knowledge import CHUNK, EntryStatus
from tests.unit.slack.block_kit import links, shown, view_faults


def text_of(view: dict[str, object]) -> str:
    return "".join(shown(view["blocks"]))


def test_an_entry_page_shows_what_the_entry_says_and_how_it_stands() -> None:
    shown_page = text_of(entry_page(pages()["entry_page"]))
    for told in (
        "Go SDK, session token dropped",
        "go get example.com/storage@v2.1.4",
        "Holds for: Go SDK below 2.1.4 with STS tokens",
        "Answer from support · learned on 16 Aug 2026 · changed on 15 Oct 2026 · confirmed 4 times, last on 12 Nov 2026",
    ):
        assert told in shown_page


def test_question_and_thread_are_on_the_page_only_where_they_may_be_seen() -> None:
    outside, inside = entry_page(pages()["entry_page"]), entry_page(pages()["entry_page_of_an_analyst"])
    assert "Asked as" not in text_of(outside)
    assert links(outside) == set()
    assert "Why is the signature wrong" in text_of(inside)
    assert links(inside) == {"https://example.slack.com/archives/C0EXAMPLE/p1794661200000100"}


def test_a_documents_page_says_when_it_was_read_and_opens_it() -> None:
    page = replace(
        pages()["entry_page"], kind=CHUNK, url="https://docs.example.com/go", updated_at=NOW, confirmed_at=None
    )
    view = entry_page(page)
    assert "documentation · read on 14 Nov 2026" in text_of(view)
    assert links(view) == {"https://docs.example.com/go"}


def test_an_entry_page_is_chinese_for_chinese_readers() -> None:
    view = entry_page(replace(pages()["entry_page"], language="zh"))
    assert "适用条件" in text_of(view)
    assert "2026年11月12日" in text_of(view)


def test_the_page_of_a_retired_entry_says_so_and_why() -> None:
    page = replace(pages()["entry_page_of_an_analyst"], status=EntryStatus.RETIRED, reason="a customer's fix failed")
    told = "Retired, no longer used for answers: a customer's fix failed"
    assert told in text_of(entry_page(page))
    assert "已停用" in text_of(entry_page(replace(page, language="zh")))
    assert "Retired" not in text_of(entry_page(pages()["entry_page_of_an_analyst"]))


def test_the_whole_answer_is_whole() -> None:
    view = whole_answer(cards()["long"], NOW)
    assert text_of(view).count("Step ") == 12
    assert "…" not in text_of(view)
    assert json.loads(json.dumps(view))["title"]["text"] == "The whole answer"


def test_the_withdrawn_text_is_what_the_card_said() -> None:
    view = whole_answer(cards()["withdrawn"], NOW)
    assert "percent-encoded" in text_of(view)
    assert json.loads(json.dumps(view))["title"]["text"] == "The withdrawn text"


def test_a_page_that_is_too_large_says_that_something_is_missing() -> None:
    card = cards()["posted"]
    (section,) = card.sections
    huge = replace(section.answer, claims=(Claim("重启网关。" * 40_000, (1,)),))
    view = whole_answer(replace(card, sections=(replace(section, answer=huge),)), NOW)
    assert view_faults(view) == []
    assert "The rest is too long to be shown here." in text_of(view)


def test_a_very_long_list_is_told_in_several_and_loses_nothing() -> None:
    steps = "\n".join(f"- step {n}" for n in range(1_000))
    page = entry_page(replace(pages()["entry_page"], answer=steps))
    assert all(f"step {n}" in list(shown(page["blocks"])) for n in range(1_000))
    assert max(len(each["elements"]) for each in lists_in(page)) <= 100


def lists_in(view: dict[str, Any]) -> list[Any]:
    return [e for block in view["blocks"] for e in block["elements"] if e["type"] == "rich_text_list"]


def test_the_answers_to_very_many_questions_stay_within_a_views_blocks() -> None:
    card = cards()["posted"]
    view = whole_answer(replace(card, sections=card.sections * 80), NOW)
    assert view_faults(view) == []
    assert "The rest is too long to be shown here." in text_of(view)
