"""The gate of redaction: every planted secret masked, technical tokens left alone; and what holds for any text at all."""

import string
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.text.redaction import Redacted, redact, redacted
from tests.fakes.secrets import TOKENS, Specimen, harmless, planted
from tests.growth import grows_like_its_text

SEED = 20260105
MOST_TOUCHED = 0.001
MILLION = 1_000_000

PLANTED = list(planted(SEED, 4))
HARMLESS = list(harmless(SEED, 26))
AWS_ID = "AK" + "IA" + "QWERTYUIOPASDFGH"


def is_masked(specimen: Specimen, result: Redacted) -> bool:
    covered = any(mask.start <= specimen.start and specimen.end <= mask.end for mask in result.masks)
    return covered and specimen.value not in result.text


# --- the gate ---------------------------------------------------------------------------------------------------------


def test_the_corpus_is_as_large_as_the_gate_asks_for() -> None:
    assert len(PLANTED) >= 600
    assert len(HARMLESS) >= 5_000
    assert {specimen.kind for specimen in PLANTED} == {"secret", "email", "card", "phone"}


def test_every_planted_secret_is_masked() -> None:
    missed = [specimen for specimen in PLANTED if not is_masked(specimen, redact(specimen.text))]
    assert missed == []


def test_every_planted_thing_is_named_for_what_it_is() -> None:
    wrong = [one for one in PLANTED if one.kind not in {mask.kind for mask in redact(one.text).masks}]
    assert wrong == []


def test_technical_tokens_survive() -> None:
    touched = [(specimen, redacted(specimen.text)) for specimen in HARMLESS if redact(specimen.text).masks]
    assert len(touched) <= MOST_TOUCHED * len(HARMLESS), touched


def test_redacting_the_corpus_again_changes_nothing() -> None:
    changed = [one for one in PLANTED if redact(redacted(one.text)) != Redacted(redacted(one.text), ())]
    assert changed == []


# --- what a reader sees -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("password: hunter2", "password: <secret>"),
        ('{"password": "hunter2", "user": "bob"}', '{"password": "<secret>", "user": "bob"}'),
        ("f(password=abc1,user=bob)", "f(password=<secret>,user=bob)"),
        ("Server=db;Password=P@ss,w&rd1;Database=x", "Server=db;Password=<secret>;Database=x"),
        ("<password>hunter2</password>", "<password><secret></password>"),
        ("<secret>hunter2</secret>", "<secret><secret></secret>"),
        ("密码：Abc123，请尽快", "密码：<secret>，请尽快"),
        ("my password is hunter2.", "my password is <secret>."),
        ("*Password: hunter2*", "*Password: <secret>*"),
        ("postgres://bob:s3cr/et@db:5432/app", "postgres://bob:<secret>@db:5432/app"),
        ("https://bob:a@b#c@db.example/x", "https://bob:<secret>@db.example/x"),
        ("Authorization: Bearer abc123def456ghi789", "Authorization: Bearer <secret>"),
        (
            "?X-Amz-Expires=60&X-Amz-Signature=00aa11bb22cc33dd44ee&x=1",
            "?X-Amz-Expires=60&X-Amz-Signature=<secret>&x=1",
        ),
        ("Jane <jane@corp.example>, bob", "Jane <email>, bob"),
        ("ids 4111 1111 1111 1111, 1234", "ids <card>, 1234"),
        ("call +1 (415) 555-2671 now", "call <phone> now"),
        ("手机号：13800138000", "手机号：<phone>"),
    ],
)
def test_masks_the_value_and_keeps_what_explains_it(text: str, shown: str) -> None:
    assert redacted(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<mailto:a@b.example|a@b.example> <@U123>", "<email> <@U123>"),
        ("<https://bob:hunter2@x.example/r|repo>", "<https://bob:%3Csecret%3E@x.example/r|repo>"),
        ("<https://x.example/?token=abcd1234efgh|open it>", "<https://x.example/?token=%3Csecret%3E|open it>"),
        (
            "<https://x.example/?token=ab12cd34ef|https://x.example/?token=ab12cd34ef>",
            "<https://x.example/?token=%3Csecret%3E|https://x.example/?token=%3Csecret%3E>",
        ),
        ("<https://x.example|jane@corp.example>", "<https://x.example|%3Cemail%3E>"),
        ("<#C1|general> <!here> <!subteam^S1|@ops>", "<#C1|general> <!here> <!subteam^S1|@ops>"),
        ("```\npassword = 'hunter2'\n```", "```\npassword = '<secret>'\n```"),
    ],
)
def test_slack_markup_and_code_stay_well_formed(text: str, shown: str) -> None:
    assert redacted(text) == shown


