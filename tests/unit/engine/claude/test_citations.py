"""A cited answer as claims with their spans."""

import pytest
from anthropic.types import CitationCharLocation, CitationsSearchResultLocation, ContentBlock, TextBlock, ThinkingBlock

from adapters.engine.claude.citations import ABSTAINED, read_cited
from core.domain.answers import ABSTENTION, Claim, Span
from core.domain.tasks import Generated
from core.respond.grounding import grounded
from tests.fakes.asked import passage

LIST = "Two things help:\n- Set `part_size` to 8.\n- Restart the agent.\n"
CODE = "Set the size:\n```yaml\nsize: 8. MB!\n\n  deep: true\n```\n"


def cite(n: int, words: str) -> CitationsSearchResultLocation:
    return CitationsSearchResultLocation(
        type="search_result_location", cited_text=words, source=f"reference {n}", title="", search_result_index=n - 1,
        start_block_index=0, end_block_index=1,
    )  # fmt: skip


def said(*parts: str | tuple[str, *tuple[tuple[int, str], ...]]) -> tuple[Claim, ...]:
    """The claims of an answer: its parts are texts, or texts with what they cite."""
    content: list[ContentBlock] = [ThinkingBlock(type="thinking", thinking=f"{ABSTENTION}?", signature="s")]
    for part in parts:
        text, cites = (part, ()) if isinstance(part, str) else (part[0], part[1:])
        content.append(TextBlock(type="text", text=text, citations=[cite(*one) for one in cites] or None))
    return read_cited(content).claims


def test_what_is_cited_is_a_claim_with_its_spans() -> None:
    assert said(("Set it to 4.", (2, "Use 4."))) == (Claim("Set it to 4.", (2,), (Span(2, "Use 4."),)),)


def test_each_sentence_has_what_is_cited_in_it_and_the_others_nothing() -> None:
    claims = said("I have looked. ", ("Set it to 4. Restart it.", (1, "a")), " Good luck.")
    assert [(claim.text, claim.cites) for claim in claims] == [
        ("I have looked. ", ()), ("Set it to 4. ", (1,)), ("Restart it. ", (1,)), ("Good luck.", ()),
    ]  # fmt: skip


def test_a_sentence_that_is_cited_in_part_is_cited() -> None:
    (claim,) = said("On Linux, ", ("set it to 4", (1, "Use 4")), ", then wait.")
    assert claim == Claim("On Linux, set it to 4, then wait.", (1,), (Span(1, "Use 4"),))


def test_several_citations_stand_in_the_order_of_the_text_and_once() -> None:
    (claim,) = said(("Set it to 4", (3, "c"), (1, "a")), (" and restart it.", (1, "b"), (3, "c")))
    assert (claim.cites, claim.spans) == ((3, 1), (Span(3, "c"), Span(1, "a"), Span(1, "b")))


@pytest.mark.parametrize("mark", [".", "\n", ". ", "!\n\n", "”. "])
def test_the_mark_at_its_end_alone_cites_nothing(mark: str) -> None:
    first, second = said("Send us your key", (f"{mark}\nSet it to 4.", (1, "Use 4.")))
    assert (first.cites, second.cites) == ((), (1,))


KNOWN = "Use 8. The size of a part is part_size: 8 MB, and deep is true. Restart the agent."


@pytest.mark.parametrize("text", [LIST, CODE])
def test_a_list_or_code_block_that_is_cited_stays_whole(text: str) -> None:
    lead, rest = text.split("\n", 1)
    whole = grounded(said(f"{lead}\n", (rest, (1, "Use 8."))), [passage(1, KNOWN)], "")
    assert [claim.text for claim in whole] == [text.strip()]
    assert whole[0].spans == (Span(1, "Use 8."),)


def test_a_list_whose_items_are_cited_apart_loses_none() -> None:
    parts = ("Two things help:\n", ("- Set it to 4.", (1, "Use 4.")), "\n", ("- Restart it.", (2, "Restart.")))
    claims = grounded(said(*parts), [passage(1, "Use 4."), passage(2, "Restart.")], "")
    assert [(claim.text, claim.cites) for claim in claims] == [
        ("Two things help:\n- Set it to 4.", (1,)), ("- Restart it.", (2,)),
    ]  # fmt: skip


def test_chinese_sentences_are_told_apart() -> None:
    claims = said(("请把分片设为 8。", (1, "分片 8")), "祝好！", ("然后重启。", (2, "重启")))
    assert [(claim.text, claim.cites) for claim in claims] == [
        ("请把分片设为 8。", (1,)),
        ("祝好！", ()),
        ("然后重启。", (2,)),
    ]


@pytest.mark.parametrize(
    "text", [ABSTENTION, f"{ABSTENTION}.", f" \n{ABSTENTION}\n", f"Sorry. {ABSTENTION}", f"Set it to 4. [{ABSTENTION}]"]
)
def test_the_abstention_anywhere_means_that_there_is_no_answer(text: str) -> None:
    assert said((text, (1, "a"))) == ()
    assert said(("Set it to 4. ", (1, "a")), text[: len(text) // 2], text[len(text) // 2 :]) == ()


@pytest.mark.parametrize("content", [[], [ThinkingBlock(type="thinking", thinking="hm", signature="s")], ["", " \n"]])
def test_nothing_said_is_an_abstention(content: list[ContentBlock | str]) -> None:
    blocks = [TextBlock(type="text", text=one) if isinstance(one, str) else one for one in content]
    assert read_cited(blocks) == Generated((), ABSTAINED)


def test_citations_of_anything_but_a_reference_count_for_nothing() -> None:
    other = CitationCharLocation(
        type="char_location", cited_text="a", document_index=0, document_title=None, file_id=None, start_char_index=0,
        end_char_index=1,
    )  # fmt: skip
    (claim,) = read_cited([TextBlock(type="text", text="Set it to 4.", citations=[other])]).claims
    assert claim.cites == ()
