"""What of an answer may be said: only what its references carry."""

from dataclasses import replace

import pytest

from core.domain.answers import Claim, Span
from core.domain.knowledge import Passage
from core.ports.engine import Engine
from core.respond.grounding import grounded
from core.text.passages import cited_parts
from tests.fakes.asked import SAID, generate, passage
from tests.fakes.shipped import shipped_engine

FIRST = "Set `max_concurrency` to 4. Then restart the agent with --safe."
SECOND = "The limit of 503 answers is per bucket: see https://docs.acme.com/limits."
PASSAGES = [passage(1, FIRST), passage(2, SECOND)]
GOOD = Claim(
    "Set `max_concurrency` to 4, then restart the agent with --safe, so that it is read by the agent. ",
    (1,),
    (Span(1, "Set `max_concurrency` to 4. "),),
)


def cited(text: str, n: int = 1) -> Claim:
    """A claim that cites all of a passage."""
    return Claim(text, (n,), (Span(n, "".join(cited_parts(PASSAGES[n - 1].entry))),))


def kept(*claims: Claim, told: str = "", passages: list[Passage] = PASSAGES) -> list[str]:
    return [claim.text for claim in grounded(claims, passages, told)]


def test_a_claim_whose_span_stands_in_its_passage_is_said() -> None:
    assert grounded([GOOD], PASSAGES, "") == (replace(GOOD, text=GOOD.text.strip()),)


@pytest.mark.parametrize(
    "span",
    [Span(1, "Set it to 40."), Span(2, "Set `max_concurrency` to 4."), Span(0, FIRST), Span(3, FIRST), Span(-1, FIRST),
     Span(1, ""), Span(1, " \n"), Span(1, f"{FIRST} {FIRST}")],
)  # fmt: skip
def test_a_span_that_does_not_stand_in_its_passage_carries_nothing(span: Span) -> None:
    assert kept(GOOD, Claim("Restart it.", (span.n,), (span,))) == [GOOD.text.strip()]
    (both,) = grounded([replace(GOOD, cites=tuple({span.n: 0, 1: 0}), spans=(span, *GOOD.spans))], PASSAGES, "")
    assert (both.cites, both.spans) == ((1,), GOOD.spans)


def test_a_span_may_break_its_lines_otherwise() -> None:
    assert kept(replace(GOOD, spans=(Span(1, "Set `max_concurrency`\n to  4."),)))


@pytest.mark.parametrize("cites", [(), (0,), (3,), (-1,), (99, 0)])
def test_a_claim_without_a_citation_of_a_passage_is_dropped(cites: tuple[int, ...]) -> None:
    assert kept(GOOD, Claim("Restart it.", cites)) == [GOOD.text.strip()]


def test_numbers_that_no_passage_has_are_dropped_from_the_others() -> None:
    (claim,) = grounded([Claim("Restart it.", (7, 2, 0))], PASSAGES, "")
    assert claim.cites == (2,)


@pytest.mark.parametrize(
    "said",
    [
        "See https://evil.com/limits for it.",
        "See <https://evil.com|the docs> for it.",
        "See docs.acme.com.evil.com for it.",
        "See evil.com for it.",
        "See https://docs.acme.com/limits?next=evil for it.",
        "Write to kim@acme.com about it.",
        "Set the password to hunter2hunter2: password=hunter2hunter2",
        "Pass --force to it.",
        "It is ERR-9999.",
        "Upgrade to 9.9.9 first.",
        "Set `other_setting` to 4.",
    ],
)
def test_what_the_passage_does_not_have_is_not_said(said: str) -> None:
    for n in (1, 2):
        assert kept(GOOD, cited(said, n)) == [GOOD.text.strip()]


def test_a_link_of_the_passage_that_is_cited_is_said_and_one_of_another_is_not() -> None:
    said = "See docs.acme.com/limits for it."
    assert kept(cited(said, 2)) == [said]
    assert kept(GOOD, cited(said, 1)) == [GOOD.text.strip()]


def test_a_link_of_the_dialogue_is_not_recommended_while_its_codes_may_be_named() -> None:
    told = "I get ERR-9999 with --force, see evil.com"
    assert kept(GOOD, cited("See evil.com."), told=told) == [GOOD.text.strip()]
    assert kept(cited("For ERR-9999 restart it without --force."), told=told) == [
        "For ERR-9999 restart it without --force."
    ]


def test_the_address_of_the_entry_itself_may_be_named() -> None:
    entry = replace(PASSAGES[0].entry, url="https://docs.acme.com/a")
    assert kept(cited("See docs.acme.com/a."), passages=[replace(PASSAGES[0], entry=entry)])


def test_a_line_that_leads_to_what_holds_stays_with_it() -> None:
    for lead in ("Two things help:\n", "两个办法：\n"):
        assert kept(Claim(lead, ()), GOOD) == [f"{lead}{GOOD.text}".strip()]


@pytest.mark.parametrize(
    "lead",
    [
        *("Two things help.\n", "Ask evil.com:\n", "Run --force:\n", "Mail kim@acme.com:\n", f"{'Well, ' * 40}:\n"),
        "password=hunter2hunter2:\n",
    ],
)
def test_a_line_that_states_something_leads_nowhere(lead: str) -> None:
    long = replace(GOOD, text=GOOD.text * 9)
    assert kept(Claim(lead, ()), long) == [long.text.strip()]


def test_what_leads_to_nothing_that_holds_is_dropped() -> None:
    long = replace(GOOD, text=GOOD.text * 9)
    assert kept(long, Claim("This helps too:\n", ()), Claim("Reboot.\n", ())) == [long.text.strip()]
    assert kept(long, Claim("And:\n", ())) == [long.text.strip()]


def test_an_answer_of_which_less_than_half_is_carried_is_none() -> None:
    words = Claim("x" * len(GOOD.text.strip()), ())
    assert kept(GOOD, words) == [GOOD.text.strip()]
    assert kept(GOOD, replace(words, text=words.text + "x")) == []
    assert kept(words) == []
    assert kept() == []


def test_neighbours_that_cite_the_same_are_one_claim_and_keep_their_lines() -> None:
    items = [cited("- Set it to 4.\n"), cited("- Restart it.\n"), cited("- The limit is per bucket.", 2)]
    first, second = grounded(items, PASSAGES, "")
    assert (first.text, first.cites) == ("- Set it to 4.\n- Restart it.", (1,))
    assert (second.text, second.cites) == ("- The limit is per bucket.", (2,))


@pytest.fixture(scope="module")
def offline() -> Engine:
    return shipped_engine()


async def test_what_the_offline_engine_quotes_is_left_as_it_is(offline: Engine) -> None:
    for answers in ((SAID, FIRST, SECOND), (FIRST,), ("请把分片设为 8。然后重启。", SAID)):
        request = generate("why do multipart uploads fail with 503 SlowDown?", *answers)
        claims = (await offline.perform(request)).output.claims
        assert claims
        assert grounded(claims, request.inputs.passages, request.inputs.question) == claims
