"""What belongs to one customer stays with it: judged by code, tried with many dialogues (DESIGN 6, Generalise)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.domain.dialogue import Line
from core.domain.ids import MessageId
from core.domain.knowledge import SHARED, Audience
from core.domain.people import Person, Role, RoleBasis
from core.evaluate.own_rows import own_rows
from core.learn.generalise import Lexicon, audience_of, channel_words, lexicon_of
from core.learn.particulars import particulars
from core.text.everyday import is_everyday
from tests.growth import grows_like_its_text

CUSTOMER = "T0NORTH"
NOBODY = Lexicon(frozenset(), team=frozenset({"acme"}))
PLAIN = "Set the part size to 64 MiB in the transfer config."
AT = datetime(2026, 11, 2, tzinfo=UTC)


def line(role: Role, text: str) -> Line:
    return Line(MessageId(f"{role}:{text}"), role, RoleBasis.HOME, "somebody", text, AT)


def asked(text: str) -> tuple[Line, ...]:
    return (line(Role.REQUESTER, text), line(Role.ANALYST, PLAIN))


def audience(shown: str, brought: str, lexicon: Lexicon = NOBODY) -> Audience:
    return audience_of(shown, asked(brought), CUSTOMER, lexicon).audience


labels = st.from_regex(r"[a-z][a-z0-9]{3,10}", fullmatch=True)
hosts = st.builds(lambda a, b, tld: f"{a}.{b}.{tld}", labels, labels, st.sampled_from(["example", "net", "io", "com"]))
services = st.sampled_from(["login", "console", "mail", "demo", "docs"])
links = st.builds(lambda first, host, path: f"https://{first}.{host}/{path}", services, hosts, labels)
addresses = st.builds(lambda *parts: ".".join(map(str, parts)), *[st.integers(1, 254)] * 4)
ids = st.uuids().map(str)
particular = st.one_of(hosts, links, addresses, ids)

names = st.from_regex(r"[a-z]{5,10}", fullmatch=True).filter(lambda name: not is_everyday(name))
SPELLINGS = (
    "{}", "{}-prod", "{}_prod", "backup-{}", "/mnt/{}/wal", "https://login.{}.com/saml", "db1.{}.net", "user:{}", "{}2",
    "在{}的控制台",
)  # fmt: skip
spelling = st.sampled_from(SPELLINGS)
FRAMES = ("Recreate the policy on {} and retry.", "Use `{}` instead", "请在{}启用签名", "({})")
frame = st.sampled_from(FRAMES)


@given(particular, st.sampled_from(["Use {} as the proxy.", "Restart {} first", "`{}` must be listed"]))
def test_what_only_the_requester_named_keeps_the_lesson_with_the_customer(brought: str, told: str) -> None:
    ruling = audience_of(told.format(brought), asked(f"it fails on {brought} since noon"), CUSTOMER, NOBODY)
    assert ruling.audience == Audience.customer(CUSTOMER)
    assert ruling.because


@given(names, spelling, spelling, frame)
@example("jdoes", "{}", "{}", "Reset the session of {} in the console.")
def test_a_rare_word_that_the_requester_brought_up_keeps_it_in_every_spelling(
    name: str, asked_as: str, told_as: str, told: str
) -> None:
    assert audience(told.format(told_as.format(name)), f"it fails on {asked_as.format(name)} since noon") != SHARED


@given(names, spelling, frame, st.sampled_from([str.lower, str.upper, str.title, lambda w: f"{w.title()}Bank"]))
def test_a_channels_word_is_found_inside_other_words(name: str, told_as: str, told: str, written: object) -> None:
    assert callable(written)
    lexicon = lexicon_of(CUSTOMER, [], [name], "Acme Object Store")
    assert audience(told.format(told_as.format(written(name))), "it fails", lexicon) != SHARED


@given(st.text("王伟李娜张敏赵静刘洋陈杰", min_size=2, max_size=3))
def test_a_members_han_name_is_found_within_a_sentence(name: str) -> None:
    lexicon = lexicon_of(CUSTOMER, [Person("U1", name, CUSTOMER)], [], "")
    assert audience(f"请让{name}在控制台重新授权。", "上传失败", lexicon) != SHARED


@pytest.mark.parametrize(
    ("brought", "told"),
    [
        ("job ETL-NIGHTLY-BERLIN fails with timeout", "ETL-NIGHTLY-BERLIN: Raise the timeout to 60 s."),
        ("our PAYROLL-DB is unreachable", "PAYROLL-DB: Raise the timeout to 60 s."),
        ("our bucket is invoices", "Set a lifecycle rule on bucket invoices."),
        ("saw it first on `nw-archive-raw`", "Delete nw-archive-raw."),
        ("it is console.shop.net", "Set the issuer to https://console.shop.net/x and retry."),
        ("our server is SRV2041", "Restart SRV2041."),
        ("我们是北极星科技的", "请在北极星科技的控制台启用"),
        ("order 20261102 is stuck", "Resend order 20261102."),
        ("it is at invoices.s3.eu.amazonaws.com", "Copy invoices.s3.eu.amazonaws.com first."),
    ],
)
def test_names_made_of_everyday_words_stay_too(brought: str, told: str) -> None:
    assert audience(told, brought) != SHARED


@given(particular)
def test_an_analysts_echo_does_not_make_it_the_teams(brought: str) -> None:
    dialogue = (*asked(f"it fails on {brought}"), line(Role.ANALYST, f"so {brought} is yours?"))
    assert audience_of(f"Use {brought}.", dialogue, CUSTOMER, NOBODY).audience != SHARED


@given(st.one_of(particular, names))
def test_what_an_analyst_named_first_is_the_teams(told: str) -> None:
    dialogue = (line(Role.ANALYST, f"use {told}"), line(Role.REQUESTER, f"ok, {told} works"))
    assert audience_of(f"Use {told}.", dialogue, CUSTOMER, NOBODY).audience == SHARED


@given(particular)
def test_what_is_not_shown_does_not_matter(brought: str) -> None:
    parts = {part for part in brought.lower().replace("/", ".").replace(":", ".").split(".") if part}
    assume(not any(part in PLAIN.lower() for part in parts))
    assert audience(PLAIN, f"it fails on {brought}") == SHARED


@given(
    st.sampled_from(["kim", "northwind", "t0north"]), st.sampled_from(["{} must set it", "Ask {}.", "({})", "{}s key"])
)
def test_a_word_of_the_customers_lexicon_keeps_it(word: str, told: str) -> None:
    lexicon = lexicon_of(CUSTOMER, [Person("U1", "Kim Lee", CUSTOMER)], ["northwind"], "")
    for written in (word, word.title(), word.upper()):
        assert audience(told.format(written), "it fails", lexicon) == Audience.customer(CUSTOMER)


def test_a_members_name_that_is_an_everyday_word_counts_where_it_is_a_name() -> None:
    lexicon = lexicon_of(CUSTOMER, [Person("U1", "Will Grant", CUSTOMER)], [], "")
    assert audience("Ask Will to log in again.", "it fails", lexicon) != SHARED
    assert audience("A retry will help; grant the role first.", "it fails", lexicon) == SHARED


def test_a_link_to_public_documentation_belongs_to_nobody() -> None:
    for link in (
        "https://docs.acme.example/limits",
        "https://www.github.com/acme/sdk",
        "https://stackoverflow.com/q/1",
    ):
        assert audience(f"See {link}.", f"I followed {link}") == SHARED


def test_what_the_scope_names_is_the_teams() -> None:
    told, brought = "Run `quarryctl sync` against quarry.example.", "quarryctl hangs on quarry.example"
    assert audience(told, brought, lexicon_of(CUSTOMER, [], [], "")) != SHARED
    assert audience(told, brought, lexicon_of(CUSTOMER, [], [], "Quarry and quarryctl, see quarry.example")) == SHARED


def test_a_channel_gives_away_its_own_customer_only() -> None:
    channels = ["ext-northwind", "ext-globex"]
    assert channel_words(["ext-northwind"], ["ext-globex"], channels) == {"northwind"}
    assert channel_words(["ext-bmw-support"], ["ext-globex"], ["ext-bmw-support", "ext-globex"]) == {"bmw"}


@pytest.mark.parametrize(
    "text",
    [
        "ORA-01034 and ERR_5001, E1014 mean the token is old",
        "edit config.yaml and run.py, then restart the server",
        "version 3.2.1 has the fix, session.timeout is 30s",
        "hi all, thanks everybody",
        "use boto3 with s3v4 in us-east-1 or eu-2",
        "`InvalidAccessKeyId`, `TLSHostMismatch`, `max_concurrency=4`, `ObjectCreated:CompleteMultipartUpload`",
        "the bucket policy denies it, the bucket is versioned; SSE-KMS and AES-256-GCM",
        "分片上传报错 ChecksumMismatch，Java SDK 4.1.2",
        "--no-follow-symlinks and NoncurrentVersionExpiration with NoncurrentDays=30",
    ],
)
def test_codes_settings_files_and_versions_belong_to_nobody(text: str) -> None:
    assert audience(text, text) == SHARED


@pytest.mark.parametrize("unit", ["1-", "1", "a.", "a:", "1.", "x@", "ab ", "bucket ", "aB", "1a-"])
def test_the_work_grows_like_the_message(unit: str) -> None:
    assert grows_like_its_text(lambda text: particulars(text, frozenset()), lambda n: (unit * n)[:n])


def test_most_lessons_that_name_nobody_are_shared() -> None:
    """Of the own lessons' solutions, whole. It was 80 of 82 while words did not count: an error code kept one."""
    shared = [_of_own(row) for row in own_rows("lessons.jsonl") if row["definite"]]
    assert (sum(shared), len(shared)) == (82, 82)


def _of_own(row: dict[str, object]) -> bool:
    messages = row["messages"]
    assert isinstance(messages, list)
    dialogue = [
        Line(m["id"], Role(m["role"]), RoleBasis.HOME, m["author"], m["text"], AT + timedelta(minutes=n))
        for n, m in enumerate(messages)
    ]
    people = [Person(f"U{m.author}", m.author, CUSTOMER) for m in dialogue if m.role is Role.REQUESTER]
    lexicon = lexicon_of(CUSTOMER, people, ["northwind"], "Acme")
    (solution,) = (m.text for m in dialogue if m.id == row["solution"])
    return audience_of(solution, dialogue, CUSTOMER, lexicon).audience == SHARED
