"""What belongs to one customer stays with it: judged by code, tried with many dialogues (DESIGN 6, Generalise)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import MessageId
from core.domain.knowledge import SHARED, Audience
from core.domain.people import Person, Role, RoleBasis
from core.domain.tasks import Line
from core.learn.generalise import Lexicon, audience_of, channel_words, lexicon_of, particulars

CUSTOMER = "T0NORTH"
NOBODY = Lexicon(frozenset())
PLAIN = "Set the part size to 64 MiB in the transfer config."
PUBLIC = {"docs", "help", "demo", "test", "mail", "http", "apis"}
"""First labels of four letters that stand for a public page."""
AT = datetime(2026, 11, 2, tzinfo=UTC)


def line(role: Role, text: str) -> Line:
    return Line(MessageId(f"{role}:{text}"), role, RoleBasis.HOME, "somebody", text, AT)


def asked(text: str) -> tuple[Line, ...]:
    return (line(Role.REQUESTER, text), line(Role.ANALYST, PLAIN))


labels = st.from_regex(r"[a-z][a-z0-9]{3,10}", fullmatch=True)
hosts = st.builds(lambda a, b: f"{a}.{b}.example", labels, labels)
links = st.builds(lambda host, path: f"https://{host}/{path}", hosts.filter(lambda h: h[:4] not in PUBLIC), labels)
addresses = st.builds(lambda *parts: ".".join(map(str, parts)), *[st.integers(1, 254)] * 4)
ids = st.uuids().map(str)
particular = st.one_of(hosts, links, addresses, ids)


@given(particular, st.sampled_from(["Use {} as the proxy.", "Restart {} first", "`{}` must be listed"]))
def test_what_only_the_requester_named_keeps_the_lesson_with_the_customer(brought: str, frame: str) -> None:
    ruling = audience_of(frame.format(brought), asked(f"it fails on {brought} since noon"), CUSTOMER, NOBODY)
    assert ruling.audience == Audience.customer(CUSTOMER)
    assert ruling.because


@given(particular)
def test_an_analysts_echo_does_not_make_it_the_teams(brought: str) -> None:
    dialogue = (*asked(f"it fails on {brought}"), line(Role.ANALYST, f"so {brought} is yours?"))
    assert audience_of(f"Use {brought}.", dialogue, CUSTOMER, NOBODY).audience != SHARED


@given(particular)
def test_what_an_analyst_named_first_is_the_teams(told: str) -> None:
    dialogue = (line(Role.ANALYST, f"use {told}"), line(Role.REQUESTER, f"ok, {told} works"))
    assert audience_of(f"Use {told}.", dialogue, CUSTOMER, NOBODY).audience == SHARED


@given(particular)
def test_what_is_not_shown_does_not_matter(brought: str) -> None:
    assert audience_of(PLAIN, asked(f"it fails on {brought}"), CUSTOMER, NOBODY).audience == SHARED


@given(st.sampled_from(["kim", "northwind", "t0north"]), st.sampled_from(["{} must set it", "Ask {}.", "({})"]))
def test_a_word_of_the_customers_lexicon_keeps_it(word: str, frame: str) -> None:
    lexicon = lexicon_of(CUSTOMER, [Person("U1", "Kim Lee", CUSTOMER)], ["northwind"], [])
    for written in (word, word.title(), word.upper()):
        ruling = audience_of(frame.format(written), asked("it fails"), CUSTOMER, lexicon)
        assert ruling.audience == Audience.customer(CUSTOMER)


def test_the_domains_that_a_customer_writes_of_are_its_own() -> None:
    lexicon = lexicon_of(CUSTOMER, [], [], ["it runs on status.nwind-archive.example since May"])
    assert audience_of("the nwind-archive bucket is full", asked("it fails"), CUSTOMER, lexicon).audience != SHARED


def test_a_link_to_public_documentation_belongs_to_nobody() -> None:
    for link in (
        "https://docs.acme.example/limits",
        "https://www.github.com/acme/sdk",
        "https://stackoverflow.com/q/1",
    ):
        assert audience_of(f"See {link}.", asked(f"I followed {link}"), CUSTOMER, NOBODY).audience == SHARED


def test_a_channel_gives_away_its_own_customer_only() -> None:
    names = ["ext-northwind", "ext-globex"]
    assert channel_words(["ext-northwind"], ["ext-globex"], names) == {"northwind"}


@pytest.mark.parametrize(
    "text",
    [
        "ORA-01034 and ERR_5001 mean the token is old",
        "edit config.yaml and run.py",
        "version 3.2.1 has the fix",
        "hi all, thanks everybody",
        "use boto3 with s3v4",
    ],
)
def test_codes_files_and_versions_belong_to_nobody(text: str) -> None:
    assert particulars(text) == set()