@pytest.mark.parametrize(
    "text",
    """
password: please reset it
the token is expired
secret key not found
password=<your password>
password=&lt;your password&gt;
token: null
password: ${PASSWORD} or $PASSWORD or {{ vault.pw }} or %PASSWORD%
token=xxxxxxxx secret: **** key sk-xxxxxxxxxxxxxxxxxxxxxxxx
api_key: YOUR_API_KEY, token: SLACK_BOT_TOKEN
the password field is required; password must be 8 characters
Password: 8-20 characters
password: ORA-01017: invalid username/password
using password: YES
password?: string; token: str | None = None
password = getPassword(); self.token = token; $this->password = $password
token: arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf
private_key: /etc/ssl/private/server.pem
next_page_token: abc123def456, max_tokens: 4096, Unexpected token: abc123
grant_type=password&username=bob
Bearer token missing; Basic authentication; Authorization: required
WWW-Authenticate: Bearer realm="x"
密码错误，请联系管理员重置密码；密码长度至少8位
token 过期了，密钥对不存在
git@github.com:acme/app.git ssh://git@github.com/acme/app scp a.txt bob@host.corp.example:/tmp
ssh admin@bastion.corp.example
lodash@4.17.21 react@18.2.0-rc.beta icon@2x.png user@1000.service actions/checkout@v4
@jane.doe and <@U0123456789>
http://localhost:8080/a@b redis://cache:6379 postgres://user:password@localhost/db
order 4111111111111112, 0.4111111111111111, id-4111111111111111, 4111111111111111-77
-----BEGIN CERTIFICATE-----\\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa
ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7
PWD=/home/bob; PASS: test_login_v2; all tests pass: 123
docker run -p 8080:80 nginx; mysql -u root -p mydb
eyJrZXkiOiJ2YWx1ZSJ9.not-a-token
""".strip().splitlines(),
)
def test_what_only_talks_of_secrets_survives(text: str) -> None:
    assert redacted(text) == text


def test_a_cut_off_private_key_is_masked_and_the_prose_after_it_is_not() -> None:
    block = "-----BEGIN RSA " + "PRIVATE KEY-----\n" + ("Ab1+" * 16 + "\n") * 3 + "Zz9/"
    assert redacted(f"my key:\n{block}\n\nthanks for your help") == "my key:\n<secret>\n\nthanks for your help"


def test_a_secret_access_key_is_known_by_the_id_beside_it() -> None:
    half = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYzzzzzzzzKEY1"[:18]
    assert len(half) == 40
    assert redacted(f"{AWS_ID} {half}") == "<secret> <secret>"
    assert redacted(f"commit {half}") == f"commit {half}"


def test_a_git_sha_beside_an_access_key_id_survives() -> None:
    sha = "3f2504e04f8911d39a0c0305e82c3301aabbccdd"
    assert redacted(f"{AWS_ID} at {sha}") == f"<secret> at {sha}"


def test_overlapping_findings_become_one_mask_of_the_more_dangerous_kind() -> None:
    result = redact('password: "jane@corp.example"')
    assert [(mask.kind, mask.start, mask.end) for mask in result.masks] == [("secret", 11, 28)]


def test_masking_that_lays_bare_another_secret_goes_on_until_nothing_is_left() -> None:
    text = "4111 1111 1111 1111 " * 40
    assert redacted(text) == "<card> " * 40


def test_text_without_secrets_is_given_back_as_it_is() -> None:
    text = "Deploy 1.2.3 fails with ERR-4012 since 2026-01-05T10:00:00Z 🙂"
    assert redact(text) == Redacted(text, ())


# --- what holds for any text ------------------------------------------------------------------------------------------

