"""Addresses in a text: whatever a platform would make a link of, in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.links import links_in
from tests.growth import grows_like_its_text

PIECES = [
    "https://",
    "www.",
    "a",
    ".",
    "com",
    "@",
    "/",
    "-",
    " ",
    "<",
    "|",
    ">",
    "例",
    "。",
    ":",
    "?",
    "\u200b",
    "mailto:",
    ")",
]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://docs.acme.com/a.", {"docs.acme.com/a"}),
        ("HTTPS://Docs.Acme.com/A/", {"docs.acme.com/a"}),
        ("<https://docs.acme.com/a|the docs>", {"docs.acme.com/a"}),
        ("[docs](https://docs.acme.com/a), **https://evil.com**", {"docs.acme.com/a", "evil.com"}),
        ("`https://evil.com`", {"evil.com"}),
        ("www.acme.com is https://acme.com/", {"acme.com"}),
        ("acme.com: docs.acme.com/a?b=c#d", {"acme.com", "docs.acme.com/a?b=c#d"}),
        ("evil.com:443, evil.support/login, evil.co.uk!", {"evil.com:443", "evil.support/login", "evil.co.uk"}),
        ("http://10.0.0.1/x and http://[::1]/", {"10.0.0.1/x", "[::1]"}),
        ("xn--80ak6aa92e.com and еxample.com", {"xn--80ak6aa92e.com", "xample.com"}),
        ("kim@acme.com, mailto:ana@acme.com", {"kim@acme.com", "ana@acme.com"}),
        ("<mailto:kim@acme.com|write>", {"kim@acme.com"}),
        ("https://docs.acme.com@evil.com/", {"docs.acme.com@evil.com"}),
        ("s3://bucket/key, slack://open, ftp://x.y/z", {"s3://bucket/key", "slack://open", "ftp://x.y/z"}),
        ("请看 https://acme.com/路径，然后重启。", {"acme.com"}),
        ("https://https://evil.com", {"evil.com"}),
        ("https://evil.com\u2028next", {"evil.com"}),
    ],
)  # fmt: skip
def test_every_form_of_an_address_is_found_in_one_form(text: str, links: set[str]) -> None:
    assert links_in(text) == links


@pytest.mark.parametrize(
    "text",
    ["", "use node.js and config.yaml", "call foo.baz() or os.path", "e.g. v1.2.3, i.e. 1.2.3.4", "run ./install.sh a.b.c",
     "set a.b = c, then wait.", "https://", "a@b", "// a comment", "it costs 4.50", "等一下。然后重启"],
)  # fmt: skip
def test_what_is_no_address_is_left_alone(text: str) -> None:
    assert links_in(text) == frozenset()


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_no_text_whatever_is_an_error_and_one_form_is_final(text: str) -> None:
    for link in links_in(text):
        assert link == link.lower()
        assert not link.endswith("/")
        assert not link.startswith(("http://", "https://", "www."))


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a",
            "a.",
            "a@",
            "a-",
            "aaa://",
            "www.",
            "com.",
            "a.com",
            "a.com/",
            "https://a",
            "mailto:",
            "@.",
            "a.a@",
            ".com",
        ),
        *("/.", "例.", "a" * 22 + "://", "www.mailto:"),
    ],
)
def test_time_grows_like_the_text(piece: str) -> None:
    assert grows_like_its_text(links_in, lambda length: piece * (length // len(piece)))
