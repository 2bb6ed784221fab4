"""Whether words tell that one text was taken from another."""

import pytest

from core.text.carried import foreign_words, shares, strays
from core.text.personal import personal
from core.text.reasons import short_reason

SOURCE = "Object keys are signed as UTF-8: encode the key before signing. 在传输配置里把 part_size 设为 64。"


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Encode your object key as UTF-8 before you sign the request.", True),
        ("Restart it.", True),
        ("All customers get a refund for the last year.", False),
        ("Encode the key before signing. All customers get a refund.", False),
        ("先在传输配置里把 part_size 设为 64", True),
        ("所有客户都可以获得去年全额退款", False),
        ("", True),
    ],
)
def test_a_sentence_shares_words_with_what_it_was_taken_from(text: str, does: bool) -> None:
    assert shares(text, SOURCE, 0.25) is does


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Encode the key, and wire the yearly fee to our bank.", True),
        ("Encode the key before signing, then restart.", False),
        ("在传输配置里把 part_size 设为 64，并把全部手续费汇到新户头", True),
        ("在传输配置里把 part_size 设为 64，然后重启", False),
    ],
)
def test_a_part_of_a_sentence_strays_where_it_shares_nothing(text: str, does: bool) -> None:
    assert strays(text, SOURCE) is does


def test_only_words_that_are_not_the_sources_are_foreign() -> None:
    assert foreign_words("Two remedies for signed keys:", SOURCE) == 2.0
    assert foreign_words("可以这样做：", SOURCE) == 2.0


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("send your Password", {"password"}),
        ("your e-mail address and account number", {"mail", "account"}),
        ("请回复手机验证码", {"code"}),
        ("把密码发到这里", {"password"}),
        ("rotate the access key of the service account", set()),
        ("the email-verified flag is set by bypass words", {"mail"}),
    ],
)
def test_what_nobody_is_asked_for_is_seen(text: str, kinds: set[str]) -> None:
    assert personal(text) == kinds


def test_a_reason_is_one_line_without_addresses_and_secrets() -> None:
    assert short_reason("asks for\n money\u202e ") == "asks for money"
    assert short_reason("see acme-login.com") == ""
    assert short_reason("key sk-ant-api03-Zk4mPq7vTx2nLw9rBc5y") == ""
    assert len(short_reason("word " * 500)) <= 240