PIECES = [
    *(
        "password",
        "passwd: ",
        "token=",
        "secret ",
        "密码",
        "是",
        "：",
        "login: ",
        "creds: ",
        "Bearer ",
        "Authorization: ",
    ),
    *(
        "Basic dTpw",
        "hunter2",
        "x1y2z3",
        "admin",
        "jane@corp.com",
        "4111111111111111",
        "4111 1111 1111 1111",
        "+1 415 555 0100",
    ),
    *(
        "<secret>",
        "<email>",
        "%3Csecret%3E",
        "<mailto:",
        "<https://",
        "https://",
        "user:",
        "%40",
        "&lt;",
        "&quot;",
        "</",
    ),
    *(
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "-----END RSA " + "PRIVATE KEY-----",
        AWS_ID,
        "eyJhbGciOiJIUzI1NiJ9",
        ".eyJ",
    ),
    *("--password ", " -p", "mysql ", "curl -u ", "git@", "ssh ", "=>", "\\n", "\n", "\ud800", "é", "İ", "K", "ſ"),
    *string.punctuation,
    *" \taA1",
]
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=200),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(codec=None), max_size=6)), max_size=30).map(
        "".join
    ),
    st.builds(
        lambda seed, before, after: before + Random(seed).choice(list(TOKENS.values()))(Random(seed)) + after,
        st.integers(0, 2**32),
        st.sampled_from(PIECES),
        st.sampled_from(PIECES),
    ),
)


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_redaction_is_idempotent(text: str) -> None:
    once = redacted(text)
    assert redact(once) == Redacted(once, ())


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_offsets_tell_what_was_masked_and_all_else_is_unchanged(text: str) -> None:
    result = redact(text)
    position = shown = 0
    for mask in result.masks:
        assert position <= mask.start < mask.end <= len(text)
        kept = text[position : mask.start]
        assert result.text.startswith(kept, shown)
        shown += len(kept)
        words = [word for word in (f"<{mask.kind}>", f"%3C{mask.kind}%3E") if result.text.startswith(word, shown)]
        assert words
        position, shown = mask.end, shown + len(words[0])
    assert result.text[shown:] == text[position:]


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_a_mask_is_never_much_longer_than_what_it_hides(text: str) -> None:
    result = redact(text)
    assert len(result.text) <= len(text) + len(result.masks) * len("%3Csecret%3E")


def filled(piece: str) -> Callable[[int], str]:
    return lambda length: (piece * (length // len(piece) + 1))[:length]


def after(head: str, piece: str) -> Callable[[int], str]:
    return lambda length: head + filled(piece)(length)


ADVERSARIAL: dict[str, Callable[[int], str]] = {
    "one letter": filled("a"),
    "at signs": filled("a@b."),
    "addresses": filled("ab@cd.example and "),
    "labels": filled("password "),
    "labels in a row": filled("password:"),
    "open quotes": filled('password="'),
    "quotes that never close": filled("password=“"),
    "one endless value": after("password=", ",a"),
    "labelled values": filled("the password is Abc123 since "),
    "chinese labels": filled("密码是多少"),
    "token prefixes": filled("sk-ant-"),
    "jwt starts": filled("eyJ-"),
    "jwt headers": filled("eyJhbGciOiJIUzI1NiJ9."),
    "begins without end": filled("-----BEGIN RSA " + "PRIVATE KEY-----"),
    "begin and blank lines": after("-----BEGIN RSA " + "PRIVATE KEY-----", "\n"),
    "access key ids": filled(AWS_ID + "/"),
    "digits": filled("4"),
    "cards in a row": filled("4111 1111 1111 1111 "),
    "urls": filled("://a:"),
    "open markup": filled("<https://a:b@c|"),
    "cookies": filled("cookie: sid=aaaaaaaaa; "),
    "backslashes": filled("\\"),
    "lone surrogates": filled("\ud800"),
    "masks": filled("<secret>"),
    "brackets": after("password=", "a)"),
}


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_takes_time_linear_in_the_text(name: str) -> None:
    assert grows_like_its_text(redact, ADVERSARIAL[name])


def test_every_value_in_a_million_characters_is_masked() -> None:
    told = "the password is Abc123 since "
    assert len(redact(told * (MILLION // len(told))).masks) == MILLION // len(told)
